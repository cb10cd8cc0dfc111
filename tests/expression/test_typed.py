"""Rules as they are typed: what has one meaning is read, the rest says how to write it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui.errors import ExpressionError
from segui.expression import parse
from segui.expression.tokens import is_bare_label, quote
from tests.expression.typed_rules import LABELS, READ, REFUSED

SPELLINGS = {
    ">=": [">=", "≥", "⩾", "≧", "＞＝", " ≥ "],
    "<=": ["<=", "≤", "⩽", "≦", "＜＝"],
    "!=": ["!=", "≠", "<>", "！＝", "!=="],
    "=": ["=", "==", "＝", "===", " = "],
    ">": [">", "＞", " > "],
    "<": ["<", "＜", " <\u00a0"],
    "and": [" and ", "&&", " & ", " AND ", "＆＆", "\u00a0∧ "],
    "or": [" or ", "||", " | ", " Or ", "｜｜", "\u2003∨ "],
}


@pytest.mark.parametrize(("typed", "meant"), READ)
def test_what_is_typed_with_other_signs_is_read(typed, meant):
    rule = parse(typed)
    assert str(rule) == meant
    assert rule.text == typed
    assert parse(meant) == rule


@pytest.mark.parametrize(("typed", "column", "message"), REFUSED)
def test_what_has_two_meanings_or_none_says_how_to_write_it(typed, column, message):
    with pytest.raises(ExpressionError) as caught:
        parse(typed)
    assert (caught.value.column, caught.value.message) == (column, message)
    assert caught.value.text == typed


@pytest.mark.parametrize(("label", "written"), LABELS)
def test_a_label_is_offered_as_a_rule_reads_it(label, written):
    offered = label if is_bare_label(label) else quote(label)
    assert offered == written
    for rule in (f"{offered} > 0.5", f"x > 1 or not ({offered}>=50%)", f"max({offered}) > .5"):
        assert label in parse(rule).labels
    assert parse(f"{offered} > 0.5").evaluate({label: 0.75}) is True
    assert parse(f"@top = {offered}").evaluate({label: 0.75, "other": 0.1}) is True


@given(st.text(max_size=8))
def test_any_label_is_reached_as_it_is_offered(label):
    offered = label if is_bare_label(label) else quote(label)
    rule = parse(f"x > 1 or {offered} > 0.5 and max({offered}, y) < 1")
    assert rule.labels == tuple(dict.fromkeys(["x", label, "y"]))
    assert parse(f"{offered} > 0.5").labels == (label,)
    assert parse(f"0.5 < {offered}").labels == (label,)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["red", '"a b"', "@share", "#Male", "max(x,y)"]),
            st.sampled_from([">=", "<=", "!=", "=", ">", "<"]),
            st.sampled_from(["0.5", "50%", "-1"]),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["and", "or"]),
    st.data(),
)
def test_a_rule_means_the_same_in_whatever_signs_it_is_typed(steps, join, data):
    plain = f" {join} ".join(f"{label} {sign} {number}" for label, sign, number in steps)

    def spelled(sign):
        return data.draw(st.sampled_from(SPELLINGS[sign]))

    typed = spelled(join).join(f"{label}{spelled(sign)}{number}" for label, sign, number in steps)
    if data.draw(st.booleans()):
        typed = typed.translate({ord("%"): "％", ord("-"): "−", ord("5"): "５"})
    if data.draw(st.booleans()):
        typed = re.sub('"(.*?)"', "“\\1”", typed)
    if data.draw(st.booleans()):
        typed = f"\ufeff{typed} ;"
    assert parse(typed) == parse(plain)


@pytest.mark.parametrize(
    ("typed", "value", "expected"),
    [
        ("red > 0,5", 0.25, "red > 0.25"),
        ("red ≥ ５０％ && blue > 1", 0.25, "red ≥ 25% && blue > 1"),
        ("“a b” > 50 % ;", 0.25, "“a b” > 25% ;"),
        ("red > −0.5", 0.25, "red > 0.25"),
        ("`red > 50%`", 0.25, "`red > 25%`"),
    ],
)
def test_a_threshold_takes_the_place_of_the_number_as_it_was_typed(typed, value, expected):
    assert parse(typed).with_threshold(0, value) == expected
    assert parse(expected).thresholds[0].value == value


@pytest.mark.parametrize(
    ("typed", "hints"),
    [
        ("red > 0,5", ["0,5 was read as the number 0.5: a label of that name needs quotes"]),
        (
            "@area > 1'000",
            ["1'000 was read as the number 1000: a label of that name needs quotes"],
        ),
        ("!red > 0.5", ["'!red' was read as a label: not, before a condition, turns it round"]),
        (
            "share > 1%",
            ["share was read as a label: what an area has of its own is written @share"],
        ),
        ("red > 0.5.", ["'0.5.' was read as a label: the number is written 0.5"]),
        *(
            (
                f"red > {word}",
                [f"'{word}' was read as a label: the number is written {number}"],
            )
            for word, number in {
                "50%%": "50%",
                "+50%": "50%",
                "½": "0.5",
                "2⅓": "2.333",
                "50percent": "50%",
                "12.5pct": "12.5%",
                "1_000": "1000",
                "100px": "100",
                "50%_": "50%",
                "50%*": "50%",
                "0,5,": "0.5",
                "~50%": "50%",
                "50%?": "50%",
            }.items()
        ),
        *(
            (
                f"{value} > {word}",
                [f"'{word}' was read as a label: the number is written {number}"],
            )
            for value, word, number in (
                ("red", "1/2", "0.5"),
                ("red", "%50", "50%"),
                ("red", "50%!", "50%"),
                ("@area", "1k", "1000"),
                ("@area", "1.5M", "1500000"),
                ("@rank", "3rd", "3"),
            )
        ),
        (
            "@area > 1.000.000",
            [
                "1.000.000 was read as the number 1000000: a label of that name needs quotes",
            ],
        ),
        (
            "@rank = first",
            ["'first' was read as a label: beside @rank a number is expected, such as @rank <= 3"],
        ),
        ("@rank = #1", ["'#1' was read as a group: a number has no sign before it"]),
        (
            "@area > 5%",
            ["@area is counted in whole numbers, and 5% is 0.05: of the picture it is @share"],
        ),
        ("@ratio > 150%", []),
        (
            "red > 2*blue",
            ["'2*blue' was read as a label: signs of arithmetic have spaces around"],
        ),
        (
            "@label = *car*",
            ["'*car*' is compared whole, and no sign in it stands for others"],
        ),
        ("[red > 0.5]", ["'[red' was read as a label: ( and ) hold conditions together"]),
        ("[PAD] > 0.5 and {a} > 0.5 and 3D > 0.5 and 2x4 > 0.5 and 1/2 > 0.5", []),
        ("red > 0.5,", ["'0.5,' was read as a label: the number is written 0.5"]),
        (
            "a&&b > 0.5",
            ["'a&&b' was read as a label: and, or join conditions, with spaces around"],
        ),
        (
            "50% > 0.3",
            ['50% > 0.3 compares numbers alone: a label of that name needs quotes, "50%"'],
        ),
        ("red ≥ 50% && “a b” > −1;", []),
    ],
)
def test_what_may_be_meant_otherwise_is_said(typed, hints):
    assert list(parse(typed).hints) == hints
