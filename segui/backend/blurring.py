"""A Gaussian blur of a part of an image: what the whole image's blur has there, at the part's cost.

A wide blur is made from the means of blocks, enlarged by straight lines, so that its time does not
grow with its width. The blocks lie on one grid from the image's upper left, whatever part is made.
"""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from segui.backend.colours import as_kind, as_kind_by_torch, block_means_by_torch
from segui.geometry import Box
from segui.images.blocks import (
    BAND_PX,
    FloatPixels,
    Pixels,
    as_pixels,
    block_levels,
    block_means,
)

# A blur this many times wider than a block of pixels may be made from the blocks' means, enlarged
# by straight lines: it is within 1 % of the true Gaussian (within 3 % beside a right or lower
# border that cuts blocks: it is reflected there as if whole).
BLOCKS_IN_SIGMA: Final = 3
# How far a Gaussian reaches, in sigmas: 0.3 % of its weight lies beyond.
REACH_SIGMAS: Final = 3
# Taps of bytes are whole parts of this: OpenCV's fast filter rounds them so, and would not see to
# it that they still add up to one.
PARTS_OF_BYTES: Final = 256


@dataclass(frozen=True)
class BlurPlan:
    """How a blur is made.

    Args:
        block_px: The side of the blocks whose means are blurred; 1 blurs the pixels themselves.
        taps: The Gaussian's weights, float32, an odd number of them, for the blocks' means.
    """

    block_px: int
    taps: NDArray[np.float32]

    @classmethod
    def of(cls, sigma_px: float, size_hw: tuple[int, int], *, in_bytes: bool) -> "BlurPlan":
        """The plan for a blur.

        Args:
            sigma_px: The Gaussian's sigma, above 0; more than twice the longer side is as much.
            size_hw: The image's height and width.
            in_bytes: Whether the image is uint8: its taps are whole 256ths.
        """
        # a wider blur would look the same: there is nothing further away
        sigma_px = min(sigma_px, 2.0 * max(size_hw))
        block_px = max(1, int(sigma_px / BLOCKS_IN_SIGMA))
        variance = (sigma_px / block_px) ** 2
        if block_px > 1:
            variance -= 1 / 12 + 1 / 6  # the blocks themselves blur, and the lines between them
        sigma = math.sqrt(variance)
        return cls(block_px, _taps_of_bytes(sigma) if in_bytes else _taps(sigma))

    @property
    def radius(self) -> int:
        """How many blocks the taps reach to either side."""
        return len(self.taps) // 2

    @property
    def reach_px(self) -> int:
        """How far around a pixel there are others that it is made of, at most."""
        return (self.radius + 2) * self.block_px if self.block_px > 1 else self.radius


class _Span(NamedTuple):
    """One axis of a part, in blocks.

    Args:
        outer: The first block that is looked at, and the one after the last.
        inner: The same of those between which the part's pixels lie.
    """

    outer: tuple[int, int]
    inner: tuple[int, int]

    @property
    def within(self) -> slice:
        """The inner blocks among the outer ones."""
        return slice(self.inner[0] - self.outer[0], self.inner[1] - self.outer[0])


def blur_by_opencv(frame: Pixels, box: Box, plan: BlurPlan) -> Pixels:
    """The blurred colours in a box of a frame.

    Args:
        frame: (H, W, 3 or 4) uint8, or float32 in [0, 1]; colours count by their opacity.
        box: Which pixels, inside the frame.
        plan: The blur.

    Returns:
        (h, w, 3) of the frame's dtype: what a blur of all of the frame has there.
    """
    down, across = _spans(frame.shape[:2], box, plan)
    rows, columns = _pixels(down, plan.block_px), _pixels(across, plan.block_px)
    crop = frame[rows, columns]
    in_bytes = frame.dtype == np.uint8 and frame.shape[2] == 3
    is_plain = in_bytes and not _cuts_blocks(crop, plan.block_px)
    if is_plain:
        levels = block_levels(np.asarray(crop, np.uint8), plan.block_px)
        blurred: Pixels = _filtered(levels, plan)[down.within, across.within]
    else:
        means = _float_means(crop, plan.block_px, in_bytes=in_bytes)
        weights, blurred_weights = _block_weights(frame.shape[:2], plan, (down, across))
        summed = _filtered(means * weights, plan)[down.within, across.within]
        blurred = as_pixels(summed / blurred_weights[down.within, across.within])
    if plan.block_px == 1:
        return blurred if is_plain else as_kind(np.asarray(blurred, np.float32), frame.dtype)
    if in_bytes and not is_plain:
        blurred = as_kind(np.asarray(blurred, np.float32), frame.dtype)
    corner = (down.inner[0] * plan.block_px, across.inner[0] * plan.block_px)
    return _enlarged(blurred, box.shift(-corner[1], -corner[0]), plan.block_px, frame.dtype)


