"""Blend modes against W3C's formulas, pixel by pixel in float64."""

import math

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from segui import InputError, paste
from segui.backend import blending
from segui.backend.blending import BLENDS, blend
from segui.backend.effects import apply_effect
from segui.finders.regions import segments_from_mask
from segui.images.pictures import Picture
from segui.paste_values import PasteOptions
from segui.pipeline import Scene
from segui.rendering import edited, render

Rgb = tuple[float, float, float]


def lum(c: Rgb) -> float:
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def clip_colour(c: Rgb) -> Rgb:
    luma, least, most = lum(c), min(c), max(c)
    if least < 0:
        c = tuple(luma + (v - luma) * luma / (luma - least) for v in c)
    if most > 1:
        c = tuple(luma + (v - luma) * (1 - luma) / (most - luma) for v in c)
    return c


def set_lum(c: Rgb, luma: float) -> Rgb:
    return clip_colour(tuple(v + luma - lum(c) for v in c))


def soft_light(cb: float, cs: float) -> float:
    if cs <= 0.5:
        return cb - (1 - 2 * cs) * cb * (1 - cb)
    d = ((16 * cb - 12) * cb + 4) * cb if cb <= 0.25 else math.sqrt(cb)
    return cb + (2 * cs - 1) * (d - cb)


def plain(mode: str, cb: Rgb, cs: Rgb) -> Rgb:
    match mode:
        case "normal":
            return cs
        case "multiply":
            return tuple(b * s for b, s in zip(cb, cs, strict=True))
        case "screen":
            return tuple(b + s - b * s for b, s in zip(cb, cs, strict=True))
        case "soft light":
            return tuple(soft_light(b, s) for b, s in zip(cb, cs, strict=True))
        case "luminosity":
            return set_lum(cb, lum(cs))
    return set_lum(cs, lum(cb))


def noise(seed: int, *shape: int, dtype: torch.dtype = torch.uint8) -> Tensor:
    values = torch.rand(shape, generator=torch.Generator().manual_seed(seed))
    values = torch.where(values < 0.1, 0.0, torch.where(values > 0.9, 1.0, values))
    return (values * 255).round().to(dtype) if dtype == torch.uint8 else values


@pytest.mark.parametrize("mode", BLENDS)
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
@pytest.mark.parametrize("channels", [(3, 3), (4, 3), (3, 4), (4, 4)])
def test_a_mode_is_its_formula(
    mode: str, dtype: torch.dtype, channels: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blending, "STRIP_PX", 60)
    below = noise(1, 1, 17, 23, channels[0], dtype=dtype)
    pasted = noise(2, 1, 17, 23, channels[1], dtype=dtype)
    full = 255 if dtype == torch.uint8 else 1
    result = blend(below, pasted, mode)
    assert result.dtype == dtype
    assert torch.equal(result[..., 3:], pasted[..., 3:])
    rows = zip(
        (below.double() / full).reshape(-1, channels[0]).tolist(),
        (pasted.double() / full).reshape(-1, channels[1]).tolist(),
        strict=True,
    )
    expected = []
    for cb, cs in rows:
        mixed = plain(mode, cb[:3], cs[:3])
        opacity = cb[3] if len(cb) == 4 and mode != "normal" else 1
        expected.append(
            [(1 - opacity) * s + opacity * m for s, m in zip(cs[:3], mixed, strict=True)]
        )
    apart = np.abs(result[..., :3].reshape(-1, 3).double().numpy() / full - np.array(expected))
    assert apart.max() <= (0.5 / 255 + 1e-4 if dtype == torch.uint8 else 1e-5)


def test_a_mode_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        blend(noise(1, 1, 2, 2, 3), noise(2, 1, 2, 2, 3), "dodge")
    assert str(caught.value) == (
        "blend is 'dodge': expected one of normal, multiply, screen, soft light, luminosity, colour"
    )


def scene(channels: int = 3, reference: bool = True) -> Scene:
    mask = torch.zeros(60, 80)
    mask[10:30, 10:40], mask[35:55, 30:75] = 1, 0.6
    segments = segments_from_mask(mask, drop_size=1)
    photo = Picture(noise(3, 60, 80, channels).numpy())
    return Scene(photo, Picture(noise(4, 60, 80, 4).numpy()) if reference else None, segments)


@pytest.mark.parametrize("mode", BLENDS)
@pytest.mark.parametrize("effect", ["none", "grey", "sepia", "remove"])
@pytest.mark.parametrize("channels", [3, 4])
def test_what_is_pasted_is_blended_with_the_photo_and_then_mixed(
    mode: str, effect: str, channels: int
) -> None:
    made = scene(channels)
    options = PasteOptions(effect, feather=6, alpha=200, blend=mode)
    photo = torch.from_numpy(made.photo.pixels)[None]
    whole = torch.from_numpy(edited(made, made.segments, PasteOptions(effect)))[None]
    if effect == "none":
        whole = torch.from_numpy(made.reference.pixels)[None]
    source = blend(photo, whole[..., :3] if effect != "none" else whole, mode)
    expected = paste(photo, made.segments, 6, 200, source)[0].numpy()
    assert np.array_equal(render(made, made.segments, options), expected)


@pytest.mark.parametrize("mode", BLENDS)
def test_everything_else_is_blended_too(mode: str) -> None:
    made = scene()
    photo = torch.from_numpy(made.photo.pixels)[None]
    changed = blend(photo, apply_effect(photo, "grey"), mode)
    expected = paste(changed, made.segments, reference=photo)[0].numpy()
    options = PasteOptions("grey", "everything else", blend=mode)
    assert np.array_equal(render(made, made.segments, options), expected)
    # what a page draws by itself is made of the blended picture: it needs no formula of its own
    assert np.array_equal(edited(made, made.segments, options), changed[0].numpy())


def test_nothing_hidden_shines_through() -> None:
    with pytest.raises(InputError) as caught:
        PasteOptions("hide", blend="multiply")
    assert str(caught.value) == "blend is 'multiply': expected 'normal' for hide"


def test_pillow_multiplies_as_this_does() -> None:
    from PIL import ImageChops

    one, other = noise(5, 1, 30, 30, 3), noise(6, 1, 30, 30, 3)
    pair = [Image.fromarray(each[0].numpy()) for each in (one, other)]
    expected = np.array(ImageChops.multiply(*pair)).astype(int)
    assert np.abs(blend(one, other, "multiply")[0].numpy() - expected).max() <= 1
