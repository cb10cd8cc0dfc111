"""Effects, against plain forms and on real photos; the torch way on the CPU and on CUDA."""

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data
from torch import Tensor

from segui.backend import blurring, effects
from segui.backend.effects import PICTURE_EFFECTS, Effect, apply_effect
from segui.errors import InputError
from segui.finders.regions import segments_from_mask
from segui.geometry import Box
from segui.options.colours import parse_colour

DTYPES = [torch.uint8, torch.float32]
OF_PIXELS = ("blur", "pixelate")  # whose strength is of pixels


def noise(*shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    values = torch.rand(shape, generator=generator)
    return (values * 255).round().to(dtype) if dtype == torch.uint8 else values


def of_kind(values: Tensor, dtype: torch.dtype) -> Tensor:
    return (values * 255).round().to(dtype) if dtype == torch.uint8 else values


def astronaut() -> Tensor:
    return torch.from_numpy(data.astronaut())[None]


def levels_apart(one: Tensor, other: Tensor) -> int:
    return int((one.int() - other.int()).abs().max())


def plain_pixelate(frame: np.ndarray, block_px: int) -> np.ndarray:
    """Each block its opacity-weighted mean, black where nothing is opaque, in float64."""
    result = frame.astype(np.float64)
    for y in range(0, frame.shape[0], block_px):
        for x in range(0, frame.shape[1], block_px):
            block = frame[y : y + block_px, x : x + block_px].astype(np.float64)
            weight = block[..., 3:] if frame.shape[2] == 4 else np.ones_like(block[..., :1])
            total = weight.sum()
            mean = (block[..., :3] * weight).sum(axis=(0, 1)) / total if total else 0
            result[y : y + block_px, x : x + block_px, :3] = mean
    return result


def plain_blur(values: np.ndarray, sigma_px: float) -> np.ndarray:
    """The Gaussian itself, in float64, reflected with the edge repeated."""
    taps = 2 * int(5 * sigma_px) + 1
    return cv2.GaussianBlur(
        values.astype(np.float64), (taps, taps), sigma_px, borderType=cv2.BORDER_REFLECT
    )


@pytest.mark.parametrize("effect", PICTURE_EFFECTS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(1, 1, 1, 3), (2, 7, 5, 4), (1, 40, 61, 3), (1, 1, 90, 4)])
def test_the_result_has_the_kind_of_the_image_and_the_image_stays(
    effect: str, dtype: torch.dtype, shape: tuple[int, ...]
) -> None:
    image = noise(*shape, dtype=dtype)
    before = image.clone()
    result = apply_effect(image, effect)
    assert result.shape == image.shape
    assert result.dtype == dtype
    assert result.is_contiguous()
    assert torch.isfinite(result.float()).all()
    assert torch.equal(image, before)
    assert result.data_ptr() != image.data_ptr()
    assert torch.equal(result[..., 3:], before[..., 3:])


@pytest.mark.parametrize("effect", PICTURE_EFFECTS)
def test_frames_do_not_see_each_other(effect: str) -> None:
    image = noise(3, 20, 30, 4)
    alone = torch.cat([apply_effect(image[index : index + 1], effect) for index in range(3)])
    assert torch.equal(apply_effect(image, effect), alone)


@pytest.mark.parametrize("effect", PICTURE_EFFECTS)
def test_a_tensor_that_is_not_contiguous_gives_the_same(effect: str) -> None:
    image = noise(1, 30, 20, 3)
    turned = image.permute(0, 2, 1, 3)
    assert torch.equal(apply_effect(turned, effect), apply_effect(turned.contiguous(), effect))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("block_px", [1, 2, 7, 100])
def test_pixelate_gives_each_block_its_mean_from_the_upper_left(
    dtype: torch.dtype, channels: int, block_px: int
) -> None:
    image = noise(1, 23, 38, channels, dtype=dtype)
    if channels == 4:
        image[:, :9, :9, 3] = 0
    expected = plain_pixelate(image[0].numpy(), block_px)
    result = apply_effect(image, "pixelate", strength=block_px)[0].numpy().astype(np.float64)
    allowed = 0.5 + 1e-3 if dtype == torch.uint8 else 1e-5
    assert np.abs(result - expected).max() <= allowed


def test_pixelate_of_a_drawn_picture_is_exact_where_the_border_cuts_blocks() -> None:
    row = torch.tensor([0, 10, 20, 40, 7], dtype=torch.uint8)
    image = row.repeat(3, 1)[None, ..., None].repeat(1, 1, 1, 3)
    image[:, 2] = 200
    expected = [[5, 5, 30, 30, 7], [5, 5, 30, 30, 7], [200] * 5]
    assert apply_effect(image, "pixelate", strength=2)[0, ..., 1].tolist() == expected


