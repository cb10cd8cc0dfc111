"""The numbers that scores are held against: where they stand, and what replaces them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segui.errors import InputError
from segui.expression import Expression, parse
from segui.expression.nodes import Comparison, Group, Label, Number
from segui.expression.vocabulary import number_value
from tests.counts import examples
from tests.expression.test_any_text import conditions

FRACTIONS = ("red", '"Human Female"', "#Male", "max(red, blue)", "sum(Age*)", "@share", "a + b")
TURNED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "=": "=", "!=": "!="}
numbers = st.builds(
    "{}{}".format, st.floats(0, 999).map("{:.3f}".format), st.sampled_from(["", "%"])
)


def seen(text):
    return [(one.label, one.sign, one.value) for one in parse(text).thresholds]


@pytest.mark.parametrize("label", FRACTIONS)
@pytest.mark.parametrize("sign", TURNED)
def test_a_number_opposite_a_fraction_is_a_threshold_on_either_side(label, sign):
    assert seen(f"{label} {sign} 0.5") == [(label, sign, 0.5)]
    assert seen(f"0.5 {TURNED[sign]} {label}") == [(label, sign, 0.5)]


@pytest.mark.parametrize(
    "text", ["*", "red > blue", "2 > 1", "@area > 9", "@rank <= 3", "@top = red", "2 * red > 0.5"]
)
def test_what_has_no_fraction_opposite_a_number_has_no_threshold(text):
    assert seen(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.2 < cat <= 0.8", [("cat", ">", 0.2), ("cat", "<=", 0.8)]),
        ("cat < 0.5 < dog", [("cat", "<", 0.5), ("dog", ">", 0.5)]),
        ("a > b > 0.5", [("b", ">", 0.5)]),
        ("not (red>50% or 0.1>=blue) and cat != 1", [
            ("red", ">", 0.5), ("blue", "<=", 0.1), ("cat", "!=", 1),
        ]),
        ("cat(2)>0.5", [("cat(2)", ">", 0.5)]),
        ("0.5 == men's", [("men's", "=", 0.5)]),
        ("((red)) > ((50%))", [("((red))", ">", 0.5)]),
        ("red + ( orange + yellow ) >= 50%", [("red + ( orange + yellow )", ">=", 0.5)]),
        ("#men's > 0.5", [("#men's", ">", 0.5)]),
        ("red>50", [("red", ">", 50)]),
    ],
)  # fmt: skip
def test_each_step_of_each_comparison_is_found_in_order(text, expected):
    assert seen(text) == expected


def test_the_characters_of_the_number_are_told_without_its_parentheses():
    text = "1 > red and blue < ((1%))"
    one, other = parse(text).thresholds
    assert (text[one.start : one.end], one.is_percent) == ("1", False)
    assert (text[other.start : other.end], other.is_percent) == ("1%", True)
    assert one.operand == Label("red")


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("red > 50%", 0.42, "red > 42%"),
        ("red > 50%", 0.425, "red > 42.5%"),
        ("red > 50%", 0.29, "red > 29%"),
        ("red > 0.5", 0.42, "red > 0.42"),
        ("red > 0.5", 0.4249, "red > 0.425"),
        ("red > 0.5", 1, "red > 1"),
        ("red > 0.5", 0, "red > 0"),
        ("red > 0.5", -0.0001, "red > 0"),
        ("red > 100%", 0, "red > 0%"),
        ("red > .50", 0.5, "red > .50"),
        ("red>100", 0.5, "red>0.5"),
        ("  RED>=(5e-1)", 0.25, "  RED>=(0.25)"),
        ("cat(2)>0.5", 0.25, "cat(2)>0.25"),
    ],
)
def test_another_number_takes_the_place_of_the_old_one(text, value, expected):
    assert parse(text).with_threshold(0, value) == expected


def test_each_threshold_has_its_own_number():
    rule = parse("0.2 < cat <= 0.8 or dog > 20%")
    assert rule.with_threshold(1, 0.9) == "0.2 < cat <= 0.9 or dog > 20%"
    assert rule.with_threshold(2, 0.25) == "0.2 < cat <= 0.8 or dog > 25%"


@pytest.mark.parametrize("index", [-1, 2])
def test_a_threshold_that_is_not_there_is_refused(index):
    with pytest.raises(InputError) as caught:
        parse("0.2 < cat < 0.8").with_threshold(index, 0.5)
    assert str(caught.value) == f"there is no threshold {index}: the rule has 2"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value):
    with pytest.raises(InputError) as caught:
        parse("cat > 0.5").with_threshold(0, value)
    assert str(caught.value) == f"the threshold is {value}: expected a finite number"


def test_a_tree_without_a_text_has_no_thresholds():
    tree = Comparison(Label("red"), ((">", Number("0.5")),))
    assert Expression("", tree).thresholds == ()


def test_the_places_are_no_part_of_what_an_expression_means():
    one, other = parse("red>0.5"), parse("  (red)  >  0.5")
    assert one == other
    assert hash(one) == hash(other)
    assert repr(one.tree) == repr(other.tree)


@pytest.mark.long
@settings(max_examples=examples(200), deadline=None)
@given(conditions)
def test_the_number_is_where_its_span_says(tree):
    form = str(tree)
    if len(form) > 1000:
        return
    rule = parse(form)
    for index, one in enumerate(rule.thresholds):
        assert number_value(form[one.start : one.end]) == one.value
        assert one.is_percent == form[one.start : one.end].endswith("%")
        assert one.label in form
        assert rule.with_threshold(index, one.value) == form


@settings(max_examples=examples(200), deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(FRACTIONS), st.sampled_from(sorted(TURNED)), numbers),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([" and ", " or not "]),
    st.data(),
)
def test_a_replaced_number_changes_that_threshold_alone(steps, word, data):
    text = word.join(f"({label}){sign}{number}" for label, sign, number in steps)
    rule = parse(text)
    index = data.draw(st.integers(0, len(steps) - 1))
    per_mille = data.draw(st.integers(0, 1000))
    other = parse(rule.with_threshold(index, per_mille / 1000))
    for place, (before, after) in enumerate(zip(rule.thresholds, other.thresholds, strict=True)):
        assert (after.label, after.sign) == (before.label, before.sign)
        expected = per_mille / 1000 if place == index else before.value
        assert after.value == pytest.approx(expected, abs=1e-12)
        assert after.is_percent == before.is_percent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red > 50", ["red > 50%"]),
        ("50 <= red", ["red >= 50%"]),
        ("#Male = 2.5", ["#Male = 2.5%"]),
        ("max(a, b) > 50 and mean(*) > 50", ["max(a, b) > 50%", "mean(*) > 50%"]),
        ("20 < cat < 80", ["cat > 20%", "cat < 80%"]),
        ("red > 50 or red > 50", ["red > 50%"]),
    ],
)
def test_a_number_that_no_score_reaches_was_probably_a_percentage(text, expected):
    hints = [f"scores go from 0 to 1: did you mean {rule}?" for rule in expected]
    assert parse(text).hints == tuple(hints)


@pytest.mark.parametrize("name", ["@share", "@confidence", "@changed"])
def test_a_part_of_one_is_probably_a_percentage_too(name):
    assert parse(f"{name} > 90").hints == (f"{name} goes from 0 to 1: did you mean {name} > 90%?",)


@pytest.mark.parametrize("text", ["red > 200", "red >= 150%"])
def test_a_number_that_is_no_percentage_either_is_just_out_of_reach(text):
    assert parse(text).hints == (f"scores go from 0 to 1: {text} is never true",)


@pytest.mark.parametrize(
    "text",
    ["red > 1", "red > 0.5", "red < 50", "red != 50", "sum(*) > 2", "@share < 50", "a + b > 2",
     "@area > 50", "*", "0.2 < cat < 200"],
)  # fmt: skip
def test_where_nothing_is_wrong_there_is_no_hint(text):
    assert parse(text).hints == ()


def test_a_group_is_an_operand_like_a_label():
    assert parse("#Male > 1%").thresholds[0].operand == Group("#Male")
