"""How many regions a mask has, counted before an outline is drawn around any of them.

An outline costs a kilobyte and some 20 us: a mask of dots has millions of them in a few hundred
kilobytes. Counting takes two bytes a pixel and a second or two, however many there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.segments.planes import Plane

_BAND_PIXELS = 1_000_000
_BEFORE = np.array([[1, 1, 1], [1, 0, 0]], np.uint8)  # a pixel's neighbours that are read before it

_Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """How many regions there are.

    Args:
        regions: All of them, as many as `find_outlines` draws around.
        large: Those whose width and height both exceed what was asked for.
    """

    regions: int
    large: int


def most_regions(levels: Plane) -> int:
    """A number that the regions of a mask do not exceed, within milliseconds.

    Args:
        levels: (H, W) uint8, what is not 0 is marked.

    Returns:
        How many marked pixels have no marked one before them, above or to the left: each region
        has its first, and one with bays has more.
    """
    begun = 0
    for top, bottom in _bands(levels.shape):
        band = levels[max(0, top - 1) : bottom]
        # an anchor at the kernel's mirror image: dilation reads its neighbours mirrored
        before = cv2.dilate(band, _BEFORE, anchor=(1, 1), borderValue=0)
        first = (band != 0) & (before == 0)
        begun += int(np.count_nonzero(first[min(top, 1) :]))
    return begun


def most_label_regions(labels: Plane) -> int:
    """A number that the regions of all labels of a label map do not exceed.

    Args:
        labels: (H, W) int32, 0 nothing.
    """
    begun = 0
    for top, bottom in _bands(labels.shape):
        band = np.pad(labels[max(0, top - 1) : bottom], 1)
        here = band[1:-1, 1:-1]
        first = here != 0
        for rows, columns in ((0, 0), (0, 1), (0, 2), (1, 0)):
            before = band[rows : rows + here.shape[0], columns : columns + here.shape[1]]
            first &= here != before
        begun += int(np.count_nonzero(first[min(top, 1) :]))
    return begun


def count_regions(levels: Plane, more_than_px: int) -> Counted:
    """Count what `find_outlines` would draw around, and how much of it is large.

    It is done band by band; what reaches from one into the next is put together in the end.

    Args:
        levels: (H, W) uint8, what is not 0 is marked.
        more_than_px: Width and height of what is large both exceed this.
    """
    # a band holds whole lines: short ones, so that few regions reach from one into the next
    plane = levels if levels.shape[1] <= levels.shape[0] else levels.T
    inside, parts, joins = Counted(0, 0), _Parts(), _Joins(plane.shape[1], corners=True)
    for top, filled in _filled(plane):
        _, labels, stats, _ = cv2.connectedComponentsWithStats(filled, connectivity=8)
        cut = _at_its_ends(labels, len(stats))
        whole = ~cut
        cut[0] = whole[0] = False  # the background
        inside = _sum(inside, _counted(stats[whole, 2:4], more_than_px))
        numbers = parts.add(stats, cut, top)
        joins.add(numbers[labels[0]], numbers[labels[-1]])
    return _sum(inside, _counted(parts.joined_sides(joins), more_than_px))


class _Parts:
    """The boxes of what reaches into another band, numbered from 1."""

    def __init__(self) -> None:
        self._boxes: list[_Numbers] = []
        self._count = 0

    def add(self, stats: Plane, cut: NDArray[np.bool_], top: int) -> _Numbers:
        """Take the boxes of one band; the number of each component, 0 where it is no part."""
        x, y, width, height = (stats[cut, column].astype(np.int64) for column in range(4))
        self._boxes.append(np.stack([x, y + top, x + width, y + top + height], axis=1))
        numbers = np.zeros(len(cut), np.int64)
        numbers[cut] = self._count + 1 + np.arange(len(x))
        self._count += len(x)
        return numbers

    def joined_sides(self, joins: "_Joins") -> _Numbers:
        """Width and height of each region that the parts make, (n, 2)."""
        boxes = np.concatenate(self._boxes)
        regions, region_of = np.unique(joins.first_of_each(self._count)[1:], return_inverse=True)
        low = np.full((len(regions), 2), np.iinfo(np.int64).max)
        high = np.zeros((len(regions), 2), np.int64)
        np.minimum.at(low, region_of, boxes[:, :2])
        np.maximum.at(high, region_of, boxes[:, 2:])
        sides: _Numbers = high - low
        return sides


class _Joins:
    """Which parts meet where two bands do.

    Args:
        width: Of the bands.
        corners: Whether those meet that touch at a corner.
    """

    def __init__(self, width: int, *, corners: bool) -> None:
        self._above: _Numbers = np.zeros(width, np.int64)
        self._shifts = (-1, 0, 1) if corners else (0,)
        self._pairs: list[_Numbers] = []

    def add(self, first_row: _Numbers, last_row: _Numbers) -> None:
        """Take the numbers along the first and the last row of the next band."""
        for shift in self._shifts:
            begin, end = max(0, shift), len(first_row) + min(0, shift)
            above = self._above[begin:end]
            below = first_row[begin - shift : end - shift]
            meet = (above > 0) & (below > 0)
            pairs = np.stack([above[meet], below[meet]], axis=1)
            self._pairs.append(np.unique(pairs, axis=0))
        self._above = last_row

    def join(self, number: int, others: _Numbers) -> None:
        """Take it that some hang together with one."""
        self._pairs.append(np.stack([np.full(len(others), number), others], axis=1))

    def first_of_each(self, count: int) -> _Numbers:
        """For each number up to ``count``, the least of those that it hangs together with."""
        parent = list(range(count + 1))

        def first(number: int) -> int:
            while parent[number] != number:
                parent[number] = parent[parent[number]]
                number = parent[number]
            return number

        for one, other in np.concatenate(self._pairs).tolist():
            low, high = sorted((first(one), first(other)))
            parent[high] = low
        return np.array([first(number) for number in range(count + 1)], np.int64)


def _bands(shape: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    height, width = shape
    rows = max(1, _BAND_PIXELS // width)
    for top in range(0, height, rows):
        yield top, min(top + rows, height)


def _filled(plane: Plane) -> Iterator[tuple[int, Plane]]:
    """The first line of each band, and 1 where marked or enclosed by it: outlines inside are none.

    What is enclosed is known once all is seen, so the gaps of each band are numbered twice.
    """
    joins, count, first_numbers = _Joins(plane.shape[1], corners=False), 1, []
    for top, bottom in _bands(plane.shape):
        amount, gaps = _gaps(plane[top:bottom])
        cut = _at_its_ends(gaps, amount)
        is_open = np.zeros(amount, np.bool_)
        is_open[gaps[:, 0]] = is_open[gaps[:, -1]] = True
        if top == 0:
            is_open[gaps[0]] = True
        if bottom == len(plane):
            is_open[gaps[-1]] = True
        cut[0] = is_open[0] = False  # what is marked
        numbers = np.zeros(amount, np.int64)
        numbers[cut] = count + 1 + np.arange(np.count_nonzero(cut))
        joins.add(numbers[gaps[0]], numbers[gaps[-1]])
        joins.join(1, numbers[cut & is_open])  # 1 is what lies around the picture
        first_numbers.append(count + 1)
        count += int(np.count_nonzero(cut))
    is_outside = joins.first_of_each(count) == 1
    for (top, bottom), first_number in zip(_bands(plane.shape), first_numbers, strict=True):
        amount, gaps = _gaps(plane[top:bottom])
        cut = _at_its_ends(gaps, amount)
        outside = np.zeros(amount, np.bool_)
        outside[gaps[:, 0]] = outside[gaps[:, -1]] = True
        cut[0] = False
        last_number = first_number + int(np.count_nonzero(cut))
        outside[cut] = is_outside[first_number:last_number]
        outside[0] = False
        yield top, np.asarray(~outside[gaps], np.uint8)


def _gaps(band: Plane) -> tuple[int, Plane]:
    """How many numbers there are, 0 included, and the number of each part that is not marked."""
    amount, gaps = cv2.connectedComponents(np.asarray(band == 0, np.uint8), connectivity=4)
    return int(amount), np.asarray(gaps)


def _at_its_ends(labels: Plane, amount: int) -> NDArray[np.bool_]:
    """Which numbers are in a band's first or last line."""
    ends = np.zeros(amount, np.bool_)
    ends[labels[0]] = ends[labels[-1]] = True
    return ends


def _counted(sides: Plane, more_than_px: int) -> Counted:
    return Counted(len(sides), int(np.count_nonzero(np.all(sides > more_than_px, axis=1))))


def _sum(one: Counted, other: Counted) -> Counted:
    return Counted(one.regions + other.regions, one.large + other.large)
