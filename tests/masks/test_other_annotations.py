"""Annotations of Cityscapes, Supervisely and Label Studio as areas with names."""

import base64
import io
import json
import tracemalloc
import zlib
from contextlib import suppress
from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from segui.errors import InputError
from segui.masks.annotations import drawing, supervisely
from segui.masks.annotations.drawing import AnnotationRequest
from segui.masks.annotations.kinds import annotation_kind, read_annotations
from segui.masks.annotations.packed_runs import brush_piece

SIZE_HW = (20, 30)
SQUARE = [[2, 3], [12, 3], [12, 13], [2, 13]]
OTHER = [[8, 5], [25, 5], [25, 18], [8, 18]]


def request(**fields: Any) -> AnnotationRequest:
    return AnnotationRequest("a.json", "photo.jpg", SIZE_HW, 1.0, **fields)


def areas(value: Any) -> list[tuple[str, list[int], int]]:
    """Label, box and pixels of each area, in the order of their numbers."""
    found = []
    for mask in read_annotations(value, request()):
        assert mask.labels is not None
        for number, name in mask.names.items():
            rows, columns = np.nonzero(mask.labels == number)
            box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            found.append((name, list(map(int, box)), len(rows)))
    return found


def notes(value: Any) -> tuple[str, ...]:
    return tuple(map(str, read_annotations(value, request())[0].notes))


# ---- Cityscapes ---------------------------------------------------------------------------------


def cityscapes(*objects: Any, **fields: Any) -> dict[str, Any]:
    return {"imgHeight": 20, "imgWidth": 30, "objects": list(objects), **fields}


def test_later_polygons_of_cityscapes_lie_on_those_before() -> None:
    value = cityscapes(
        {"label": "road", "polygon": [[0, 0], [30, 0], [30, 20], [0, 20]]},
        {"label": "hidden", "polygon": [[9, 6], [11, 6], [11, 8], [9, 8]]},
        {"label": "car", "polygon": SQUARE},
        {"label": "car", "polygon": OTHER, "deleted": 1},
    )
    assert annotation_kind(value) == "Cityscapes"
    assert areas(value) == [("road", [0, 0, 30, 20], 500), ("car", [2, 3, 12, 13], 100)]
    assert notes(value) == (
        'read as annotations of Cityscapes: 2 areas: "road" (1), "car" (1)',
        "left out: 1 that is covered by others",
    )


def test_many_polygons_of_cityscapes_that_cover_one_another_are_read() -> None:
    value = cityscapes(*({"label": str(n), "polygon": SQUARE} for n in range(60)))
    assert areas(value) == [("59", [2, 3, 12, 13], 100)]


# ---- Supervisely --------------------------------------------------------------------------------


def packed(plane: list[list[int]], mode: str = "P") -> str:
    image = Image.fromarray(np.array(plane, np.uint8) * 255).convert("1" if mode == "1" else "L")
    if mode == "P":
        image = Image.fromarray(np.array(plane, np.uint8), "L").convert("P")
    elif mode == "RGBA":
        alpha = image
        image = Image.new("RGB", image.size).convert("RGBA")
        image.putalpha(alpha)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return base64.b64encode(zlib.compress(stream.getvalue())).decode()


def supervised(*objects: Any, **fields: Any) -> dict[str, Any]:
    size = {"height": 20, "width": 30}
    return {"description": "", "tags": [], "size": size, "objects": list(objects), **fields}


def figure(kind: str, exterior: Any = (), interior: Any = (), **fields: Any) -> dict[str, Any]:
    points = {"exterior": list(exterior), "interior": list(interior)}
    return {"classTitle": "car", "geometryType": kind, "points": points, **fields}


def test_polygons_and_rectangles_of_supervisely_are_read() -> None:
    hole = [[4, 5], [6, 5], [6, 7], [4, 7]]
    value = supervised(
        figure("polygon", SQUARE, [hole, [[40, 1], [50, 1], [50, 9]]]),
        figure("rectangle", [[15, 2], [20, 6]]),
        figure("point", [[1, 1]]),
        figure("line", [[1, 1], [5, 5]]),
    )
    assert annotation_kind(value) == "Supervisely"
    assert areas(value) == [("car", [2, 3, 12, 13], 96), ("car", [15, 2, 20, 6], 20)]
    assert notes(value)[1:] == ("left out: 2 that are no outline, but a point, a line or the like",)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA"])
