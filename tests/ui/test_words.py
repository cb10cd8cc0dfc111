import math

import pytest
import torch

from segui import Segments, segments_from_mask
from segui.classifiers.making import find_entry
from segui.masks.notes import AS_SOFT, Note, offers_of
from segui.selection import override, select
from segui.ui.view.sentences import Status, about, said_once, status_of

RED = [{"red": 0.3124, "blue": 0.1}, {"red": 0.2, "blue": 0.6}]


@pytest.fixture
def two() -> Segments:
    mask = torch.zeros(40, 80)
    mask[5:25, 5:25] = mask[5:25, 45:65] = 1
    return segments_from_mask(mask)


def said(segments: Segments, rule: str, scores=RED, on_unknown: str = "remain") -> Status:
    return status_of(select(segments, scores, rule, on_unknown))


def test_some_are_counted(two):
    assert said(two, "blue > 50%") == Status("1 of 2 areas chosen")


def test_those_to_review_are_counted_too(two):
    assert said(two, "cat > 50%", on_unknown="review") == Status("0 of 2 areas chosen, 2 to review")


@pytest.mark.parametrize(
    ("rule", "near", "attempt"),
    [
        ("red > 50%", "red is at most 31.2%", "red > 30%"),
        ("red >= 0.9", "red is at most 0.31", "red > 30%"),
        ("red < 0.1", "red is at least 0.20", ""),
        ("red > 0.5 and red > 0.6", "red is at most 0.31", ""),
    ],
)
def test_a_rule_that_asks_too_much_of_one_name_gets_the_score_that_is_nearest(
    two, rule, near, attempt
):
    assert said(two, rule) == Status(
        "0 of 2 areas chosen", f"Nothing chosen: {near} here.", attempt
    )


@pytest.mark.parametrize(
    ("rule", "best", "figure"),
    [
        ("red > 50%", 0.005, "0.5%"),
        ("red > 50%", 0.0004, "0.04%"),
        ("red > 0.5", 0.0004, "0.0004"),
        ("red > 50%", 0.4996, "49.96%"),
        ("red > 0.5", 0.4999, "0.4999"),
        ("red > 0.5%", 0.00496, "0.496%"),
        ("red > 0.5", 0.0, "0.00"),
        ("red > 1", 0.9999, "0.9999"),
        ("red > 100%", 0.99996, "99.996%"),
    ],
)
def test_the_best_score_has_the_digits_that_tell_it_from_the_rules_number(two, rule, best, figure):
    status = said(two, rule, [{"red": best}, {"red": 0.0}])
    assert status.advice == f"Nothing chosen: red is at most {figure} here."


def test_of_several_names_each_score_has_the_digits_that_it_needs(two):
    scores = [{"red": 0.0004, "blue": 0.4996}] * 2
    assert said(two, "red > 50% or blue > 50%", scores).advice == (
        "Nothing chosen: the best scores here are red 0.04%, blue 49.96%."
    )


def test_the_rule_on_offer_chooses_something(two):
    for best in (0.004, 0.011, 0.05, 0.0501, 0.3, 1.0):
        scores = [{"red": best}, {"red": 0.0}]
        attempt = said(two, "red > 1", scores).attempt
        if attempt:
            assert said(two, attempt, scores).headline == "1 of 2 areas chosen"
        else:
            assert best <= 0.011


def test_of_several_conditions_the_one_that_leaves_out_most_is_named(two):
    advice = said(two, "red > 25% and blue > 50%").advice
    assert advice == "Nothing chosen: the best scores here are red 31.2%, blue 60%."
    advice = said(two, "blue > 50% and (red > 90% or @area > 10000)").advice
    assert advice == (
        "Nothing chosen: red > 90% or @area > 10000 alone leaves out 2 of 2 areas, "
        "blue > 50% leaves out 1."
    )
    advice = said(two, "@area > 10000 and @index > 1 and @width > 3").advice
    assert advice == (
        "Nothing chosen: @area > 10000 alone leaves out 2 of 2 areas, @index > 1 leaves out 1, "
        "@width > 3 leaves out 0."
    )


def test_several_names_get_their_best_scores(two):
    advice = said(two, "red > 50% and blue > 70%").advice
    assert advice == "Nothing chosen: the best scores here are red 31.2%, blue 60%."


def test_a_near_miss_of_a_name_is_corrected(two):
    status = said(two, "rad > 50%")
    assert status.advice == (
        "Nothing chosen: rad was not found. Did you mean red? Found: blue, red."
    )
    assert status.attempt == "red > 50%"


