"""Pixels mixed in floats, by how opaque the upper ones are."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor

_NEGATIVE_ZERO: Final = -(2**31)  # its bits, as an integer: the least that there is


@dataclass(frozen=True)
class Mix:
    """A mix of pixels: out = (1 - m) under + m source.

    Args:
        full: The value of full brightness of what is below, 1 or 255.
        finite: Whether all that is mixed is bytes, and so neither infinite nor NaN.
        alpha: Opacity, 0..255, that multiplies each pixel's own.
    """

    full: float
    finite: bool
    alpha: int

    def __call__(self, under: Tensor, source: Tensor, opacity: Tensor) -> Tensor:
        """Mix.

        Args:
            under: (..., 3) float32.
            source: (..., 3 or 4), uint8 or float32; its alpha multiplies the opacity.
            opacity: (...), float32 in [0, 1].

        Returns:
            A new tensor like ``under``.
        """
        shown = widen(source, self.full)
        mask = opacity if self.alpha == 255 else opacity * (self.alpha / 255)
        if shown.shape[-1] == 4:
            mask = mask * (shown[..., 3] / self.full)
        weights = _for_each_channel(mask)
        mixed = torch.lerp(under, shown[..., :3], weights)
        return mixed if self.finite else _mended(mixed, under, shown[..., :3], weights)


def widen(pixels: Tensor, full: float) -> Tensor:
    """Pixels as float32.

    Args:
        pixels: uint8, or float32 in [0, 1].
        full: The value of full brightness.
    """
    own_full = 255.0 if pixels.dtype == torch.uint8 else 1.0
    widened = pixels.float()
    return widened if own_full == full else widened * (full / own_full)


def _mended(mixed: Tensor, under: Tensor, source: Tensor, weights: Tensor) -> Tensor:
    """A mix of floats in which at weight 0 or 1 the other one has no say, whatever it is."""
    # where the sum is finite all of it is, and a mix of weight 1 is the source already
    if not math.isfinite(mixed.sum()):
        # the mix starts from a difference, which infinite and huge values may not have
        plain = (1 - weights) * under + weights * source
        mixed = torch.where(mixed.isfinite(), mixed, plain)
        mixed = torch.where(weights < 1, mixed, source)
    elif not _may_have_negative_zeros(under):
        return mixed
    # at weight 0 a mix would turn -0 into 0, too
    return torch.where(weights > 0, mixed, under)


def _may_have_negative_zeros(values: Tensor) -> bool:
    """Whether any value is -0: seldom, and to look for it takes less than to choose by weights."""
    if values.device.type != "cpu":
        return True
    return int(values.numpy().view(np.int32).min()) == _NEGATIVE_ZERO


def _for_each_channel(mask: Tensor) -> Tensor:
    """(...) as (..., 3), each value thrice: a mix of whole rows is several times faster."""
    if mask.device.type == "cpu":
        line = mask.numpy().reshape(-1)
        return torch.from_numpy(cv2.merge((line, line, line))).view(*mask.shape, 3)
    return mask[..., None].expand(*mask.shape, 3)
