"""An opacity cut into spans, so that only its edge is mixed and all else is copied, or left.

An edge is a small part of most areas, and mixing costs several times what copying does.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Marks = NDArray[np.bool_]

STRIP_PX: Final = 2**16  # blended at once on a CPU: new memory for more costs more than the work
STRIP_ROWS: Final = 48  # fewer find more that is opaque, and make more calls of less
LEAST_PX: Final = 32  # of a run that is opaque: below, another call costs more than it saves


class Span(NamedTuple):
    """A box of an opacity.

    Args:
        rows: Of the opacity.
        columns: Of the opacity.
        is_opaque: Whether it is 1 throughout; it may be so by chance where this is false.
    """

    rows: slice
    columns: slice
    is_opaque: bool

    @property
    def place(self) -> tuple[slice, slice]:
        """Rows and columns, to index pixels with."""
        return self.rows, self.columns


def spans(opacity: Tensor) -> Iterator[Span]:
    """Spans that hold all of an opacity that is not 0, so small that a cache holds each.

    Args:
        opacity: (h, w) float32 in [0, 1]. On an accelerator it is a single span: there each
            call costs, and a look at the values waits for all calls before.
    """
    height, width = opacity.shape
    if opacity.device.type != "cpu":
        yield Span(slice(0, height), slice(0, width), is_opaque=False)
        return
    plane = opacity.numpy()
    step = max(1, min(STRIP_ROWS, STRIP_PX // max(1, width)))
    marks = [_marks(part) for part in _strips(plane, step)]
    seen, whole = (np.concatenate(each) for each in zip(*marks, strict=True))
    runs = zip(_first(seen), _end(seen), _runs(whole), strict=True)
    for number, (first, end, run) in enumerate(runs):
        rows = slice(number * step, min((number + 1) * step, height))
        low, high = run if run[1] - run[0] >= LEAST_PX else (end, end)
        for start, stop in ((first, low), (high, end)):
            if start < stop:
                yield Span(rows, slice(start, stop), is_opaque=False)
        if low < high:
            yield Span(rows, slice(low, high), is_opaque=True)


def _strips(plane: NDArray[np.float32], step: int) -> list[NDArray[np.float32]]:
    """A plane in strips of so many rows, (n, step, w), and what is left of it, (1, rows, w)."""
    height, width = plane.shape
    even = height - height % step
    parts = plane[:even].reshape(-1, step, width), plane[even:].reshape(1, -1, width)
    return [part for part in parts if part.size]


def _marks(strips: NDArray[np.float32]) -> tuple[Marks, Marks]:
    """In which columns of each strip there is anything, and in which nothing is below 1."""
    return strips.max(axis=1) != 0, strips.min(axis=1) == 1


def _first(marked: Marks) -> list[int]:
    """Where the first of what is marked in each row is; 0 where nothing is."""
    return [int(first) for first in marked.argmax(axis=1)]


def _end(marked: Marks) -> list[int]:
    """Where the last of what is marked in each row ends; 0 where nothing is."""
    ends = marked.shape[1] - marked[:, ::-1].argmax(axis=1)
    return [int(end) for end in np.where(marked.any(axis=1), ends, 0)]


def _runs(marked: Marks) -> list[tuple[int, int]]:
    """Where the longest run of what is marked in each row begins and ends."""
    runs = list(zip(_first(marked), _end(marked), strict=True))
    counts = marked.sum(axis=1).tolist()
    return [
        run if run[1] - run[0] == count or not count else _longest_run(row)
        for run, count, row in zip(runs, counts, marked, strict=True)
    ]


def _longest_run(marked: Marks) -> tuple[int, int]:
    """Where the longest of several runs begins and ends."""
    edges = np.flatnonzero(np.diff(marked, prepend=False, append=False))
    begins, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - begins))
    return int(begins[longest]), int(ends[longest])
