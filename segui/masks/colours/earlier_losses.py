"""Whether a map that is saved without losses had some before: it was a JPEG or a WebP once.

Such a format leaves colours that hardly differ further from an edge than any filter reaches. A wide
brush reaches as far, but its edges are wide, and colours only rise or fall there. Noise in low bits
lies everywhere else, too.
"""

import itertools
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from segui.masks.pixels.strips import Band, bands

_SMOOTH: Final = 8  # levels, by which a channel varies among nine pixels
_NEAR_PX: Final = 9  # the side of a square: as far as filters change a flat colour
_FAR_PX: Final = 65  # as far as such formats do: twice a block of 16
_WIDE_PX: Final = 7  # of a brush's edge
_FEWEST: Final = 24  # pixels
_FEWEST_COLOURS: Final = 8  # two colours that hardly differ have fewer between them
_MOST_OFF: Final = 4  # times as many as edges have: numbers in one channel hardly differ anywhere
_LEAST_TURNS: Final = 0.2  # of what is faint goes up and down
_MOST_WIDE: Final = 0.35  # of edges
_MOST_FAR: Final = 0.05  # of what is far off all edges
_SEEN_PX: Final = 1_000_000  # of a large picture, as many say as much


def had_losses(index: np.ndarray, colours: np.ndarray) -> bool:
    """Whether what is faint around edges is that of a format with losses.

    Args:
        index: (H, W) the number of each pixel's colour.
        colours: (n, 3) uint8, the colours by number.
    """
    if min(index.shape) < 3:
        return False
    of_colours, off = np.zeros(len(colours), np.bool_), 0
    for band in _some(index.shape, _NEAR_PX):
        is_off = _Seen(colours.take(index[band.seen], axis=0, mode="clip")).off_edges()[band.inner]
        of_colours[index[band.own][is_off]] = True
        off += int(np.count_nonzero(is_off))
    if off < _FEWEST or np.count_nonzero(of_colours) < _FEWEST_COLOURS:
        return False
    total = np.zeros(6, np.int64)
    for band in _some(index.shape, _FAR_PX):
        total += _Seen(colours.take(index[band.seen], axis=0, mode="clip")).counted(band.inner)
    faint, turning, edges, wide, far, disturbed = total.tolist()
    if off > _MOST_OFF * edges or disturbed > _MOST_FAR * far:
        return False
    return turning >= _LEAST_TURNS * faint or wide <= _MOST_WIDE * edges


def _some(size_hw: tuple[int, ...], around: int) -> Iterator[Band]:
    """The rows of a picture, some at a time; of a large one every so many-th of these."""
    every = max(1, size_hw[0] * size_hw[1] // _SEEN_PX)
    return itertools.islice(bands(size_hw, around=around // 2), 0, None, every)


class _Seen:
    """Some rows of a picture, (h, w, 3) uint8: what of them is faint, and what is an edge."""

    def __init__(self, pixels: np.ndarray) -> None:
        self._pixels = pixels
        high, low = (change(pixels, _square(3)) for change in (cv2.dilate, cv2.erode))
        varies = cv2.subtract(high, low).max(axis=2)
        self._edges = cv2.threshold(varies, _SMOOTH, 1, cv2.THRESH_BINARY)[1]
        self._faint = (varies > 0) & (self._edges == 0)

    def off_edges(self) -> np.ndarray:
        """(h, w) bool: which faint pixels are off edges, and more than the seam of two colours."""
        broad = cv2.erode(self._faint.view(np.uint8), _square(3)) > 0
        return np.asarray(broad & (cv2.dilate(self._edges, _square(_NEAR_PX)) == 0))

    def counted(self, inner: slice) -> np.ndarray:
        """(6,) faint pixels, and which go up and down; edges, and wide ones; far off, and faint."""
        far = cv2.dilate(self._edges, _square(_FAR_PX)) == 0
        wide = cv2.erode(self._edges, _square(_WIDE_PX))
        turning = self._faint & _turns(cv2.cvtColor(self._pixels, cv2.COLOR_RGB2GRAY))
        each = (self._faint, turning, self._edges, wide, far, far & self._faint)
        return np.array([np.count_nonzero(one[inner]) for one in each])


def _turns(light: np.ndarray) -> np.ndarray:
    """(h, w) bool: which pixels are brighter or darker than both beside them in a row or column."""
    turns = np.zeros(light.shape, np.bool_)
    for lines, found in ((light, turns), (light.T, turns.T)):
        before, mine, after = lines[:-2], lines[1:-1], lines[2:]
        found[1:-1] |= (before > mine) & (after > mine)
        found[1:-1] |= (before < mine) & (after < mine)
    return turns


def _square(side: int) -> np.ndarray:
    return np.ones((side, side), np.uint8)
