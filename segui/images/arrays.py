"""Pillow's images as arrays, and grey of any depth as 8 bits."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from PIL import Image

_STRIP_BYTES = 1 << 20
LEAST_SIGNED = -(1 << 24)  # no picture has such values; large ones without a sign look like it


def as_array(image: Image.Image) -> np.ndarray:
    """The pixels of an image, as ``np.array`` has them, strip by strip.

    For all of them at once Pillow takes two copies more, and of a large photo new memory costs
    more than decoding: of 12 MP this takes 10 ms where that takes 43.

    Args:
        image: Of any mode.

    Returns:
        A new array: (H, W), or (H, W, channels).
    """
    width, height = image.size
    rows = max(1, _STRIP_BYTES // (4 * width))
    first = np.asarray(image.crop((0, 0, width, min(rows, height))))
    pixels = np.empty((height, *first.shape[1:]), first.dtype)
    pixels[:rows] = first
    for top in range(rows, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        pixels[top : top + rows] = np.asarray(strip)
    return pixels


def grey_to_8_bit(values: np.ndarray) -> np.ndarray:
    """Scale grey values of any depth to 8 bits.

    Args:
        values: (H, W) uint8; uint16, where 65535 is white; int32, where white is 65535, or
            2^31 - 1 when any value is above 65535, and 2^32 - 1 when any is so far below 0 that
            the values are unsigned ones; or float32, where white is the smallest of
            1, 255 and 65535 that no value exceeds. Below 0, and not a number, is 0.

    Returns:
        (H, W) uint8, rounded to nearest; a new array unless it was uint8.
    """
    if values.dtype == np.uint8:
        return values
    if values.dtype.kind == "f":
        highest = max((_highest(values[some]) for some in _strips(values)), default=-np.inf)
        highest = 1.0 if highest == -np.inf else highest
        white = next((limit for limit in (1, 255, 65535) if highest <= limit), highest)
        return _by_strips(values, lambda rows: np.rint(np.clip(_known(rows) / white, 0, 1) * 255))
    if values.dtype != np.uint16:
        if int(values.min(initial=0)) < LEAST_SIGNED:
            return _by_strips(values, lambda rows: rows.astype(np.uint32) >> 24)
        if int(values.max(initial=0)) > np.iinfo(np.uint16).max:
            return _by_strips(values, lambda rows: np.maximum(rows, 0) >> 23)
        return _by_strips(values, lambda rows: _of_16_bits(np.clip(rows, 0, 65535)))
    return _of_16_bits(values)


def _of_16_bits(values: np.ndarray) -> np.ndarray:
    # 257 is odd, so no value lies half-way and float rounding is exact
    deep = values.astype(np.uint16, copy=False)
    return np.asarray(cv2.convertScaleAbs(deep, alpha=1 / 257), np.uint8)


def _known(values: np.ndarray) -> np.ndarray:
    return np.asarray(np.nan_to_num(values, nan=0.0, posinf=np.inf, neginf=0.0))


def _highest(values: np.ndarray) -> float:
    """The largest finite value, or what stands for one; minus infinity if there is none."""
    known = _known(values)
    return float(known.max(initial=-np.inf, where=np.isfinite(known)))


def _strips(values: np.ndarray) -> Iterator[slice]:
    rows = max(1, _STRIP_BYTES // (4 * values.shape[1]))
    return (slice(top, top + rows) for top in range(0, len(values), rows))


def _by_strips(values: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """What becomes of grey values as 8 bits, some rows at a time: all at once is much memory."""
    changed = np.empty(values.shape, np.uint8)
    for some in _strips(values):
        changed[some] = change(values[some])
    return changed


def without_sign(values: np.ndarray) -> np.ndarray:
    """Grey values of 16 bits with a sign, on the scale of those without.

    Args:
        values: (H, W) of whole numbers up to 32767, which is white; below 0 is black, as 0 is.

    Returns:
        (H, W) uint16, where 65535 is white; a new array.
    """
    scale = np.iinfo(np.uint16).max / np.iinfo(np.int16).max
    return np.asarray(np.rint(np.maximum(values, 0) * scale), np.uint16)
