"""Annotations of labelme, COCO, YOLO, VIA, VOC and CVAT: areas with names, as label maps."""

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath, PureWindowsPath
from typing import Any, Final

import numpy as np

from segui.errors import InputError, shown
from segui.geometry import Box
from segui.images.limits import ReadLimits, check_megapixels
from segui.images.opening import DEFAULT_LIMITS, open_data
from segui.masks.files import MaskFile
from segui.masks.layers import Layers, Piece
from segui.masks.outlines import circle_piece, counts_of_text, polygon_piece, runs_piece
from segui.masks.panoptic import is_panoptic
from segui.masks.reading import MOST_LABELS
from segui.masks.via import is_via, via_shapes
from segui.masks.xml_annotations import CVAT, VOC, Runs, xml_kind, xml_picture
from segui.masks.yolo import is_yolo, yolo_lines

_MOST_POINTS: Final = 1_000_000  # of a file, run lengths among them
_MOST_CROSSINGS: Final = 10_000_000  # of a file's outlines with rows of pixels
_MOST_TIMES: Final = 16  # as many pixels as the picture has are looked at
_MOST_PLACE: Final = 1_000_000  # px
_MOST_SIDE: Final = 1_000_000
_MOST_NAME: Final = 200
_MOST_NAMED: Final = 5


@dataclass(frozen=True)
class AnnotationRequest:
    """How annotations are to be read.

    Args:
        name: The file's name.
        photo_name: The photo's, by which it is found among several.
        size_hw: The photo's height and width, for those that do not say theirs.
        max_megapixels: The largest picture.
        limits: How pictures that stand in it are decoded.
        is_merged: Whether all areas of one label are one.
        is_joined: Whether all areas are one.
        invert: Whether what is in no area is selected.
        class_names: What YOLO's classes are called, by their numbers from 0.
    """

    name: str
    photo_name: str
    size_hw: tuple[int, int]
    max_megapixels: float
    limits: ReadLimits = DEFAULT_LIMITS
    is_merged: bool = False
    is_joined: bool = False
    invert: bool = False
    class_names: Mapping[int, str] = field(default_factory=dict)


@dataclass
class _Drawing:
    """What is drawn of one file, within its limits."""

    asked: AnnotationRequest
    size_hw: tuple[int, int]
    points: int = 0
    crossings: float = 0.0
    pixels: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    areas: dict[Any, tuple[str, list[Piece]]] = field(default_factory=dict)

    def add(self, key: Any, label: str, piece: Piece | None) -> None:
        """One part of an area; those of one key are one area."""
        if piece is None or not piece.pixels.any():
            self.left_out["empty or outside of the picture"] += 1
            return
        self.count_pixels(piece.pixels.size)
        if key not in self.areas and len(self.areas) == MOST_LABELS:
            raise InputError(f"{self.asked.name} has more than {MOST_LABELS} areas")
        self.areas.setdefault(key, (label, []))[1].append(piece)

    def count_pixels(self, pixels: int) -> None:
        """Some more are to be looked at.

        Raises:
            InputError: They are too many, with those before.
        """
        self.pixels += pixels
        height, width = self.size_hw
        if self.pixels > _MOST_TIMES * height * width:
            raise InputError(
                f"{self.asked.name} has areas of more than {_MOST_TIMES} times the picture"
            )

    def count(self, points: int) -> None:
        self.points += points
        if self.points > _MOST_POINTS:
            raise InputError(
                f"{self.asked.name} has more than {_MOST_POINTS} points and run lengths"
            )

    def polygon(self, points: np.ndarray) -> Piece | None:
        """What an outline has inside.

        Raises:
            InputError: The file's outlines go up and down so often that it would take too long.
        """
        heights = np.clip(points[:, 1], 0, self.size_hw[0])
        self.crossings += float(np.abs(np.diff(heights, append=heights[:1])).sum()) + len(points)
        if self.crossings > _MOST_CROSSINGS:
            raise InputError(
                f"{self.asked.name} has outlines that cross more than {_MOST_CROSSINGS} rows of "
                "pixels: at most as many are drawn"
            )
        return polygon_piece(points, self.size_hw)

    def rectangle(self, one: np.ndarray, other: np.ndarray) -> Piece | None:
        """What lies between two corners."""
        corners = [one, (other[0], one[1]), other, (one[0], other[1])]
        return self.polygon(np.array(corners, np.float64))

    def outline(self, value: Any) -> np.ndarray:
        """Points as pairs, or as one list of x and y in turn; (n, 2) float64.

        Raises:
            InputError: They are none, or too many.
        """
        items: list[Any] = value if isinstance(value, list) else [None]
        if items and not isinstance(items[0], list):
            items = [items[place : place + 2] for place in range(0, len(items), 2)]
        self.count(len(items))
        for item in items:
            if not isinstance(item, list) or len(item) < 2 or not all(map(_is_place, item[:2])):
                raise InputError(f"{self.asked.name} has {shown(item)} where a point should be")
        return np.array([item[:2] for item in items], np.float64).reshape(-1, 2)


