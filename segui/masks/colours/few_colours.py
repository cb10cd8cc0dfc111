"""Drawings that were saved with few colours: a palette whose indices are no numbers of objects.

A program that saves a picture with a palette sorts its colours as it likes: black may be any index,
and the blends at antialiased edges are indices too.
"""

from typing import Final

import cv2
import numpy as np

from segui.masks.greys.numbers import present_values
from segui.masks.pixels.blends import are_cores, without_blends
from segui.masks.pixels.flat import count_values
from segui.masks.pixels.strips import looked_up

BLENDS: Final = "its palette has the blends of fading edges: its colours count, not its numbers"
BLACK: Final = "black is not the first of its palette: its colours count, not its numbers"
BLACK_AND_WHITE: Final = "its palette is black and white: it is one mask, and no labels"
FADES: Final = "its palette has transparency: its opacity and colours count, not its numbers"
_FEWEST_BLENDS: Final = 4
_LEAST_FLAT: Final = 0.3  # of a map, whose labels cover ground
_GROUNDLESS: Final = 3  # times as many indices as those that cover ground are no numbers
_BETWEEN: Final = 0.6  # of their pixels have two that cover ground near them: thin lines have one
_NEAR_PX: Final = 7  # the side of a square
_WHITE: Final = 250


def why_by_colour(
    indices: np.ndarray, palette_rgb: np.ndarray, present: np.ndarray, *, is_opaque: bool = True
) -> str:
    """Why a picture is to be read by its palette's colours; empty where its indices are numbers.

    Args:
        indices: (H, W) uint8.
        palette_rgb: (n, 3) uint8.
        present: (k,) the indices that occur.
        is_opaque: Whether no index is transparent: a picture that was cut out has no ground either.
    """
    if not present.size or present[-1] >= len(palette_rgb):
        return ""
    colours = palette_rgb[present]
    is_black = ~colours.any(axis=1)
    if is_black.any() and present[0] == 0 and not is_black[0]:
        return BLACK
    if is_opaque and _are_groundless(indices, present):
        return BLENDS
    return BLENDS if _has_blends(indices, palette_rgb, present) else ""


def _are_groundless(indices: np.ndarray, present: np.ndarray) -> bool:
    """Whether most indices cover no ground: they are blends that were made fewer, or dithered."""
    if present.size < 2 * _FEWEST_BLENDS:
        return False
    counts = count_values(indices)
    if counts.flat.sum() < _LEAST_FLAT * indices.size:
        return False  # no map that could be told from a pattern
    cores = are_cores(counts)
    if _GROUNDLESS * np.count_nonzero(cores) > present.size:
        return False
    return _lie_between(indices, cores)


def _lie_between(indices: np.ndarray, cores: np.ndarray) -> bool:
    """Whether most pixels of what covers no ground are near two indices that do.

    Args:
        indices: (H, W) uint8.
        cores: (n,) bool: which indices cover ground.
    """
    ranks = np.cumsum(cores, dtype=np.int32)
    square = np.ones((_NEAR_PX, _NEAR_PX), np.uint8)
    highest = cv2.dilate(_looked_up(np.where(cores, ranks, 0), indices), square)
    lowest = cv2.erode(_looked_up(np.where(cores, ranks, ranks[-1] + 1), indices), square)
    outside = ~cores[indices]
    are_between = outside & (highest > lowest)
    return bool(np.count_nonzero(are_between) >= _BETWEEN * np.count_nonzero(outside))


def _looked_up(numbers: np.ndarray, indices: np.ndarray) -> np.ndarray:
    return np.asarray(numbers.astype(np.uint16)[indices])


def _has_blends(indices: np.ndarray, palette_rgb: np.ndarray, present: np.ndarray) -> bool:
    """Whether most of the colours are blends of the others."""
    if present.size < 2 * _FEWEST_BLENDS:
        return False
    colours, number = np.unique(palette_rgb[present], axis=0, return_inverse=True)
    lookup = np.zeros(256, np.uint8)
    lookup[present] = number.reshape(-1)
    index = without_blends(looked_up(lookup, indices), colours).index
    left = present_values(index).size
    return len(colours) - left >= max(_FEWEST_BLENDS, left)


def is_black_and_white(palette_rgb: np.ndarray, present: np.ndarray) -> bool:
    """Whether black and white are all that is seen, as in a mask saved with few colours.

    Args:
        palette_rgb: (n, 3) uint8.
        present: (k,) the indices that occur.
    """
    if present.size < 2 or present[-1] >= len(palette_rgb):
        return False
    colours = palette_rgb[present]
    is_black, is_white = ~colours.any(axis=1), (colours >= _WHITE).all(axis=1)
    return bool(is_black.any() and is_white.any() and (is_black | is_white).all())


def counts_by_opacity(
    palette_rgb: np.ndarray, opacity: np.ndarray | None, present: np.ndarray
) -> bool:
    """Whether what is seen differs by its opacity: it fades, or is black or white on nothing.

    Args:
        palette_rgb: (n, 3) uint8.
        opacity: (n,) uint8, of each index; None is all opaque.
        present: (k,) the indices that occur.
    """
    if opacity is None or not present.size or present[-1] >= min(len(palette_rgb), len(opacity)):
        return False
    of_present = opacity[present]
    if ((of_present > 0) & (of_present < 255)).any():
        return True
    seen = palette_rgb[present[of_present > 0]]
    if not len(seen) or len(seen) == present.size:
        return False
    is_plain = ~seen.any(axis=1) | (seen >= _WHITE).all(axis=1)
    return bool(is_plain.all() and (seen == seen[0]).all())
