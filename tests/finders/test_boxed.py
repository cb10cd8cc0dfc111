"""Boxes that a model has found: placed, each once, and outlined."""

import numpy as np
import pytest

from segui import Box
from segui.finders.models.boxed import Boxed, boxes_of, outlined, overlaps, without_repeats
from tests.finders.test_colours import drawn, from_edge


def test_boxes_are_placed_in_the_picture():
    centred = np.array([[0.5, 0.5, 0.5, 0.25], [0.9, 0.1, 0.4, 0.4], [1.5, 0.5, 0.2, 0.2]])
    assert boxes_of(centred, (100.0, 200.0), (100, 200)) == [
        Box(50, 38, 150, 62),
        Box(140, 0, 200, 30),
        Box(280, 40, 200, 60),
    ]


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (Box(0, 0, 10, 10), Box(0, 0, 10, 10), 1),
        (Box(0, 0, 10, 10), Box(5, 0, 15, 10), 50 / 150),
        (Box(0, 0, 10, 10), Box(10, 0, 20, 10), 0),
    ],
)
def test_an_overlap_is_what_both_have_of_what_they_have_together(one, other, share):
    assert overlaps(one, np.array([other, one])).tolist() == pytest.approx([share, 1])


def test_of_boxes_of_one_thing_the_surest_is_kept():
    found = [
        Boxed(Box(0, 0, 10, 10), "cat", 0.5),
        Boxed(Box(0, 0, 10, 11), "cat", 0.8),
        Boxed(Box(0, 0, 10, 10), "dog", 0.4),
        Boxed(Box(8, 8, 20, 20), "cat", 0.3),
        Boxed(Box(5, 5, 5, 9), "cat", 0.9),
    ]
    assert without_repeats(found) == [found[1], found[0 + 2], found[3]]


def test_what_stands_out_in_a_box_is_outlined_and_keeps_what_was_said_of_it():
    photo = drawn((300, 200), "white", (100, 100, 60, "crimson"))
    box = Box(30, 30, 170, 170)
    (area,) = outlined([Boxed(box, "ball", 0.4)], photo)
    inside = np.zeros((200, 300), bool)
    inside[area.box.slices] = area.levels > 127
    apart = from_edge((200, 300), 100, 100, 60)
    assert not (inside != (apart < 0))[np.abs(apart) > 1].any()
    assert (area.label, area.confidence, area.found) == ("ball", 0.4, box)


def test_a_box_in_which_nothing_stands_out_stays_a_box():
    (area,) = outlined([Boxed(Box(5, 5, 8, 8), "dot", 0.4)], np.zeros((20, 20, 3), np.uint8))
    assert area.box == Box(5, 5, 8, 8)
    assert (area.levels == 255).all()
