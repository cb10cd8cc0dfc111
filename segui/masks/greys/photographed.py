"""Masks that were photographed or scanned: black is some dark grey, and light falls unevenly."""

from typing import Final

import cv2
import numpy as np

_FAINT: Final = 24  # levels of a ground that is a floor, and cut as one
_DARKEST: Final = 0.01  # of the ground that may be black all the same
_MOST_GROUND: Final = 128  # levels
_FEW, _MOST_OF_FEW = 4, 0.9  # levels that have most of a ground's pixels: it was drawn
_APART: Final = 64  # levels between the ground and what is marked
_EDGE_PX: Final = 8  # that edges may be wide, out of focus
_INSIDE: Final = np.ones((7, 7), np.uint8)  # around a pixel that no edge's blur reaches
_GROUND_ENDS, _MARKS_BEGIN = 0.999, 0.01  # of their pixels
_ENOUGH_PX: Final = 2_000_000


def photographed_range_of(levels: np.ndarray) -> tuple[int, int] | None:
    """Where the ground ends and what is marked begins, levels; None where it is no such mask.

    A soft mask has 0 where nothing is. Here nothing is black, the ground is of many levels, all is
    either dark or bright, and what is between is no wider than edges are.

    Args:
        levels: (H, W) uint8.
    """
    step = 1 + levels.shape[0] * levels.shape[1] // _ENOUGH_PX
    counts = cv2.calcHist([levels[::step]], [0], None, [256], [0, 256]).reshape(-1)
    if counts[0] > _DARKEST * counts.sum():
        return None  # a glance: most masks are black somewhere
    middle, bright = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    dark = cv2.bitwise_not(bright)
    ground, marks = _inside(levels, dark), _inside(levels, bright)
    if not ground.any() or not marks.any() or counts[0] > _DARKEST * counts[: int(middle)].sum():
        return None
    if np.sort(ground)[-_FEW:].sum() > _MOST_OF_FEW * ground.sum():
        return None
    low, high = _quantile(ground, _GROUND_ENDS), _quantile(marks, _MARKS_BEGIN)
    if not _FAINT < low <= _MOST_GROUND or high - low < _APART:
        return None
    between = cv2.countNonZero(cv2.inRange(levels, low + 1, high - 1))
    return (low, high) if between <= _EDGE_PX * _outline_px(bright) else None


def _inside(levels: np.ndarray, part: np.ndarray) -> np.ndarray:
    """(256,) how often each level occurs in a part, edges left out; in all of it if it is thin."""
    inside = cv2.erode(part, _INSIDE, borderType=cv2.BORDER_REPLICATE)
    within = inside if cv2.countNonZero(inside) else part
    return np.asarray(cv2.calcHist([levels], [0], within, [256], [0, 256]).reshape(-1))


def _quantile(counts: np.ndarray, share: float) -> int:
    """The level that so many of the pixels do not exceed."""
    return int(np.searchsorted(np.cumsum(counts), share * counts.sum()))


def _outline_px(bright: np.ndarray) -> int:
    """How long the outline of what is bright is, px."""
    return sum(
        cv2.countNonZero(cv2.bitwise_xor(one, other))
        for one, other in ((bright[1:], bright[:-1]), (bright[:, 1:], bright[:, :-1]))
    )
