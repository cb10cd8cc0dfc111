"""The chosen segments as labelme's JSON."""

import base64
import json
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from segui.images.writing import encode_png
from segui.selection import Selection
from segui.takeaway.listed import Listed, listed
from segui.takeaway.rings import marked_of, rings_of

_VERSION: Final = "5.5.0"  # of the program whose form it is


def labelme_json(selection: Selection, file_name: str, *, chosen_alone: bool = True) -> str:
    """Segments as a labelme file of one picture, which lies beside it.

    What has one outline is a polygon along pixels' edges; what has parts or holes is a mask, a
    small picture. Both give the same pixels. A soft mask counts from 0.5 on.

    Args:
        selection: What was chosen.
        file_name: The photo's name.
        chosen_alone: Whether only those are written that were chosen.

    Returns:
        JSON; each shape has ``score`` (the finder's confidence) and ``attributes`` as in COCO.
    """
    height, width = selection.segments.size
    items, _ = listed(selection, chosen_alone=chosen_alone)
    shapes = [shape for item in items if (shape := _shape(item, (height, width))) is not None]
    written: dict[str, Any] = {
        "version": _VERSION,
        "flags": {},
        "shapes": shapes,
        "imagePath": file_name,
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
    }
    return json.dumps(written, indent=1) + "\n"


def _shape(item: Listed, size_hw: tuple[int, int]) -> dict[str, Any] | None:
    """One shape; None where it marks nothing."""
    at_xy, marked = marked_of(item.segment, size_hw)
    rings = rings_of(marked, at_xy)
    if not rings:
        return None
    is_one = len(rings) == 1
    return {
        "label": item.segment.label or "object",
        "points": rings[0].tolist() if is_one else _corners(at_xy, marked),
        "group_id": None,
        "description": item.attributes["reason"],
        "shape_type": "polygon" if is_one else "mask",
        "flags": {},
        "mask": None if is_one else _picture(marked),
        "score": item.segment.confidence,
        "attributes": item.attributes,
    }


def _corners(at_xy: tuple[int, int], marked: NDArray[np.bool_]) -> list[list[int]]:
    """The first and the last pixel of a mask."""
    (x, y), (height, width) = at_xy, marked.shape
    return [[x, y], [x + width - 1, y + height - 1]]


def _picture(marked: NDArray[np.bool_]) -> str:
    pixels = np.where(marked, np.uint8(255), np.uint8(0))
    return base64.b64encode(encode_png(pixels)).decode("ascii")