def blur_by_torch(image: Tensor, box: Box, plan: BlurPlan) -> Tensor:
    """The same for all frames of an image on any device.

    Args:
        image: (B, H, W, 3 or 4) uint8, or float32 in [0, 1].
        box: Which pixels, inside the image.
        plan: The blur.

    Returns:
        (B, h, w, 3) of the image's dtype and device.
    """
    size_hw = (image.shape[1], image.shape[2])
    down, across = _spans(size_hw, box, plan)
    crop = image[:, _pixels(down, plan.block_px), _pixels(across, plan.block_px)]
    weights, blurred_weights = (
        torch.from_numpy(each).to(image.device)
        for each in _block_weights(size_hw, plan, (down, across))
    )
    means = block_means_by_torch(crop, plan.block_px) * weights
    for dim in (1, 2):
        means = _filter_by_torch(means, plan.taps, dim)
    means = (means / blurred_weights)[:, down.within, across.within]
    enlarged_hw = (means.shape[1] * plan.block_px, means.shape[2] * plan.block_px)
    planes = means.permute(0, 3, 1, 2)
    planes = interpolate(planes, enlarged_hw, mode="bilinear", align_corners=False)
    corner = (down.inner[0] * plan.block_px, across.inner[0] * plan.block_px)
    shown = planes.permute(0, 2, 3, 1)[(slice(None), *box.shift(-corner[1], -corner[0]).slices)]
    return as_kind_by_torch(shown, image.dtype)


def _taps(sigma: float) -> NDArray[np.float32]:
    count = 2 * math.ceil(REACH_SIGMAS * sigma) + 1
    return np.asarray(cv2.getGaussianKernel(count, sigma).ravel(), np.float32)


def _taps_of_bytes(sigma: float) -> NDArray[np.float32]:
    """The taps in whole parts, their sum exactly one.

    Sums are rounded, not taps: across an edge the blur is nowhere further off than half a part.
    """
    half = math.ceil(REACH_SIGMAS * sigma)
    exact = cv2.getGaussianKernel(2 * half + 1, sigma).ravel()
    sums = np.rint(np.cumsum(exact)[:half] * PARTS_OF_BYTES)
    parts = np.diff(sums, prepend=0)
    taps = np.concatenate((parts, [PARTS_OF_BYTES - 2 * parts.sum()], parts[::-1]))
    while len(taps) > 1 and taps[0] == 0:
        taps = taps[1:-1]
    return np.asarray(taps / PARTS_OF_BYTES, np.float32)


def _spans(size_hw: tuple[int, ...], box: Box, plan: BlurPlan) -> tuple[_Span, _Span]:
    """The blocks of both axes, first that of the rows."""
    return (
        _span(size_hw[0], (box.y1, box.y2), plan),
        _span(size_hw[1], (box.x1, box.x2), plan),
    )


