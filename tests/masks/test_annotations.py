"""Annotations of labelme and COCO as areas with names."""

import base64
import io
import json
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from segui.errors import InputError
from segui.finders.from_files import segments_of_masks
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.masks.annotations import drawing
from segui.masks.annotations.drawing import AnnotationRequest
from segui.masks.annotations.kinds import annotation_kind, read_annotations
from segui.masks.annotations.layers import Piece
from segui.masks.annotations.outlines import circle_piece, counts_of_text, polygon_piece, runs_piece
from segui.settings import Settings
from tests.counts import examples

SIZE_HW = (20, 30)
SQUARE = [[2, 3], [12, 3], [12, 13], [2, 13]]
OTHER = [[8, 5], [25, 5], [25, 18], [8, 18]]


def plane(piece: Piece | None, size_hw: tuple[int, int] = SIZE_HW) -> np.ndarray:
    whole = np.zeros(size_hw, np.bool_)
    if piece is not None:
        whole[piece.box.slices] = piece.pixels
    return whole


def is_inside(x: float, y: float, points: list[tuple[float, float]]) -> bool:
    """Even-odd: how often a ray to the right meets the outline."""
    inside = False
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        if (y0 <= y) != (y1 <= y) and x >= x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


# by odd amounts beside tenths: no line between two of them runs through the centre of a pixel
places = st.tuples(
    st.integers(-80, 400).map(lambda n: n / 10 + 0.0312345),
    st.integers(-60, 300).map(lambda n: n / 10 + 0.0471828),
)


@settings(max_examples=examples(40))
@given(st.lists(places, min_size=3, max_size=7))
def test_an_outline_has_the_pixels_whose_centres_lie_in_it(points: list) -> None:
    drawn = plane(polygon_piece(np.array(points), SIZE_HW))
    slow = [[is_inside(x + 0.5, y + 0.5, points) for x in range(30)] for y in range(20)]
    assert drawn.tolist() == slow


def test_a_circle_has_the_pixels_whose_centres_lie_in_it() -> None:
    drawn = plane(circle_piece(np.array([5.0, 4.0]), 3.0, SIZE_HW))
    slow = [[(x - 4.5) ** 2 + (y - 3.5) ** 2 <= 9 for x in range(30)] for y in range(20)]
    assert drawn.tolist() == slow


def counts_of(mask: np.ndarray) -> list[int]:
    """Run lengths, column by column, nothing first."""
    runs = [(bool(value), len([*run])) for value, run in groupby(mask.T.reshape(-1).tolist())]
    return [length for _, length in ([(False, 0)] if runs[0][0] else []) + runs]


def text_of(counts: list[int]) -> str:
    """Five bits a character, the lowest first, differences from the fourth on."""
    text = ""
    for place, count in enumerate(counts):
        value = count - counts[place - 2] if place > 2 else count
        while True:
            bits, value = value & 31, value >> 5
            is_last = value == (-1 if bits & 16 else 0)
            text += chr(48 + (bits if is_last else bits | 32))
            if is_last:
                break
    return text


