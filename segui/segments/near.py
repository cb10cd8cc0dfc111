"""Which pixels of a mask are near an edge of it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box

_ROWS: Final = 64  # worked at once: some copies of so many stay in a cache
_PIECE_PX: Final = 512  # so wide, too

Pixels = NDArray[np.uint8]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class NearEdge:
    """Where in a mask another level is within reach; its border is no edge.

    Args:
        size_hw: The mask's height and width.
        reach_px: Of the rows above and below, and the columns at the sides, px, at least 1.
        changes: (H, W / 8) uint8, a bit for each pixel: whether there is a row within reach in
            which its level and those to the right, below and across are not all the same.
    """

    size_hw: tuple[int, int]
    reach_px: int
    changes: Pixels

    @classmethod
    def of(cls, levels: Pixels, reach_px: int) -> "NearEdge":
        """Look for a mask's edges.

        Args:
            levels: (H, W) uint8, not empty.
            reach_px: At least 1.
        """
        height, width = levels.shape
        changes = np.zeros((height + 2 * reach_px - 1, -(-width // 8)), np.uint8)
        for top in range(0, height, _ROWS):
            bits = np.packbits(_changes(levels[top : top + _ROWS + 1])[:_ROWS], axis=1)
            changes[reach_px + top :][: len(bits)] = bits
        spread = _any_of_next(changes.reshape(-1), changes.shape[1], 2 * reach_px - 1)
        return cls((height, width), reach_px, spread.reshape(height, -1))

    def parts(self, strip_px: int) -> Iterator[tuple[Box, Flags]]:
        """Parts of the mask that have all that is near an edge, none over another one.

        Args:
            strip_px: How high each is, at most.

        Yields:
            xyxy px, and where in it another level is within reach, (h, w).
        """
        height, width = self.size_hw
        for top in range(0, height, strip_px):
            rows = slice(top, min(top + strip_px, height))
            for left, right in self._columns(np.flatnonzero(self.changes[rows].any(axis=0))):
                for start in range(max(0, left), min(right, width), _PIECE_PX):
                    part = Box(start, top, min(start + _PIECE_PX, right, width), rows.stop)
                    yield part, self.in_part(part)

    def in_part(self, part: Box) -> Flags:
        """Where in a part of the mask another level is within reach, (h, w).

        Args:
            part: Inside of the mask, xyxy px.
        """
        left, right = part.x1 - self.reach_px, part.x2 + self.reach_px - 1
        first, last = max(0, left), min(right, self.size_hw[1])
        bits = self.changes[part.y1 : part.y2, first // 8 : -(-last // 8)]
        single = np.unpackbits(bits, axis=1)[:, first % 8 :][:, : last - first]
        more = 2 * self.reach_px - 1
        wide = np.zeros(part.height * (right - left) + more, np.uint8)
        rows = wide[: len(wide) - more].reshape(part.height, right - left)
        rows[:, first - left : last - left] = single
        return _any_of_next(wide, 1, more).reshape(rows.shape)[:, : part.width].view(np.bool_)

    def _columns(self, places: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
        """From where to where columns are near to some bytes of bits, in order."""
        if not len(places):
            return
        ends = np.flatnonzero(np.diff(places) * 8 > 2 * self.reach_px + 6).tolist()
        for start, end in itertools.pairwise([-1, *ends, len(places) - 1]):
            first, last = int(places[start + 1]), int(places[end])
            yield 8 * first - self.reach_px + 1, 8 * last + 8 + self.reach_px


def near_edge(levels: Pixels, reach_px: int) -> Flags:
    """Where another level is within reach, (H, W); a mask's border is no edge.

    Args:
        levels: (H, W) uint8.
        reach_px: Of the rows above and below, and the columns at the sides, px, at least 1.
    """
    return NearEdge.of(levels, reach_px).in_part(Box.of_size((levels.shape[0], levels.shape[1])))


def _changes(levels: Pixels) -> Flags:
    """Whether each pixel's level and those to the right, below and across are not all the same."""
    changes = np.zeros(levels.shape, np.bool_)
    below = levels[1:] != levels[:-1]
    changes[:-1] = below
    changes[:-1, :-1] |= below[:, 1:]
    # the pair of the row below differs by itself only where one of these three does
    changes[:, :-1] |= levels[:, 1:] != levels[:, :-1]
    return changes


def _any_of_next(bits: Pixels, stride: int, more: int) -> Pixels:
    """The bits of each number and of some next ones; those at the end, which lack some, are gone.

    Args:
        bits: (n,).
        stride: From one to the next.
        more: How many next ones.

    Returns:
        (n - more * stride,)
    """
    seen = 1
    while seen <= more:
        shift = min(seen, more + 1 - seen)
        bits = bits[: -shift * stride] | bits[shift * stride :]
        seen += shift
    return bits
