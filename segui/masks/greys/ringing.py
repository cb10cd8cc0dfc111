"""Whether a mask rings: as JPEG leaves it, in a file that loses nothing, or as scaling does.

A filter that swings, as Lanczos and bicubic do, leaves faint lobes beside an edge once a mask was
shrunk and enlarged again: a little way off outside of it, and inside as well.
"""

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from segui.masks.pixels.strips import bands

_FAINT: Final = 32  # levels
_AROUND_PX: Final = 5
_FEWEST: Final = 16  # pixels on either side
_MOST_OF_A_LOBE: Final = 20  # levels; Lanczos swings by 6 % there and back
_STEP_OF_A_LOBE: Final = 3
_ENOUGH_PX: Final = 2_000_000
_BAND_ROWS: Final = 32
_MOST_FLAT: Final = 0.3  # of a ridge
_ALIKE: Final = 3.0  # times as much as on the other side of the edge


def rings(levels: np.ndarray, floor: int = 0, white: int = 255) -> bool:
    """Whether faint pixels stand off from all that is marked, and marked ones are faded inside.

    Of a hard edge that an antialiased drawing or a filter left, neither is so.

    Args:
        levels: (H, W) uint8.
        floor: Up to which level noise changes black, and so white.
        white: The level of what is fully marked.
    """
    bright = white - _FAINT + 1
    if _far_from(levels, (floor + 1, _FAINT - 1), (_FAINT, 255)) < _FEWEST:
        return False
    return _far_from(levels, (bright, white - 1 - floor), (0, bright - 1)) >= _FEWEST


def _far_from(levels: np.ndarray, these: tuple[int, int], those: tuple[int, int]) -> int:
    """How many pixels of some levels have none of others around them."""
    around, count = np.ones((_AROUND_PX, _AROUND_PX), np.uint8), 0
    for band in bands(levels.shape, around=_AROUND_PX // 2):
        seen = levels[band.seen]
        near = cv2.dilate(cv2.inRange(seen, *those), around)
        far = cv2.bitwise_and(cv2.inRange(seen, *these), cv2.bitwise_not(near))
        count += cv2.countNonZero(far[band.inner])
    return count


def lobes_of(levels: np.ndarray, floor: int = 0) -> int:
    """The level up to which faint lobes run along what is marked; 0 where there are none.

    Args:
        levels: (H, W) uint8.
        floor: Up to which level it is cut in any case.
    """
    if levels.size > _ENOUGH_PX and not any(_highest_ridge(band, floor) for band in _some(levels)):
        return 0
    outside = _highest_ridge(levels, floor)
    if not outside:
        return 0
    inside = _highest_ridge(cv2.bitwise_not(levels), floor)
    is_swing = max(outside, inside) <= _ALIKE * min(outside, inside)
    return outside if is_swing else 0


def _some(levels: np.ndarray) -> Iterator[np.ndarray]:
    """Bands of a large mask, an eighth of it: lobes run along all edges."""
    for top in range(0, len(levels), 8 * _BAND_ROWS):
        yield levels[top : top + _BAND_ROWS]


def _highest_ridge(levels: np.ndarray, floor: int) -> int:
    """How bright faint pixels are that are as bright as any around them: an edge's end is not so.

    Of what is flat over some pixels, which somebody may have drawn, none counts.
    """
    least = floor + _STEP_OF_A_LOBE
    around = np.ones((_AROUND_PX, _AROUND_PX), np.uint8)
    count = flat = highest = 0
    for band in bands(levels.shape, around=_AROUND_PX // 2 + 1):
        seen = levels[band.seen]
        brightest = cv2.dilate(seen, around)
        ridge = cv2.bitwise_and(
            cv2.inRange(seen, least, _MOST_OF_A_LOBE),
            cv2.compare(seen, brightest, cv2.CMP_EQ),
        )
        within = cv2.erode(ridge, np.ones((3, 3), np.uint8))[band.inner]
        own = ridge[band.inner]
        count += cv2.countNonZero(own)
        flat += cv2.countNonZero(within)
        highest = max(highest, int(seen[band.inner][own > 0].max(initial=0)))
    if count < _FEWEST or flat > _MOST_FLAT * count:
        return 0
    return highest
