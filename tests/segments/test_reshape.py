"""Growing, shrinking and filling, against plain forms."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from segui import Box, InputError, Segment, Segments, segments_from_labels, segments_from_mask
from segui.segments.reshape import reshape_segments
from tests.counts import examples
from tests.drawn import labels, mask, picture, rectangle, segment

SIZE_HW = (40, 50)


def found(drawn, **options):
    return segments_from_mask(drawn, drop_size=1, crop_factor=1, **options)


def reshaped(segments, **options):
    return reshape_segments(segments, **{"drop_size": 1, "crop_factor": 1, **options})


def boxes(segments):
    return [tuple(item.bbox) for item in segments.items]


def whole(item, size_hw):
    """A segment's mask in the whole image."""
    out = np.zeros(size_hw, np.float32)
    out[item.crop_region.slices] = item.mask.numpy()
    return out


def plain_grow(values, grow):
    """The largest or smallest of the pixels within the radius, one by one."""
    pick, out, radius = (np.maximum if grow > 0 else np.minimum), values.copy(), abs(grow)
    height, width = values.shape
    for y in range(-radius, radius + 1):
        for x in range(-radius, radius + 1):
            if x * x + y * y <= radius * radius and abs(y) < height and abs(x) < width:
                here = (slice(max(0, -y), height - max(0, y)), slice(max(0, -x), width - max(0, x)))
                there = (slice(max(0, y), height + min(0, y)), slice(max(0, x), width + min(0, x)))
                out[here] = pick(out[here], values[there])
    return out


def plain_fill(values):
    """The lowest height over which water runs off each pixel, found by letting it run."""
    water = np.pad(np.full_like(values, values.max()), 1)
    while True:
        sides = water[:-2, 1:-1], water[2:, 1:-1], water[1:-1, :-2], water[1:-1, 2:]
        lower = np.maximum(values, np.minimum(water[1:-1, 1:-1], np.minimum.reduce(sides)))
        if np.array_equal(lower, water[1:-1, 1:-1]):
            return lower
        water[1:-1, 1:-1] = lower


@st.composite
def masks(draw):
    """A mask of blobs somewhere in the image, hard, of levels, or of any floats."""
    rng = np.random.default_rng(draw(st.integers(0, 9999)))
    kind = draw(st.sampled_from(["hard", "levels", "floats"]))
    out = np.zeros(SIZE_HW, np.float32)
    x1, y1 = draw(st.integers(0, 30)), draw(st.integers(0, 24))
    height, width = draw(st.integers(3, 16)), draw(st.integers(3, 20))
    values = rng.random((height, width), np.float32).clip(0.01, 1)
    if kind == "levels":
        values = np.rint(values * 255).clip(1, 255) / np.float32(255)
    hard = rng.random((height, width)) > draw(st.sampled_from([0.2, 0.7]))
    out[y1 : y1 + height, x1 : x1 + width] = hard if kind == "hard" else hard * values
    return torch.from_numpy(out)


def test_nothing_asked_is_the_same_object():
    segments = found(rectangle(30, 30, (4, 4, 20, 20)))
    assert reshape_segments(segments, drop_size=20) is segments


def test_a_pixel_grows_to_a_disc():
    one = Segments((7, 9), [segment((4, 3, 5, 4))])
    grown = reshaped(one, grow=2)
    assert boxes(grown) == [(2, 1, 7, 6)]
    drawn = mask("..#..", ".###.", "#####", ".###.", "..#..")
    assert torch.equal(grown.items[0].mask, drawn)


def test_shrinking_takes_a_disc_from_every_edge_but_the_images():
    drawn = rectangle(20, 30, (0, 5, 30, 20))
    shrunk = reshaped(found(drawn), grow=-4)
    assert boxes(shrunk) == [(0, 9, 30, 20)]
    assert (shrunk.items[0].mask == 1).all()


def test_softness_is_kept():
    drawn = mask(".......", ".......", "..-*...", ".......", ".......")
    grown = reshaped(Segments((5, 7), [Segment(drawn, (0, 0, 7, 5), (2, 2, 4, 3))]), grow=1)
    assert np.array_equal(
        whole(grown.items[0], (5, 7)),
        mask(".......", "..-*...", ".-***..", "..-*...", ".......").numpy(),
    )