def test_pixelate_takes_a_48th_of_the_longer_side_and_at_least_2() -> None:
    image = noise(1, 40, 480, 3)
    assert torch.equal(
        apply_effect(image, "pixelate"), apply_effect(image, "pixelate", strength=10)
    )
    small = noise(1, 9, 9, 3)
    assert torch.equal(apply_effect(small, "pixelate"), apply_effect(small, "pixelate", strength=2))


@pytest.mark.long
@pytest.mark.parametrize("sigma_px", [0.5, 2, 5.9, 6, 12, 24, 60])
@pytest.mark.parametrize("dtype", DTYPES)
def test_blur_is_a_gaussian_within_1_percent(sigma_px: float, dtype: torch.dtype) -> None:
    image = astronaut()[:, :480, :480].float() / 255
    expected = plain_blur(image[0].numpy(), sigma_px)
    result = apply_effect(of_kind(image, dtype), "blur", strength=sigma_px)[0].numpy()
    scaled = result / 255 if dtype == torch.uint8 else result
    assert np.abs(scaled - expected).max() < 0.01


@pytest.mark.long
@pytest.mark.parametrize("sigma_px", [9.0, 20.0, 50.0])
def test_blur_of_sizes_that_no_block_divides_is_the_gaussian_but_at_the_border(
    sigma_px: float,
) -> None:
    image = astronaut()[:, :499, :509].float() / 255
    off = np.abs(
        apply_effect(image, "blur", strength=sigma_px)[0].numpy()
        - plain_blur(image[0].numpy(), sigma_px)
    )
    reach = int(3 * sigma_px)
    assert off[:-reach, :-reach].max() < 0.01
    assert off.max() < 0.03


def test_blur_keeps_a_flat_colour_flat_up_to_the_border() -> None:
    image = torch.full((1, 101, 67, 3), 130, dtype=torch.uint8)
    for sigma_px in (1, 5, 10, 33, 1000):
        assert torch.equal(apply_effect(image, "blur", strength=sigma_px), image)


def test_blur_in_bands_is_the_blur_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    image = noise(1, 203, 71, 4)
    at_once = apply_effect(image, "blur", strength=12)
    monkeypatch.setattr(blurring, "BAND_PX", 1)
    assert (apply_effect(image, "blur", strength=12) - at_once).abs().max() < 1e-6


def test_blur_takes_1_5_percent_of_the_longer_side_and_at_least_2() -> None:
    image = noise(1, 50, 400, 3)
    assert torch.equal(apply_effect(image, "blur"), apply_effect(image, "blur", strength=6))
    small = noise(1, 50, 40, 3)
    assert torch.equal(apply_effect(small, "blur"), apply_effect(small, "blur", strength=2))


