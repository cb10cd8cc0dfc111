"""A reference made from the base when none is uploaded."""

import math
from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from segui.backend.effect_table import EFFECTS, strength_of
from segui.errors import InputError
from segui.images.blocks import BAND_PX, FloatPixels, Pixels, block_means
from segui.images.tensors import check_image
from segui.options.colours import parse_colour

PICTURE_EFFECTS: Final = tuple(row.name for row in EFFECTS if row.makes == "picture")

# A blur this many times wider than a block of pixels may be made from the blocks' means, enlarged
# by straight lines: its time does not grow with sigma, and it is within 1 % of the true Gaussian
# (within 3 % beside a right or lower border that cuts blocks: it is reflected there as if whole).
BLOCKS_IN_SIGMA = 3
# How far a Gaussian reaches, in sigmas: 0.3 % of its weight lies beyond.
REACH_SIGMAS = 3
# Rec. 601, on the encoded values: what Pillow's "L" and cameras' luma are. Rec. 709's weights
# hold for linear light; on encoded values they make reds and blues too dark.
LUMA = (0.299, 0.587, 0.114)
# Below this opacity a colour is nobody's to see and too faint to recover.
LEAST_ALPHA = 1e-6


def apply_effect(
    image: Tensor, effect: str, *, strength: float | None = None, colour: str = "#000000"
) -> Tensor:
    """The image changed all over; an alpha channel stays as it is.

    ``blur`` and ``pixelate`` weigh colours by their opacity, so that what transparent pixels hide
    does not bleed out; where nothing opaque is near, the hidden colour becomes black. ``grey`` is
    Rec. 601 luma, ``invert`` 1 - x, ``colour`` one colour everywhere. What a strength is of each,
    and what it is by default, is in ``effect_table``.

    Args:
        image: (B, H, W, 3 or 4), uint8 or float32 in [0, 1].
        effect: One of ``PICTURE_EFFECTS``.
        strength: Of ``blur``, the Gaussian's sigma in px, above 0: it takes at most twice the
            longer side. Of ``pixelate``, a block's side in whole px, at least 1. None fits the
            image; the others do not look at it.
        colour: Of ``colour``: ``#rrggbb``, ``#rgb`` or ``rgba(r, g, b, 1)``, the last with
            numbers from 0 to 255. The others do not look at it.

    Returns:
        A new tensor of the same shape, dtype and device; uint8 is rounded to nearest, float32
        not clamped.

    Raises:
        InputError: The image is of another kind, or an option is none of those above.
    """
    check_image("the image", image)
    if effect not in PICTURE_EFFECTS:
        known = ", ".join(PICTURE_EFFECTS)
        raise InputError(f"the effect is {effect!r}: expected one of {known}")
    result = image.detach().clone(memory_format=torch.contiguous_format)
    _FUNCTIONS[effect](result, strength, colour)
    return result


def _invert(result: Tensor, _strength: float | None, _colour: str) -> None:
    colours = result[..., :3]
    colours.copy_((255 if result.dtype == torch.uint8 else 1) - colours)


def _fill(result: Tensor, _strength: float | None, colour: str) -> None:
    fill = torch.tensor(parse_colour(colour), dtype=torch.float32)
    result[..., :3] = (fill * 255).round() if result.dtype == torch.uint8 else fill


def _grey(result: Tensor, _strength: float | None, _colour: str) -> None:
    if result.device.type != "cpu":
        _grey_by_torch(result)
        return
    for frame in result.numpy():
        grey = cv2.cvtColor(frame[..., :3], cv2.COLOR_RGB2GRAY)
        for channel in range(3):
            frame[..., channel] = grey


def _grey_by_torch(result: Tensor) -> None:
    red, green, blue = (result[..., channel].float() for channel in range(3))
    grey = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue
    result[..., :3] = (grey.round() if result.dtype == torch.uint8 else grey)[..., None]


def _pixelate(result: Tensor, strength: float | None, _colour: str) -> None:
    block_px = int(strength_of("pixelate", strength, _longer_px(result)))
    if result.device.type != "cpu":
        _pixelate_by_torch(result, block_px)
        return
    columns = np.arange(result.shape[2]) // block_px
    for frame in result.numpy():
        means = _as_kind(block_means(frame, block_px, frame.shape[2]), frame.dtype)
        for row, colours in enumerate(means):
            frame[row * block_px : (row + 1) * block_px, :, :3] = colours[columns]


def _pixelate_by_torch(result: Tensor, block_px: int) -> None:
    height, width = result.shape[1:3]
    means = _as_kind_by_torch(_block_means_by_torch(result, block_px), result.dtype)
    tall = means.repeat_interleave(block_px, dim=1)[:, :height]
    result[..., :3] = tall.repeat_interleave(block_px, dim=2)[:, :, :width]


def _blur(result: Tensor, strength: float | None, _colour: str) -> None:
    asked_px = float(strength_of("blur", strength, _longer_px(result)))
    # a wider blur would look the same: there is nothing further away
    block_px, kernel = _blur_plan(min(asked_px, 2.0 * _longer_px(result)))
    if result.device.type != "cpu":
        _blur_by_torch(result, block_px, kernel)
        return
    weights, blurred_weights = _block_weights(result, block_px, kernel)
    for frame in result.numpy():
        means = block_means(frame, block_px, frame.shape[2]) * weights
        blurred = cv2.sepFilter2D(means, -1, kernel, kernel, borderType=cv2.BORDER_REFLECT)
        _enlarge_into(frame, np.asarray(blurred, np.float32) / blurred_weights, block_px)


