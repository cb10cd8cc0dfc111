"""In which tiles of which sizes a picture is looked at for faces."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from segui.finders.face_net import FULL_RANGE, Sees

LEAST_FACE_PX: Final = 40
_PARTS: Final = 3  # of the longer side, in which every picture is looked at


@dataclass(frozen=True)
class Level:
    """Tiles of one size.

    Args:
        tile_px: Their side, px of the photo.
        overlap_px: How much of two neighbours is the same, at least.
        sees: What the detector is shown of each, and finds in it.
    """

    tile_px: float
    overlap_px: float
    sees: Sees

    @property
    def smallest_px(self) -> float:
        """The smallest face that is found in them."""
        return self.tile_px * self.sees.smallest_share

    @property
    def shown_overlap_px(self) -> float:
        """The overlap in px of what the detector is shown."""
        return self.overlap_px * self.sees.side_px / self.tile_px


def most_tiles(size_hw: tuple[int, int], smallest_px: int, sees: Sees = FULL_RANGE) -> int:
    """How many tiles of a picture are looked at, at most.

    Args:
        size_hw: The picture's, px.
        smallest_px: The smallest face that is looked for; 0 fits the picture.
        sees: What the detector is shown of each, and finds in it.
    """
    usual, finest = levels_of(max(size_hw), smallest_px, sees)
    levels = usual if finest is None else [*usual, finest]
    return sum(_tiles_of(size_hw, level) for level in levels)


def levels_of(side_px: int, smallest_px: int, sees: Sees) -> tuple[list[Level], Level | None]:
    """The levels that are looked at in any case, and the one that may be needed beyond them."""
    least_tile = max(sees.side_px, (smallest_px or LEAST_FACE_PX) / sees.smallest_share)
    whole = Level(max(sees.side_px, side_px), 0, sees)
    filling = side_px / sees.largest_share  # a tile in which a face that fills the picture is seen
    wholes = [whole] if filling <= whole.tile_px else [Level(filling, 0, sees), whole]
    if whole.tile_px <= least_tile:
        return wholes, None
    overlap = whole.smallest_px  # what is larger was seen in the whole
    tile = (side_px + (_PARTS - 1) * overlap) / _PARTS
    parts = Level(max(tile, least_tile), overlap, sees)
    is_enough = parts.tile_px <= least_tile
    finest = None if is_enough else Level(least_tile, parts.smallest_px, sees)
    return [*wholes, parts], finest


def _small_wh(size_hw: tuple[int, ...], level: Level) -> tuple[int, int]:
    """The size of a picture, made so small that a level's tile has the network's side."""
    factor = level.sees.side_px / level.tile_px
    return max(1, round(size_hw[1] * factor)), max(1, round(size_hw[0] * factor))


def _tiles_of(size_hw: tuple[int, int], level: Level) -> int:
    return math.prod(len(_starts(side, level)) for side in _small_wh(size_hw, level))


def corners(size_wh: tuple[int, int], level: Level) -> Iterator[tuple[int, int]]:
    """The upper left corners of tiles of the network's side that cover a small picture."""
    columns, rows = (_starts(side, level) for side in size_wh)
    return ((x, y) for y in rows for x in columns)


def _starts(side_px: int, level: Level) -> list[int]:
    """Where tiles begin along one side, as far apart as they may be."""
    tile_px = level.sees.side_px
    if side_px <= tile_px + 1:  # a row that rounding made needs no tile of its own
        return [0]
    step = max(1.0, tile_px - min(level.shown_overlap_px, tile_px / 2))
    count = math.ceil((side_px - tile_px - 1) / step) + 1
    return [round(n * (side_px - tile_px) / (count - 1)) for n in range(count)]
