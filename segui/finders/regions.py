"""Masks and label maps to segments."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from segui.errors import InputError
from segui.finders.difference import difference_mask
from segui.geometry import Box
from segui.segments.cutting import (
    Boxes,
    CropOptions,
    Order,
    Region,
    as_boxes,
    bounding_boxes,
    cut_segments,
    find_outlines,
)
from segui.segments.planes import BAND_PX, Plane, as_levels
from segui.segments.segment import Segments

DEFAULT_LABEL = "A"
_RUNS_PX = 500_000  # of a label map are looked at together
_MOST_LISTED = 65_536  # numbers
_SHORT_PX = 256  # of lines that are shorter there are too many


def segments_from_mask(
    mask: Tensor,
    *,
    combined: bool = False,
    crop_factor: float = CropOptions.crop_factor,
    bbox_fill: bool = False,
    drop_size: int = CropOptions.drop_size,
    contour_fill: bool = False,
    label: str = DEFAULT_LABEL,
    order: Order = "reading",
) -> Segments:
    """One segment for each region of a mask that hangs together, corners included.

    Args:
        mask: (H, W) or (1, H, W); float32 in [0, 1], uint8 in 0..255 or bool. What is below
            1/255 is nothing.
        combined: One segment of all that is marked, instead of one a region.
        crop_factor: The crop region's sides over the bounding box's, 1..100.
        bbox_fill: The bounding box is 1 throughout the mask.
        drop_size: Width and height must both exceed this, px, at least 1.
        contour_fill: The filled outer outline is the mask, holes and softness gone.
        label: The label of every segment.
        order: ``reading``: by y1, then x1. ``contour``: as OpenCV lists the outer contours,
            which is how the reference nodes paste.

    Returns:
        Segments in that order. ``left_out`` has the boxes of the regions that ``drop_size``
        dropped, in reading order.

    Raises:
        InputError: The mask or an option is not as described.
    """
    options = CropOptions(crop_factor, drop_size, bbox_fill, contour_fill, order)
    plane, levels = _mask_planes(mask)
    outlines = find_outlines(levels)
    boxes = bounding_boxes(outlines)
    groups: list[Any] = [(outline,) for outline in outlines]
    if combined and groups:
        groups, boxes = [tuple(outlines)], _joint(boxes)
    regions = [Region(group, None, label) for group in groups]
    return cut_segments(plane, regions, boxes, options, mask.device)


def segments_from_labels(
    labels: Tensor,
    names: Mapping[int, str] | None = None,
    *,
    regions: bool = False,
    crop_factor: float = CropOptions.crop_factor,
    bbox_fill: bool = False,
    drop_size: int = CropOptions.drop_size,
    contour_fill: bool = False,
) -> Segments:
    """One segment for each label of a label map, islands together; or one for each region.

    Args:
        labels: (H, W) or (1, H, W) of whole numbers; 0 is nothing.
        names: The label of each number; the number itself where it is not given.
        regions: One segment for each region that hangs together, instead of one a label.
        crop_factor: The crop region's sides over the bounding box's, 1..100.
        bbox_fill: The bounding box is 1 throughout the mask.
        drop_size: Width and height of the joint bounding box must both exceed this, px.
        contour_fill: The filled outer outlines are the mask.

    Returns:
        Segments in reading order; where two begin at the same pixel, by their number.

    Raises:
        InputError: The label map or an option is not as described.
    """
    options = CropOptions(crop_factor, drop_size, bbox_fill, contour_fill)
    plane = _label_plane(labels)
    values, boxes = label_boxes(plane)
    if not isinstance(names, Mapping | None):
        raise InputError(f"names is a {type(names).__name__}: expected labels by their numbers")
    texts = [(names or {}).get(value, str(value)) for value in values.tolist()]
    found = [Region(None, value, text) for value, text in zip(values.tolist(), texts, strict=True)]
    if regions or contour_fill:
        drawn = [
            outlined(plane, region, box) for region, box in zip(found, as_boxes(boxes), strict=True)
        ]
        if regions:
            drawn = [each for region in drawn for each in region.apart()]
            boxes = bounding_boxes([each.outlines[0] for each in drawn if each.outlines])
        found = drawn
    return cut_segments(plane, found, boxes, options, labels.device)


def segments_from_difference(
    image: Tensor,
    reference: Tensor,
    *,
    threshold: float = 8 / 255,
    close: float | None = None,
    grow: float | None = None,
    speck: float | None = None,
    combined: bool = False,
    crop_factor: float = CropOptions.crop_factor,
    drop_size: int = CropOptions.drop_size,
    label: str = DEFAULT_LABEL,
    bbox_fill: bool = False,
    contour_fill: bool = False,
) -> Segments:
    """Segments where an edited version differs from its photo.

    Args:
        image: (B, H, W, 3 or 4), uint8 or float32 in [0, 1].
        reference: The edited version, of the same size.
        threshold: The least difference of a channel that counts, 0..1.
        close: Gaps up to about this wide are closed, px; None is a hundredth of the longer side.
        grow: How far the areas grow, px; None is a 500th of the longer side, at least 1.
        speck: Areas of fewer pixels are dropped, px of area; None is the square of a hundredth
            of the longer side.
        combined: One segment of all that differs.
        crop_factor: The crop region's sides over the bounding box's, 1..100.
        drop_size: Width and height must both exceed this, px, at least 1.
        label: The label of every segment.
        bbox_fill: The bounding box is 1 throughout the mask.
        contour_fill: The filled outer outline is the mask, holes gone.

    Returns:
        Segments with hard masks, in reading order; specks are not counted in ``left_out``.

    Raises:
        InputError: The sizes differ, or an option is out of its range.
    """
    mask = difference_mask(
        image, reference, threshold=threshold, close=close, grow=grow, speck=speck
    )
    return segments_from_mask(
        mask,
        combined=combined,
        crop_factor=crop_factor,
        bbox_fill=bbox_fill,
        drop_size=drop_size,
        contour_fill=contour_fill,
        label=label,
    )


def outlined(plane: Plane, region: Region, box: Box) -> Region:
    """A label's region with the outlines around its pixels in a label map."""
    alone = (plane[box.slices] == region.value).astype(np.uint8)
    outlines = find_outlines(alone, (box.x1, box.y1))
    return Region(tuple(outlines), region.value, region.label)


