"""Annotations of every kind that is read: areas with names, as label maps."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, Final

import numpy as np

from segui.geometry import Box
from segui.masks.annotations.cityscapes import is_cityscapes, of_cityscapes
from segui.masks.annotations.coco import is_annotation, of_coco
from segui.masks.annotations.drawing import AnnotationRequest, Drawing, name_of
from segui.masks.annotations.label_studio import is_label_studio, of_label_studio
from segui.masks.annotations.labelme import of_labelme
from segui.masks.annotations.layers import Layers, Sketch
from segui.masks.annotations.outlines import runs_piece
from segui.masks.annotations.panoptic import is_panoptic
from segui.masks.annotations.supervisely import is_supervisely, of_supervisely
from segui.masks.annotations.via import is_via, via_shapes
from segui.masks.annotations.xml_annotations import CVAT, VOC, Runs, xml_kind, xml_picture
from segui.masks.annotations.yolo import is_yolo, yolo_lines
from segui.masks.files import MaskFile

_MOST_NAMED: Final = 5
_Area = tuple[str, list[Sketch]]  # its label and its parts


def annotation_kind(value: Any) -> str:
    """What parsed JSON, or text, is; empty where it is nothing of this.

    ``labelme``, ``COCO``, ``VIA``, ``YOLO``, ``Pascal VOC``, ``CVAT``, ``Cityscapes``,
    ``Supervisely`` or ``Label Studio``.
    """
    if isinstance(value, str):
        return "YOLO" if is_yolo(value) else xml_kind(value)
    if is_via(value):
        return "VIA"
    if isinstance(value, dict) and isinstance(value.get("shapes"), list):
        return "labelme"
    others = (kind for kind, is_kind in _KNOWN_BY if is_kind(value))
    if kind := next(others, ""):
        return kind
    items = value.get("annotations") if isinstance(value, dict) else value
    if not isinstance(items, list) or is_panoptic(value):
        return ""
    is_coco = isinstance(value, dict) and ("images" in value or "image" in value)
    return "COCO" if is_coco or any(is_annotation(item) for item in items[:9]) else ""


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
    if asked.is_joined or asked.invert:
        return [_joined(drawing, kind)]
    layers, labels = Layers(drawing.size_hw, asked.name), []
    for areas in _groups(list(drawing.areas.values()), is_merged=asked.is_merged):
        pieces = []
        for label, sketches in areas:
            if marked := drawing.drawn(sketches):
                labels.append(label)
                pieces += marked
        if pieces:
            layers.add(areas[0][0], pieces)
    maps = [(layer.labels, layer.names) for layer in layers.layers]
    maps = maps or [(np.zeros(drawing.size_hw, np.int32), {})]
    notes = _notes(kind, labels, drawing)
    return [
        MaskFile(
            "labels",
            "outlines",
            labels=labels_of_map,
            names=names,
            stem=PurePath(asked.name).stem,
            notes=notes if place == 0 else (),
            has_own_names=True,
        )
        for place, (labels_of_map, names) in enumerate(maps)
    ]


def _groups(areas: list[_Area], *, is_merged: bool) -> list[list[_Area]]:
    """The areas that are one: each alone, or all of one label."""
    if not is_merged:
        return [[area] for area in areas]
    groups: dict[str, list[_Area]] = {}
    for area in areas:
        groups.setdefault(area[0], []).append(area)
    return list(groups.values())


def _joined(drawing: Drawing, kind: str) -> MaskFile:
    """All areas as one mask, or what is in none."""
    soft, labels = np.zeros(drawing.size_hw, np.uint8), []
    for label, sketches in drawing.areas.values():
        pieces = drawing.drawn(sketches)
        labels += [label] if pieces else []
        for piece in pieces:
            soft[piece.box.slices][piece.pixels] = 255
    stem, notes = PurePath(drawing.asked.name).stem, _notes(kind, labels, drawing)
    if drawing.asked.invert:
        soft = np.asarray(255 - soft, np.uint8)
        notes = (*notes, 'inverted: what is in no area is the one area "rest"')
    label = "rest" if drawing.asked.invert else stem
    return MaskFile("hard", "outlines", soft=soft, stem=stem, label=label, notes=notes)


def _notes(kind: str, labels: list[str], drawing: Drawing) -> tuple[str, ...]:
    counts = Counter(labels)
    some = ", ".join(f'"{label}" ({count})' for label, count in counts.most_common(_MOST_NAMED))
    more = f" and {len(counts) - _MOST_NAMED} more" if len(counts) > _MOST_NAMED else ""
    plural = "area" if len(labels) == 1 else "areas"
    listed = f": {some}{more}" if labels else ""
    said = [
        f"left out: {count} that {'is' if count == 1 else 'are'} {why}"
        for why, count in drawing.left_out.items()
    ]
    found = f"read as annotations of {kind}: {len(labels)} {plural}{listed}"
    return (found, *said, *drawing.notes)


def _of_via(value: Any, asked: AnnotationRequest) -> Drawing:
    return of_labelme({"shapes": via_shapes(value, asked.photo_name, asked.name)}, asked)


def _of_xml(text: str, asked: AnnotationRequest) -> Drawing:
    picture = xml_picture(text, asked.photo_name, asked.name)
    height, width = picture.size_hw or (None, None)
    said = {"shapes": picture.shapes, "imageHeight": height, "imageWidth": width}
    drawing = of_labelme(said, asked)
    for place, runs in enumerate(picture.masks):
        drawing.add(("mask", place), name_of(runs.label), _piece_of_runs(runs, drawing))
    return drawing


def _piece_of_runs(runs: Runs, drawing: Drawing) -> Sketch | None:
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
    inside = seen.relative_to(own).slices
    return Sketch(seen, lambda: np.ascontiguousarray(by_columns.pixels.T[inside]))


def _of_yolo(text: str, asked: AnnotationRequest) -> Drawing:
    drawing = Drawing(asked, asked.size_hw)
    height, width = asked.size_hw
    for place, line in enumerate(yolo_lines(text, asked.name)):
        label = name_of(asked.class_names.get(line.number, f"class {line.number}"))
        drawing.count(len(line.corners))
        drawing.add(place, label, drawing.polygon(line.corners * (width, height)))
    return drawing


_KNOWN_BY: Final[tuple[tuple[str, Callable[[Any], bool]], ...]] = (
    ("Cityscapes", is_cityscapes),
    ("Supervisely", is_supervisely),
    ("Label Studio", is_label_studio),
)
_DRAWN: Final[Mapping[str, Callable[[Any, AnnotationRequest], Drawing]]] = {
    "labelme": of_labelme,
    "VIA": _of_via,
    "YOLO": _of_yolo,
    VOC: _of_xml,
    CVAT: _of_xml,
    "COCO": of_coco,
    "Cityscapes": of_cityscapes,
    "Supervisely": of_supervisely,
    "Label Studio": of_label_studio,
}
