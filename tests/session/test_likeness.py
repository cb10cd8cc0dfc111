"""More like these: what is decided by hand teaches the rest, in a session."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from segui.classifiers.likeness import NO_EXAMPLES
from segui.session import commands
from segui.session.by_hand import area_key
from segui.session.reduce import reduce
from tests.session.worked import inputs_of, view_of

COLOURS = ("crimson", "firebrick", "royalblue", "mediumblue", "crimson")


@pytest.fixture
def discs(tmp_path: Path):
    """Five discs in a row, red, red, blue, blue and red, judged by what is like some of them."""
    photo, mask = Image.new("RGB", (500, 200), (240, 240, 240)), Image.new("L", (500, 200))
    for place, colour in enumerate(COLOURS):
        box = [place * 100 + 10, 60, place * 100 + 89, 139]
        ImageDraw.Draw(photo).ellipse(box, fill=colour)
        ImageDraw.Draw(mask).ellipse(box, fill=255)
    photo.save(tmp_path / "photo.png")
    mask.save(tmp_path / "mask.png")
    asked = {"classifier": "Like these", "expression": "like > unlike", "effect": "invert"}
    return inputs_of(tmp_path / "photo.png", tmp_path / "mask.png", **asked)


def decided(inputs, folder, sides):
    segments = view_of(inputs, folder).scene.segments
    for number, side in sides.items():
        inputs = reduce(inputs, commands.Override(area_key(segments.items[number - 1]), side))
    return inputs


def sides(inputs, folder):
    return view_of(inputs, folder).selection.sides


def test_without_a_decision_nothing_is_known_and_that_is_said(discs, tmp_path):
    view = view_of(discs, tmp_path)
    assert view.selection.decisions == (None,) * 5
    assert view.plan.scored.notes == (NO_EXAMPLES,)


def test_what_is_like_one_that_was_included_is_chosen(discs, tmp_path):
    inputs = decided(discs, tmp_path, {1: "filtered", 3: "remained"})
    expected = ("filtered", "filtered", "remained", "remained", "filtered")
    assert sides(inputs, tmp_path) == expected
    assert view_of(inputs, tmp_path).plan.scored.notes == ()


def test_what_is_decided_otherwise_teaches_otherwise(discs, tmp_path):
    inputs = decided(discs, tmp_path, {1: "remained", 3: "filtered"})
    assert sides(inputs, tmp_path) == ("remained", "remained", "filtered", "filtered", "remained")
    back = decided(inputs, tmp_path, {1: None, 3: None})
    assert back.classifier.key == discs.classifier.key


def test_another_edit_knows_what_was_decided_in_the_first(discs, tmp_path):
    inputs = decided(discs, tmp_path, {1: "filtered", 3: "remained"})
    more = reduce(inputs, commands.AddEdit())
    assert not more.overrides
    assert more.classifier.examples == inputs.classifier.examples


def test_other_classifiers_are_asked_the_same_whatever_is_decided(discs, tmp_path):
    inputs = decided(discs, tmp_path, {1: "filtered"})
    named = commands.SetOptions({"classifier": "Colour names"})
    assert reduce(inputs, named).question == reduce(discs, named).question


def test_areas_that_have_grown_are_still_examples(discs, tmp_path):
    inputs = decided(discs, tmp_path, {1: "filtered", 3: "remained"})
    grown = reduce(inputs, commands.SetOptions({"grow": 4}))
    scores = view_of(grown, tmp_path).plan.scored.scores
    assert [score["like"] for score in scores][::2][:2] == [1, 0]
    assert np.argmax([score["unlike"] for score in scores]) == 2
