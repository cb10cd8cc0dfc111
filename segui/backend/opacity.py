"""How opaque a segment is where: its mask, feathered by one of three edges."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import torch
from torch import Tensor

from segui.backend.feather import Border, Borders, Gaussian, Surroundings, feather, takes_bytes
from segui.geometry import Box
from segui.options import option_values
from segui.segments.planes import as_unit
from segui.segments.segment import Segment
from segui.segments.stored import Levels, Mask

Edge = Literal["smooth", "outward", "impact"]
EDGES = option_values("edge")
UNION_LEVEL = 0.1  # of masks of another frame count than the picture, what counts as marked


@dataclass(frozen=True)
class Placement:
    """Where a segment's paste can change an image, and how its edge is made.

    Args:
        segment: What is pasted.
        content: The box of the mask that counts, outside which there is nothing.
        support: The box outside which the opacity is 0.
        target: The part of ``support`` inside the image.
        gaussian: The blur.
        borders: What lies beyond the support's sides.
        outward: Whether the edge is soft outside of the mask alone.
    """

    segment: Segment
    content: Box
    support: Box
    target: Box
    gaussian: Gaussian
    borders: Borders
    outward: bool = False

    def opacities(self, frames: range, total: int, device: torch.device) -> Iterator[Tensor]:
        """The opacity in ``target`` in each frame, float32 (h, w).

        Args:
            frames: Which frames.
            total: The image's frame count.
            device: Where to compute.
        """
        masks = self._masks(total, device)
        content, support = self.content, self.support
        margins = (
            content.x1 - support.x1,
            content.y1 - support.y1,
            support.x2 - content.x2,
            support.y2 - content.y2,
        )
        around = Surroundings(margins, self.borders)
        inner = self.target.relative_to(support).slices
        shared = len(masks) == 1
        for frame in range(1) if shared else frames:
            mask = torch.from_numpy(masks[frame]).to(device)
            opacity = feather(mask, self.gaussian, around)[inner]
            if self.outward:
                opacity = self._outward(opacity, mask)
            if self.segment.opacity != 1:
                opacity = opacity * self.segment.opacity
            yield from (opacity for _ in range(len(frames) if shared else 1))

    def _masks(self, total: int, device: torch.device) -> Mask | Levels:
        """The masks in ``content`` as the blur takes them, (frames, h, w) or (1, h, w)."""
        if not self.outward and takes_bytes(self.gaussian, device):
            levels = self.segment.read_levels(self.content)
            if levels is not None:
                return (levels & np.uint8(1) if _is_hard(levels) else as_unit(levels))[None]
        return read_frames(self.segment, self.content, total)

    def _outward(self, blurred: Tensor, mask: Tensor) -> Tensor:
        """max(mask, min(1, 2 g)): along a straight hard edge g is half, so that twice g is whole.

        Args:
            blurred: The feathered mask g in ``target``.
            mask: The mask in ``content``.
        """
        opacity = (2 * blurred).clamp_(max=1)
        inside = self.content.intersect(self.target)
        part = opacity[inside.relative_to(self.target).slices]
        torch.maximum(part, mask[inside.relative_to(self.content).slices], out=part)
        return opacity


def place(
    segment: Segment, feather_px: int, edge: str, size_hw: tuple[int, int], beyond: bool
) -> Placement | None:
    """Where a segment's paste can change an image of that size; None where nowhere.

    Args:
        segment: What is pasted, in the image's own scale.
        feather_px: The feather.
        edge: ``smooth``, ``outward`` or ``impact``.
        size_hw: The image's height and width.
        beyond: Whether there are pixels to paste beyond the crop region.
    """
    crop, content, image = segment.crop_region, segment.content, Box.of_size(size_hw)
    if edge == "impact":
        gaussian = Gaussian.impact(feather_px, crop.size_hw)
        area, borders = crop, _MIRRORED
    else:
        gaussian = Gaussian.smooth(feather_px)
        content = content.intersect(image)
        area = image if beyond else crop.intersect(image)
        borders = _open_borders(area, image)
    support = content.widen(gaussian.radius_px).intersect(area)
    target = support.intersect(image)
    if content.is_empty or target.is_empty:
        return None
    # a side inside the area has only zeros beyond it: the support holds all that is not 0
    ends = zip(support, area, borders, strict=True)
    left, top, right, bottom = (border if side == end else "zero" for side, end, border in ends)
    open_ends: Borders = (left, top, right, bottom)
    # without a feather there is no edge to move outward: the mask stays as it is
    outward = edge == "outward" and feather_px > 0
    return Placement(segment, content, support, target, gaussian, open_ends, outward)


def read_frames(segment: Segment, box: Box, frames: int) -> Mask:
    """A box of a segment's masks for an image of that many frames.

    Masks of another frame count than the image are united, then 1 where above 0.1.

    Args:
        segment: Whose mask to read.
        box: Which part, inside the crop region.
        frames: The image's frame count.

    Returns:
        (frames, h, w), or (1, h, w) where all frames share one.
    """
    read = segment.read_mask(box)
    stack = read if read.ndim == 3 else read[None]
    if len(stack) in {1, frames}:
        return stack
    levels = (stack * np.float32(255)).astype(np.uint8)
    union = np.bitwise_or.reduce(levels, axis=0)[None].astype(np.float32) / np.float32(255)
    return np.asarray(union > UNION_LEVEL, np.float32)


def _is_hard(levels: Levels) -> bool:
    """Whether all levels are 0 or 255."""
    return bool(cv2.sumElems(levels)[0] == 255 * cv2.countNonZero(levels))


_MIRRORED: Borders = ("reflect", "reflect", "reflect", "reflect")


def _open_borders(area: Box, image: Box) -> Borders:
    """Repeat the edge where the area ends with the image, so that a mask stays opaque there."""

    def border(side: int, end: int) -> Border:
        return "replicate" if side == end else "zero"

    left, top, right, bottom = map(border, area, image)
    return left, top, right, bottom