@given(st.binary(min_size=1, max_size=40), st.integers(1, 6))
def test_run_lengths_are_the_pixels_that_they_were_made_of(data: bytes, height: int) -> None:
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    mask = bits[: len(bits) // height * height].reshape(height, -1).astype(np.bool_)
    counts = counts_of(mask)
    assert counts_of_text(text_of(counts)) == counts
    size_hw = (mask.shape[0], mask.shape[1])
    assert plane(runs_piece(counts, size_hw), size_hw).tolist() == mask.tolist()


def request(**others: Any) -> AnnotationRequest:
    return AnnotationRequest("a.json", "photo.jpg", SIZE_HW, 50.0, **others)


def areas(value: Any, **others: Any) -> list[tuple[str, list]]:
    """The label of each area and the box around it."""
    found = []
    for mask in read_annotations(value, request(**others)):
        maps = {0: mask.label} if mask.labels is None else mask.area_labels
        for number, label in maps.items():
            marked = mask.soft > 0 if mask.labels is None else mask.labels == number
            rows, columns = np.nonzero(marked)
            box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            found.append((label, [int(edge) for edge in box]))
    return sorted(found)


def labelme(*shapes: dict, **others: Any) -> dict:
    return {"version": "5.4", "shapes": [*shapes], "imageHeight": 20, "imageWidth": 30, **others}


def shape(label: str, points: list, kind: str = "polygon", **others: Any) -> dict:
    return {"label": label, "points": points, "shape_type": kind, **others}


def coco(*items: dict, **others: Any) -> dict:
    image = {"id": 7, "file_name": "photo.jpg", "height": 20, "width": 30}
    categories = [{"id": 1, "name": "red car"}, {"id": 2, "name": "dog"}]
    return {"images": [image], "categories": categories, "annotations": [*items], **others}


def item(segmentation: Any, category: int = 1, **others: Any) -> dict:
    return {"image_id": 7, "category_id": category, "segmentation": segmentation, **others}


ADVICE = "merge those of one label, or take some out"
FLAT = [2, 3, 12, 3, 12, 13, 2, 13]
BOX = [2, 3, 12, 13]
HALF = np.zeros(SIZE_HW, np.bool_)
HALF[3:13, 2:12] = True


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (labelme(shape("car", SQUARE)), [("car", BOX)]),
        (labelme(shape("car", [[2, 3], [12, 13]], "rectangle")), [("car", BOX)]),
        (labelme(shape("car", [[12, 13], [2, 3]], "rectangle")), [("car", BOX)]),
        (labelme(shape("car", [[10, 10], [10, 13]], "circle")), [("car", [7, 7, 13, 13])]),
        (labelme({"label": "car", "points": SQUARE}), [("car", BOX)]),
        (labelme(shape("car", SQUARE), shape("dog", OTHER)),
         [("car", BOX), ("dog", [8, 5, 25, 18])]),
        (labelme(shape("car", SQUARE, group_id=1), shape("car", OTHER, group_id=1)),
         [("car", [2, 3, 25, 18])]),
        (labelme(shape("car", SQUARE), imageHeight=None), [("car", BOX)]),
        (labelme(shape("", SQUARE)), [("object", BOX)]),
        (coco(item([FLAT])), [("red car", BOX)]),
        (coco(item(FLAT)), [("red car", BOX)]),
        (coco(item([FLAT, [20, 15, 25, 15, 25, 18, 20, 18]])), [("red car", [2, 3, 25, 18])]),
        (coco(item([FLAT], 2), item([FLAT], 1)), [("dog", BOX), ("red car", BOX)]),
        (coco(item({"counts": counts_of(HALF), "size": [20, 30]})), [("red car", BOX)]),
        (coco(item({"counts": text_of(counts_of(HALF)), "size": [20, 30]})), [("red car", BOX)]),
        (coco(item([], bbox=[2, 3, 10, 10])), [("red car", BOX)]),
        (coco(item([FLAT], 9)), [("9", BOX)]),
        (coco(item([FLAT]), item([FLAT], 2, image_id=8)), [("red car", BOX)]),
        ([item({"counts": counts_of(HALF), "size": [20, 30]}, 3)], [("3", BOX)]),
        ({"image": {"height": 20, "width": 30}, "annotations": [{"segmentation": [FLAT]}]},
         [("object", BOX)]),
    ],
)  # fmt: skip
def test_every_area_has_its_name_and_place(value: Any, expected: list) -> None:
    assert areas(value) == expected


def of_pixels(mask: np.ndarray, form: str = "PNG", mode: str | None = None) -> str:
    """As labelme has it: what is marked is 1."""
    file = io.BytesIO()
    image = Image.fromarray(mask.astype(np.uint8))
    (image if mode is None else image.convert(mode)).save(file, form)
    return base64.b64encode(file.getvalue()).decode()


DRAWN = np.random.default_rng(4).integers(0, 2, (11, 9), np.uint8)


@pytest.mark.parametrize("mode", [None, "1", "P", "RGB", "I;16"])
def test_a_mask_in_labelme_is_where_its_corners_are(mode: str | None) -> None:
    values = DRAWN * 255 if mode in ("1", "RGB") else DRAWN
    one = shape("fur", [[4, 6], [12, 16]], "mask", mask=of_pixels(values, mode=mode))
    (read,) = read_annotations(labelme(one), request())
    expected = np.zeros(SIZE_HW, np.int32)
    expected[6:17, 4:13] = DRAWN
    assert read.labels is not None
    assert read.labels.tolist() == expected.tolist()
    assert read.notes == ('read as annotations of labelme: 1 area: "fur" (1)',)


@pytest.mark.parametrize("corner", [(-3, -2), (25, 15), (-5, 14)])
def test_of_a_mask_that_leaves_the_picture_what_is_in_it_is_read(corner: tuple[int, int]) -> None:
    x, y = corner
    one = shape("fur", [[x, y], [x + 8, y + 10]], "mask", mask=of_pixels(DRAWN))
    (read,) = read_annotations(labelme(one), request())
    wide = np.zeros((SIZE_HW[0] + 40, SIZE_HW[1] + 40), np.int32)
    wide[y + 20 : y + 31, x + 20 : x + 29] = DRAWN
    assert read.labels is not None
    assert read.labels.tolist() == wide[20:-20, 20:-20].tolist()