def test_bitmaps_of_supervisely_are_read_where_they_lie(mode: str) -> None:
    data = packed([[1, 1, 0], [0, 1, 1]], mode)
    value = supervised(
        figure("bitmap", bitmap={"data": data, "origin": [5, 6]}),
        figure("bitmap", bitmap={"data": data, "origin": [28, 19]}),
        figure("bitmap", bitmap={"data": data, "origin": [90, 0]}),
    )
    assert areas(value) == [("car", [5, 6, 8, 8], 4), ("car", [28, 19, 30, 20], 2)]
    assert notes(value)[1:] == ("left out: 1 that is empty or outside of the picture",)


def bomb() -> str:
    return base64.b64encode(zlib.compress(bytes(80_000_000))).decode()


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (5, "a.json has 5 where an object should be"),
        (figure("polygon", [[1, "x"], [2, 2], [3, 3]]), "a.json has a list where a point should"),
        (figure("polygon", SQUARE, [5]), "a.json has a list where a point should be"),
        (figure("bitmap"), "a.json has a bitmap without its picture in base64 and its origin"),
        (
            figure("bitmap", bitmap={"data": "AA==", "origin": [0, 1e9]}),
            "a.json has a bitmap without its picture in base64 and its origin",
        ),
        (
            figure("bitmap", bitmap={"data": "~~", "origin": [0, 0]}),
            "a.json has a bitmap whose base64 cannot be read",
        ),
        (
            figure("bitmap", bitmap={"data": "AAAA", "origin": [0, 0]}),
            "a.json has a bitmap that cannot be unpacked",
        ),
        (
            figure("bitmap", bitmap={"data": bomb(), "origin": [0, 0]}),
            "a.json has a bitmap of more than 5001000 bytes: at most as many are unpacked",
        ),
        (
            figure("bitmap", bitmap={"data": packed([[1] * 2000] * 600), "origin": [0, 0]}),
            "a bitmap in a.json is 2000 x 600, 1.2 megapixels: at most 1 are read",
        ),
        (
            figure("bitmap", bitmap={"data": packed([[1] * 200] * 60), "origin": [0, 0]}),
            "a.json has areas of more than 16 times the picture",
        ),
    ],
)
def test_what_supervisely_cannot_say_is_refused(one: Any, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        areas(supervised(one))
    assert str(caught.value).startswith(sentence)


def test_no_more_is_unpacked_than_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisely, "_MOST_UNPACKED", 20)
    with pytest.raises(InputError, match="more than 20 bytes"):
        areas(supervised(figure("bitmap", bitmap={"data": packed([[1]]), "origin": [0, 0]})))


# ---- Label Studio -------------------------------------------------------------------------------


def result(kind: str, label: str | None = "car", **value: Any) -> dict[str, Any]:
    named = {} if label is None else {kind: [label]}
    sizes = {"original_width": 30, "original_height": 20, "image_rotation": 0}
    return {"type": kind, "from_name": "tag", **sizes, "value": {**value, **named}}


def task(*results: Any, image: str = "/data/upload/1/0123abcd-photo.jpg", **of: Any) -> dict:
    annotations = [{"id": 1, "result": list(results), "was_cancelled": False}]
    return {"id": 1, "data": {"image": image}, "annotations": annotations, **of}


RECTANGLE = {"x": 10, "y": 15, "width": 20, "height": 25, "rotation": 0}  # of 30 x 20


def packed_brush(plane: np.ndarray) -> list[int]:
    """As a brush is packed: runs with a length of 3, 4, 8 or 16 bits."""
    values = np.repeat(plane.reshape(-1).astype(np.uint8) * 255, 4).tolist()
    sizes = (3, 4, 8, 16)
    bits = f"{len(values):032b}{7:05b}" + "".join(f"{size - 1:04b}" for size in sizes)
    for value, group in groupby(values):
        left = len(list(group))
        while left:
            length = min(left, 1 << 16)
            place = next(n for n, size in enumerate(sizes) if length <= 1 << size)
            bits += f"1{place:02b}{length - 1:0{sizes[place]}b}{value:08b}"
            left -= length
    bits += "0" * (-len(bits) % 8)
    return [int(bits[place : place + 8], 2) for place in range(0, len(bits), 8)]