def annotation_kind(value: Any) -> str:
    """What parsed JSON, or text, is; empty where it is nothing of this.

    ``labelme``, ``COCO``, ``VIA``, ``YOLO``, ``Pascal VOC`` or ``CVAT``.
    """
    if isinstance(value, str):
        return "YOLO" if is_yolo(value) else xml_kind(value)
    if is_via(value):
        return "VIA"
    if isinstance(value, dict) and isinstance(value.get("shapes"), list):
        return "labelme"
    items = value.get("annotations") if isinstance(value, dict) else value
    if not isinstance(items, list) or is_panoptic(value):
        return ""
    is_coco = isinstance(value, dict) and ("images" in value or "image" in value)
    return "COCO" if is_coco or any(_is_annotation(item) for item in items[:9]) else ""


def read_annotations(value: Any, asked: AnnotationRequest) -> list[MaskFile]:
    """The areas of a file of annotations as label maps, as few as overlaps allow.

    Args:
        value: What ``annotation_kind`` knows.
        asked: How it is to be read.

    Raises:
        InputError: It says what cannot be, or is over a limit.
    """
    kind = annotation_kind(value)
    drawing = _DRAWN[kind](value, asked)
    areas = list(drawing.areas.values())
    notes = _notes(kind, areas, drawing.left_out)
    stem = PurePath(asked.name).stem
    if asked.is_joined or asked.invert:
        return [_joined(drawing, stem, notes)]
    if asked.is_merged:
        areas = [
            (label, [piece for name, pieces in areas if name == label for piece in pieces])
            for label in dict.fromkeys(label for label, _ in areas)
        ]
    layers = Layers(drawing.size_hw, asked.name)
    for label, pieces in areas:
        layers.add(label, pieces)
    maps = [(layer.labels, layer.names) for layer in layers.layers]
    maps = maps or [(np.zeros(drawing.size_hw, np.int32), {})]
    return [
        MaskFile(
            "labels",
            "outlines",
            labels=labels,
            names=names,
            stem=stem,
            notes=notes if place == 0 else (),
            has_own_names=True,
        )
        for place, (labels, names) in enumerate(maps)
    ]


def _joined(drawing: _Drawing, stem: str, notes: tuple[str, ...]) -> MaskFile:
    soft = np.zeros(drawing.size_hw, np.uint8)
    for _, pieces in drawing.areas.values():
        for piece in pieces:
            soft[piece.box.slices][piece.pixels] = 255
    if drawing.asked.invert:
        soft = np.asarray(255 - soft, np.uint8)
        notes = (*notes, 'inverted: what is in no area is the one area "rest"')
    label = "rest" if drawing.asked.invert else stem
    return MaskFile("hard", "outlines", soft=soft, stem=stem, label=label, notes=notes)


def _notes(
    kind: str, areas: list[tuple[str, list[Piece]]], left_out: Counter[str]
) -> tuple[str, ...]:
    counts = Counter(label for label, _ in areas)
    some = ", ".join(f'"{label}" ({count})' for label, count in counts.most_common(_MOST_NAMED))
    more = f" and {len(counts) - _MOST_NAMED} more" if len(counts) > _MOST_NAMED else ""
    plural = "area" if len(areas) == 1 else "areas"
    listed = f": {some}{more}" if areas else ""
    said = [
        f"left out: {count} that {'is' if count == 1 else 'are'} {why}"
        for why, count in left_out.items()
    ]
    return (f"read as annotations of {kind}: {len(areas)} {plural}{listed}", *said)


# ---- labelme ------------------------------------------------------------------------------------


def _of_labelme(value: Mapping[str, Any], asked: AnnotationRequest) -> _Drawing:
    drawing = _Drawing(asked, _size(value.get("imageHeight"), value.get("imageWidth"), asked))
    for place, shape in enumerate(value["shapes"]):
        if not isinstance(shape, dict):
            raise InputError(f"{asked.name} has {shown(shape)} where a shape should be")
        label, kind = _name(shape.get("label")), shape.get("shape_type") or "polygon"
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
            drawing.left_out["no outline, but a point, a line or the like"] += 1
    return drawing


