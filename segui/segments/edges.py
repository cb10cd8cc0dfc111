"""Masks whose edges follow the picture's own, where they lay beside them or were too coarse."""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.checks import is_whole
from segui.errors import InputError, shown
from segui.geometry import Box
from segui.options import option_range
from segui.segments.cutting import CropOptions
from segui.segments.enlarging import Floats, enlarged
from segui.segments.planes import Plane
from segui.segments.reshape import check_no_images, recut_each
from segui.segments.segment import Segment, Segments

_CELLS: Final = 5  # of the small copy, within the reach: a line is not fitted to fewer
_TILE_PX: Final = 160
_NOISE: Final = 1e-4  # a variance of colours, 0..1, below which a difference says nothing
_STEEPNESS: Final = 2.0  # a mask that lay beside an edge is fitted with less than its height

Pixels = NDArray[np.uint8]


def refine_segments(
    segments: Segments,
    picture: Pixels,
    reach_px: int,
    *,
    crop_factor: float = CropOptions.crop_factor,
    drop_size: int = CropOptions.drop_size,
) -> Segments:
    """Segments whose edges follow the picture's own.

    Args:
        segments: What was found, or read from masks.
        picture: (H, W, 3 or 4) uint8; what is transparent counts by its colours.
        reach_px: How far an edge may lie from the picture's, 0..100; 0 changes nothing.
        crop_factor: The new crop regions' sides over the bounding boxes', 1..100.
        drop_size: Width and height of what is left must both exceed this, px, at least 1.

    Returns:
        New segments in the same order, with soft edges where the picture's are; ``left_out`` has
        in addition those that became too small. The same object where nothing is asked for.

    Raises:
        InputError: The reach is out of its range, or a segment has an image of its own.
    """
    check_reach(reach_px)
    if not reach_px:
        return segments
    check_no_images(segments, "its edge cannot move")

    def followed(item: Segment) -> tuple[Box, list[Plane]]:
        around = item.content.widen(3 * reach_px).clip(segments.size)
        colours = picture[around.slices][..., :3]
        planes = planes_in(item, around)
        return around, [follow_edges(plane, colours, reach_px) for plane in planes]

    return recut_each(segments, followed, CropOptions(crop_factor, drop_size))


def check_reach(reach_px: int) -> None:
    """Refuse a reach that is out of its range.

    Raises:
        InputError: It is no whole number from 0 to 100.
    """
    least, most = option_range("refine_edges")
    if not is_whole(reach_px) or not least <= reach_px <= most:
        raise InputError(
            f"refine_edges is {shown(reach_px)}: expected a whole number of px from {least} to "
            f"{most}"
        )


def planes_in(item: Segment, box: Box) -> list[Pixels]:
    """A segment's mask in each of its frames, in a box of the image that may go beyond it."""
    content = item.content.intersect(box)
    mask = item.read_mask(content)
    planes = []
    for frame in mask if mask.ndim == 3 else mask[None]:
        plane = np.zeros(box.size_hw, np.uint8)
        plane[content.relative_to(box).slices] = np.rint(frame * 255)
        planes.append(plane)
    return planes


def follow_edges(levels: Pixels, colours: Pixels, reach_px: float) -> Pixels:
    """A mask whose edge is the picture's own, where the picture has one nearby.

    Near its edge the mask becomes what a linear function of the picture's colours fits it best
    with, in windows of the reach: where the colours change, the mask changes with them; hair keeps
    what is seen through it. Where they do not change, the mask becomes smooth. What is further
    from the edge than the reach stays as it is.

    Args:
        levels: (H, W) uint8, how much of each pixel belongs to the mask, 255 all.
        colours: (H, W, 3) uint8, the picture.
        reach_px: How far the edge may lie from the picture's; below 1 nothing is changed.

    Returns:
        (H, W) uint8, a new array, or the same where nothing is changed.

    Source: He and Sun, Fast Guided Filter, 2015, with colours as the guide.
    """
    if reach_px < 1:
        return levels
    near = near_edge(levels, round(reach_px))
    x, y, width, height = cv2.boundingRect(near)
    if not width:
        return levels
    part = Box(x, y, x + width, y + height)
    around = part.widen(2 * round(reach_px)).clip((levels.shape[0], levels.shape[1]))
    fit, per_px_yx = _fit(levels[around.slices], colours[around.slices], reach_px)
    out = levels.copy()
    for tile in _tiles(part):
        is_near = near[tile.slices] > 0
        if is_near.any():
            slopes = enlarged(fit, per_px_yx, tile.relative_to(around))
            fitted = _applied(slopes, colours[tile.slices])
            out[tile.slices][is_near] = fitted[is_near]
    return out


