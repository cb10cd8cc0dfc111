"""Which areas can be seen though a paste is to hide them: judged by the middle of each.

A soft rim is by design, so that what lies near an outline is not looked at. What counts is the
centre line of an area: around it all has to be opaque, as far as half of the way to the outline.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from segui.backend.opacity import UNION_LEVEL, read_frames
from segui.backend.workers import Stop, never
from segui.geometry import Box
from segui.segments.segment import Segment, Segments

Plane = NDArray[np.float32]

OPAQUE: Final = 250 / 255  # at most 5 levels are left of the photo
# Parts of a piece that are thinner than this, or than a quarter of its thickness, are its rim, as
# hair and stalks are; pieces that are thinner are no more than that beside a thicker one.
THICK_PX: Final = 11
_SLENDER: Final = 0.25
_NEARLY: Final = 0.9  # of the thickness of a piece that is thin throughout
LONGEST_PX: Final = 2048  # of a longer area every second pixel is looked at, or fewer
_AROUND: Final = np.ones((5, 5), np.uint8)
_SPECK: Final = np.ones((3, 3), np.uint8)
# On a slope, the distance grows by 2 or more within two steps; along a centre line by less.
_MOST_SLOPE: Final = 1.2
# Of a Gaussian that ends at three sigma, as much as is opaque lies this near, in its radius.
_OPAQUE_WITHIN: Final = 0.94


class Uncovered(NamedTuple):
    """The numbers of areas whose middle can be seen.

    Args:
        faint: Those that are not marked opaque there by their own mask.
        soft: Those that are marked, and all the same not covered.
    """

    faint: tuple[int, ...] = ()
    soft: tuple[int, ...] = ()


def rim_px(feather: int, edge: str) -> float | None:
    """How far inside a hard outline a paste is opaque at the latest; None where that depends.

    Args:
        feather: The feather.
        edge: ``smooth``, ``outward`` or ``impact``.
    """
    if edge == "outward" or feather == 0:
        return 0
    return _OPAQUE_WITHIN * feather if edge == "smooth" else None


def uncovered(
    segments: Segments,
    numbers: Collection[int],
    hidden: Callable[[], Tensor],
    rim: float | None = None,
    *,
    stop: Stop = never,
) -> Uncovered:
    """The areas whose middle is not hidden.

    Args:
        segments: All areas.
        numbers: Which of them are to be hidden, by their place from 1.
        hidden: Gives how much of each pixel is hidden, (H, W) float32 in [0, 1] of their size. It
            is asked once, and only where the masks alone do not tell.
        rim: How far inside the outlines of these areas all of it is hidden, px; None where that
            is not known.
        stop: Called before each area; what it raises ends the work, and is raised.
    """
    faint: list[int] = []
    soft: list[int] = []
    whole: Plane | None = None
    for number, item in enumerate(segments.items, 1):
        stop()
        middle = _middle(item, segments.size) if number in numbers else None
        if middle is None or middle.is_surely_covered(rim):
            continue
        if whole is None:
            whole = hidden().cpu().numpy()
        if middle.is_open(whole):
            (faint if middle.is_marked_faintly else soft).append(number)
    return Uncovered(tuple(faint), tuple(soft))


@dataclass(frozen=True, eq=False)
class _Middle:
    """Where the middle of an area is.

    Args:
        box: Where the area is, px.
        step: Of its pixels, one of how many in each direction is looked at.
        mask: These pixels of its mask, (h, w).
        marked: Which of them belong to it, (h, w).
    """

    box: Box
    step: int
    mask: Plane
    marked: NDArray[np.bool_]

    @property
    def is_marked_faintly(self) -> bool:
        """Whether its own mask is not opaque there."""
        return self._is_open(self.mask)

    def is_surely_covered(self, rim: float | None) -> bool:
        """Whether it is covered where all is opaque that is further inside than a rim, px."""
        lowest = self.mask[self.marked].min(initial=1)
        if rim is None or lowest < OPAQUE:
            return False
        if rim == 0:
            return True
        _, depths, needed = self._centre
        return bool(lowest == 1 and (depths - rim / self.step - 1 >= needed).all())

    def is_open(self, hidden: Plane) -> bool:
        """Whether some of it is seen, where so much of each pixel of the picture is hidden."""
        return self._is_open(hidden[self.box.slices][:: self.step, :: self.step])

    def _is_open(self, covered: Plane) -> bool:
        is_open = np.pad(covered < OPAQUE, 1, constant_values=True).astype(np.uint8)
        without_specks = np.asarray(cv2.morphologyEx(is_open, cv2.MORPH_OPEN, _SPECK))
        line, _, needed = self._centre
        return bool((_distance(without_specks == 0)[line] < needed).any())

    @cached_property
    def _centre(self) -> tuple[NDArray[np.bool_], Plane, Plane]:
        """The centre lines, with a pixel around all; how deep they lie, and how far it is opaque.

        That is half of the depth, less a pixel since distances are to the middles of pixels.
        """
        marked = np.pad(self.marked, 1)
        inside = _distance(marked)
        line = marked & (cv2.dilate(inside, _AROUND) - inside < _MOST_SLOPE)
        line &= inside >= _least_depths(marked, inside, THICK_PX / self.step / 2)
        depths = inside[line]
        return line, depths, np.maximum(depths / 2 - 1, 0.5)


def _middle(segment: Segment, size_hw: tuple[int, int]) -> _Middle | None:
    """The middle of an area; None where nothing of it lies in the picture."""
    box = segment.content.clip(size_hw)
    if box.is_empty:
        return None
    step = -(-max(box.size_hw) // LONGEST_PX)
    mask = read_frames(segment, box, 1)[0][::step, ::step]
    marked = (mask > 0) & (mask >= min(UNION_LEVEL, mask.max() / 2))
    return _Middle(box, step, mask, marked)


def _distance(marked: NDArray[np.bool_]) -> Plane:
    """How far each marked pixel is from what is not."""
    found = cv2.distanceTransform(marked.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.asarray(found, np.float32)


def _least_depths(marked: NDArray[np.bool_], inside: Plane, thick: float) -> Plane:
    """How deep each pixel has to lie at least, so that it is no part of a rim.

    Args:
        marked: What belongs to an area.
        inside: How deep each pixel lies.
        thick: How deep the middle of what is no rim lies at the most.
    """
    count, found = cv2.connectedComponents(marked.astype(np.uint8))
    pieces = np.asarray(found, np.int32)
    deepest = np.zeros(count, np.float32)
    np.maximum.at(deepest, pieces.ravel(), inside.ravel())
    least = np.maximum(deepest * _SLENDER, np.minimum(thick, deepest * _NEARLY))
    least[deepest < min(thick, deepest.max() / 2)] = np.inf
    return np.asarray(least[pieces], np.float32)
