"""A grey mask whose black and white are other levels, on the full range."""

import cv2
import numpy as np


def on_range(levels: np.ndarray, low: int, high: int) -> np.ndarray:
    """A new array in which what is up to ``low`` is 0, what is from ``high`` on 255.

    Args:
        levels: (H, W) uint8.
        low: Below ``high``.
        high: 255 at most.
    """
    table = (np.arange(256) - low) * (255 / (high - low))
    return np.asarray(cv2.LUT(levels, np.rint(np.clip(table, 0, 255)).astype(np.uint8)), np.uint8)
