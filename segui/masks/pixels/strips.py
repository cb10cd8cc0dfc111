"""Pictures that are looked at some rows at a time: all of them at once is memory for nothing.

A mask of 50 megapixels takes 150 MB as colours, and 200 where a number of four bytes is made of
each of its pixels. So that is done for some rows, and what is kept of them is small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

Rows = Callable[[int, int], np.ndarray]

_STRIP_PX: Final = 1 << 18  # as many stay in the processor's cache


class Band(NamedTuple):
    """Some rows, and some more around them.

    Args:
        first: The first row that is looked at.
        top: The first one that it is about.
        bottom: The one after the last that it is about.
        last: The one after the last that is looked at.
    """

    first: int
    top: int
    bottom: int
    last: int

    @property
    def seen(self) -> slice:
        """All rows that are looked at, in the picture."""
        return slice(self.first, self.last)

    @property
    def own(self) -> slice:
        """Those that it is about, in the picture."""
        return slice(self.top, self.bottom)

    @property
    def inner(self) -> slice:
        """Those that it is about, among the ones that are looked at."""
        return slice(self.top - self.first, self.bottom - self.first)


def bands(shape: tuple[int, ...], around: int = 0, px: int = _STRIP_PX) -> Iterator[Band]:
    """The rows of a picture from above, each once.

    Args:
        shape: Its height and width first.
        around: How many rows are looked at above and below, as far as there are any.
        px: How many pixels a band has, more or less.
    """
    height, width = shape[:2]
    rows = max(1, 2 * around, px // width)
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        yield Band(max(0, top - around), top, bottom, min(height, bottom + around))


def looked_up(table: np.ndarray, values: np.ndarray) -> np.ndarray:
    """What a table has for each value of a picture, of the table's type.

    Args:
        table: (n,) of any type.
        values: (H, W) of whole numbers below n.
    """
    found = np.empty(values.shape, table.dtype)
    for band in bands(values.shape):
        # of numbers that are known to be in it, some rows at a time: twice as fast as by []
        found[band.own] = table.take(values[band.own], mode="clip")
    return found


def changed(
    values: np.ndarray, change: Callable[[np.ndarray], np.ndarray], dtype: type[np.generic]
) -> np.ndarray:
    """What becomes of each value of a picture.

    Args:
        values: (H, W) of any type.
        change: Makes other values of those of some rows.
        dtype: Of which type they are kept.
    """
    made = np.empty(values.shape, dtype)
    for band in bands(values.shape):
        made[band.own] = change(values[band.own])
    return made


class Strips:
    """A picture of which some rows are had at a time.

    Args:
        size_hw: Its height and width.
        rows: Its rows from one to below another, (n, W) or (n, W, channels).
        below: What it is made of, if that is such a picture.
    """

    def __init__(self, size_hw: tuple[int, int], rows: Rows, below: Strips | None = None) -> None:
        self.size_hw = size_hw
        self._rows: Rows | None = rows
        self._below = below

    @classmethod
    def of_image(cls, image: Image.Image, mode: str = "") -> Strips:
        """The pixels of an image, in a mode of Pillow's; empty is its own."""
        width, height = image.size
        wanted = mode or image.mode

        def rows(top: int, bottom: int) -> np.ndarray:
            strip = image.crop((0, top, width, bottom))
            return np.asarray(strip if strip.mode == wanted else strip.convert(wanted))

        return cls((height, width), rows)

    @classmethod
    def of_array(cls, pixels: np.ndarray) -> Strips:
        """The pixels of an array, (H, W) or (H, W, channels)."""
        height, width = pixels.shape[:2]
        return cls((height, width), lambda top, bottom: pixels[top:bottom])

    def mapped(self, change: Callable[[np.ndarray, slice], np.ndarray]) -> Strips:
        """What becomes of the rows.

        Args:
            change: Makes other rows of some; it is told which they are.
        """

        def rows(top: int, bottom: int) -> np.ndarray:
            return change(self.rows(top, bottom), slice(top, bottom))

        return Strips(self.size_hw, rows, self)

    def rows(self, top: int, bottom: int) -> np.ndarray:
        """The rows from one to below another; not to be changed."""
        if self._rows is None:
            raise ValueError("this picture was let go of")
        return self._rows(top, bottom)

    def all_rows(self) -> np.ndarray:
        """All of it at once; not to be changed, and no copy of what it is of."""
        return self.rows(0, self.size_hw[0])

    def bands(self, around: int = 0) -> Iterator[tuple[Band, np.ndarray]]:
        """All rows, some at a time, and those around them: see ``bands``."""
        for band in bands(self.size_hw, around):
            yield band, self.rows(band.first, band.last)

    def every(self, step: int) -> np.ndarray:
        """Every so manieth row, from the first on, together."""
        return np.concatenate([self.rows(top, top + 1) for top in range(0, self.size_hw[0], step)])

    def some(self) -> np.ndarray:
        """A few rows: most pictures that vary show it there."""
        return self.every(1 + self.size_hw[0] // 16)

    def whole(self) -> np.ndarray:
        """A new array of all of it."""
        first = self.rows(0, 1)
        pixels = np.empty((*self.size_hw, *first.shape[2:]), first.dtype)
        for band, rows in self.bands():
            pixels[band.own] = rows
        return pixels

    def taken(self) -> np.ndarray:
        """The same, and nothing else of the picture is held any more."""
        pixels = self.whole()
        self.let_go()
        return pixels

    def let_go(self) -> None:
        """Hold no pixels any more: nothing else of the picture is wanted."""
        self._rows = None
        if self._below is not None:
            self._below.let_go()
