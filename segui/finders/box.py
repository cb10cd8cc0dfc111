"""The thing in a box, by GrabCut on a small copy, its edge then refined at full size."""

from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.finders.base import (
    Area,
    Asked,
    Pixels,
    Point,
    check_picture,
    check_points,
    on_white,
    segments_of,
)
from segui.finders.cell_edges import refined_labels
from segui.geometry import Box
from segui.segments.segment import Segments

LABEL: Final = "boxed"
_SIDE_PX: Final = 280  # of the small copy: GrabCut's time grows with its pixels
_MARGIN: Final = 0.25  # of the box's longer side, that is looked at around it
_ROUNDS: Final = 4
_LEAST_SHARE: Final = 0.05  # of the largest part, below which a part is a speck
_POINT_LEVELS: Final = 20  # within which what hangs together with a point is as it says
_LEAST_CELLS: Final = 4  # a side, for there to be anything to tell apart


def looked_at(box: Box, size_hw: tuple[int, int]) -> Box:
    """What of a picture is looked at for the thing in a box: the box and what is around it.

    Args:
        box: Where the thing is, px.
        size_hw: The picture's.
    """
    margin_px = max(2, round(max(box.size_hw) * _MARGIN))
    return box.widen(margin_px).clip(size_hw)


class BoxFinder:
    """Finds what fills a box and is unlike what surrounds it.

    Args:
        stop: Called before each box; what it raises ends the work, and is raised.
    """

    name = "box"
    reason = ""

    def __init__(self, stop: Callable[[], None] = lambda: None) -> None:
        self._stop = stop

    def find(self, picture: Pixels, asked: Asked) -> Segments:
        """One segment for each box: the thing in it.

        Args:
            picture: (H, W, 3 or 4) uint8; what is transparent is seen on white.
            asked: ``boxes`` count, and ``points``: the wanted ones belong to the thing in each box
                that they lie in, the others do not.

        Returns:
            Segments with the label ``boxed``; none for a box in which nothing stands out.

        Raises:
            InputError: The picture is of another kind, there is no box, or one lies outside.
        """
        check_picture(picture)
        colours = on_white(picture)
        size_hw = (colours.shape[0], colours.shape[1])
        check_points(asked.points, size_hw)
        if not asked.boxes:
            raise InputError("boxes is empty: expected at least one [x1, y1, x2, y2]")
        areas = []
        for number, box in enumerate(asked.boxes):
            self._stop()
            inside = box.clip(size_hw)
            if inside.is_empty:
                raise InputError(
                    f"boxes[{number}] is {[*box]}: expected one inside of the picture of "
                    f"{size_hw[1]} x {size_hw[0]} px"
                )
            area = thing_in(colours, inside, asked.points)
            areas += [] if area is None else [area]
        return segments_of(areas, size_hw, asked.cut)


def thing_in(colours: Pixels, box: Box, points: Sequence[Point] = ()) -> Area | None:
    """What stands out in a box; None where nothing does.

    Args:
        colours: (H, W, 3) uint8.
        box: Inside the picture, xyxy px, not empty.
        points: The wanted ones belong to the thing, the others do not.
    """
    around = looked_at(box, (colours.shape[0], colours.shape[1]))
    part = np.ascontiguousarray(colours[around.slices])
    cell_px = max(1, -(-max(around.size_hw) // _SIDE_PX))
    small = _cells(part, cell_px)
    if min(small.shape[:2]) < _LEAST_CELLS:
        return None
    kinds = _kinds(small.shape[:2], box.relative_to(around), cell_px)
    for point in sorted(points, key=lambda one: not one.is_wanted):  # the others have the last word
        _mark(kinds, small, point, around, cell_px)
    is_thing = _grab(small, kinds)
    if not is_thing.any():
        return None
    refined = refined_labels(part, small, is_thing.astype(np.int32), cell_px)
    inner = box.relative_to(around)
    levels = np.asarray(refined[inner.slices] > 0, np.uint8) * np.uint8(255)
    return Area(box, levels, LABEL)


def _cells(part: Pixels, cell_px: int) -> Pixels:
    """The mean colour of each cell; the last ones are cut by the border."""
    height, width = part.shape[:2]
    rows, columns = -(-height // cell_px), -(-width // cell_px)
    missing = (rows * cell_px - height, columns * cell_px - width)
    whole = cv2.copyMakeBorder(part, 0, missing[0], 0, missing[1], cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _kinds(shape: tuple[int, ...], box: Box, cell_px: int) -> Pixels:
    """What GrabCut is told of each cell: outside of the box is ground, inside may be the thing."""
    rows, columns = shape[0], shape[1]
    kinds = np.full((rows, columns), cv2.GC_BGD, np.uint8)
    # a box that covers the picture leaves its rim as ground, or there would be none
    top, left = max(1, box.y1 // cell_px), max(1, box.x1 // cell_px)
    bottom, right = (
        min(rows - 1, -(-box.y2 // cell_px)),
        min(columns - 1, -(-box.x2 // cell_px)),
    )
    kinds[top : max(bottom, top + 1), left : max(right, left + 1)] = cv2.GC_PR_FGD
    return kinds


def _mark(kinds: Pixels, small: Pixels, point: Point, around: Box, cell_px: int) -> None:
    """Set what a point says, in place, of all that hangs together with it and looks like it.

    A few cells around it would be outweighed by all others in GrabCut's mixtures of colours.
    """
    if not (around.x1 <= point.x < around.x2 and around.y1 <= point.y < around.y2):
        return
    place = ((point.x - around.x1) // cell_px, (point.y - around.y1) // cell_px)
    reached = np.zeros((kinds.shape[0] + 2, kinds.shape[1] + 2), np.uint8)
    apart = (_POINT_LEVELS,) * 3
    how = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
    cv2.floodFill(small, reached, place, (0, 0, 0), apart, apart, how)
    is_alike = reached[1:-1, 1:-1] > 0
    if point.is_wanted:  # outside of the box is none of the thing
        is_alike &= kinds != cv2.GC_BGD
    kinds[is_alike] = cv2.GC_FGD if point.is_wanted else cv2.GC_BGD


def _grab(small: Pixels, kinds: Pixels) -> NDArray[np.bool_]:
    """Which cells are the thing, without specks."""
    cv2.setRNGSeed(0)  # this thread's: the same box gives the same area
    marks, ground, thing = kinds.copy(), np.zeros((1, 65)), np.zeros((1, 65))
    nowhere = (0, 0, 0, 0)  # the kinds say it
    cv2.grabCut(small, marks, nowhere, ground, thing, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    is_thing = np.asarray((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(is_thing, connectivity=8)
    if count < 2:
        return is_thing > 0
    sizes = np.asarray(stats)[:, cv2.CC_STAT_AREA]
    kept = sizes >= _LEAST_SHARE * sizes[1:].max()
    kept[0] = False
    return np.asarray(kept[np.asarray(labels)], np.bool_)