@settings(max_examples=examples(80), deadline=None)
@given(masks(), st.integers(-9, 14).filter(bool))
def test_each_pixel_is_the_largest_or_smallest_within_the_radius(drawn, grow):
    one = found(drawn, combined=True)
    got = reshaped(one, grow=grow)
    wanted = plain_grow(drawn.numpy(), grow) if one.items else np.zeros(SIZE_HW)
    if got.items:
        box = got.items[0].bbox
        assert np.array_equal(whole(got.items[0], SIZE_HW), wanted)
        assert box == _around(wanted)
    else:
        assert not one.items or min(_around(wanted).size_hw) <= 1


def _around(values):
    rows, columns = np.nonzero(values)
    if not rows.size:
        return Box(0, 0, 0, 0)
    return Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@settings(max_examples=examples(40), deadline=None)
@given(masks(), st.integers(1, 12))
def test_grown_and_shrunk_again_nothing_is_lost(drawn, radius):
    one = found(drawn, combined=True)
    closed = reshaped(reshaped(one, grow=radius), grow=-radius)
    for before, after in zip(one.items, closed.items, strict=True):
        assert (whole(after, SIZE_HW) >= whole(before, SIZE_HW)).all()


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        pytest.param(["#####", "#...#", "#####"], ["#####"] * 3, id="a hole"),
        pytest.param([".#.", "#.#", ".#."], [".#.", "###", ".#."], id="a wall over corners"),
        pytest.param(["#####", "#....", "#####"], ["#####", "#....", "#####"], id="a bay"),
        pytest.param(["####", "#-*#", "####"], ["####"] * 3, id="a soft hole, to its brim"),
        pytest.param(["##+##", "#...#", "#####"], ["##+##", "#+++#", "#####"], id="a low wall"),
        pytest.param(["#####", "#.#.#", "#####"], ["#####"] * 3, id="two holes"),
    ],
)
def test_holes_are_filled_to_the_height_of_their_wall(drawn, expected):
    margin = ["." * (len(drawn[0]) + 2)]
    inner = mask(*margin, *(f".{row}." for row in drawn), *margin)
    box = Box(1, 1, 1 + len(drawn[0]), 1 + len(drawn))
    one = Segments(tuple(inner.shape), [Segment(inner, Box.of_size(tuple(inner.shape)), box)])
    got = reshaped(one, fill_holes=True)
    assert torch.equal(got.items[0].mask, mask(*expected))


def test_what_touches_the_images_border_is_no_hole():
    drawn = mask("#..#", "#..#", "####")
    assert torch.equal(reshaped(found(drawn), fill_holes=True).items[0].mask, drawn)


@settings(max_examples=examples(80), deadline=None)
@given(masks())
def test_filling_is_the_flood_of_the_plain_form_in_steps_of_a_16th(drawn):
    for before in found(drawn).items:
        alone = Segments(SIZE_HW, [before])
        after = whole(reshaped(alone, fill_holes=True).items[0], SIZE_HW)
        values = whole(before, SIZE_HW)
        flood = plain_fill(values)
        assert (after >= values).all()
        assert (after <= flood).all()
        assert (flood - after < 1 / 16).all()
        assert (after[flood == 1] == 1).all()


def test_gaps_close_before_holes_are_filled_and_open_after():
    ring = rectangle(40, 40, (5, 5, 35, 35)) - rectangle(40, 40, (12, 12, 28, 28))
    gap = rectangle(40, 40, (28, 19, 35, 21))
    grown = reshaped(found(ring - gap), grow=2, fill_holes=True)
    assert (grown.items[0].mask[2:-2, 2:-2] == 1).all()
    shrunk = reshaped(found(ring), grow=-3, fill_holes=True)
    assert (shrunk.items[0].mask == 1).all()
    assert boxes(shrunk) == [(8, 8, 32, 32)]


def test_regions_never_merge_and_may_overlap():
    drawn = rectangle(40, 60, (5, 5, 25, 25)) + rectangle(40, 60, (29, 5, 49, 25))
    grown = reshaped(found(drawn), grow=4)
    assert boxes(grown) == [(1, 1, 29, 29), (25, 1, 53, 29)]
    corners = 32  # of the 49 pixels of a disc of 4 px, those beside its axes
    assert [item.area for item in grown.items] == [20 * 20 + 4 * 4 * 20 + corners] * 2


