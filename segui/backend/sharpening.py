"""An unsharp mask: what a narrow blur takes away is added once more."""

from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor

from segui.backend.blurring import BlurPlan, blur_by_opencv, blur_by_torch
from segui.backend.colours import as_kind, as_kind_by_torch
from segui.geometry import Box
from segui.images.blocks import FloatPixels, Pixels, as_pixels

BAND_PX: Final = 250_000  # sharpened at once: a cache holds their floats
# The blur's sigma, of the longer side, and its ends in px: below what is made in blocks.
SIGMA_SHARE: Final = 0.0005
SIGMA_PX: Final = (1.0, 5.0)


def sigma_of(size_hw: tuple[int, int]) -> float:
    """The blur's sigma for an image of that size: 0.05 % of its longer side, 1 px to 5 px."""
    least, most = SIGMA_PX
    return min(max(SIGMA_SHARE * max(size_hw), least), most)


def sharpening_plan(size_hw: tuple[int, int]) -> BlurPlan:
    """The blur of an image of that size."""
    return BlurPlan.of(sigma_of(size_hw), size_hw, in_bytes=False)


def sharpen_by_opencv(frame: Pixels, box: Box, percent: float, plan: BlurPlan) -> Pixels:
    """``v + s (v - blurred v)`` in a box of a frame, ``s`` a share of 100 percent.

    Args:
        frame: (H, W, 3 or 4) uint8, or float32 in [0, 1]; the blur weighs colours by opacity.
        box: Which pixels, inside the frame.
        percent: How much, 1..1000.
        plan: The blur.

    Returns:
        (h, w, 3) of the frame's dtype.
    """
    result = as_pixels(np.empty((*box.size_hw, 3), frame.dtype))
    in_bytes = frame.dtype == np.uint8 and frame.shape[2] == 3
    rows = max(1, BAND_PX // max(1, box.width))
    for top in range(box.y1, box.y2, rows):
        band = Box(box.x1, top, box.x2, min(top + rows, box.y2))
        seen = band.widen(plan.reach_px).clip((frame.shape[0], frame.shape[1]))
        sharp = _of_bytes if in_bytes else _of_floats
        made = sharp(frame[seen.slices], band.relative_to(seen), percent / 100, plan)
        result[band.relative_to(box).slices] = made
    return result


def _of_bytes(seen: Pixels, inner: Box, share: float, plan: BlurPlan) -> Pixels:
    # a blur in whole levels would be off by as much as it is multiplied by
    border = cv2.BORDER_REFLECT
    blurred = cv2.sepFilter2D(seen, cv2.CV_32F, plan.taps, plan.taps, borderType=border)
    blurred = blurred.reshape(seen.shape)[inner.slices]
    own = seen[inner.slices].astype(np.float32)
    made = cv2.addWeighted(own, 1 + share, blurred, -share, 0, dtype=cv2.CV_8U)
    return as_pixels(made).reshape(own.shape)


def _of_floats(seen: Pixels, inner: Box, share: float, plan: BlurPlan) -> Pixels:
    floats = _as_floats(seen)
    own = floats[inner.slices][..., :3]
    sharp = own + np.float32(share) * (own - blur_by_opencv(floats, inner, plan))
    made = np.clip(sharp, 0, 1) if seen.dtype == np.uint8 else sharp
    return as_kind(np.asarray(made, np.float32), seen.dtype)


def sharpen_by_torch(image: Tensor, box: Box, percent: float, plan: BlurPlan) -> Tensor:
    """The same for all frames, (B, H, W, 3 or 4), on any device."""
    seen = box.widen(plan.reach_px).clip((image.shape[1], image.shape[2]))
    floats = image[(slice(None), *seen.slices)].float()
    floats = floats / 255 if image.dtype == torch.uint8 else floats
    inner = box.relative_to(seen)
    own = floats[(slice(None), *inner.slices)][..., :3]
    sharp = own + percent / 100 * (own - blur_by_torch(floats, inner, plan))
    return as_kind_by_torch(sharp, image.dtype)


def _as_floats(crop: Pixels) -> FloatPixels:
    if crop.dtype == np.uint8:
        return np.asarray(np.multiply(crop, np.float32(1 / 255), dtype=np.float32))
    return np.ascontiguousarray(crop, np.float32)
