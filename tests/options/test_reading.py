import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segui.errors import InputError
from segui.expression.suggest import _nearest
from segui.options import (
    OPTIONS,
    clean_options,
    default_values,
    no_such,
    read_options,
    split_options,
    stored_options,
    take_options,
)

DEFAULTS = default_values()
OF_PIXELATE = (
    "strength is 2.5: expected a whole number of px from 1 to 10000 for pixelate, or 0, which fits"
    " the picture"
)
ANYTHING = [None, True, 0, 2.5, 3, 600, float("nan"), 10**400, "", "pixelate", "blur", [], {}]
said = st.dictionaries(st.sampled_from([*OPTIONS, "glow"]), st.sampled_from(ANYTHING))


def refusal(**values) -> str:
    with pytest.raises(InputError) as caught:
        read_options(values)
    return str(caught.value)


@pytest.mark.long
def test_the_table_is_read_without_torch_and_without_gradio():
    code = (
        "import sys, segui.options;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'gradio', 'transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_default_can_be_read_and_is_what_a_page_makes_of_it():
    assert read_options(DEFAULTS) == DEFAULTS
    assert clean_options(DEFAULTS) == DEFAULTS
    assert split_options(DEFAULTS) == (DEFAULTS, {})
    assert stored_options(DEFAULTS) == DEFAULTS


def test_a_servers_own_defaults_take_the_place_of_the_tables():
    assert default_values(device="cpu") == {**DEFAULTS, "device": "cpu"}
    meant = r"device is .cup. \(did you mean .cpu.\?\): expected one of .auto., .gpu., .cpu."
    with pytest.raises(InputError, match=meant):
        default_values(device="cup")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"feathr": 5}, "there is no option 'feathr': did you mean 'feather'?"),
        ({"Edge": "smooth"}, "there is no option 'Edge': did you mean 'edge'?"),
        ({"xyzzy": 5}, "there is no option 'xyzzy'"),
        ({"feather" * 10: 5}, f"there is no option '{('feather' * 10)[:60]}...'"),
        ({"grow": 600}, "grow is 600: expected a whole number from -500 to 500"),
        ({"strength": 10_001}, "strength is 10001: expected a number from -360 to 10000"),
        ({"expression": "x" * 1001}, "expression has 1001 characters: expected at most 1000"),
        ({"effect": "pixelate", "strength": 2.5}, OF_PIXELATE),
        (
            {"effect": "sepia", "strength": 120},
            (
                "strength is 120: expected a number of percent from 1 to 100 for sepia, or 0, "
                "which is the usual 100"
            ),
        ),
        (
            {"effect": "blur", "strength": -3},
            (
                "strength is -3: expected a number of px above 0, at most 10000 for blur, or 0, "
                "which fits the picture"
            ),
        ),
        (
            {"effect": "remove", "effect_on": "everything else"},
            "effect_on is 'everything else': expected 'filtered' for remove",
        ),
        (
            {"effect": "hide", "strength": 0.5},
            OF_PIXELATE.replace("2.5", "0.5").replace("pixelate", "hide"),
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_own_sentence(values, sentence):
    assert refusal(**values) == sentence


@pytest.mark.parametrize("effect", ["none", "blur", "grey", "cut-out"])
def test_a_strength_with_a_fraction_suits_what_has_none_and_blur(effect):
    assert read_options({"effect": effect, "strength": 2.5})["strength"] == 2.5


def test_a_page_learns_what_can_be_used_and_why_the_rest_cannot():
    assert split_options(
        {"grow": 600, "feather": 7, "effect": "pixelate", "strength": 2.5, "feathr": 1}
    ) == (
        {"feather": 7, "effect": "pixelate"},
        {
            "grow": "grow is 600: expected a whole number from -500 to 500",
            "feathr": "there is no option 'feathr': did you mean 'feather'?",
            "strength": OF_PIXELATE,
        },
    )


def test_an_emptied_box_says_the_default_and_a_colour_is_taken_as_the_picker_writes_it():
    good, refused = split_options(
        {"drop_size": None, "grow": None, "colour": "rgba(255, 0, 51, 1)"}
    )
    assert (good, refused) == ({"drop_size": 10, "grow": 0, "colour": "#ff0033"}, {})
    assert split_options({"colour": ""}) == ({"colour": "#000000"}, {})


def test_what_is_refused_leaves_the_last_value_in_force():
    last = {**DEFAULTS, "grow": 3}
    taken, refused = take_options(last, {"grow": 600, "feather": 9})
    assert taken == {**DEFAULTS, "grow": 3, "feather": 9}
    assert list(refused) == ["grow"]


def test_a_strength_that_the_last_effect_cannot_take_leaves_the_last_strength():
    last = {**DEFAULTS, "effect": "pixelate", "strength": 8}
    assert take_options(last, {"strength": 2.5}) == (last, {"strength": OF_PIXELATE})


def test_a_strength_of_another_effect_gives_way_to_the_default():
    last = {**DEFAULTS, "effect": "blur", "strength": 2.5}
    taken, refused = take_options(last, {"effect": "pixelate"})
    assert taken == {**DEFAULTS, "effect": "pixelate", "strength": 0}
    assert refused == {"strength": OF_PIXELATE}


def test_of_two_strengths_that_do_not_suit_the_one_that_was_said_is_told():
    last = {**DEFAULTS, "effect": "blur", "strength": 3.5}
    taken, refused = take_options(last, {"effect": "pixelate", "strength": 2.5})
    assert taken == {**DEFAULTS, "effect": "pixelate", "strength": 0}
    assert refused == {"strength": OF_PIXELATE}


def test_a_very_long_name_is_neither_compared_nor_remembered():
    before = _nearest.cache_info()
    assert no_such("x" * 61, OPTIONS) == f"there is no option '{'x' * 60}...'"
    assert _nearest.cache_info() == before


@settings(deadline=None)
@given(said, said)
def test_whatever_is_said_what_is_in_force_can_be_used(first, second):
    before, _ = take_options(DEFAULTS, first)
    taken, refused = take_options(before, second)
    assert read_options(taken) == taken
    assert set(taken) == set(OPTIONS)
    assert all(isinstance(sentence, str) for sentence in refused.values())
    good, also = split_options(second)
    assert set(good) | set(also) == set(second)
    assert not set(good) & set(also)


def test_a_recipe_holds_a_strength_as_its_effect_takes_it():
    assert clean_options({"effect": "pixelate", "strength": 2.6})["strength"] == 3
    assert clean_options({"effect": "hide", "strength": 0.2})["strength"] == 1
    assert clean_options({"effect": "blur", "strength": 2.6})["strength"] == 2.6
    assert clean_options({"effect": "pixelate", "strength": 0})["strength"] == 0
    assert clean_options({"effect": "sepia", "strength": 400})["strength"] == 100
    assert clean_options({"effect": "hue", "strength": -90.5})["strength"] == -90.5


def test_a_recipe_removes_nothing_but_the_chosen():
    asked = {"effect": "remove", "effect_on": "everything else"}
    assert clean_options(asked) == {"effect": "remove", "effect_on": "filtered"}


@pytest.mark.parametrize("kept", [None, "text", [], [1, 2], 5])
def test_a_browser_that_kept_no_values_by_name_kept_nothing(kept):
    assert stored_options(kept) == {}


def test_one_stored_option_that_cannot_be_used_takes_no_other_with_it():
    kept = {"effect": "<script>", "feather": 300, "grow": 9999, "glow": 3, "names": None}
    assert stored_options(kept) == {"feather": 300, "names": ""}
