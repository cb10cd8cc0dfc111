"""What a model says of a small copy, as an area of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from segui.finders.base import Area, Pixels
from segui.finders.models.effort import UNLIMITED, Effort
from segui.geometry import Box
from segui.segments.edges import follow_edges
from segui.segments.enlarging import Floats, bands_of, enlarged, reach_of

_REACH: Final = 1.5  # cells that an outline may lie beside the picture's
_COARSE_PX: Final = 1.5  # a cell's side, from which on an outline is looked for in the picture


@dataclass(frozen=True, eq=False)
class Rough:
    """An area as a model says it, before it is cut out of the picture.

    Args:
        logits: (h, w) float32; it is where they are above 0.
        per_px_yx: How many of them there are in one px, downwards and to the right.
        label: What it is.
        confidence: How sure the model is, 0..1.
    """

    logits: Floats
    per_px_yx: tuple[float, float]
    label: str
    confidence: float = 1.0


def each_area(
    roughs: Sequence[Rough], picture: Pixels, effort: Effort = UNLIMITED
) -> list[Area | None]:
    """Areas as ``area_of_logits`` cuts each out; None for one that is nowhere.

    Args:
        roughs: What the model said.
        picture: (H, W, 3) uint8.
        effort: How much may be cut out.

    Raises:
        SumError: They are too large together; then none is cut out.
    """
    size_hw = (picture.shape[0], picture.shape[1])
    reaches = [reach_of(one.logits > 0, one.per_px_yx, size_hw) for one in roughs]
    effort.check_areas([box for box in reaches if not box.is_empty])
    areas = []
    for one in roughs:
        effort.go_on()
        areas.append(area_of_logits(one.logits, one.per_px_yx, picture, one.label, one.confidence))
    return areas


def areas_of(roughs: Sequence[Rough], picture: Pixels, effort: Effort = UNLIMITED) -> list[Area]:
    """The same without those that are nowhere."""
    return [area for area in each_area(roughs, picture, effort) if area is not None]


def area_of_logits(
    logits: Floats,
    per_px_yx: tuple[float, float],
    picture: Pixels,
    label: str,
    confidence: float = 1.0,
) -> Area | None:
    """The part of a picture where a model's numbers are above 0.

    They are enlarged inside the box that they fill alone. The outline then follows the picture's
    own, no further than a cell and a half.

    Args:
        logits: (h, w) float32.
        per_px_yx: How many of them there are in one px, downwards and to the right; they begin
            at the picture's upper left corner and may go on beyond it.
        picture: (H, W, 3) uint8.
        label: What it is.
        confidence: How sure the model is, 0..1.

    Returns:
        The area, 0 or 255 away from its edge; None where nothing is above 0.
    """
    box = reach_of(logits > 0, per_px_yx, (picture.shape[0], picture.shape[1]))
    if box.is_empty:
        return None
    levels = np.empty(box.size_hw, np.uint8)
    for band in bands_of(box):
        is_it = enlarged(logits, per_px_yx, band) > 0
        levels[band.relative_to(box).slices] = np.where(is_it, np.uint8(255), np.uint8(0))
    if not levels.any():
        return None
    cell_px = 1 / min(per_px_yx)
    if cell_px <= _COARSE_PX:
        return Area(box, levels, label, confidence)
    # what is beyond the box is needed, to tell what is in it from that
    around = box.widen(round(2 * _REACH * cell_px)).clip((picture.shape[0], picture.shape[1]))
    whole = np.zeros(around.size_hw, np.uint8)
    whole[box.relative_to(around).slices] = levels
    outlined = follow_edges(whole, picture[around.slices], _REACH * cell_px)
    return Area(around, outlined, label, confidence)


def area_of_box(box: Box, label: str, confidence: float) -> Area:
    """All of a box, where nothing says more.

    Args:
        box: Inside the picture, xyxy px.
        label: What it is.
        confidence: How sure the model is, 0..1.
    """
    return Area(box, np.full(box.size_hw, 255, np.uint8), label, confidence, box)
