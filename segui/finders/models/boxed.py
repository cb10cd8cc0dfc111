"""Boxes that a model has found, until something says what of each belongs to the thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segui.finders.base import Area, Pixels
from segui.finders.box import thing_in
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
    for one in sorted(found, key=lambda each: -each.confidence):
        same = (other for other in kept if other.label == one.label)
        if not one.box.is_empty and all(overlap(one.box, other.box) <= most for other in same):
            kept.append(one)
    return kept


def overlap(one: Box, other: Box) -> float:
    """What two boxes both have of all that they have together, 0..1."""
    both = one.intersect(other)
    shared = both.width * both.height
    every = one.width * one.height + other.width * other.height - shared
    return shared / every if every else 0.0


def outlined(found: Sequence[Boxed], picture: Pixels) -> list[Area]:
    """What stands out in each box, by GrabCut; all of a box in which nothing does.

    Args:
        found: The boxes.
        picture: (H, W, 3) uint8.
    """
    areas = []
    for one in found:
        area = thing_in(picture, one.box)
        if area is None:
            areas.append(area_of_box(one.box, one.label, one.confidence))
        else:
            areas.append(Area(area.box, area.levels, one.label, one.confidence, one.box))
    return areas