def test_rectangles_polygons_and_ellipses_of_label_studio_are_read() -> None:
    percents = [[x / 0.3, y / 0.2] for x, y in OTHER]
    value = [
        task(
            result("rectanglelabels", **RECTANGLE),
            result("polygonlabels", "dog", points=percents, closed=True),
            result("ellipselabels", "sky", x=50, y=50, radiusX=10, radiusY=20, rotation=90),
            result("keypointlabels", x=5, y=5, width=1),
            result("choices", None, choices=["day"]),
        )
    ]
    assert annotation_kind(value) == "Label Studio"
    assert sorted(areas(value)) == [
        ("car", [3, 3, 9, 8], 30),
        ("dog", [8, 5, 25, 18], 221),
        ("sky", [11, 7, 19, 13], 36),
    ]
    assert notes(value)[1:] == ("left out: 1 that is no outline, but a point, a line or the like",)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_what_was_marked_on_a_turned_picture_is_turned_back(quarters: int) -> None:
    """As Label Studio has it: its places are those on the picture as it was seen."""
    box = np.array([[10, 15], [30, 15], [30, 40], [10, 40]]) / 100  # of the picture as it is
    for _ in range(quarters):
        box = np.stack([1 - box[:, 1], box[:, 0]], axis=1)
    (x, y), (width, height) = box.min(axis=0) * 100, np.ptp(box, axis=0) * 100
    seen = {"x": x, "y": y, "width": width, "height": height, "rotation": 0}
    points = [[100 * x, 100 * y] for x, y in box.tolist()]
    marked = [
        {**one, "image_rotation": 90 * quarters}
        for one in (result("rectanglelabels", **seen), result("polygonlabels", points=points))
    ]
    for one in marked:
        assert areas(task(one)) == [("car", [3, 3, 9, 8], 30)]
        assert notes(task(one))[-1] == (
            f"outlines were drawn on the picture turned by {90 * quarters} degrees to the right: "
            "turned back"
        )


def test_a_rectangle_is_turned_about_its_upper_left_corner() -> None:
    value = task(result("rectanglelabels", **{**RECTANGLE, "x": 50, "rotation": 90}))
    assert areas(value) == [("car", [10, 3, 15, 9], 30)]


def test_labels_apart_from_outlines_are_brought_together_by_their_number() -> None:
    shape = {**result("rectangle", None, **RECTANGLE), "id": "a"}
    labels = {**result("labels", "red car", **RECTANGLE), "id": "a"}
    assert areas(task(shape, labels)) == [("red car", [3, 3, 9, 8], 30)]
    nameless = result("rectangle", None, **RECTANGLE)
    assert [
        name for name, _, _ in areas(task(nameless, result("rectanglelabels", **RECTANGLE)))
    ] == [
        "object",
        "car",
    ]


def test_the_photo_is_found_among_tasks_and_one_annotation_of_it_counts() -> None:
    other = task(result("rectanglelabels", "no", **RECTANGLE), image="s3://set/other.jpg")
    mine = task(image="/data/local-files/?d=my%20set/photo.jpg")
    cancelled = {"result": [result("rectanglelabels", "no", **RECTANGLE)], "was_cancelled": True}
    first = {"result": [result("rectanglelabels", "car", **RECTANGLE)]}
    mine["annotations"] = [cancelled, first, {**first}]
    assert areas([other, mine]) == [("car", [3, 3, 9, 8], 30)]
    assert notes([other, mine])[1:] == (
        "left out: 1 that is of another annotation of the same picture",
    )
    with pytest.raises(InputError) as caught:
        areas([other, task(image="a/else.jpg")])
    assert str(caught.value) == "a.json has 2 pictures, and none is called photo.jpg"


def test_the_short_json_of_label_studio_is_read() -> None:
    one = {**RECTANGLE, "rectanglelabels": ["car"], "original_width": 30, "original_height": 20}
    value = [{"id": 1, "image": "/data/upload/1/0123abcd-photo.jpg", "label": [one]}]
    assert annotation_kind(value) == "Label Studio"
    assert areas(value) == [("car", [3, 3, 9, 8], 30)]


planes = st.lists(
    st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=9
).map(np.array)  # fmt: skip


@given(planes)
def test_a_brush_of_label_studio_has_its_pixels(plane: np.ndarray) -> None:
    piece = brush_piece(packed_brush(plane), (len(plane), 3))
    drawn = np.zeros_like(plane)
    if piece is not None:
        drawn[piece.box.slices] = piece.pixels
    assert (drawn == plane).all()
    assert (piece is None) == (not plane.any())


def test_a_brush_may_have_bytes_that_are_no_run() -> None:
    # 8 bytes: a run of three, four as they are, a run of one
    bits = f"{8:032b}{7:05b}" + f"{2:04b}" * 4 + f"100{2:03b}{0:08b}"
    bits += f"000{3:03b}{255:08b}{0:08b}{0:08b}{0:08b}" + f"100{0:03b}{9:08b}"
    bits += "0" * (-len(bits) % 8)
    values = [int(bits[place : place + 8], 2) for place in range(0, len(bits), 8)]
    piece = brush_piece(values, (1, 2))
    assert piece is not None
    assert (list(piece.box), piece.pixels.tolist()) == ([0, 0, 2, 1], [[True, True]])


