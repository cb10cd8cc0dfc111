"""A picture in cells of some px: windows of them, and what they say of the px between them."""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box

_CELLS: Final = 5  # within a reach: a line is not fitted to fewer
_BLOCK_CELLS: Final = 256  # on a side: their numbers stay in a cache

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Grid:
    """The cells of a picture, from its upper left corner; those at its end may be cut.

    Args:
        size_hw: The picture's height and width, px.
        step_px: A cell's side, at least 1.
        radius: Cells on each side of one that a window around it has, at least 1.
    """

    size_hw: tuple[int, int]
    step_px: int
    radius: int

    @classmethod
    def of(cls, size_hw: tuple[int, int], reach_px: float) -> "Grid":
        """Cells of which some five lie within a reach, or of one px each.

        Args:
            size_hw: The picture's height and width.
            reach_px: At least 1.
        """
        step = max(1, round(reach_px / _CELLS))
        return cls(size_hw, step, max(1, round(reach_px / step)))

    @property
    def cells_hw(self) -> tuple[int, int]:
        """How many rows and columns of cells there are."""
        return -(-self.size_hw[0] // self.step_px), -(-self.size_hw[1] // self.step_px)

    @property
    def window(self) -> int:
        """How many cells the window around one has."""
        return (2 * self.radius + 1) ** 2

    @property
    def block_px(self) -> int:
        """The side of what is worked at once."""
        return _BLOCK_CELLS * self.step_px

    def widened(self, cells: Box, count: int) -> Box:
        """A box of cells with that many more on each side, as far as there are any."""
        return cells.widen(count).clip(self.cells_hw)

    def cells_around(self, px: Box) -> Box:
        """The cells that a box of px lies in."""
        step = self.step_px
        return Box(px.x1 // step, px.y1 // step, -(-px.x2 // step), -(-px.y2 // step))

    def px_of(self, cells: Box) -> Box:
        """The px of a box of cells, inside the picture."""
        return Box(*(side * self.step_px for side in cells)).clip(self.size_hw)

    def window_sums(self, plane: NDArray[Any]) -> NDArray[np.float64]:
        """Sums over the window around each cell, of (h, w) uint8 or uint16: whole numbers.

        Beyond the plane it is reflected.
        """
        side = 2 * self.radius + 1
        sums = cv2.boxFilter(
            plane, cv2.CV_32S, (side, side), normalize=False, borderType=cv2.BORDER_REFLECT
        )
        return np.asarray(sums, np.float64)

    def window_means(self, planes: Floats) -> Floats:
        """Means over the window around each cell, of (h, w, up to 4) float32."""
        side = 2 * self.radius + 1
        mean = cv2.boxFilter(planes, -1, (side, side), borderType=cv2.BORDER_REFLECT)
        return np.asarray(mean, np.float32)

    def enlarged(self, planes: Floats, cells: Box, px: Box) -> Floats:
        """What planes of cells have at each px between the cells' middles, bilinearly.

        Args:
            planes: (h, w, n) float32, of the cells of a box.
            cells: That box; it has one cell more than ``px`` on each side where there is one.
            px: The part that is wanted.

        Returns:
            (h, w, n) float32.
        """
        around = self.widened(self.cells_around(px), 1)
        part = planes[around.relative_to(cells).slices]
        inner = px.relative_to(Box(*(side * self.step_px for side in around))).slices
        size_wh = (around.width * self.step_px, around.height * self.step_px)
        return np.asarray(cv2.resize(part, size_wh, interpolation=cv2.INTER_LINEAR)[inner])


def means_of_cells(plane: Pixels, step_px: int) -> Pixels:
    """The mean of each cell, rounded; of those that are cut at the end, of what there is of them.

    Args:
        plane: (H, W) or (H, W, 3) uint8, from a cell's corner.
        step_px: A cell's side.
    """
    if step_px == 1:
        return plane
    height, width = (side // step_px * step_px for side in plane.shape[:2])
    rows = [_whole_cells(plane[:height, :width], plane[:height, width:], step_px)]
    rows.append(_whole_cells(plane[height:, :width], plane[height:, width:], step_px))
    return np.concatenate([row for row in rows if row.size])


def _whole_cells(plane: Pixels, rest: Pixels, step_px: int) -> Pixels:
    """A row of parts, the last of which is narrower than a cell."""
    parts = [_shrunk(part, step_px) for part in (plane, rest) if part.size]
    return np.concatenate(parts, axis=1) if parts else plane[:0]


def _shrunk(plane: Pixels, step_px: int) -> Pixels:
    """Cells of a plane that has whole ones only, or less than one, downwards and to the right."""
    height, width = plane.shape[:2]
    size_wh = (max(1, width // step_px), max(1, height // step_px))
    return np.asarray(cv2.resize(plane, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
