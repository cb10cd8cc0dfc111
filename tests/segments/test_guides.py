"""Functions of colours that are nearest to a mask: against least squares in each window."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui import Box
from segui.segments.cells import Grid, means_of_cells
from segui.segments.guides import Guide

NOISE = 1e-4


def photo(size_hw, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (*size_hw, 3), np.uint8)


def nearest(colours, mask):
    """Slopes and what is added by least squares, in shares of 255, where steep is dear."""
    colours, mask = colours.reshape(-1, 3) / 255, mask.reshape(-1) / 255
    apart = colours - colours.mean(axis=0)
    rows = np.concatenate([apart, np.sqrt(NOISE * len(mask)) * np.eye(3)])
    wanted = np.concatenate([mask - mask.mean(), np.zeros(3)])
    slopes = np.linalg.lstsq(rows, wanted)[0]
    return slopes, mask.mean() - slopes @ colours.mean(axis=0)


@pytest.mark.parametrize("kind", ["colours", "grey", "plain"])
def test_each_function_is_the_nearest_in_its_window_and_twice_as_steep(kind):
    size_hw, grid = (30, 40), Grid((30, 40), 1, 3)
    picture = photo(size_hw)
    if kind != "colours":
        picture[...] = picture[..., :1] if kind == "grey" else 90
    mask = photo(size_hw, 1)[..., 0]
    box = Box.of_size(size_hw)
    said = Guide.of(picture, grid, box).fitted(box, mask)
    for y, x in ((10, 12), (20, 33), (26, 3)):
        window = np.s_[y - 3 : y + 4, x - 3 : x + 4]
        slopes, added = nearest(picture[window], mask[window])
        assert said[y, x, :3] == pytest.approx(2 * slopes, abs=1e-5)
        assert said[y, x, 3] == pytest.approx(2 * added - 0.5, abs=1e-5)


@given(
    size_hw=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    step_px=st.integers(1, 7),
    radius=st.integers(1, 5),
    corners=st.tuples(*[st.integers(0, 59)] * 4),
)
def test_a_guide_of_a_part_is_that_part_of_the_guide_of_all(size_hw, step_px, radius, corners):
    grid, picture = Grid(size_hw, step_px, radius), photo(size_hw)
    mask = means_of_cells(photo(size_hw, 1)[..., 0], step_px)
    x1, x2, y1, y2 = corners
    cells = Box(min(x1, x2), min(y1, y2), max(x1, x2) + 1, max(y1, y2) + 1).clip(grid.cells_hw)
    if cells.is_empty:
        return
    whole = Box.of_size(grid.cells_hw)
    all_of_it = Guide.of(picture, grid, whole).fitted(whole, mask)
    around = grid.widened(cells, radius)
    part = Guide.of(picture, grid, cells).fitted(cells, mask[around.slices])
    assert np.array_equal(part, all_of_it[cells.slices])
