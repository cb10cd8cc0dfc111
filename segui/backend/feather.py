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
# Outputs of one matrix product: fewer are slow calls, more are wasted zeros.
CPU_BLOCK_PX, GPU_BLOCK_PX = 32, 64


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
        return _extend(_extend(mask.T, around.across).T, around.down)
    if mask.device.type == "cpu" and gaussian.radius_px <= OPENCV_RADIUS_PX:
        return _filter(mask, gaussian, around)
    rows = _multiply(mask.T, gaussian, around.across).T
    return _multiply(rows, gaussian, around.down)


def _extend(mask: Tensor, sides: Sides, radius_px: int = 0) -> Tensor:
    """The mask with its margins on the first axis, and ``radius_px`` of what lies beyond them.

    Beyond a margin that ends in nothing there is nothing to add: only mirrored and repeated
    sides grow by the radius.
    """
    extended = mask
    if any(sides.margins_px):
        extended = F.pad(mask, (0, 0, *sides.margins_px))
    before, after = (radius_px * (border != "zero") for border in sides.borders)
    if not before and not after:
        return extended
    length = len(extended)
    grown = F.pad(extended, (0, 0, before, after))
    if before:
        mirrored = sides.borders[0] == "reflect"
        grown[:before] = extended[1 : before + 1].flip(0) if mirrored else extended[:1]
    if after:
        mirrored = sides.borders[1] == "reflect"
        edge = extended[length - 1 - after : length - 1].flip(0) if mirrored else extended[-1:]
        grown[length + before :] = edge
    return grown


def _filter(mask: Tensor, gaussian: Gaussian, around: Surroundings) -> Tensor:
    """Blur by OpenCV's separable filter."""
    radius = gaussian.radius_px
    taps = gaussian.taps().float().numpy()
    tall = _extend(mask, around.down, radius)
    whole = _extend(tall.T, around.across, radius).T.contiguous().numpy()
    blurred = cv2.sepFilter2D(whole, -1, taps, taps, borderType=cv2.BORDER_CONSTANT)
    left, top, right, bottom = (radius * (border != "zero") for border in around.borders)
    height, width = blurred.shape
    return torch.from_numpy(blurred)[top : height - bottom, left : width - right]


def _multiply(mask: Tensor, gaussian: Gaussian, sides: Sides) -> Tensor:
    """Blur along the first axis by products with a band matrix.

    That is many more multiplications than a filter's, at many times the speed. Rows of which
    all are known to be 0 are never touched.
    """
    radius = gaussian.radius_px
    band = _band(gaussian, mask.device)
    block_px = len(band)
    beyond = tuple(border != "zero" for border in sides.borders)
    margins = tuple(margin * grows for margin, grows in zip(sides.margins_px, beyond, strict=True))
    known = _extend(mask, Sides(margins, sides.borders), radius)
    first = -radius if beyond[0] else sides.margins_px[0]
    length = sum(sides.margins_px) + len(mask)
    out = mask.new_empty(length, mask.shape[1])
    for start in range(0, length, block_px):
        count = min(block_px, length - start)
        low = max(start - radius, first)
        high = max(low, min(start + count + radius, first + len(known)))
        skipped = low - (start - radius)
        taps = band[:count, skipped : skipped + high - low]
        torch.mm(taps, known[low - first : high - first], out=out[start : start + count])
    return out


@lru_cache(maxsize=8)
def _band(gaussian: Gaussian, device: torch.device) -> Tensor:
    """(block, block + 2 radius): row j has the taps from column j on."""
    block_px = CPU_BLOCK_PX if device.type == "cpu" else GPU_BLOCK_PX
    taps = gaussian.taps().float()
    columns = torch.arange(block_px + len(taps) - 1)
    shift = columns - torch.arange(block_px)[:, None]
    inside = (shift >= 0) & (shift < len(taps))
    return torch.where(inside, taps[shift.clamp(0, len(taps) - 1)], 0.0).to(device)
