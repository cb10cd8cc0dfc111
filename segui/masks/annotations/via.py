"""Annotations of the VGG Image Annotator (VIA): regions of pictures, as a project or exported."""

import csv
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from segui.errors import InputError
from segui.json_reading import read_json
from segui.masks.annotations.photo_names import place_of_photo

_SHAPE: Final = "region_shape_attributes"  # a column of its CSV
_ATTRIBUTES: Final = "region_attributes"
_PROJECT: Final = "_via_img_metadata"
_NAMES: Final = ("label", "name", "class", "type", "category", "object")
_ELLIPSE_CORNERS: Final = 180


def is_via(value: Any) -> bool:
    """Whether parsed JSON is a project of VIA or what it exports."""
    return any(
        isinstance(one, dict) and "filename" in one and isinstance(one.get("regions"), list | dict)
        for one in _pictures(value)[:9]
    )


def via_of_table(text: str) -> dict[str, Any] | None:
    """What VIA exports as CSV, as its JSON has it; None where a text is no such table.

    Args:
        text: The text.

    Raises:
        InputError: It is broken, or a region of it is no JSON.
    """
    lines = text.splitlines()
    header = next(csv.reader(lines[:1]), [])
    if not {"filename", _SHAPE, _ATTRIBUTES} <= {*header}:
        return None
    pictures: dict[str, Any] = {}
    for row in _rows(lines):
        name = row["filename"] or ""
        region = {field: _read(row[field], name) for field in (_SHAPE, _ATTRIBUTES)}
        own = pictures.setdefault(name, {"filename": name, "regions": []})["regions"]
        own.append({"shape_attributes": region[_SHAPE], "region_attributes": region[_ATTRIBUTES]})
    return pictures


def _rows(lines: list[str]) -> Iterator[dict[str, str]]:
    try:
        yield from csv.DictReader(lines)
    except csv.Error as error:
        raise InputError(f"a CSV of VIA's cannot be read: {error}") from error


def _read(cell: str | None, name: str) -> Any:
    return read_json(cell or "{}", f"a region of {name}", max_bytes=len(cell or "{}"))


def via_shapes(value: Any, photo_name: str, file: str) -> Iterator[dict[str, Any]]:
    """The regions of the photo as labelme's shapes, made one by one: an ellipse is many points.

    Args:
        value: What ``is_via`` knows.
        photo_name: The photo's name, by which it is found among several.
        file: What messages call it.

    Raises:
        InputError: It is none of several pictures.
    """
    regions = _of_photo(value, photo_name, file).get("regions")
    items = list(regions.values()) if isinstance(regions, dict) else regions
    return (_shape(one) for one in items or [] if isinstance(one, dict))


def _pictures(value: Any) -> list[Any]:
    inner = value.get(_PROJECT, value) if isinstance(value, dict) else None
    return list(inner.values()) if isinstance(inner, dict) else []


def _of_photo(value: Any, photo_name: str, file: str) -> Mapping[str, Any]:
    pictures = [one for one in _pictures(value) if isinstance(one, dict) and one.get("regions")]
    place = place_of_photo([one.get("filename") for one in pictures], photo_name, file)
    return {"regions": []} if place is None else pictures[place]


def _shape(region: Mapping[str, Any]) -> dict[str, Any]:
    """A region as labelme has it; what has no outline is a point there."""
    said = region.get("shape_attributes")
    form: Mapping[str, Any] = said if isinstance(said, dict) else {}
    points, kind = _points(form)
    return {"label": _label(region.get("region_attributes")), "points": points, "shape_type": kind}


def _points(form: Mapping[str, Any]) -> tuple[list[Any], str]:
    def of(*names: str) -> list[Any]:
        return [form.get(name) for name in names]

    match form.get("name"):
        case "polygon":
            xs, ys = form.get("all_points_x"), form.get("all_points_y")
            if isinstance(xs, list) and isinstance(ys, list) and len(xs) == len(ys):
                return [list(pair) for pair in zip(xs, ys, strict=True)], "polygon"
        case "rect":
            x, y, width, height = of("x", "y", "width", "height")
            if _are_numbers(x, y, width, height):
                return [[x, y], [x + width, y + height]], "rectangle"
        case "circle":
            x, y, radius = of("cx", "cy", "r")
            if _are_numbers(x, y, radius):
                return [[x, y], [x + radius, y]], "circle"
        case "ellipse":
            x, y, across, down = of("cx", "cy", "rx", "ry")
            turned = form.get("theta", 0)
            if _are_numbers(x, y, across, down, turned):
                return list(_ellipse(x, y, across, down, turned)), "polygon"
    return [], "point"


def _ellipse(
    x: float, y: float, across: float, down: float, turned: float
) -> Iterator[list[float]]:
    cosine, sine = math.cos(turned), math.sin(turned)
    for number in range(_ELLIPSE_CORNERS):
        angle = 2 * math.pi * number / _ELLIPSE_CORNERS
        along, aside = across * math.cos(angle), down * math.sin(angle)
        yield [x + along * cosine - aside * sine, y + along * sine + aside * cosine]


def _are_numbers(*values: Any) -> bool:
    return all(
        isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
        for one in values
    )


def _label(said: Any) -> str:
    """What a region is called: by the fields that people use, else by its first text."""
    fields = said if isinstance(said, dict) else {}
    known = {str(key).casefold(): one for key, one in fields.items()}
    ordered = [known.get(name) for name in _NAMES] + list(known.values())
    for one in ordered:
        ticked = (
            [key for key, is_ticked in one.items() if is_ticked] if isinstance(one, dict) else []
        )
        name = ticked[0] if ticked else one
        if isinstance(name, str) and name.strip():
            return name
    return ""