def _piece_of_mask(text: Any, corners: np.ndarray, drawing: _Drawing) -> Piece | None:
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
    drawing.count_pixels(max(0, height) * max(0, width))  # before it is decoded
    most, limits = drawing.asked.max_megapixels, drawing.asked.limits
    image = open_data(data, f"a mask in {name}", max_megapixels=most, limits=limits).image
    if image.size != (width, height):
        raise InputError(
            f"{name} has a mask of {image.width} x {image.height} px where its corners say "
            f"{width} x {height}"
        )
    values = np.asarray(image if len(image.getbands()) == 1 else image.convert("L"))
    whole, own = Box.of_size(drawing.size_hw), Box(x1, y1, x2 + 1, y2 + 1)
    seen = own.intersect(whole)
    if seen.is_empty:
        return None
    inside = values[seen.y1 - y1 : seen.y2 - y1, seen.x1 - x1 : seen.x2 - x1] > 0
    return Piece(seen, np.ascontiguousarray(inside))


def _of_via(value: Any, asked: AnnotationRequest) -> _Drawing:
    return _of_labelme({"shapes": via_shapes(value, asked.photo_name, asked.name)}, asked)


# ---- XML ----------------------------------------------------------------------------------------


def _of_xml(text: str, asked: AnnotationRequest) -> _Drawing:
    picture = xml_picture(text, asked.photo_name, asked.name)
    height, width = picture.size_hw or (None, None)
    said = {"shapes": picture.shapes, "imageHeight": height, "imageWidth": width}
    drawing = _of_labelme(said, asked)
    for place, runs in enumerate(picture.masks):
        drawing.add(("mask", place), _name(runs.label), _piece_of_runs(runs, drawing))
    return drawing


def _piece_of_runs(runs: Runs, drawing: _Drawing) -> Piece | None:
    """A mask in its own box, as far as that lies in the picture."""
    drawing.count(len(runs.counts))
    height, width = runs.size_hw
    drawing.count_pixels(height * width)
    by_columns = runs_piece(runs.counts, (width, height))
    if by_columns is None:
        return None
    (y1, x1, y2, x2), (left, top) = by_columns.box, runs.left_top
    own = Box(left + x1, top + y1, left + x2, top + y2)
    seen = own.intersect(Box.of_size(drawing.size_hw))
    if seen.is_empty:
        return None
    pixels = by_columns.pixels.T[: seen.y2 - own.y1, : seen.x2 - own.x1]
    return Piece(seen, np.ascontiguousarray(pixels))


# ---- YOLO ---------------------------------------------------------------------------------------


def _of_yolo(text: str, asked: AnnotationRequest) -> _Drawing:
    drawing = _Drawing(asked, asked.size_hw)
    height, width = asked.size_hw
    for place, line in enumerate(yolo_lines(text, asked.name)):
        label = _name(asked.class_names.get(line.number, f"class {line.number}"))
        drawing.count(len(line.corners))
        drawing.add(place, label, drawing.polygon(line.corners * (width, height)))
    return drawing


# ---- COCO ---------------------------------------------------------------------------------------


def _of_coco(value: Any, asked: AnnotationRequest) -> _Drawing:
    whole = value if isinstance(value, dict) else {"annotations": value}
    image = _image_of(whole, asked)
    drawing = _Drawing(asked, _size(image.get("height"), image.get("width"), asked))
    for place, item, label in _of_image(whole, image):
        for piece in _pieces(item, drawing):
            drawing.add(place, label, piece)
    return drawing


def _of_image(
    whole: Mapping[str, Any], image: Mapping[str, Any]
) -> Iterator[tuple[int, Mapping[str, Any], str]]:
    """The annotations of one picture, by their places, with their labels."""
    names = {
        category.get("id"): _name(category.get("name"))
        for category in _objects(whole.get("categories"))
        if isinstance(category.get("id"), int | str)
    }
    for place, item in enumerate(_objects(whole["annotations"])):
        if "id" in image and item.get("image_id", image["id"]) != image["id"]:
            continue
        category = item.get("category_id")
        known = names.get(category) if isinstance(category, int | str) else None
        yield place, item, known or _name(item.get("category_name", category))


_DRAWN: Final[Mapping[str, Callable[[Any, AnnotationRequest], _Drawing]]] = {
    "labelme": _of_labelme,
    "VIA": _of_via,
    "YOLO": _of_yolo,
    VOC: _of_xml,
    CVAT: _of_xml,
    "COCO": _of_coco,
}


