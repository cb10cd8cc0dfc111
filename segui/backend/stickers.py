"""Stickers: a picture laid on each segment, upright, fitted to its bounding box.

What is seen of a segment's outline does not count: the sticker has its own, by its alpha.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui.backend.in_parts import Parts, ReadyParts
from segui.backend.workers import Stop, never
from segui.geometry import Box
from segui.options import option_values
from segui.segments.segment import Segment, Segments, scale_segments

Pixels = NDArray[np.uint8]

INSIDE, COVER = option_values("sticker_fit")
MAX_SIDE_PX: Final = 2048  # of what is kept of a sticker: more is shrunk to it once
MAX_TIMES: Final = 4  # as large as its box: a sticker that is all but a line does not cover it


@dataclass(frozen=True, eq=False)
class Sticker:
    """A picture that is laid on segments.

    Args:
        pixels: (H, W, 3 or 4) uint8; alpha says where it is seen.
    """

    pixels: Pixels

    @cached_property
    def rgba(self) -> Pixels:
        """(h, w, 4), at most 2048 px a side; where it is transparent the nearest colour goes on.

        So nothing of what a transparent pixel hides is seen at an edge that is scaled or soft.
        """
        height, width = self.pixels.shape[:2]
        scale = min(1.0, MAX_SIDE_PX / max(height, width))
        size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
        filled = _carried_on(self.pixels)
        if size_wh == (width, height):
            return filled
        return np.asarray(cv2.resize(filled, size_wh, interpolation=cv2.INTER_AREA), np.uint8)

    def place(self, bbox: Box, fit: str) -> tuple[float, float, float]:
        """Where it lies: its left and upper edge in the image, px, and how much it is scaled.

        Args:
            bbox: Of the segment.
            fit: ``inside`` (the largest that fits in) or ``cover`` (the smallest that covers it).
        """
        height, width = self.rgba.shape[:2]
        ratios = bbox.width / width, bbox.height / height
        scale = min(ratios) if fit == INSIDE else min(max(ratios), MAX_TIMES * min(ratios))
        middle_x, middle_y = (bbox.x1 + bbox.x2) / 2, (bbox.y1 + bbox.y2) / 2
        return middle_x - scale * width / 2, middle_y - scale * height / 2, scale

    def box(self, bbox: Box, fit: str) -> Box:
        """The pixels that it reaches, in part or whole; it may end outside of the image."""
        left, top, scale = self.place(bbox, fit)
        height, width = self.rgba.shape[:2]
        ends = np.ceil([left + scale * width - 1e-6, top + scale * height - 1e-6])
        starts = np.floor([left + 1e-6, top + 1e-6])
        return Box(int(starts[0]), int(starts[1]), int(ends[0]), int(ends[1]))

    def seen(self, bbox: Box, fit: str, box: Box) -> Pixels:
        """What of it lies in a box of the image, (h, w, 4); beyond its edge its colours go on.

        Args:
            bbox: Of the segment that it lies on.
            fit: ``inside`` or ``cover``.
            box: Which pixels.
        """
        left, top, scale = self.place(bbox, fit)
        shrunk, times = self._shrunk(scale)
        # a pixel's middle in the image is this place in what it is taken from
        step = times / scale
        x, y = ((box.x1 + 0.5 - left) * step - 0.5, (box.y1 + 0.5 - top) * step - 0.5)
        how = np.array([[step, 0, x], [0, step, y]], np.float64)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size_wh = (box.width, box.height)
        border = cv2.BORDER_REPLICATE
        made = cv2.warpAffine(shrunk, how, size_wh, flags=flags, borderMode=border)
        height, width = self.rgba.shape[:2]
        across = _reached(box.x1, box.x2, left, left + scale * width)
        down = _reached(box.y1, box.y2, top, top + scale * height)
        alpha = np.rint(made[..., 3] * down[:, None] * across[None])
        return np.dstack([made[..., :3], alpha.astype(np.uint8)])

    def _shrunk(self, scale: float) -> tuple[Pixels, float]:
        """It in about as many pixels as it will have, by means of areas, and its scale there."""
        if scale >= 1:
            return self.rgba, 1.0
        height, width = self.rgba.shape[:2]
        size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(self.rgba, size_wh, interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.uint8).reshape(size_wh[1], size_wh[0], 4), size_wh[0] / width


@dataclass(frozen=True, eq=False)
class StickerParts:
    """The colours of a sticker as it lies on each segment.

    Args:
        photo: (1, H, W, 3 or 4) uint8.
        sticker: The sticker.
        fit: ``inside`` or ``cover``.
    """

    photo: Tensor
    sticker: Sticker
    fit: str

    def of(self, segment: Segment) -> Parts:
        """Those of one segment, where it is asked for."""
        return _OnSegment(self, segment.bbox)

    def at(self, box: Box) -> Tensor:
        """The photo's own colours: what no segment has."""
        return self.photo[(slice(None), *box.slices)][..., :3]

    def whole(self) -> Tensor:
        """The photo's own colours: what no segment has."""
        return self.photo[..., :3]


@dataclass(frozen=True, eq=False)
class _OnSegment:
    parts: StickerParts
    bbox: Box

    def at(self, box: Box) -> Tensor:
        colours = self.parts.sticker.seen(self.bbox, self.parts.fit, box)[..., :3]
        return torch.from_numpy(np.ascontiguousarray(colours))[None].to(self.parts.photo.device)

    def whole(self) -> Tensor:
        return self.at(Box.of_size((self.parts.photo.shape[1], self.parts.photo.shape[2])))

    def of(self, _segment: Segment) -> Parts:
        return ReadyParts(self.whole())


def as_stickers(
    segments: Segments, size_hw: tuple[int, int], sticker: Sticker, fit: str, *, stop: Stop = never
) -> Segments:
    """The segments in the sticker's own outline: what is pasted, in place of their masks.

    Args:
        segments: Scaled to the size where theirs is another.
        size_hw: Height and width of the photo.
        sticker: What is laid on them.
        fit: ``inside`` or ``cover``.
        stop: Called before each segment; what it raises ends the work, and is raised.
    """
    made = []
    for item in scale_segments(segments, size_hw).items:
        stop()
        box = sticker.box(item.bbox, fit).clip(size_hw)
        if box.is_empty:
            continue
        alpha = sticker.seen(item.bbox, fit, box)[..., 3]
        mask = torch.from_numpy(alpha.astype(np.float32) / 255)
        made.append(Segment(mask, box, item.bbox, item.label, item.confidence))
    return Segments(size_hw, made)


def _reached(start: int, end: int, first: float, last: float) -> NDArray[np.float32]:
    """How much of each pixel of a row lies between two places."""
    pixels = np.arange(start, end)
    share = np.minimum(pixels + 1, last) - np.maximum(pixels, first)
    return np.asarray(share.clip(0, 1), np.float32)


def _carried_on(pixels: Pixels) -> Pixels:
    """The picture as RGBA; transparent pixels have the colour of the nearest that is seen."""
    if pixels.shape[2] == 3:
        return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
    hidden = pixels[..., 3] == 0
    if not hidden.any() or hidden.all():
        return pixels
    kind = cv2.DIST_LABEL_PIXEL
    _, labels = cv2.distanceTransformWithLabels(
        hidden.astype(np.uint8), cv2.DIST_L2, 5, labelType=kind
    )
    colours = np.zeros((int(labels.max()) + 1, 3), np.uint8)
    colours[labels[~hidden]] = pixels[..., :3][~hidden]
    return np.dstack([colours[labels], pixels[..., 3]])