def _span(length: int, ends: tuple[int, int], plan: BlurPlan) -> _Span:
    count = -(-length // plan.block_px)
    beside = 1 if plan.block_px > 1 else 0  # lines go to the middle of the next block
    first = max(0, ends[0] // plan.block_px - beside)
    last = min(count, -(-ends[1] // plan.block_px) + beside)
    outer = (max(0, first - plan.radius), min(count, last + plan.radius))
    return _Span(outer, (first, last))


def _pixels(span: _Span, block_px: int) -> slice:
    return slice(span.outer[0] * block_px, span.outer[1] * block_px)


def _float_means(crop: Pixels, block_px: int, *, in_bytes: bool) -> FloatPixels:
    """``block_means``, of bytes without a copy of them in floats."""
    if not in_bytes:
        return block_means(crop, block_px, crop.shape[2])
    return block_levels(np.asarray(crop, np.uint8), block_px) * np.float32(1 / 255)


def _cuts_blocks(crop: Pixels, block_px: int) -> bool:
    return bool(crop.shape[0] % block_px or crop.shape[1] % block_px)


def _filtered(means: Pixels, plan: BlurPlan) -> Pixels:
    """Means through the taps; beyond a side that is no border of the image nothing is asked for."""
    reflect = cv2.BORDER_REFLECT
    blurred = cv2.sepFilter2D(means, -1, plan.taps, plan.taps, borderType=reflect)
    return as_pixels(blurred).reshape(means.shape)


def _block_weights(
    size_hw: tuple[int, ...], plan: BlurPlan, spans: tuple[_Span, _Span]
) -> tuple[FloatPixels, FloatPixels]:
    """How much of each outer block the image fills, and the same blurred, (rows, columns, 1).

    A block that the border cuts has a mean of few pixels; unweighted, it would count as many.
    """
    filled, blurred = [], []
    for size, span in zip(size_hw, spans, strict=True):
        share = np.ones(-(-size // plan.block_px), dtype=np.float32)
        share[-1] = (size - (len(share) - 1) * plan.block_px) / plan.block_px
        padded = np.pad(share, plan.radius, mode="symmetric")
        filled.append(share[slice(*span.outer)])
        blurred.append(np.convolve(padded, plan.taps, mode="valid")[slice(*span.outer)])
    return np.outer(*filled)[..., None], np.outer(*blurred)[..., None]


def _enlarged(means: Pixels, box: Box, block_px: int, dtype: np.dtype[np.generic]) -> Pixels:
    """Colours between the blocks' means in a box of what they cover, made in bands of rows.

    Each band takes one row of blocks more on either side, and at the end its own last row again,
    so that the bands meet as if enlarged at once.
    """
    result = as_pixels(np.empty((*box.size_hw, 3), dtype))
    padded = as_pixels(np.concatenate((means[:1], means, means[-1:])))
    rows_a_band = max(1, BAND_PX // (means.shape[1] * block_px * block_px))
    for first in range(0, len(means), rows_a_band):
        part = padded[first : first + rows_a_band + 2]
        size_wh = (part.shape[1] * block_px, part.shape[0] * block_px)
        top = max(first * block_px, box.y1)
        bottom = min((first + rows_a_band) * block_px, box.y2)
        if top >= bottom:
            continue
        band = cv2.resize(part, size_wh, interpolation=cv2.INTER_LINEAR)
        start = (first - 1) * block_px
        shown = band[top - start : bottom - start, box.x1 : box.x2]
        is_made = shown.dtype == dtype and shown.shape[2] == 3
        result[top - box.y1 : bottom - box.y1] = (
            shown if is_made else as_kind(np.asarray(shown, np.float32), dtype)
        )
    return result


def _filter_by_torch(means: Tensor, taps: NDArray[np.float32], dim: int) -> Tensor:
    """A filter along one axis, reflected with the edge repeated, any number of times.

    Tap by tap: a convolution may be done in TF32 on CUDA, which is off by more than 1e-4.
    """
    length, reach = means.shape[dim], len(taps) // 2
    index = torch.arange(-reach, length + reach, device=means.device) % (2 * length)
    padded = means.index_select(dim, torch.minimum(index, 2 * length - 1 - index))
    filtered = torch.zeros_like(means)
    for tap, weight in enumerate(taps.tolist()):
        filtered += weight * padded.narrow(dim, tap, length)
    return filtered
