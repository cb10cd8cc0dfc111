"""What the rule builder shows, and the texts that its events make."""

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from segui import ExpressionError, InputError, Segment, Segments, parse
from segui.geometry import Box
from segui.selection import select
from segui.session.rule_writing import joined, rule_text, texts_after
from segui.ui.view import rule_builder as builder
from segui.ui.view.rule_builder import builder_value

REGION = Box(0, 0, 2, 2)
SCORES = [{"red": 0.31, "blue": 0.1}, {"red": 0.9, "blue": 0.05}, {}]


def chosen(text, scores=SCORES, **options):
    segments = Segments((4, 4), [Segment(torch.ones(2, 2), REGION, REGION) for _ in scores])
    return select(segments, scores, text, **options)


def shown(text, **options):
    return builder_value(chosen(text, **options), text)


def test_before_there_are_scores_nothing_is_shown():
    nothing = {
        "known": False,
        "labels": [],
        "text": "red > 50%",
        "rows": [],
        "simple": None,
        "can_join": False,
        "dots": {},
    }
    assert builder_value(None, "red > 50%") == nothing
    assert builder_value(chosen("*", [{}]), "red > 50%") == nothing


def test_a_simple_rule_is_a_line_a_row_and_its_dots():
    assert shown("red > 50%") == {
        "known": True,
        "labels": ["red", "blue"],
        "text": "red > 50%",
        "rows": [{"label": "red", "sign": ">", "value": 0.5, "index": 0}],
        "simple": {"label": "red", "sign": ">", "value": 0.5, "index": 0},
        "can_join": True,
        "dots": {"red": [[1, 0.31, "remained"], [2, 0.9, "filtered"]]},
    }


@pytest.mark.parametrize(("number", "sign"), [("1e999", 1), ("-1e999", -1), ("1e999%", 1)])
def test_a_number_beyond_all_numbers_can_be_sent_as_json(number, sign):
    value = json.loads(json.dumps(shown(f"red > {number}"), allow_nan=False))
    assert value["rows"][0]["value"] * sign > 1e300


def test_everything_has_the_dots_of_the_best_label_and_no_threshold():
    value = shown("*")
    assert (value["rows"], value["simple"], value["can_join"]) == ([], None, True)
    assert value["dots"] == {"red": [[1, 0.31, "filtered"], [2, 0.9, "filtered"]]}


def test_a_rule_that_cannot_be_read_has_dots_all_the_same():
    value = builder_value(chosen("red > 50%"), "red > 50% and")
    assert (value["rows"], value["simple"], value["can_join"]) == ([], None, False)
    assert value["dots"] == {"red": [[1, 0.31, "remained"], [2, 0.9, "filtered"]]}


def test_each_threshold_has_a_row_and_each_label_its_dots_once():
    value = shown("0.2 < red <= 0.95 or @share > 10%", on_unknown="review")
    assert [(row["label"], row["sign"], row["index"]) for row in value["rows"]] == [
        ("red", ">", 0), ("red", "<=", 1), ("@share", ">", 2),
    ]  # fmt: skip
    assert value["simple"] is None
    assert value["dots"]["red"] == [[1, 0.31, "filtered"], [2, 0.9, "filtered"]]
    assert [dot[1] for dot in value["dots"]["@share"]] == [0.25, 0.25, 0.25]


def test_the_undecided_are_told_apart():
    assert shown("blue > 5% and red > 2%", on_unknown="review")["dots"]["red"] == [
        [1, 0.31, "filtered"], [2, 0.9, "remained"],
    ]  # fmt: skip
    assert shown("@share > 1% and green > 5%", on_unknown="review")["dots"]["@share"][0][2] == (
        "review"
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [("0.5 < red", "red"), ('"red" >= 50%', "red"), ("(red) < 1", "red"), ("green > 1%", "green")],
)
def test_the_line_shows_one_label_against_one_number(text, label):
    assert shown(text)["simple"]["label"] == label


@pytest.mark.parametrize(
    "text",
    ["red = 0.5", "not red > 0.5", "red > blue", "#Male > 0.5", "@share > 0.5", "red > 50",
     "red + blue > 0.5", "0.2 < red < 0.5", "0.2 < red < blue", "red > 0.5 and blue > 0.5"],
)  # fmt: skip
def test_the_line_shows_no_more_than_that(text):
    assert shown(text)["simple"] is None


def test_a_rule_of_many_thresholds_shows_the_first_six():
    value = shown(" and ".join(f"red > {n}%" for n in range(9)))
    assert [row["index"] for row in value["rows"]] == [0, 1, 2, 3, 4, 5]


def test_the_value_is_small_even_for_many_areas_with_many_labels():
    many = [{f"label {n}": (n * k % 997) / 997 for n in range(1000)} for k in range(200)]
    text = " and ".join(f'"label {n}" > 50%' for n in range(9))
    assert len(json.dumps(builder_value(chosen(text, many), text))) < 60_000


