"""Stickers: where they lie, how large, and what is seen of them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from segui import InputError, segments_from_mask
from segui.backend import drawn_stickers
from segui.backend.drawn_stickers import drawn_sticker
from segui.backend.stickers import Sticker, as_stickers
from segui.geometry import Box
from segui.images.pictures import Picture
from segui.paste_values import PasteOptions
from segui.pipeline import Scene
from segui.rendering import mask_image, render

SIZE_HW = (80, 120)
BOXES = ((10, 10, 40, 30), (60, 40, 110, 70))


def photo() -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (*SIZE_HW, 3), np.uint8)


def scene(sticker: np.ndarray | None = None) -> Scene:
    mask = torch.zeros(SIZE_HW)
    for x1, y1, x2, y2 in BOXES:
        mask[y1:y2, x1:x2] = 1
    own = None if sticker is None else Picture(sticker)
    return Scene(Picture(photo()), None, segments_from_mask(mask), sticker=own)


def picture(height: int, width: int, level: int = 200) -> np.ndarray:
    made = np.full((height, width, 4), level, np.uint8)
    made[..., 3] = 255
    return made


def done(sticker: np.ndarray, **options) -> np.ndarray:
    of = scene(sticker)
    asked = PasteOptions("sticker", sticker="picture", **options)
    return render(of, of.segments, asked, "cpu")


@pytest.mark.parametrize(
    ("size_hw", "fit", "box"),
    [
        ((10, 10), "inside", (15, 10, 35, 30)),
        ((10, 10), "cover", (10, 5, 40, 35)),
        ((10, 30), "inside", (10, 15, 40, 25)),
        ((10, 30), "cover", (-5, 10, 55, 30)),
        ((40, 10), "inside", (22, 10, 28, 30)),
        ((1, 100), "cover", (-35, 19, 85, 21)),
    ],
)
def test_it_lies_on_the_middle_of_the_box_in_its_own_proportions(size_hw, fit, box):
    found = Sticker(picture(*size_hw)).box(Box(10, 10, 40, 30), fit)
    assert max(abs(one - other) for one, other in zip(found, box, strict=True)) <= 1


def test_what_is_larger_than_the_box_is_averaged_and_what_is_smaller_interpolated():
    large = np.random.default_rng(2).integers(0, 256, (120, 120, 4), np.uint8)
    large[..., 3] = 255
    made = done(large, sticker_fit="inside")
    # the first box is 30 x 20: the sticker is 20 x 20 on its middle, six of its pixels each
    expected = large[..., :3].astype(np.float64).reshape(20, 6, 20, 6, 3).mean(axis=(1, 3))
    assert np.abs(made[10:30, 15:35] - expected).max() <= 1
    small = np.zeros((2, 2, 4), np.uint8)
    small[..., 3] = 255
    small[:, 1, :3] = 200
    made = done(small, sticker_fit="inside")
    # 10 px a pixel: from the middle of the first to that of the second they go on evenly
    shares = (np.clip((np.arange(20) + 0.5) / 10 - 0.5, 0, 1) * 200)[None, :, None]
    assert np.abs(made[10:30, 15:35] - shares).max() <= 4


def test_alpha_and_opacity_mix_it_with_the_photo_by_the_formula():
    half = picture(20, 20)
    half[..., 3] = 100
    made = done(half, sticker_fit="inside", alpha=128)
    share = 100 / 255 * 128 / 255
    was = photo().astype(np.float64)
    expected = was[11:29, 16:34] * (1 - share) + 200 * share
    assert np.abs(made[11:29, 16:34] - expected).max() <= 1
    assert np.array_equal(made[:9], photo()[:9])


def test_the_soft_edge_is_the_sticker_s_own():
    made = [done(picture(20, 20), feather=feather, edge=edge) for feather, edge in
            ((0, "smooth"), (30, "smooth"), (9, "outward"), (5, "impact"))]  # fmt: skip
    assert all(np.array_equal(one, made[0]) for one in made)


def test_what_is_transparent_hides_no_colour_that_is_seen_at_an_edge():
    ring = np.zeros((60, 60, 4), np.uint8)
    ring[..., :3] = (0, 255, 0)
    ring[20:40, 20:40] = (200, 200, 200, 255)
    white = np.full((*SIZE_HW, 3), 200, np.uint8)
    of = replace(scene(ring), photo=Picture(white))
    for fit in ("inside", "cover"):
        asked = PasteOptions("sticker", sticker="picture", sticker_fit=fit)
        assert np.array_equal(render(of, of.segments, asked, "cpu"), white)


def test_the_mask_is_what_the_sticker_covers():
    of = scene(picture(10, 10))
    asked = PasteOptions("sticker", sticker="picture", sticker_fit="cover")
    covered = mask_image(of, of.segments, asked)
    changed = (render(of, of.segments, asked, "cpu") != photo()).any(axis=2)
    assert (covered[changed] > 0).all()
    assert covered[20, 25] == 255
    assert covered[8, 25] == 255
    assert covered[60, 20] == 0


def test_one_that_is_all_but_a_line_is_no_larger_than_four_times_its_box():
    stickers = as_stickers(scene().segments, SIZE_HW, Sticker(picture(1, 500)), "cover")
    assert all(item.crop_region.height <= 4 for item in stickers.items)


@pytest.mark.long
@pytest.mark.parametrize("name", ["smiley", "Heart", " star "])
def test_a_shape_is_drawn_on_a_transparent_ground(name):
    made = drawn_sticker(name, "#000000")
    assert made.shape == (512, 512, 4)
    assert made[0, 0, 3] == made[511, 511, 3] == 0
    assert 0.2 < (made[..., 3] == 255).mean() < 0.8
    assert not made.flags.writeable


def test_a_word_is_written_in_the_colour_and_fits_what_is_seen():
    made = drawn_sticker("Hi!", "#d02040")
    assert (made[..., :3] == (0xD0, 0x20, 0x40)).all()
    for edge in (made[0], made[-1], made[:, 0], made[:, -1]):
        assert edge[..., 3].any()


@pytest.mark.parametrize("text", ["\U0010fffd", "ok \U0010fffd"])
def test_a_sign_that_no_font_has_is_refused_in_a_sentence(monkeypatch, text):
    monkeypatch.setattr(drawn_stickers, "_fonts", tuple)
    drawn_stickers._drawn.cache_clear()
    with pytest.raises(InputError) as refused:
        drawn_sticker(text, "#000000")
    assert str(refused.value).endswith(
        "and an emoji needs an emoji font there: write plain letters, or take smiley, heart, star "
        "or a picture of your own"
    )


def test_a_sticker_that_is_empty_or_not_there_is_refused():
    with pytest.raises(InputError, match=r"^sticker is '': expected smiley, heart, star, picture"):
        drawn_sticker("  ", "#000000")
    of = scene()
    sentence = r"^there is no picture for the sticker: add one, or take another sticker$"
    with pytest.raises(InputError, match=sentence):
        render(of, of.segments, PasteOptions("sticker", sticker="picture"), "cpu")
    with pytest.raises(InputError, match=r"^effect_on is 'everything else': expected 'filtered'"):
        PasteOptions("sticker", "everything else")