def _mask_planes(mask: Tensor) -> tuple[Plane, NDArray[np.uint8]]:
    """The mask as it is kept, and as levels 0..255, truncated, which say where it is nothing."""
    plane = _plane("the mask", mask)
    if plane.dtype == np.bool_:
        levels = plane.astype(np.uint8) * np.uint8(255)
        return levels, levels
    if plane.dtype == np.uint8:
        return plane, plane
    if plane.dtype != np.float32:
        raise InputError(f"the mask is {mask.dtype}: expected float32, uint8 or bool")
    low, high = float(plane.min()), float(plane.max())
    if not (low >= 0 and high <= 1):
        raise InputError(f"the mask has values from {low} to {high}: expected 0 to 1")
    truncated = np.empty(plane.shape, np.uint8)
    for top in range(0, plane.shape[0], BAND_PX):
        truncated[top : top + BAND_PX] = plane[top : top + BAND_PX] * np.float32(255)
    exact = as_levels(plane)
    return (plane if exact is None else exact), truncated


def _plane(name: str, tensor: Tensor) -> Plane:
    if not isinstance(tensor, Tensor):
        raise InputError(f"{name} is a {type(tensor).__name__}: expected a tensor")
    fits = tensor.ndim == 2 or (tensor.ndim == 3 and tensor.shape[0] == 1)
    if not fits or not tensor.numel():
        raise InputError(f"{name} is {tuple(tensor.shape)}: expected (H, W) or (1, H, W)")
    plane = tensor if tensor.ndim == 2 else tensor[0]
    return np.ascontiguousarray(plane.detach().cpu().numpy())


def _label_plane(labels: Tensor) -> Plane:
    plane = _plane("the label map", labels)
    if plane.dtype.kind not in "iub":
        raise InputError(f"the label map is {labels.dtype}: expected whole numbers")
    low, high = int(plane.min()), int(plane.max())
    small, large = np.iinfo(np.int32), np.iinfo(np.int64)
    if high > large.max:
        raise InputError(f"the label map has {high}: expected at most {large.max}")
    fits = small.min <= low and high <= small.max
    return plane.astype(np.int32 if fits else np.int64, copy=False)


