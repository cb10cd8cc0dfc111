"""A change of light or colours from place to place in an edited version: a vignette, a gradient.

No one change of all colours explains it, and it is no edit of an area either.
"""

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.finders.cast import Cast, find_cast
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
_LEAST_LEFT: Final = 1 / 255  # of a difference: a change of all colours that leaves less fits well
_CLEARLY: Final = 0.5  # of what that change leaves: uneven light fits better

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


class Changed(NamedTuple):
    """What was done to all of an edited version.

    Args:
        cast: What became of all its colours; None where nothing did.
        is_uneven: Whether its light or colours change from place to place, beyond that.
        light: How they do, as far as that could be found out.
    """

    cast: Cast | None
    is_uneven: bool = False
    light: Light | None = None


def changed_all_over(photo: Pixels, edited: Pixels, inside: Box) -> Changed:
    """What was done to all of an edited version: to its colours everywhere alike, or not.

    Light that is uneven may be taken for a change of all colours too, which then fits badly.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: Of the same size.
        inside: The part of the photo that it reaches.
    """
    one, other = photo[inside.slices], edited[inside.slices]
    cast = find_cast(one, other)
    uneven = is_uneven(one, other, cast)
    expected = one if cast is None else cast.laid_on(one)
    means = _means(expected, other)
    left = float(np.median(np.abs(means[0] - means[1]).max(axis=2)))
    if not uneven and (cast is None or left < _LEAST_LEFT):
        return Changed(cast)
    alone = find_light(*_means(one, other), inside)
    if not uneven:
        is_better = alone is not None and alone.left < _CLEARLY * left
        return Changed(None, is_uneven=True, light=alone) if is_better else Changed(cast)
    beyond = None if cast is None else find_light(*means, inside)
    if alone is not None and (beyond is None or alone.left <= beyond.left):
        return Changed(None, is_uneven=True, light=alone)
    return Changed(cast, is_uneven=True, light=beyond)


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
