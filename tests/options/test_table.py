"""What the engine has of the table: names, words and defaults."""

import inspect
from dataclasses import fields
from typing import get_args

import pytest

import segui
from segui.backend.coverage import coverage
from segui.backend.effect_table import EFFECTS
from segui.backend.opacity import Edge
from segui.classifiers.choice import asked_names
from segui.finders.base import Asked, FaceArea
from segui.finders.finding import WAYS
from segui.finders.segment_values import SegmentOptions
from segui.masks.files import MaskKind
from segui.models.finder_catalogue import FINDER_CATALOGUE, OWN_MODEL
from segui.options import OPTIONS, Number, option_range, option_values
from segui.paste_values import EffectOn, PasteOptions
from segui.scores.crops import Context
from segui.segments.cutting import CropOptions, Order
from segui.segments.reshape import reshape_segments
from segui.selection import OnUnknown


@pytest.mark.parametrize("options", [CropOptions, SegmentOptions, PasteOptions])
def test_the_engines_options_are_the_tables_with_its_defaults(options):
    for field in fields(options):
        # a page says 0 where the engine says None: what fits the picture
        expected = None if field.name == "strength" else OPTIONS[field.name].default
        assert field.default == expected


@pytest.mark.parametrize(
    "function",
    [
        segui.paste,
        coverage,
        reshape_segments,
        segui.segments_from_mask,
        segui.segments_from_labels,
        segui.classify,
        segui.find,
    ],
)
def test_the_functions_defaults_are_the_tables(function):
    parameters = inspect.signature(function).parameters
    shared = [name for name in parameters if name in OPTIONS and name not in _OTHERS]
    assert shared
    for name in shared:
        assert parameters[name].default == OPTIONS[name].default


# what is asked has none; a device of torch's own and names of numbers are something else
_OTHERS = {"expression", "classifier", "device", "names", "finder"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mask_kind", MaskKind),
        ("order", Order),
        ("edge", Edge),
        ("context", Context),
        ("on_unknown", OnUnknown),
        ("effect_on", EffectOn),
        ("face_area", FaceArea),
    ],
)
def test_a_type_of_words_has_the_tables(name, words):
    assert get_args(words) == option_values(name)


def test_every_way_to_find_is_offered():
    assert option_values("finder") == ("", *WAYS, OWN_MODEL)
    models = [entry.name for entry in FINDER_CATALOGUE]
    assert [name for _, name in OPTIONS["finder_repo"].offered] == models


def test_what_a_finder_is_asked_for_has_the_tables_defaults():
    shared = [field for field in fields(Asked) if field.name in OPTIONS and field.name != "words"]
    assert len(shared) == 6
    assert asked_names(OPTIONS["words"].default) == Asked().words
    for field in shared:
        assert field.default == OPTIONS[field.name].default


def test_every_effect_of_the_engine_is_offered():
    assert option_values("effect") == tuple(row.name for row in EFFECTS)


def test_each_strength_lies_within_the_options_range():
    least, most = option_range("strength")
    for strength in (row.strength for row in EFFECTS if row.strength):
        assert least <= strength.least <= strength.most <= most


def test_each_option_is_told_in_whole_sentences():
    for option in OPTIONS.values():
        assert option.meaning
        assert not option.meaning.endswith(".")
        assert option.label
        assert not option.help or option.help.endswith((".", "]"))


def test_a_sliders_end_lies_within_its_range():
    for option in OPTIONS.values():
        if option.slider_most is not None:
            assert isinstance(option.kind, Number)
            assert option.kind.least < option.slider_most <= option.kind.most


def test_a_number_is_described_with_its_range():
    assert OPTIONS["feather"].described == (
        "Width of the soft edge, a whole number of px from 0 to 500, or a share of each area from "
        "'0%' to '100%'."
    )
    assert OPTIONS["crop_factor"].described.endswith("a number from 1 to 100.")


def test_a_number_has_a_range():
    with pytest.raises(TypeError, match="edge is no number"):
        option_range("edge")
