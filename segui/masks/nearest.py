"""The pixels of edges, each known as what has ground of its own and is nearest to it."""

import numpy as np

AROUND = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, -1), (-1, 1))
_STEPS_OF_ALL = 12  # as far as edges reach that are looked at every day


def filled(index: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture with each of these pixels as the core nearest to it, and how far that is, px.

    After some steps, each looks at what is beside the pixels that the last one found, not at all
    that is left: a wide band would be gone through once for each of its pixels' steps. What has a
    corner alone in common with one that was found before that is beside another one by then.

    Args:
        index: (H, W) the picture; there is a core.
        places: (n,) rising, where the pixels are that are none.
    """
    height, width = index.shape
    nearest = index.astype(np.int32)
    flat = nearest.reshape(-1)
    flat[places] = -1
    within = np.zeros(len(places), np.int32)
    left, count, step = np.arange(len(places)), len(places), 0
    news = places[:0]
    while count:
        step += 1
        if step > _STEPS_OF_ALL:
            left = _beside(flat, news, places, index.shape)
        at = places[left]
        found = np.full(left.size, -1, np.int32)
        # corners count every other time: so far as this goes, it is nearly round
        for down, right in AROUND[: 4 if step % 2 else 8]:
            there, is_inside = moved(at, down, right, height, width)
            value = np.where(is_inside, flat[there], -1)
            found = np.where(found < 0, value, found)
        is_found = found >= 0
        flat[at[is_found]] = found[is_found]
        within[left[is_found]] = step
        count -= int(np.count_nonzero(is_found))
        news = at[is_found]
        left = left[~is_found]
    return nearest, within


def _beside(
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
