"""Whether what a mask selects is its ground: black objects on white, told and never turned."""

import cv2
import numpy as np

from segui.masks.notes import INVERT, Note

_SHARE = 0.5  # of a mask, that a ground has
_BORDER_SHARE = 0.75  # of its border: objects may stand on an edge
_APART = 64  # levels between a ground and what lies on it
_OBJECT_PX = 5  # what is narrower is a line or a crumb


def covering_notes(soft: np.ndarray) -> tuple[Note, ...]:
    """What to say where most of a soft mask is selected, all around darker objects.

    Args:
        soft: (H, W) uint8.
    """
    low, high, _, _ = cv2.minMaxLoc(soft)
    if high - low < _APART:
        return ()
    marked = cv2.threshold(soft, (low + high) / 2, 1, cv2.THRESH_BINARY)[1]
    share = cv2.countNonZero(marked) / marked.size
    sides = marked[0], marked[-1], marked[:, 0], marked[:, -1]
    if share < _SHARE or not all(side.any() for side in sides):
        return ()
    if np.concatenate(sides).mean() < _BORDER_SHARE:
        return ()
    if not cv2.countNonZero(cv2.erode(1 - marked, np.ones((_OBJECT_PX, _OBJECT_PX), np.uint8))):
        return ()
    said = (
        f"what is selected is {int(100 * share)}% of it, up to all four borders: invert if the "
        "rest is meant"
    )
    return (Note(said, INVERT),)