@pytest.mark.parametrize(
    ("points", "mask", "sentence"),
    [
        ([[4, 6], [13, 16]], of_pixels(DRAWN),
         "a.json has a mask of 9 x 11 px where its corners say 10 x 11"),
        ([[12, 16], [4, 6]], of_pixels(DRAWN),
         "a.json has a mask of 9 x 11 px where its corners say -7 x -9"),
        ([[4, 6], [12, 16]], None,
         "a.json has a mask that is None: expected a picture in base64"),
        ([[4, 6], [12, 16]], "é", "a.json has a mask whose base64 cannot be read"),
        ([[4, 6], [12, 16]], "abc", "a.json has a mask whose base64 cannot be read"),
        ([[4, 6], [12, 16]], "", "a mask in a.json is empty"),
        ([[4, 6], [12, 16]], "abcd", "a mask in a.json"),
        ([[0, 0], [9_000, 9_000]], of_pixels(DRAWN),
         "a.json has areas of more than 16 times the picture"),
    ],
    ids=["larger", "other corners", "none", "letters", "cut", "empty", "no picture", "huge"],
)  # fmt: skip
def test_a_mask_that_cannot_be_is_refused(points: list, mask: str | None, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_annotations(labelme(shape("fur", points, "mask", mask=mask)), request())
    assert str(caught.value).startswith(sentence)


def test_among_several_pictures_the_photo_is_found_by_its_name() -> None:
    images = [{"id": 7, "file_name": "set/photo.png", "height": 20, "width": 30}, {"id": 8}]
    assert areas(coco(item([FLAT]), images=images)) == [("red car", BOX)]
    images[0]["file_name"] = "another.png"
    with pytest.raises(InputError) as caught:
        areas(coco(item([FLAT]), images=images))
    assert str(caught.value) == "a.json has 2 pictures, and none is called photo.jpg"


def test_areas_of_one_label_or_all_of_them_are_one_where_asked_for() -> None:
    both = labelme(shape("car", SQUARE), shape("car", OTHER))
    assert areas(both, is_merged=True) == [("car", [2, 3, 25, 18])]
    assert areas(both, is_joined=True) == [("a", [2, 3, 25, 18])]
    assert areas(labelme(shape("car", SQUARE)), invert=True) == [("rest", [0, 0, 30, 20])]


def test_what_was_read_and_left_out_is_said() -> None:
    value = labelme(shape("car", SQUARE), shape("x", [[1, 1]], "point"), shape("y", [[90, 90]] * 3))
    assert read_annotations(value, request())[0].notes == (
        'read as annotations of labelme: 1 area: "car" (1)',
        "left out: 1 that is no outline, but a point, a line or the like",
        "left out: 1 that is empty or outside of the picture",
    )


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (labelme(shape("a", [[1, "x"]])), "a.json has a list where a point should be"),
        (labelme(shape("a", [[1, float("nan")]])), "a.json has a list where a point should be"),
        (labelme(shape("a", [[1, 1e9]])), "a.json has a list where a point should be"),
        (labelme(5), "a.json has 5 where a shape should be"),
        (labelme(imageHeight=-1), "a.json says that a side of its picture is -1"),
        (labelme(imageHeight=10**6, imageWidth=10**6),
         "a.json's picture is 1000000 x 1000000, 1000000 megapixels: at most 50 are read"),
        (coco(item({"counts": [5], "size": [20, 30]})),
         "run lengths make 5 pixels: the picture has 600"),
        (coco(item({"counts": "~~", "size": [20, 30]})), "run lengths are no text of COCO's"),
        (coco(item({"counts": [0.5]})), "a.json has run lengths that are no whole numbers"),
        (coco(item({"counts": [600], "size": [30, 20]})),
         "a.json has run lengths of another picture's size"),
        (labelme(*[shape("a", [[0, 0], [30, 20]], "rectangle")] * 17),
         "a.json has areas of more than 16 times the picture"),
        (labelme(*[shape("a", SQUARE)] * 33),
         f"a.json: more than 32 areas overlap one another: {ADVICE}"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(value: Any, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_annotations(value, request())
    assert str(caught.value) == sentence


@pytest.mark.parametrize("limit", ["_MOST_POINTS", "_MOST_CROSSINGS"])
def test_too_much_to_draw_is_refused(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(drawing, limit, 3)
    with pytest.raises(InputError, match=r"^a\.json has .*more than 3 "):
        areas(labelme(shape("a", SQUARE)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["points", "label", "segmentation", "counts", "size", "id", "bbox"]),
            inner,
        )
    ),
    max_leaves=10,
)


@given(st.sampled_from(["shapes", "annotations"]), st.lists(json_values, max_size=4), json_values)
def test_any_json_is_drawn_or_refused(key: str, items: list, other: Any) -> None:
    value = {key: items, "images": other, "categories": other, "imageHeight": other}
    if annotation_kind(value):
        with suppress(InputError):  # anything else is a bug
            read_annotations(value, request())


def test_annotations_and_masks_give_areas_together(tmp_path: Path) -> None:
    value = coco(item([[4, 6, 24, 6, 24, 26, 4, 26]]), item([[10, 8, 50, 8, 50, 36, 10, 36]], 2))
    value["images"][0] |= {"height": 40, "width": 60}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    inputs = Inputs(tmp_path / "photo.jpg", (path,))
    segments, notes = segments_of_masks(inputs, (80, 120), SegmentOptions(), Settings())
    assert [(each.label, tuple(each.bbox)) for each in segments.items] == [
        ("red car", (8, 12, 48, 52)),
        ("dog", (20, 16, 100, 72)),
    ]
    assert notes == [
        'a.json: read as annotations of COCO: 2 areas: "red car" (1), "dog" (1)',
        "a.json: it was scaled from 60 x 40 to 120 x 80",
    ]
