"""What holds for every paste, whatever the masks, the feather and the edge."""

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segui import Box, Segment, Segments, paste
from segui.backend.coverage import coverage
from segui.backend.feather import Gaussian
from tests.backend import oracle
from tests.backend.ways import WAYS, taking
from tests.counts import examples
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


@settings(max_examples=examples(60), deadline=None)
@given(segments(), feathers, alphas, edges, st.sampled_from(["float32", "uint8"]))
def test_no_pixel_changes_where_the_feathered_masks_are_0(chosen, feather, alpha, edge, kind):
    base, reference = pictures(kind)
    result = paste(base, chosen, feather, alpha, reference, edge)
    untouched = coverage(chosen, SIZE_HW, feather, alpha, edge) == 0
    assert torch.equal(bits(result)[0][untouched], bits(base)[0][untouched])


@settings(max_examples=examples(40), deadline=None)
@given(segments(), feathers, edges, st.sampled_from(["float32", "uint8"]))
def test_opacity_0_changes_nothing(chosen, feather, edge, kind):
    base, reference = pictures(kind)
    assert torch.equal(bits(paste(base, chosen, feather, 0, reference, edge)), bits(base))


@settings(max_examples=examples(40), deadline=None)
@given(segments(hard=True), edges, st.sampled_from(["float32", "uint8"]))
def test_full_opacity_without_feather_copies_exactly_under_a_hard_mask(chosen, edge, kind):
    base, reference = pictures(kind)
    result = paste(base, chosen, 0, 255, reference, edge)
    covered = coverage(chosen, SIZE_HW, 0, 255, edge) > 0
    expected = torch.where(covered[None, ..., None], reference, base)
    assert torch.equal(bits(result), bits(expected))


@settings(max_examples=examples(40), deadline=None)
@given(segments(), feathers, alphas, edges)
def test_every_value_lies_between_base_and_reference(chosen, feather, alpha, edge):
    base, reference = pictures("float32")
    result = paste(base, chosen, feather, alpha, reference, edge)
    low, high = torch.minimum(base, reference), torch.maximum(base, reference)
    assert (result >= low - 1e-5).all()
    assert (result <= high + 1e-5).all()


@settings(max_examples=examples(40), deadline=None)
@given(segments(), feathers, alphas, edges)
def test_coverage_is_what_a_white_paste_on_black_gives(chosen, feather, alpha, edge):
    black = torch.zeros(1, *SIZE_HW, 3)
    white = paste(black, chosen, feather, alpha, torch.ones_like(black), edge)
    covered = coverage(chosen, SIZE_HW, feather, alpha, edge)
    assert torch.allclose(covered, white[0, ..., 0], atol=1e-6)


@settings(max_examples=examples(40), deadline=None)
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


@settings(max_examples=examples(20), deadline=None)
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


def strip(size_hw, side, px, gap, depth):
    """Marks along one side of a crop, that far from its border; ``depth`` short of the ends."""
    height, width = size_hw
    marks = np.zeros((height, width) if side % 2 else (width, height), np.float32)
    length = marks.shape[1]
    noise = np.random.default_rng(px).uniform(0.25, 1, (px, max(1, length - depth)))
    marks[gap : gap + px, : noise.shape[1]] = noise[: max(0, len(marks) - gap)]
    turned = marks[::-1] if side > 1 else marks
    return torch.from_numpy((turned if side % 2 else turned.T).copy())


@st.composite
def strips(draw):
    """A crop of up to 200 px with marks near one border alone, which may lie beyond the image."""
    height, width = draw(st.integers(1, 200)), draw(st.integers(1, 200))
    side = draw(st.sampled_from([0, 1, 2, 3]))
    across = height if side % 2 else width
    gap = draw(st.integers(0, min(30, across - 1)))
    marks = strip((height, width), side, draw(st.integers(1, 40)), gap, draw(st.integers(0, 60)))
    x, y = draw(st.integers(max(-20, 1 - width), 20)), draw(st.integers(max(-20, 1 - height), 20))
    crop = Box(x, y, x + width, y + height)
    beyond_px = draw(st.integers(-10, 10))
    size_hw = max(1, y + 1, crop.y2 + beyond_px), max(1, x + 1, crop.x2 + beyond_px)
    return Segments(size_hw, [Segment(marks, crop, crop)])


