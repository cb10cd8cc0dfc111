"""Too many areas, or too much to look at for them, refused before any of it is done."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from segui.errors import InputError
from segui.finders.base import Point
from segui.finders.box import looked_at
from segui.finders.click import passes
from segui.finders.face_tiles import most_tiles
from segui.finders.regions import label_boxes
from segui.geometry import Box
from segui.masks.files import MaskFile
from segui.options import PxOrShare, length_words
from segui.segments.counting import Counted, count_regions, most_label_regions, most_regions
from segui.segments.cutting import Boxes, CropOptions, as_boxes, crop_regions
from segui.segments.reshape import grow_px, is_shrinking
from segui.segments.segment import Segments
from segui.segments.sums import check_sum
from segui.settings import Settings

_MOST_TILES: Final = 3000  # each takes some 10 ms; a photo of 50 MP has 990 as a rule


def check_points(points: Sequence[Point], size_hw: tuple[int, int], limits: Settings) -> None:
    """Refuse so many points that a picture would be gone through too often.

    Args:
        points: What was clicked.
        size_hw: The picture's.
        limits: The most megapixels that are looked at.

    Raises:
        InputError: It would be.
    """
    unwanted = sum(not point.is_wanted for point in points)
    what = f"{len(points)} points"
    if unwanted:
        what += f", {unwanted} of them not wanted,"
    pixels = passes(points) * size_hw[0] * size_hw[1]
    advice = "Fewer points, or a smaller photo, have less"
    check_sum(what, pixels, limits.max_crop_megapixels, "looked at", advice)


def check_boxes(boxes: Sequence[Box], size_hw: tuple[int, int], limits: Settings) -> None:
    """Refuse boxes that are too large together.

    Args:
        boxes: What was drawn.
        size_hw: The picture's.
        limits: The most megapixels that are looked at.

    Raises:
        InputError: They are.
    """
    around = [looked_at(box, size_hw) for box in boxes]
    pixels = sum(box.width * box.height for box in around if not box.is_empty)
    what = f"{len(boxes)} boxes with what is around them"
    advice = "Fewer boxes, or smaller ones, have less"
    check_sum(what, pixels, limits.max_crop_megapixels, "looked at", advice)


def check_faces(smallest_px: int, size_hw: tuple[int, int]) -> None:
    """Refuse to look for faces so small that the picture would have too many parts.

    Args:
        smallest_px: The smallest face that is looked for; 0 fits the picture.
        size_hw: The picture's.

    Raises:
        InputError: It would.
    """
    tiles = most_tiles(size_hw, smallest_px)
    if tiles > _MOST_TILES:
        raise InputError(
            f"faces of {smallest_px} px in a photo of {size_hw[1]} x {size_hw[0]} would be looked "
            f"for in {tiles} parts of it: at most {_MOST_TILES} are looked at. "
            "Larger faces, or a smaller photo, take fewer"
        )


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
    if not combined:
        maps = [mask for mask in masks if mask.labels is not None and not _is_small(mask, limits)]
        _check_maps(maps, options, limits)
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


def check_grown(segments: Segments, grow: PxOrShare, crop_factor: float, limits: Settings) -> None:
    """Refuse areas that would be too large together once they are grown, before any is.

    Args:
        segments: The areas, as they were found.
        grow: How far they grow, px or a share of each; those that shrink are never too large.
        crop_factor: The crop region's sides over the bounding box's.
        limits: The most megapixels of their crop regions together.

    Raises:
        InputError: They would be.
    """
    if grow in (0, "0%") or is_shrinking(grow):
        return
    boxes = [item.content.widen(grow_px(grow, item)).clip(segments.size) for item in segments.items]
    grown = np.array(boxes, np.int64).reshape(-1, 4)
    pixels = _pixels(crop_regions(grown, segments.size, crop_factor))
    _check_together(len(boxes), pixels, limits, f" grown by {length_words(grow)}")


def _pixels(boxes: Boxes) -> int:
    """Of all boxes together."""
    return int(np.prod(boxes[:, 2:] - boxes[:, :2], axis=1).sum())


def _check_together(count: int, pixels: int, limits: Settings, how: str = "") -> None:
    what = f"{count} areas{how} with what is around them"
    advice = "A smaller crop factor, fewer areas and areas apart from each other have less"
    check_sum(what, pixels, limits.max_crop_megapixels, "looked at", advice)


def _is_small(mask: MaskFile, limits: Settings) -> bool:
    """Whether a label map has so few labels that they are not too large, however far they reach."""
    height, width = mask.size_hw
    return len(mask.names) * height * width <= limits.max_crop_megapixels * 1e6


def _check_maps(maps: Sequence[MaskFile], options: CropOptions, limits: Settings) -> None:
    """Refuse labels that are too large together, each in its own box, before any is cut out.

    Those that are too small to be an area count where all are outlined.
    """
    count, pixels = 0, 0
    for mask in maps:
        _, boxes = label_boxes(_labels(mask))
        if options.contour_fill:
            _check_together(len(boxes), _pixels(boxes), limits)
        sides = boxes[:, 2:] - boxes[:, :2]
        large = boxes[np.all(sides > options.drop_size, axis=1)]
        count += len(large)
        pixels += _pixels(crop_regions(large, mask.size_hw, options.crop_factor))
    if count <= limits.max_segments:  # else that is what is to be said
        _check_together(count, pixels, limits)


def _labels(mask: MaskFile) -> np.ndarray:
    return np.zeros((1, 1), np.int32) if mask.labels is None else mask.labels


def _check_count(count: int, drop_size: int, limits: Settings) -> None:
    if count > limits.max_segments:
        raise InputError(
            f"there are {count} areas, at most {limits.max_segments} are allowed: "
            f"ignore small ones up to a size above {drop_size} px"
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
