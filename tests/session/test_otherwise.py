"""Buttons beside what is said of the files: each is the option that takes them otherwise."""

import json

import pytest

from segui.options import default_values
from segui.session.otherwise import taken_otherwise

OPTIONS = default_values()


@pytest.mark.parametrize(
    ("before", "data", "changed"),
    [
        ({}, {"option": "scale", "value": "true"}, {"scale": True}),
        ({}, {"option": "shrink", "value": "true"}, {"shrink": True}),
        ({}, {"option": "turn_photo", "value": "xmp"}, {"turn_photo": "xmp"}),
        ({}, {"option": "align", "value": "True"}, {"align": True}),
        ({}, {"option": "count_cast", "value": "True"}, {"count_cast": True}),
        ({}, {"option": "invert"}, {"invert": True}),
        ({"invert": True}, {"option": "invert"}, {"invert": False}),
        ({}, {"option": "mask_kind", "value": "labels"}, {"mask_kind": "labels"}),
        ({}, {"option": "leave_out", "value": "sky"}, {"leave_out": "sky"}),
        (
            {"leave_out": "sky"},
            {"option": "leave_out", "value": "sea"},
            {"leave_out": "sky, sea"},
        ),
        ({"keep_labels": "cat"}, {"option": "keep_labels", "value": "dog"}, {"keep_labels": "dog"}),
        ({}, {"option": "feather", "value": "500"}, {}),
        ({}, {"left_out": True}, {}),
    ],
)
def test_a_button_changes_its_option_alone(before, data, changed):
    assert taken_otherwise({**OPTIONS, **before}, data) == changed


def test_one_of_a_file_changes_what_is_said_of_that_file():
    data = {"option": "invert", "file": "a.png"}
    changed = taken_otherwise({**OPTIONS}, data)
    assert changed.keys() == {"each_mask"}
    assert json.loads(changed["each_mask"]) == {"a.png": {"invert": True}}
