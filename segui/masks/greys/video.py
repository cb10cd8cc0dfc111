"""Masks out of a video whose black is 16 and whose white is 235, as pictures of it have them."""

from typing import Final

import cv2
import numpy as np

BLACK: Final = 16
WHITE: Final = 235
_OFF: Final = 2  # levels that noise and lossy steps move them
_MOST_BEYOND: Final = 0.04  # of the pixels: ringing goes beyond both
_ROWS: Final = 128  # are looked at first
_FEWEST: Final = 0.25  # of the pixels below and above the middle, that are black or white


def has_video_range(levels: np.ndarray) -> bool:
    """Whether a mask's black is 16 and its white 235, and hardly anything is beyond.

    Args:
        levels: (H, W) uint8.
    """
    few = np.ascontiguousarray(levels[:: 1 + len(levels) // _ROWS])
    if not _has_modes(_counts(few)):  # a glance: hardly any mask has them
        return False
    counts = _counts(levels)
    if not _has_modes(counts):
        return False
    dark, bright = counts[:128], counts[128:]
    beyond = counts[: BLACK - 8].sum() + counts[WHITE + 8 :].sum()
    black = counts[BLACK - _OFF : BLACK + _OFF + 1].sum()
    white = counts[WHITE - _OFF : WHITE + _OFF + 1].sum()
    is_mostly = black >= _FEWEST * dark.sum() and white >= _FEWEST * bright.sum()
    return bool(is_mostly and beyond <= _MOST_BEYOND * levels.size)


def _counts(levels: np.ndarray) -> np.ndarray:
    """(256,) how often each level occurs."""
    return np.asarray(cv2.calcHist([levels], [0], None, [256], [0, 256]).reshape(-1))


def _has_modes(counts: np.ndarray) -> bool:
    """Whether the most frequent dark level is video's black, and bright one its white."""
    dark, bright = int(counts[:128].argmax()), 128 + int(counts[128:].argmax())
    return abs(dark - BLACK) <= _OFF and abs(bright - WHITE) <= _OFF
