"""What is near an edge of a mask: as the largest and the smallest level around each pixel say."""

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segui import Box
from segui.segments.near import NearEdge, near_edge

sides = st.integers(1, 40)
reaches = st.integers(1, 20)


def by_windows(levels, reach_px):
    square = np.ones((2 * reach_px + 1,) * 2, np.uint8)
    return cv2.dilate(levels, square) != cv2.erode(levels, square)


def blobs(height, width, seed):
    """Levels that are the same in most places."""
    draw = np.random.default_rng(seed)
    levels = np.full((height, width), draw.integers(0, 256), np.uint8)
    for _ in range(draw.integers(0, 3)):
        y, x = draw.integers(0, height), draw.integers(0, width)
        size = draw.integers(1, 6, 2)
        levels[y : y + size[0], x : x + size[1]] = draw.integers(0, 256)
    return levels


@given(height=sides, width=sides, reach_px=reaches, seed=st.integers(0, 9999))
def test_near_is_where_a_window_has_two_levels(height, width, reach_px, seed):
    levels = blobs(height, width, seed)
    assert np.array_equal(near_edge(levels, reach_px), by_windows(levels, reach_px))


@given(
    height=st.integers(1, 150),
    width=st.integers(1, 700),
    reach_px=reaches,
    strip_px=st.integers(1, 70),
    seed=st.integers(0, 9999),
)
def test_parts_have_all_that_is_near_and_each_pixel_once(height, width, reach_px, strip_px, seed):
    levels = blobs(height, width, seed)
    seen = np.zeros(levels.shape, int)
    is_near = np.zeros(levels.shape, bool)
    for part, flags in NearEdge.of(levels, reach_px).parts(strip_px):
        assert part == part.clip(levels.shape)
        assert 0 < part.height <= strip_px
        seen[part.slices] += 1
        is_near[part.slices] = flags
    assert np.array_equal(is_near, by_windows(levels, reach_px))
    assert seen.max() <= 1


def test_parts_are_little_more_than_what_is_near():
    levels = np.zeros((1000, 3000), np.uint8)
    levels[200:800, 500:2500] = 255
    near = NearEdge.of(levels, 30)
    looked_at = sum(part.width * part.height for part, _ in near.parts(64))
    assert looked_at < 1.5 * np.count_nonzero(by_windows(levels, 30))


@given(corners=st.tuples(*[st.integers(0, 60)] * 4), reach_px=reaches)
def test_any_part_can_be_looked_at(corners, reach_px):
    levels = blobs(60, 60, 5)
    x1, x2, y1, y2 = corners
    part = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    expected = by_windows(levels, reach_px)[part.slices]
    if not part.is_empty:
        assert np.array_equal(NearEdge.of(levels, reach_px).in_part(part), expected)
