"""Annotations as XML: Pascal VOC's, a file for each picture, and CVAT's, with many pictures."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree

from segui.errors import InputError
from segui.masks.annotations.photo_names import place_of_photo

VOC: Final = "Pascal VOC"
CVAT: Final = "CVAT"
_ROOTS: Final = {"annotation": VOC, "annotations": CVAT}
_HEAD_CHARACTERS: Final = 20_000
_FIRST_TAG: Final = re.compile(r"<([A-Za-z_][\w.-]*)[\s>/]")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_ELLIPSE_CORNERS: Final = 180
_MOST_TAGS: Final = 1_000_000  # 20 MB of LabelImg's have 900,000; each takes some 100 bytes
_MOST_VALUES: Final = 1000  # of one tag
_CHARACTERS_AT_ONCE: Final = 50_000
# of CVAT's shapes, those without an inside; labelme calls them so too
_LINES: Final = {"polyline": "linestrip", "points": "points", "skeleton": "points"}


@dataclass(frozen=True)
class Runs:
    """A mask as CVAT has it: nothing and something in turn, row by row in its box.

    Args:
        label: As the file says it.
        counts: The lengths.
        left_top: Where its box begins, px.
        size_hw: How large its box is.
    """

    label: str
    counts: tuple[int, ...]
    left_top: tuple[int, int]
    size_hw: tuple[int, int]


@dataclass(frozen=True)
class XmlPicture:
    """What a file says of one picture.

    Args:
        size_hw: Its height and width; None where they are not said.
        shapes: Its areas as labelme's shapes, made one by one: an ellipse is many points.
        masks: Its masks.
    """

    size_hw: tuple[int, int] | None
    shapes: Iterable[dict[str, Any]]
    masks: list[Runs] = field(default_factory=list)


def xml_kind(text: object) -> str:
    """``Pascal VOC`` or ``CVAT`` by the outermost element; empty where a text is neither."""
    if not isinstance(text, str) or text.lstrip()[:1] != "<":
        return ""
    first = _FIRST_TAG.search(_COMMENT.sub("", text[:_HEAD_CHARACTERS]))
    return _ROOTS.get(first[1], "") if first else ""


def xml_picture(text: str, photo_name: str, file: str) -> XmlPicture:
    """What a file says of the photo.

    Args:
        text: What ``xml_kind`` knows.
        photo_name: The photo's name, by which it is found among several.
        file: What messages call the file.

    Raises:
        InputError: It is no whole XML, declares entities, has too many tags, or none of several
            pictures.
    """
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise InputError(f"{file} declares entities, which annotations do not need: it is not read")
    _check_tags(text, file)
    try:
        root = _root(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(f"{file} is no XML that can be read: {error}") from error
    return _of_voc(root) if xml_kind(text) == VOC else _of_cvat(root, photo_name, file)


def _check_tags(text: str, file: str) -> None:
    """Refuse what would take long to read, or much memory.

    Raises:
        InputError: There are too many tags, or too many values of one.
    """
    if (tags := text.count("<")) > _MOST_TAGS:
        raise InputError(f"{file} has {tags} tags: at most {_MOST_TAGS} are read")
    values = 0
    for part in _parts(text):
        _, is_begun, rest = part.rpartition("<")  # which no value has in it
        values = rest.count("=") + (0 if is_begun else values)
        if values > _MOST_VALUES:
            raise InputError(f"{file} has a tag of more than {_MOST_VALUES} values: it is not read")


def _root(text: str) -> ElementTree.Element:
    """The outermost element, read by parts: while one is read no other thread can work."""
    reader = ElementTree.XMLParser()  # noqa: S314  without entities nothing can grow
    for part in _parts(text):
        reader.feed(part)
    return reader.close()


def _parts(text: str) -> Iterator[str]:
    places = range(0, len(text), _CHARACTERS_AT_ONCE)
    return (text[place : place + _CHARACTERS_AT_ONCE] for place in places)


def _of_voc(root: ElementTree.Element) -> XmlPicture:
    size_hw = _size_hw(root.findtext("size/height"), root.findtext("size/width"))
    return XmlPicture(size_hw, map(_voc_shape, root.iter("object")))


def _voc_shape(one: ElementTree.Element) -> dict[str, Any]:
    """Its outline where it has one, else its box; what has neither is a point."""
    label = (one.findtext("name") or "").strip()
    corners = [_number(one.findtext(f"bndbox/{name}")) for name in ("xmin", "ymin", "xmax", "ymax")]
    turned = [_number(one.findtext(f"robndbox/{name}")) for name in ("cx", "cy", "w", "h", "angle")]
    points = _voc_outline(one.find("polygon"))
    if len(points) > 2:
        return _shape(label, "polygon", points)
    if None not in turned:
        return _shape(label, "polygon", _box(*(each or 0.0 for each in turned)))
    if None not in corners:
        return _shape(label, "rectangle", [corners[:2], corners[2:]])
    return _shape(label, "point", [])


def _voc_outline(polygon: ElementTree.Element | None) -> list[list[float]]:
    """Points as LabelMe's ``pt`` elements, or as ``x1``, ``y1``, ``x2`` and so on."""
    if polygon is None:
        return []
    pairs = [(pt.findtext("x"), pt.findtext("y")) for pt in polygon.iter("pt")]
    if not pairs:
        texts = {each.tag: each.text for each in polygon}
        numbers = range(1, len(texts) // 2 + 1)
        pairs = [(texts.get(f"x{number}"), texts.get(f"y{number}")) for number in numbers]
    places = [[_number(x), _number(y)] for x, y in pairs]
    return [[x, y] for x, y in places if x is not None and y is not None]


def _of_cvat(root: ElementTree.Element, photo_name: str, file: str) -> XmlPicture:
    image = _image_of(root, photo_name, file)
    labelled = (one for one in image if one.tag != "mask" and one.get("label") is not None)
    return XmlPicture(
        _size_hw(image.get("height"), image.get("width")),
        (_cvat_shape(one, file) for one in labelled),
        [_runs(one, file) for one in image if one.tag == "mask"],
    )


def _image_of(root: ElementTree.Element, photo_name: str, file: str) -> ElementTree.Element:
    images = list(root.iter("image"))
    place = place_of_photo([image.get("name") for image in images], photo_name, file)
    if place is None:
        raise InputError(f"{file} has no pictures: of CVAT's XML that for images is read")
    return images[place]


def _cvat_shape(one: ElementTree.Element, file: str) -> dict[str, Any]:
    label, turn = one.get("label", ""), _number(one.get("rotation")) or 0.0

    def of(*names: str) -> list[float]:
        values = [_number(one.get(name)) for name in names]
        if None in values:
            raise InputError(f"{file} has a {one.tag} without {' or '.join(names)}")
        return [value for value in values if value is not None]

    if one.tag == "box":
        x1, y1, x2, y2 = of("xtl", "ytl", "xbr", "ybr")
        angle = math.radians(turn)
        points = _box((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, angle)
        return _shape(label, "polygon", points)
    if one.tag == "ellipse":
        x, y, rx, ry = of("cx", "cy", "rx", "ry")
        return _shape(label, "polygon", list(_ellipse(x, y, rx, ry, turn)))
    if one.tag in ("polygon", *_LINES):
        return _shape(label, _LINES.get(one.tag, one.tag), _cvat_points(one.get("points"), file))
    return _shape(label, "point", [])


def _cvat_points(text: str | None, file: str) -> list[list[float]]:
    pairs = [pair.split(",") for pair in (text or "").split(";") if pair.strip()]
    places = [[_number(part) for part in pair] for pair in pairs]
    if any(len(place) != 2 or None in place for place in places):
        raise InputError(f"{file} has points that are no pairs of numbers")
    return [[each or 0.0 for each in place] for place in places]


def _runs(one: ElementTree.Element, file: str) -> Runs:
    names = ("left", "top", "width", "height")
    left, top, width, height = (_whole(one.get(name)) for name in names)
    counts = [_whole(part) for part in one.get("rle", "").split(",")]
    if not width or not height or None in (left, top, *counts):
        raise InputError(f"{file} has a mask without rle, left, top, width or height")
    runs = [count or 0 for count in counts]
    runs.append(width * height - sum(runs))  # the last nothing is left away
    return Runs(one.get("label", ""), tuple(runs), (left or 0, top or 0), (height, width))


def _size_hw(height: str | None, width: str | None) -> tuple[int, int] | None:
    """None where it is not said: LabelImg and others write 0 where they do not know it."""
    sides = _whole(height), _whole(width)
    return (sides[0], sides[1]) if sides[0] and sides[1] else None


def _shape(label: str, kind: str, points: list[Any]) -> dict[str, Any]:
    return {"label": label, "points": points, "shape_type": kind}


def _box(x: float, y: float, width: float, height: float, angle: float) -> list[list[float]]:
    cosine, sine = math.cos(angle), math.sin(angle)
    halves = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))
    sides = [(across * width, down * height) for across, down in halves]
    return [[x + a * cosine - d * sine, y + a * sine + d * cosine] for a, d in sides]


def _ellipse(x: float, y: float, rx: float, ry: float, degrees: float) -> Iterator[list[float]]:
    turn = math.radians(degrees)
    cosine, sine = math.cos(turn), math.sin(turn)
    for number in range(_ELLIPSE_CORNERS):
        angle = 2 * math.pi * number / _ELLIPSE_CORNERS
        along, aside = rx * math.cos(angle), ry * math.sin(angle)
        yield [x + along * cosine - aside * sine, y + along * sine + aside * cosine]


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _whole(text: str | None) -> int | None:
    value = _number(text)
    return int(value) if value is not None and value == int(value) and value >= 0 else None
