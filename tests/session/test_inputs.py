from dataclasses import fields, replace
from pathlib import Path

import pytest

from segui.finders.segment_values import SegmentOptions
from segui.geometry import Box
from segui.options import OPTIONS
from segui.paste_values import PasteOptions
from segui.session.files import FileRef, Files, Point
from segui.session.inputs import Inputs
from tests.session.fakes import DEFAULTS, MODEL, file, given

FRESH = Inputs.fresh(DEFAULTS)


def test_at_first_all_is_as_the_engine_has_it():
    assert FRESH.areas.segment_options() == SegmentOptions()
    assert FRESH.paste_options() == PasteOptions()
    assert (FRESH.rule, FRESH.classifier.name) == ("*", "Colour names")


def test_whatever_the_engine_takes_is_part_of_what_its_results_are_made_from():
    assert {name for name, _ in FRESH.areas.options} >= {one.name for one in fields(SegmentOptions)}
    assert {name for name, _ in FRESH.paste} == {one.name for one in fields(PasteOptions)} | {
        "fade"
    }


def test_every_option_is_part_of_something():
    used = {name for name, _ in (*FRESH.areas.options, *FRESH.paste)}
    asked = {"classifier", "repo", "device", "revision", "context", "names", "template"}
    taken = {"format", "quality", "camera_data"}
    assert used | asked | {"expression", "rules", "on_unknown", "among"} | taken == set(OPTIONS)


@pytest.mark.parametrize(
    ("effect", "strength", "taken"), [("blur", 12, 12), ("blur", 0, None), ("grey", 12, None)]
)
def test_a_strength_counts_for_the_effects_that_have_one(effect, strength, taken):
    inputs = given("photo", effect=effect, strength=strength)
    assert inputs.paste_options().strength == taken


def test_a_file_is_another_one_by_its_id_wherever_it_lies():
    here, there = FileRef("one", Path("a/photo.png")), FileRef("one", Path("b/photo.png"))
    assert here == there
    assert here != FileRef("two", Path("a/photo.png"))
    assert here.name == "photo.png"


@pytest.mark.parametrize(
    ("files", "enough"),
    [
        (Files(), False),
        (Files(file("photo")), False),
        (Files(masks=(file("mask"),), reference=file("edited")), False),
        (Files(file("photo"), masks=(file("mask"),)), True),
        (Files(file("photo"), reference=file("edited")), True),
        (Files(file("photo"), painted=file("painted")), True),
    ],
)
def test_a_photo_and_what_says_where_areas_are_is_enough(files, enough):
    assert files.are_enough is enough


def test_areas_are_the_same_whatever_stands_in_for_them():
    areas = given("photo", "mask").areas
    assert replace(areas, before=given("photo", "other").areas) == areas
    assert given("photo", "mask", "other").areas != areas
    assert given("photo", "mask", grow=1).areas != areas


def test_the_question_to_a_model_is_whom_it_is_asked_of_which_areas():
    asked = given("photo", "mask", **MODEL).question
    assert given("photo", "mask", **MODEL, feather=9).question == asked
    assert given("photo", "mask", **MODEL, context="bbox").question != asked
    assert given("photo", "other", **MODEL).question != asked


@pytest.mark.parametrize(
    ("finder", "marks", "used"),
    [
        ("faces", {}, "faces"),
        ("colours", {}, "colours"),
        ("click", {}, ""),
        ("click", {"points": (Point(1, 2, is_wanted=False),)}, ""),
        ("click", {"points": (Point(1, 2),)}, "click"),
        ("box", {"points": (Point(1, 2),)}, ""),
        ("box", {"boxes": (Box(1, 2, 3, 4),)}, "box"),
        ("", {"boxes": (Box(1, 2, 3, 4),)}, ""),
    ],
)
def test_a_finder_looks_once_it_is_told_where(finder, marks, used):
    inputs = given("photo", finder=finder)
    areas = replace(inputs, files=replace(inputs.files, **marks)).areas
    assert (areas.finder, areas.are_enough) == (used, bool(used))
    assert areas.segment_options().finder == used


def test_without_a_photo_nothing_is_looked_for():
    inputs = given("photo", finder="faces")
    assert not replace(inputs, files=Files()).areas.are_enough
