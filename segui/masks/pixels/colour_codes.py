"""The colours of a picture as numbers 0xRRGGBB: which occur, and the picture by their ranks."""

from typing import Final, NamedTuple

import cv2
import numpy as np

from segui.masks.pixels.strips import Strips

MOST_IN_TWO_BYTES: Final = (1 << 16) - 1  # beside black
_ALL: Final = 1 << 24
_BLOCK: Final = 256  # as many as a byte tells apart
_ROUNDED_BITS: Final = (1, 2, 3)  # of each channel; with three no picture has more than two bytes


def codes_of(colours: np.ndarray) -> np.ndarray:
    """Each pixel's colour as a number.

    Args:
        colours: (n, W, 3) uint8.

    Returns:
        (n, W) uint32.
    """
    padded = cv2.cvtColor(np.ascontiguousarray(colours), cv2.COLOR_RGB2BGRA)
    codes: np.ndarray = padded.view("<u4")[..., 0]
    codes &= np.uint32(0xFFFFFF)
    return codes


def channels_of(codes: np.ndarray) -> np.ndarray:
    """Colours by their numbers: (n,) whole numbers as (n, 3) uint8."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)


def colours_of(colours: Strips) -> np.ndarray:
    """The colours that occur, rising, without black.

    A table of all 16.7 million colours is several times faster than sorting 12 million pixels.

    Args:
        colours: (H, W, 3) uint8.

    Returns:
        (n,) int64.
    """
    occurs = np.zeros(_ALL, np.bool_)
    for _, rows in colours.bands():
        occurs[codes_of(rows)] = True
    occurs[0] = False
    return np.flatnonzero(occurs)


def numbered(colours: Strips, present: np.ndarray, number: type[np.integer]) -> np.ndarray:
    """The picture by the numbers of its colours, from 1; black is 0. It is let go of.

    Args:
        colours: (H, W, 3) uint8.
        present: (n,) all of its colours but black, rising.
        number: Of which type the numbers are.
    """
    occurs = np.zeros(_ALL, np.uint8)
    occurs[present] = occurs[0] = 1
    # the number of a colour is how many are below it: in its block of 256, and in those before
    blocks = occurs.reshape(-1, _BLOCK)
    before = np.zeros(len(blocks), number)
    before[1:] = np.cumsum(np.count_nonzero(blocks, axis=1))[:-1]
    np.cumsum(blocks, axis=1, dtype=np.uint8, out=blocks)
    blocks -= np.uint8(1)

    def numbers(rows: np.ndarray, _where: slice) -> np.ndarray:
        codes = codes_of(rows)
        return np.asarray(before[codes >> np.uint32(8)] + occurs[codes], number)

    index = colours.mapped(numbers).whole()
    colours.let_go()
    return index


class Fewer(NamedTuple):
    """A picture whose colours two bytes tell apart.

    Args:
        colours: (H, W, 3) uint8, the picture.
        present: (n,) its colours but black, rising.
        are_rounded: (n,) bool, which of them stand for several that nobody gave.
    """

    colours: Strips
    present: np.ndarray
    are_rounded: np.ndarray


def few_enough(colours: Strips, present: np.ndarray) -> Fewer:
    """A picture whose colours two bytes tell apart: four for each pixel of a large one are much.

    Where there are more, half of the numbers are for the most frequent colours; the others, each
    of some pixels of an edge, are rounded by as few bits as will do.

    Args:
        colours: (H, W, 3) uint8.
        present: (n,) all of its colours but black, rising.
    """
    if present.size <= MOST_IN_TWO_BYTES:
        return Fewer(colours, present, np.zeros(present.size, np.bool_))
    is_kept = np.zeros(_ALL, np.bool_)
    is_kept[0] = True
    is_kept[present[_most_frequent(colours, present, MOST_IN_TWO_BYTES // 2)]] = True
    for bits in _ROUNDED_BITS:
        rounded = _rounded(colours, is_kept, bits)
        present = colours_of(rounded)
        if present.size <= MOST_IN_TWO_BYTES:
            break
    return Fewer(rounded, present, ~is_kept[present])


def _most_frequent(colours: Strips, present: np.ndarray, count: int) -> np.ndarray:
    """(count,) which of the colours have the most pixels."""
    rank = np.zeros(_ALL, np.uint32)  # black counts as the first: it is one of many
    rank[present] = np.arange(present.size)
    pixels = np.zeros(present.size, np.int64)
    for _, rows in colours.bands():
        pixels += np.bincount(rank[codes_of(rows)].reshape(-1), minlength=present.size)
    return np.argpartition(-pixels, count)[:count]


def _rounded(colours: Strips, is_kept: np.ndarray, bits: int) -> Strips:
    """Colours that are not kept, in the middle of those that differ in so many low bits alone."""
    low, middle = np.uint8((1 << bits) - 1), np.uint8(1 << (bits - 1))

    def rounded(rows: np.ndarray, _where: slice) -> np.ndarray:
        return np.where(is_kept[codes_of(rows)][..., None], rows, (rows & ~low) | middle)

    return colours.mapped(rounded)
