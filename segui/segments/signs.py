"""Where a small plane is above 0 when it is enlarged; most of that is known without doing so."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box
from segui.segments.enlarging import BAND_PX, Floats, bands_of, between, enlarged

_COARSE: Final = 1 / 4  # cells in one px; with more, most of a picture would lie between two signs
_LEAST: Final = 1e-30  # what is above 0 by less could come out as 0

Pixels = NDArray[np.uint8]


def levels_above_0(small: Floats, per_px_yx: tuple[float, float], box: Box) -> Pixels:
    """255 where ``enlarged`` is above 0, else 0.

    Between four cells of one sign it has that sign; only what lies between others is enlarged.

    Args:
        small: (h, w) float32.
        per_px_yx: Cells of the small plane in one px of the picture, downwards and to the right.
        box: A part of the picture, xyxy px.

    Returns:
        (box height, box width).
    """
    if box.is_empty:
        return np.zeros(box.size_hw, np.uint8)
    if max(per_px_yx) <= _COARSE:
        return _by_signs(small, per_px_yx, box)
    levels = np.empty(box.size_hw, np.uint8)
    for band in bands_of(box):
        levels[band.relative_to(box).slices] = _levels(enlarged(small, per_px_yx, band) > 0)
    return levels


def _by_signs(small: Floats, per_px_yx: tuple[float, float], box: Box) -> Pixels:
    """The same where each four cells have some px between them."""
    above, below, low = between(box.y1, box.y2, per_px_yx[0], small.shape[0])
    left, right, near = between(box.x1, box.x2, per_px_yx[1], small.shape[1])
    # where the px between each two cells begin, and how many they are
    tops, starts = (np.flatnonzero(np.diff(cells, prepend=-1)) for cells in (above, left))
    heights, widths = np.diff(tops, append=box.height), np.diff(starts, append=box.width)
    corners = np.stack(
        [
            small[np.ix_(rows[tops], columns[starts])]
            for rows in (above, below)
            for columns in (left, right)
        ]
    )
    is_in = np.asarray(((corners > _LEAST) & (corners < np.inf)).all(axis=0))
    levels = np.repeat(np.repeat(_levels(is_in), widths, axis=1), heights, axis=0)
    mixed = np.argwhere(~is_in & ~(corners <= 0).all(axis=0))
    at_once = max(1, BAND_PX // int(heights.max() * widths.max()))
    for first in range(0, len(mixed), at_once):
        rows, columns = mixed[first : first + at_once].T
        down = low[_places(tops[rows], heights)][:, :, None]
        across = near[_places(starts[columns], widths)][:, None]
        a, b, c, d = corners[:, rows, columns, None, None]
        value = (a * (1 - down) + c * down) * (1 - across)
        value += (b * (1 - down) + d * down) * across
        for top, start, height, width, part in zip(
            tops[rows].tolist(),
            starts[columns].tolist(),
            heights[rows].tolist(),
            widths[columns].tolist(),
            _levels(value > 0),
            strict=True,
        ):
            levels[top : top + height, start : start + width] = part[:height, :width]
    return levels


def _places(starts: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """As many places from each start on as the largest count; none beyond the last there is."""
    places = starts[:, None] + np.arange(counts.max())
    return np.asarray(np.minimum(places, counts.sum() - 1), np.intp)


def _levels(is_in: NDArray[np.bool_]) -> Pixels:
    return is_in.view(np.uint8) * np.uint8(255)
