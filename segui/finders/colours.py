"""Regions of one colour each: found on a small copy, with their edges refined at full size.

A shaded thing has several colour names: an orange is brown at its dark side. Regions that go over
into each other without an edge, and whose colours are lighter and darker ones of one another, are
one region; what most of it is called is its label.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from segui.classifiers.colour import TERMS, name_colours
from segui.finders.base import Asked, Pixels, check_picture, on_white
from segui.finders.cell_edges import refined_labels
from segui.finders.regions import label_boxes, outlined
from segui.segments.cutting import Region, as_boxes, cut_segments
from segui.segments.planes import Plane
from segui.segments.segment import Segment, Segments

FOUND_SIDE_PX: Final = 640  # of the small copy, on which regions are found
_LEAST_CELLS: Final = 12  # a smaller region is part of what it lies in
_SOFT_STEP: Final = 26  # levels over three cells: more is an edge
_SOFT_SHARE: Final = 0.6  # of the border of two regions, that has no edge where they are one
_SAME_COLOUR: Final = 0.985  # cosine between two colours of linear light, one a shade of the other
_DARK: Final = 0.02  # linear light: below it a colour has no direction to speak of

Cells = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class _Regions:
    """Regions on the small copy.

    Args:
        labels: (h, w) int32, the region of each cell, from 0.
        terms: For each region the place of its name in ``TERMS``.
        purity: For each region the share of its cells that have that name.
    """

    labels: Cells
    terms: NDArray[np.intp]
    purity: NDArray[np.float64]


class ColourFinder:
    """Finds the regions of a picture that have one of the eleven colour names each."""

    name = "colours"
    reason = ""

    def find(self, picture: Pixels, asked: Asked) -> Segments:
        """Regions of one colour each, which together cover the picture.

        Args:
            picture: (H, W, 3 or 4) uint8; what is transparent is seen on white.
            asked: ``cut`` counts.

        Returns:
            Segments in reading order, each with its colour's name as its label; the confidence is
            the share of it that has that name, shading apart.

        Raises:
            InputError: The picture is of another kind.
        """
        check_picture(picture)
        colours = on_white(picture)
        cell_px = max(1, round(max(colours.shape[:2]) / FOUND_SIDE_PX))
        small = _cells(colours, cell_px)
        regions = _found(small)
        labels = refined_labels(colours, small, regions.labels, cell_px)
        return _segments(labels, regions, asked)


def _cells(colours: Pixels, cell_px: int) -> Pixels:
    """The mean colour of each cell, a cut one's of the pixels that it has."""
    if cell_px == 1:
        return colours
    height, width = colours.shape[:2]
    rows, columns = -(-height // cell_px), -(-width // cell_px)
    missing = (rows * cell_px - height, columns * cell_px - width)
    whole = cv2.copyMakeBorder(colours, 0, missing[0], 0, missing[1], cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)


def _found(small: Pixels) -> _Regions:
    calm = _without_mixtures(np.asarray(cv2.medianBlur(small, 3), np.uint8))
    names = name_colours(calm)
    labels = _connected(names)
    labels = _without_specks(labels, calm)
    joined = _over_shading(labels, calm)
    counts = np.zeros((int(joined.max()) + 1, len(TERMS)), np.int64)
    np.add.at(counts, (joined.reshape(-1), names.reshape(-1)), 1)
    terms = counts.argmax(axis=1)
    return _Regions(joined, terms, counts.max(axis=1) / np.maximum(1, counts.sum(axis=1)))


def _without_mixtures(small: Pixels) -> Pixels:
    """Each cell in the colour of the calmest one around it.

    On an edge colours mix, and mixtures have names of their own: crimson and blue make pink.
    """
    square = np.ones((3, 3), np.uint8)
    restless = cv2.subtract(cv2.dilate(small, square), cv2.erode(small, square)).max(axis=2)
    height, width = restless.shape
    padded = np.pad(restless.astype(np.int16), 1, constant_values=256)
    rows, columns = np.indices(restless.shape, np.int32)
    least, out_rows, out_columns = padded[1:-1, 1:-1].copy(), rows.copy(), columns.copy()
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            there = padded[1 + down : 1 + down + height, 1 + right : 1 + right + width]
            is_less = there < least
            least[is_less] = there[is_less]
            out_rows[is_less] = rows[is_less] + down
            out_columns[is_less] = columns[is_less] + right
    return np.asarray(small[out_rows, out_columns], np.uint8)


def _connected(names: NDArray[np.uint8]) -> Cells:
    """A number for each region of one name that hangs together by sides, from 0."""
    labels, first = np.zeros(names.shape, np.int32), 0
    for term in np.unique(names).tolist():
        is_it = np.asarray(names == term, np.uint8)
        count, numbers = cv2.connectedComponents(is_it, connectivity=4)
        labels = np.where(is_it > 0, np.asarray(numbers, np.int32) + (first - 1), labels)
        first += count - 1
    return labels


def _without_specks(labels: Cells, calm: Pixels) -> Cells:
    """Small regions given to the neighbour whose colour is nearest, along their border."""
    for _ in range(4):  # what lies within specks alone has a neighbour in the next round
        sizes = np.bincount(labels.reshape(-1))
        is_small = sizes < _LEAST_CELLS
        if not is_small.any():
            break
        one, other, steps = _borders(labels, calm, reach=0)
        pairs = np.concatenate([np.stack([one, other]), np.stack([other, one])], axis=1)
        steps = np.concatenate([steps, steps])
        of_small = is_small[pairs[0]] & (sizes[pairs[1]] >= sizes[pairs[0]])
        if not of_small.any():
            break
        pairs, steps = pairs[:, of_small], steps[of_small]
        order = np.lexsort((steps, pairs[0]))
        specks, firsts = np.unique(pairs[0][order], return_index=True)
        into = np.arange(len(sizes), dtype=np.int32)
        into[specks] = pairs[1][order][firsts]
        labels = _numbered(_roots(into)[labels])
    return labels


def _over_shading(labels: Cells, calm: Pixels) -> Cells:
    """Regions joined that go over into each other and are shades of one colour."""
    count = int(labels.max()) + 1
    one, other, steps = _borders(labels, calm, reach=1)
    low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other).astype(np.int64)
    keys, places = np.unique(low * count + high, return_inverse=True)
    lengths = np.bincount(places)
    soft = np.bincount(places, steps < _SOFT_STEP) / lengths
    first, second = np.divmod(keys, count)
    light = _mean_light(labels, calm, count)
    norms = np.linalg.norm(light, axis=1)
    cosine = (light[first] * light[second]).sum(axis=1) / (norms[first] * norms[second] + 1e-12)
    is_dark = np.minimum(norms[first], norms[second]) < _DARK
    is_one = (soft >= _SOFT_SHARE) & ((cosine > _SAME_COLOUR) | is_dark)
    into = np.arange(count, dtype=np.int32)
    for a, b in zip(first[is_one].tolist(), second[is_one].tolist(), strict=True):
        low_root, high_root = sorted((_root(into, a), _root(into, b)))
        into[high_root] = low_root
    return _numbered(_roots(into)[labels])