@pytest.mark.parametrize("effect", ["blur", "pixelate"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_what_transparent_pixels_hide_does_not_bleed(effect: str, dtype: torch.dtype) -> None:
    image = torch.zeros(1, 60, 60, 4)
    image[:, :, :27] = torch.tensor([0.2, 0.4, 0.6, 1.0])
    image[:, :, 27:] = torch.tensor([1.0, 0.0, 0.0, 0.0])
    result = apply_effect(of_kind(image, dtype), effect, strength=10)
    expected = of_kind(torch.tensor([0.2, 0.4, 0.6]), dtype)
    assert (result[0, :, :29, :3].float() - expected).abs().max() <= 1e-5
    assert result[0, :, -1, :3].max() == 0


def test_blur_of_half_transparent_colours_is_the_weighted_gaussian() -> None:
    image = noise(1, 60, 60, 4)
    alpha = image[0, ..., 3:].numpy()
    weighted = plain_blur(image[0, ..., :3].numpy() * alpha, 3)
    expected = weighted / plain_blur(alpha, 3)[..., None]
    result = apply_effect(image, "blur", strength=3)[0, ..., :3].numpy()
    assert np.abs(result - expected).max() < 5e-3


def test_grey_is_what_pillow_calls_grey() -> None:
    image = astronaut()
    expected = torch.from_numpy(np.array(Image.fromarray(image[0].numpy()).convert("L")))
    result = apply_effect(image, "grey")
    for channel in range(3):
        assert levels_apart(result[0, ..., channel], expected) <= 1


def test_grey_leaves_what_is_grey() -> None:
    image = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16, 1).repeat(1, 1, 1, 3)
    assert torch.equal(apply_effect(image, "grey"), image)


def test_grey_of_float32_is_rec_601_and_not_clamped() -> None:
    image = torch.tensor([[[[1.5, 0.0, 0.0, 0.3], [0.0, 1.0, 0.0, 0.3], [0.0, 0.0, -1.0, 0.3]]]])
    expected = [0.299 * 1.5, 0.587, -0.114]
    assert apply_effect(image, "grey")[0, 0, :, 0].tolist() == pytest.approx(expected, abs=1e-6)


def test_invert_twice_is_the_image() -> None:
    image = astronaut()
    assert torch.equal(apply_effect(image, "invert"), 255 - image)
    assert torch.equal(apply_effect(apply_effect(image, "invert"), "invert"), image)


def test_invert_of_float32_is_1_minus_x_and_not_clamped() -> None:
    image = torch.tensor([[[[0.25, 1.5, -0.5, 0.125]]]])
    assert apply_effect(image, "invert").flatten().tolist() == [0.75, -0.5, 1.5, 0.125]


def test_colour_fills_and_keeps_alpha() -> None:
    image = noise(1, 2, 2, 4, dtype=torch.uint8)
    result = apply_effect(image, "colour", colour="#0a141e")
    assert result[..., :3].reshape(-1, 3).tolist() == [[10, 20, 30]] * 4
    assert torch.equal(result[..., 3], image[..., 3])
    floats = apply_effect(image.float(), "colour", colour="#0a141e")
    assert floats[0, 0, 0, :3].tolist() == pytest.approx([10 / 255, 20 / 255, 30 / 255])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#000000", (0, 0, 0)),
        ("#FFa500", (255, 165, 0)),
        ("#f80", (255, 136, 0)),
        (" #102030 ", (16, 32, 48)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
        ("rgba(12, 34, 56, 1)", (12, 34, 56)),
        ("rgba(12.6,34.2,1.4210854715202004e-14,1.0)", (12.6, 34.2, 0)),
    ],
)
def test_a_colour_is_read(text: str, expected: tuple[float, ...]) -> None:
    assert [255 * value for value in parse_colour(text)] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        *("", "red", "#12", "#12345", "#gggggg", "#000000 #000000", None, 0),
        *("rgb(1, 2)", "rgb(300, 0, 0)", "rgb(-1, 0, 0)", "rgba(1, 2, 3, 0.5)", "rgba(1, 2, 3, 0)"),
    ],
)
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(InputError) as raised:
        apply_effect(noise(1, 2, 2, 3), "colour", colour=text)
    assert str(raised.value) == (
        f"the colour is {text!r}: expected '#rrggbb', '#rgb' or 'rgba(r, g, b, 1)', "
        "with r, g, b from 0 to 255"
    )


def test_an_unknown_effect_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        apply_effect(noise(1, 2, 2, 3), "color")
    assert str(raised.value) == (
        "the effect is 'color': expected one of blur, pixelate, grey, invert, colour, "
        "brightness, contrast, saturation, hue, temperature, sepia, sharpen, mosaic"
    )


@pytest.mark.parametrize("strength", [0, -1, float("nan"), float("inf"), 10_001, True, "5"])
def test_a_blur_without_a_width_is_refused(strength: float) -> None:
    with pytest.raises(InputError) as raised:
        apply_effect(noise(1, 2, 2, 3), "blur", strength=strength)
    assert str(raised.value) == (
        f"the strength of blur is {strength!r}: expected a number of px above 0, at most 10000"
    )