@pytest.mark.long
def test_of_thousands_of_areas_the_dots_are_spread_over_all_scores():
    scores = [{"red": n / 5000} for n in range(5000)]
    dots = builder_value(chosen("red > 50%", scores), "red > 50%")["dots"]["red"]
    assert builder.MAX_DOTS * 0.9 <= len(dots) <= builder.MAX_DOTS
    assert dots[0][1] == 0
    assert dots[-1][1] > 0.99


@given(st.text(max_size=12), st.sampled_from(sorted(builder.SIGNS)), st.integers(0, 1000))
def test_a_rule_of_any_label_reads_back_as_that_label(label, sign, per_mille):
    rule = parse(rule_text(label, sign, per_mille / 1000))
    assert rule.labels == (label,)
    assert rule.thresholds[0].sign == sign
    assert rule.thresholds[0].value == pytest.approx(per_mille / 1000, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("*", "and", "red >= 50%"),
        ("  * ", "or", "red >= 50%"),
        ("blue>0.5", "and", "blue>0.5 and red >= 50%"),
        ("blue>0.5 ", "or", "blue>0.5 or red >= 50%"),
        ("a > 1 or b > 1", "and", "(a > 1 or b > 1) and red >= 50%"),
        ("a > 1 or b > 1", "or", "a > 1 or b > 1 or red >= 50%"),
        ("a > 1 and b > 1", "or", "a > 1 and b > 1 or red >= 50%"),
        ("not a > 1", "and", "not a > 1 and red >= 50%"),
        ("(a > 1 or b > 1)", "and", "((a > 1 or b > 1)) and red >= 50%"),
        ("cat(2)>0.5", "and", '"cat(2)" > 0.5 and red >= 50%'),
        ("not>0.5", "or", '"not" > 0.5 or red >= 50%'),
    ],
)
def test_a_condition_is_joined_to_what_is_there(text, word, expected):
    assert joined(text, word, "red", ">=", 0.5) == expected
    assert parse(expected)


TRUTHS = [{"a": x, "b": y, "red": z} for x in (0, 1) for y in (0, 1) for z in (0, 1)]


@pytest.mark.parametrize("word", ["and", "or"])
@pytest.mark.parametrize(
    "text", ["a > .5", "a > .5 or b > .5", "a > .5 and b > .5", "not (a > .5 or b > .5)"]
)
def test_the_joined_rule_means_both_or_either(text, word):
    rule = parse(joined(text, word, "red", ">=", 0.5))
    either = any if word == "or" else all
    for scores in TRUTHS:
        parts = (parse(text).evaluate(scores), scores["red"] >= 0.5)
        assert rule.evaluate(scores) == either(parts)


def test_to_a_rule_that_cannot_be_read_nothing_is_joined():
    with pytest.raises(ExpressionError):
        joined("blue >", "and", "red", ">", 0.5)


def test_a_rule_that_would_be_too_long_is_refused():
    with pytest.raises(ExpressionError):
        joined(" or ".join(["a>1"] * 140), "or", "x" * 50, ">", 0.5)


@pytest.mark.parametrize(
    ("event", "data", "expected"),
    [
        ("rule", {"label": "a b", "sign": "<", "value": 0.2}, '"a b" < 20%'),
        ("join", {"word": "or", "label": "b", "sign": ">", "value": 1}, "cat > 0.5 or b > 100%"),
        ("threshold", {"index": 0, "value": 0.42, "final": True}, "cat > 0.42"),
    ],
)
def test_each_event_makes_a_text(event, data, expected):
    before = {"expression": "cat > 0.5", "rules": ""}
    assert texts_after(before, event, data) == {"expression": expected}


@pytest.mark.parametrize(
    ("event", "data", "message"),
    [
        ("rule", {"label": "a", "sign": "<"}, "the threshold is None: expected 0 to 1"),
        ("rule", {"label": "a", "sign": "<", "value": 2}, "the threshold is 2: expected 0 to 1"),
        (
            "threshold",
            {"index": 0, "value": float("nan")},
            "the threshold is nan: expected 0 to 1",
        ),
        ("threshold", {"index": 0, "value": True}, "the threshold is True: expected 0 to 1"),
        ("threshold", {"index": 3, "value": 0.5}, "there is no threshold 3: the rule has 1"),
        (
            "threshold",
            {"index": "0", "value": 0.5},
            "the event 'threshold' came with ['index', 'value']",
        ),
        ("rule", {"value": 0.5}, "the event 'rule' came with ['value']"),
        ("drop", {"value": 0.5}, "the event 'drop' came with ['value']"),
        (
            "rule",
            {"label": ["a"], "sign": ">", "value": 0.5},
            "the label is ['a']: expected text",
        ),
        (
            "rule",
            {"label": "a", "sign": ["="], "value": 0.5},
            "the sign is ['=']: expected one of >= > <= <",
        ),
        (
            "join",
            {"word": "xor", "label": "a", "sign": ">", "value": 0.5},
            "the word is 'xor': expected and or or",
        ),
    ],
)
def test_what_no_script_of_ours_sends_is_refused(event, data, message):
    with pytest.raises(InputError) as caught:
        texts_after({"expression": "cat > 0.5", "rules": ""}, event, data)
    assert str(caught.value) == message
