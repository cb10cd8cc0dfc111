"""How what was found is cut out: outlines, crop regions, the order, what is too small to keep."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from segui.checks import is_number, is_whole
from segui.errors import InputError
from segui.geometry import Box
from segui.options import default_of, option_range, option_values
from segui.segments.planes import Plane, TiledPlane
from segui.segments.segment import Segment, Segments, check_label
from segui.segments.stored import RegionMask

Boxes = NDArray[np.int64]  # (n, 4), xyxy px, half-open
Order = Literal["reading", "contour"]
ORDERS = option_values("order")


@dataclass(frozen=True)
class CropOptions:
    """How segments are cut out.

    Args:
        crop_factor: The crop region's sides over the bounding box's, 1..100.
        drop_size: Width and height must both exceed this, px, at least 1.
        bbox_fill: The bounding box is 1 throughout the mask.
        contour_fill: The filled outer outline is the mask, 0 or 1.
        order: ``reading``, or ``contour`` for the order of the outlines as they were found.

    Raises:
        InputError: A value is out of its range.
    """

    crop_factor: float = default_of("crop_factor")
    drop_size: int = default_of("drop_size")
    bbox_fill: bool = default_of("bbox_fill")
    contour_fill: bool = default_of("contour_fill")
    order: Order = default_of("order")

    def __post_init__(self) -> None:
        """Check the ranges."""
        least, most = option_range("crop_factor")
        if not is_number(self.crop_factor) or not least <= self.crop_factor <= most:
            raise InputError(f"crop_factor is {self.crop_factor}: expected {least} to {most}")
        if not is_whole(self.drop_size):
            raise InputError(f"drop_size is {self.drop_size}: expected a whole number of px")
        least, _ = option_range("drop_size")
        if self.drop_size < least:
            raise InputError(f"drop_size is {self.drop_size}: expected at least {least} px")
        check_order(self.order)


def merge_segments(
    parts: Iterable[Segments], size_hw: tuple[int, int], order: Order = "reading"
) -> Segments:
    """Segments of one image from several sources.

    Args:
        parts: The segments of each source.
        size_hw: The image's height and width.
        order: ``reading``, ties as the sources come; ``contour``: one source after another, each
            in the order that it has.

    Raises:
        InputError: The order is neither.
    """
    check_order(order)
    listed = list(parts)
    items = [item for part in listed for item in part.items]
    if order == "reading":
        items.sort(key=lambda item: (item.bbox.y1, item.bbox.x1))
    return Segments(size_hw, items, (box for part in listed for box in part.left_out))


def check_order(order: str) -> None:
    """Refuse an order that there is not.

    Raises:
        InputError: It is neither ``reading`` nor ``contour``.
    """
    if order not in ORDERS:
        raise InputError(f"order is {order!r}: expected {' or '.join(ORDERS)}")


def find_outlines(levels: Plane, offset: tuple[int, int] = (0, 0)) -> list[Plane]:
    """The outer contours of what is not 0, 8-connected, each (n, 1, 2) of x and y."""
    if not levels.size:
        return []
    found, _ = cv2.findContours(levels, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=offset)
    return list(found)


def bounding_boxes(outlines: Sequence[Plane]) -> Boxes:
    """The box around each outline's points, all at once: 10,000 outlines are common in noise."""
    if not outlines:
        return np.zeros((0, 4), np.int64)
    points = np.concatenate(outlines).reshape(-1, 2)
    first = np.cumsum([0, *(len(outline) for outline in outlines[:-1])])
    low = np.minimum.reduceat(points, first)
    high = np.maximum.reduceat(points, first) + 1
    return np.concatenate([low, high], axis=1).astype(np.int64)


def crop_regions(boxes: Boxes, size_hw: tuple[int, int], crop_factor: float) -> Boxes:
    """The crop region of each bounding box: as large as it may be, slid inward at a border.

    Just above factor 1 truncation can move it a pixel off the box: the reference's numbers.

    Args:
        boxes: (n, 4), xyxy px.
        size_hw: The image's height and width.
        crop_factor: The crop region's sides over the bounding box's.

    Returns:
        (n, 4), xyxy px. Source: the reference node's rule, per axis.
    """
    limit = np.array([size_hw[1], size_hw[0]], np.float64)
    low = boxes[:, :2].astype(np.float64)
    sides = boxes[:, 2:] - low
    size = sides * crop_factor
    start = np.trunc(low + sides / 2 - size / 2)
    under, over = start < 0, start + size > limit
    end = np.where(under | ~over, np.minimum(limit, np.where(under, 0, start) + size), limit)
    start = np.where(under, 0, np.where(over, np.maximum(0, limit - size), start))
    return np.concatenate([start, end], axis=1).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Region:
    """What one segment is made of: outlines, a label's number, or both."""

    outlines: tuple[Plane, ...] | None
    value: int | None
    label: str

    def apart(self) -> list["Region"]:
        """A region for each outline."""
        return [Region((outline,), self.value, self.label) for outline in self.outlines or ()]


def cut_segments(
    plane: Plane,
    found: Sequence[Region],
    boxes: Boxes,
    options: CropOptions,
    device: torch.device,
) -> Segments:
    """Segments of a shared plane, in the order asked for, the small ones left out.

    Args:
        plane: What the regions' masks are read from: a soft mask, or a label map.
        found: What each segment is made of.
        boxes: The bounding box of each, (n, 4), xyxy px.
        options: How they are cut out.
        device: Where their masks are wanted.

    Raises:
        InputError: A label is no text.
    """
    for region in found:
        check_label(region.label)
    sides = boxes[:, 2:] - boxes[:, :2]
    large: NDArray[np.bool_] = np.all(sides > options.drop_size, axis=1)
    order = np.lexsort((boxes[:, 0], boxes[:, 1]))
    left_out = as_boxes(boxes[order[~large[order]]])
    if not large.any():
        return Segments(plane.shape, (), left_out)
    tiled = TiledPlane.of(plane)
    order = order[large[order]] if options.order == "reading" else np.flatnonzero(large)
    bboxes = as_boxes(boxes[order])
    crops = as_boxes(crop_regions(boxes[order], plane.shape, options.crop_factor))
    fills = options.bbox_fill, options.contour_fill
    items = []
    for index, bbox, crop in zip(order.tolist(), bboxes, crops, strict=True):
        region = found[index]
        source = RegionMask(tiled, region.value, region.outlines, bbox, crop, *fills)
        items.append(Segment.of_source(source, crop, bbox, label=region.label, mask_device=device))
    return Segments(plane.shape, items, left_out)


def as_boxes(boxes: Boxes) -> list[Box]:
    """Rows of four edges as boxes."""
    return [Box(*edges) for edges in boxes.tolist()]
