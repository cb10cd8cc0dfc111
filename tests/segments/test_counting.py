import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from segui.segments import counting
from segui.segments.counting import Counted, count_regions, most_label_regions, most_regions
from segui.segments.cutting import bounding_boxes, find_outlines
from tests.counts import examples


def outlined(levels: np.ndarray, more_than_px: int) -> Counted:
    """The same by drawing every outline, as areas are found."""
    boxes = bounding_boxes(find_outlines(levels))
    large = np.all(boxes[:, 2:] - boxes[:, :2] > more_than_px, axis=1)
    return Counted(len(boxes), int(large.sum()))


MASKS = arrays.arrays(
    np.uint8,
    st.tuples(st.integers(1, 24), st.integers(1, 24)),
    elements=st.sampled_from([0, 0, 0, 1, 255]),
)


@given(levels=MASKS, more_than_px=st.integers(1, 5), band=st.sampled_from([1, 30, 90, 10_000]))
@settings(deadline=None, max_examples=examples(300))
def test_as_many_are_counted_as_outlines_are_drawn(levels, more_than_px, band):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "_BAND_PIXELS", band)
        assert count_regions(levels, more_than_px) == outlined(levels, more_than_px)
        assert most_regions(levels) >= len(find_outlines(levels))


@pytest.mark.parametrize("shape", [(4, 70_000), (70_000, 4)])
def test_a_picture_may_be_very_long(shape):
    levels = np.zeros(shape, np.uint8)
    levels[1::3, 1::3] = 255
    assert count_regions(levels, 1) == outlined(levels, 1)
    assert most_regions(levels) == len(find_outlines(levels))


@given(
    labels=arrays.arrays(np.int32, (9, 11), elements=st.integers(0, 3)),
    band=st.sampled_from([1, 40, 10_000]),
)
@settings(deadline=None, max_examples=examples(100))
def test_each_labels_regions_are_no_more_than_said(labels, band):
    each = [find_outlines(np.asarray(labels == value, np.uint8)) for value in (1, 2, 3)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "_BAND_PIXELS", band)
        assert most_label_regions(labels) >= sum(len(outlines) for outlines in each)


def test_plain_shapes_are_counted_once_by_their_first_pixels():
    levels = np.zeros((40, 60), np.uint8)
    levels[3:9, 4:20] = levels[20:30, 30:50] = 200
    assert most_regions(levels) == 2
    assert most_label_regions(levels.astype(np.int32)) == 2


@pytest.mark.parametrize("band", [1, 50, 10_000])
def test_what_a_thin_slanted_ring_encloses_is_enclosed_wherever_bands_meet(band, monkeypatch):
    """Inside and outside of it touch at corners alone, which is no way out for a gap."""
    rows, columns = np.mgrid[:25, :25] - 12
    levels = np.asarray(abs(rows) + abs(columns) == 10, np.uint8)
    levels[11:14, 11:14] = 1
    monkeypatch.setattr(counting, "_BAND_PIXELS", band)
    assert count_regions(levels, 1) == Counted(1, 1)
