"""The mask of what an edited version changed: drawn cases, a plain oracle, real photos."""

import io

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data
from torch import Tensor

from segui.errors import InputError
from segui.finders import difference
from segui.finders.difference import difference_mask

PHOTOS = ["astronaut", "coffee", "chelsea", "rocket"]
PLAIN = {"close": 0, "grow": 0, "speck": 0}


def photo(name: str) -> np.ndarray:
    return np.ascontiguousarray(getattr(data, name)()[..., :3])


def large_photo(name: str, longer_px: int) -> np.ndarray:
    """Enlarged, with a sensor's noise, without which JPEG has too easy a time."""
    small = photo(name)
    scale = longer_px / max(small.shape)
    large = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(0).integers(0, 11, large.shape, dtype=np.uint8)
    return cv2.subtract(cv2.add(large, grain), np.full_like(large, 5))


def jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    with Image.open(stream) as image:
        return np.array(image)


def ellipses(size_hw: tuple[int, int], *shares: tuple[float, float, float, float]) -> np.ndarray:
    """True inside slanted ellipses: centre x, y and radii as shares of width and height."""
    height, width = size_hw
    mask = np.zeros(size_hw, np.uint8)
    for x, y, radius_x, radius_y in shares:
        centre, radii = (x * width, y * height), (radius_x * width, radius_y * height)
        cv2.ellipse(mask, (*map(int, centre),), (*map(int, radii),), 20, 0, 360, 1, -1)
    return mask > 0


def edited(pixels: np.ndarray, where: np.ndarray, kind: str) -> np.ndarray:
    made = {
        "red": np.broadcast_to(np.uint8([200, 40, 60]), pixels.shape),
        "brighter": np.where(pixels < 128, pixels + 25, pixels - 25),
        "turned": pixels[::-1, ::-1],
    }[kind]
    return np.where(where[..., None], made, pixels).astype(np.uint8)


def mask_of(one: np.ndarray, other: np.ndarray, **options: float) -> np.ndarray:
    mask = difference_mask(torch.from_numpy(one)[None], torch.from_numpy(other)[None], **options)
    return mask.numpy() > 0


def overlap(found: np.ndarray, true: np.ndarray) -> float:
    """Intersection over union."""
    return np.count_nonzero(found & true) / np.count_nonzero(found | true)


def regions(mask: np.ndarray) -> int:
    return cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1


def drawn(text: str) -> tuple[np.ndarray, np.ndarray]:
    """A grey picture, and one that is 100 levels brighter where the text has an x."""
    rows = text.split()
    marked = np.array([[cell == "x" for cell in row] for row in rows])
    base = np.full((*marked.shape, 3), 90, np.uint8)
    return base, base + np.uint8(100) * marked[..., None].astype(np.uint8)


def as_text(mask: np.ndarray) -> str:
    return " ".join("".join("x" if cell else "." for cell in row) for row in mask)


