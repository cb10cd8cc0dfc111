"""Shapes as labelme has them: outlines, rectangles, circles and small masks, with names."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError, shown
from segui.geometry import Box
from segui.images.opening import open_data
from segui.masks.annotations.drawing import NO_OUTLINE, AnnotationRequest, Drawing, name_of, size_of
from segui.masks.annotations.layers import Sketch
from segui.masks.annotations.outlines import circle_piece


def of_labelme(value: Mapping[str, Any], asked: AnnotationRequest) -> Drawing:
    """What the shapes of a file of labelme draw.

    Args:
        value: The file's JSON.
        asked: How it is to be read.

    Raises:
        InputError: It says what cannot be, or is over a limit.
    """
    drawing = Drawing(asked, size_of(value.get("imageHeight"), value.get("imageWidth"), asked))
    for place, shape in enumerate(value["shapes"]):
        if not isinstance(shape, dict):
            raise InputError(f"{asked.name} has {shown(shape)} where a shape should be")
        label, kind = name_of(shape.get("label")), shape.get("shape_type") or "polygon"
        group = shape.get("group_id")
        key = (label, group) if isinstance(group, int) else place
        points = drawing.outline(shape.get("points"))
        if kind == "circle" and len(points) == 2:
            radius = float(np.hypot(*(points[1] - points[0])))
            drawing.add(key, label, circle_piece(points[0], radius, drawing.size_hw))
        elif kind == "rectangle" and len(points) == 2:
            drawing.add(key, label, drawing.rectangle(points[0], points[1]))
        elif kind == "mask" and len(points) == 2:
            drawing.add(key, label, _piece_of_mask(shape.get("mask"), points, drawing))
        elif kind in ("polygon", "rectangle", "oriented_rectangle") and len(points) > 2:
            drawing.add(key, label, drawing.polygon(points))
        else:
            drawing.leave_out(NO_OUTLINE)
    return drawing


def _piece_of_mask(text: Any, corners: np.ndarray, drawing: Drawing) -> Sketch | None:
    """What a small picture in base64 marks, whose first and last pixels lie at two corners.

    Source: labelme's own ``shape_type`` "mask": what is not 0 is inside, and both corners are.

    Raises:
        InputError: It is no picture, or one of another size than from corner to corner.
    """
    name = drawing.asked.name
    if not isinstance(text, str):
        raise InputError(f"{name} has a mask that is {shown(text)}: expected a picture in base64")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"{name} has a mask whose base64 cannot be read") from error
    (x1, y1), (x2, y2) = np.rint(corners).astype(int).tolist()
    height, width = y2 - y1 + 1, x2 - x1 + 1
    whole, own = Box.of_size(drawing.size_hw), Box(x1, y1, x2 + 1, y2 + 1)
    seen = own.intersect(whole)
    drawing.count_pixels(max(0, height) * max(0, width))  # before it is decoded
    if seen.is_empty:
        _marked(data, own, drawing)  # which says what is wrong with it
        return None
    return Sketch(seen, lambda: _marked(data, own, drawing)[seen.relative_to(own).slices])


def _marked(data: bytes, own: Box, drawing: Drawing) -> NDArray[np.bool_]:
    """What a small picture marks in its own box.

    Raises:
        InputError: It is no picture, or one of another size.
    """
    name = drawing.asked.name
    most, limits = drawing.asked.max_megapixels, drawing.asked.limits
    image = open_data(data, f"a mask in {name}", max_megapixels=most, limits=limits).image
    width, height = own.x2 - own.x1, own.y2 - own.y1  # below 0 where the corners are others
    if image.size != (width, height):
        raise InputError(
            f"{name} has a mask of {image.width} x {image.height} px where its corners say "
            f"{width} x {height}"
        )
    values = np.asarray(image if len(image.getbands()) == 1 else image.convert("L"))
    return np.asarray(values > 0)
