"""Parts of a small plane at a picture's size: against torch's own interpolation of all of it."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from segui import Box
from segui.segments.enlarging import BAND_PX, bands_of, enlarged, reach_of


def plane(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def by_torch(small, size_hw):
    whole = torch.from_numpy(small)[None, None]
    return torch.nn.functional.interpolate(whole, size_hw, mode="bilinear")[0, 0].numpy()


@given(
    small_hw=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    size_hw=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    corners=st.tuples(*[st.integers(0, 60)] * 4),
)
def test_a_part_is_that_of_the_whole_enlarged(small_hw, size_hw, corners):
    small = plane(*small_hw)
    x1, x2, y1, y2 = corners
    box = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)).clip(size_hw)
    per_px = (small_hw[0] / size_hw[0], small_hw[1] / size_hw[1])
    expected = by_torch(small, size_hw)[box.slices] if not box.is_empty else np.zeros(box.size_hw)
    assert enlarged(small, per_px, box) == pytest.approx(expected, abs=1e-4)


def test_channels_are_enlarged_one_by_one():
    small = plane(4, 5, 3)
    out = enlarged(small, (0.1, 0.1), Box(3, 7, 41, 33))
    for channel in range(3):
        one = enlarged(np.ascontiguousarray(small[..., channel]), (0.1, 0.1), Box(3, 7, 41, 33))
        assert np.array_equal(out[..., channel], one)


@given(
    cells=st.lists(st.integers(0, 62), min_size=1, max_size=4),
    size_hw=st.tuples(st.integers(1, 80), st.integers(1, 80)),
)
def test_no_pixel_outside_of_the_reach_is_touched(cells, size_hw):
    is_set = np.zeros((7, 9), bool)
    is_set.flat[cells] = True
    per_px = (7 / size_hw[0], 9 / size_hw[1])
    outside = by_torch(is_set.astype(np.float32), size_hw)
    outside[reach_of(is_set, per_px, size_hw).slices] = 0
    assert not outside.any()


def test_the_reach_of_no_cell_is_empty_and_of_one_is_near_it():
    is_set = np.zeros((10, 10), bool)
    assert reach_of(is_set, (0.1, 0.1), (100, 100)).is_empty
    is_set[4, 5] = True
    box = reach_of(is_set, (0.1, 0.1), (100, 100))
    assert box == pytest.approx(Box(45, 35, 65, 55), abs=2)


def test_bands_are_the_box_in_pieces():
    box = Box(3, 5, 1003, 1005)
    pieces = list(bands_of(box))
    assert [piece.y1 for piece in pieces[1:]] == [piece.y2 for piece in pieces[:-1]]
    assert (pieces[0].y1, pieces[-1].y2) == (5, 1005)
    assert all(piece.width * piece.height <= BAND_PX for piece in pieces)
    assert list(bands_of(Box(4, 4, 4, 4))) == []
