import subprocess
import sys

import pytest

from segui.backend import effects
from segui.backend.effect_table import (
    CUT_OUT,
    EFFECT_NAMES,
    EFFECTS,
    HIDE,
    NO_EFFECT,
    find_effect,
    strength_of,
)
from segui.errors import InputError

ALL = "none, blur, pixelate, grey, invert, colour, cut-out, hide"


def test_each_effect_on_a_picture_has_its_function_and_no_other_has():
    named = [row.name for row in EFFECTS if row.makes == "picture"]
    assert list(effects._MAKERS) == named
    assert list(effects.PICTURE_EFFECTS) == named


def test_each_name_is_one_effects_and_so_is_what_a_page_calls_it():
    assert ", ".join(EFFECT_NAMES) == ALL
    assert len({row.label for row in EFFECTS}) == len({row.name for row in EFFECTS}) == 8


def test_what_changes_no_picture_says_what_it_makes_instead():
    kinds = {row.name: row.makes for row in EFFECTS if row.makes != "picture"}
    assert kinds == {NO_EFFECT: "nothing", CUT_OUT: "transparency", HIDE: "areas"}


def test_only_some_take_a_strength_and_one_a_colour():
    assert [row.name for row in EFFECTS if row.strength] == ["blur", "pixelate", "hide"]
    assert [row.name for row in EFFECTS if row.takes_colour] == ["colour"]


@pytest.mark.parametrize(
    ("effect", "longer_px", "strength"),
    [
        *(("blur", 1000, 15.0), ("blur", 100, 2.0)),
        *(("pixelate", 480, 10), ("pixelate", 10, 2)),
        *(("hide", 65, 11), ("hide", 10, 4)),
    ],
)
def test_a_strength_that_nobody_says_fits_what_the_effect_is_made_for(effect, longer_px, strength):
    assert strength_of(effect, None, longer_px) == strength


@pytest.mark.parametrize("effect", ["pixelate", "hide"])
def test_a_block_is_a_whole_number_of_pixels(effect):
    assert [strength_of(effect, each, 9) for each in (1, 2.0, 10_000)] == [1, 2, 10_000]
    for wrong in (0, 0.5, 2.5, 10_001, -1, float("nan"), True, "5"):
        with pytest.raises(InputError) as caught:
            strength_of(effect, wrong, 9)
        assert str(caught.value) == (
            f"the strength of {effect} is {wrong!r}: expected a whole number of px from 1 to 10000"
        )


def test_a_blur_may_be_as_narrow_as_one_likes():
    assert [strength_of("blur", each, 9) for each in (0.01, 2.5, 10_000)] == [0.01, 2.5, 10_000]
    for wrong in (0, -1, 10_000.5, float("inf"), False, "5"):
        with pytest.raises(InputError) as caught:
            strength_of("blur", wrong, 9)
        assert str(caught.value) == (
            f"the strength of blur is {wrong!r}: expected a number of px above 0, at most 10000"
        )


def test_what_has_no_strength_says_so():
    with pytest.raises(InputError) as caught:
        strength_of("grey", 3, 9)
    assert str(caught.value) == "the effect 'grey' has no strength"


def test_a_name_that_is_none_is_told_those_there_are():
    with pytest.raises(InputError) as caught:
        find_effect("sepia")
    assert str(caught.value) == f"effect is 'sepia': expected one of {ALL}"


def test_the_table_is_there_before_torch_is():
    code = "import sys, segui.backend.effect_table; print({'torch', 'cv2'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
