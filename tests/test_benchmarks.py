import numpy as np
import pytest
import torch

from benchmarks.paste import dense_masks, plain_paste
from benchmarks.report import Row, table
from benchmarks.timing import medians
from segui import Segments, paste
from tests.drawn import picture, rectangle, segment


@pytest.mark.parametrize("feather", [5, 20])
def test_the_peer_does_the_same_work(feather):
    base, reference = picture(150, 200, 1), picture(150, 200, 2)
    inner = rectangle(100, 120, (30, 25, 90, 80))
    segments = Segments((150, 200), [segment((20, 30, 140, 130), inner)])
    plain = plain_paste(base[0].numpy(), reference[0].numpy(), dense_masks(segments), feather)
    own = paste(base, segments, feather, reference=reference, edge="impact")
    assert np.abs(plain - own[0].numpy()).max() < 1e-4


def test_a_figure_over_its_bound_is_marked():
    rows = [
        Row("fast", 1, 2, "ms", 0.8),
        Row("slow", 2, 2, "ms", 0.8),
        Row("told", 9, 2, "ms", None),
    ]
    assert table(rows).splitlines()[2:] == [
        "| fast | 1.0 ms | 2.0 ms | 0.50 | 0.8 | ok |",
        "| slow | 2.0 ms | 2.0 ms | 1.00 | 0.8 | **over** |",
        "| told | 9.0 ms | 2.0 ms | 4.50 | - | ok |",
    ]


def test_every_run_is_made_once_a_round_after_one_unmeasured():
    made = []
    found = medians({"a": lambda: made.append("a"), "b": lambda: made.append("b")}, rounds=3)
    assert made == ["a", "b", "b", "a"] * 2
    assert set(found) == {"a", "b"}
    assert all(time >= 0 for time in found.values())


def test_the_measured_picture_is_the_one_promised():
    from benchmarks.scene import SIZE_HW, grid_segments

    segments = grid_segments()
    assert segments.size == SIZE_HW == (2160, 3840)
    assert len(segments.items) == 16
    for item in segments.items:
        assert item.bbox.width == pytest.approx(576, abs=2)
        assert item.bbox.height == pytest.approx(324, abs=2)
        assert item.crop_region.width == pytest.approx(1.5 * item.bbox.width, abs=1)
    assert torch.equal(segments.items[0].mask.unique(), torch.tensor([0.0, 1.0]))
