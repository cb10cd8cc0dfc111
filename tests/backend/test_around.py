"""A blurred background has nothing of what stands before it."""

import numpy as np
import pytest
import torch

from segui.backend.around import weighed_around
from segui.edits import apply_edits, read_edits
from segui.geometry import Box
from segui.segments.segment import Segment, Segments

SIZE_HW = (120, 160)
KEPT = Box(50, 30, 110, 90)


@pytest.fixture
def kept() -> Segments:
    return Segments(SIZE_HW, [Segment(torch.ones(KEPT.size_hw), KEPT, KEPT)])


def photo(channels: int = 3) -> np.ndarray:
    """A red thing before a blue wall."""
    pixels = np.full((*SIZE_HW, channels), 255, np.uint8)
    pixels[..., :3] = (0, 0, 200)
    pixels[KEPT.slices][..., :3] = (250, 0, 0)
    return pixels


@pytest.mark.parametrize("channels", [3, 4])
def test_the_colour_of_what_is_kept_does_not_run_into_the_blur(kept, channels):
    edits = read_edits(
        [{"effect": "blur", "strength": 8, "effect_on": "everything else", "feather": 0}]
    )
    pixels = photo(channels)
    done = apply_edits(pixels, kept, [{}], edits).pixels
    assert np.array_equal(done[KEPT.slices], pixels[KEPT.slices])
    outside = np.ones(SIZE_HW, bool)
    outside[KEPT.slices] = False
    assert done[outside][:, 0].max() <= 12  # of 250: one part in 255 of the weight, and rounding
    assert np.abs(done[outside][:, 2].astype(int) - 200).max() <= 10


def test_behind_what_is_kept_there_is_a_blur_too_where_it_is_seen_through(kept):
    asked = {"effect": "blur", "strength": 4, "effect_on": "everything else", "alpha": 0}
    done = apply_edits(photo(), kept, [{}], read_edits([asked])).pixels
    assert done[60, 80, 0] > 240  # far from anything else it is its own colour, not black


def test_transparent_pixels_of_the_photo_stay_weightless(kept):
    pixels = photo(4)
    pixels[:, :20, 3] = 0
    weights = weighed_around(torch.from_numpy(pixels)[None], kept)[0, ..., 3]
    assert weights[60, 5] == 0
    assert weights[60, 40] == 255
    assert weights[60, 80] == 1