# --- what is asked of it, on small pictures ---------------------------------------------------


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
@pytest.mark.parametrize("other_dtype", [torch.uint8, torch.float32])
@pytest.mark.parametrize("channels", [(3, 3), (4, 4), (3, 4), (4, 3)])
@pytest.mark.parametrize("size_hw", [(1, 1), (1, 9), (33, 20)])
def test_the_mask_is_float32_of_0_and_1_and_the_arguments_stay(
    dtype: torch.dtype,
    other_dtype: torch.dtype,
    channels: tuple[int, int],
    size_hw: tuple[int, int],
) -> None:
    image = torch.ones(1, *size_hw, channels[0], dtype=dtype)
    reference = torch.ones(2, *size_hw, channels[1], dtype=other_dtype)
    image *= 255 if dtype == torch.uint8 else 1
    reference *= 255 if other_dtype == torch.uint8 else 1
    reference[1, :, : size_hw[1] // 2 + 1, :3] = 0
    before = image.clone(), reference.clone()
    mask = difference_mask(image, reference, **PLAIN)
    assert mask.dtype == torch.float32
    assert mask.device.type == "cpu"
    expected = torch.zeros(size_hw)
    expected[:, : size_hw[1] // 2 + 1] = 1
    assert torch.equal(mask, expected)
    assert torch.equal(image, before[0])
    assert torch.equal(reference, before[1])


@pytest.mark.parametrize("threshold", [0, 1 / 255, 8 / 255, 0.25, 1])
@pytest.mark.parametrize("as_float", [False, True])
def test_without_tidying_the_mask_is_where_the_difference_passes_the_threshold(
    threshold: float, as_float: bool
) -> None:
    generator = np.random.default_rng(0)
    one = generator.integers(0, 256, (60, 50, 3), dtype=np.uint8)
    # loud differences here and there, none elsewhere: a pair without coding noise
    changes = generator.integers(-128, 129, one.shape) * (generator.random((60, 50, 1)) < 0.05)
    changes += 30 * ellipses((60, 50), (0.5, 0.5, 0.3, 0.2))[..., None]
    other = np.clip(one + changes, 0, 255).astype(np.uint8)
    expected = np.abs(one.astype(int) - other).max(axis=2) > round(threshold * 255, 6)
    pair = (one, other)
    if as_float:
        pair = tuple((each / 255).astype(np.float32) for each in pair)
    np.testing.assert_array_equal(mask_of(*pair, threshold=threshold, **PLAIN), expected)


def test_gaps_close_up_to_their_width_and_no_wider() -> None:
    pair = drawn("xxx..xxx...xx....xxx " * 4)
    for close, row in (
        (1, "xxx..xxx...xx....xxx"),
        (2, "xxxxxxxx...xx....xxx"),
        (4, "xxxxxxxxxxxxxxxxxxxx"),
    ):
        assert as_text(mask_of(*pair, **PLAIN | {"close": close})) == " ".join([row] * 4)


def test_specks_are_dropped_by_their_changed_pixels() -> None:
    pair = drawn("......... .xx...xx. .xx...x.. ......... .........")
    assert mask_of(*pair, **PLAIN | {"speck": 4}).sum() == 4
    assert mask_of(*pair, **PLAIN | {"speck": 3}).sum() == 7
    assert mask_of(*pair, **PLAIN | {"speck": 5}).sum() == 0


def test_pieces_that_closing_joins_are_judged_together() -> None:
    pair = drawn("......... ..xx.xx.. ..xx.xx.. ..xx.xx.. .........")
    assert mask_of(*pair, **PLAIN | {"speck": 12}).sum() == 0
    joined = mask_of(*pair, **PLAIN | {"speck": 12, "close": 2})
    assert as_text(joined) == "......... ..xx.xx.. ..xxxxx.. ..xx.xx.. ........."
    assert mask_of(*pair, **PLAIN | {"speck": 13, "close": 2}).sum() == 0  # the gap does not count


@pytest.mark.parametrize("grow", [0, 1, 2, 3])
def test_regions_grow_round(grow: int) -> None:
    marked = np.zeros((30, 40), bool)
    marked[12:16, 8:30] = True
    marked[0, 39] = True
    base = np.zeros((30, 40, 3), np.uint8)
    other = np.where(marked[..., None], 200, base).astype(np.uint8)
    rows, columns = np.nonzero(marked)
    y, x = np.mgrid[:30, :40][..., None]
    nearest = ((y - rows) ** 2 + (x - columns) ** 2).min(axis=2)
    np.testing.assert_array_equal(
        mask_of(base, other, **PLAIN | {"grow": grow}), nearest <= grow**2
    )


def test_regions_grow_far() -> None:
    base = np.zeros((200, 300, 3), np.uint8)
    other = base.copy()
    other[90:110, 140:160] = 200
    found = mask_of(base, other, **PLAIN | {"grow": 40})
    assert np.flatnonzero(found[100]).tolist() == list(range(100, 200))
    assert np.flatnonzero(found[:, 150]).tolist() == list(range(50, 150))
    assert not found[55, 105]  # round, not square


def test_the_defaults_follow_the_longer_side() -> None:
    base = np.zeros((300, 1000, 3), np.uint8)
    other = base.copy()
    other[100:150, 200:300] = 200
    other[100:150, 310:400] = 200
    other[20:29, 20:31] = 200  # 99 px
    other[20:30, 60:70] = 200  # 100 px
    expected = mask_of(base, other, close=10, grow=2, speck=100)
    assert regions(expected) == 2
    np.testing.assert_array_equal(mask_of(base, other), expected)


def test_the_mask_of_several_frames_is_their_union() -> None:
    image = torch.zeros(2, 20, 20, 3)
    reference = image.clone()
    reference[0, 2:5, 2:5] = 1
    reference[1, 10:15, 10:15] = 1
    expected = (reference.amax(dim=(0, 3)) > 0).float()
    assert torch.equal(difference_mask(image, reference, **PLAIN), expected)
    assert torch.equal(difference_mask(image[:1], reference, **PLAIN), expected)
    assert torch.equal(difference_mask(reference, image[:1], **PLAIN), expected)


def test_a_change_of_alpha_alone_counts() -> None:
    image = torch.full((1, 20, 20, 4), 255, dtype=torch.uint8)
    reference = image.clone()
    reference[:, 5:10, 5:10, 3] = 200
    mask = difference_mask(image, reference, **PLAIN)
    assert mask.sum() == 25
    assert torch.equal(difference_mask(image[..., :3], reference, **PLAIN), mask)


def test_what_is_transparent_in_both_does_not_count() -> None:
    image = torch.zeros(1, 20, 20, 4, dtype=torch.uint8)
    image[:, :, 10:, 3] = 255
    reference = image.clone()
    reference[:, 5:10, :, 0] = 200
    mask = difference_mask(image, reference, **PLAIN)
    assert mask.sum() == 50
    assert mask[5:10, 10:].all()


def test_tensors_that_are_not_contiguous_give_the_same() -> None:
    one, other = drawn("..x... ..xx.. ..xxx. ......")
    turned = [torch.from_numpy(each)[None].permute(0, 2, 1, 3) for each in (one, other)]
    mask = difference_mask(*turned, **PLAIN)
    assert torch.equal(mask, difference_mask(*(each.contiguous() for each in turned), **PLAIN))
    assert mask.sum() == 6


def test_bands_of_rows_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    one = photo("coffee")
    other = jpeg(edited(one, ellipses(one.shape[:2], (0.5, 0.5, 0.2, 0.3)), "red"), 85)
    at_once = mask_of(one, other)
    monkeypatch.setattr(difference, "BAND_PX", 1)
    np.testing.assert_array_equal(mask_of(one, other), at_once)


# --- real photos ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_does_not_differ_from_itself(name: str) -> None:
    assert not mask_of(photo(name), photo(name)).any()


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("shift", [-2, 1, 2])
def test_a_slight_shift_of_brightness_does_not_count(name: str, shift: int) -> None:
    pixels = photo(name)
    assert not mask_of(pixels, np.clip(pixels.astype(int) + shift, 0, 255).astype(np.uint8)).any()


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("quality", [85, 90, 95])
def test_jpeg_noise_alone_is_no_difference(name: str, quality: int) -> None:
    assert not mask_of(photo(name), jpeg(photo(name), quality)).any()


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
def test_strong_jpeg_noise_alone_is_next_to_no_difference(name: str) -> None:
    pixels = photo(name)
    assert mask_of(pixels, jpeg(pixels, 75)).mean() < 0.001
    assert not mask_of(pixels, jpeg(pixels, 75), threshold=12 / 255).any()


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("kind", ["red", "brighter"])
def test_a_lossless_edit_is_found_to_the_pixel(name: str, kind: str) -> None:
    pixels = photo(name)
    true = ellipses(pixels.shape[:2], (0.4, 0.5, 0.2, 0.12), (0.8, 0.75, 0.07, 0.1))
    found = mask_of(pixels, edited(pixels, true, kind), grow=0)
    assert overlap(found, true) > 0.99
    assert overlap(mask_of(pixels, edited(pixels, true, kind)), true) > 0.9


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("kind", ["red", "brighter", "turned"])
@pytest.mark.parametrize(("quality", "least"), [(95, 0.8), (85, 0.8), (75, 0.75)])
def test_an_edit_is_found_in_a_version_encoded_anew(
    name: str, kind: str, quality: int, least: float
) -> None:
    pixels = photo(name)
    true = ellipses(pixels.shape[:2], (0.4, 0.5, 0.2, 0.12), (0.8, 0.75, 0.07, 0.1))
    assert overlap(mask_of(pixels, jpeg(edited(pixels, true, kind), quality)), true) > least


@pytest.mark.long
@pytest.mark.parametrize("name", ["astronaut", "coffee"])
@pytest.mark.parametrize("kind", ["red", "brighter"])
@pytest.mark.parametrize("quality", [None, 85])
def test_several_edits_are_found_and_a_tiny_one_by_the_rule(
    name: str, kind: str, quality: int | None
) -> None:
    pixels = photo(name)
    true = ellipses(
        pixels.shape[:2], (0.25, 0.3, 0.1, 0.1), (0.7, 0.3, 0.08, 0.12), (0.5, 0.75, 0.2, 0.06)
    )
    true[20:26, 20:26] = True
    other = edited(pixels, true, kind)
    if quality:
        other = jpeg(other, quality)
    found = mask_of(pixels, other)
    assert regions(found) == 4
    assert overlap(found, true) > (0.8 if quality else 0.9)
    dropped = mask_of(pixels, other, speck=200)
    assert regions(dropped) == 3
    assert not dropped[10:36, 10:36].any()


@pytest.mark.parametrize("quality", [None, 85])
def test_a_soft_edge_is_found_where_it_passes_the_threshold(quality: int | None) -> None:
    pixels = photo("astronaut")
    hard = ellipses(pixels.shape[:2], (0.5, 0.5, 0.2, 0.2)).astype(np.float32)
    opacity = cv2.GaussianBlur(hard, (0, 0), 8)[..., None]
    other = np.rint(pixels + opacity * (np.array([200, 40, 60]) - pixels)).astype(np.uint8)
    true = np.abs(other.astype(int) - pixels).max(axis=2) > 8
    found = mask_of(pixels, jpeg(other, quality) if quality else other, grow=0)
    assert overlap(found, true) > (0.97 if quality else 0.99)


@pytest.mark.long
@pytest.mark.parametrize("quality", [None, 85])
def test_one_texture_for_another_is_found(quality: int | None) -> None:
    pixels = photo("coffee")
    true = ellipses(pixels.shape[:2], (0.5, 0.5, 0.2, 0.2))
    grain = np.random.default_rng(0).choice([-60, 60], pixels.shape[:2])[..., None]
    other = np.clip(pixels + true[..., None] * grain, 0, 255).astype(np.uint8)
    assert overlap(mask_of(pixels, jpeg(other, quality) if quality else other), true) > 0.9


@pytest.mark.long
@pytest.mark.parametrize("longer_px", [2240, 3001])
def test_edges_of_a_large_photo_are_those_of_the_full_size(longer_px: int) -> None:
    pixels = large_photo("coffee", longer_px)
    true = ellipses(pixels.shape[:2], (0.4, 0.5, 0.2, 0.12), (0.9, 0.85, 0.2, 0.2))
    found = mask_of(pixels, edited(pixels, true, "red"), **PLAIN)
    np.testing.assert_array_equal(found, true)


def test_a_region_found_on_the_small_copy_is_whole_where_single_pixels_did_not_change() -> None:
    base = np.full((40, 3000, 3), 90, np.uint8)
    other = base.copy()
    other[:, 1000:2000:2] = 190
    found = mask_of(base, other, **PLAIN)
    assert found[:, 1010:1990].all()
    assert not found[:, :1000].any()
    assert not found[:, 2000:].any()


@pytest.mark.long
def test_a_large_photo_encoded_anew_gives_its_edit_alone() -> None:
    pixels = large_photo("rocket", 4000)
    true = ellipses(pixels.shape[:2], (0.4, 0.5, 0.2, 0.12))
    found = mask_of(pixels, jpeg(edited(pixels, true, "turned"), 85), grow=0)
    assert regions(found) == 1
    assert not (found & ~ellipses(pixels.shape[:2], (0.4, 0.5, 0.202, 0.122))).any()
    assert not mask_of(pixels, jpeg(pixels, 75)).any()


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "reference", "message"),
    [
        (
            torch.zeros(1, 4, 6, 3),
            torch.zeros(1, 6, 4, 3),
            "the reference is 4 x 6, the image 6 x 4: their sizes must match",
        ),
        (
            torch.zeros(3, 4, 6, 3),
            torch.zeros(2, 4, 6, 3),
            "the reference has 2 frames, the image 3: expected as many, or one of either",
        ),
        (
            torch.zeros(4, 6, 3),
            torch.zeros(1, 4, 6, 3),
            "the image is (4, 6, 3): expected (B, H, W, 3 or 4)",
        ),
        (
            torch.zeros(1, 4, 6, 3),
            torch.zeros(1, 4, 6, 1),
            "the reference is (1, 4, 6, 1): expected (B, H, W, 3 or 4)",
        ),
        (
            torch.zeros(0, 4, 6, 3),
            torch.zeros(1, 4, 6, 3),
            "the image is (0, 4, 6, 3): expected (B, H, W, 3 or 4)",
        ),
        (
            torch.zeros(1, 4, 6, 3),
            torch.zeros(1, 4, 6, 3, dtype=torch.int32),
            "the reference is torch.int32: expected a uint8 or float32 tensor",
        ),
        (
            None,
            torch.zeros(1, 4, 6, 3),
            "the image is NoneType: expected a uint8 or float32 tensor",
        ),
    ],
)
def test_pictures_that_cannot_be_compared_are_refused(
    image: Tensor, reference: Tensor, message: str
) -> None:
    with pytest.raises(InputError) as raised:
        difference_mask(image, reference)
    assert str(raised.value) == message


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), True, "8"])
def test_a_threshold_out_of_range_is_refused(value: float) -> None:
    with pytest.raises(InputError) as raised:
        difference_mask(torch.zeros(1, 4, 4, 3), torch.zeros(1, 4, 4, 3), threshold=value)
    assert str(raised.value) == f"threshold is {value!r}: expected a number from 0 to 1"


@pytest.mark.parametrize("name", ["close", "grow", "speck"])
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), True, "8"])
def test_an_option_that_is_no_number_of_pixels_is_refused(name: str, value: float) -> None:
    with pytest.raises(InputError) as raised:
        difference_mask(torch.zeros(1, 4, 4, 3), torch.zeros(1, 4, 4, 3), **{name: value})
    assert str(raised.value) == f"{name} is {value!r}: expected a number of px, 0 or more"


def test_parts_of_an_edit_that_a_faint_change_joins_are_one_and_others_are_not():
    base = np.full((200, 300, 3), 90, np.uint8)
    other = base.copy()
    other[80:120, 60:100] = other[80:120, 110:150] = 160
    assert regions(mask_of(base, other, close=0)) == 2
    other[90:110, 100:110] = 93  # below the threshold
    assert regions(mask_of(base, other, close=0)) == 1
    # what is faint beside one part alone is a soft edge
    other[90:110, 100:110] = 90
    other[90:110, 150:158] = 93
    assert not mask_of(base, other, close=0, grow=0)[:, 151:].any()
