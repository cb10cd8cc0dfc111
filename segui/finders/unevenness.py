"""A change of light or colours from place to place in an edited version: a vignette, a gradient.

No one change of all colours explains it, and it is no edit of an area either.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.finders.cast import Cast
from segui.finders.light import Light, find_light
from segui.geometry import Box
from segui.images.blocks import block_means

UNEVEN: Final = "its light or colours change from place to place, as by a vignette or a gradient"
_LOOKED_AT_PX: Final = 96  # the longer side of what it is looked for on
_FEW_PX: Final = 8  # a side of a block, at least: so few pixels are enough for its mean
_CELLS: Final = 8  # a side, each of one median: what was edited in less than half of it has no part
_SEEN: Final = 4.0  # levels by which a cell has to differ from what most of the photo does
_LEAST_CELLS: Final = 0.4  # of them that have to
_LEAST_EXPLAINED: Final = 0.5  # of that difference, that is gone without what changes by place
_MOST_LEFT: Final = 8.0  # levels of it that are left then: an effect leaves more
_LEAST_LIGHT: Final = 12.0  # levels, of which a share can be told

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]


def is_uneven(photo: Pixels, edited: Pixels, cast: Cast | None) -> bool:
    """Whether an edited version is changed all over, but from place to place otherwise.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: Of the same size.
        cast: What became of all its colours, beyond which it is looked; None for nothing.
    """
    was, other = (np.rint(part * 255).astype(np.uint8) for part in _means(photo, edited))
    if min(was.shape[:2]) < 2 * _CELLS:
        return False
    expected = (was if cast is None else cast.laid_on(was)).astype(np.float32)
    apart = other.astype(np.float32) - expected
    apart -= np.median(apart.reshape(-1, 3), axis=0)
    before = float(np.median(np.abs(apart).max(axis=2)))
    cells = _medians(apart)
    if float(np.mean(np.abs(cells).max(axis=2) > _SEEN)) < _LEAST_CELLS:
        return False
    size_wh = was.shape[1], was.shape[0]
    light = np.maximum(expected, _LEAST_LIGHT)
    shares = cv2.resize(
        _medians(np.asarray(apart / light, np.float32)), size_wh, interpolation=cv2.INTER_CUBIC
    )
    added = cv2.resize(cells, size_wh, interpolation=cv2.INTER_CUBIC)
    left_over = min(
        float(np.median(np.abs(apart - field).max(axis=2))) for field in (shares * light, added)
    )
    return left_over <= min(_MOST_LEFT, (1 - _LEAST_EXPLAINED) * before)


def light_of(photo: Pixels, edited: Pixels, cast: Cast | None, inside: Box) -> Light | None:
    """How light and colours change from place to place in a version that is uneven.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: Of the same size.
        cast: What became of all its colours, beyond which it is looked; None for nothing.
        inside: The part of the photo that it reaches.
    """
    expected = photo if cast is None else cast.laid_on(photo)
    part = inside.slices
    return find_light(*_means(expected[part], edited[part]), inside)


def _means(one: Pixels, other: Pixels) -> tuple[Plane, Plane]:
    """The mean colours of blocks of two pictures of one size, 0..1."""
    factor = max(1, round(max(one.shape[:2]) / _LOOKED_AT_PX))
    every = max(1, factor // _FEW_PX)
    few, fewer = (np.ascontiguousarray(part[::every, ::every, :3]) for part in (one, other))
    return block_means(few, factor // every, 3), block_means(fewer, factor // every, 3)


def _medians(values: Plane) -> Plane:
    """The median of each cell, (cells, cells, channels) float32."""
    rows = [np.array_split(row, _CELLS, axis=1) for row in np.array_split(values, _CELLS)]
    return np.array([[np.median(cell, axis=(0, 1)) for cell in row] for row in rows], np.float32)
