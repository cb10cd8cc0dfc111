"""Means over square blocks of pixels: how a large picture is made small without aliasing."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8] | NDArray[np.float32]
FloatPixels = NDArray[np.float32]

# Rows are worked in bands of about this many pixels, so that a float copy of a uint8 picture
# never exists as a whole: 4 channels of float32 are 16 MB then, which the caches still help.
BAND_PX = 1_000_000


def as_pixels(values: NDArray[Any]) -> Pixels:
    """Values known to be uint8 or float32, whose type OpenCV or a variable dtype hides."""
    return cast("Pixels", values)


def premultiplied(frame: Pixels, channels: int) -> FloatPixels:
    """The colours in 0..1, each weighted by its pixel's opacity.

    Means and blurs of such colours are right for pictures with transparent parts: what cannot be
    seen has no weight, so its colour does not bleed into what can.

    Args:
        frame: (H, W, 3 | 4) uint8, or float32 in [0, 1], RGB or RGBA with straight alpha.
        channels: 3 or 4, at least as many as the frame has; a missing alpha is 1.

    Returns:
        (H, W, channels) float32, a new array.
    """
    height, width, given = frame.shape
    result = np.ones((height, width, channels), dtype=np.float32)
    if frame.dtype == np.uint8:
        np.multiply(frame, np.float32(1 / 255), out=result[..., :given], dtype=np.float32)
    else:
        result[..., :given] = frame
    if given == 4:
        np.clip(result[..., 3:], 0.0, 1.0, out=result[..., 3:])
        result[..., :3] *= result[..., 3:]
    return result


def block_means(frame: Pixels, block_px: int, channels: int) -> FloatPixels:
    """The mean colour of each block, premultiplied, the grid anchored at the upper left.

    Args:
        frame: (H, W, 3 | 4) uint8, or float32 in [0, 1].
        block_px: Side of a block in px, at least 1.
        channels: 3 or 4, at least as many as the frame has; a missing alpha is 1.

    Returns:
        (ceil(H / block_px), ceil(W / block_px), channels) float32; a block that the right or
        lower border cuts is the mean of the pixels it has.
    """
    height, width = frame.shape[:2]
    rows, columns = -(-height // block_px), -(-width // block_px)
    result = np.empty((rows, columns, channels), dtype=np.float32)
    rows_a_band = max(1, BAND_PX // (width * block_px))
    for top in range(0, rows, rows_a_band):
        band = premultiplied(
            frame[top * block_px : (top + rows_a_band) * block_px], channels=channels
        )
        result[top : top + rows_a_band] = _means(band, block_px)
    return result


def block_levels(frame: NDArray[np.uint8], block_px: int) -> NDArray[np.uint8]:
    """The mean colour of each block in whole levels: no copy in floats is made.

    Args:
        frame: (H, W, 3) uint8.
        block_px: Side of a block in px, at least 1.

    Returns:
        (ceil(H / block_px), ceil(W / block_px), 3) uint8, rounded to nearest; the blocks as of
        ``block_means``. With blocks of a pixel it is the frame itself.
    """
    return np.asarray(frame if block_px == 1 else _means(frame, block_px), np.uint8)


def _means(band: Pixels, block_px: int) -> Pixels:
    """Block means of one band: whole blocks at once, the cut ones at its two borders apart."""
    height, width, channels = band.shape
    rows, columns = -(-height // block_px), -(-width // block_px)
    result = np.empty((rows, columns, channels), band.dtype)
    whole_rows, whole_columns = height // block_px, width // block_px
    for row_from, row_to in ((0, whole_rows), (whole_rows, rows)):
        for column_from, column_to in ((0, whole_columns), (whole_columns, columns)):
            if row_from == row_to or column_from == column_to:
                continue
            part = band[
                row_from * block_px : row_to * block_px,
                column_from * block_px : column_to * block_px,
            ]
            size_wh = (column_to - column_from, row_to - row_from)
            small = cv2.resize(part, size_wh, interpolation=cv2.INTER_AREA)
            result[row_from:row_to, column_from:column_to] = small
    return result