def coco_image(value: Any, asked: AnnotationRequest) -> Mapping[str, Any]:
    """What COCO's JSON says of the photo; empty where it lists no pictures.

    Args:
        value: A whole file, or a list of annotations.
        asked: Which photo.

    Raises:
        InputError: It is none of several pictures.
    """
    return _image_of(value if isinstance(value, dict) else {"annotations": value}, asked)


def coco_masks(
    value: Any, asked: AnnotationRequest
) -> Iterator[tuple[Mapping[str, Any], str, list[Piece]]]:
    """Each annotation of the photo as it came, its label, and what it marks.

    Args:
        value: A whole file of COCO's JSON, or a list of annotations.
        asked: Which photo; what the file says of its size has to be the photo's own.

    Raises:
        InputError: It says what cannot be, or is over a limit.
    """
    whole = value if isinstance(value, dict) else {"annotations": value}
    drawing = _Drawing(asked, asked.size_hw)
    for _, item, label in _of_image(whole, _image_of(whole, asked)):
        found = _pieces(item, drawing)
        yield item, label, [piece for piece in found if piece is not None]


def _image_of(whole: Mapping[str, Any], asked: AnnotationRequest) -> Mapping[str, Any]:
    """The picture among those of the file: the photo by its name, or the only one.

    Raises:
        InputError: It is none of several.
    """
    images = list(_objects(whole.get("images")))
    if isinstance(whole.get("image"), dict):
        images.append(whole["image"])
    stem = PurePath(asked.photo_name).stem.casefold()
    for image in images:
        own = image.get("file_name")
        if isinstance(own, str) and PureWindowsPath(own).stem.casefold() == stem:
            return image
    if len(images) > 1:
        raise InputError(
            f"{asked.name} has {len(images)} pictures, and none is called {asked.photo_name}"
        )
    return images[0] if images else {}


def _pieces(item: Mapping[str, Any], drawing: _Drawing) -> Iterator[Piece | None]:
    outlines = item.get("segmentation")
    if isinstance(outlines, dict):
        counts = outlines.get("counts")
        if isinstance(counts, str):
            drawing.count(len(counts))
            counts = counts_of_text(counts)
        elif isinstance(counts, list):
            drawing.count(len(counts))
        if not isinstance(counts, list) or not all(_is_count(count) for count in counts):
            raise InputError(f"{drawing.asked.name} has run lengths that are no whole numbers")
        if outlines.get("size", [*drawing.size_hw]) != [*drawing.size_hw]:
            raise InputError(f"{drawing.asked.name} has run lengths of another picture's size")
        yield runs_piece(counts, drawing.size_hw)
    elif isinstance(outlines, list) and outlines:
        several = outlines if isinstance(outlines[0], list) else [outlines]
        for points in map(drawing.outline, several):
            yield drawing.polygon(points) if len(points) > 2 else None
    else:
        corners = drawing.outline(item.get("bbox") or [])
        if len(corners) != 2:
            yield None
            return
        yield drawing.rectangle(corners[0], corners[0] + corners[1])


# ---- values -------------------------------------------------------------------------------------


def _size(height: Any, width: Any, asked: AnnotationRequest) -> tuple[int, int]:
    """The size that a file says of its picture; the photo's where it says none.

    Raises:
        InputError: It is no size, or larger than allowed.
    """
    if height is None or width is None:
        return asked.size_hw
    for side in (height, width):
        if isinstance(side, bool) or not isinstance(side, int) or not 0 < side <= _MOST_SIDE:
            raise InputError(f"{asked.name} says that a side of its picture is {shown(side)}")
    named = f"{asked.name}'s picture"
    check_megapixels((width, height), asked.max_megapixels, named, asked.limits.shrink)
    return height, width


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in (value if isinstance(value, list) else ()) if isinstance(item, dict))


def _is_annotation(item: Any) -> bool:
    """Whether something in a list is one of COCO's, with an outline or with a box alone."""
    if not isinstance(item, dict):
        return False
    is_result = "bbox" in item and ("category_id" in item or "image_id" in item)
    return "segmentation" in item or is_result


def _is_place(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) <= _MOST_PLACE  # NaN is not


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40


def _name(value: Any) -> str:
    """A label that can be shown, short; "object" where there is none."""
    text = str(value) if isinstance(value, str | int) else ""
    clean = "".join(each for each in text.strip() if each.isprintable())
    return clean[:_MOST_NAME] or "object"
