"""What a picture's colours say around each cell, to which masks are fitted.

Source: He and Sun, Fast Guided Filter, 2015, with colours as the guide.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box
from segui.segments.cells import Floats, Grid, Pixels, means_of_cells

_NOISE: Final = 1e-4 * 255**2  # a variance of colours below which a difference says nothing
_STEEPNESS: Final = 2.0  # a mask that lay beside an edge is fitted with less than its height
_PAIRS: Final = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Guide:
    """A part of a picture as a guide; it is the same as that part of the guide of all of it.

    Args:
        grid: The picture's cells.
        cells: The part, in cells.
        around: It, and what its windows reach to.
        colours: (h, w) uint8 each, the three colours of ``around``.
        sums: (h, w) each, the three colours' sums over the window of each of ``cells``.
        inverse: (h, w) each, the six of the inverse of how the colours vary together there.
    """

    grid: Grid
    cells: Box
    around: Box
    colours: tuple[Pixels, ...]
    sums: tuple[Numbers, ...]
    inverse: tuple[Numbers, ...]

    @classmethod
    def of(cls, picture: Pixels, grid: Grid, cells: Box) -> "Guide":
        """The guide of a part of a picture.

        Args:
            picture: (H, W, 3) uint8, all of it.
            grid: Its cells.
            cells: The part.
        """
        around = grid.widened(cells, grid.radius)
        small = means_of_cells(picture[grid.px_of(around).slices], grid.step_px)
        colours = tuple(np.ascontiguousarray(small[..., channel]) for channel in range(3))
        inner = cells.relative_to(around).slices
        sums = tuple(grid.window_sums(colour)[inner] for colour in colours)
        wide = [colour.astype(np.uint16) for colour in colours]
        products = [grid.window_sums(wide[i] * wide[j])[inner] for i, j in _PAIRS]
        return cls(grid, cells, around, colours, sums, _inverse(sums, products, grid.window))

    def fitted(self, cells: Box, mask: Pixels) -> Floats:
        """By windows the linear function of the colours that is nearest to a mask.

        Args:
            cells: A part of the guide's.
            mask: (h, w) uint8, the mask's cells in ``cells`` and what their windows reach to.

        Returns:
            (h, w, 4) float32: levels for a level of each colour, and the share of 255 that is
            added.
        """
        around = self.grid.widened(cells, self.grid.radius)
        inner, own = cells.relative_to(around).slices, cells.relative_to(self.cells).slices
        count, wide = self.grid.window, mask.astype(np.uint16)
        sums = [one[own] for one in self.sums]
        middle = self.grid.window_sums(mask)[inner]
        both = []
        for colour, total in zip(self.colours, sums, strict=True):
            product = wide * colour[around.relative_to(self.around).slices]
            both.append(count * self.grid.window_sums(product)[inner] - total * middle)
        xx, xy, xz, yy, yz, zz = (one[own] for one in self.inverse)
        rows = ((xx, xy, xz), (xy, yy, yz), (xz, yz, zz))
        slopes = [sum(a * b for a, b in zip(row, both, strict=True)) for row in rows]
        added = middle - sum(a * b for a, b in zip(slopes, sums, strict=True))
        out = np.empty((*cells.size_hw, 4), np.float32)
        for channel, slope in enumerate(slopes):
            out[..., channel] = _STEEPNESS * slope
        out[..., 3] = (_STEEPNESS / count / 255) * added - (_STEEPNESS - 1) / 2
        return out


def _inverse(sums: tuple[Numbers, ...], products: list[Numbers], count: int) -> tuple[Numbers, ...]:
    """The six of a symmetrical table's inverse, times the square of how many cells a window has.

    What is summed are whole numbers, so that nothing is lost where they are nearly the same.
    """
    xx, xy, xz, yy, yz, zz = (
        count * product - sums[i] * sums[j] + (count**2 * _NOISE if i == j else 0)
        for product, (i, j) in zip(products, _PAIRS, strict=True)
    )
    first = (yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy)
    share = 1 / (xx * first[0] + xy * first[1] + xz * first[2])
    rest = (xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy)
    return tuple(one * share for one in (*first, *rest))
