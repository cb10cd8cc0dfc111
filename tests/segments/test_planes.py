import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui.geometry import Box
from segui.segments.planes import TiledPlane, as_levels, as_unit


@st.composite
def planes(draw):
    height, width = draw(st.integers(1, 200)), draw(st.integers(1, 200))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    plane = np.full(
        (height, width), draw(st.integers(0, 9)), draw(st.sampled_from(["u1", "f4", "i4"]))
    )
    for _ in range(draw(st.integers(0, 3))):
        y, x = rng.integers(height), rng.integers(width)
        part = plane[y : y + 50, x : x + 70]
        part[:] = rng.integers(0, 200, part.shape)
    return plane


@given(planes(), st.data())
def test_any_box_of_a_stored_plane_reads_as_it_was(plane, data):
    height, width = plane.shape
    x1, y1 = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    x2, y2 = data.draw(st.integers(x1, width)), data.draw(st.integers(y1, height))
    read = TiledPlane.of(plane).read(Box(x1, y1, x2, y2))
    assert read.dtype == plane.dtype
    assert np.array_equal(read, plane[y1:y2, x1:x2])


def test_what_is_read_can_be_written_without_changing_what_is_stored():
    stored = TiledPlane.of(np.ones((70, 70), np.uint8))
    stored.read(Box(0, 0, 70, 70))[:] = 7
    assert (stored.read(Box(0, 0, 70, 70)) == 1).all()


def test_storing_copies():
    plane = np.arange(6, dtype=np.uint8).reshape(2, 3)
    stored = TiledPlane.of(plane)
    plane[:] = 0
    assert stored.read(Box(0, 0, 3, 2)).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_large_flat_plane_takes_next_to_nothing():
    plane = np.zeros((2160, 3840), np.uint8)
    plane[300:1800, 400:3400] = 255
    assert TiledPlane.of(plane).nbytes < plane.nbytes / 10


def test_levels_of_255_are_kept_as_bytes_and_come_back_exactly():
    unit = np.arange(256, dtype=np.float32)[None] / np.float32(255)
    levels = as_levels(unit)
    assert levels is not None
    assert levels.dtype == np.uint8
    assert np.array_equal(as_unit(levels), unit)


@pytest.mark.parametrize("value", [0.5, 1e-6, 0.99999])
def test_what_lies_between_levels_is_not_rounded_away(value):
    assert as_levels(np.array([[0, value, 1]], np.float32)) is None
