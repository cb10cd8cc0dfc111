"""Noise in the lowest bits of colours: told from labels whose colours hardly differ.

A browser's canvas may flip low bits, and so do lossy steps on the way. Such colours hardly differ
from one that is more frequent, and their pixels lie scattered: brighter or darker than both their
neighbours in a row, and than both in a column, where a label's or a soft edge's hardly ever are.
"""

import numpy as np

from segui.masks.pixels.flat import Counts
from segui.masks.pixels.strips import looked_up

_LEVELS = 3  # of a channel, that flipped low bits change
_LESS_THAN_FLAT = 0.1
_SCATTERED = 0.04  # of two colours thrown like dice, one pixel of sixteen is such a peak
_FEWEST = 8
_MOST_COLOURS = 20_000
_BAND_PX = 500_000


def without_noise(index: np.ndarray, colours: np.ndarray, counts: Counts) -> tuple[np.ndarray, int]:
    """Give scattered colours to the most frequent one that they hardly differ from.

    Args:
        index: (H, W) uint8, uint16 or int32, the number of each pixel's colour.
        colours: (n, 3) uint8, the colours by number.
        counts: Of the index.

    Returns:
        The index, the same array where there is no noise, and how many pixels were noise.
    """
    is_weak = counts.flat < _LESS_THAN_FLAT * counts.pixels
    if not is_weak.any() or np.count_nonzero(is_weak) > _MOST_COLOURS or min(index.shape) < 3:
        return index, 0
    is_noise = _scattered(index, colours, is_weak)
    moved = _merged(colours.astype(np.int16), counts.pixels, is_noise, is_weak)
    changes = moved != np.arange(len(moved))
    noisy = int(counts.pixels[changes].sum())
    if noisy < _FEWEST:
        return index, 0
    return looked_up(moved.astype(index.dtype), index), noisy


def _scattered(index: np.ndarray, colours: np.ndarray, is_weak: np.ndarray) -> np.ndarray:
    """Which of the weak colours lie scattered."""
    brightness = colours.astype(np.int16) @ np.array([3, 5, 2], np.int16)
    of_all, of_peaks = np.zeros(len(colours), np.int64), np.zeros(len(colours), np.int64)
    height, width = index.shape
    rows = max(1, _BAND_PX // width)
    for top in range(1, height - 1, rows):
        # by bands: a list of the places of a whole picture takes eight times the picture's bytes
        band = index[top - 1 : min(height, top + rows + 1)]
        row, column = np.nonzero(is_weak.take(band[1:-1, 1:-1], mode="clip"))
        at, flat = (row + 1) * width + column + 1, band.reshape(-1)
        of_all += np.bincount(flat[at], minlength=len(colours))
        for step in (1, width):
            mine, before, after = (brightness[flat[at + far]] for far in (0, -step, step))
            are_peaks = ((before > mine) & (after > mine)) | ((before < mine) & (after < mine))
            at = at[are_peaks]
        of_peaks += np.bincount(flat[at], minlength=len(colours))
    return np.asarray((of_peaks > 0) & (of_peaks >= _SCATTERED * of_all) & is_weak)


def _merged(
    colours: np.ndarray, pixels: np.ndarray, is_noise: np.ndarray, is_weak: np.ndarray
) -> np.ndarray:
    """For each colour the number of the one that it becomes."""
    moved = np.arange(len(colours))
    targets = np.flatnonzero((is_noise | ~is_weak) & (pixels > 0))
    targets = targets[np.argsort(-pixels[targets], kind="stable")]
    left = np.flatnonzero(is_noise)
    for target in targets:
        if not left.size:
            break
        if moved[target] != target:
            continue
        apart = np.abs(colours[left] - colours[target]).max(axis=1)
        near = (apart <= _LEVELS) & (left != target)
        moved[left[near]] = target
        left = left[(apart > _LEVELS)]
    return moved
