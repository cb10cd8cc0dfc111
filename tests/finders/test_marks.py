"""Points and boxes as programs say them."""

import json

import pytest

from segui import Box, InputError
from segui.finders.base import Point
from segui.finders.marks import read_boxes, read_points


def test_points_say_whether_they_are_wanted():
    said = json.dumps([[10, 20, 1], [30, 40, 0], [5, 6], [7.9, 8.2, True]])
    assert read_points(said) == (
        Point(10, 20),
        Point(30, 40, is_wanted=False),
        Point(5, 6),
        Point(7, 8),
    )


def test_a_boxs_corners_come_in_any_order():
    assert read_boxes("[[30, 5, 10, 25.9]]") == (Box(10, 5, 30, 25),)


@pytest.mark.parametrize("text", ["", "  \n", "[]"])
def test_nothing_is_none(text):
    assert read_points(text) == read_boxes(text) == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[1, 2", "points is not JSON: line 1, column 7: Expecting ',' delimiter"),
        ("{}", "points is an object: expected a list of lists"),
        ("[3]", "points[0] is 3: expected [x, y, 1 or 0]"),
        ("[[1, 2], [1]]", "points[1] is a list of 1: expected [x, y, 1 or 0]"),
        ("[[1, 2, 3, 4]]", "points[0] is a list of 4: expected [x, y, 1 or 0]"),
        ("[[1, 2, 7]]", "points[0] ends with 7: expected 1 or 0"),
        ('[[1, 2, "1"]]', "points[0] ends with '1': expected 1 or 0"),
        ("[[1, null]]", "points[0] has None: expected a number of px"),
        ("[[1, true]]", "points[0] has True: expected a number of px"),
        ("[[1, NaN]]", "points[0] has nan: expected a number of px"),
        ("[[1, 1e300]]", "points[0] has 1e+300: expected a number of px"),
        (f"[[1, {10**400}]]", "points[0] has a number of 401 digits: expected a number of px"),
        ("[" * 20_000, "points is nested too deeply: it cannot be read"),
        (
            json.dumps([[1, 2]] * 1001),
            "points has 1001 entries: at most 1000 are allowed",
        ),
    ],
)
def test_points_that_are_none_are_refused(text, sentence):
    with pytest.raises(InputError) as raised:
        read_points(text)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[1, 2, 3]]", "boxes[0] is a list of 3: expected [x1, y1, x2, y2]"),
        (
            "[[5, 6, 5, 9]]",
            "boxes[0] is [5, 6, 5, 9]: expected two corners apart in width and height",
        ),
        ('[[1, 2, 3, "4"]]', "boxes[0] has '4': expected a number of px"),
        (json.dumps([[1, 2, 3, 4]] * 101), "boxes has 101 entries: at most 100 are allowed"),
    ],
)
def test_boxes_that_are_none_are_refused(text, sentence):
    with pytest.raises(InputError) as raised:
        read_boxes(text)
    assert str(raised.value) == sentence
