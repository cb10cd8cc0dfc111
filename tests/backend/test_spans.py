"""Spans of an opacity: all of it that is not 0 once, and opaque only what is 1."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from segui.backend import spans as module
from segui.backend.feather import IMPACT_REACH_PX, IMPACT_SIGMA_PX, TAP_STEP, Gaussian
from segui.backend.spans import LEAST_PX, STRIP_ROWS, spans

WIDE = 3 * LEAST_PX


def opacity_of(rows):
    return torch.from_numpy(np.array(rows, np.float32))


@st.composite
def opacities(draw):
    """Rows that repeat, of runs of nothing, of a little and of all."""
    runs = st.lists(
        st.tuples(st.sampled_from([0.0, 0.25, 1.0]), st.integers(1, 2 * LEAST_PX)), min_size=1
    )
    lines = draw(st.lists(st.tuples(runs, st.integers(1, 2 * STRIP_ROWS)), min_size=1, max_size=3))
    width = draw(st.integers(1, WIDE))
    rows = [
        np.resize(np.repeat(*map(np.array, zip(*line, strict=True))), width)
        for line, times in lines
        for _ in range(times)
    ]
    return opacity_of(rows)


@given(opacities())
def test_all_that_is_not_0_is_in_one_span_and_what_is_opaque_is_1(opacity):
    times = torch.zeros(opacity.shape)
    for span in spans(opacity):
        times[span.place] += 1
        assert opacity[span.place].numel() > 0
        if span.is_opaque:
            assert bool((opacity[span.place] == 1).all())
    assert float(times.max()) <= 1
    assert bool((times[opacity != 0] == 1).all())


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 60), st.integers(1, 60)),
        elements=st.sampled_from([0.0, 0.5, 1.0]),
    )
)
def test_it_is_so_for_any_opacity(values):
    opacity = torch.from_numpy(values)
    times = torch.zeros(opacity.shape)
    for span in spans(opacity):
        times[span.place] += 1
    assert bool((times[opacity != 0] == 1).all())


def test_the_longest_run_of_what_is_1_is_opaque_and_its_sides_are_mixed():
    line = [0] * 3 + [0.5] * 2 + [1] * LEAST_PX + [0.5] + [1] * (LEAST_PX + 1) + [0.5] * 4 + [0]
    found = sorted(spans(opacity_of([line])), key=lambda span: span.columns.start)
    middle = 3 + 2 + LEAST_PX + 1
    assert [(span.columns.start, span.columns.stop, span.is_opaque) for span in found] == [
        (3, middle, False),
        (middle, middle + LEAST_PX + 1, True),
        (middle + LEAST_PX + 1, len(line) - 1, False),
    ]


def test_nothing_has_no_span_and_what_is_opaque_all_over_is_mixed_nowhere():
    assert list(spans(torch.zeros(100, WIDE))) == []
    assert all(span.is_opaque for span in spans(torch.ones(100, WIDE)))


def test_a_wide_opacity_has_fewer_rows_at_once(monkeypatch):
    monkeypatch.setattr(module, "STRIP_PX", 5 * WIDE)
    heights = [span.rows.stop - span.rows.start for span in spans(torch.ones(12, WIDE))]
    assert heights == [5, 5, 2]


@pytest.mark.parametrize("radius_px", [IMPACT_REACH_PX + 1, 100, 500])
def test_beyond_their_reach_the_weights_of_same_as_comfyui_are_0(radius_px):
    taps = Gaussian(radius_px, IMPACT_SIGMA_PX).taps()
    beyond = radius_px - IMPACT_REACH_PX
    assert not taps[:beyond].any()
    assert not taps[-beyond:].any()
    kept = Gaussian.impact(radius_px, (2000, 2000))
    assert kept == Gaussian(IMPACT_REACH_PX, IMPACT_SIGMA_PX)
    assert float((taps[beyond:-beyond] - kept.taps()).abs().max()) <= TAP_STEP
