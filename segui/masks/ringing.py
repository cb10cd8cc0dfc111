"""Whether a mask rings as JPEG leaves it, though its file is of a kind that loses nothing."""

from typing import Final

import cv2
import numpy as np

_FAINT: Final = 32  # levels
_BRIGHT: Final = 224
_AROUND_PX: Final = 5
_FEWEST: Final = 16  # pixels on either side


def rings(levels: np.ndarray, floor: int = 0) -> bool:
    """Whether faint pixels stand off from all that is marked, and marked ones are faded inside.

    Of a hard edge that an antialiased drawing or a filter left, neither is so.

    Args:
        levels: (H, W) uint8.
        floor: Up to which level noise changes black, and so white.
    """
    around = np.ones((_AROUND_PX, _AROUND_PX), np.uint8)
    faint = cv2.inRange(levels, floor + 1, _FAINT - 1)
    near_marked = cv2.dilate(cv2.inRange(levels, _FAINT, 255), around)
    if cv2.countNonZero(cv2.bitwise_and(faint, cv2.bitwise_not(near_marked))) < _FEWEST:
        return False
    faded = cv2.inRange(levels, _BRIGHT, 254 - floor)
    near_edge = cv2.dilate(cv2.inRange(levels, 0, _BRIGHT - 1), around)
    return cv2.countNonZero(cv2.bitwise_and(faded, cv2.bitwise_not(near_edge))) >= _FEWEST
