"""Boxes of a picture taken out one after the other, so that a few calls work on all of them.

An edge is many small boxes: a call for each of them costs more than the work in it, and where
several threads make such calls they wait for each other.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Place = tuple[slice, slice]
Values = NDArray[Any]

BATCH_PX: Final = 2**15  # of what is mixed at once a cache holds all that it needs


def batches(places: Iterable[Place]) -> Iterator[Sequence[Place]]:
    """Boxes in their order, about as many at once as a cache holds.

    Args:
        places: Rows and columns of each box, with a start and a stop.
    """
    several: list[Place] = []
    count = 0
    for place in places:
        several.append(place)
        count += _size(place)
        if count >= BATCH_PX:
            yield several
            several, count = [], 0
    if several:
        yield several


def take(plane: Values, places: Sequence[Place]) -> Values:
    """The pixels of boxes, one box after the other: (pixels, ...).

    Args:
        plane: (h, w, ...).
        places: Which boxes.
    """
    shape = sum(map(_size, places)), *plane.shape[2:]
    taken = np.empty(shape, plane.dtype)
    for part, pixels in _pairs(plane, places, taken):
        pixels[...] = part
    return taken


def put(plane: Values, places: Sequence[Place], values: Values) -> None:
    """Put back what was taken.

    Args:
        plane: (h, w, ...), changed in place.
        places: Which boxes.
        values: As of ``take``.
    """
    for part, pixels in _pairs(plane, places, values):
        part[...] = pixels


def _pairs(
    plane: Values, places: Sequence[Place], taken: Values
) -> Iterator[tuple[Values, Values]]:
    """Views of each box in the plane and in what was taken."""
    start = 0
    for place in places:
        part = plane[place]
        stop = start + _size(place)
        yield part, taken[start:stop].reshape(part.shape)
        start = stop


def _size(place: Place) -> int:
    rows, columns = place
    return int((rows.stop - rows.start) * (columns.stop - columns.start))
