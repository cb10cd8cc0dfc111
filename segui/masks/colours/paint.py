"""One paint in a transparent picture: colours that vary only as far as its edges fade.

Where paint fades, programs keep its colour, or multiply it by the opacity, or leave what it was
laid on: white or black. And whoever divides by a small opacity again gets the colour roughly.
"""

from typing import Final

import cv2
import numpy as np

from segui.masks.pixels.strips import Strips

_GROUNDS: Final = (None, 0, 255)  # none: the colour stays as it is
_TOLERANCE: Final = 3.0  # levels, of rounding and flipped low bits
_DIVIDED: Final = 128.0  # levels that dividing by an opacity of 1 may be off
_FEWEST: Final = 16  # pixels of full paint
_STRAY: Final = 0.01  # of those that fade


def is_one_paint(colours: Strips, alpha: np.ndarray) -> bool:
    """Whether all that is seen is one colour, but for what opacity does to it at edges.

    Args:
        colours: (H, W) or (H, W, 3) uint8.
        alpha: (H, W) uint8.
    """
    highest = int(alpha.max(initial=0))
    full = int(np.count_nonzero(alpha == highest))
    if highest == 0 or full < _FEWEST:
        return False
    row, column = divmod(int((alpha == highest).argmax()), alpha.shape[1])
    paint = colours.rows(row, row + 1)[0, column].reshape(-1).astype(np.float32)
    every = 1 + len(alpha) // 16
    for start in range(0, len(alpha), every):  # most pictures that vary show it in a few rows
        rows = slice(start, start + 1)
        if not _is_paint(colours.rows(start, start + 1), alpha[rows] == highest, paint):
            return False
    if not all(
        _is_paint(rows, alpha[band.own] == highest, paint) for band, rows in colours.bands()
    ):
        return False
    fading = cv2.countNonZero(alpha) - full
    if not fading:
        return False  # what is dark may be numbers: that is told elsewhere
    most = _STRAY * fading
    return any(_fits(colours, alpha, paint, ground, most) for ground in _GROUNDS)


def _is_paint(rows: np.ndarray, top: np.ndarray, paint: np.ndarray) -> bool:
    """Whether the pixels of full paint in some rows have its colour, nearly."""
    full = rows[top].reshape(-1, len(paint))
    return not full.size or bool(np.abs(full - paint).max() <= _TOLERANCE)


def _fits(
    colours: Strips, alpha: np.ndarray, paint: np.ndarray, ground: int | None, most: float
) -> bool:
    """Whether pixels have the paint's colour, or as much of it as they are opaque on a ground."""
    stray, highest = 0, np.float32(alpha.max())
    for band, rows in colours.bands():
        of_band = alpha[band.own]
        fades = (of_band > 0) & (of_band < highest)
        share = of_band[fades].astype(np.float32)[:, None]
        meant = paint if ground is None else ground + (paint - ground) * (share / highest)
        apart = np.abs(rows[fades].reshape(-1, len(paint)) - meant).max(axis=1)
        stray += int(np.count_nonzero(apart > _TOLERANCE + _DIVIDED / share[:, 0]))
        if stray > most:
            return False
    return True
