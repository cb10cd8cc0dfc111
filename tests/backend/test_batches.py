"""Boxes taken out of a picture, worked on and put back: as if each had been worked on alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui.backend import batches as module
from segui.backend.batches import batches, put, take

SIZE_HW = (12, 30)


@st.composite
def boxes(draw):
    """Boxes side by side that share no pixel, in bands of rows."""
    found, top = [], 0
    for height in draw(st.lists(st.integers(1, 4), max_size=3)):
        ends = sorted(draw(st.sets(st.integers(0, SIZE_HW[1]), min_size=2, max_size=5)))
        rows = slice(top, top + height)
        found += [(rows, slice(*pair)) for pair in zip(ends[::2], ends[1::2], strict=False)]
        top += height
    return found


def pictures(channels):
    return np.arange(np.prod((*SIZE_HW, *channels)), dtype=np.float32).reshape(*SIZE_HW, *channels)


@given(boxes(), st.sampled_from([(), (3,), (4,)]))
def test_what_is_done_to_what_was_taken_is_done_to_the_boxes_alone(places, channels):
    picture, want = pictures(channels), pictures(channels)
    for place in places:
        want[place] *= -2
    taken = take(picture, places)
    assert taken.shape[1:] == channels
    put(picture, places, taken * -2)
    assert np.array_equal(picture, want)


@given(boxes(), st.integers(1, 100))
def test_every_box_is_in_one_batch_and_in_its_order(places, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BATCH_PX", most)
        several = list(batches(places))
    assert [place for batch in several for place in batch] == places
    for batch in several:
        sizes = [np.zeros(SIZE_HW)[place].size for place in batch]
        assert sum(sizes[:-1]) < most
