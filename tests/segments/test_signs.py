"""Where a small plane is above 0 when it is enlarged: as if all of it were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui import Box
from segui.segments import signs
from segui.segments.enlarging import enlarged
from segui.segments.signs import levels_above_0

values = st.sampled_from([-2.0, -1.0, -0.25, 0.0, 1e-45, 0.5, 1.0, 3.0, -np.inf])


def whole(small, per_px, box):
    with np.errstate(invalid="ignore"):  # of minus infinity
        return np.where(enlarged(small, per_px, box) > 0, 255, 0)


@given(
    data=st.data(),
    small_hw=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    per_px=st.tuples(st.floats(0.02, 0.6), st.floats(0.02, 0.6)),
    corners=st.tuples(*[st.integers(0, 90)] * 4),
)
def test_it_is_what_is_above_0_of_all_that_is_enlarged(data, small_hw, per_px, corners):
    cells = data.draw(
        st.lists(values, min_size=small_hw[0] * small_hw[1], max_size=small_hw[0] * small_hw[1])
    )
    small = np.array(cells, np.float32).reshape(small_hw)
    x1, x2, y1, y2 = corners
    box = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    with np.errstate(invalid="ignore"):
        levels = levels_above_0(small, per_px, box)
    assert levels.dtype == np.uint8
    assert np.array_equal(levels, whole(small, per_px, box))


@given(seed=st.integers(0, 9999), at_once=st.integers(1, 4000))
def test_so_it_is_however_many_are_worked_at_once(seed, at_once):
    small = np.random.default_rng(seed).normal(0, 1, (9, 7)).astype(np.float32)
    box, per_px = Box(3, 5, 70, 61), (0.12, 0.09)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(signs, "BAND_PX", at_once)
        assert np.array_equal(levels_above_0(small, per_px, box), whole(small, per_px, box))


def test_what_is_hardly_above_0_may_come_out_as_0():
    small, per_px, box = np.full((3, 3), 1e-45, np.float32), (2 / 9, 2 / 9), Box(0, 0, 13, 13)
    expected = whole(small, per_px, box)
    assert not expected.all()
    assert np.array_equal(levels_above_0(small, per_px, box), expected)


def test_only_what_lies_between_two_signs_is_enlarged(monkeypatch):
    monkeypatch.setattr(signs, "enlarged", None)
    inside, asked = np.hypot(*np.mgrid[-20:20, -20:20]).astype(np.float32) < 12, []
    levels_of = signs._levels

    def levels(is_in):
        asked.append(is_in.size)
        return levels_of(is_in)

    monkeypatch.setattr(signs, "_levels", levels)
    small = np.where(inside, np.float32(1), np.float32(-1))
    assert levels_above_0(small, (0.05, 0.05), Box(0, 0, 800, 800)).any()
    first, *mixed = asked
    assert first <= 41**2
    assert 0 < sum(mixed) < 0.15 * 800**2
