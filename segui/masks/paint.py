"""One paint in a transparent picture: colours that vary only as far as its edges fade.

Where paint fades, programs keep its colour, or multiply it by the opacity, or leave what it was
laid on: white or black. And whoever divides by a small opacity again gets the colour roughly.
"""

from typing import Final

import numpy as np

_GROUNDS: Final = (None, 0, 255)  # none: the colour stays as it is
_TOLERANCE: Final = 3.0  # levels, of rounding and flipped low bits
_DIVIDED: Final = 128.0  # levels that dividing by an opacity of 1 may be off
_FEWEST: Final = 16  # pixels of full paint
_STRAY: Final = 0.01  # of those that fade
_BAND_PX: Final = 1_000_000


def is_one_paint(colours: np.ndarray, alpha: np.ndarray) -> bool:
    """Whether all that is seen is one colour, but for what opacity does to it at edges.

    Args:
        colours: (H, W) or (H, W, 3) uint8.
        alpha: (H, W) uint8.
    """
    highest = int(alpha.max(initial=0))
    top = alpha == highest
    if highest == 0 or np.count_nonzero(top) < _FEWEST:
        return False
    planes = colours.reshape(*alpha.shape, -1)
    paint = planes[np.unravel_index(int(top.argmax()), alpha.shape)].astype(np.float32)
    every = 1 + len(planes) // 16
    for step in (every, 1):  # most pictures that vary show it in a few rows
        full = planes[::step][top[::step]]
        if full.size and np.abs(full - paint).max() > _TOLERANCE:
            return False
    fades = np.flatnonzero((alpha > 0) & ~top)
    if not fades.size:
        return False  # what is dark may be numbers: that is told elsewhere
    return any(_fits(planes, alpha, fades, paint, ground) for ground in _GROUNDS)


def _fits(
    planes: np.ndarray, alpha: np.ndarray, fades: np.ndarray, paint: np.ndarray, ground: int | None
) -> bool:
    """Whether pixels have the paint's colour, or as much of it as they are opaque on a ground."""
    stray, most = 0, _STRAY * fades.size
    highest = np.float32(alpha.max())
    flat, opacity = planes.reshape(alpha.size, -1), alpha.reshape(-1)
    for start in range(0, fades.size, _BAND_PX):
        some = fades[start : start + _BAND_PX]
        share = opacity[some, None].astype(np.float32)
        meant = paint if ground is None else ground + (paint - ground) * (share / highest)
        apart = np.abs(flat[some] - meant).max(axis=1)
        stray += int(np.count_nonzero(apart > _TOLERANCE + _DIVIDED / share[:, 0]))
        if stray > most:
            return False
    return True