def top_strip(height, width, px, gap=0):
    box = Box(0, 0, width, height)
    return Segments((height, width), [Segment(strip((height, width), 1, px, gap, 0), box, box)])


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=examples(80), deadline=None)
@example(top_strip(100, 160, 20), 20, "impact")
@example(top_strip(100, 160, 20), 25, "impact")
@example(top_strip(100, 160, 1), 13, "impact")
@example(top_strip(200, 200, 2), 14, "impact")
@example(top_strip(200, 200, 14, gap=13), 40, "impact")
@given(chosen=strips(), feather=st.integers(0, 100), edge=edges)
def test_marks_near_one_border_are_feathered_by_the_formula(way, chosen, feather, edge):
    size_hw = chosen.size
    base, reference = torch.zeros(1, *size_hw, 3), torch.ones(1, *size_hw, 3)
    with taking(way):
        got = paste(base, chosen, feather, 255, reference, edge)
        got_bytes = paste(levels(base), chosen, feather, 255, levels(reference), edge)
    want = oracle.paste(base.numpy(), chosen, feather, 255, reference.numpy(), edge)
    assert np.abs(got.numpy() - want).max() < 1e-5
    assert np.abs(got_bytes.numpy() - 255 * want).max() <= 0.5 + 1e-3


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("side", [0, 1, 2, 3])
@pytest.mark.parametrize(("px", "gap"), [(20, 0), (3, 13)])
def test_a_strip_at_a_border_is_the_formula_at_every_feather(way, side, px, gap):
    box = Box(0, 0, 150, 150)
    line = np.zeros(150)
    line[gap : gap + px] = 1
    marks = torch.from_numpy(np.float32(line)).expand(150, 150)
    turned = (marks, marks.T, marks.flip(1), marks.T.flip(0))[side]
    chosen = Segments((150, 150), [Segment(turned, box, box)])
    for feather in range(101):
        with taking(way):
            got = coverage(chosen, (150, 150), feather, 255, "impact")
        radius = Gaussian.impact(feather, (150, 150)).radius_px
        padded = np.pad(line, radius, mode="reflect")
        want = np.convolve(padded, oracle.taps(radius, 10), mode="valid")
        upright = (got, got.T, got.flip(1), got.flip(0).T)[side].numpy()
        assert np.abs(upright - want).max() < 1e-6, feather


@settings(max_examples=examples(40), deadline=None)
@given(strips(), st.integers(1, 100), st.sampled_from([(0, 1), (1, 0), (1, 1)]))
def test_a_picture_turned_around_is_feathered_turned_around(chosen, feather, axes):
    size_hw = chosen.size
    segment = chosen.items[0]
    dims = [axis for axis, turned in enumerate(axes) if turned]
    x1, y1, x2, y2 = segment.crop_region
    if axes[1]:
        x1, x2 = size_hw[1] - x2, size_hw[1] - x1
    if axes[0]:
        y1, y2 = size_hw[0] - y2, size_hw[0] - y1
    box = Box(x1, y1, x2, y2)
    turned = Segments(size_hw, [Segment(segment.mask.flip(dims), box, box)])
    got = coverage(turned, size_hw, feather, 255, "impact").flip(dims)
    assert torch.allclose(got, coverage(chosen, size_hw, feather, 255, "impact"), atol=2e-6)


@settings(max_examples=examples(40), deadline=None)
@given(segments(), feathers, edges)
def test_no_opacity_is_above_1(chosen, feather, edge):
    white = torch.ones(1, *SIZE_HW, 3)
    for item in chosen.items:
        got = paste(torch.zeros_like(white), chosen.of([item]), feather, 255, white, edge)
        assert got.max() <= 1
