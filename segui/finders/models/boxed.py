"""Boxes that a model has found, until something says what of each belongs to the thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segui.finders.base import Area, Pixels
from segui.finders.box import looked_at, thing_in
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.outlines import area_of_box
from segui.geometry import Box

MOST_OVERLAP = 0.7  # of two boxes of one label, above which they are of the same thing


@dataclass(frozen=True)
class Boxed:
    """A thing in a box.

    Args:
        box: Inside the picture, xyxy px.
        label: What it is.
        confidence: How sure the model is, 0..1.
    """

    box: Box
    label: str
    confidence: float


def boxes_of(
    centred: NDArray[Any], scale_px_yx: tuple[float, float], size_hw: tuple[int, int]
) -> list[Box]:
    """Boxes of a picture from a model's numbers.

    Args:
        centred: (n, 4): middle x and y, width and height, each a share of what was shown.
        scale_px_yx: How many px of the picture what was shown is high and wide; with a margin
            it is more than the picture.
        size_hw: The picture's height and width.

    Returns:
        n boxes inside the picture, xyxy in whole px; one that lies outside of it is empty.
    """
    down, right = scale_px_yx
    middle, half = centred[:, :2].astype(np.float64), centred[:, 2:].astype(np.float64) / 2
    corners = np.concatenate([middle - half, middle + half], axis=1)
    placed = np.rint(corners * np.array([right, down, right, down])).astype(int)
    return [Box(*row).clip(size_hw) for row in placed.tolist()]


def without_repeats(found: Iterable[Boxed], most: float = MOST_OVERLAP) -> list[Boxed]:
    """Each thing once, the surest of the boxes of one label that are of it; none is empty.

    Args:
        found: What a model has found, in any order.
        most: Of the area that two boxes have together, what both may have.

    Returns:
        The surest first.
    """
    kept: list[Boxed] = []
    by_label: dict[str, NDArray[np.float64]] = {}
    for one in sorted(found, key=lambda each: -each.confidence):
        others = by_label.get(one.label, np.empty((0, 4)))
        if not one.box.is_empty and not (overlaps(one.box, others) > most).any():
            kept.append(one)
            by_label[one.label] = np.concatenate([others, [one.box]])
    return kept


def overlaps(box: Box, corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a box and each of some others both have of all that the two have together.

    Args:
        box: xyxy px; not empty.
        corners: (n, 4), the others' x1, y1, x2, y2.

    Returns:
        (n,), 0..1.
    """
    low, high = np.maximum(corners[:, :2], box[:2]), np.minimum(corners[:, 2:], box[2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    sizes = np.prod(corners[:, 2:] - corners[:, :2], axis=1)
    return np.asarray(shared / (sizes + box.width * box.height - shared), np.float64)


def outlined(found: Sequence[Boxed], picture: Pixels, effort: Effort = UNLIMITED) -> list[Area]:
    """What stands out in each box, by GrabCut; all of a box in which nothing does.

    Args:
        found: The boxes.
        picture: (H, W, 3) uint8.
        effort: In how many boxes, and in how much of the picture, this may be done.

    Raises:
        SumError: There are more.
    """
    size_hw = (picture.shape[0], picture.shape[1])
    effort.check_outlined([looked_at(one.box, size_hw) for one in found])
    areas = []
    for one in found:
        effort.go_on()
        area = thing_in(picture, one.box)
        if area is None:
            areas.append(area_of_box(one.box, one.label, one.confidence))
        else:
            areas.append(Area(area.box, area.levels, one.label, one.confidence, one.box))
    return areas
