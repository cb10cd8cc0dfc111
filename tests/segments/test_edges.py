"""Edges that follow the picture's: a coarse disc comes back, and what has no edge stays."""

import numpy as np
import pytest
import torch

from segui import Box, InputError, Segment, Segments
from segui.segments.edges import follow_edges, refine_segments
from segui.segments.enlarging import enlarged
from tests.finders.test_colours import drawn, from_edge

CASES = [((900, 600), 6, 150), ((2400, 1800), 12, 500), ((900, 600), 6, 40)]


def coarse(size_wh, cell_px, x, y, radius):
    """A disc as a model with cells of that size would have it, enlarged."""
    small_hw = (size_wh[1] // cell_px, size_wh[0] // cell_px)
    disc = from_edge(small_hw, x / cell_px, y / cell_px, radius / cell_px) < 0
    whole = enlarged(disc.astype(np.float32), (1 / cell_px, 1 / cell_px), Box(0, 0, *size_wh))
    return np.asarray(whole > 0.5, np.uint8) * np.uint8(255)


@pytest.mark.long
@pytest.mark.parametrize(("size_wh", "cell_px", "radius"), CASES)
@pytest.mark.parametrize("colours", [("white", "crimson"), ("royalblue", "crimson")])
def test_a_disc_found_small_comes_back_within_a_pixel(size_wh, cell_px, radius, colours):
    x, y = size_wh[0] // 2 + 3, size_wh[1] // 2 + 1
    picture = drawn(size_wh, colours[0], (x, y, radius, colours[1]))
    inside = follow_edges(coarse(size_wh, cell_px, x, y, radius), picture, 1.5 * cell_px) > 127
    apart = from_edge(inside.shape, x, y, radius)
    assert not (inside & (apart > 1)).any()
    assert not (~inside & (apart < -1)).any()


def test_colours_of_the_same_grey_are_told_apart():
    picture = drawn((300, 300), (200, 40, 40), (150, 150, 80, (40, 115, 40)))
    before = coarse((300, 300), 6, 150, 150, 80)
    apart = from_edge((300, 300), 150, 150, 80)
    inside = follow_edges(before, picture, 9) > 127
    assert not (inside != (apart < 0))[np.abs(apart) > 1].any()


def test_what_lies_further_away_than_the_reach_stays_as_it_is():
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 256, (120, 160, 3), np.uint8)
    before = np.zeros((120, 160), np.uint8)
    before[40:90, 50:120] = 255
    after = follow_edges(before, picture, 8)
    inner, outer = before[49:81, 59:111], np.ones_like(before, bool)
    outer[31:99, 41:129] = False
    assert np.array_equal(after[49:81, 59:111], inner)
    assert not after[outer].any()


def test_a_plain_picture_moves_no_straight_edge():
    before = np.zeros((100, 100), np.uint8)
    before[:, 50:] = 255
    after = follow_edges(before, np.full((100, 100, 3), 90, np.uint8), 8)
    assert np.array_equal(after > 127, before > 127)


def test_hair_is_told_from_what_is_seen_through_it():
    picture = np.full((200, 200, 3), 235, np.uint8)
    picture[100:] = (60, 40, 30)
    picture[80:100, 20:180:8] = (60, 40, 30)  # strands, one px wide
    before = np.zeros((200, 200), np.uint8)
    before[92:] = 255  # somewhere in the strands
    after = follow_edges(before, picture, 20)
    strands, gaps = after[84:94, 20:180:8], after[84:94, 24:180:8]
    assert strands.min() > 200
    assert gaps.max() < 64


@pytest.mark.parametrize("reach_px", [0, 0.5])
def test_a_reach_below_a_pixel_changes_nothing(reach_px):
    before = coarse((60, 60), 6, 30, 30, 20)
    assert follow_edges(before, np.zeros((60, 60, 3), np.uint8), reach_px) is before


@pytest.mark.parametrize("level", [0, 255])
def test_a_mask_without_an_edge_stays(level):
    before = np.full((30, 40), level, np.uint8)
    assert follow_edges(before, np.zeros((30, 40, 3), np.uint8), 5) is before


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 9), (2, 300)])
def test_a_picture_of_any_size_can_be_looked_at(size_hw):
    before = np.zeros(size_hw, np.uint8)
    before[:, size_hw[1] // 2 :] = 255
    assert follow_edges(before, np.zeros((*size_hw, 3), np.uint8), 30).shape == size_hw


def coarse_segment(size_wh=(300, 240), x=150, y=120, radius=70):
    levels = coarse(size_wh, 6, x, y, radius)
    box = Box.of_size(levels.shape)
    item = Segment(torch.from_numpy(levels / np.float32(255)), box, box, "disc", 0.7)
    return Segments(levels.shape, [item])


def test_segments_keep_all_but_their_edges():
    picture = drawn((300, 240), "white", (150, 120, 70, "crimson"))
    (item,) = refine_segments(coarse_segment(), picture, 9, crop_factor=1.5).items
    inside = np.zeros((240, 300), bool)
    inside[item.content.slices] = item.read_mask(item.content) > 0.5
    apart = from_edge((240, 300), 150, 120, 70)
    assert not (inside != (apart < 0))[np.abs(apart) > 1].any()
    assert (item.label, item.confidence) == ("disc", 0.7)
    assert item.bbox == pytest.approx(Box(80, 50, 220, 190), abs=1)


def test_no_reach_is_the_same_object():
    segments = coarse_segment()
    assert refine_segments(segments, np.zeros((240, 300, 3), np.uint8), 0) is segments


def test_each_frame_of_a_mask_is_refined():
    picture = drawn((300, 240), "white", (150, 120, 70, "crimson"))
    (one,) = coarse_segment().items
    both = torch.stack([one.mask, torch.zeros_like(one.mask)])
    framed = Segments((240, 300), [Segment(both, one.crop_region, one.bbox)])
    (item,) = refine_segments(framed, picture, 9).items
    first, second = item.read_mask(item.content)
    assert first.max() == 1
    assert not second.any()


def test_what_becomes_too_small_is_left_out():
    mask = torch.zeros(60, 60)
    mask[20:32, 20:32] = 1  # lies beside a square of 4 px that is all there is
    picture = np.full((60, 60, 3), 255, np.uint8)
    picture[24:28, 24:28] = 0
    box = Box(0, 0, 60, 60)
    segments = Segments((60, 60), [Segment(mask, box, Box(20, 20, 32, 32))])
    refined = refine_segments(segments, picture, 12, drop_size=10)
    assert refined.items == ()
    assert refined.left_out == (Box(20, 20, 32, 32),)


@pytest.mark.parametrize("reach", [-1, 101, 2.5])
def test_a_reach_out_of_range_is_refused(reach):
    with pytest.raises(InputError) as raised:
        refine_segments(coarse_segment(), np.zeros((240, 300, 3), np.uint8), reach)
    assert str(raised.value) == (
        f"refine_edges is {reach}: expected a whole number of px from 0 to 100"
    )
