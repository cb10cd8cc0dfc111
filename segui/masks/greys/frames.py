"""A line that somebody drew around all of a mask: without it, what is inside would be one area."""

from typing import Final

import numpy as np

_MOST_PX: Final = 4  # of its thickness, or
_MOST_SHARE: Final = 0.02  # of the shorter side
_UNLIKE: Final = 0.02  # of a ring of the frame may differ, as objects over it do
_EMPTY: Final = 0.6  # of the ring inside is nothing
_SAME: Final = 24  # levels, that a lossy format changes along a line
_LEAST_SIDE: Final = 32
_LEAST_MARKED: Final = 0.001  # of what is inside


def without_frame(soft: np.ndarray) -> tuple[np.ndarray, int]:
    """A mask without the line along its four borders, and how thick that was; 0 where none is.

    Where something inside reaches the line, it reaches the border then. A line with nothing
    inside is what was meant.

    Args:
        soft: (H, W) uint8.

    Returns:
        The same array where there is none.
    """
    thick = _thickness(soft)
    if not thick:
        return soft, 0
    inside = soft[thick:-thick, thick:-thick]
    if np.count_nonzero(inside > 127) < _LEAST_MARKED * inside.size:
        return soft, 0
    return np.pad(inside, thick, mode="edge"), thick


def _thickness(soft: np.ndarray) -> int:
    """How many rings from the outside are a line, with hardly anything in the next one; else 0."""
    if min(soft.shape) < _LEAST_SIDE or not soft[0, 0]:
        return 0
    level = int(soft[0, 0])
    for depth in range(max(_MOST_PX, round(_MOST_SHARE * min(soft.shape))) + 2):
        ring = _ring(soft, depth)
        unlike = np.count_nonzero(np.abs(ring.astype(np.int16) - level) > _SAME)
        if unlike <= _UNLIKE * ring.size:
            continue
        # a lossy format leaves a ring of what is neither the line nor nothing
        within = next((at for at in (depth, depth + 1) if _is_empty(soft, at)), 0)
        return within if depth else 0
    return 0


def _is_empty(soft: np.ndarray, depth: int) -> bool:
    ring = _ring(soft, depth)
    return bool(np.count_nonzero(ring <= _SAME) >= _EMPTY * ring.size)


def _ring(soft: np.ndarray, depth: int) -> np.ndarray:
    height, width = soft.shape
    last, right = height - 1 - depth, width - 1 - depth
    across = soft[depth, depth : right + 1], soft[last, depth : right + 1]
    down = soft[depth + 1 : last, depth], soft[depth + 1 : last, right]
    return np.concatenate([*across, *down])