def label_boxes(plane: Plane) -> tuple[NDArray[np.int64], Boxes]:
    """The numbers above and below 0 in a label map, rising, and the box around each one's pixels.

    It is done band by band: in noise there are as many runs as pixels.
    """
    rows = max(1, _RUNS_PX // plane.shape[1])
    bands = [plane[top : top + rows] for top in range(0, len(plane), rows)]
    if _is_fine(plane, bands):
        return _boxes_by_lines(plane)
    each = [_band_boxes(band, number * rows) for number, band in enumerate(bands)]
    return _boxes_by_value(
        np.concatenate([values for values, _ in each]),
        np.concatenate([boxes for _, boxes in each]),
    )


def _is_fine(plane: Plane, bands: Sequence[Plane]) -> bool:
    """Whether there are so many runs that whole lines are faster, and few enough numbers."""
    if min(plane.shape) < _SHORT_PX or not 0 <= int(plane.min()) <= int(plane.max()) < _MOST_LISTED:
        return False
    changes = sum(int(np.count_nonzero(band[:, 1:] != band[:, :-1])) for band in bands)
    return changes > plane.size // 16


def _boxes_by_lines(plane: Plane) -> tuple[NDArray[np.int64], Boxes]:
    """By the first and the last row, and column, that each number is seen in."""
    edges = np.zeros((4, int(plane.max()) + 1), np.int64)
    for axis, lines_of in enumerate((_columns, _rows)):
        for place, line in enumerate(lines_of(plane)):
            edges[axis + 2, line] = place + 1
        for place, line in enumerate(lines_of(plane, backwards=True)):
            edges[axis, line] = plane.shape[1 - axis] - 1 - place
    edges[:, 0] = 0
    found = np.flatnonzero(edges[2])
    return found, np.ascontiguousarray(edges[:, found].T)


def _rows(plane: Plane, *, backwards: bool = False) -> Iterator[Plane]:
    yield from plane[::-1] if backwards else plane


def _columns(plane: Plane, *, backwards: bool = False) -> Iterator[Plane]:
    starts = range(0, plane.shape[1], _SHORT_PX)
    for start in reversed(starts) if backwards else starts:
        block = np.ascontiguousarray(plane[:, start : start + _SHORT_PX].T)
        yield from _rows(block, backwards=backwards)


def _band_boxes(band: Plane, top: int) -> tuple[NDArray[np.int64], Boxes]:
    rows, starts, ends, values = _runs(band)
    boxes = np.stack([starts, rows + top, ends, rows + top + 1], axis=1)
    return _boxes_by_value(values, boxes)


def _boxes_by_value(values: Plane, boxes: Boxes) -> tuple[NDArray[np.int64], Boxes]:
    """Each number once, rising, and the box around all of its boxes."""
    order = np.argsort(values, kind="stable")
    unique, first = np.unique(values[order], return_index=True)
    if not unique.size:
        return unique.astype(np.int64), np.zeros((0, 4), np.int64)
    low = np.minimum.reduceat(boxes[order, :2], first)
    high = np.maximum.reduceat(boxes[order, 2:], first)
    return unique.astype(np.int64), np.concatenate([low, high], axis=1).astype(np.int64)


def _runs(plane: Plane) -> tuple[Plane, Plane, Plane, Plane]:
    """Row, first column, column after the last and value of each run of equal numbers but 0.

    Runs are few where pixels are many: that is what makes the boxes of all labels cheap.
    """
    height, width = plane.shape
    begins = np.ones((height, width), np.bool_)
    np.not_equal(plane[:, 1:], plane[:, :-1], out=begins[:, 1:])
    at = np.flatnonzero(begins)
    rows, starts = np.divmod(at, width)
    values = plane.reshape(-1)[at]
    ends = np.append(starts[1:], 0)
    ends[ends == 0] = width
    marked = values != 0
    return rows[marked], starts[marked], ends[marked], values[marked]


def _joint(boxes: Boxes) -> Boxes:
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])[None]
