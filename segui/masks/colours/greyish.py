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
        grey[band.own] = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)[band.inner]
        is_tinted = spread[band.inner] > 0
        tinted += int(np.count_nonzero(is_tinted))
        padded = cv2.cvtColor(seen, cv2.COLOR_RGB2BGRA).view("<u4")[..., 0]
        flat += int(np.count_nonzero(flat_pixels(padded)[band.inner] & is_tinted))
    if grey.max(initial=0) < _BRIGHT or tinted < _FEWEST or flat > _FLAT_SHARE * tinted:
        return None
    return grey, most


def _spread(colours: np.ndarray) -> np.ndarray:
    red, green, blue = (np.ascontiguousarray(colours[..., channel]) for channel in range(3))
    highest = cv2.max(cv2.max(red, green), blue)
    return np.asarray(cv2.subtract(highest, cv2.min(cv2.min(red, green), blue)), np.uint8)
