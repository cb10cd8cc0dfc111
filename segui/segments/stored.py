"""Where a segment's mask comes from: stored planes, or a region of a plane that many share.

A segment hands out its mask when asked, crop-sized and float32; what is kept in between is the
smallest thing that gives it back exactly. Boxes here are in the crop's own coordinates.
"""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box
from segui.segments.planes import Plane, TiledPlane, as_levels, as_unit

Mask = NDArray[np.float32]
Levels = NDArray[np.uint8]


class MaskSource(Protocol):
    """A mask in [0, 1] that can be read, whole or in part, as often as one likes."""

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width of the crop."""

    @property
    def frames(self) -> int | None:
        """How many masks there are, one a frame; None for one mask without frames."""

    @property
    def content(self) -> Box:
        """A box outside which the mask is 0."""

    def read(self, box: Box) -> Mask:
        """The mask in a box inside the crop: (h, w), or (B, h, w) where there are frames."""

    def read_levels(self, box: Box) -> Levels | None:
        """The same as levels 0..255, (h, w), where that is all that is read; None elsewhere."""


@dataclass(frozen=True, eq=False)
class StoredMask:
    """A mask kept as planes cut to what is not 0."""

    size_hw: tuple[int, int]
    frames: int | None
    content: Box
    planes: tuple[TiledPlane, ...]

    @classmethod
    def of(cls, mask: Mask) -> "StoredMask":
        """Keep a (h, w) or (B, h, w) mask."""
        stack = mask if mask.ndim == 3 else mask[None]
        content = _bounds((stack != 0).any(axis=0))
        planes = tuple(_compact(frame[content.slices]) for frame in stack)
        frames = len(stack) if mask.ndim == 3 else None
        return cls((stack.shape[1], stack.shape[2]), frames, content, planes)

    def read(self, box: Box) -> Mask:
        """The mask in a box inside the crop."""
        shape = (len(self.planes), *box.size_hw)
        out = np.zeros(shape, np.float32)
        part = box.intersect(self.content)
        if not part.is_empty:
            for frame, plane in zip(out, self.planes, strict=True):
                frame[part.relative_to(box).slices] = as_unit(
                    plane.read(part.relative_to(self.content))
                )
        return out[0] if self.frames is None else out

    def read_levels(self, box: Box) -> Levels | None:
        """The mask as levels, in a box inside its content where they are kept."""
        plane = self.planes[0]
        has_levels = self.frames is None and plane.flat.dtype == np.uint8
        if not has_levels or box.intersect(self.content) != box:
            return None
        return plane.read(box.relative_to(self.content))


@dataclass(frozen=True, eq=False)
class RegionMask:
    """A part of a plane that many segments share: a region of a mask, or a label of a map.

    Args:
        plane: The whole image's mask (levels 0..255 or float32), or its label map.
        value: The label's number where the plane is a label map, else None.
        outlines: Outer contours in the image's coordinates, as OpenCV gives them: what lies
            outside of them is 0. None keeps all of the bounding box.
        bbox: The region's bounding box in the image.
        crop: The crop region in the image.
        bbox_fill: The bounding box is 1 throughout.
        contour_fill: The filled outlines themselves are the mask.
    """

    plane: TiledPlane
    value: int | None
    outlines: tuple[Plane, ...] | None
    bbox: Box
    crop: Box
    bbox_fill: bool = False
    contour_fill: bool = False

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width of the crop."""
        return self.crop.size_hw

    @property
    def frames(self) -> None:
        """A region of one image has no frames."""
        return

    @property
    def content(self) -> Box:
        """The bounding box, in the crop's coordinates, as far as the crop shows it."""
        return self.bbox.intersect(self.crop).relative_to(self.crop)

    def read(self, box: Box) -> Mask:
        """The mask in a box inside the crop."""
        part = box.shift(self.crop.x1, self.crop.y1).intersect(self.bbox)
        region = np.ones(part.size_hw, np.float32) if self.bbox_fill else self._region(part)
        if part.size_hw == box.size_hw:
            return region
        out = np.zeros(box.size_hw, np.float32)
        out[part.relative_to(self.crop).relative_to(box).slices] = region
        return out

    def read_levels(self, box: Box) -> Levels | None:
        """The mask as levels, in a box inside the region where it is cut along its outlines."""
        part = box.shift(self.crop.x1, self.crop.y1)
        is_cut = self.outlines is not None and not self.bbox_fill
        if not is_cut or part.is_empty or part.intersect(self.bbox) != part:
            return None
        return self._levels(part, self._inside(part))

    def _region(self, part: Box) -> Mask:
        if part.is_empty or self.outlines is None:
            return self._pixels(part)
        inside = self._inside(part)
        levels = self._levels(part, inside)
        if levels is not None:
            return as_unit(levels)
        return np.where(inside, self._pixels(part), np.float32(0))

    def _inside(self, part: Box) -> Levels:
        """255 within the outlines, and 0 elsewhere."""
        # OpenCV fills a contour wrongly on a canvas that cuts it: draw all of it, then cut
        whole = np.zeros(self.bbox.size_hw, np.uint8)
        corner = (-self.bbox.x1, -self.bbox.y1)
        cv2.drawContours(whole, self.outlines or (), -1, 255, cv2.FILLED, offset=corner)
        return whole[part.relative_to(self.bbox).slices]

    def _levels(self, part: Box, inside: Levels) -> Levels | None:
        """The mask as levels 0..255, where it is kept as such."""
        if self.contour_fill:
            return inside
        if self.value is None and self.plane.flat.dtype == np.uint8:
            return np.asarray(cv2.bitwise_and(inside, self.plane.read(part)), np.uint8)
        return None

    def _pixels(self, part: Box) -> Mask:
        pixels = self.plane.read(part)
        return as_unit(pixels) if self.value is None else (pixels == self.value).astype(np.float32)


def _compact(mask: Mask) -> TiledPlane:
    levels = as_levels(mask)
    return TiledPlane.of(mask if levels is None else levels)


def _bounds(marked: NDArray[np.bool_]) -> Box:
    """The smallest box around the marked pixels; an empty one where there are none."""
    rows = np.flatnonzero(marked.any(axis=1))
    columns = np.flatnonzero(marked.any(axis=0))
    if not rows.size:
        return Box(0, 0, 0, 0)
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
