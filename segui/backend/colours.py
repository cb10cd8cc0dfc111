"""Colours as effects compute them, and back as an image has them."""

from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from segui.images.blocks import FloatPixels, Pixels

# Below this opacity a colour is nobody's to see and too faint to recover.
LEAST_ALPHA: Final = 1e-6


def as_kind(premultiplied: FloatPixels, dtype: np.dtype[np.generic]) -> Pixels:
    """Straight colours of a dtype.

    Args:
        premultiplied: (H, W, 3 or 4) float32 in [0, 1], weighted by their opacity.
        dtype: uint8, rounded to nearest, or float32.

    Returns:
        (H, W, 3).
    """
    colours = premultiplied[..., :3]
    if premultiplied.shape[2] == 4:
        alpha = premultiplied[..., 3:]
        visible = alpha > LEAST_ALPHA
        colours = colours * np.where(visible, 1 / np.maximum(alpha, LEAST_ALPHA), np.float32(0))
    if dtype == np.uint8:
        levels = cv2.convertScaleAbs(np.ascontiguousarray(colours), alpha=255)
        return np.asarray(levels, np.uint8).reshape(colours.shape)
    return colours


def as_kind_by_torch(premultiplied: Tensor, dtype: torch.dtype) -> Tensor:
    """The same of (B, H, W, 3 or 4) on any device."""
    colours = premultiplied[..., :3]
    if premultiplied.shape[3] == 4:
        alpha = premultiplied[..., 3:]
        colours = torch.where(alpha > LEAST_ALPHA, colours / alpha.clamp(min=LEAST_ALPHA), 0)
    return (colours * 255).round().clamp(0, 255).to(dtype) if dtype == torch.uint8 else colours


def block_means_by_torch(image: Tensor, block_px: int) -> Tensor:
    """``block_means`` for a batch on any device: (B, rows, columns, C) float32."""
    colours = image[..., :3].float() / (255 if image.dtype == torch.uint8 else 1)
    if image.shape[3] == 4:
        alpha = image[..., 3:].float() / (255 if image.dtype == torch.uint8 else 1)
        alpha = alpha.clamp(0, 1)
        colours = torch.cat((colours * alpha, alpha), dim=3)
    sides = (min(block_px, image.shape[1]), min(block_px, image.shape[2]))
    planes = colours.permute(0, 3, 1, 2)
    means = avg_pool2d(planes, sides, ceil_mode=True, count_include_pad=False)
    return means.permute(0, 2, 3, 1)