def test_labels_are_reshaped_like_masks():
    drawn = labels("1122", "1122", "1122")
    grown = reshaped(segments_from_labels(drawn, drop_size=1, crop_factor=1), grow=1)
    assert boxes(grown) == [(0, 0, 3, 3), (1, 0, 4, 3)]
    assert [item.label for item in grown.items] == ["1", "2"]


def test_the_crop_region_is_cut_anew():
    segments = segments_from_mask(rectangle(100, 100, (40, 40, 60, 60)), crop_factor=3)
    grown = reshape_segments(segments, grow=5, crop_factor=2)
    assert boxes(grown) == [(35, 35, 65, 65)]
    assert grown.items[0].crop_region == Box(20, 20, 80, 80)
    assert grown.items[0].mask.shape == (60, 60)


def test_what_becomes_too_small_is_left_out_with_the_box_that_it_had():
    drawn = rectangle(60, 60, (0, 10, 30, 40)) + rectangle(60, 60, (40, 10, 52, 22))
    drawn += rectangle(60, 60, (40, 40, 55, 55)) + rectangle(60, 60, (0, 0, 5, 5))
    segments = segments_from_mask(drawn)
    shrunk = reshape_segments(segments, grow=-6)
    assert boxes(shrunk) == [(0, 16, 24, 34)]
    assert shrunk.left_out == (Box(0, 0, 5, 5), Box(40, 10, 52, 22), Box(40, 40, 55, 55))


def test_the_order_and_what_is_known_of_a_segment_stay():
    drawn = segment((20, 20, 35, 35), label="cat", confidence=0.5)
    other = segment((2, 2, 18, 18), label="dog")
    grown = reshaped(Segments(SIZE_HW, [drawn, other]), grow=3)
    assert [(item.label, item.confidence) for item in grown.items] == [("cat", 0.5), ("dog", 1)]


def test_each_frame_of_a_mask_is_reshaped():
    frames = torch.zeros(2, 9, 9)
    frames[0, 2:5, 2:5], frames[1, 4:7, 4:7] = 1, 1
    one = Segments((20, 20), [Segment(frames, (5, 5, 14, 14), (7, 7, 12, 12))])
    grown = reshaped(one, grow=2)
    assert boxes(grown) == [(5, 5, 14, 14)]
    for before, after in zip(frames, grown.items[0].mask, strict=True):
        assert np.array_equal(after.numpy(), plain_grow(before.numpy(), 2))


def test_what_lies_outside_of_the_image_is_cut():
    one = Segments((20, 20), [segment((-5, 4, 8, 16)), segment((30, 30, 40, 40))])
    shrunk = reshaped(one, grow=-2)
    assert boxes(shrunk) == [(0, 6, 6, 14)]
    assert shrunk.left_out == (Box(30, 30, 40, 40),)


def test_the_segments_given_stay_as_they_are():
    segments = found(rectangle(30, 30, (4, 4, 20, 20)))
    before = segments.items[0].mask
    reshaped(segments, grow=3, fill_holes=True)
    assert torch.equal(segments.items[0].mask, before)
    assert boxes(segments) == [(4, 4, 20, 20)]


def test_a_hard_disc_of_any_radius_is_exact():
    one = Segments((140, 140), [segment((70, 70, 71, 71))])
    rows, columns = np.mgrid[:140, :140]
    squares = (rows - 70) ** 2 + (columns - 70) ** 2
    for radius in (1, 5, 25, 65):  # 5, 25, 65: whole corners lie right on the circle
        grown = whole(reshaped(one, grow=radius).items[0], (140, 140))
        assert np.array_equal(grown == 1, squares <= radius * radius)


@pytest.mark.parametrize("grow", [501, -501, 2.5, True, float("nan"), None])
def test_a_growth_out_of_range_is_refused(grow):
    with pytest.raises(InputError) as caught:
        reshape_segments(Segments(SIZE_HW), grow=grow)
    assert str(caught.value) == (
        f"grow is {grow!r}: expected a whole number of px from -500 to 500"
    )


def test_an_image_of_its_own_cannot_grow():
    items = [segment((0, 0, 9, 9)), segment((0, 0, 9, 9), image=picture(9, 9))]
    with pytest.raises(InputError) as caught:
        reshape_segments(Segments(SIZE_HW, items), grow=1)
    assert str(caught.value) == (
        "segment 2 has an image of its own: expected none, as it cannot grow"
    )
