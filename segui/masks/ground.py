"""Whether what a mask selects is its ground: black objects on white, told and never turned."""

from collections.abc import Mapping

import cv2
import numpy as np

from segui.masks.notes import INVERT, Note, leave_out

_SHARE = 0.5  # of a mask, that a ground has
_BORDER_SHARE = 0.75  # of its border: objects may stand on an edge
_RIMS_PX = (0, 1, 3, 8)  # of black around a ground: a frame, or what a program cut
_APART = 64  # levels between a ground and what lies on it
_LEAST_SIDE = 8  # px: of less, nothing is around anything
_GROUND_SHARE = 0.5
_GROUND_SHARE_OF_ALL = 0.2  # where nothing else is without a label
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
    if share < _SHARE or not any(_is_around(_within(marked, rim)) for rim in _RIMS_PX):
        return ()
    said = (
        f"what is selected is {int(100 * share)}% of it, up to all four borders: invert if the "
        "rest is meant"
    )
    return (Note(said, INVERT),)


def _within(marked: np.ndarray, rim: int) -> np.ndarray:
    """What lies within a rim of so many px; nothing where that is all."""
    height, width = marked.shape
    return marked[rim : max(rim, height - rim), rim : max(rim, width - rim)]


def _is_around(marked: np.ndarray) -> bool:
    """Whether what is selected lies along all four sides, with something in it that is not."""
    if not marked.size:
        return False
    sides = marked[0], marked[-1], marked[:, 0], marked[:, -1]
    if not all(side.any() for side in sides) or np.concatenate(sides).mean() < _BORDER_SHARE:
        return False
    objects = cv2.erode(1 - marked, np.ones((_OBJECT_PX, _OBJECT_PX), np.uint8))
    return cv2.countNonZero(objects) > 0


def ground_notes(
    labels: np.ndarray, names: Mapping[int, str], rest: str = "what is black"
) -> tuple[Note, ...]:
    """What to say where one label covers most of a map, and all around: it may be the ground.

    Where each pixel has a label, it need not be most of it.

    Args:
        labels: (H, W) int32.
        names: Of each label.
        rest: What has no label is called so.
    """
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    values, counts = np.unique(edge, return_counts=True)
    value = int(values[counts.argmax()])
    if value <= 0 or 2 * int(counts.max()) < edge.size:
        return ()
    share = np.count_nonzero(labels == value) / labels.size
    if share < _GROUND_SHARE_OF_ALL or share == 1:
        return ()
    if share < _GROUND_SHARE and np.count_nonzero(labels) < labels.size:
        return ()
    name = names[value]
    if len(names) == 1:
        said = f"its one label {name} is {share:.0%} of it: invert if {rest} is meant"
        return (Note(said, INVERT),)
    said = f"{share:.0%} of it is the label {name}, which may be the ground: it can be left out"
    return (Note(said, leave_out(name), INVERT),)


def ground_of_numbers(labels: np.ndarray, names: Mapping[int, str]) -> tuple[Note, ...]:
    """The same of labels that are numbers, where the picture is large enough to have a border.

    Args:
        labels: (H, W) int32.
        names: Of each label.
    """
    if min(labels.shape) < _LEAST_SIDE:
        return ()
    return ground_notes(labels, names, "what has no label")