def _longer_px(image: Tensor) -> int:
    return max(image.shape[1:3])


def _blur_plan(sigma_px: float) -> tuple[int, NDArray[np.float32]]:
    """The block to shrink by, and the Gaussian's taps for the blocks' means."""
    block_px = max(1, int(sigma_px / BLOCKS_IN_SIGMA))
    variance = (sigma_px / block_px) ** 2
    if block_px > 1:
        variance -= 1 / 12 + 1 / 6  # the blocks themselves blur, and the lines between them
    sigma = math.sqrt(variance)
    taps = 2 * math.ceil(REACH_SIGMAS * sigma) + 1
    return block_px, np.asarray(cv2.getGaussianKernel(taps, sigma).ravel(), np.float32)


def _block_weights(
    image: Tensor, block_px: int, kernel: NDArray[np.float32]
) -> tuple[FloatPixels, FloatPixels]:
    """How much of each block the image fills, and the same blurred, (rows, columns, 1).

    A block that the border cuts has a mean of few pixels; unweighted, it would count as many.
    """
    filled, blurred = [], []
    for size in image.shape[1:3]:
        share = np.ones(-(-size // block_px), dtype=np.float32)
        share[-1] = (size - (len(share) - 1) * block_px) / block_px
        filled.append(share)
        padded = np.pad(share, len(kernel) // 2, mode="symmetric")
        blurred.append(np.convolve(padded, kernel, mode="valid"))
    return np.outer(*filled)[..., None], np.outer(*blurred)[..., None]


def _enlarge_into(frame: Pixels, means: FloatPixels, block_px: int) -> None:
    """Write colours between the blocks' means into the frame, in bands of rows.

    Each band takes one row of blocks more on either side, and at the frame's border its own last
    row again, so that the bands meet as if enlarged at once.
    """
    height, width = frame.shape[:2]
    padded = np.concatenate((means[:1], means, means[-1:]))
    rows_a_band = max(1, BAND_PX // (width * block_px))
    for first in range(0, len(means), rows_a_band):
        part = padded[first : first + rows_a_band + 2]
        size_wh = (part.shape[1] * block_px, part.shape[0] * block_px)
        band = cv2.resize(part, size_wh, interpolation=cv2.INTER_LINEAR)
        top, bottom = first * block_px, min((first + rows_a_band) * block_px, height)
        band = band[block_px : block_px + bottom - top, :width]
        frame[top:bottom, :, :3] = _as_kind(np.asarray(band, np.float32), frame.dtype)


def _as_kind(premultiplied: FloatPixels, dtype: np.dtype[np.generic]) -> Pixels:
    """(H, W, 3) straight colours of the frame's dtype."""
    colours = premultiplied[..., :3]
    if premultiplied.shape[2] == 4:
        alpha = premultiplied[..., 3:]
        visible = alpha > LEAST_ALPHA
        colours = colours * np.where(visible, 1 / np.maximum(alpha, LEAST_ALPHA), np.float32(0))
    if dtype == np.uint8:
        levels = cv2.convertScaleAbs(np.ascontiguousarray(colours), alpha=255)
        return np.asarray(levels, np.uint8)
    return colours


def _block_means_by_torch(image: Tensor, block_px: int) -> Tensor:
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


def _blur_by_torch(result: Tensor, block_px: int, kernel: NDArray[np.float32]) -> None:
    height, width = result.shape[1:3]
    weights, blurred_weights = (
        torch.from_numpy(each).to(result.device)
        for each in _block_weights(result, block_px, kernel)
    )
    means = _block_means_by_torch(result, block_px) * weights
    for dim in (1, 2):
        means = _filter_by_torch(means, kernel, dim)
    means = means / blurred_weights
    size_hw = (means.shape[1] * block_px, means.shape[2] * block_px)
    planes = interpolate(means.permute(0, 3, 1, 2), size_hw, mode="bilinear", align_corners=False)
    enlarged = planes.permute(0, 2, 3, 1)[:, :height, :width]
    result[..., :3] = _as_kind_by_torch(enlarged, result.dtype)


def _filter_by_torch(means: Tensor, kernel: NDArray[np.float32], dim: int) -> Tensor:
    """A filter along one axis, reflected with the edge repeated, any number of times.

    Tap by tap: a convolution may be done in TF32 on CUDA, which is off by more than 1e-4.
    """
    length, reach = means.shape[dim], len(kernel) // 2
    index = torch.arange(-reach, length + reach, device=means.device) % (2 * length)
    padded = means.index_select(dim, torch.minimum(index, 2 * length - 1 - index))
    filtered = torch.zeros_like(means)
    for tap, weight in enumerate(kernel.tolist()):
        filtered += weight * padded.narrow(dim, tap, length)
    return filtered


def _as_kind_by_torch(premultiplied: Tensor, dtype: torch.dtype) -> Tensor:
    colours = premultiplied[..., :3]
    if premultiplied.shape[3] == 4:
        alpha = premultiplied[..., 3:]
        colours = torch.where(alpha > LEAST_ALPHA, colours / alpha.clamp(min=LEAST_ALPHA), 0)
    return (colours * 255).round().clamp(0, 255).to(dtype) if dtype == torch.uint8 else colours


# each changes the colours of a picture in place, by a strength and a colour
_FUNCTIONS: Final[dict[str, Callable[[Tensor, float | None, str], None]]] = {
    "blur": _blur,
    "pixelate": _pixelate,
    "grey": _grey,
    "invert": _invert,
    "colour": _fill,
}
