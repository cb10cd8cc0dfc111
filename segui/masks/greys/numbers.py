"""Whether the grey values of a mask are numbers of classes: with gaps, and with a rim of void."""

import cv2
import numpy as np

from segui.masks.pixels.flat import Counts, count_values
from segui.masks.pixels.strips import bands

FULL_VALUES = (255, 65535)
_RIM_PX = 4  # half of how wide a rim of void may be
_RIM_SHARE = 0.01  # or of the longer side
_MOST_VALUES = 255
_DARK = 128  # a soft mask whose every value is below half opacity is hardly one
_FAINT = (4, 25)  # nor is one with flat areas of so little: below, it may be a floor
_DEPTHS = (1023, 4095, 16383, 65535)


def are_numbers(values: np.ndarray, present: np.ndarray) -> bool:
    """Whether values other than 1..n are numbers of classes, and no soft mask's.

    Each covers ground of its own and edges are sharp; and as opacity they would be odd ones.

    Args:
        values: (H, W) uint8, uint16 or int32 of at least 0, at most 65535.
        present: (k,) rising, the values above 0, without void.
    """
    if not 2 <= present.size <= _MOST_VALUES or not _odd_as_opacity(values, present):
        return False
    return have_ground(values, present)


def have_ground(values: np.ndarray, present: np.ndarray) -> bool:
    """Whether two values or more cover ground of their own, and edges are sharp.

    Args:
        values: (H, W), as of ``are_numbers``.
        present: (k,) the values that may cover it.
    """
    counts = count_values(values)
    flat_ones = np.count_nonzero(counts.flat[present])
    is_thin = (counts.flat == 0) & (counts.pixels > 0)
    is_thin[[full for full in FULL_VALUES if full < is_thin.size]] = False
    edges = values.size - int(counts.flat.sum())
    return bool(flat_ones >= 2 and counts.pixels[is_thin].sum() <= 0.05 * edges)


def is_noise(values: np.ndarray, present: np.ndarray) -> bool:
    """Whether values hardly cover any ground of their own, as noise does.

    Args:
        values: (H, W), as of ``are_numbers``.
        present: (k,) the values.
    """
    counts: Counts = count_values(values)
    marked = int(counts.pixels[present].sum())
    return marked >= 64 and int(counts.flat[present].sum()) < 0.1 * marked


def rim_of(values: np.ndarray, present: np.ndarray) -> int | None:
    """The full value that is a thin rim around objects, as void is in label maps; None if none.

    Args:
        values: (H, W), as of ``are_numbers``.
        present: (k,) rising, the values above 0.
    """
    for full in FULL_VALUES:
        if full in present and present.size > 1 and _is_rim(values, full):
            return full
    return None


def _odd_as_opacity(values: np.ndarray, present: np.ndarray) -> bool:
    lowest, highest = int(present[0]), int(present[-1])
    if values.dtype != np.uint8 and highest > _MOST_VALUES:
        return not (highest in _DEPTHS and lowest >= highest // 8)
    return highest < _DARK or _FAINT[0] <= lowest <= _FAINT[1]


def _is_rim(values: np.ndarray, full: int) -> bool:
    is_full = (values == full).view(np.uint8)
    half = max(_RIM_PX, round(_RIM_SHARE * max(values.shape)))
    if min(values.shape) <= 2 * half + 1:
        return False
    if cv2.countNonZero(cv2.erode(is_full, np.ones((2 * half + 1, 2 * half + 1), np.uint8))):
        return False
    around = cv2.dilate(is_full, np.ones((3, 3), np.uint8)) > is_full
    return bool(np.count_nonzero(values[around]) >= 0.2 * np.count_nonzero(around) > 0)


def present_values(values: np.ndarray) -> np.ndarray:
    """The values that occur, rising.

    Args:
        values: (H, W), uint8, uint16, or int16 or int32 of at least 0.

    Returns:
        (n,) int64.
    """
    highest = int(values.max(initial=0))
    if highest > np.iinfo(np.uint16).max:
        of_bands = [np.unique(values[band.own]) for band in bands(values.shape)]
        return np.unique(np.concatenate(of_bands)).astype(np.int64)
    if values.dtype.kind == "i":
        values = values.astype(np.uint16)
    # ten times faster than np.bincount, and a hundred times faster than np.unique
    counts = cv2.calcHist([values], [0], None, [highest + 1], [0, highest + 1])
    return np.flatnonzero(counts)
