"""Annotations of Label Studio: JSON and JSON-MIN, places in percent of the picture."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from segui.errors import InputError, shown
from segui.masks.annotations.drawing import AnnotationRequest, Drawing, name_of, size_of
from segui.masks.annotations.labelme import of_labelme
from segui.masks.annotations.packed_runs import brush_piece
from segui.masks.annotations.photo_names import place_of_photo

_LISTS: Final = ("annotations", "completions")
_KINDS: Final = ("rectangle", "polygon", "ellipse", "brush", "bitmask", "vector")
_LABELS: Final = (*(f"{kind}labels" for kind in _KINDS), "labels", "hypertextlabels")
_CORNERS: Final = 180  # of an ellipse
# what an upload is called: eight digits, and the file's own name
_UPLOADED: Final = re.compile(r"^[0-9a-f]{8}-(?=.)")
_NAME: Final = re.compile(r"[^/\\=]*$")
_OTHERS: Final = "of another annotation of the same picture"
_NO_OUTLINE: Final = "no outline, but a point, a line or the like"


class _Result(NamedTuple):
    """One thing that was marked: its number in the file, its label and what was drawn."""

    key: Any
    label: str
    value: Mapping[str, Any]
    size: tuple[Any, Any]  # height and width
    quarters: int = 0  # by which the picture was turned to the right when it was marked


def is_label_studio(value: Any) -> bool:
    """Whether parsed JSON is a task of Label Studio's, or a list of them."""
    return any(map(_is_task, _tasks(value)[:9]))


def of_label_studio(value: Any, asked: AnnotationRequest) -> Drawing:
    """What was marked on the photo in an export of Label Studio.

    Args:
        value: What ``is_label_studio`` knows.
        asked: How it is to be read.

    Raises:
        InputError: It is none of several pictures, says what cannot be, or is over a limit.
    """
    tasks = [one for one in _tasks(value) if _is_task(one)]
    photo = _UPLOADED.sub("", asked.photo_name)
    place = place_of_photo([_picture_of(task) for task in tasks], photo, asked.name)
    found, others = _results(tasks[place or 0])
    results = list(_labelled(found))
    height, width = next((one.size for one in results if None not in one.size), (None, None))
    size_hw = size_of(height, width, asked)
    # one by one: an ellipse is many points, of which the drawing takes so many and no more
    shapes = (_shape(one, size_hw, asked.name) for one in results if "rle" not in one.value)
    drawing = of_labelme({"shapes": shapes, "imageHeight": height, "imageWidth": width}, asked)
    for one in results:
        if "rle" in one.value:
            _add_brush(one, drawing)
    if others:
        drawing.left_out[_OTHERS] += others
    for quarters in sorted({one.quarters for one in results if one.quarters}):
        drawing.notes.append(
            f"outlines were drawn on the picture turned by {90 * quarters} degrees to the right: "
            "turned back"
        )
    return drawing


