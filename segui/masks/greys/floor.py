"""A faint floor under a mask: black that is no black, told from the end of a soft edge.

Lossy steps leave 1, 2 or 3 where nothing was, or a noise of them, and JPEG rings around hard edges.
A soft edge is faint too where it ends, but only near what is surely marked: what is faint far from
that is the floor, and whatever is no brighter than it is cut everywhere.
"""

import math

import cv2
import numpy as np

from segui.masks.greys.ringing import lobes_of, rings

_SURELY = 32  # levels: of 255
_MOST = 24  # levels of a floor that covers all; video's black is 16
_MOST_SPARSE = 3  # of one that is here and there: a brush of little opacity is brighter
_BLOCK_PX = 8
_RINGS = 64  # levels that JPEG's ringing may have at an edge of one to three pixels
_HARD_PX = 3.0
_MOST_GROUND = 64  # levels of a ground that is shown as a dark grey
_BRIGHT = 192  # levels of what is surely marked on such a ground
_FROM_WHITE = 128
_AT_EDGE = 0.9  # of a picture's border
_LOSSY = 4  # levels that a ground varies by on saving
_ENOUGH_PX = 2_000_000
_BLOCKS = np.ones((17, 17), np.uint8)  # around a pixel, all blocks of 8 that have it or touch it


def floor_of(levels: np.ndarray, *, is_lossy: bool = False) -> int:
    """The level up to which a mask's pixels are nothing; 0 where there is no floor.

    Args:
        levels: (H, W) uint8.
        is_lossy: Whether the file's format rings at edges.
    """
    if not cv2.countNonZero(cv2.inRange(levels, 1, _SURELY - 1)):
        return 0  # a glance: most masks have nothing that is faint
    counts = cv2.calcHist([levels], [0], None, [256], [0, 256]).reshape(-1)
    if not counts[_SURELY:].any():
        return 0
    lowest = int(np.flatnonzero(counts)[0])
    if lowest > _MOST:
        return 0
    width = _edge_width(levels, counts)
    ringing = int(min(_RINGS, _RINGS * (_HARD_PX / width) ** 2))
    if is_lossy and ringing >= _MOST:
        return ringing  # no floor is brighter: none needs to be looked for
    floor = max(lowest, _far_from_all(levels, width))
    white = _FROM_WHITE + int(counts[_FROM_WHITE:].argmax())
    if is_lossy or (width <= _HARD_PX and rings(levels, floor, white)):
        floor = max(floor, ringing)
    return floor if width <= _HARD_PX else max(floor, lobes_of(levels, floor))


def dark_ground_of(levels: np.ndarray, *, is_lossy: bool = False) -> int:
    """The level of a flat dark ground that surrounds what is marked; 0 where there is none.

    A viewer, or a screenshot of one, shows nothing as a dark grey. A soft mask has 0 where nothing
    is, and nobody marks all of a picture faintly, up to its border, with white things in it.

    Args:
        levels: (H, W) uint8.
        is_lossy: Whether its format changes levels on saving.
    """
    edge = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    ground = int(np.bincount(edge, minlength=256).argmax())
    if not _MOST < ground <= _MOST_GROUND:
        return 0
    had_losses = is_lossy or _rings_below(levels, ground)
    reach = _LOSSY if had_losses else 0
    lowest, highest = max(0, ground - reach), ground + reach
    is_edge = np.count_nonzero((edge >= lowest) & (edge <= highest)) >= _AT_EDGE * edge.size
    within = cv2.countNonZero(cv2.inRange(levels, lowest, highest))
    below = cv2.countNonZero(cv2.inRange(levels, 0, lowest - 1)) if lowest else 0
    has_marks = cv2.countNonZero(cv2.inRange(levels, _BRIGHT, 255)) > 0
    most_below = 0.02 * levels.size if had_losses else 0
    is_ground = 2 * within >= levels.size and below <= most_below
    return highest if is_edge and is_ground and has_marks else 0


def _rings_below(levels: np.ndarray, ground: int) -> bool:
    """Whether something is darker than a ground, but clearly so beside what is marked alone."""
    if not cv2.countNonZero(cv2.inRange(levels, 0, ground - 1)):
        return False
    darker = cv2.inRange(levels, 0, ground - _LOSSY - 1)
    marks = cv2.inRange(levels, _FROM_WHITE, 255)
    return cv2.countNonZero(cv2.subtract(darker, cv2.dilate(marks, _BLOCKS))) == 0


def without_floor(levels: np.ndarray, floor: int) -> np.ndarray:
    """A new array in which what is no brighter than the floor is 0."""
    return np.asarray(cv2.threshold(levels, floor, 0, cv2.THRESH_TOZERO)[1], np.uint8)


def _edge_width(levels: np.ndarray, counts: np.ndarray) -> float:
    """How wide edges are on the whole, px; at least three."""
    step = 1 + levels.size // _ENOUGH_PX  # of a large mask, some rows say as much
    rows, below = levels[::step] > 127, levels[1::step] > 127
    length = int(np.count_nonzero(rows[:, 1:] != rows[:, :-1]))
    length += int(np.count_nonzero(rows[: len(below)] != below))
    length *= step
    between = float(counts[_SURELY : 256 - _SURELY].sum())
    return max(_HARD_PX, between / max(1, length))


def _far_from_all(levels: np.ndarray, width: float) -> int:
    """How bright it is where no edge can reach, if a floor may be so bright, else 0."""
    brightest = _by_blocks(levels)
    surely = brightest >= _SURELY
    reach = 1 + math.ceil((4 + width) / _BLOCK_PX)
    away = cv2.distanceTransform((~surely).astype(np.uint8), cv2.DIST_C, 3)
    far = brightest[away > reach]
    if not far.size or not far.any():
        return 0
    highest = int(far.max())
    covers_all = np.count_nonzero(far) >= 0.5 * far.size
    return highest if highest <= (_MOST if covers_all else _MOST_SPARSE) else 0


def _by_blocks(levels: np.ndarray) -> np.ndarray:
    """The brightest level of each block."""
    height, width = levels.shape
    padding = ((0, -height % _BLOCK_PX), (0, -width % _BLOCK_PX))
    padded = np.pad(levels, padding) if any(after for _, after in padding) else levels
    rows = padded.reshape(len(padded) // _BLOCK_PX, _BLOCK_PX, -1).max(axis=1)
    return np.asarray(rows.reshape(len(rows), -1, _BLOCK_PX).max(axis=2))