def test_brushes_become_areas_with_outlines() -> None:
    plane = np.zeros(SIZE_HW, np.bool_)
    plane[4:7, 20:25] = True
    value = task(
        result("brushlabels", "paint", format="rle", rle=packed_brush(plane)),
        result("rectanglelabels", **RECTANGLE),
    )
    assert areas(value) == [("car", [3, 3, 9, 8], 30), ("paint", [20, 4, 25, 7], 15)]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_brush_on_a_turned_picture_has_the_pixels_of_the_picture_as_it_is(quarters: int) -> None:
    """Label Studio draws it for the export at the picture's own size, without its turn."""
    plane = np.zeros(SIZE_HW, np.bool_)
    plane[4:7, 20:25] = True
    brush = result("brushlabels", "paint", format="rle", rle=packed_brush(plane))
    value = task({**brush, "image_rotation": 90 * quarters})
    assert areas(value) == [("paint", [20, 4, 25, 7], 15)]
    assert not any("turned" in note for note in notes(value))


@pytest.mark.long
@pytest.mark.parametrize("kind", ["Label Studio", "VIA", "CVAT"])
def test_of_ellipses_no_more_points_are_made_than_are_drawn(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "_MOST_POINTS", 2000)
    count = 10_000
    ellipse = result("ellipselabels", x=50, y=50, radiusX=10, radiusY=20)
    form = {"name": "ellipse", "cx": 5, "cy": 5, "rx": 2, "ry": 2}
    value: Any = {"photo.jpg": {"filename": "photo.jpg", "regions": [{"shape_attributes": form}]}}
    if kind == "Label Studio":
        value = task(*[ellipse] * count)
    elif kind == "VIA":
        value["photo.jpg"]["regions"] *= count
    else:
        one = '<ellipse label="a" cx="5" cy="5" rx="2" ry="2"/>'
        value = f'<annotations><image name="photo.jpg">{one * count}</image></annotations>'
    assert annotation_kind(value) == kind
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="more than"):
            areas(value)
        assert tracemalloc.get_traced_memory()[1] < 40e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("rle", "sentence"),
    [
        ("x", "a.json has 'x' where a brush's bytes should be"),
        ([256], "a.json has a list where a brush's bytes should be"),
        ([], "a brush's run lengths are cut short, or none of Label Studio's"),
        ([0, 0, 9, 96, 56, 0, 0], "a brush's run lengths are cut short, or none of Label Studio's"),
        ([0, 0, 9, 96, 0, 0, 0], "a brush's run lengths are cut short, or none of Label Studio's"),
        ([255] * 40, "a brush's run lengths make 1073741823 pixels: the picture has 600"),
    ],
)
def test_a_brush_that_cannot_be_is_refused(rle: Any, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        areas(task(result("brushlabels", format="rle", rle=rle)))
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (
            result("rectanglelabels", x="1", y=2, width=3, height=4),
            "a.json has '1' as x: expected a number",
        ),
        (
            result("rectanglelabels", x=float("nan"), y=2, width=3, height=4),
            "a.json has nan as x: expected a number",
        ),
        (result("polygonlabels", points=[5]), "a.json has 5 where a point should be"),
        (
            {**result("rectanglelabels", **RECTANGLE), "original_width": 0},
            "a.json says that a side of its picture is 0",
        ),
    ],
)
def test_what_label_studio_cannot_say_is_refused(one: Any, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        areas(task(one))
    assert str(caught.value) == sentence


# ---- all of them --------------------------------------------------------------------------------

KEYS = [
    "annotations", "bitmap", "classTitle", "data", "exterior", "geometryType", "height", "id",
    "image", "imgHeight", "imgWidth", "interior", "label", "labels", "objects", "origin",
    "original_height", "original_width", "points", "polygon", "polygonlabels", "radiusX", "result",
    "rle", "rotation", "size", "type", "value", "width", "x", "y",
]  # fmt: skip
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 99)
    | st.floats()
    | st.sampled_from(["bitmap", "a"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=14,
)
fields = st.dictionaries(st.sampled_from(KEYS), json_values, max_size=6)


@given(
    st.one_of(
        st.lists(fields, max_size=3).map(lambda some: cityscapes(*some)),
        st.lists(fields, max_size=3).map(lambda some: supervised(*some)),
        st.lists(fields, max_size=3).map(lambda some: task(*some)),
        st.lists(fields, max_size=3).map(lambda some: task(*({"value": one} for one in some))),
        json_values,
    )
)
def test_any_json_is_drawn_or_refused(value: Any) -> None:
    json.dumps(value)
    if annotation_kind(value):
        with suppress(InputError):  # anything else is a bug
            read_annotations(value, request())
