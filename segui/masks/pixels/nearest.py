"""The pixels of edges, each known as what has ground of its own and is nearest to it."""

from collections.abc import Sequence

import numpy as np

AROUND = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, -1), (-1, 1))
_STEPS_OF_ALL = 12  # as far as edges reach that are looked at every day
_CHUNK_PX = 200_000  # are looked at together: eight neighbours of three million take 200 MB


def fill(nearest: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Give each of these pixels the number of the core nearest to it, in place.

    After some steps, each looks at what is beside the pixels that the last one found, not at all
    that is left: a wide band would be gone through once for each of its pixels' steps. What has a
    corner alone in common with one that was found before that is beside another one by then.

    Args:
        nearest: (H, W) int8, int16 or int32, numbers of at least 0 where there are cores; there
            is one.
        places: (n,) rising, where the pixels are that are none.

    Returns:
        (n,) int32, how far that core is, px.
    """
    height, width = nearest.shape
    flat = nearest.reshape(-1)
    flat[places] = -1
    within = np.zeros(len(places), np.int32)
    left, count, step = np.arange(len(places), dtype=np.int32), len(places), 0
    news = places[:0]
    while count:
        step += 1
        if step > _STEPS_OF_ALL:
            left = beside(flat, news, places, nearest.shape)
        at = places[left]
        found = np.full(left.size, -1, nearest.dtype)
        # corners count every other time: so far as this goes, it is nearly round
        around = AROUND[: 4 if step % 2 else 8]
        for start in range(0, left.size, _CHUNK_PX):
            some = slice(start, start + _CHUNK_PX)
            found[some] = _found(flat, at[some], around, height, width)
        is_found = found >= 0
        flat[at[is_found]] = found[is_found]
        within[left[is_found]] = step
        count -= int(np.count_nonzero(is_found))
        news = at[is_found]
        left = left[~is_found]
    return within


def _found(
    flat: np.ndarray, at: np.ndarray, around: Sequence[tuple[int, int]], height: int, width: int
) -> np.ndarray:
    """The first core that is beside each of some pixels, -1 where there is none."""
    found = np.full(at.size, -1, flat.dtype)
    for down, right in around:
        there, is_inside = moved(at, down, right, height, width)
        value = np.where(is_inside, flat[there], flat.dtype.type(-1))
        found = np.where(found < 0, value, found)
    return found


def beside(
    flat: np.ndarray, found: np.ndarray, places: np.ndarray, shape: tuple[int, ...]
) -> np.ndarray:
    """Which of the places are not filled yet, and beside one of those that were just found."""
    height, width = shape
    around = []
    for down, right in AROUND:
        there, is_inside = moved(found, down, right, height, width)
        around.append(there[is_inside & (flat[there] < 0)])
    return np.searchsorted(places, np.unique(np.concatenate(around)))


def moved(
    at: np.ndarray, down: int | np.ndarray, right: int | np.ndarray, height: int, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Places further down and right, those outside at the border; and which are inside."""
    row, column = np.divmod(at, width)
    row, column = row + down, column + right
    is_inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    return np.clip(row, 0, height - 1) * width + np.clip(column, 0, width - 1), is_inside
