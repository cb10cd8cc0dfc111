"""YOLO's text, labelme's and the panoptic files are read back, to the pixel."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from segui.masks.annotations.drawing import AnnotationRequest
from segui.masks.annotations.kinds import read_annotations
from segui.masks.annotations.outlines import polygon_piece
from segui.segments.segment import Segments
from segui.takeaway.labelme import labelme_json
from segui.takeaway.panoptic import panoptic_zip
from segui.takeaway.rings import joined_ring, polygons_of, rings_of
from segui.takeaway.yolo import yolo_text, yolo_zip
from tests.drawn import mask, segment
from tests.takeaway.chosen import BOXES, SIZE_HW, scene_of, selection_of

SHAPES = [
    ("....", ".##.", "...."),
    ("####", "####"),
    ("#...", "....", "...#"),
    ("#####", "#...#", "#.#.#", "#...#", "#####"),
    (".#.#", "#.#.", ".#.#"),
    ("##..", "##..", "..##", "..##"),
]


def filled(polygons, size_hw):
    """What lies inside of an odd number of polygons, by the project's own reader of outlines."""
    inside = np.zeros(size_hw, bool)
    for polygon in polygons:
        piece = polygon_piece(np.array(polygon, float).reshape(-1, 2), size_hw)
        if piece is not None:
            inside[piece.box.slices] ^= piece.pixels
    return inside


def noise(seed):
    return np.random.default_rng(seed).integers(0, 2, (23, 31)) > 0


MARKED = [*(mask(*rows).numpy() > 0 for rows in SHAPES), *map(noise, range(5))]


@pytest.mark.parametrize("marked", MARKED)
def test_outlines_have_inside_what_is_marked(marked):
    rings = rings_of(marked)
    assert (filled(rings, marked.shape) == marked).all()
    for ring in rings:
        steps = np.diff(ring, axis=0, append=ring[:1])
        assert (steps != 0).any(axis=1).all()
        assert ((steps == 0).sum(axis=1) == 1).all(), "edges go across or down"
        assert len(ring) >= 4


@pytest.mark.parametrize("marked", MARKED)
def test_all_outlines_as_one_have_the_same_inside(marked):
    ring = joined_ring(rings_of(marked))
    steps = np.diff(ring, axis=0, append=ring[:1])
    assert (steps == 0).any(axis=1).all(), "edges go across or down, where nothing is rounded"
    assert (filled([ring], marked.shape) == marked).all()


def test_nothing_has_no_outline_and_where_a_mask_lies_is_added():
    assert rings_of(np.zeros((3, 4), bool)) == []
    (ring,) = rings_of(np.ones((1, 1), bool), (7, 9))
    assert ring.tolist() == [[7, 9], [8, 9], [8, 10], [7, 10]]


def test_polygons_are_x_and_y_by_turns_in_the_picture():
    item = segment((2, 1, 6, 3), mask("-+*#", "#*+-"))
    assert polygons_of(item, SIZE_HW) == [[3, 1, 6, 1, 6, 2, 5, 2, 5, 3, 2, 3, 2, 2, 3, 2]]


def areas():
    """Two labels, three areas: one with a hole, one of two parts that are soft, and a plain one."""
    ring = mask("####", "#..#", "####")
    parts = mask("#..#", "*..+")
    items = (
        segment((3, 2, 7, 5), ring, label="car"),
        segment((20, 10, 24, 12), parts, label="a bus"),
        segment((30, 20, 33, 22), label="car", confidence=0.25),
    )
    scene = scene_of()
    return Segments(SIZE_HW, items), scene


def chosen():
    segments, scene = areas()
    scene = replace(scene, segments=segments)
    return selection_of(scene, {"red": 1.0}, {"red": float("nan")}, {"red": 0.5})


def marked_in_picture(number):
    segments, _ = areas()
    item = segments.items[number]
    whole = np.zeros(SIZE_HW, bool)
    whole[item.content.slices] = item.read_mask(item.content) >= 0.5
    return whole


