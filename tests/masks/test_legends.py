"""Legends as people have them: names by number or colour."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui.errors import InputError
from segui.images.limits import ReadLimits
from segui.masks.legends.literals import LiteralError, read_literals
from segui.masks.legends.reading import Legend, legend_of_json, legend_of_text
from segui.masks.texts import read_text_file

CAR_DOG = ({1: "car", 2: "dog"}, {})
RED_BLUE = ({}, {0xFF0000: "car", 0x0000FF: "dog"})
BOTH = (CAR_DOG[0], RED_BLUE[1])


def maps(legend: Legend | None) -> tuple[dict, dict] | None:
    return None if legend is None else (dict(legend.by_number), dict(legend.by_colour))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,id\ncar,1\ndog,2", CAR_DOG),
        ("Id;Name\n1;car\n2;dog\n", CAR_DOG),
        ("1,car\r\n2,dog\r\n", CAR_DOG),
        ("1\tcar\n2\tdog", CAR_DOG),
        ("1: car\n2: dog", CAR_DOG),
        ("car = 1\ndog = 2", CAR_DOG),
        ("1 car\n2 dog", CAR_DOG),
        ("# the classes\n\ncar 1\ndog 2\n", CAR_DOG),
        ("name,r,g,b\ncar,255,0,0\ndog,0,0,255", RED_BLUE),
        ("name, r, g, b\ncar, 255, 0, 0\ndog, 0, 0, 255", RED_BLUE),
        ("#ff0000 car\n#0000ff dog", RED_BLUE),
        ("#FF0000,car\n#0000FF,dog", RED_BLUE),
        ("car,\"255,0,0\"\ndog,\"0,0,255\"", RED_BLUE),
        ("car;rgb(255, 0, 0)\ndog;rgb(0, 0, 255)", RED_BLUE),
        ("255 0 0 car\n0 0 255 dog", RED_BLUE),
        ("car 255 0 0 255\ndog 0 0 255 255", RED_BLUE),
        # a label map of CVAT, a table of Slicer, labels of ITK-SNAP, a palette of GIMP
        ("# label:color_rgb:parts:actions\ncar:255,0,0::\ndog:0,0,255::", RED_BLUE),
        ("1 car 255 0 0 255\n2 dog 0 0 255 255", BOTH),
        ('1 255 0 0 1 1 1 "car"\n2 0 0 255 0.5 1 1 "dog"', BOTH),
        ("GIMP Palette\nName: mine\n#\n255   0   0\tcar\n  0   0 255\tdog", RED_BLUE),
        ("id,name,color\n1,car,#ff0000\n2,dog,#0000ff", BOTH),
        # numbers as lists have them, and as tables of numbers save them
        ("1. car\n2. dog", CAR_DOG),
        ("2. dog\n1. car", CAR_DOG),
        ("0. background\n1. car\n2. dog", ({0: "background", **CAR_DOG[0]}, {})),
        ("1) car\n2) dog", CAR_DOG),
        ("(1) car\n(2) dog", CAR_DOG),
        ("[1] car\n[2] dog", CAR_DOG),
        ("1 - car\n2 - dog", CAR_DOG),
        ("1 \u2013 car\n2 \u2013 dog", CAR_DOG),
        ("1 -> car\n2 -> dog", CAR_DOG),
        ("car \u2192 1\ndog \u2192 2", CAR_DOG),
        ("car => 1\ndog => 2", CAR_DOG),
        ("car - 1\ndog - 2", CAR_DOG),
        ("class 1: car\nclass 2: dog", CAR_DOG),
        ("Label 1 = car\nLabel 2 = dog", CAR_DOG),
        ("- 1: car\n- 2: dog", CAR_DOG),
        ("1: car, 2: dog", CAR_DOG),
        ("1. police car, red\n2. dog", ({1: "police car, red", 2: "dog"}, {})),
        ("value,name\n1.0,car\n2.0,dog", CAR_DOG),
        (",value,name\n0,1.0,car\n1,2.0,dog", CAR_DOG),
        ("1,0;car\n2,0;dog", CAR_DOG),
        ("1 car 0.98\n2 dog 1.0", CAR_DOG),
        ("\u201ccar\u201d: 1\n\u201cdog\u201d: 2", CAR_DOG),
        ("1,car - red\n2,dog", ({1: "car - red", 2: "dog"}, {})),
        ("name,id\ncar 2. row,1\nmy class 3: dog,2", ({1: "car 2. row", 2: "my class 3: dog"}, {})),
        ("- car\n- dog", CAR_DOG),
        ("* car\n* dog", CAR_DOG),
        ("12 red car\n15 big dog", ({12: "red car", 15: "big dog"}, {})),
        # colours in other forms
        ("car,#f00\ndog,#00f", RED_BLUE),
        ("#f00 car\n#00f dog", RED_BLUE),
        ("#add these later\n1 car\n2 dog", CAR_DOG),
        ("car,rgb(255,0,0)\ndog,rgb(0, 0, 255)", RED_BLUE),
        ("car rgba(255,0,0,0.5)\ndog rgb(0% 0% 100%)", RED_BLUE),
        ("hsl(0, 100%, 50%) car\nhsl(240, 100%, 50%) dog", RED_BLUE),
        ("car (255, 0, 0)\ndog (0, 0, 255)", RED_BLUE),
        ("car: [255, 0, 0]\ndog: [0, 0, 255]", RED_BLUE),
        ("car,0xff0000\ndog,0x0000ff", RED_BLUE),
        ("car,1.0,0.0,0.0\ndog,0,0,1", RED_BLUE),
        ("1,car,1.0,0,0\n2,dog,0,0,1.0", BOTH),
        ("1 1.0 0.0 0.0 car\n2 0.0 0.0 1.0 dog", BOTH),
        ("name,r,g,b\ncar,1.0,0,0\ndog,0,0,1", RED_BLUE),
        ("car;red\ndog;Blue", RED_BLUE),
        ("red: car\nblue: dog", RED_BLUE),
        ("name,color\ncar,red\ndog,blue", RED_BLUE),
        ("car = dark green\ndog = Green", ({}, {0x6400: "car", 0x8000: "dog", 0xFF00: "dog"})),
        ("red\nblue", ({1: "red", 2: "blue"}, {})),
        ("1: red\n2: blue", ({1: "red", 2: "blue"}, {})),
        # what spreadsheets, YAML, TensorFlow and other keyboards have around it
        ("sep=;\r\n1;car\r\n2;dog\r\n", CAR_DOG),
        ('"sep=,"\nid,name\n1,car\n2,dog', CAR_DOG),
        ("sep=;\ncar\ndog", CAR_DOG),
        ("names:\n- car\n- dog", CAR_DOG),
        ("labels:\n  - name: car\n    id: 1\n  - name: dog\n    id: 2", CAR_DOG),
        ("- {id: 1, name: 'car'}\n- {id: 2, name: dog}", CAR_DOG),
        ("item {\n  id: 1\n  name: 'car'\n}\nitem {\n  id: 2\n  name: 'dog'\n}\n", CAR_DOG),
        ('item { name: "/m/01" id: 1 display_name: "car" }', ({1: "car"}, {})),
        ("1\uff1acar\n2\uff1adog", CAR_DOG),
        ("car, dog", CAR_DOG),
        # names alone, counted
        ("car\ndog", CAR_DOG),
        ("background\ncar\ndog", CAR_DOG),
        ("__ignore__\n_background_\ncar\ndog", CAR_DOG),
        ("", None),
        ("\n \n", None),
        ("# nothing but a comment", None),
        ("x" * 3000, None),
        ("CLASSNAME", ({1: "CLASSNAME"}, {})),
    ],
)  # fmt: skip
def test_lines_of_text_are_a_legend(text: str, expected: tuple | None) -> None:
    assert maps(legend_of_text(text, "legend.txt")) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"1": "car", "2": "dog"}, CAR_DOG),
        ({"car": 1, "dog": 2}, CAR_DOG),
        ({"car": "1", "dog": "2"}, CAR_DOG),
        ({"#ff0000": "car", "#0000ff": "dog"}, RED_BLUE),
        ({"car": "#ff0000", "dog": "#0000ff"}, RED_BLUE),
        ({"car": [255, 0, 0], "dog": [0, 0, 255, 255]}, RED_BLUE),
        ({"car": [1.0, 0.0, 0.0], "dog": [0.0, 0.0, 1.0]}, RED_BLUE),
        ({"1": {"name": "car", "color": "#ff0000"}, "2": {"name": "dog", "rgb": [0, 0, 255]}},
         BOTH),
        ({"car": {"value": 1}, "dog": {"value": 2}}, CAR_DOG),
        ([{"name": "car", "id": 1}, {"name": "dog", "id": 2}], CAR_DOG),
        ([{"title": "car", "color": "#FF0000"}, {"title": "dog", "color": "#0000FF"}], RED_BLUE),
        ([{"Label": "car", "Red": 255, "Green": 0, "Blue": 0}], ({}, {0xFF0000: "car"})),
        ({"labels": [{"name": "car", "id": 1}], "version": "2"}, ({1: "car"}, {})),
        ({"model": "x", "id2label": {"1": "car", "2": "dog"}, "label2id": {"z": 9}}, CAR_DOG),
        ({"a": {"b": 1}, "names": ["car", "dog"]}, CAR_DOG),
        (["background", "car", "dog"], CAR_DOG),
        ([["car", 1], ["dog", 2]], CAR_DOG),
        ([[1, "car"], [2, "dog"]], CAR_DOG),
        ({"1": "car", "2": None, "3": []}, None),
        ({"version": "1.0", "author": "me"}, None),
        ({"1": ""}, None),
        ({"car": True}, None),
        ({"car": -1}, None),
        ({"car": 1e400}, None),
        ({"car": [256, 0, 0]}, None),
        ([], None), ({}, None), (None, None), (5, None), ("car", None), ([[]], None), ([1], None),
    ],
)  # fmt: skip
def test_json_is_a_legend(value: object, expected: tuple | None) -> None:
    assert maps(legend_of_json(value, "legend.json")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{1: 'car', 2: 'dog'}", CAR_DOG),
        ("CLASSES = {\n    1: 'car',  # the first\n    2: 'dog',\n}\n", CAR_DOG),
        ("export const names = {1: 'car', 2: 'dog'};", CAR_DOG),
        ("{car: 1, dog: 2}", CAR_DOG),
        ('{"1": "car", "2": "dog",}', CAR_DOG),
        ('{\n// the classes\n"1": "car", /* both */ "2": "dog"}', CAR_DOG),
        ('["car", "dog",]', CAR_DOG),
        ("[('car', (255, 0, 0)), ('dog', (0, 0, 255))]", RED_BLUE),
        ("{(255, 0, 0): 'car', (0, 0, 255): 'dog'}", RED_BLUE),
        ('{"car": "red", "dog": "blue"}', RED_BLUE),
        ('{"id": 1, "name": "car"}\n{"id": 2, "name": "dog"}\n', CAR_DOG),
        ("\ufeff{'car': 0x1, 'dog': 2, 'nothing': None}", CAR_DOG),
        ("{1: 'caf\\u00e9', 2: '\\ud83d\\ude00'}", ({1: "caf\u00e9", 2: "\U0001f600"}, {})),
        ("car = 1\ndog = 2", CAR_DOG),
        ("names = {1: 'car'", ({1: "names = {1: 'car"}, {})),
    ],
)
def test_a_file_is_read_as_people_and_programs_write_it(
    text: str, expected: tuple, tmp_path: Path
) -> None:
    path = tmp_path / "legend.txt"
    path.write_text(text, encoding="utf-8")
    value = read_text_file(path, ReadLimits())
    read = legend_of_text if isinstance(value, str) else legend_of_json
    assert maps(read(value, "legend.txt")) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{1: 'car'", "line 1, column 2: Expecting property name enclosed in double quotes"),
        ("{1: f(2)}", "line 1, column 2: Expecting property name enclosed in double quotes"),
        ('{"1": car}', "line 1, column 7: Expecting value"),
        ('{"1": "car"]', "line 1, column 12: Expecting ',' delimiter"),
        ("[" * 99 + "(", "line 1, column 100: Expecting value"),
        ('["' + "a" * 500_000 + '",]', "line 1, column 500005: Expecting value"),
    ],
)
def test_what_is_no_value_at_all_is_refused_as_json(text: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_text_file(path, ReadLimits())
    assert str(caught.value).startswith(f"a.json is not JSON: {place}")


@given(st.text("{}[](),:;'\"\\#/* \n=.01eaxu-", max_size=60))
def test_any_text_is_a_value_or_none(text: str) -> None:
    with suppress(LiteralError):
        read_literals(text)


def test_the_first_name_of_a_number_counts() -> None:
    assert maps(legend_of_text("1 car\n1 dog", "a.txt")) == ({1: "car"}, {})


@pytest.mark.parametrize(("text", "first"), [("car\ndog", 1), ("background\ncar", 0)])
def test_from_which_number_names_are_counted_is_said(text: str, first: int) -> None:
    legend = legend_of_text(text, "a.txt")
    assert legend is not None
    assert legend.note == f"its names are counted from {first}"


@pytest.mark.parametrize("read", [
    lambda: legend_of_text("car,red\ndog,blue", "a.csv"),
    lambda: legend_of_json({"car": "red", "dog": "blue"}, "a.json"),
])  # fmt: skip
def test_that_colours_are_read_by_their_names_is_said(read) -> None:
    assert read().note == "its colours are read by their names"


def test_a_name_that_cannot_be_shown_is_cleaned_and_cut() -> None:
    assert maps(legend_of_json({"1": " c\0a\x1br "}, "a")) == ({1: "car"}, {})
    legend = legend_of_json({"1": "x" * 999}, "a")
    assert legend is not None
    assert legend.by_number[1] == "x" * 200


@pytest.mark.parametrize(
    "read",
    [
        lambda: legend_of_json([str(number) + "a" for number in range(4097)], "many.json"),
        lambda: legend_of_json({f"a{number}": number for number in range(4097)}, "many.json"),
    ],
)
def test_more_names_than_labels_are_refused(read) -> None:
    with pytest.raises(InputError) as caught:
        read()
    assert str(caught.value) == "many.json has 4097 names: a mask has at most 4096 labels"


def test_more_lines_than_a_legend_has_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        legend_of_text("\n" * 12289, "a.txt")
    assert str(caught.value) == "a.txt has more than 12288 lines: it is no legend"


names = st.text("abcdefgh", min_size=2, max_size=6).filter(lambda name: name != "bg")


@given(
    st.dictionaries(st.integers(1, 65535), names, min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t", ": ", " ", " = ", "|"]),
    st.booleans(),
)
def test_numbers_and_names_are_read_with_any_mark_and_either_way_round(
    known: dict[int, str], mark: str, is_name_first: bool
) -> None:
    pairs = [(name, str(number)) for number, name in known.items()]
    text = "\n".join(mark.join(pair if is_name_first else pair[::-1]) for pair in pairs)
    assert maps(legend_of_text(text, "a.txt")) == (known, {})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5) | st.sampled_from(["labels", "name", "id"]), inner)
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_a_legend_or_none(value: object) -> None:
    legend = legend_of_json(value, "a.json")
    assert legend is None or len(legend) > 0


@given(st.text(max_size=80))
def test_any_text_is_a_legend_or_none(text: str) -> None:
    legend = legend_of_text(text, "a.txt")
    assert legend is None or len(legend) > 0
