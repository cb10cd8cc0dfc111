"""Where a picture of few values is flat: what tells a region from its edge."""

from dataclasses import dataclass

import cv2
import numpy as np

_ROWS = 256  # are compared at once, so that they stay in the processor's cache


@dataclass(frozen=True, eq=False)
class Counts:
    """How often each value occurs, and how often with all its neighbours equal to it.

    Args:
        pixels: (n,) int64, by value.
        flat: (n,) int64, by value: pixels whose eight neighbours have the same value. Pixels at
            the picture's border have fewer than eight, and are never among them.
    """

    pixels: np.ndarray
    flat: np.ndarray

    @property
    def present(self) -> np.ndarray:
        """(k,) int64, the values that occur, rising."""
        return np.flatnonzero(self.pixels)


def count_values(values: np.ndarray, most: int | None = None) -> Counts:
    """Count the values of a picture.

    Args:
        values: (H, W) uint8 or uint16, or int16 or int32 of at least 0.
        most: The largest value that is counted, none of the picture's above it; None is the
            picture's own.
    """
    highest = int(values.max(initial=0)) if most is None else most
    flat = np.zeros(highest + 1, np.int64)
    height = len(values)
    for top in range(0, height, _ROWS):
        band = values[max(0, top - 1) : min(height, top + _ROWS + 1)]
        if min(band.shape) < 3:
            continue
        is_flat = _flat_inside(band).view(np.uint8)
        flat += _histogram(band[1:-1, 1:-1], highest, is_flat)
    return Counts(_histogram(values, highest), flat)


def flat_pixels(values: np.ndarray) -> np.ndarray:
    """Where a pixel and its eight neighbours have one value.

    Args:
        values: (H, W) of any type.

    Returns:
        (H, W) bool; False at the border.
    """
    height, width = values.shape
    flat = np.zeros((height, width), np.bool_)
    if min(height, width) < 3:
        return flat
    for top in range(1, height - 1, _ROWS):
        end = min(height - 1, top + _ROWS)
        flat[top:end, 1:-1] = _flat_inside(values[top - 1 : end + 1])
    return flat


def _flat_inside(values: np.ndarray) -> np.ndarray:
    """Of all pixels but those at the border."""
    beside = values[:, 1:] == values[:, :-1]
    row = beside[:, 1:] & beside[:, :-1]
    below = values[1:, 1:-1] == values[:-1, 1:-1]
    return np.asarray(row[1:-1] & row[:-2] & row[2:] & below[1:] & below[:-1])


def _histogram(values: np.ndarray, highest: int, where: np.ndarray | None = None) -> np.ndarray:
    if highest > np.iinfo(np.uint16).max:
        chosen = values.reshape(-1) if where is None else values[where > 0]
        return np.bincount(chosen, minlength=highest + 1)
    if values.dtype.kind == "i":
        values = values.astype(np.uint16)
    # ten times faster than np.bincount; counts are floats, exact up to 16.7 million, so by bands
    counts = np.zeros(highest + 1, np.int64)
    rows = max(1, (1 << 24) // values.shape[1])
    for top in range(0, len(values), rows):
        band = values[top : top + rows]
        mask = None if where is None else np.ascontiguousarray(where[top : top + rows])
        counted = cv2.calcHist(
            [np.ascontiguousarray(band)], [0], mask, [highest + 1], [0, highest + 1]
        )
        counts += np.rint(counted.reshape(-1)).astype(np.int64)
    return counts
