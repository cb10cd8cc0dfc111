"""Removing what segments show: they are filled from around them."""

from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui.backend.opacity import read_frames
from segui.backend.workers import Stop, never
from segui.geometry import Box
from segui.segments.segment import Segment, Segments, scale_segments

# How far around a pixel the filling looks, and how much is shown to it around a segment.
RADIUS_PX: Final = 4
MARGIN_PX: Final = 16
# A larger segment is filled in fewer pixels: time grows with pixels, and what is made is smooth.
LONGEST_PX: Final = 512


def remove_segments(image: Tensor, segments: Segments, *, stop: Stop = never) -> Tensor:
    """The image with its segments filled from what is around them; alpha stays as it is.

    It is Telea's fast marching (OpenCV's ``inpaint``): colours are carried on from the outline
    inwards. That is good for wires, spots, dates and small things on a plain ground. It knows
    nothing of what a picture shows: a large segment becomes a smooth smear, textures, lines and
    faces are not continued, and shadows and reflections stay, being no part of the segment. What a
    mask leaves of a thing's rim is carried inwards too; ``grow`` takes it along.

    Args:
        image: (B, H, W, 3 or 4), uint8 or float32 in [0, 1].
        segments: What to remove: all pixels whose mask is above 0; scaled to the image where their
            size is another. None of them is a source for another.
        stop: Called before each segment; what it raises ends the work, and is raised.

    Returns:
        A new tensor of the same shape, dtype and device. A segment that has nothing around it stays
        as it is.
    """
    result = image.detach().clone()
    size_hw = (image.shape[1], image.shape[2])
    items = [item for item in scale_segments(segments, size_hw).items if not item.content.is_empty]
    for item in items:
        stop()
        box = item.content.clip(size_hw)
        seen = box.widen(MARGIN_PX).clip(size_hw)
        if box.is_empty:
            continue
        for frame in range(len(image)):
            own = _marked([item], seen, frame, len(image))
            unknown = _marked(items, seen, frame, len(image))
            pixels = image[frame][seen.slices][..., :3].detach().cpu()
            filled = _filled(_levels(pixels), unknown)
            if filled is not None:
                part = result[frame][seen.slices][..., :3]
                made = torch.from_numpy(filled).to(part.device)
                made = made if image.dtype == torch.uint8 else made.float() / 255
                where = torch.from_numpy(own).to(part.device)[..., None]
                torch.where(where, made, part, out=part)
    return result


def _levels(pixels: Tensor) -> NDArray[np.uint8]:
    levels = pixels if pixels.dtype == torch.uint8 else (pixels * 255).round().clamp(0, 255)
    return np.ascontiguousarray(levels.to(torch.uint8).numpy())


def _marked(items: list[Segment], seen: Box, frame: int, frames: int) -> NDArray[np.bool_]:
    """Where any of the segments is, in a box."""
    marked = np.zeros(seen.size_hw, np.bool_)
    for item in items:
        box = item.content.intersect(seen)
        if not box.is_empty:
            masks = read_frames(item, box, frames)
            mask = masks[frame if len(masks) > 1 else 0]
            marked[box.relative_to(seen).slices] |= mask > 0
    return marked


def _filled(pixels: NDArray[np.uint8], unknown: NDArray[np.bool_]) -> NDArray[np.uint8] | None:
    """The pixels with the unknown ones carried on from the others; None where all are unknown."""
    if unknown.all():
        return None
    height, width = unknown.shape
    scale = LONGEST_PX / max(height, width)
    holes = unknown.astype(np.uint8)
    if scale >= 1:
        return np.asarray(cv2.inpaint(pixels, holes, RADIUS_PX, cv2.INPAINT_TELEA), np.uint8)
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    # what is unknown has no share in what is known beside it
    known = (1 - holes).astype(np.float32)
    share = cv2.resize(known, size_wh, interpolation=cv2.INTER_AREA)
    summed = cv2.resize(pixels * known[..., None], size_wh, interpolation=cv2.INTER_AREA)
    small = np.rint(summed / np.maximum(share, 1e-6)[..., None]).clip(0, 255).astype(np.uint8)
    few = (share < 0.5).astype(np.uint8)
    if few.all():
        return None
    made = cv2.inpaint(small, few, RADIUS_PX, cv2.INPAINT_TELEA)
    return np.asarray(cv2.resize(made, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
