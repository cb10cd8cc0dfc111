"""Segments at the size of a preview: what a browser needs to paste them there by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.geometry import Box
from segui.previews.thumbnails import THUMBNAIL_PX, dimmed
from segui.segments.segment import Segment, Segments
from segui.segments.stored import Mask

Levels = NDArray[np.uint8]

# Averaged together: each row is multiplied by that many numbers, nearly all of them 0, which takes
# less time than a call for each pixel.
_BLOCK_PX = 8
HALF = 127.5  # of a mask's 255: what is above it is inside


@dataclass(frozen=True, eq=False)
class PreviewLayer:
    """One segment's mask in a preview.

    Args:
        number: The segment's place, from 1.
        box: Where the mask lies, xyxy px of the preview, inside it; outside the mask is 0.
        crop: The crop region, rounded to px of the preview; may reach beyond it.
        crop_hw: The crop region's height and width in the photo, px.
        mask: (h, w) of ``box``: 255 times the average of the mask under each pixel.
    """

    number: int
    box: Box
    crop: Box
    crop_hw: tuple[int, int]
    mask: Levels


@dataclass(frozen=True, eq=False)
class _Axis:
    """One axis of a picture, and of the same picture in fewer pixels.

    Args:
        length_px: Of the picture.
        small_px: Of the preview.
    """

    length_px: int
    small_px: int

    def cover(self, start: int, stop: int) -> tuple[int, int]:
        """The pixels of the preview that show any of those of the picture."""
        return start * self.small_px // self.length_px, -(-stop * self.small_px // self.length_px)

    def round(self, start: int, stop: int) -> tuple[int, int]:
        """The same ends in the preview, to the nearest pixel; at least one pixel apart."""
        first, last = (round(edge * self.small_px / self.length_px) for edge in (start, stop))
        return first, max(last, first + 1)

    def average(self, rows: Mask, start: int) -> Mask:
        """The average of the rows under each pixel of the preview.

        A row that a pixel shows in part counts by that part, as in OpenCV's area interpolation.

        Args:
            rows: (n, m), the picture from ``start`` on; around it there is nothing.
            start: The place of the first one in the picture.

        Returns:
            (count of the covering pixels, m).
        """
        first, last = self.cover(start, start + len(rows))
        out = np.empty((last - first, rows.shape[1]), np.float32)
        for top in range(first, last, _BLOCK_PX):
            bottom = min(top + _BLOCK_PX, last)
            begin = max(start, top * self.length_px // self.small_px)
            end = min(start + len(rows), -(-bottom * self.length_px // self.small_px))
            parts = self._parts((top, bottom), (begin, end))
            part = out[top - first : bottom - first]
            # no product of matrices: that would take all cores, and wait for those in use
            np.einsum("ij,jk->ik", parts, rows[begin - start : end - start], out=part)
        return np.asarray(out / np.float32(self.length_px), np.float32)

    def _parts(self, small: tuple[int, int], large: tuple[int, int]) -> Mask:
        """How much of each row each pixel shows, in whole parts of which a pixel has all.

        Args:
            small: The first pixel and the one after the last.
            large: The first row and the one after the last.

        Returns:
            (pixels, rows), each pixel's parts ``length_px`` in all where it is full.
        """
        pixels = np.arange(*small)[:, None] * self.length_px
        rows = np.arange(*large) * self.small_px
        ends = np.minimum(pixels + self.length_px, rows + self.small_px)
        return np.asarray(np.maximum(ends - np.maximum(pixels, rows), 0), np.float32)


def preview_layers(segments: Segments, preview_hw: tuple[int, int]) -> tuple[PreviewLayer, ...]:
    """The masks of segments as they lie in a preview of their photo.

    They are what `cv2.resize` by area makes of each mask, within one level, at a cost that grows
    with the segments and not with the photo.

    Args:
        segments: Whose masks; their size is the photo's.
        preview_hw: The preview's height and width, px, at most the photo's.

    Returns:
        One layer for each segment that shows anything inside the photo, in order. Of a mask with
        frames the largest value of them counts.

    Raises:
        InputError: The preview is empty or larger than the photo.
    """
    height, width = preview_hw
    if not (0 < height <= segments.size[0] and 0 < width <= segments.size[1]):
        raise InputError(
            f"the preview is {width} x {height}, the photo {segments.size[1]} x "
            f"{segments.size[0]}: expected a preview of at least 1 x 1 that is not larger"
        )
    axes = tuple(_Axis(*sizes) for sizes in zip(segments.size, preview_hw, strict=True))
    layers = (_layer(*numbered, segments.size, axes) for numbered in enumerate(segments.items, 1))
    return tuple(layer for layer in layers if layer is not None)


def layer_outlines(layer: PreviewLayer) -> list[NDArray[np.int32]]:
    """The outer contours of a segment in the preview, each (n, 1, 2) of x and y."""
    marked = _marked(layer)
    corner = (layer.box.x1, layer.box.y1)
    found, _ = cv2.findContours(marked, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=corner)
    return [np.asarray(contour, np.int32) for contour in found]


def inner_point(layer: PreviewLayer, wished: tuple[float, float]) -> tuple[float, float]:
    """A point in a segment, x and y in px of the preview.

    Args:
        layer: The segment.
        wished: Where it is to be if that is in the segment; else it is as far inside as can be.
    """
    marked, (x, y) = _marked(layer), wished
    row, column = int(y) - layer.box.y1, int(x) - layer.box.x1
    height, width = marked.shape
    if 0 <= row < height and 0 <= column < width and marked[row, column]:
        return wished
    depth = cv2.distanceTransform(np.pad(marked, 1), cv2.DIST_L2, 3)
    row, column = divmod(int(depth.argmax()), width + 2)
    return layer.box.x1 + column - 0.5, layer.box.y1 + row - 0.5


def _marked(layer: PreviewLayer) -> Levels:
    """1 where a segment is seen, else 0; of a faint one that is where it is least faint."""
    return np.asarray(layer.mask >= min(HALF, layer.mask.max() / 2), np.uint8)


def layer_thumbnail(
    pixels: Levels, layer: PreviewLayer, max_side: int = THUMBNAIL_PX, dim: float = 0.45
) -> Levels:
    """A segment's crop region in the preview, what is not the segment dimmed.

    Args:
        pixels: The preview, (h, w, 3 or 4).
        layer: The segment in it.
        max_side: The longer side of the result, px.
        dim: How much darker the surroundings are, 0..1.

    Returns:
        (h, w, 3) uint8.
    """
    region = layer.crop.hull(layer.box).clip((pixels.shape[0], pixels.shape[1]))
    mask = np.zeros(region.size_hw, np.float32)
    mask[layer.box.relative_to(region).slices] = layer.mask / np.float32(255)
    return dimmed(pixels[region.slices], mask, max_side, dim)


def _layer(
    number: int, segment: Segment, size_hw: tuple[int, int], axes: Sequence[_Axis]
) -> PreviewLayer | None:
    """A segment's mask in the preview; None where nothing of it lies inside the photo."""
    content = segment.content.clip(size_hw)
    if content.is_empty:
        return None
    down, across = axes
    read = segment.read_mask(content)
    mask = read if read.ndim == 2 else read.max(axis=0)
    rows = down.average(mask, content.y1)
    # in rows again: sums along them are the fast ones
    small = across.average(np.ascontiguousarray(rows.T), content.x1).T
    region = segment.crop_region
    return PreviewLayer(
        number,
        _box(across.cover(content.x1, content.x2), down.cover(content.y1, content.y2)),
        _box(across.round(region.x1, region.x2), down.round(region.y1, region.y2)),
        region.size_hw,
        np.asarray(np.rint(small * 255).clip(0, 255), np.uint8),
    )


def _box(across: tuple[int, int], down: tuple[int, int]) -> Box:
    return Box(across[0], down[0], across[1], down[1])