@pytest.mark.parametrize(
    ("rule", "chosen", "sentence"),
    [
        ("@label = a", 0, "Nothing is called 'a' here: did you mean @label = 'A'?"),
        ("@label != a", 2, "Nothing is called 'a' here: did you mean @label = 'A'?"),
        ("@top = Red", 0, "Nothing is called 'Red' here: did you mean @top = 'red'?"),
        ("\uff20label = \uff21", 2, ""),
        ("@label = A or @label = a", 2, ""),
        ("@label != sky", 2, ""),
    ],
)
def test_a_name_that_nothing_has_is_told_with_the_near_one(two, rule, chosen, sentence):
    assert said(two, rule) == Status(f"{chosen} of 2 areas chosen", sentence)


def test_a_group_without_names_is_told(two):
    advice = said(two, "#Female > #Male").advice
    assert advice == "Nothing chosen: no name of #Female was found. Found: blue, red."


def test_many_names_are_cut_short(two):
    scores = [{f"name{n}": 0.0 for n in range(20)}] * 2
    assert said(two, "zzz > 1", scores).advice.endswith("and 12 more.")


def test_a_name_without_a_score_is_not_said_to_have_a_low_one(two):
    advice = said(two, "red > 50%", [{"red": math.nan}, {"red": math.nan}]).advice
    assert advice == "Nothing chosen: red has no score that can be counted."


def test_properties_alone_refer_to_the_reasons(two):
    advice = said(two, "@area > 9999").advice
    assert advice == "Nothing chosen: no area meets the rule. Each card says why."


@pytest.mark.parametrize(
    ("rule", "put", "expected"),
    [
        ("*", [0, 1], "Nothing chosen: 2 areas of the rule were left out by hand."),
        ("blue > 50%", [0, 1], "Nothing chosen: 1 area of the rule was left out by hand."),
        ("red > 50%", [0], "Nothing chosen: red is at most 31.2% here."),
    ],
)
def test_what_was_left_out_by_hand_is_not_laid_on_the_rule(two, rule, put, expected):
    chosen = override(select(two, RED, rule), dict.fromkeys(put, "remained"))
    assert status_of(chosen).advice == expected


@pytest.mark.parametrize(
    "rule", ["red > 50%", "#Female > #Male", "sum(Age*) > 0.5", "@top = red", "not @top = red"]
)
def test_without_scores_no_score_is_made_up(two, rule):
    advice = said(two, rule, [{}, {}]).advice
    assert advice == "Nothing chosen: the classifier has given no scores yet."


def test_no_areas_at_all():
    status = status_of(select(Segments((10, 10)), [], "*"))
    assert status.headline == "No areas were found"
    assert status.advice == (
        "Nothing that is marked or changed is large enough: lower “Ignore smaller than”, "
        "shrink them less, "
        "or invert the masks."
    )


def test_what_needs_no_download_says_nothing_of_its_size():
    assert about(find_entry("Colour names")) == [
        "How much of an area has each of eleven colours; works on any photo. No download."
    ]
    assert any(
        "MB to fetch once" in line for line in about(find_entry("openai/clip-vit-base-patch32"))
    )


def test_names_are_told_as_a_rule_writes_them(two):
    scores = [{"tabby, tabby cat": 0.3, "": 0.1}] * 2
    status = said(two, "zzz > 50%", scores)
    assert status.advice == ('Nothing chosen: zzz was not found. Found: "", "tabby, tabby cat".')
    assert said(two, '"tabby, tabby cat" > 50%', scores) == Status(
        "0 of 2 areas chosen",
        'Nothing chosen: "tabby, tabby cat" is at most 30% here.',
        '"tabby, tabby cat" > 25%',
    )


def test_a_name_in_other_characters_is_not_missing(two):
    advice = said(two, "caf\u00e9 > 50%", [{"cafe\u0301": 0.3}] * 2).advice
    assert advice == "Nothing chosen: caf\u00e9 is at most 30% here."


def test_a_score_that_is_no_number_is_not_the_best(two):
    advice = said(two, "red > 50%", [{"red": float("nan")}, {"red": 0.3}]).advice
    assert advice == "Nothing chosen: red is at most 30% here."


def test_what_is_said_of_many_files_is_said_once():
    files = [f"{n}.png" for n in range(40)]
    notes = [f"{file}: {said}" for file in files for said in ("a soft mask", 'labelled "cup"')]
    notes[2:2] = ["3 regions were too small", "other.png: a soft mask"]
    assert said_once([*notes, notes[0]], files) == [
        "0.png, 1.png, 2.png and 37 more: a soft mask",
        '0.png, 1.png, 2.png and 37 more: labelled "cup"',
        "3 regions were too small",
        "other.png: a soft mask",
    ]


def test_a_file_that_may_be_read_otherwise_keeps_its_own_line():
    offered = [Note(f"{file}: read as labels", AS_SOFT) for file in ("a.png", "b.png")]
    told = said_once(offered, ["a.png", "b.png"])
    assert told == offered
    assert [offers_of(note) for note in told] == [(AS_SOFT,), (AS_SOFT,)]
