"""Whether grey values are the fading edge of one mask, and no numbers: a brush of little opacity.

Painted at 4 %, a soft brush leaves each value from 1 to 10, as ten numbered objects would. But an
edge goes through them one by one, or lies between a lower value and a higher one on both sides.
"""

from typing import Final

import cv2
import numpy as np

from segui.masks.pixels.strips import bands

_FEWEST: Final = 4  # values: of less, nesting says nothing
_SHARE: Final = 0.9  # of the pixels of lower values that have another beside them
_FEWEST_PX: Final = 64
_AROUND: Final = np.ones((3, 3), np.uint8)
_BESIDE: Final = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


def is_fading_edge(values: np.ndarray, present: np.ndarray) -> bool:
    """Whether the values are one mask of little opacity with its edge.

    Args:
        values: (H, W) uint8.
        present: (k,) rising, the values above 0.
    """
    if present.size < _FEWEST or present.size > 254 or not (values == 0).any():
        return False
    ranks = np.zeros(256, np.uint8)
    ranks[present] = np.arange(1, present.size + 1)
    ranked = cv2.LUT(values, ranks)
    count = fading = 0
    for band in bands(ranked.shape, around=1):
        seen = ranked[band.seen]
        higher, lower = cv2.dilate(seen, _AROUND), cv2.erode(seen, _AROUND)
        looked_at = (seen > 0) & (seen < present.size) & (higher > lower)
        is_between = (higher > seen) & (lower < seen)
        most = cv2.max(
            cv2.subtract(cv2.dilate(seen, _BESIDE), seen),
            cv2.subtract(seen, cv2.erode(seen, _BESIDE)),
        )
        fades = looked_at & (is_between | (most <= 1))
        count += int(np.count_nonzero(looked_at[band.inner]))
        fading += int(np.count_nonzero(fades[band.inner]))
    return count >= _FEWEST_PX and fading >= _SHARE * count
