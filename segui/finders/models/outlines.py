"""What a model says of a small copy, as an area of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from segui.finders.base import Area, Pixels
from segui.finders.models.effort import UNLIMITED, Effort
from segui.geometry import Box
from segui.segments.enlarging import Floats, reach_of
from segui.segments.following import Layer, followed
from segui.segments.signs import levels_above_0

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
    """The parts of a picture where a model's numbers are above 0.

    They are enlarged alone, each inside the box that it fills. Their outlines then follow the
    picture's own, no further than a cell and a half.

    Args:
        roughs: What the model said; its numbers begin at the picture's upper left corner and may
            go on beyond it.
        picture: (H, W, 3) uint8.
        effort: How much may be cut out.

    Returns:
        Each area, 0 or 255 away from its edge; None for one that is nowhere.

    Raises:
        SumError: They are too large together; then none is cut out.
    """
    size_hw = (picture.shape[0], picture.shape[1])
    reaches = [reach_of(one.logits > 0, one.per_px_yx, size_hw) for one in roughs]
    effort.check_areas([box for box in reaches if not box.is_empty])
    alike: dict[float, list[Layer]] = {}
    areas: list[Area | None] = []
    for one, box in zip(roughs, reaches, strict=True):
        effort.go_on()
        layer = _layer(one, box, size_hw)
        if layer is None:
            areas.append(None)
        else:
            alike.setdefault(_reach_px(one), []).append(layer)
            areas.append(Area(layer.box, layer.levels, one.label, one.confidence))
    for reach_px, layers in alike.items():
        if reach_px:
            _follow(layers, picture, reach_px, effort)
    return areas


def areas_of(roughs: Sequence[Rough], picture: Pixels, effort: Effort = UNLIMITED) -> list[Area]:
    """The same without those that are nowhere."""
    return [area for area in each_area(roughs, picture, effort) if area is not None]


def _reach_px(rough: Rough) -> float:
    """How far an outline may lie beside the picture's; 0 where it is fine enough as it is."""
    cell_px = 1 / min(rough.per_px_yx)
    return 0.0 if cell_px <= _COARSE_PX else _REACH * cell_px


def _layer(rough: Rough, box: Box, size_hw: tuple[int, int]) -> Layer | None:
    """Where a model's numbers are above 0, and what is around; None where they are nowhere."""
    if box.is_empty:
        return None
    around = box.widen(round(_reach_px(rough))).clip(size_hw)
    levels = levels_above_0(rough.logits, rough.per_px_yx, around)
    return Layer(around, levels) if levels.any() else None


def _follow(layers: Sequence[Layer], picture: Pixels, reach_px: float, effort: Effort) -> None:
    """Have the outlines of layers that nobody else has follow the picture's own."""
    for patch in followed(layers, picture, reach_px, effort.go_on):
        layers[patch.number].levels[patch.box.slices] = patch.levels


def area_of_box(box: Box, label: str, confidence: float) -> Area:
    """All of a box, where nothing says more.

    Args:
        box: Inside the picture, xyxy px.
        label: What it is.
        confidence: How sure the model is, 0..1.
    """
    return Area(box, np.full(box.size_hw, 255, np.uint8), label, confidence, box)