@pytest.mark.parametrize("strength", [0, 0.5, 2.5, float("nan"), float("inf"), 10_001, True, "5"])
def test_a_block_that_is_no_whole_number_of_pixels_is_refused(strength: float) -> None:
    with pytest.raises(InputError) as raised:
        apply_effect(noise(1, 2, 2, 3), "pixelate", strength=strength)
    assert str(raised.value) == (
        f"the strength of pixelate is {strength!r}: expected a whole number of px from 1 to 10000"
    )


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (torch.zeros(4, 4, 3), "the image is (4, 4, 3): expected (B, H, W, 3 or 4)"),
        (torch.zeros(1, 4, 4, 1), "the image is (1, 4, 4, 1): expected (B, H, W, 3 or 4)"),
        (torch.zeros(1, 0, 4, 3), "the image is (1, 0, 4, 3): expected (B, H, W, 3 or 4)"),
        (
            torch.zeros(1, 4, 4, 3, dtype=torch.float64),
            "the image is torch.float64: expected a uint8 or float32 tensor",
        ),
        (np.zeros((1, 4, 4, 3)), "the image is ndarray: expected a uint8 or float32 tensor"),
    ],
)
def test_what_is_no_image_is_refused(image: Tensor, message: str) -> None:
    with pytest.raises(InputError) as raised:
        apply_effect(image, "grey")
    assert str(raised.value) == message


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(2, 61, 83, 3), (2, 61, 83, 4), (1, 1, 5, 4)])
def test_torch_gives_what_opencv_gives(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    image = noise(*shape, dtype=dtype)
    if shape[3] == 4:
        image[:, :, :40, 3] = 0
    allowed = 1 if dtype == torch.uint8 else 1e-4
    for name in PICTURE_EFFECTS:
        for strength in (1, 2, 7, 30, 300) if name in OF_PIXELS else (None,):
            asked = Effect.on(image, name, strength, "#123456")
            for box in (Box.of_size((image.shape[1], image.shape[2])), Box(1, 0, 5, 1)):
                result = effects._MAKERS[name].by_torch(image, box, asked.asked)
                apart = (result.float() - asked.colours(image, box).float()).abs().max()
                assert apart <= allowed, (name, strength, box)


@pytest.mark.long
@pytest.mark.parametrize("effect", PICTURE_EFFECTS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size_hw", [(61, 83), (60, 90)])
def test_a_part_is_what_the_whole_has_there(
    effect: str, dtype: torch.dtype, channels: int, size_hw: tuple[int, int]
) -> None:
    image = noise(2, *size_hw, channels, dtype=dtype)
    if channels == 4:
        image[:, :, :30, 3] = 0
    allowed = 1 if dtype == torch.uint8 else 1e-6
    generator = np.random.default_rng(3)
    for strength in (1, 2.0, 7, 9, 30, 300) if effect in OF_PIXELS else (None,):
        whole = apply_effect(image, effect, strength=strength, colour="#123456")
        asked = Effect.on(image, effect, strength, "#123456")
        for _ in range(8):
            x, y = (np.sort(generator.choice(size + 1, 2, replace=False)) for size in size_hw[::-1])
            box = Box(int(x[0]), int(y[0]), int(x[1]), int(y[1]))
            part = asked.colours(image, box).float()
            there = whole[(slice(None), *box.slices)][..., :3].float()
            assert (part - there).abs().max() <= allowed, (strength, box)


@pytest.mark.parametrize("effect", PICTURE_EFFECTS)
def test_a_small_part_looks_no_further_than_the_effect_reaches(effect: str) -> None:
    image = noise(1, 400, 400, 3, dtype=torch.uint8)
    for strength in (3, 8) if effect in OF_PIXELS else (None,):
        asked, box = Effect.on(image, effect, strength, "#123456"), Box(190, 200, 210, 215)
        seen = box.widen(asked.reach_px)
        assert seen.width < 100
        other = 255 - image
        other[(slice(None), *seen.slices)] = image[(slice(None), *seen.slices)]
        assert torch.equal(asked.colours(image, box), asked.colours(other, box))


@pytest.mark.parametrize("effect", PICTURE_EFFECTS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("channels", [3, 4])
def test_with_segments_it_is_made_where_they_are_marked_and_nowhere_else(
    effect: str, dtype: torch.dtype, channels: int
) -> None:
    image = noise(2, 60, 80, channels, dtype=dtype)
    mask = torch.zeros(60, 80)
    mask[5:20, 5:30], mask[40:60, 60:80], mask[12, 70] = 1, 0.3, 1
    segments = segments_from_mask(mask, drop_size=1)
    whole = apply_effect(image, effect, colour="#123456").float()
    there = apply_effect(image, effect, colour="#123456", segments=segments)
    is_marked = torch.zeros(60, 80, dtype=torch.bool)
    for item in segments.items:
        is_marked[item.content.slices] |= torch.from_numpy(item.read_mask(item.content)) > 0
    allowed = 1 if dtype == torch.uint8 else 1e-6
    assert is_marked.sum() > 600
    assert torch.equal(there[:, ~is_marked], image[:, ~is_marked])
    assert (there.float() - whole)[:, is_marked].abs().max() <= allowed


def test_segments_that_are_none_are_refused() -> None:
    with pytest.raises(InputError) as raised:
        apply_effect(noise(1, 2, 2, 3), "grey", segments=[])  # type: ignore[arg-type]
    assert str(raised.value) == "segments is a list: expected Segments"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("effect", PICTURE_EFFECTS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_cuda_gives_what_the_cpu_gives(effect: str, dtype: torch.dtype) -> None:
    image = noise(2, 301, 403, 4, dtype=dtype)
    result = apply_effect(image.cuda(), effect, colour="#123456")
    assert result.device.type == "cuda"
    expected = apply_effect(image, effect, colour="#123456").float()
    allowed = 1 if dtype == torch.uint8 else 1e-4
    assert (result.cpu().float() - expected).abs().max() <= allowed
