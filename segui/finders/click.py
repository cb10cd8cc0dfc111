"""Similar colour from what was clicked: what hangs together with it, or all of the picture's."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import cv2
import numpy as np

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
from segui.geometry import Box
from segui.images.blocks import BAND_PX
from segui.segments.segment import Segments

LABEL: Final = "clicked"
_FLOOD_SIDE_PX: Final = 65_000  # cv2.floodFill keeps rows and columns in 16 bits
_REACHED: Final = 128


def passes(points: Sequence[Point]) -> int:
    """How many times all of a picture is gone through for some points.

    >>> passes((Point(1, 2), Point(3, 4), Point(5, 6, is_wanted=False)))
    4
    """
    wanted = sum(point.is_wanted for point in points)
    return wanted * (1 + len(points) - wanted)


class ClickFinder:
    """Finds what has the colour of a place, to the pixel, at full size.

    Args:
        stop: Called before each point; what it raises ends the work, and is raised.
    """

    name = "click"
    reason = ""

    def __init__(self, stop: Callable[[], None] = lambda: None) -> None:
        self._stop = stop

    def find(self, picture: Pixels, asked: Asked) -> Segments:
        """One segment of all that is as the wanted points are.

        A pixel belongs to it where no channel differs from a wanted point's by more than the
        tolerance, and its colour is not nearer to that of a point that is not wanted. A point's
        colour is the mean of the nine pixels around it, where they are alike.

        Args:
            picture: (H, W, 3 or 4) uint8; what is transparent is seen on white.
            asked: ``points``, ``tolerance`` (of 100, which is all 255 levels) and ``connected``
                count.

        Returns:
            The segment, with the label ``clicked``; none where nothing is left of it.

        Raises:
            InputError: The picture is of another kind, there is no wanted point, or one lies
                outside.
        """
        check_picture(picture)
        colours = on_white(picture)
        size_hw = (colours.shape[0], colours.shape[1])
        check_points(asked.points, size_hw)
        wanted = [point for point in asked.points if point.is_wanted]
        if not wanted:
            raise InputError("points has none of what is wanted: expected at least one [x, y, 1]")
        levels = math.floor(asked.tolerance * 255 / 100)
        unwanted = [
            _colour_at(colours, point, levels) for point in asked.points if not point.is_wanted
        ]
        found = np.zeros(size_hw, np.uint8)
        for point in wanted:
            self._stop()
            found |= _like(colours, point, levels, unwanted, connected=asked.connected)
        area = Area(Box.of_size(size_hw), found, LABEL)
        return segments_of([area], size_hw, asked.cut)


def _colour_at(colours: Pixels, point: Point, levels: int) -> Pixels:
    """A point's colour, (3,) uint8: noise averaged, unless an edge is near."""
    own = colours[point.y, point.x]
    place = Box(point.x - 1, point.y - 1, point.x + 2, point.y + 2)
    around = colours[place.clip((colours.shape[0], colours.shape[1])).slices].reshape(-1, 3)
    mean = np.rint(around.mean(axis=0))
    is_alike = np.abs(around - mean).max() <= levels
    return np.asarray(mean if is_alike else own, np.uint8)


def _like(
    colours: Pixels, point: Point, levels: int, unwanted: Sequence[Pixels], *, connected: bool
) -> Pixels:
    """255 where the picture is as it is at a point, else 0."""
    colour = _colour_at(colours, point, levels)
    low = tuple(float(value) - levels for value in colour)
    high = tuple(float(value) + levels for value in colour)
    alike = np.asarray(cv2.inRange(colours, low, high), np.uint8)
    for other in unwanted:
        _take_away(alike, colours, colour, other)
    return _hanging_together(alike, point) if connected else alike


def _take_away(alike: Pixels, colours: Pixels, wanted: Pixels, other: Pixels) -> None:
    """Set to 0, in place, what is nearer to another colour than to the wanted one."""
    one, two = wanted.astype(np.float32), other.astype(np.float32)
    direction, half = two - one, float((two * two - one * one).sum()) / 2
    rows = max(1, BAND_PX // colours.shape[1])
    for top in range(0, len(colours), rows):
        part = alike[top : top + rows]
        if part.any():
            part[colours[top : top + rows].astype(np.float32) @ direction > half] = 0


def _hanging_together(alike: Pixels, point: Point) -> Pixels:
    """What hangs together with a point by sides; nothing where the point is not part of it."""
    if not alike[point.y, point.x]:
        return np.zeros_like(alike)
    if max(alike.shape) > _FLOOD_SIDE_PX:
        _, labels = cv2.connectedComponents(alike, connectivity=4)
        return np.asarray(np.asarray(labels) == labels[point.y, point.x], np.uint8) * np.uint8(255)
    cv2.floodFill(alike, None, (point.x, point.y), _REACHED, flags=4)
    return np.asarray(cv2.inRange(alike, (_REACHED,), (_REACHED,)), np.uint8)