# ---- YOLO ----------------------------------------------------------------------------------------
def test_yolo_has_a_line_a_segment_with_its_class_and_shares():
    text, names = yolo_text(chosen())
    assert names == ("car", "a bus")
    lines = [line.split() for line in text.splitlines()]
    assert [line[0] for line in lines] == ["0", "1", "0"]
    height, width = SIZE_HW
    for number, line in enumerate(lines):
        shares = np.array(line[1:], float).reshape(-1, 2)
        assert ((shares >= 0) & (shares <= 1)).all()
        found = filled([shares * (width, height)], SIZE_HW)
        assert (found == marked_in_picture(number)).all()
    assert lines[2][1:] == ["0.5", "0.5", "0.55", "0.5", "0.55", "0.55", "0.5", "0.55"]


def test_yolo_comes_with_the_names_of_its_classes():
    target = io.BytesIO()
    yolo_zip(chosen(), "my photo.jpg", target)
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["labels/my photo.txt", "classes.txt", "data.yaml"]
        assert archive.read("labels/my photo.txt").decode() == yolo_text(chosen())[0]
        assert archive.read("classes.txt") == b"car\na bus\n"
        assert archive.read("data.yaml") == b'nc: 2\nnames:\n  0: "car"\n  1: "a bus"\n'


# ---- labelme -------------------------------------------------------------------------------------
def test_labelme_has_a_polygon_or_a_mask_for_each_segment():
    written = json.loads(labelme_json(chosen(), "photo.jpg"))
    assert (written["imagePath"], written["imageHeight"], written["imageWidth"]) == (
        "photo.jpg",
        *SIZE_HW,
    )
    shapes = written["shapes"]
    assert [(one["label"], one["shape_type"]) for one in shapes] == [
        ("car", "mask"),
        ("a bus", "mask"),
        ("car", "polygon"),
    ]
    assert shapes[2]["points"] == [[30, 20], [33, 20], [33, 22], [30, 22]]
    assert (shapes[2]["score"], shapes[1]["attributes"]["scores"]) == (0.25, {"red": None})


def test_what_labelme_gets_is_read_again_to_the_pixel():
    asked = AnnotationRequest("a.json", "photo.jpg", SIZE_HW, 1)
    (read,) = read_annotations(json.loads(labelme_json(chosen(), "photo.jpg")), asked)
    for number in range(3):
        assert ((read.labels == number + 1) == marked_in_picture(number)).all()


# ---- panoptic ------------------------------------------------------------------------------------
def panoptic(selection):
    target = io.BytesIO()
    panoptic_zip(selection, "photo.jpg", target)
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["photo.png", "photo.json"]
        with archive.open("photo.png") as file, Image.open(file) as image:
            colours = np.array(image).astype(int)
        return colours @ [1, 256, 65536], json.loads(archive.read("photo.json"))


def test_panoptic_has_each_segments_number_as_a_colour():
    numbers, written = panoptic(chosen())
    for place in range(3):
        assert ((numbers == place + 1) == marked_in_picture(place)).all()
    (annotation,) = written["annotations"]
    assert annotation["file_name"] == "photo.png"
    assert [
        (one["id"], one["category_id"], one["area"], one["bbox"])
        for one in annotation["segments_info"]
    ] == [(1, 1, 10, [3, 2, 4, 3]), (2, 2, 4, [20, 10, 4, 2]), (3, 1, 6, [30, 20, 3, 2])]
    assert [one["name"] for one in written["categories"]] == ["car", "a bus"]


def test_panoptic_lists_no_segment_that_lies_below_others():
    scene = scene_of("a", "b", "c")
    items = (*scene.segments.items, segment(BOXES[0], label="d"))
    scene = replace(scene, segments=Segments(SIZE_HW, items))
    numbers, written = panoptic(selection_of(scene))
    assert 1 not in numbers
    assert [one["id"] for one in written["annotations"][0]["segments_info"]] == [2, 3, 4]


def test_more_than_255_segments_have_colours_of_two_channels():
    items = tuple(segment((x, y, x + 1, y + 1)) for y in range(20) for x in range(30))
    selection = selection_of(replace(scene_of(), segments=Segments(SIZE_HW, items)))
    numbers, _ = panoptic(selection)
    assert (numbers[0, 0], numbers[19, 29]) == (1, 600)
