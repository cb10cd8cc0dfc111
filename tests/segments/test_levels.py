"""A mask read as levels: the same as its values, or nothing at all."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from segui import Box, Segment, segments_from_mask
from segui.segments.planes import as_unit

planes = arrays.arrays(
    np.uint8, st.tuples(st.integers(4, 40), st.integers(4, 40)), elements=st.integers(0, 255)
)


def check(item, box):
    levels = item.read_levels(box)
    if levels is not None:
        assert levels.dtype == np.uint8
        assert np.array_equal(as_unit(levels), item.read_mask(box))
    return levels


@given(planes, st.booleans(), st.booleans(), st.data())
def test_a_region_has_the_levels_of_its_values(plane, fills_box, fills_outline, data):
    found = segments_from_mask(
        torch.from_numpy(plane), drop_size=1, bbox_fill=fills_box, contour_fill=fills_outline
    )
    for item in found.items:
        x1, y1, x2, y2 = item.content
        x, y = data.draw(st.integers(x1, x2 - 1)), data.draw(st.integers(y1, y2 - 1))
        check(item, Box(x, y, x2, y2))
        check(item, item.crop_region)


def test_a_region_that_is_cut_along_its_outline_has_levels():
    plane = np.zeros((30, 40), np.uint8)
    plane[5:20, 5:20] = plane[10:25, 10:35] = 200
    (item,) = segments_from_mask(torch.from_numpy(plane), drop_size=1).items
    levels = check(item, item.content)
    assert levels is not None
    assert set(np.unique(levels)) == {0, 200}


@given(planes, st.booleans())
def test_a_mask_that_is_kept_has_levels_where_it_is_made_of_them(plane, has_frames):
    values = torch.from_numpy(as_unit(plane))
    box = Box.of_size(plane.shape)
    item = Segment(torch.stack([values, values]) if has_frames else values, box, box)
    levels = check(item, item.content)
    assert (levels is None) == has_frames


@pytest.mark.parametrize("value", [0.3, 1e-30])
def test_other_values_have_no_levels(value):
    item = Segment(torch.full((3, 4), value), (0, 0, 4, 3), (0, 0, 4, 3))
    assert item.read_levels(item.content) is None
