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
    REMOVE,
    STICKER,
    find_effect,
    strength_of,
)
from segui.errors import InputError

ALL = (
    "none, blur, pixelate, grey, invert, colour, cut-out, hide, brightness, contrast, saturation, "
    "hue, temperature, sepia, sharpen, remove, mosaic, sticker"
)


def test_each_effect_on_a_picture_has_its_function_and_no_other_has():
    named = [row.name for row in EFFECTS if row.makes == "picture"]
    assert list(effects._MAKERS) == named
    assert list(effects.PICTURE_EFFECTS) == named


def test_each_name_is_one_effects_and_so_is_what_a_page_calls_it():
    assert ", ".join(EFFECT_NAMES) == ALL
    assert len({row.label for row in EFFECTS}) == len({row.name for row in EFFECTS}) == 18


def test_what_changes_no_picture_says_what_it_makes_instead():
    areas = dict.fromkeys((HIDE, REMOVE, STICKER), "areas")
    kinds = {row.name: row.makes for row in EFFECTS if row.makes != "picture"}
    assert kinds == {NO_EFFECT: "nothing", CUT_OUT: "transparency", **areas}


def test_only_some_take_a_strength_and_one_a_colour():
    none = ["none", "grey", "invert", "colour", "cut-out", "remove", "sticker"]
    assert [row.name for row in EFFECTS if not row.strength] == none
    assert [row.name for row in EFFECTS if row.takes_colour] == ["colour"]


@pytest.mark.parametrize(
    ("effect", "longer_px", "strength"),
    [
        *(("blur", 1000, 15.0), ("blur", 100, 2.0)),
        *(("pixelate", 480, 10), ("pixelate", 10, 2)),
        *(("hide", 65, 11), ("hide", 10, 4)),
        *(("brightness", 9, 130), ("contrast", 9, 130), ("saturation", 9, 150), ("hue", 9, 180)),
        *(("temperature", 9, 40), ("sepia", 9, 100), ("sharpen", 9, 100)),
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


@pytest.mark.parametrize(
    ("effect", "good", "wrong", "expected"),
    [
        ("brightness", (1, 99.5, 1000), (0, 0.5, 1001, -1), "a number of percent from 1 to 1000"),
        ("hue", (-360, -0.5, 360), (0, 361, -361), "a number of degrees from -360 to 360, not 0"),
        ("temperature", (-100, 0.1, 100), (0, 101), "a number from -100 to 100, not 0"),
        ("sepia", (1, 100), (0.9, 101, float("nan")), "a number of percent from 1 to 100"),
    ],
)
def test_a_strength_has_its_own_unit_and_ends(effect, good, wrong, expected):
    assert [strength_of(effect, each, 9) for each in good] == [*good]
    for each in wrong:
        with pytest.raises(InputError) as caught:
            strength_of(effect, each, 9)
        assert str(caught.value) == f"the strength of {effect} is {each!r}: expected {expected}"


def test_each_slider_lies_within_the_ends_or_begins_with_0():
    for row in EFFECTS:
        if row.strength:
            first, last, step = row.strength.slider
            assert first == min(0, row.strength.least)
            assert first < row.strength.default(1000) <= last <= row.strength.most
            assert step > 0


def test_what_has_no_strength_says_so():
    with pytest.raises(InputError) as caught:
        strength_of("grey", 3, 9)
    assert str(caught.value) == "the effect 'grey' has no strength"


def test_a_name_that_is_none_is_told_those_there_are():
    with pytest.raises(InputError) as caught:
        find_effect("sepa")
    assert str(caught.value) == f"effect is 'sepa': expected one of {ALL}"


def test_the_table_is_there_before_torch_is():
    code = "import sys, segui.backend.effect_table; print({'torch', 'cv2'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