def _tiles(box: Box) -> Iterator[Box]:
    """A box in pieces, of most of which an outline passes by."""
    for y in range(box.y1, box.y2, _TILE_PX):
        for x in range(box.x1, box.x2, _TILE_PX):
            yield Box(x, y, min(x + _TILE_PX, box.x2), min(y + _TILE_PX, box.y2))


def near_edge(levels: Pixels, reach_px: int) -> Pixels:
    """255 where another level is within reach, else 0; a picture's border is no edge.

    Args:
        levels: (H, W) uint8.
        reach_px: Of the rows above and below, and the columns at the sides, px.
    """
    square = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * reach_px + 1,) * 2)
    high, low = cv2.dilate(levels, square), cv2.erode(levels, square)
    return np.asarray(cv2.compare(high, low, cv2.CMP_NE), np.uint8)


def _fit(levels: Pixels, colours: Pixels, reach_px: float) -> tuple[Floats, tuple[float, float]]:
    """The function in each place of a small copy, and how many of its cells a px has.

    Returns:
        (h, w, 4) float32, a slope for each colour and what is added; cells down and to the right.
    """
    step = max(1.0, reach_px / _CELLS)
    height, width = levels.shape
    size_wh = (max(1, round(width / step)), max(1, round(height / step)))
    guide = _small(colours, size_wh)
    mask = _small(levels, size_wh)
    side = 2 * max(1, round(reach_px / step)) + 1
    slopes = _slopes(guide, mask, side)
    return _mean(slopes, side), (size_wh[1] / height, size_wh[0] / width)


def _small(plane: Pixels, size_wh: tuple[int, int]) -> Floats:
    """A plane made small by means over areas, 0..1."""
    small = cv2.resize(plane, size_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255)


def _mean(plane: Floats, side: int) -> Floats:
    mean = cv2.boxFilter(plane, -1, (side, side), borderType=cv2.BORDER_REFLECT)
    return np.asarray(mean, np.float32)


def _slopes(guide: Floats, mask: Floats, side: int) -> Floats:
    """By windows the linear function of the guide that is nearest to the mask, (h, w, 4)."""
    mean, middle = _mean(guide, side), _mean(mask, side)
    both = _mean(guide * mask[..., None], side) - mean * middle[..., None]
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    products = np.stack([guide[..., i] * guide[..., j] for i, j in pairs], axis=-1)
    # OpenCV filters at most four channels of any kind at once in some releases
    spread = np.concatenate([_mean(products[..., :3], side), _mean(products[..., 3:], side)], -1)
    table = np.empty((*mask.shape, 3, 3), np.float64)
    for place, (i, j) in enumerate(pairs):
        value = spread[..., place].astype(np.float64) - mean[..., i] * mean[..., j]
        table[..., i, j] = table[..., j, i] = value + (_NOISE if i == j else 0)
    slopes = np.linalg.solve(table, both.astype(np.float64)[..., None])[..., 0]
    added = middle - (slopes * mean).sum(axis=-1)
    return np.concatenate([slopes, added[..., None]], axis=-1).astype(np.float32)


def _applied(slopes: Floats, colours: Pixels) -> Pixels:
    """The levels that the functions say of the colours."""
    unit = colours.astype(np.float32) / np.float32(255)
    fitted = np.einsum("ijk,ijk->ij", slopes[..., :3], unit) + slopes[..., 3]
    steep = (fitted - 0.5) * np.float32(_STEEPNESS) + np.float32(0.5)
    return np.asarray(np.rint(np.clip(steep, 0, 1) * 255), np.uint8)