def _borders(labels: Cells, calm: Pixels, reach: int) -> tuple[Cells, Cells, NDArray[np.int32]]:
    """Neighbouring cells of two regions: the two, and how far their colours are apart.

    Args:
        labels: The region of each cell.
        calm: Its colour.
        reach: How many cells away from the border the colours are looked at.
    """
    ones, others, steps = [], [], []
    for turned, colours in ((labels, calm), (labels.T, calm.transpose(1, 0, 2))):
        rows, columns = np.nonzero(turned[:, 1:] != turned[:, :-1])
        ones.append(turned[rows, columns])
        others.append(turned[rows, columns + 1])
        before = colours[rows, np.maximum(columns - reach, 0)].astype(np.int32)
        after = colours[rows, np.minimum(columns + 1 + reach, turned.shape[1] - 1)]
        steps.append(np.abs(before - after).max(axis=1))
    return np.concatenate(ones), np.concatenate(others), np.concatenate(steps).astype(np.int32)


def _mean_light(labels: Cells, calm: Pixels, count: int) -> NDArray[np.float64]:
    """The mean colour of each region, in linear light."""
    curve = (np.arange(256) / 255) ** 2.2
    flat = labels.reshape(-1)
    sizes = np.maximum(1, np.bincount(flat, minlength=count))
    sums = [
        np.bincount(flat, curve[calm[..., channel].reshape(-1)], minlength=count)
        for channel in range(3)
    ]
    return np.asarray(np.stack(sums, axis=1) / sizes[:, None], np.float64)


def _root(into: Cells, number: int) -> int:
    while into[number] != number:
        into[number] = into[into[number]]
        number = int(into[number])
    return number


def _roots(into: Cells) -> Cells:
    """For each number the one at the end of its chain."""
    while True:
        further = into[into]
        if np.array_equal(further, into):
            return into
        into = further


def _numbered(labels: Cells) -> Cells:
    """The same regions with numbers from 0 without gaps."""
    is_there = np.bincount(labels.reshape(-1)) > 0
    numbers = (np.cumsum(is_there) - 1).astype(np.int32)
    return np.asarray(numbers[labels], np.int32)


def _segments(labels: Cells, regions: _Regions, asked: Asked) -> Segments:
    """The regions as segments; a region's number is one more than its place."""
    count = len(regions.terms)
    small = count < np.iinfo(np.uint16).max
    plane: Plane = (labels + 1).astype(np.uint16 if small else np.int32)  # 0 is nothing
    values, boxes = label_boxes(plane)
    found = [Region(None, value, str(value - 1)) for value in values.tolist()]
    if asked.cut.contour_fill:
        found = [
            outlined(plane, region, box) for region, box in zip(found, as_boxes(boxes), strict=True)
        ]
    cut = cut_segments(plane, found, boxes, asked.cut, torch.device("cpu"))
    items = [
        Segment.of_source(
            item.mask_source,
            item.crop_region,
            item.bbox,
            label=TERMS[regions.terms[int(item.label)]],
            confidence=float(regions.purity[int(item.label)]),
        )
        for item in cut.items
    ]
    return Segments(cut.size, items, cut.left_out)
