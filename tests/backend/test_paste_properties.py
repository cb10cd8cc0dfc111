"""What holds for every paste, whatever the masks, the feather and the edge."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from segui import Box, Segment, Segments, paste
from segui.backend.coverage import coverage
from tests.drawn import levels, picture

SIZE_HW = (36, 44)


@st.composite
def crops(draw):
    x1, y1 = draw(st.integers(-8, 40)), draw(st.integers(-8, 32))
    return Box(x1, y1, x1 + draw(st.integers(1, 30)), y1 + draw(st.integers(1, 30)))


@st.composite
def segments(draw, *, hard=False):
    items = []
    for crop in draw(st.lists(crops(), max_size=4)):
        rng = np.random.default_rng(draw(st.integers(0, 999)))
        share = draw(st.sampled_from([0.02, 0.5, 1.0]))
        marked = rng.random(crop.size_hw) < share
        value = 1 if hard else rng.random(crop.size_hw)
        mask = torch.from_numpy((marked * value).astype(np.float32))
        items.append(Segment(mask, crop, crop))
    return Segments(SIZE_HW, items)


feathers = st.integers(0, 60)
edges = st.sampled_from(["smooth", "outward", "impact"])
alphas = st.integers(0, 255)


def pictures(kind):
    pair = picture(*SIZE_HW, 1), picture(*SIZE_HW, 2)
    return pair if kind == "float32" else tuple(map(levels, pair))


def bits(image):
    return image.view(torch.int32) if image.dtype == torch.float32 else image


@settings(max_examples=60, deadline=None)
@given(segments(), feathers, alphas, edges, st.sampled_from(["float32", "uint8"]))
def test_no_pixel_changes_where_the_feathered_masks_are_0(chosen, feather, alpha, edge, kind):
    base, reference = pictures(kind)
    result = paste(base, chosen, feather, alpha, reference, edge)
    untouched = coverage(chosen, SIZE_HW, feather, alpha, edge) == 0
    assert torch.equal(bits(result)[0][untouched], bits(base)[0][untouched])


@settings(max_examples=40, deadline=None)
@given(segments(), feathers, edges, st.sampled_from(["float32", "uint8"]))
def test_opacity_0_changes_nothing(chosen, feather, edge, kind):
    base, reference = pictures(kind)
    assert torch.equal(bits(paste(base, chosen, feather, 0, reference, edge)), bits(base))


@settings(max_examples=40, deadline=None)
@given(segments(hard=True), edges, st.sampled_from(["float32", "uint8"]))
def test_full_opacity_without_feather_copies_exactly_under_a_hard_mask(chosen, edge, kind):
    base, reference = pictures(kind)
    result = paste(base, chosen, 0, 255, reference, edge)
    covered = coverage(chosen, SIZE_HW, 0, 255, edge) > 0
    expected = torch.where(covered[None, ..., None], reference, base)
    assert torch.equal(bits(result), bits(expected))


@settings(max_examples=40, deadline=None)
@given(segments(), feathers, alphas, edges)
def test_every_value_lies_between_base_and_reference(chosen, feather, alpha, edge):
    base, reference = pictures("float32")
    result = paste(base, chosen, feather, alpha, reference, edge)
    low, high = torch.minimum(base, reference), torch.maximum(base, reference)
    assert (result >= low - 1e-5).all()
    assert (result <= high + 1e-5).all()


@settings(max_examples=40, deadline=None)
@given(segments(), feathers, alphas, edges)
def test_coverage_is_what_a_white_paste_on_black_gives(chosen, feather, alpha, edge):
    black = torch.zeros(1, *SIZE_HW, 3)
    white = paste(black, chosen, feather, alpha, torch.ones_like(black), edge)
    covered = coverage(chosen, SIZE_HW, feather, alpha, edge)
    assert torch.allclose(covered, white[0, ..., 0], atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(segments(), feathers)
def test_outward_is_nowhere_below_the_mask_and_nowhere_below_smooth(chosen, feather):
    for item in chosen.items:
        alone = chosen.of([item])
        covered = coverage(alone, SIZE_HW, feather, 255, "outward")
        inside = item.crop_region.clip(SIZE_HW)
        if not inside.is_empty:
            part = item.mask[inside.relative_to(item.crop_region).slices]
            assert (covered[inside.slices] >= part).all()
        assert (covered >= coverage(alone, SIZE_HW, feather, 255, "smooth")).all()


@settings(max_examples=20, deadline=None)
@given(segments(), st.integers(1, 40), st.sampled_from(["smooth", "outward"]))
def test_nothing_changes_further_than_the_feather_from_the_mask(chosen, feather, edge):
    covered = coverage(chosen, SIZE_HW, feather, 255, edge)
    reach = torch.zeros(SIZE_HW, dtype=torch.bool)
    for item in chosen.items:
        ys, xs = np.nonzero(item.mask.numpy())
        for y, x in zip(ys + item.crop_region.y1, xs + item.crop_region.x1, strict=True):
            near = Box(x, y, x + 1, y + 1).clip(SIZE_HW).widen(feather).clip(SIZE_HW)
            reach[near.slices] = True
    assert (covered[~reach] == 0).all()
