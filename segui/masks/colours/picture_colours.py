"""Colours that are a picture's, and no labels': a cut-out keeps the photo's where it is opaque."""

from typing import Final

import numpy as np

from segui.masks.pixels.strips import Strips

_SIDE: Final = 512  # px that are looked at along each side: every so many-th
_OPAQUE: Final = 128
FEWEST: Final = 16  # colours: so few are labels, however they lie
_NEAR: Final = 6  # levels by which neighbours differ by what a canvas flips
_STEP: Final = 4  # levels from one pixel of a shade to the next
_SAME_SHARE: Final = 0.65  # of neighbours that are one colour: labels have more
_NEAR_SHARE: Final = 0.9  # of neighbours that hardly differ: noisy labels have more
_SHADE: Final = 12  # levels that a shade goes through
_SHADED_SHARE: Final = 0.5


def is_picture(colours: Strips, alpha: np.ndarray, *, has_shades: bool = True) -> bool:
    """Whether what is opaque shows a picture: neighbours that differ, or shades.

    Edges of labels that fade do, too: ask of what has many labels all the same.

    Args:
        colours: (H, W, 3) uint8, or (H, W).
        alpha: (H, W) uint8.
        has_shades: Whether a shade alone, without texture, is a picture.
    """
    height, width = colours.size_hw
    down, across = 1 + (height - 1) // _SIDE, 1 + (width - 1) // _SIDE
    seen = colours.every(down)[:, ::across].astype(np.int16)
    seen = seen.reshape(*seen.shape[:2], -1)
    opaque = alpha[::down, ::across] >= _OPAQUE
    ways = ((seen, opaque), (seen.swapaxes(0, 1), opaque.T))
    steps = np.concatenate([step[both] for step, both in (_steps(*way) for way in ways)])
    if not steps.size:
        return False
    if (steps == 0).mean() < _SAME_SHARE and (steps <= _NEAR).mean() < _NEAR_SHARE:
        return True
    return has_shades and any(_shaded_share(*way) > _SHADED_SHARE for way in ways)


def _steps(lines: np.ndarray, opaque: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By how many levels each pixel differs from the next in its line; whether both are seen."""
    return np.abs(np.diff(lines, axis=1)).max(axis=2), opaque[:, 1:] & opaque[:, :-1]


def _shaded_share(lines: np.ndarray, opaque: np.ndarray) -> float:
    """How much of what is seen lies in stretches of a line that go slowly through many levels."""
    steps, both = _steps(lines, opaque)
    begins = np.ones(opaque.shape, bool)
    begins[:, 1:] = ~both | (steps > _STEP)
    starts = np.flatnonzero(begins)
    flat = np.ascontiguousarray(lines).reshape(-1, lines.shape[2])
    spans = np.maximum.reduceat(flat, starts) - np.minimum.reduceat(flat, starts)
    lengths = np.diff(starts, append=opaque.size)
    is_shade = (spans.max(axis=1) > _SHADE) & opaque.reshape(-1)[starts]
    return float(lengths[is_shade].sum() / max(1, np.count_nonzero(opaque)))
