"""Annotations that are too many or too large are refused before anything of them is drawn."""

import weakref
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from segui.errors import InputError
from segui.masks.annotations import drawing
from segui.masks.annotations.drawing import AnnotationRequest
from segui.masks.annotations.kinds import read_annotations
from segui.masks.annotations.layers import Sketch
from tests.masks.test_annotations import coco, counts_of, item, labelme, of_pixels, shape
from tests.masks.test_xml_annotations import BOX, OBJECT, cvat, voc

HEIGHT, WIDTH = SIZE_HW = (60, 90)
AREAS = 17  # each as large as the picture, of which sixteen are drawn
WHOLE = np.ones(SIZE_HW, np.bool_)
CORNERS = [[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]]
FLAT = [side for corner in CORNERS for side in corner]
RUNS = {"counts": counts_of(WHOLE), "size": [*SIZE_HW]}
SAID = {"imageHeight": HEIGHT, "imageWidth": WIDTH}
SIZE = {"height": HEIGHT, "width": WIDTH}
MASK = shape("fur", [[0, 0], [WIDTH - 1, HEIGHT - 1]], "mask", mask=of_pixels(WHOLE))
CVAT_MASK = (
    f'<mask label="fur" left="0" top="0" width="{WIDTH}" height="{HEIGHT}" '
    f'rle="0, {HEIGHT * WIDTH}"/>'
)
CITYSCAPES = {"label": "fur", "polygon": CORNERS}
POLYGON = {"geometryType": "polygon", "classTitle": "fur", "points": {"exterior": CORNERS}}


ASKED = AnnotationRequest("a.txt", "photo.jpg", SIZE_HW, 1.0)


def coco_of(items: Iterable[dict]) -> dict:
    return {**coco(*items), "images": [{"id": 7, "file_name": "photo.jpg", **SIZE}]}


@pytest.mark.parametrize("is_merged", [False, True])
@pytest.mark.parametrize(
    "value",
    [
        labelme(*[shape("fur", CORNERS)] * AREAS, **SAID),
        labelme(*[shape("fur", [CORNERS[0], CORNERS[2]], "rectangle")] * AREAS, **SAID),
        labelme(*[shape("fur", [[45, 30], [0, 30]], "circle")] * (2 * AREAS), **SAID),
        labelme(*[MASK] * AREAS, **SAID),
        coco_of([item([FLAT])] * AREAS),
        coco_of([item(RUNS)] * AREAS),
        "0 0.5 0.5 1 1\n" * AREAS,
        voc(OBJECT.format("fur", BOX.format(0, 0, WIDTH, HEIGHT)) * AREAS),
        cvat(CVAT_MASK * AREAS),
        {"size": SIZE, "objects": [POLYGON] * AREAS},
        {"imgHeight": HEIGHT, "imgWidth": WIDTH, "objects": [CITYSCAPES] * AREAS},
    ],
    ids=["outlines", "rectangles", "circles", "masks", "COCO's outlines", "run lengths", "YOLO",
         "Pascal VOC", "CVAT's masks", "Supervisely", "Cityscapes"],
)  # fmt: skip
def test_what_is_too_large_together_is_not_drawn(monkeypatch, value, is_merged):
    drawn = []
    monkeypatch.setattr(Sketch, "drawn", drawn.append)
    monkeypatch.setattr(Sketch, "pixels", property(drawn.append))
    with pytest.raises(InputError, match=r"^a\.txt has areas of more than 16 times the picture$"):
        read_annotations(value, replace(ASKED, is_merged=is_merged))
    assert drawn == []


@pytest.mark.parametrize(
    "value",
    [
        labelme(*[shape("fur", [])] * AREAS, **SAID),
        labelme(*[shape("fur", [[500, 500], [600, 500], [600, 600]])] * AREAS, **SAID),
        coco_of([{"image_id": 7, "category_id": 1, "bbox": []}] * AREAS),
        voc("<object/>" * AREAS),
        cvat('<points label="fur" points="1,1"/>' * AREAS),
        {"size": SIZE, "objects": [{"geometryType": "point"}] * AREAS},
    ],
    ids=["no points", "outside", "COCO", "Pascal VOC", "CVAT", "Supervisely"],
)
def test_many_parts_that_are_no_areas_are_refused(monkeypatch, value):
    monkeypatch.setattr(drawing, "_MOST_LEFT_OUT", AREAS)
    read_annotations(value, ASKED)
    monkeypatch.setattr(drawing, "_MOST_LEFT_OUT", AREAS - 1)
    with pytest.raises(InputError, match=r"^a\.txt has more than 16 parts that are no areas"):
        read_annotations(value, ASKED)


def test_areas_are_drawn_one_after_the_other(monkeypatch):
    """A picture of 50 megapixels has sixteen areas of 50 MB each."""
    plain, alive = Sketch.drawn, []

    def drawn(self: Sketch) -> Any:
        assert sum(one() is not None for one in alive) <= 1
        piece = plain(self)
        alive.append(weakref.ref(piece))
        return piece

    monkeypatch.setattr(Sketch, "drawn", drawn)
    value = labelme(*[shape("fur", [[x, 0], [x + 9, 0], [x, 9]]) for x in range(0, 80, 10)], **SAID)
    (read,) = read_annotations(value, ASKED)
    assert len(read.names) == len(alive) == 8
