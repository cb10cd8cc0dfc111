"""How much a paste replaces: the same bits as by one formula, mask after mask."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from segui.backend import coverage as covering
from segui.backend.coverage import coverage
from segui.backend.opacity import place
from segui.backend.uncovered import rim_px, uncovered
from segui.finders.regions import segments_from_mask
from segui.segments.segment import Segments
from tests.counts import examples

SIZE_HW = (90, 140)


@contextmanager
def one_thread() -> Iterator[None]:
    """As workers compute: a product of matrices by several threads has other last bits on some."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@one_thread()
def plainly(segments: Segments, feather: int, alpha: int, edge: str) -> Tensor:
    """All masks, whole and in their order."""
    covered = torch.zeros(segments.size)
    for segment in segments.items:
        placement = place(segment, feather, edge, segments.size, beyond=True)
        if placement is not None:
            under = covered[placement.target.slices]
            for mask in placement.opacities(range(1), 1, covered.device):
                under += (1 - under) * mask * (alpha / 255)
    return covered.clamp_(0, 1)


@st.composite
def areas(draw) -> Segments:
    """Rectangles of any opacity that may overlap."""
    parts = []
    for number in range(draw(st.integers(1, 6))):
        mask = np.zeros(SIZE_HW, np.uint8)
        x, y = draw(st.integers(0, 130)), draw(st.integers(0, 80))
        width, height = draw(st.integers(3, 60)), draw(st.integers(3, 60))
        mask[y : y + height, x : x + width] = draw(st.sampled_from([255, 255, 250, 120]))
        found = segments_from_mask(torch.from_numpy(mask), drop_size=1, label=str(number))
        parts += found.items
    return Segments(SIZE_HW, tuple(parts))


edges = st.sampled_from(["smooth", "outward", "impact"])
few = pytest.mark.parametrize("most", [0, 2**12, 2**23], ids=["one by one", "some", "all at once"])


@few
@given(areas(), st.integers(0, 60), st.sampled_from([0, 128, 255]), edges)
@settings(max_examples=examples(40))
def test_every_bit_is_as_by_the_plain_formula(most, segments, feather, alpha, edge):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(covering, "_MOST_VALUES", most)
        made = coverage(segments, segments.size, feather, alpha, edge)
    assert torch.equal(made, plainly(segments, feather, alpha, edge))


@given(areas(), st.integers(0, 60), edges)
@settings(max_examples=examples(60))
def test_what_is_seen_is_judged_as_by_the_plain_formula(segments, feather, edge):
    numbers = range(1, len(segments.items) + 1)
    rim = rim_px(feather, edge)
    judged = uncovered(
        segments, numbers, lambda: coverage(segments, SIZE_HW, feather, 255, edge), rim
    )
    assert judged == uncovered(
        segments, numbers, lambda: plainly(segments, feather, 255, edge), rim
    )


def test_no_more_opacities_are_held_than_there_is_room_for(monkeypatch):
    mask = np.zeros((60, 420), np.uint8)
    for number in range(20):
        mask[20:36, 12 + 20 * number : 26 + 20 * number] = 255
    segments = segments_from_mask(torch.from_numpy(mask), drop_size=1)
    monkeypatch.setattr(covering, "_MOST_VALUES", 5 * 20 * 22)
    held = []
    opacities = covering._opacities
    monkeypatch.setattr(
        covering,
        "_opacities",
        lambda several, *how: held.append(several) or opacities(several, *how),
    )
    coverage(segments, segments.size, 3)
    sizes = [sum(each.target.width * each.target.height for each in several) for several in held]
    assert sum(map(len, held)) == 20
    assert max(sizes) <= 5 * 20 * 22
    assert len(held) > 2
