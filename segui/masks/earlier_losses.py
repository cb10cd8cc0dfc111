"""Whether a map that is saved without losses had some before: it was a JPEG or a WebP once.

Such a format leaves colours that hardly differ further from an edge than any filter reaches. A wide
brush reaches as far, but its edges are wide, and colours only rise or fall there. Noise in low bits
lies everywhere else, too.
"""

from typing import Final

import cv2
import numpy as np

from segui.masks.strips import bands

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
_SEEN_PX: Final = 3_000_000  # of a large picture, as many say as much


def had_losses(index: np.ndarray, colours: np.ndarray) -> bool:
    """Whether what is faint around edges is that of a format with losses.

    Args:
        index: (H, W) the number of each pixel's colour.
        colours: (n, 3) uint8, the colours by number.
    """
    if min(index.shape) < 3:
        return False
    total, of_colours = np.zeros(7, np.int64), np.zeros(len(colours), np.bool_)
    every = max(1, index.size // _SEEN_PX)
    for number, band in enumerate(bands(index.shape, around=_FAR_PX // 2)):
        if number % every == 0:
            counted, is_off = _counted(colours[index[band.seen]], band.inner)
            total += counted
            of_colours[index[band.own][is_off]] = True
    faint, turning, off, edges, wide, far, disturbed = total.tolist()
    if not _FEWEST <= off <= _MOST_OFF * edges or disturbed > _MOST_FAR * far:
        return False
    if np.count_nonzero(of_colours) < _FEWEST_COLOURS:
        return False
    return turning >= _LEAST_TURNS * faint or wide <= _MOST_WIDE * edges


def _counted(seen: np.ndarray, inner: slice) -> tuple[np.ndarray, np.ndarray]:
    """What some rows have.

    Returns:
        (7,) pixels: faint ones, those that go up and down, those off edges; edges, wide ones; what
        is far off all edges, and faint there. And (h, W) bool, which are faint and off edges.
    """
    varies = cv2.subtract(cv2.dilate(seen, _square(3)), cv2.erode(seen, _square(3))).max(axis=2)
    edges = cv2.threshold(varies, _SMOOTH, 1, cv2.THRESH_BINARY)[1]
    faint = (varies > 0) & (edges == 0)
    broad = cv2.erode(faint.view(np.uint8), _square(3)) > 0
    off = broad & (cv2.dilate(edges, _square(_NEAR_PX)) == 0)
    far = cv2.dilate(edges, _square(_FAR_PX)) == 0
    wide = cv2.erode(edges, _square(_WIDE_PX))
    turning = faint & _turns(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY))
    each = (faint, turning, off, edges, wide, far, far & faint)
    return np.array([np.count_nonzero(one[inner]) for one in each]), off[inner]


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
