"""Planes of pixels kept small: masks are mostly flat, so only the tiles that vary are stored."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box

TILE_PX = 64
BAND_PX = 256  # rows converted at once, so that a plane never needs a float copy of itself

Plane = NDArray[Any]


@dataclass(frozen=True, eq=False)
class TiledPlane:
    """One (H, W) plane, lossless: a value for each flat tile, the pixels of every other one.

    Args:
        size_hw: The plane's height and width.
        flat: (rows, columns) of tiles, the value of each flat one.
        place: (rows, columns) of tiles, where a tile's pixels lie in ``tiles``; -1 where flat.
        tiles: (n, 64, 64), the pixels of the tiles that vary.
    """

    size_hw: tuple[int, int]
    flat: Plane
    place: Plane
    tiles: Plane

    @classmethod
    def of(cls, plane: Plane) -> "TiledPlane":
        """Store a copy of an (H, W) array of any number type."""
        height, width = plane.shape
        rows, columns = -(-height // TILE_PX), -(-width // TILE_PX)
        padding = ((0, rows * TILE_PX - height), (0, columns * TILE_PX - width))
        padded = np.pad(plane, padding, mode="edge") if height and width else np.pad(plane, padding)
        bands = padded.reshape(rows, TILE_PX, columns * TILE_PX)
        low = bands.min(axis=1).reshape(rows, columns, TILE_PX).min(axis=2)
        high = bands.max(axis=1).reshape(rows, columns, TILE_PX).max(axis=2)
        varies = low != high
        place = np.full((rows, columns), -1, np.int32)
        place[varies] = np.arange(np.count_nonzero(varies), dtype=np.int32)
        grid = padded.reshape(rows, TILE_PX, columns, TILE_PX).swapaxes(1, 2)
        return cls((height, width), low, place, grid[varies])

    @property
    def nbytes(self) -> int:
        """Bytes of pixels held."""
        return int(self.flat.nbytes + self.place.nbytes + self.tiles.nbytes)

    def read(self, box: Box) -> Plane:
        """The pixels of a box that lies inside the plane, as a new array."""
        if box.is_empty:
            return np.zeros(box.size_hw, self.flat.dtype)
        first_row, first_column = box.y1 // TILE_PX, box.x1 // TILE_PX
        window = (
            slice(first_row, -(-box.y2 // TILE_PX)),
            slice(first_column, -(-box.x2 // TILE_PX)),
        )
        place = self.place[window]
        rows, columns = place.shape
        canvas = np.empty((rows, TILE_PX, columns, TILE_PX), self.flat.dtype)
        canvas[:] = self.flat[window][:, None, :, None]
        varies = place >= 0
        canvas.swapaxes(1, 2)[varies] = self.tiles[place[varies]]
        inner = box.shift(-first_column * TILE_PX, -first_row * TILE_PX)
        whole = canvas.reshape(rows * TILE_PX, columns * TILE_PX)
        return np.ascontiguousarray(whole[inner.slices])


def as_levels(plane: NDArray[np.float32]) -> NDArray[np.uint8] | None:
    """A plane in [0, 1] as 0..255, or None where that would lose anything."""
    levels = np.empty(plane.shape, np.uint8)
    for top in range(0, plane.shape[0], BAND_PX):
        band = plane[top : top + BAND_PX]
        level = np.rint(band * np.float32(255)).astype(np.uint8)
        if not np.array_equal(as_unit(level), band):
            return None
        levels[top : top + BAND_PX] = level
    return levels


def as_unit(levels: Plane) -> NDArray[np.float32]:
    """Levels 0..255 as float32 in [0, 1]; a float32 plane as it is."""
    if levels.dtype == np.uint8:
        return levels.astype(np.float32) / np.float32(255)
    return levels.astype(np.float32, copy=False)
