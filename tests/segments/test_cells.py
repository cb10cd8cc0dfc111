"""A picture in cells: their means, sums over windows, and what they say of the px between them."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui import Box
from segui.segments.cells import Grid, means_of_cells
from segui.segments.enlarging import enlarged

sides = st.integers(1, 50)


@given(height=sides, width=sides, step_px=st.integers(1, 12), channels=st.sampled_from([(), (3,)]))
def test_each_cell_is_the_mean_of_the_pixels_that_it_has(height, width, step_px, channels):
    plane = np.random.default_rng(1).integers(0, 256, (height, width, *channels), np.uint8)
    cells = means_of_cells(plane, step_px)
    grid = Grid((height, width), step_px, 1)
    assert cells.shape == (*grid.cells_hw, *channels)
    for row, column in np.ndindex(grid.cells_hw):
        px = grid.px_of(Box(column, row, column + 1, row + 1))
        assert cells[row, column] == pytest.approx(plane[px.slices].mean(axis=(0, 1)), abs=0.501)


@given(reach_px=st.floats(1, 400))
def test_some_five_cells_lie_within_a_reach(reach_px):
    grid = Grid.of((9, 9), reach_px)
    assert abs(grid.radius * grid.step_px - reach_px) <= grid.step_px / 2
    assert grid.radius <= 7
    assert grid.radius >= 4 or grid.step_px == 1


@given(
    size_hw=st.tuples(sides, sides),
    step_px=st.integers(1, 9),
    corners=st.tuples(*[st.integers(0, 49)] * 4),
)
def test_a_part_between_cells_is_that_of_all_of_them_enlarged(size_hw, step_px, corners):
    grid = Grid(size_hw, step_px, 2)
    planes = np.random.default_rng(2).standard_normal((*grid.cells_hw, 4)).astype(np.float32)
    x1, x2, y1, y2 = corners
    px = Box(min(x1, x2), min(y1, y2), max(x1, x2) + 1, max(y1, y2) + 1).clip(size_hw)
    if not px.is_empty:
        cells = grid.widened(grid.cells_around(px), 1)
        part = grid.enlarged(planes[cells.slices], cells, px)
        assert part == pytest.approx(enlarged(planes, (1 / step_px,) * 2, px), abs=1e-4)


def test_sums_over_windows_are_whole_numbers():
    plane = np.random.default_rng(3).integers(0, 255**2, (40, 30)).astype(np.uint16)
    grid = Grid((40, 30), 1, 7)
    padded = np.pad(plane.astype(np.int64), 7, mode="symmetric")
    views = np.lib.stride_tricks.sliding_window_view(padded, (15, 15))
    assert np.array_equal(grid.window_sums(plane), views.sum(axis=(2, 3)))
    assert grid.window == 225


def test_means_over_windows_are_those_of_each_channel():
    planes = np.random.default_rng(4).standard_normal((20, 25, 4)).astype(np.float32)
    means = Grid((20, 25), 1, 3).window_means(planes)
    for channel in range(4):
        one = cv2.blur(planes[..., channel], (7, 7), borderType=cv2.BORDER_REFLECT)
        assert means[..., channel] == pytest.approx(one, abs=1e-6)
