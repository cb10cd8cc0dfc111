"""Annotations of Supervisely: polygons with holes, rectangles and packed bitmaps."""

import base64
import binascii
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError, shown
from segui.geometry import Box
from segui.images.opening import open_data
from segui.masks.annotations.drawing import (
    NO_OUTLINE,
    AnnotationRequest,
    Drawing,
    name_of,
    size_of,
)
from segui.masks.annotations.layers import Sketch

_MOST_UNPACKED: Final = 64_000_000  # bytes of a picture that was packed once more
_MOST_FOR_A_PIXEL: Final = 5  # of its bytes; a PNG has less, or nearly as many
_MOST_PLACE: Final = 1_000_000
_BITMAPS: Final = ("bitmap", "alpha_mask")


def is_supervisely(value: Any) -> bool:
    """Whether parsed JSON is of Supervisely's kind."""
    if not isinstance(value, dict) or not isinstance(value.get("objects"), list):
        return False
    size = value.get("size")
    return isinstance(size, dict) and "height" in size and "width" in size


def of_supervisely(value: Mapping[str, Any], asked: AnnotationRequest) -> Drawing:
    """What the objects of a file of Supervisely draw.

    Args:
        value: What ``is_supervisely`` knows.
        asked: How it is to be read.

    Raises:
        InputError: It says what cannot be, or is over a limit.
    """
    size = value["size"]
    drawing = Drawing(asked, size_of(size["height"], size["width"], asked))
    for place, one in enumerate(value["objects"]):
        if not isinstance(one, dict):
            raise InputError(f"{asked.name} has {shown(one)} where an object should be")
        for piece in _pieces(one, drawing):
            drawing.add(place, name_of(one.get("classTitle")), piece)
    return drawing


def _pieces(one: Mapping[str, Any], drawing: Drawing) -> Iterator[Sketch | None]:
    kind, points = one.get("geometryType"), one.get("points")
    lines = points if isinstance(points, dict) else {}
    bitmap = one.get("bitmap", one.get("mask"))
    if kind in _BITMAPS or (kind is None and isinstance(bitmap, dict)):
        yield _piece_of_bitmap(bitmap, drawing)
        return
    outline = drawing.outline(lines.get("exterior", []))
    if kind == "rectangle" and len(outline) == 2:
        yield drawing.rectangle(outline[0], outline[1])
    elif kind in ("polygon", None) and len(outline) > 2:
        holes = lines.get("interior") or []
        if not isinstance(holes, list):
            raise InputError(f"{drawing.asked.name} has {shown(holes)} where holes should be")
        yield _with_holes(drawing.polygon(outline), holes, drawing)
    else:
        drawing.leave_out(NO_OUTLINE)


def _with_holes(piece: Sketch | None, holes: list[Any], drawing: Drawing) -> Sketch | None:
    if piece is None or not holes:
        return piece
    cuts = []
    for hole in holes:
        outline = drawing.outline(hole)
        cut = drawing.polygon(outline) if len(outline) > 2 else None
        if cut is not None:
            drawing.count_pixels(math.prod(cut.box.size_hw))
            cuts.append(cut)
    return Sketch(piece.box, partial(_without, piece, cuts))


def _without(piece: Sketch, cuts: Sequence[Sketch]) -> NDArray[np.bool_]:
    inside = piece.pixels
    for cut in cuts:
        both = cut.box.intersect(piece.box)
        if not both.is_empty:
            inside[_within(both, piece.box)] &= ~cut.pixels[_within(both, cut.box)]
    return inside


def _within(part: Box, whole: Box) -> tuple[slice, slice]:
    """Rows and columns of a box inside another one that has it."""
    return (
        slice(part.y1 - whole.y1, part.y2 - whole.y1),
        slice(part.x1 - whole.x1, part.x2 - whole.x1),
    )


def _piece_of_bitmap(bitmap: Any, drawing: Drawing) -> Sketch | None:
    """What a small picture marks: base64 of a packed PNG, and where its upper left corner lies.

    Raises:
        InputError: It is no such picture, or larger than allowed.
    """
    name = drawing.asked.name
    said = bitmap if isinstance(bitmap, dict) else {}
    origin, text = _corner(said.get("origin")), said.get("data")
    if not isinstance(text, str) or origin is None:
        raise InputError(f"{name} has a bitmap without its picture in base64 and its origin")
    most = drawing.asked.max_megapixels
    most_bytes = min(_MOST_UNPACKED, round(_MOST_FOR_A_PIXEL * most * 1e6) + 1000)
    data = _unpacked(_of_base64(text, name), most_bytes, name)
    limits = drawing.asked.limits
    image = open_data(data, f"a bitmap in {name}", max_megapixels=most, limits=limits).image
    drawing.count_pixels(image.width * image.height)
    bands = image.getbands()
    values = np.asarray(image.getchannel("A") if "A" in bands else _one_channel(image))
    (x, y), whole = origin, Box.of_size(drawing.size_hw)
    own = Box(x, y, x + image.width, y + image.height)
    seen = own.intersect(whole)
    if seen.is_empty:
        return None
    marked = values[_within(seen, own)] > 0
    return Sketch(seen, lambda: marked)


def _one_channel(image: Any) -> Any:
    return image if len(image.getbands()) == 1 else image.convert("L")


def _corner(value: Any) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    if not all(type(one) is int and abs(one) <= _MOST_PLACE for one in value):
        return None
    return value[0], value[1]


def _of_base64(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"{name} has a bitmap whose base64 cannot be read") from error


def _unpacked(data: bytes, most_bytes: int, name: str) -> bytes:
    """What was packed, if it is no more than that."""
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(data, most_bytes)
    except zlib.error as error:
        raise InputError(f"{name} has a bitmap that cannot be unpacked") from error
    if unpacker.unconsumed_tail:
        raise InputError(
            f"{name} has a bitmap of more than {most_bytes} bytes: at most as many are unpacked"
        )
    return unpacked
