"""Segments made larger, smaller or whole: masks grown, shrunk, and their holes filled."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.checks import is_whole
from segui.errors import InputError
from segui.geometry import Box
from segui.options import OPTIONS, PxOrShare, length_words, option_range, percent_of, whole_px
from segui.segments.cutting import CropOptions, crop_regions
from segui.segments.planes import Plane, TiledPlane, as_levels
from segui.segments.segment import Segment, Segments
from segui.segments.stored import StoredMask

FILL_STEPS = 16  # walls around a hole are told apart by so many heights

_Pick = Callable[..., Any]  # np.maximum or np.minimum


def reshape_segments(
    segments: Segments,
    *,
    grow: PxOrShare = 0,
    fill_holes: bool = False,
    crop_factor: float = CropOptions.crop_factor,
    drop_size: int = CropOptions.drop_size,
) -> Segments:
    """Segments whose masks are grown or shrunk by a disc, and whose holes are filled.

    Each segment is worked alone, so that two never become one; grown ones may overlap. A soft
    mask stays soft: a pixel becomes the largest (or the smallest) value within the disc around
    it. What lies outside of the image does not count: a mask that ends at its border still ends
    there when shrunk.

    A hole is what cannot be left, by steps to one of four neighbours, without crossing a wall
    that is higher; it is filled to the height of the lowest wall around it, rounded down to a
    16th. What touches the image's border is no hole. Holes are filled after growing, which
    closes gaps, and before shrinking, which opens them.

    Args:
        segments: What to reshape.
        grow: How far the masks grow, whole px, -500..500; below 0 they shrink. Or a share of each
            segment, such as ``2%``: of the side of a square with as many pixels, rounded.
        fill_holes: Whether holes are filled.
        crop_factor: The new crop regions' sides over the bounding boxes', 1..100.
        drop_size: Width and height of what is left must both exceed this, px, at least 1.

    Returns:
        New segments in the same order; ``left_out`` has in addition the old boxes of those that
        became too small. The same object where nothing is asked for.

    Raises:
        InputError: An option is out of its range, or a segment has an image of its own, which
            cannot grow.
    """
    check_grow(grow)
    options = CropOptions(crop_factor, drop_size)
    if grow in (0, "0%") and not fill_holes:
        return segments
    check_no_images(segments, "it cannot grow")

    def reshaped(segment: Segment) -> tuple[Box, Sequence[Plane]]:
        return _reshaped_planes(segment, segments.size, grow_px(grow, segment), fill_holes)

    return recut_each(segments, reshaped, options)


def grow_px(grow: PxOrShare, segment: Segment) -> int:
    """How far a segment grows, px; a share is of its own side, and at most 500 px."""
    if not isinstance(grow, str):
        return int(grow)
    return whole_px(grow, segment.side_px, option_range("grow")[1])


def is_shrinking(grow: PxOrShare) -> bool:
    """Whether segments become smaller."""
    percent = percent_of(grow)
    return (grow if percent is None else percent) < 0  # type: ignore[operator]


def shrunk_by(grow: PxOrShare) -> str:
    """How far segments shrink, in words.

    >>> shrunk_by(-3), shrunk_by("-2%")
    ('3 px', '2 % of its side')
    """
    percent = percent_of(grow)
    return length_words(f"{-percent}%" if percent is not None else -grow)  # type: ignore[operator]


def check_grow(grow: PxOrShare) -> None:
    """Refuse a growth that is out of its range.

    Raises:
        InputError: It is no whole number from -500 to 500, and no share from -100 % to 100 %.
    """
    if isinstance(grow, str):
        OPTIONS["grow"].read(grow)
        return
    least, most = option_range("grow")
    if not is_whole(grow) or not least <= grow <= most:
        raise InputError(f"grow is {grow!r}: expected a whole number of px from {least} to {most}")


def check_no_images(segments: Segments, why: str) -> None:
    """Refuse segments with images of their own, whose masks have to stay as they are.

    Raises:
        InputError: One has one.
    """
    for number, segment in enumerate(segments.items, 1):
        if segment.image is not None:
            raise InputError(f"segment {number} has an image of its own: expected none, as {why}")


def _reshaped_planes(
    segment: Segment, size_hw: tuple[int, int], grow: int, fill_holes: bool
) -> tuple[Box, list[Plane]]:
    """The box of the image that the new mask may fill, and the mask of each frame there."""
    content = segment.content.clip(size_hw)
    if content.is_empty:
        return content, []
    mask = segment.read_mask(content)
    # growing ends at the last pixel that is reached, shrinking begins at the first one outside
    margin = grow if grow >= 0 else 1
    window = content.widen(margin).clip(size_hw)
    planes = []
    for frame in mask if mask.ndim == 3 else mask[None]:
        levels = as_levels(frame)
        plane = _place(frame if levels is None else levels, content, window)
        if fill_holes and grow <= 0:
            plane = _fill(plane)
        if grow:
            plane = _grow(plane, grow)
        if fill_holes and grow > 0:
            plane = _fill(plane)
        planes.append(plane)
    return window, planes


def recut_each(
    segments: Segments,
    masks: Callable[[Segment], tuple[Box, Sequence[Plane]]],
    options: CropOptions,
) -> Segments:
    """Segments with other masks, in the same order; what became too small is left out.

    Args:
        segments: All but their masks stays.
        masks: Gives the part of the image that a segment's new mask may fill, and the mask of each
            frame there, 0..255 or float32.
        options: How they are cut out.
    """
    kept, lost = [], []
    for segment in segments.items:
        changed = _recut(segment, *masks(segment), segments.size, options)
        if changed is None:
            lost.append(segment.bbox)
        else:
            kept.append(changed)
    return Segments(segments.size, kept, (*segments.left_out, *lost))


def _recut(
    segment: Segment,
    window: Box,
    planes: Sequence[Plane],
    size_hw: tuple[int, int],
    options: CropOptions,
) -> Segment | None:
    """A segment with another mask, cut as a found one is.

    Args:
        segment: All but its mask stays.
        window: The part of the image that the new mask may fill.
        planes: The mask of each frame there, 0..255 or float32.
        size_hw: The image's height and width.
        options: How it is cut out.

    Returns:
        A new segment; None where it is too small.
    """
    bbox = _bounds(planes).shift(window.x1, window.y1)
    if min(bbox.size_hw) <= options.drop_size:
        return None
    edges = crop_regions(np.array([bbox]), size_hw, options.crop_factor)[0]
    crop = Box(*edges.tolist())
    content = bbox.intersect(crop)
    inside = content.relative_to(window).slices
    source = StoredMask(
        crop.size_hw,
        segment.frames,
        content.relative_to(crop),
        tuple(TiledPlane.of(plane[inside]) for plane in planes),
    )
    return Segment.of_source(
        source,
        crop,
        bbox,
        label=segment.label,
        confidence=segment.confidence,
        found=segment.found,
        mask_device=segment.mask_device,
    )


def _bounds(planes: Sequence[Plane]) -> Box:
    """The smallest box around what is at least one level of 255, in any frame."""
    bounds = Box(0, 0, 0, 0)
    for plane in planes:
        marked = plane if plane.dtype == np.uint8 else (plane * np.float32(255)).astype(np.uint8)
        x, y, width, height = cv2.boundingRect(marked)
        box = Box(x, y, x + width, y + height)
        if not box.is_empty:
            bounds = box if bounds.is_empty else bounds.hull(box)
    return bounds


def _place(plane: Plane, box: Box, window: Box) -> Plane:
    """A plane of a box in a window around it, 0 elsewhere."""
    out = np.zeros(window.size_hw, plane.dtype)
    out[box.relative_to(window).slices] = plane
    return out


def _full(plane: Plane) -> int:
    """The value of a pixel that wholly belongs to the mask."""
    return 255 if plane.dtype == np.uint8 else 1


def _grow(plane: Plane, grow: int) -> Plane:
    """The largest value in the disc around each pixel, or the smallest where ``grow`` < 0."""
    if _is_hard(plane):
        return _grow_hard(plane, grow)
    return _pick_in_disc(plane, abs(grow), np.maximum if grow > 0 else np.minimum)


def _is_hard(plane: Plane) -> bool:
    return bool(((plane == 0) | (plane == _full(plane))).all())


def _grow_hard(plane: Plane, grow: int) -> Plane:
    """By distances, whose time does not grow with the radius."""
    marked = plane != 0
    wanted = marked if grow > 0 else ~marked  # what spreads
    if not wanted.any():
        return plane
    distance = cv2.distanceTransform((~wanted).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # squares of distances are whole numbers: half of one more leaves rounding no room
    reached: NDArray[np.bool_] = np.asarray(distance) <= math.sqrt(grow * grow + 0.5)
    levels = (reached == (grow > 0)).astype(plane.dtype) * plane.dtype.type(_full(plane))
    return np.asarray(levels, plane.dtype)


def _pick_in_disc(plane: Plane, radius: int, pick: _Pick) -> Plane:
    """The largest or smallest value in the disc around each pixel, chord by chord.

    A disc is one horizontal chord for each row. The pick over a chord of any width is that of
    two windows whose width is a power of two, and those double as the chords grow wider.
    """
    height, width = plane.shape
    beyond = 0 if pick is np.maximum else _full(plane)  # what never is picked
    windows = np.pad(plane, ((0, 0), (radius, radius)), constant_values=beyond)
    out, side, last = plane.copy(), 1, 0
    chord = plane
    for row in range(radius, -1, -1):
        half = math.isqrt(radius * radius - row * row)
        while 2 * side <= 2 * half + 1:
            windows = pick(windows[:, :-side], windows[:, side:])
            side *= 2
        if half != last:
            left, right = radius - half, radius + half + 1 - side
            chord = pick(windows[:, left : left + width], windows[:, right : right + width])
            last = half
        if row < height:
            above, below = out[: height - row], out[row:]
            pick(above, chord[row:], out=above)
            pick(below, chord[: height - row], out=below)
    return out


def _fill(plane: Plane) -> Plane:
    """Holes filled to the height of the wall around them, in steps."""
    full, out = _full(plane), plane.copy()
    padded = np.pad(plane, 1)  # a way around the mask, so that one start reaches all of outside
    first = FILL_STEPS if _is_hard(plane) else 1
    for step in range(first, FILL_STEPS + 1):
        height = full * step / FILL_STEPS
        level = math.ceil(height) if plane.dtype == np.uint8 else height
        below = (padded < level).astype(np.uint8)
        cv2.floodFill(below, None, (0, 0), 2, flags=4)
        out[below[1:-1, 1:-1] == 1] = level
    return out
