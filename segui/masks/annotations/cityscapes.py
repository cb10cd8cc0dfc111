"""Polygons of Cityscapes and of what is labelled like it: later ones lie on those before."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from segui.errors import InputError, shown
from segui.masks.annotations.drawing import AnnotationRequest, Drawing
from segui.masks.annotations.labelme import of_labelme
from segui.masks.annotations.layers import Sketch


def is_cityscapes(value: Any) -> bool:
    """Whether parsed JSON is of Cityscapes' kind."""
    objects = value.get("objects") if isinstance(value, dict) else None
    return isinstance(objects, list) and "imgHeight" in value and "imgWidth" in value


def of_cityscapes(value: Mapping[str, Any], asked: AnnotationRequest) -> Drawing:
    """What the objects of a file of Cityscapes draw, each as far as no later one covers it.

    Args:
        value: What ``is_cityscapes`` knows.
        asked: How it is to be read.

    Raises:
        InputError: It says what cannot be, or is over a limit.
    """
    objects = value["objects"]
    for one in objects:
        if not isinstance(one, dict):
            raise InputError(f"{asked.name} has {shown(one)} where an object should be")
    shapes = [
        {"label": one.get("label"), "points": one.get("polygon")}
        for one in objects
        if not one.get("deleted")
    ]
    sizes = {"imageHeight": value["imgHeight"], "imageWidth": value["imgWidth"]}
    drawing = of_labelme({"shapes": shapes, **sizes}, asked)
    return replace(drawing, areas=_uncovered(drawing))


def _uncovered(drawing: Drawing) -> dict[Any, tuple[str, list[Sketch]]]:
    """The areas without what later ones cover; what is covered whole is left out."""
    taken = np.zeros(drawing.size_hw, np.bool_)
    seen: dict[Any, tuple[str, list[Sketch]]] = {}
    for key, (label, sketches) in reversed(drawing.areas.items()):
        pieces = drawing.drawn(sketches)
        left = [each.pixels & ~taken[each.box.slices] for each in pieces]
        for each in pieces:
            taken[each.box.slices] |= each.pixels
        kept = [
            Sketch(each.box, partial(np.asarray, pixels))
            for each, pixels in zip(pieces, left, strict=True)
            if pixels.any()
        ]
        if kept:
            seen[key] = label, kept
        elif pieces:
            drawing.leave_out("covered by others")
    return dict(reversed(seen.items()))
