"""Areas that can be seen though a paste is to hide them: judged by their middle."""

import cv2
import numpy as np
import pytest
import torch

from segui.backend.coverage import coverage
from segui.backend.uncovered import LONGEST_PX, Uncovered, rim_px, uncovered
from segui.finders.regions import segments_from_mask

NOTHING, FAINT, SOFT = Uncovered(), Uncovered(faint=(1,)), Uncovered(soft=(1,))


def disc(across_px, level=255, size=200):
    mask = np.zeros((size, size), np.uint8)
    return cv2.circle(mask, (size // 2, size // 2), across_px // 2, level, cv2.FILLED)


def square(side_px, size=100):
    mask = np.zeros((size, size), np.uint8)
    mask[20 : 20 + side_px, 20 : 20 + side_px] = 255
    return mask


def person():
    """A head of 60 px on a trunk of 200."""
    mask = cv2.circle(np.zeros((600, 400), np.uint8), (200, 90), 30, 255, cv2.FILLED)
    mask[110:550, 100:300] = 255
    return mask


def judged(mask, feather=5, edge="smooth", *, combined=False, is_looked_at=False):
    """The areas of a mask that are seen, all of them being pasted.

    Args:
        mask: uint8 levels.
        feather: The feather.
        edge: The edge.
        combined: Whether all of the mask is one area.
        is_looked_at: Whether what is pasted is looked at in any case.
    """
    segments = segments_from_mask(torch.from_numpy(mask), combined=combined, drop_size=1)
    everything = range(1, len(segments.items) + 1)
    covered = coverage(segments, segments.size, feather, 255, edge)
    rim = None if is_looked_at else rim_px(feather, edge)
    return uncovered(segments, everything, lambda: covered, rim)


@pytest.mark.parametrize("make", [disc, square])
@pytest.mark.parametrize("across_px", [13, 16, 24, 40, 64])
def test_the_default_edge_covers_the_middle_of_any_ordinary_area(make, across_px):
    assert judged(make(across_px)) == NOTHING


@pytest.mark.parametrize(("feather", "expected"), [(12, NOTHING), (16, SOFT), (40, SOFT)])
def test_a_soft_edge_of_a_third_of_an_area_reaches_its_middle(feather, expected):
    assert judged(disc(40), feather) == expected


def test_an_edge_that_is_soft_outside_alone_never_does():
    assert judged(disc(40), 100, "outward") == NOTHING


def test_of_an_area_the_part_that_is_seen_counts_however_large_the_rest_is():
    assert judged(person(), 15) == NOTHING
    assert judged(person(), 30) == SOFT, "of the head little is covered, of the trunk all"


def test_a_small_piece_of_an_area_counts_as_the_large_one_does():
    mask = disc(150, size=400)
    mask[350:370, 20:120] = 255
    assert judged(mask, 5, combined=True) == NOTHING
    assert judged(mask, 20, combined=True) == SOFT


def test_thin_parts_and_specks_are_the_rim_of_a_large_piece():
    mask = disc(100)
    mask[95:98, 100:190] = 255
    mask[10:13, 10:13] = 255
    assert judged(mask, combined=True) == NOTHING
    alone = np.where(disc(110) > 0, np.uint8(0), mask)
    assert judged(alone, combined=True) == SOFT


@pytest.mark.parametrize(("level", "expected"), [(102, FAINT), (235, FAINT), (250, NOTHING)])
def test_an_area_is_covered_as_far_as_it_is_marked(level, expected):
    for feather in (0, 5):
        assert judged(disc(60, level), feather) == expected


def test_a_soft_outline_is_a_rim_and_a_mask_that_is_soft_throughout_is_faint():
    assert judged(cv2.GaussianBlur(disc(100), (31, 31), 0)) == NOTHING
    assert judged(cv2.GaussianBlur(disc(100), (121, 121), 0)) == FAINT


def test_an_area_that_another_one_covers_is_hidden():
    """The head alone is narrower than its edge; its trunk reaches around it."""
    head, trunk = disc(40), disc(160)
    assert judged(head, 30) == SOFT
    parts = [segments_from_mask(torch.from_numpy(mask)) for mask in (head, trunk)]
    both = parts[0].of(item for part in parts for item in part.items)
    covered = coverage(both, both.size, 30)
    assert uncovered(both, (1, 2), lambda: covered, rim_px(30, "smooth")) == NOTHING


def test_only_what_is_to_be_hidden_is_judged():
    mask = np.hstack([disc(60), disc(60), disc(60)])
    segments = segments_from_mask(torch.from_numpy(mask))
    shown = torch.zeros(mask.shape)
    assert uncovered(segments, {1, 3}, lambda: shown) == Uncovered(soft=(1, 3))
    assert uncovered(segments, (), lambda: shown) == NOTHING


@pytest.mark.parametrize("feather", [0, 2, 5, 9, 14])
@pytest.mark.parametrize("edge", ["smooth", "outward", "impact"])
def test_what_the_masks_alone_tell_is_so(feather, edge):
    for mask in (disc(14), disc(25), disc(60), square(30), person()):
        told = judged(mask, feather, edge)
        assert told == judged(mask, feather, edge, is_looked_at=True)


def test_where_the_masks_alone_tell_nothing_is_pasted():
    def never() -> torch.Tensor:
        raise AssertionError("it was pasted")

    segments = segments_from_mask(torch.from_numpy(disc(60)))
    for feather, edge in ((0, "smooth"), (5, "smooth"), (90, "outward")):
        assert uncovered(segments, (1,), never, rim_px(feather, edge)) == NOTHING


def test_of_a_long_area_fewer_pixels_are_looked_at():
    mask = np.zeros((200, 2 * LONGEST_PX + 50), np.uint8)
    mask[60:140, 20:-20] = 255
    assert judged(mask, 5, is_looked_at=True) == NOTHING
    assert judged(mask, 60) == SOFT
