"""Lengths that are a share of each segment, against the formulas in float64 and px one by one."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from segui import InputError, Segments, apply_edits, paste, read_edits, segments_from_mask
from segui.backend.effects import apply_effect
from segui.images.pictures import Picture
from segui.options import length_px, percent_of, whole_px
from segui.paste_values import PasteOptions
from segui.pipeline import Scene
from segui.rendering import render
from segui.segments.reshape import reshape_segments
from tests.backend import oracle

SIZE_HW = (90, 160)
# sides of 20, sqrt(800) and 40 px
BOXES = ((10, 10, 30, 30), (50, 20, 90, 40), (110, 30, 150, 70))
SIDES = (20.0, math.sqrt(800), 40.0)


def segments() -> Segments:
    mask = torch.zeros(SIZE_HW)
    for x1, y1, x2, y2 in BOXES:
        mask[y1:y2, x1:x2] = 1
    return segments_from_mask(mask)


def photo(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*SIZE_HW, 3), np.uint8)


def test_a_share_is_of_the_side_of_a_square_as_large_as_the_segment():
    assert tuple(item.side_px for item in segments().items) == SIDES


@pytest.mark.parametrize("edge", ["smooth", "outward", "impact"])
def test_a_paste_with_a_share_is_the_formulas_with_each_segments_own_px(edge):
    base, other = (photo(seed)[None] / 255 for seed in (1, 2))
    expected = base
    for item, side in zip(segments().items, SIDES, strict=True):
        own_px = math.floor(20 * side / 100 + 0.5)
        expected = oracle.paste(expected, segments().of([item]), own_px, 255, other, edge)
    base_t, other_t = (torch.from_numpy(each).float() for each in (base, other))
    result = paste(base_t, segments(), "20%", 255, other_t, edge)
    assert np.abs(result.numpy() - expected).max() < 1e-4


@given(st.integers(0, 100), st.sampled_from(["smooth", "outward", "impact"]))
def test_a_share_is_what_its_px_are_for_one_segment(percent, edge):
    base, other = (torch.from_numpy(photo(seed))[None] for seed in (1, 2))
    for item, side in zip(segments().items, SIDES, strict=True):
        one, own_px = segments().of([item]), math.floor(percent * side / 100 + 0.5)
        by_share = paste(base, one, f"{percent} %", 255, other, edge)
        assert torch.equal(by_share, paste(base, one, own_px, 255, other, edge))


def test_a_share_of_a_huge_segment_is_no_more_than_what_can_be_asked_for():
    assert whole_px("100%", 9000, 500) == 500
    assert whole_px("-100%", 9000, 500) == -500


@pytest.mark.parametrize("effect", ["blur", "pixelate", "hide"])
def test_each_segment_has_its_own_strength(effect):
    done = apply_edits(
        photo(),
        segments(),
        [{}] * 3,
        read_edits([{"effect": effect, "strength": "10%", "feather": 0}]),
    )
    for item, side in zip(segments().items, SIDES, strict=True):
        own_px = side / 10 if effect == "blur" else math.ceil(side / 10)
        one = segments().of([item])
        scene = Scene(Picture(photo()), None, one)
        alone = render(scene, one, PasteOptions(effect, feather=0, strength=own_px))
        assert np.array_equal(done.pixels[item.bbox.slices], alone[item.bbox.slices])


def test_everything_else_takes_a_share_of_the_photo():
    options = PasteOptions("blur", "everything else", feather=0, strength="1%")
    px = PasteOptions("blur", "everything else", feather=0, strength=math.sqrt(90 * 160) / 100)
    scene = Scene(Picture(photo()), None, segments())
    assert np.array_equal(render(scene, segments(), options), render(scene, segments(), px))


def test_later_segments_lie_over_earlier_ones_with_their_own_strength():
    mask = torch.zeros(SIZE_HW)
    mask[10:50, 10:50] = 1
    large = segments_from_mask(mask)
    mask = torch.zeros(SIZE_HW)
    mask[20:30, 20:30] = 1
    small = segments_from_mask(mask, drop_size=1)
    both = Segments(SIZE_HW, [*large.items, *small.items])
    options = PasteOptions("pixelate", feather=0, strength="20%")
    result = render(Scene(Picture(photo()), None, both), both, options)
    image = torch.from_numpy(photo())[None]
    inner = apply_effect(image, "pixelate", strength=2)[0, 20:30, 20:30].numpy()
    outer = apply_effect(image, "pixelate", strength=8)[0, 10:20, 10:50].numpy()
    assert np.array_equal(result[20:30, 20:30], inner)
    assert np.array_equal(result[10:20, 10:50], outer)


@pytest.mark.parametrize("percent", [-20, 10, 25])
def test_each_segment_grows_by_its_own_share(percent):
    grown = reshape_segments(segments(), grow=f"{percent}%", drop_size=1)
    for item, before, side in zip(grown.items, segments().items, SIDES, strict=True):
        one = segments().of([before])
        own_px = math.floor(percent * side / 100 + 0.5)
        alone = reshape_segments(one, grow=own_px, drop_size=1).items[0]
        assert item.bbox == alone.bbox
        assert torch.equal(item.mask, alone.mask)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"feather": "2"},
            (
                "feather is '2': expected a whole number from 0 to 500, or a share of each area "
                "from '0%' to '100%'"
            ),
        ),
        (
            {"effect": "blur", "strength": "101%"},
            (
                "the strength of blur is '101%': expected a number of px above 0, at most 10000, "
                "or a share above '0%', at most '100%'"
            ),
        ),
        (
            {"effect": "hue", "strength": "2%"},
            "the strength of hue is '2%': expected a number of degrees from -360 to 360, not 0",
        ),
    ],
)
def test_what_is_no_share_is_refused(values, message):
    with pytest.raises(InputError) as caught:
        PasteOptions(**values)
    assert str(caught.value) == message


@given(st.decimals(-100, 100, places=2))
def test_a_share_reads_as_written(percent):
    assert percent_of(f" {percent} % ") == float(percent)
    assert length_px(f"{percent}%", 200) == pytest.approx(2 * float(percent))


@pytest.mark.parametrize("text", ["2", "%", "2%%", "2e1%", "nan%", "٢%", 2, None, "9" * 50 + "%"])
def test_what_is_no_share_is_none(text):
    assert percent_of(text) is None
