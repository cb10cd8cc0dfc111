"""Grey masks whose channels differ a little, as canvases and codecs leave them: told from colours.

A browser's canvas flips low bits, and a codec that works on chroma changes some more beside edges.
Such tints lie scattered; a label's colour covers ground.
"""

from typing import Final

import cv2
import numpy as np

from segui.masks.pixels.flat import flat_pixels
from segui.masks.pixels.strips import Strips

_MOST_SPREAD: Final = 24  # levels between a pixel's channels
_BRIGHT: Final = 64  # of the brightest pixel: dark ones with a tint are numbers in three channels
_FEWEST: Final = 12  # pixels with a tint
_FLAT_SHARE: Final = 0.1  # of the pixels with a tint
_MOST_CAST: Final = 0.5  # of the brightness, by which a lamp's colour moves a channel
_MOST_OFF_CAST: Final = 24  # levels
_FEW_OFF_CAST: Final = 0.005  # of the pixels


def brightness(rows: np.ndarray) -> np.ndarray:
    """(H, W) uint8: how bright RGB colours are, as BT.601 weighs them."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rows), cv2.COLOR_RGB2GRAY), np.uint8)


def greyish(colours: Strips) -> tuple[np.ndarray, int] | None:
    """The grey of a picture whose pixels have no colour but for scattered tints.

    Args:
        colours: (H, W, 3) uint8, not all of them grey.

    Returns:
        (H, W) uint8, and by how many levels channels differ at most; None for a picture of colours.
    """
    if _spread(colours.some()).max(initial=0) > _MOST_SPREAD:
        return None  # most colour maps show it in a few rows
    most = tinted = flat = 0
    grey = np.empty(colours.size_hw, np.uint8)
    for band, rows in colours.bands(around=1):
        seen = np.ascontiguousarray(rows)
        spread = _spread(seen)
        most = max(most, int(spread.max(initial=0)))
        if most > _MOST_SPREAD:
            return None
        grey[band.own] = brightness(seen)[band.inner]
        is_tinted = spread[band.inner] > 0
        tinted += int(np.count_nonzero(is_tinted))
        padded = cv2.cvtColor(seen, cv2.COLOR_RGB2BGRA).view("<u4")[..., 0]
        flat += int(np.count_nonzero(flat_pixels(padded)[band.inner] & is_tinted))
    if grey.max(initial=0) < _BRIGHT or tinted < _FEWEST or flat > _FLAT_SHARE * tinted:
        return None
    return grey, most


def one_cast(colours: Strips) -> np.ndarray | None:
    """The brightness of a picture that is grey but for one cast over all of it, as a lamp's.

    Args:
        colours: (H, W, 3) uint8.

    Returns:
        (H, W) uint8; None for a picture of colours.
    """
    some = colours.some()
    per_level = some.mean(axis=(0, 1)) / max(1.0, brightness(some).mean())
    if np.abs(per_level - 1).max() > _MOST_CAST or _are_off(some, per_level) > _FEW_OFF_CAST:
        return None  # most colour maps show it in a few rows
    grey = np.empty(colours.size_hw, np.uint8)
    off = 0.0
    for band, rows in colours.bands():
        grey[band.own] = brightness(rows)
        off += _are_off(rows, per_level) * len(rows)
    return grey if off <= _FEW_OFF_CAST * len(grey) else None


def _are_off(rows: np.ndarray, per_level: np.ndarray) -> float:
    """The share of the pixels whose channels are not what a cast makes of their brightness."""
    expected = brightness(rows)[..., None] * per_level.astype(np.float32)
    return float((np.abs(rows - expected) > _MOST_OFF_CAST).any(axis=-1).mean())


def _spread(colours: np.ndarray) -> np.ndarray:
    red, green, blue = (np.ascontiguousarray(colours[..., channel]) for channel in range(3))
    highest = cv2.max(cv2.max(red, green), blue)
    return np.asarray(cv2.subtract(highest, cv2.min(cv2.min(red, green), blue)), np.uint8)
