"""Feathering: a mask's edge made soft by a Gaussian, exact and nearly flat in its radius."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import cv2
import torch
import torch.nn.functional as F  # noqa: N812  the name that everybody uses
from torch import Tensor

Border = Literal["zero", "reflect", "replicate"]
Borders = tuple[Border, Border, Border, Border]  # left, top, right, bottom

IMPACT_SIGMA_PX = 10.0
OPENCV_RADIUS_PX = 12  # on a CPU, OpenCV's filter is the faster one up to about here
BLOCK_PX = 64  # outputs of one matrix product: fewer are slow calls, more are wasted zeros


@dataclass(frozen=True)
class Gaussian:
    """A Gaussian cut at its radius and normalised.

    Args:
        radius_px: Taps lie at -radius .. radius; 0 changes nothing.
        sigma_px: The standard deviation.
    """

    radius_px: int
    sigma_px: float

    @classmethod
    def smooth(cls, feather_px: int) -> "Gaussian":
        """The smooth edge's: it ends at three sigma, where little is left of it."""
        return cls(feather_px, feather_px / 3)

    @classmethod
    def impact(cls, feather_px: int, size_hw: tuple[int, int]) -> "Gaussian":
        """The reference node's for a crop of that size: sigma is 10 px whatever the feather."""
        taps = 2 * feather_px + 1
        if min(size_hw) <= taps:
            taps = int(min(size_hw) / 2)
            taps += taps % 2 == 0
        return cls(0 if taps < 3 else taps // 2, IMPACT_SIGMA_PX)

    def taps(self) -> Tensor:
        """The weights, float64, (2 radius + 1,), their sum 1."""
        x = torch.arange(-self.radius_px, self.radius_px + 1, dtype=torch.float64)
        weights = torch.exp(-((x / self.sigma_px) ** 2) / 2)
        return weights / weights.sum()


@dataclass(frozen=True)
class Surroundings:
    """What lies around a mask, side by side: left, top, right, bottom.

    Args:
        margins_px: How far the result reaches beyond the mask, over nothing but 0.
        borders: What lies beyond the result: nothing, the picture mirrored without repeating
            its edge, or its edge repeated.
    """

    margins_px: tuple[int, int, int, int]
    borders: Borders

    @property
    def across(self) -> "Sides":
        """Left and right."""
        return Sides(self.margins_px[::2], self.borders[::2])

    @property
    def down(self) -> "Sides":
        """Top and bottom."""
        return Sides(self.margins_px[1::2], self.borders[1::2])


class Sides(NamedTuple):
    """The two ends of one axis, first and last."""

    margins_px: tuple[int, ...]
    borders: tuple[Border, ...]


def feather(mask: Tensor, gaussian: Gaussian, around: Surroundings) -> Tensor:
    """A mask blurred by a Gaussian.

    Args:
        mask: float32, (h, w).
        gaussian: The blur. A side that mirrors needs a result longer than the radius.
        around: How far the result reaches beyond the mask, and what lies beyond it.

    Returns:
        float32, (top + h + bottom, left + w + right), on the mask's device; exactly 0 where no
        tap meets anything but 0.
    """
    if gaussian.radius_px == 0:
        return _extend(_extend(mask, around.across).T, around.down).T
    if mask.device.type == "cpu" and gaussian.radius_px <= OPENCV_RADIUS_PX:
        return _filter(mask, gaussian, around)
    rows = _multiply(mask, gaussian, around.across)
    return _multiply(rows.T, gaussian, around.down).T


def _extend(mask: Tensor, sides: Sides, radius_px: int = 0) -> Tensor:
    """The mask with its margins on the last axis, and ``radius_px`` of what lies beyond them.

    Beyond a margin that ends in nothing there is nothing to add: only mirrored and repeated
    sides grow by the radius.
    """
    extended = mask
    if any(sides.margins_px):
        extended = F.pad(mask, sides.margins_px)
    before, after = (radius_px * (border != "zero") for border in sides.borders)
    if not before and not after:
        return extended
    width = extended.shape[1]
    grown = F.pad(extended, (before, after))
    if before:
        mirrored = sides.borders[0] == "reflect"
        grown[:, :before] = extended[:, 1 : before + 1].flip(1) if mirrored else extended[:, :1]
    if after:
        mirrored = sides.borders[1] == "reflect"
        edge = extended[:, width - 1 - after : width - 1].flip(1) if mirrored else extended[:, -1:]
        grown[:, width + before :] = edge
    return grown


def _filter(mask: Tensor, gaussian: Gaussian, around: Surroundings) -> Tensor:
    """Blur by OpenCV's separable filter."""
    radius = gaussian.radius_px
    taps = gaussian.taps().float().numpy()
    wide = _extend(mask, around.across, radius)
    whole = _extend(wide.T, around.down, radius).T.contiguous().numpy()
    blurred = cv2.sepFilter2D(whole, -1, taps, taps, borderType=cv2.BORDER_CONSTANT)
    left, top, right, bottom = (radius * (border != "zero") for border in around.borders)
    height, width = blurred.shape
    return torch.from_numpy(blurred)[top : height - bottom, left : width - right]


def _multiply(mask: Tensor, gaussian: Gaussian, sides: Sides) -> Tensor:
    """Blur along the last axis by products with a band matrix.

    That is many more multiplications than a filter's, at many times the speed. Columns of
    which all are known to be 0 are never touched.
    """
    radius = gaussian.radius_px
    band = _band(gaussian, mask.device)
    mirrored = tuple(border != "zero" for border in sides.borders)
    margins = tuple(
        margin * beyond for margin, beyond in zip(sides.margins_px, mirrored, strict=True)
    )
    known = _extend(mask, Sides(margins, sides.borders), radius)
    first = -radius if mirrored[0] else sides.margins_px[0]
    width = sum(sides.margins_px) + mask.shape[1]
    out = mask.new_empty(mask.shape[0], width)
    for start in range(0, width, BLOCK_PX):
        count = min(BLOCK_PX, width - start)
        low = max(start - radius, first)
        high = max(low, min(start + count + radius, first + known.shape[1]))
        skipped = low - (start - radius)
        taps = band[skipped : skipped + high - low, :count]
        out[:, start : start + count] = known[:, low - first : high - first] @ taps
    return out


@lru_cache(maxsize=8)
def _band(gaussian: Gaussian, device: torch.device) -> Tensor:
    """(64 + 2 radius, 64): column j has the taps from row j on."""
    taps = gaussian.taps().float()
    rows = torch.arange(BLOCK_PX + len(taps) - 1)[:, None]
    shift = rows - torch.arange(BLOCK_PX)
    inside = (shift >= 0) & (shift < len(taps))
    return torch.where(inside, taps[shift.clamp(0, len(taps) - 1)], 0.0).to(device)
