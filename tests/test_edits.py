"""Several edits in one picture, against the formulas in float64 and against one edit at a time."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from segui import (
    Edit,
    ExpressionError,
    InputError,
    SeguiError,
    apply_edits,
    read_edits,
    segments_from_mask,
)
from segui.backend.coverage import coverage
from segui.edits import MAX_EDITS, choose_for_edits, edit_steps, make_edits
from segui.errors import SumError
from segui.images.pictures import Picture
from segui.paste_values import PasteOptions
from segui.pipeline import Scene, choose
from segui.rendering import render
from segui.settings import Settings

SIZE_HW = (60, 90)
BOXES = ((5, 5, 25, 25), (35, 5, 55, 25), (65, 5, 85, 25), (5, 33, 25, 53))
SCORES = ({"red": 0.9, "big": 0.1}, {"red": 0.7, "big": 0.8}, {"red": 0.2, "big": 0.9}, {})
NUMBERS = range(1, len(BOXES) + 1)


def photo() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (*SIZE_HW, 3), np.uint8)


def segments():
    mask = torch.zeros(SIZE_HW)
    for x1, y1, x2, y2 in BOXES:
        mask[y1:y2, x1:x2] = 1
    return segments_from_mask(mask)


def scene(pixels: np.ndarray | None = None, reference: np.ndarray | None = None) -> Scene:
    other = None if reference is None else Picture(reference)
    return Scene(Picture(photo() if pixels is None else pixels), other, segments())


def chosen(edited) -> list[list[int]]:
    """The numbers of the segments that each edit chose."""
    return [
        [
            number
            for number, side in zip(NUMBERS, selection.sides, strict=True)
            if side == "filtered"
        ]
        for selection in edited.selections
    ]


def done(*said: dict, pixels: np.ndarray | None = None, reference: np.ndarray | None = None):
    image = photo() if pixels is None else pixels
    return apply_edits(image, segments(), SCORES, read_edits([*said]), reference=reference)


# ---- what is made of a picture -----------------------------------------------------------------
# by the formulas of docs and docstrings, on float64 levels
FORMULAS = {
    "invert": lambda x: 255 - x,
    "grey": lambda x: (x @ np.array([0.299, 0.587, 0.114]))[..., None].repeat(3, axis=2),
    "colour": lambda x: np.full_like(x, 0) + np.array([255.0, 128.0, 0.0]),
}
EDITS = st.lists(
    st.fixed_dictionaries(
        {
            "rule": st.sampled_from(["red > 50%", "big > 50%", "*", "not red > 50%"]),
            "effect": st.sampled_from([*FORMULAS]),
            "effect_on": st.sampled_from(["filtered", "everything else"]),
            "among": st.sampled_from(["all", "left"]),
            "feather": st.sampled_from([0, 3, 9]),
            "alpha": st.sampled_from([60, 128, 255]),
            "edge": st.sampled_from(["smooth", "outward"]),
            "colour": st.just("#ff8000"),
            "enabled": st.booleans(),
        }
    ),
    max_size=4,
)


@given(said=EDITS)
def test_each_edit_is_laid_over_what_the_ones_before_it_left(said):
    result = done(*said)
    expected = photo().astype(np.float64)
    for one, selection in zip(said, result.selections, strict=True):
        if not one["enabled"]:
            continue
        shape = {name: one[name] for name in ("feather", "alpha", "edge")}
        cover = coverage(selection.filtered, SIZE_HW, **shape).double().numpy()[..., None]
        weight = cover if one["effect_on"] == "filtered" else 1 - cover
        changed = FORMULAS[one["effect"]](expected)
        expected = expected + weight * (changed - expected)
    # a level for each edit: each one is rounded
    assert np.abs(result.pixels - expected).max() <= max(1, len(said))


def test_no_edit_leaves_the_photo_as_it_is():
    image = photo()
    result = apply_edits(image, segments(), SCORES, ())
    assert np.array_equal(result.pixels, image)
    assert not np.shares_memory(result.pixels, image)
    assert result.selections == ()


@pytest.mark.parametrize(
    "effect", ["blur", "pixelate", "grey", "invert", "hide", "cut-out", "none"]
)
@pytest.mark.parametrize("effect_on", ["filtered", "everything else"])
def test_one_edit_is_what_one_paste_was(effect, effect_on):
    reference = 255 - photo()
    options = PasteOptions(effect=effect, effect_on=effect_on, feather=4, alpha=200)
    one = scene(reference=reference)
    selection = choose(one, SCORES, "red > 50%")
    made = make_edits(one, (Edit("red > 50%", options),), (selection,))
    assert np.array_equal(made, render(one, selection.filtered, options))


def test_an_effect_is_made_of_what_is_there_by_then():
    twice = done(*[{"effect": "invert", "feather": 0}] * 2)
    assert np.array_equal(twice.pixels, photo())


def test_what_was_cut_out_stays_transparent_under_later_edits():
    result = done(
        {"rule": "red > 50%", "effect": "cut-out", "feather": 0},
        {"rule": "*", "effect": "colour", "colour": "#ff0000", "feather": 0},
    )
    assert result.pixels.shape == (*SIZE_HW, 4)
    assert result.pixels[15, 15].tolist() == [255, 0, 0, 255]
    assert result.pixels[15, 75, 3] == 0


def test_the_photo_and_the_scene_stay_as_they_are():
    image = photo()
    before = scene(image)
    edits = read_edits([{"effect": "invert"}, {"effect": "grey"}])
    make_edits(before, edits, choose_for_edits(before, SCORES, edits))
    assert np.array_equal(image, photo())
    assert before.photo.pixels is image


def test_an_edited_version_is_pasted_by_each_edit_that_takes_it():
    reference = np.full((*SIZE_HW, 3), 7, np.uint8)
    result = done({"rule": "@label = nobody or red > 80%", "feather": 0}, reference=reference)
    assert result.pixels[15, 15].tolist() == [7, 7, 7]
    assert np.array_equal(result.pixels[15, 45], photo()[15, 45])


# ---- which segments an edit has ----------------------------------------------------------------
def test_each_rule_chooses_among_all_segments():
    result = done(
        {"rule": "red > 50%", "effect": "grey"}, {"rule": "big > 50%", "effect": "invert"}
    )
    assert chosen(result) == [[1, 2], [2, 3]]


def test_among_what_is_left_the_first_edit_that_matches_has_a_segment():
    result = done(
        {"rule": "red > 50%", "effect": "grey"},
        {"rule": "big > 50%", "effect": "invert", "among": "left"},
        {"rule": "*", "effect": "blur", "among": "left"},
    )
    assert chosen(result) == [[1, 2], [3], [4]]
    second = result.selections[1]
    assert second.reasons[1] == "edit 1 has it; by this rule: big 80% > 50% is true"
    assert second.reasons[2] == "big 90% > 50% is true"


def test_an_edit_that_is_not_made_has_nothing_and_changes_nothing():
    off = {"rule": "*", "effect": "invert", "enabled": False}
    on = {"rule": "*", "effect": "grey", "among": "left"}
    result = done(off, on)
    assert chosen(result) == [[], [1, 2, 3, 4]]
    assert np.array_equal(result.pixels, done({"rule": "*", "effect": "grey"}).pixels)


def test_segments_are_put_in_and_out_by_hand_for_each_edit():
    result = done(
        {"rule": "red > 50%", "effect": "grey", "by_hand": {"1": False, "4": True}},
        {"rule": "red > 50%", "effect": "invert"},
    )
    assert chosen(result) == [[2, 4], [1, 2]]
    assert result.selections[0].reasons[0] == "by hand; red 90% > 50% is true"


def test_what_an_earlier_edit_has_stays_its_own_whatever_the_hand_says():
    result = done(
        {"rule": "red > 80%", "effect": "grey"},
        {"rule": "big > 50%", "effect": "invert", "among": "left", "by_hand": {"1": True}},
    )
    assert chosen(result) == [[1], [2, 3]]


def test_the_undecided_go_where_each_edit_says():
    result = done(
        {"rule": "red > 50%", "effect": "grey", "on_unknown": "filter"},
        {"rule": "red > 50%", "effect": "grey", "on_unknown": "review"},
    )
    assert chosen(result) == [[1, 2, 4], [1, 2]]
    assert result.selections[1].sides[3] == "review"


@given(said=EDITS)
def test_no_segment_is_taken_twice_where_each_takes_what_is_left(said):
    edits = read_edits([{**one, "among": "left"} for one in said])
    picked = [
        number
        for selection in choose_for_edits(scene(), SCORES, edits)
        for number, side in zip(NUMBERS, selection.sides, strict=True)
        if side == "filtered"
    ]
    assert len(picked) == len(set(picked))


# ---- what is said ------------------------------------------------------------------------------
def test_what_an_edit_does_not_say_is_as_the_call_says():
    (first, second) = read_edits(
        [{"effect": "grey"}, {"feather": 2, "strength": 0, "effect": "blur"}],
        {"feather": 30, "alpha": 9, "strength": 12, "effect": "blur"},
    )
    assert first == Edit(paste=PasteOptions(effect="grey", feather=30, alpha=9))
    assert second == Edit(paste=PasteOptions(effect="blur", feather=2, alpha=9))


def test_all_that_an_edit_has_can_be_said():
    said = {
        "name": "coats",
        "rule": "red > 1%",
        "on_unknown": "review",
        "among": "left",
        "by_hand": {"3": True},
        "enabled": False,
        "effect": "pixelate",
        "effect_on": "everything else",
        "strength": 9,
        "colour": "#ffffff",
        "feather": 0,
        "alpha": 1,
        "edge": "outward",
    }
    paste = PasteOptions("pixelate", "everything else", 0, 1, "outward", 9, "#ffffff")
    expected = Edit("red > 1%", paste, "left", "review", {3: True}, "coats", enabled=False)
    assert read_edits([said]) == (expected,)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "edits is an object: expected a list of objects"),
        ("grey", "edits is 'grey': expected a list of objects"),
        ([{}] * 51, f"there are 51 edits: at most {MAX_EDITS} are allowed"),
        ([[]], "edit 1: it is a list: expected an object"),
        ([{}, {"efect": "grey"}], "edit 2: there is no value 'efect': did you mean 'effect'?"),
        ([{"grow": 3}], "edit 1: there is no value 'grow'"),
        ([{"among": "some"}], "edit 1: among is 'some': expected 'all' or 'left'"),
        ([{"name": 3}], "edit 1: name is 3: expected text"),
        ([{"rule": 5}], "edit 1: rule is 5: expected text"),
        ([{"rule": None}], "edit 1: rule is None: expected text"),
        ([{"enabled": "no"}], "edit 1: enabled is 'no': expected true or false"),
        ([{"by_hand": [1]}], "edit 1: by_hand is a list: expected an object of numbers"),
        (
            [{"by_hand": {"one": True}}],
            "edit 1: by_hand has 'one': True: expected a segment's number, and true or false",
        ),
        (
            [{"by_hand": {"1": "in"}}],
            "edit 1: by_hand has '1': 'in': expected a segment's number, and true or false",
        ),
        ([{"feather": -1}], "edit 1: feather is -1: expected a whole number from 0 to 500"),
        (
            [{"effect": "gray"}],
            "edit 1: effect is 'gray' (did you mean 'grey'?): expected one of 'none', 'blur', ",
        ),
        (
            [{"effect": "Edited version"}],
            "edit 1: effect is 'Edited version' (did you mean 'none'?): expected one of 'none', ",
        ),
        ([{"effect": "glow"}], "edit 1: effect is 'glow': expected one of 'none', "),
    ],
)
def test_a_wrong_edit_is_refused_with_its_number(said, sentence):
    with pytest.raises(InputError) as raised:
        read_edits(said)
    assert str(raised.value).startswith(sentence)


def test_a_wrong_rule_is_marked_with_its_edit():
    with pytest.raises(ExpressionError) as raised:
        read_edits([{"rule": "red > 1%"}, {"rule": "red > ("}])
    message, line, caret = str(raised.value).split("\n")
    assert message.startswith("column 7: of edit 2: ")
    assert (line, caret) == ("  red > (", " " * 8 + "^")


def test_a_segment_that_is_not_there_is_named():
    with pytest.raises(InputError, match=r"^there is no segment 9: there are 4$"):
        done({"effect": "grey", "by_hand": {"9": True}})
    with pytest.raises(InputError, match=r"^edit 2: there is no segment 9: there are 4$"):
        done({"effect": "grey"}, {"effect": "grey", "by_hand": {"9": True}})


def test_an_edit_without_anything_to_paste_is_named():
    with pytest.raises(InputError) as raised:
        done({"effect": "grey"}, {"rule": "*"})
    expected = "edit 2: there is nothing to paste: add an edited version, or pick an effect"
    assert str(raised.value) == expected


@given(said=st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                         lambda inner: st.lists(inner) | st.dictionaries(
                             st.sampled_from(["rule", "effect", "by_hand", "among", "1"]), inner),
                         max_leaves=8))  # fmt: skip
def test_whatever_is_said_is_read_or_refused_with_a_sentence(said):
    with suppress(SeguiError):
        assert all(isinstance(edit, Edit) for edit in read_edits(said))


def test_scores_of_another_number_of_segments_are_refused():
    with pytest.raises(InputError, match="there are scores of 1 segments: expected 4"):
        apply_edits(photo(), segments(), SCORES[:1], read_edits([{"effect": "grey"}]))


def test_an_edit_can_be_changed_in_one_value():
    edit = read_edits([{"rule": "red > 50%", "effect": "grey"}])[0]
    assert replace(edit, enabled=False).rule == "red > 50%"


@pytest.mark.parametrize("effect_on", ["filtered", "everything else"])
@pytest.mark.parametrize("effect", ["none", "blur", "invert", "colour", "hide"])
@pytest.mark.parametrize("cut_on", ["filtered", "everything else"])
def test_no_later_edit_brings_colours_back_where_all_was_cut_away(cut_on, effect, effect_on):
    # the edited version has the photo's own pixels beside what was edited in it
    made = done(
        {"rule": "red > 50%", "effect": "cut-out", "effect_on": cut_on, "feather": 5},
        {"rule": "big > 50%", "effect": effect, "effect_on": effect_on, "feather": 5},
        {"rule": "*", "effect": "none", "feather": 3},
        reference=photo(),
    )
    is_gone = made.pixels[..., 3] == 0
    assert is_gone.any()
    assert not made.pixels[is_gone].any()


def test_what_a_photo_has_below_its_own_transparency_stays_as_it_was():
    pixels = np.dstack([photo(), np.full(SIZE_HW, 255, np.uint8)])
    pixels[:, :30, 3] = 0
    made = done({"rule": "big > 50%", "effect": "grey", "feather": 0}, pixels=pixels)
    assert np.array_equal(made.pixels[:, :30, :3], pixels[:, :30, :3])


# ---- too much of them ----------------------------------------------------------------------------
HUGE = Settings(max_crop_megapixels=0.0108)  # twice the picture of 60 x 90


def made(limits, *said: dict):
    edits, here = read_edits([*said]), scene()
    return make_edits(here, edits, choose_for_edits(here, SCORES, edits), limits=limits)


def test_edits_count_together_and_each_as_the_picture_at_least(monkeypatch):
    monkeypatch.setattr("segui.edits.render", None)
    with pytest.raises(SumError) as caught:
        made(HUGE, *[{"rule": "red > 50%", "effect": "grey", "feather": 0}] * 3)
    assert str(caught.value) == (
        "3 edits, each of the photo's size at least, have 0.0162 megapixels together: "
        "at most 0.0108 are pasted. Fewer edits, or a smaller photo, have less"
    )


def test_edits_that_are_off_count_for_nothing():
    grey = {"rule": "*", "effect": "grey", "feather": 0}
    pixels = made(HUGE, grey, {**grey, "enabled": False}, grey)
    assert np.array_equal(pixels, made(None, grey, grey))


def test_a_soft_edge_counts_as_far_as_it_reaches():
    wide = {"rule": "*", "effect": "grey", "feather": 90}
    with pytest.raises(SumError, match=r"^2 edits, .* have 0\.0432 megapixels together"):
        made(Settings(max_crop_megapixels=0.03), wide, wide)  # four areas over all of it, twice


def test_the_only_edit_that_is_made_is_refused_with_its_number(monkeypatch):
    monkeypatch.setattr("segui.edits.render", None)
    wide = {"rule": "*", "effect": "grey", "feather": 90}
    with pytest.raises(InputError, match=r"^edit 2: 4 areas with a soft edge of 90 px"):
        made(Settings(max_crop_megapixels=0.01), {**wide, "enabled": False}, wide)


# ---- what is kept for a slider -----------------------------------------------------------------
PLACES = st.integers(0, 3)


@given(
    rounds=st.lists(st.tuples(EDITS.filter(bool), PLACES), min_size=1, max_size=3), data=st.data()
)
def test_whatever_is_kept_from_before_the_result_is_that_of_all_edits_made_anew(rounds, data):
    here = scene()
    for said, place in rounds:
        edits = read_edits(said)
        selections = choose_for_edits(here, SCORES, edits)
        for number in data.draw(st.lists(PLACES, max_size=3)):
            changed = number % len(edits)
            pasted = replace(edits[changed].paste, feather=data.draw(st.sampled_from([0, 5, 11])))
            edits = (*edits[:changed], replace(edits[changed], paste=pasted), *edits[changed + 1 :])
            kept = make_edits(here, edits, selections, open_edit=place % len(edits))
            assert np.array_equal(kept, make_edits(scene(), edits, selections))
            assert len(here.last_before) <= 1


def test_a_slider_has_its_own_edit_made_again_and_those_after_it(monkeypatch):
    counted = []

    def counting(now, filtered, paste, *args, **how):
        counted.append(paste.effect)
        return render(now, filtered, paste, *args, **how)

    monkeypatch.setattr("segui.edits.render", counting)
    here = scene()
    said = [{"rule": "*", "effect": effect} for effect in ("grey", "blur", "invert")]
    for feather in (1, 2):
        edits = read_edits([said[0], {**said[1], "feather": feather}, said[2]])
        make_edits(here, edits, choose_for_edits(here, SCORES, edits), open_edit=1)
    assert counted == ["grey", "blur", "invert", "blur", "invert"]
    edits = read_edits([{**said[0], "enabled": False}, *said[1:]])
    make_edits(here, edits, choose_for_edits(here, SCORES, edits), open_edit=1)
    assert counted[5:] == ["blur", "invert"]


def test_what_the_edits_before_it_chose_counts_though_they_do_the_same_there():
    here = scene()
    for rule in ("red > 50%", "big > 50%", "red > 50%"):
        edits = read_edits([{"rule": rule, "effect": "grey"}, {"rule": "*", "effect": "invert"}])
        selections = choose_for_edits(here, SCORES, edits)
        kept = make_edits(here, edits, selections, open_edit=1)
        assert np.array_equal(kept, make_edits(scene(), edits, selections))


def test_the_picture_that_is_kept_is_nobody_elses():
    here = scene()
    edits = read_edits([{"rule": "*", "effect": "grey"}, {"rule": "*", "enabled": False}])
    selections = choose_for_edits(here, SCORES, edits)
    made_of_it = make_edits(here, edits, selections, open_edit=1)
    expected = made_of_it.copy()
    made_of_it[:] = 0
    assert np.array_equal(make_edits(here, edits, selections, open_edit=1), expected)
    assert [dict(kept.last_before) for kept in here.last_before.values()] == [{}]


def test_steps_from_a_place_on_are_those_of_all_of_them():
    said = [{"rule": "*", "effect": effect} for effect in ("cut-out", "blur", "invert")]
    said[2]["effect_on"] = "everything else"  # where it brings back what was cut away
    edits = read_edits(said)
    selections = choose_for_edits(scene(), SCORES, edits)
    every = list(edit_steps(scene(), edits, selections))
    for first in range(4):
        some = list(edit_steps(scene(), edits, selections, first=first))
        assert [step.number for step in some] == [1, 2, 3][first:]
        for step, other in zip(some, every[first:], strict=True):
            assert np.array_equal(step.pixels, other.pixels)
            assert not step.pixels[step.pixels[..., 3] == 0].any()


def test_what_is_wrong_with_an_edit_before_the_open_one_has_its_number():
    edits = read_edits([{"rule": "*"}, {"rule": "*", "effect": "grey"}])
    with pytest.raises(InputError, match=r"^edit 1: there is nothing to paste"):
        make_edits(scene(), edits, choose_for_edits(scene(), SCORES, edits), open_edit=1)


# ---- what is left of what was hidden -----------------------------------------------------------
HIDDEN_HW = (520, 640)
LARGE, LITTLE = (10, 20, 410, 500), (500, 60, 540, 100)


@pytest.mark.parametrize(
    "around",
    [
        [{}],
        [{}, {"effect": "grey"}],
        [{"effect": "grey"}, {}],
        [{}, {"effect": "invert", "alpha": 90}, {"effect": "grey"}],
        [{}, {}],
    ],
)
def test_of_a_hidden_area_at_most_6_x_6_values_are_left_whatever_is_edited_besides(around):
    """By noise, of which no two pixels are alike: a face has less to tell."""
    image = np.random.default_rng(5).integers(0, 256, (*HIDDEN_HW, 3), np.uint8)
    mask = torch.zeros(HIDDEN_HW)
    for x1, y1, x2, y2 in (LARGE, LITTLE):
        mask[y1:y2, x1:x2] = 1
    both = segments_from_mask(mask)
    hide = {"rule": "*", "effect": "hide", "edge": "outward"}
    edits = read_edits([{**hide, **one} for one in around])
    pixels = apply_edits(image, both, [{}, {}], edits).pixels
    for x1, y1, x2, y2 in (LARGE, LITTLE):
        inside = pixels[y1:y2, x1:x2]
        block = -(-max(x2 - x1, y2 - y1) // 6)
        for top in range(0, y2 - y1, block):
            for left in range(0, x2 - x1, block):
                one = inside[top : top + block, left : left + block]
                assert np.ptp(one.reshape(-1, 3).astype(int), axis=0).max() == 0
