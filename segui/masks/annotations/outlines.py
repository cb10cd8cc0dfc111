"""Outlines, circles and run lengths as pixels: a pixel belongs to what its centre lies in."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.geometry import Box
from segui.masks.annotations.layers import Sketch

_MOST_DIGITS: Final = 7  # of a run length, five bits each

Points = NDArray[np.float64]  # (n, 2), x and y, px
Runs = NDArray[np.int64]  # where each begins or ends, counted column by column


def polygon_piece(points: Points, size_hw: tuple[int, int]) -> Sketch | None:
    """What a closed outline has inside, even-odd; None where that is nothing of the picture.

    Args:
        points: Its corners, finite; the first follows the last.
        size_hw: The picture's height and width.
    """
    box = _box_around(points.min(axis=0), points.max(axis=0), size_hw)
    return None if box.is_empty else Sketch(box, partial(_inside_outline, points, box))


def _inside_outline(points: Points, box: Box) -> NDArray[np.bool_]:
    begin, end = points, np.roll(points, -1, axis=0)
    low = np.minimum(begin[:, 1], end[:, 1])
    high = np.maximum(begin[:, 1], end[:, 1])
    first = np.clip(np.ceil(low - 0.5), box.y1, box.y2).astype(np.int64)
    counts = np.clip(np.ceil(high - 0.5), box.y1, box.y2).astype(np.int64) - first
    total = int(counts.sum())
    edges = np.repeat(np.arange(len(points)), counts)
    rows = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts) + first[edges]
    steps = end - begin
    share = (rows + 0.5 - begin[edges, 1]) / steps[edges, 1]
    columns = np.ceil(begin[edges, 0] + share * steps[edges, 0] - 0.5)
    columns = np.clip(columns, box.x1, box.x2).astype(np.int64)
    height, width = box.size_hw
    turns = np.zeros((height, width + 1), np.uint8)  # where inside becomes outside, or back
    np.bitwise_xor.at(turns, (rows - box.y1, columns - box.x1), 1)
    return np.bitwise_xor.accumulate(turns, axis=1)[:, :width].astype(np.bool_)


def circle_piece(centre: Points, radius: float, size_hw: tuple[int, int]) -> Sketch | None:
    """A disc; None where nothing of it lies in the picture.

    Args:
        centre: Its x and y, px.
        radius: px.
        size_hw: The picture's height and width.
    """
    box = _box_around(centre - radius, centre + radius, size_hw)
    return None if box.is_empty else Sketch(box, partial(_inside_circle, centre, radius, box))


def _inside_circle(centre: Points, radius: float, box: Box) -> NDArray[np.bool_]:
    across = (np.arange(box.x1, box.x2) + 0.5 - centre[0]) ** 2
    down = (np.arange(box.y1, box.y2) + 0.5 - centre[1]) ** 2
    return np.asarray(down[:, None] + across[None] <= radius**2)


def runs_piece(counts: Sequence[int], size_hw: tuple[int, int]) -> Sketch | None:
    """Run lengths as COCO has them: nothing and something in turn, column by column.

    Args:
        counts: The lengths, whole numbers of at least 0.
        size_hw: The picture's height and width.

    Returns:
        None where all of it is nothing.

    Raises:
        InputError: They are not as many pixels as the picture has.
    """
    height, width = size_hw
    edges = np.cumsum(np.array([0, *counts], np.int64))
    if edges[-1] != height * width or (np.diff(edges) < 0).any():
        raise InputError(
            f"run lengths make {int(edges[-1])} pixels: the picture has {height * width}"
        )
    starts, ends = edges[1:-1:2], edges[2::2]
    starts = starts[: len(ends)]
    some = ends > starts
    if not some.any():
        return None
    starts, ends = starts[some], ends[some]
    box = _box_of_runs(starts, ends, height)
    return Sketch(box, partial(_inside_runs, starts, ends, height, box))


def _box_of_runs(starts: Runs, ends: Runs, height: int) -> Box:
    """The columns that they reach, and the rows: of a run that goes on in the next column, all."""
    (columns, tops), (last_columns, ends_at) = (
        np.divmod(starts, height),
        np.divmod(ends - 1, height),
    )
    goes_on = last_columns > columns
    y1 = 0 if goes_on.any() else int(tops.min())
    y2 = height if goes_on.any() else int(ends_at.max()) + 1
    return Box(int(columns[0]), y1, int(last_columns[-1]) + 1, y2)


def _inside_runs(starts: Runs, ends: Runs, height: int, box: Box) -> NDArray[np.bool_]:
    turns = np.zeros(box.width * height + 1, np.uint8)
    np.bitwise_xor.at(turns, starts - box.x1 * height, 1)
    np.bitwise_xor.at(turns, ends - box.x1 * height, 1)
    inside = np.bitwise_xor.accumulate(turns)[:-1].reshape(-1, height).T
    return np.ascontiguousarray(inside[box.y1 : box.y2]).astype(np.bool_)


def counts_of_text(text: str) -> list[int]:
    """The run lengths of a text as COCO compresses them.

    Five bits a character, the sixth says that more follow; from the fourth length on each is the
    difference to the one before the last.

    Raises:
        InputError: It is no such text.

    >>> counts_of_text("52203")
    [5, 2, 2, 2, 5]
    """
    counts: list[int] = []
    value = digits = 0
    for character in text:
        code = ord(character) - 48
        if not 0 <= code < 64 or digits == _MOST_DIGITS:
            raise InputError("run lengths are no text of COCO's")
        value |= (code & 31) << 5 * digits
        digits += 1
        if code & 32:
            continue
        if code & 16:
            value -= 1 << 5 * digits
        counts.append(value + counts[-2] if len(counts) > 2 else value)
        value = digits = 0
    if digits or any(count < 0 for count in counts):
        raise InputError("run lengths are no text of COCO's")
    return counts


def _box_around(low: Points, high: Points, size_hw: tuple[int, int]) -> Box:
    height, width = size_hw
    x1, y1 = (int(edge) for edge in np.clip(np.floor(low), 0, (width, height)))
    x2, y2 = (int(edge) for edge in np.clip(np.ceil(high), 0, (width, height)))
    return Box(x1, y1, max(x1, x2), max(y1, y2))
