"""Parts of a small plane at a picture's size, so that nothing is enlarged but what is wanted."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box

BAND_PX = 250_000  # worked at once: some copies of so many float32 stay in the caches

Floats = NDArray[np.float32]


def bands_of(box: Box) -> Iterator[Box]:
    """A box in slices of whole rows, from its top, each of some 250,000 px at most."""
    rows = max(1, BAND_PX // max(1, box.width))
    for top in range(box.y1, box.y2, rows):
        yield Box(box.x1, top, box.x2, min(box.y2, top + rows))


def enlarged(small: Floats, per_px_yx: tuple[float, float], box: Box) -> Floats:
    """What a small plane has in a box of the picture that it covers, bilinearly.

    Args:
        small: (h, w) float32, or (h, w, channels).
        per_px_yx: Cells of the small plane in one px of the picture, downwards and to the right;
            both begin at the same corner. Beyond the last cell's middle its value goes on.
        box: A part of the picture, xyxy px.

    Returns:
        (box height, box width), or with channels, float32: the value at each pixel's middle.

    Source: the same as ``torch.nn.functional.interpolate`` without ``align_corners``.
    """
    above, below, low = between(box.y1, box.y2, per_px_yx[0], small.shape[0])
    left, right, near = between(box.x1, box.x2, per_px_yx[1], small.shape[1])
    low = low.reshape(-1, *[1] * (small.ndim - 1))
    near = near.reshape(1, -1, *[1] * (small.ndim - 2))
    first, last = (int(left.min()), int(right.max()) + 1) if len(left) else (0, 0)
    part = small[:, first:last]
    rows = part[above] * (1 - low) + part[below] * low
    out = rows[:, left - first] * (1 - near)
    out += rows[:, right - first] * near
    return np.asarray(out, np.float32)


def between(
    start: int, stop: int, per_px: float, count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """For each pixel the two cells that its middle lies between, and how far from the first.

    Args:
        start: The first pixel of a row or a column.
        stop: The one after the last.
        per_px: Cells in one px.
        count: How many cells there are; beyond the middle of the last, it is both.

    Returns:
        Each (stop - start,).
    """
    place = np.clip((np.arange(start, stop) + 0.5) * per_px - 0.5, 0, count - 1)
    one = np.floor(place).astype(np.intp)
    return one, np.minimum(one + 1, count - 1), (place - one).astype(np.float32)


def reach_of(
    cells: NDArray[np.bool_], per_px_yx: tuple[float, float], size_hw: tuple[int, int]
) -> Box:
    """The part of a picture that some cells of a small plane have a say in, when enlarged.

    Args:
        cells: (h, w), those that count.
        per_px_yx: Cells in one px of the picture, downwards and to the right.
        size_hw: The picture's height and width.

    Returns:
        xyxy px; empty where no cell counts.
    """
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    if not len(rows):
        return Box(0, 0, 0, 0)
    box = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return reach_of_cells(box, cells.shape, per_px_yx, size_hw)


def reach_of_cells(
    cells: Box, shape: tuple[int, ...], per_px_yx: tuple[float, float], size_hw: tuple[int, int]
) -> Box:
    """The same of all cells in a box.

    Args:
        cells: xyxy cells, not empty.
        shape: How many rows and columns of cells there are.
        per_px_yx: Cells in one px of the picture, downwards and to the right.
        size_hw: The picture's height and width.
    """
    y1, y2 = _reach(cells.y1, cells.y2 - 1, shape[0], per_px_yx[0], size_hw[0])
    x1, x2 = _reach(cells.x1, cells.x2 - 1, shape[1], per_px_yx[1], size_hw[1])
    return Box(x1, y1, x2, y2).clip(size_hw)


def _reach(first: int, last: int, count: int, per_px: float, size: int) -> tuple[int, int]:
    """From which pixel to which one the cells from the first to the last place count."""
    start = 0 if first == 0 else int(np.floor((first - 0.5) / per_px - 0.5))
    stop = size if last == count - 1 else int(np.ceil((last + 1.5) / per_px + 0.5))
    return start, stop