def _tasks(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_task(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    for name in _LISTS:
        items = value.get(name)
        if isinstance(items, list) and any(
            isinstance(one, dict) and isinstance(one.get("result"), list) for one in items[:9]
        ):
            return True
    return any(True for _ in _min_results(value))


def _min_results(task: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The lists of JSON-MIN that have what was marked, without its wrapping."""
    for items in task.values():
        if isinstance(items, list) and any(
            isinstance(one, dict) and "original_width" in one and {*one} & {*_LABELS}
            for one in items[:9]
        ):
            yield items


def _picture_of(task: Mapping[str, Any]) -> str | None:
    """The picture's own name, of what was uploaded, or of the first address of one."""
    data = task.get("data")
    fields = [task.get("file_upload"), *(data.values() if isinstance(data, dict) else ())]
    fields += [task.get(name) for name in ("image", "img", "picture", "photo", "url")]
    texts = [one for one in fields if isinstance(one, str) and "." in one[-6:]]
    if not texts:
        return None
    found = _NAME.search(unquote(texts[0])[-300:])
    return _UPLOADED.sub("", found.group()) if found else None


def _results(task: Mapping[str, Any]) -> tuple[list[Any], int]:
    """What was marked in the first annotation that holds, and how much in others."""
    lists = [one for name in _LISTS if isinstance(one := task.get(name), list)]
    done = [
        one["result"]
        for items in lists
        for one in items
        if isinstance(one, dict)
        and isinstance(one.get("result"), list)
        and not one.get("was_cancelled")
        and one["result"]
    ]
    if lists:
        return (done[0] if done else []), sum(map(len, done[1:]))
    found = list(_min_results(task))
    return [item for items in found for item in items], 0


def _labelled(results: list[Any]) -> Iterator[_Result]:
    """Each thing once: with labels apart from outlines, both have one number."""
    items = [one for one in results if isinstance(one, dict)]
    labels: dict[Any, str] = {}
    for one in items:
        key = _key(one)
        if key is not None and (label := _label_in(one)):
            labels.setdefault(key, label)
    seen = set()
    for place, one in enumerate(items):
        key = _key(one)
        if key is None or key not in seen:
            value = one.get("value", one)
            if not isinstance(value, dict) or not {*value} & {"x", "points", "rle", "format"}:
                continue  # a choice or a text of the whole picture
            seen.add(key)
            size = (one.get("original_height"), one.get("original_width"))
            label = labels.get(key or "") or _label_in(one)
            # a brush's pixels are those of the picture as it is, however it was seen
            quarters = 0 if "rle" in value else _quarters(one.get("image_rotation"))
            yield _Result(place, label, value, size, quarters)


def _quarters(degrees: Any) -> int:
    return round(degrees / 90) % 4 if _is_number(degrees) else 0


def _key(one: Mapping[str, Any]) -> str | None:
    own = one.get("id")
    return own if isinstance(own, str) else None


def _label_in(one: Mapping[str, Any]) -> str:
    value = one.get("value", one)
    names = (value.get(name) for name in _LABELS) if isinstance(value, dict) else ()
    found = (each[0] for each in names if isinstance(each, list) and each)
    return next((name for name in found if isinstance(name, str)), "")


def _shape(one: _Result, size_hw: tuple[int, int], file: str) -> dict[str, Any]:
    """As labelme has it, in px."""
    value, upright_hw = one.value, size_hw
    size_hw = size_hw[::-1] if one.quarters % 2 else size_hw
    points: list[list[float]] = []
    if isinstance(value.get("points"), list):
        points = [_place(point, size_hw, file) for point in value["points"]]
    elif "radiusX" in value:
        points = _ellipse(_numbers(value, ("x", "y", "radiusX", "radiusY"), file), size_hw)
        points = _turned(points, _middle(value, size_hw, file), _angle(value, file))
    elif "width" in value and "height" in value:
        x, y, width, height = _numbers(value, ("x", "y", "width", "height"), file)
        corners = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
        points = [_place(point, size_hw, file) for point in corners]
        points = _turned(points, points[0], _angle(value, file))
    points = [_turned_back(point, one.quarters, upright_hw) for point in points]
    kind = "polygon" if value.get("closed", True) is not False else "line"
    return {"label": one.label, "points": points, "shape_type": kind if points else "point"}


def _turned_back(point: list[float], quarters: int, size_hw: tuple[int, int]) -> list[float]:
    """A point of a picture that was turned to the right, on the picture of this size as it is.

    >>> _turned_back([180, 30], 1, (200, 300)), _turned_back([30, 280], 3, (200, 300))
    ([30, 20], [20, 30])
    """
    (x, y), (height, width) = point, size_hw
    return [[x, y], [y, height - x], [width - x, height - y], [width - y, x]][quarters]


def _place(point: Any, size_hw: tuple[int, int], file: str) -> list[float]:
    """A point in percent of the picture as px."""
    if not isinstance(point, list) or len(point) < 2 or not all(map(_is_number, point[:2])):
        raise InputError(f"{file} has {shown(point)} where a point should be")
    height, width = size_hw
    return [point[0] * width / 100, point[1] * height / 100]


def _middle(value: Mapping[str, Any], size_hw: tuple[int, int], file: str) -> list[float]:
    return _place([value.get("x"), value.get("y")], size_hw, file)


def _ellipse(said: list[float], size_hw: tuple[int, int]) -> list[list[float]]:
    """Corners of an ellipse, of its middle and its half axes in percent of the picture."""
    (x, y, across, down), (height, width) = said, size_hw
    angles = [2 * math.pi * number / _CORNERS for number in range(_CORNERS)]
    return [
        [
            (x + across * math.cos(angle)) * width / 100,
            (y + down * math.sin(angle)) * height / 100,
        ]
        for angle in angles
    ]


def _turned(points: list[list[float]], around: list[float], degrees: float) -> list[list[float]]:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = around
    return [
        [
            x + (one - x) * cosine - (other - y) * sine,
            y + (one - x) * sine + (other - y) * cosine,
        ]
        for one, other in points
    ]


def _angle(value: Mapping[str, Any], file: str) -> float:
    return _numbers({"rotation": value.get("rotation") or 0}, ("rotation",), file)[0]


def _numbers(value: Mapping[str, Any], names: tuple[str, ...], file: str) -> list[float]:
    numbers = [value.get(name) for name in names]
    for name, one in zip(names, numbers, strict=True):
        if not _is_number(one):
            raise InputError(f"{file} has {shown(one)} as {name}: expected a number")
    return [float(one) for one in numbers if one is not None]


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) <= 1e6  # NaN is not


def _add_brush(one: _Result, drawing: Drawing) -> None:
    packed, file = one.value.get("rle"), drawing.asked.name
    if not isinstance(packed, list) or not all(
        type(byte) is int and 0 <= byte < 256 for byte in packed
    ):
        raise InputError(f"{file} has {shown(packed)} where a brush's bytes should be")
    drawing.count(len(packed))
    drawing.add(("brush", one.key), name_of(one.label), brush_piece(packed, drawing.size_hw))
