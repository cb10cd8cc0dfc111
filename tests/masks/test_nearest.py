"""What is nearest to the pixels of edges, found in time that does not grow with their width."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from segui.masks.pixels import noise
from segui.masks.pixels.blends import _Edges, without_blends
from segui.masks.pixels.flat import count_values
from segui.masks.pixels.nearest import AROUND, _found, fill
from tests.counts import examples


def filled_slowly(index: np.ndarray, is_core: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """The same by its meaning: each step looks at all that is left."""
    height, width = index.shape
    known = {at: int(index[at]) for at in np.ndindex(index.shape) if is_core[at]}
    within = np.zeros(index.shape, int)
    step = 0
    while len(known) < index.size:
        step += 1
        new = {}
        for row, column in np.ndindex(index.shape):
            if (row, column) in known:
                continue
            for down, right in AROUND[: 4 if step % 2 else 8]:
                if (there := (row + down, column + right)) in known:
                    new[row, column] = known[there]
                    within[row, column] = step
                    break
        known |= new
    nearest = np.array([known[at] for at in np.ndindex(index.shape)]).reshape(height, width)
    return nearest, within[~is_core].tolist()


@given(
    index=arrays.arrays(
        np.uint16,
        st.tuples(st.integers(1, 14), st.integers(1, 14)),
        elements=st.sampled_from([0, 1, 2, 3, 9, 9, 9, 9, 9, 9, 9, 9]),
    ),
    steps=st.sampled_from([2, 3, 12]),
)
@settings(deadline=None, max_examples=examples(200))
def test_each_pixel_is_known_as_the_core_nearest_to_it(index, steps):
    is_core = index != 9
    is_core[0, 0] = True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("segui.masks.pixels.nearest._STEPS_OF_ALL", steps)
        nearest = index.astype(np.int16)
        within = fill(nearest, np.flatnonzero(~is_core))
    slowly, within_slowly = filled_slowly(index, is_core)
    assert nearest.tolist() == slowly.tolist()
    assert within.tolist() == within_slowly


@pytest.mark.long
def test_a_wide_band_is_gone_through_once_and_not_once_for_each_step(monkeypatch):
    """Of as many pixels, those that lie further away are looked at about as often."""
    looked_at: list[int] = []

    def count(flat: np.ndarray, at: np.ndarray, *others: Any) -> np.ndarray:
        looked_at.append(at.size)
        return _found(flat, at, *others)

    monkeypatch.setattr("segui.masks.pixels.nearest._found", count)
    index = np.ones((1_200, 100), np.int16)
    index[0] = 0
    left = np.flatnonzero(index)
    within = fill(index, left)
    assert (within.max(), index.max()) == (1_199, 0)
    # by all of the first twelve steps, and then where something was found beside it
    assert sum(looked_at) <= (12 + 2) * left.size


COLOURS = st.sampled_from([0, 1, 1, 1, 2, 3, 4, 5])


@given(
    index=arrays.arrays(
        np.uint16, st.tuples(st.integers(3, 9), st.integers(3, 9)), elements=COLOURS
    ),
    band=st.sampled_from([1, 20, 10_000]),
)
@settings(deadline=None, max_examples=examples(200))
def test_what_lies_scattered_is_told_whatever_bands_are_looked_at(index, band):
    """A pixel is a peak where it is brighter or darker than both beside it, and both above it."""
    colours = np.array([[0, 0, 0], [90, 90, 90], [91, 90, 90], [90, 92, 90], [89, 90, 93], [9] * 3])
    colours = colours.astype(np.uint8)
    counts = count_values(index, 5)
    is_weak = counts.flat < 0.1 * counts.pixels
    bright = (colours.astype(int) @ [3, 5, 2])[index]
    everyone, peaks = np.zeros(6), np.zeros(6)
    for row in range(1, index.shape[0] - 1):
        for column in range(1, index.shape[1] - 1):
            here, colour = bright[row, column], index[row, column]
            pairs = (
                (bright[row, column - 1] - here, bright[row, column + 1] - here),
                (bright[row - 1, column] - here, bright[row + 1, column] - here),
            )
            everyone[colour] += is_weak[colour]
            peaks[colour] += is_weak[colour] and all(one * other > 0 for one, other in pairs)
    expected = (peaks > 0) & (peaks >= 0.04 * everyone) & is_weak
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(noise, "_BAND_PX", band)
        assert noise._scattered(index, colours, is_weak).tolist() == expected.tolist()


def diagonals(size: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Two colours with ground of their own, and below them one-pixel diagonals of many."""
    rows, columns = np.mgrid[:size, :size]
    index = ((rows + columns) % count + 2).astype(np.uint16)
    index[: size // 4] = 0
    index[: size // 8] = 1
    colours = np.random.default_rng(0).integers(20, 256, (count + 2, 3)).astype(np.uint8)
    return index, colours


@pytest.mark.long
def test_more_pixels_than_edges_have_are_not_looked_at_one_by_one(monkeypatch):
    index, colours = diagonals(200, 50)
    monkeypatch.setattr("segui.masks.pixels.blends._MOST_PX", 29_000)

    def fail(*_arguments):
        raise AssertionError("they were looked at")

    monkeypatch.setattr("segui.masks.pixels.blends.fill", fail)
    cleaned = without_blends(index.copy(), colours)
    assert cleaned.blended == 0
    assert np.array_equal(cleaned.index, index)
    monkeypatch.setattr("segui.masks.pixels.blends._MOST_PX", 30_000)
    with pytest.raises(AssertionError, match="they were looked at"):
        without_blends(index, colours)


def test_more_colours_with_ground_than_labels_are_not_compared(monkeypatch):
    index = np.arange(400, dtype=np.uint16).reshape(20, 20).repeat(3, axis=0).repeat(3, axis=1)
    colours = np.random.default_rng(0).integers(0, 256, (400, 3)).astype(np.uint8)
    monkeypatch.setattr("segui.masks.pixels.blends._MOST_CORES", 399)
    monkeypatch.setattr("segui.masks.pixels.blends.without_noise", None)
    assert without_blends(index, colours).index is index


def test_of_very_many_pixels_of_faint_ends_every_other_row_says_the_same(monkeypatch):
    """A ring that is nearly its label's colour is no label, also where rows are skipped."""
    index = np.zeros((120, 120), np.uint16)
    index[10:110, 10:110] = 1
    index[40:80, 40:80] = 2
    index[44:76, 44:76] = 1
    colours = np.array([[0, 0, 0], [200, 30, 30], [196, 30, 30]], np.uint8)
    edges = _Edges(index, colours.astype(np.float32), count_values(index, 2))
    assert edges._tails().tolist() == [False, False, True]
    monkeypatch.setattr("segui.masks.pixels.blends._MOST_PX", 200)
    monkeypatch.setattr("segui.masks.pixels.blends._BAND_PX", 700)
    assert sum(map(len, edges._places_of(np.array([False, False, True])))) < 200
    assert edges._tails().tolist() == [False, False, True]
