"""Too many areas, refused before any of them is made."""

from collections.abc import Sequence

import cv2
import numpy as np

from segui.errors import InputError
from segui.finders.regions import label_boxes
from segui.masks.files import MaskFile
from segui.segments.counting import Counted, count_regions, most_label_regions, most_regions
from segui.segments.cutting import Boxes, CropOptions, as_boxes, crop_regions
from segui.segments.segment import Segments
from segui.segments.sums import check_sum
from segui.settings import Settings


def check_counts(
    masks: Sequence[MaskFile],
    options: CropOptions,
    limits: Settings,
    *,
    combined: bool,
) -> None:
    """Refuse masks of which there would be too many areas, or too many regions to look at.

    What cannot be too many is told by a glance at each mask, and not counted.

    Args:
        masks: All of a picture.
        options: What is too small to be an area, and whether outlines are filled.
        limits: The most areas, and the most regions, the small ones and those that are combined
            included.
        combined: Whether each mask is one area.

    Raises:
        InputError: There are too many.
    """
    if options.contour_fill and not combined:
        for mask in masks:
            _check_outlined(mask, limits)
    if _fits(_total([_at_most(mask, options, combined) for mask in masks]), limits):
        return
    counted = _total([_exactly(mask, options, combined) for mask in masks])
    _check_count(counted.large, options.drop_size, limits)
    if counted.regions > limits.max_regions:
        raise InputError(
            f"there are {counted.regions} regions in the masks, too small ones included: "
            f"at most {limits.max_regions} are looked at"
        )


def check_areas(segments: Segments, drop_size: int, limits: Settings) -> None:
    """Refuse more areas than allowed, and areas that are too large together.

    An area of two dots in opposite corners takes as much to look at and to paste as all between
    them: what is found in a second may take hours.

    Args:
        segments: The areas, as they were found.
        drop_size: What was too small to be one, px.
        limits: The most areas, and the most megapixels of their crop regions together.

    Raises:
        InputError: There are more.
    """
    _check_count(len(segments.items), drop_size, limits)
    regions = [item.crop_region for item in segments.items]
    _check_together(len(regions), sum(each.width * each.height for each in regions), limits)


def check_grown(segments: Segments, grow: int, crop_factor: float, limits: Settings) -> None:
    """Refuse areas that would be too large together once they are grown, before any is.

    Args:
        segments: The areas, as they were found.
        grow: How far they grow, px; those that shrink are never too large.
        crop_factor: The crop region's sides over the bounding box's.
        limits: The most megapixels of their crop regions together.

    Raises:
        InputError: They would be.
    """
    if grow <= 0:
        return
    boxes = [item.content.widen(grow).clip(segments.size) for item in segments.items]
    grown = np.array(boxes, np.int64).reshape(-1, 4)
    pixels = _pixels(crop_regions(grown, segments.size, crop_factor))
    _check_together(len(boxes), pixels, limits, f" grown by {grow} px")


def _pixels(boxes: Boxes) -> int:
    """Of all boxes together."""
    return int(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1).sum())


def _check_together(count: int, pixels: int, limits: Settings, how: str = "") -> None:
    what = f"{count} areas{how} with what is around them"
    advice = "A smaller crop factor, fewer areas and areas apart from each other have less"
    check_sum(what, pixels, limits.max_crop_megapixels, "looked at", advice)


def _check_outlined(mask: MaskFile, limits: Settings) -> None:
    """Refuse labels whose outlines would be looked for in too many pixels: each in its own box."""
    if (
        mask.labels is None
        or len(mask.names) * mask.labels.size <= limits.max_crop_megapixels * 1e6
    ):
        return
    _, boxes = label_boxes(mask.labels)
    _check_together(len(boxes), _pixels(boxes), limits)


def _check_count(count: int, drop_size: int, limits: Settings) -> None:
    if count > limits.max_segments:
        raise InputError(
            f"there are {count} areas, at most {limits.max_segments} are allowed: "
            f"ignore those smaller than more than {drop_size} px"
        )


def _total(counts: Sequence[Counted]) -> Counted:
    return Counted(sum(one.regions for one in counts), sum(one.large for one in counts))


def _fits(counted: Counted, limits: Settings) -> bool:
    return counted.large <= limits.max_segments and counted.regions <= limits.max_regions


def _at_most(mask: MaskFile, options: CropOptions, combined: bool) -> Counted:
    """Numbers that cannot be exceeded."""
    if mask.labels is None or combined:
        regions = most_regions(_marked(mask))
        return Counted(regions, 1 if combined else regions)
    labels = len(mask.names)
    return Counted(most_label_regions(mask.labels) if options.contour_fill else labels, labels)


def _exactly(mask: MaskFile, options: CropOptions, combined: bool) -> Counted:
    if mask.labels is None or combined:
        marked = _marked(mask)
        counted = count_regions(marked, options.drop_size)
        is_large = min(cv2.boundingRect(marked)[2:]) > options.drop_size
        return Counted(counted.regions, int(is_large)) if combined else counted
    values, boxes = label_boxes(mask.labels)
    large = np.all(boxes[:, 2:] - boxes[:, :2] > options.drop_size, axis=1)
    regions = len(values)
    if options.contour_fill:
        for value, box in zip(values.tolist(), as_boxes(boxes), strict=True):
            alone = np.asarray(mask.labels[box.slices] == value, np.uint8)
            regions += count_regions(alone, options.drop_size).regions - 1
    return Counted(regions, int(np.count_nonzero(large)))


def _marked(mask: MaskFile) -> np.ndarray:
    if mask.labels is not None:
        return np.asarray(mask.labels != 0, np.uint8)
    return np.zeros((1, 1), np.uint8) if mask.soft is None else mask.soft
