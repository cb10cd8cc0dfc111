"""What is seen of a segment: a point of its edge, and a thumbnail."""

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.images.writing import over_checkerboard, shrink
from segui.segments.segment import HARD_LEVEL, Segment

Pixels = NDArray[np.uint8]

PREVIEW_PX = 1024
THUMBNAIL_PX = 256


def edge_point(segment: Segment, size_hw: tuple[int, int]) -> tuple[int, int]:
    """A point of a segment's edge, x and y: the one farthest inside the picture of four.

    Args:
        segment: The segment.
        size_hw: The picture's height and width, px.
    """
    content = segment.content
    if content.is_empty:
        return segment.bbox.x1, segment.bbox.y1
    mask = segment.read_mask(content)
    marked = (mask if mask.ndim == 2 else mask.max(axis=0)) >= min(HARD_LEVEL, float(mask.max()))
    row, column = content.height // 2, content.width // 2
    across, down = np.flatnonzero(marked[row]), np.flatnonzero(marked[:, column])
    points = [(content.x1 + int(x), content.y1 + row) for x in _ends(across)]
    points += [(content.x1 + column, content.y1 + int(y)) for y in _ends(down)]
    if not points:
        ys, xs = np.nonzero(marked)
        points = [(content.x1 + int(xs[0]), content.y1 + int(ys[0]))]
    height, width = size_hw
    return max(points, key=lambda point: _room(point, width, height))


def _ends(places: NDArray[np.intp]) -> NDArray[np.intp]:
    return places[[0, -1]] if len(places) else places


def _room(point: tuple[int, int], width: int, height: int) -> int:
    """How far a point lies from the picture's border, px."""
    x, y = point
    return min(x, y, width - 1 - x, height - 1 - y)


def thumbnail(
    pixels: Pixels, segment: Segment, max_side: int = THUMBNAIL_PX, dim: float = 0.45
) -> Pixels:
    """A segment's crop region, what is not the segment dimmed.

    Args:
        pixels: The photo, (H, W, 3 or 4), that the crop regions lie in.
        segment: The segment.
        max_side: The longer side of the result, px.
        dim: How much darker the surroundings are, 0..1.

    Returns:
        (h, w, 3) uint8.
    """
    region = segment.crop_region.clip((pixels.shape[0], pixels.shape[1]))
    if region.is_empty:
        return np.zeros((1, 1, 3), np.uint8)
    mask = segment.read_mask(region)
    flat = mask if mask.ndim == 2 else mask.max(axis=0)
    return dimmed(pixels[region.slices], flat, max_side, dim)


def dimmed(
    pixels: Pixels, mask: NDArray[np.float32], max_side: int = THUMBNAIL_PX, dim: float = 0.45
) -> Pixels:
    """A part of a picture, shrunk, what its mask leaves out dimmed.

    Args:
        pixels: (h, w, 3 or 4).
        mask: (h, w) in [0, 1].
        max_side: The longer side of the result, px.
        dim: How much darker the rest is, 0..1.

    Returns:
        (h, w, 3) uint8.
    """
    small = shrink(np.ascontiguousarray(pixels), max_side)
    shown = over_checkerboard(small) if small.shape[2] == 4 else small
    size_wh = (shown.shape[1], shown.shape[0])
    light = 1 - dim * (1 - cv2.resize(mask, size_wh, interpolation=cv2.INTER_AREA))
    return np.asarray(np.rint(shown * light[..., None]).clip(0, 255), np.uint8)
