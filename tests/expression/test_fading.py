"""What opacity follows: the text, and what it is for one segment."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui.classifiers.choice import asked_names
from segui.errors import ExpressionError, FadeError, InputError
from segui.expression import Fade, read_fade, read_rules
from segui.expression.fading import check_fade
from segui.expression.scope import Scope
from tests.expression.test_any_text import PIECES

RULES = read_rules("people = person > 50%")
NUMBERS = st.floats(-100, 100).map(lambda value: round(value, 3))


def scope(properties=None, **scores) -> Scope:
    return Scope.of(scores, None, properties or {}, None)


def fade(text: str) -> Fade:
    read = read_fade(text, RULES)
    assert read is not None
    return read


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_ramp_is_0_at_its_first_value_and_1_at_its_second_and_linear_between(first, last, value):
    if first == last:
        return
    ramp = fade(f"{first:f}..{last:f} of @area")
    if first < last:
        expected = 0.0 if value <= first else 1.0 if value >= last else None
    else:
        expected = 0.0 if value >= first else 1.0 if value <= last else None
    if expected is None:
        expected = abs(value - first) / abs(last - first)
    found = ramp.of(scope({"area": value})).opacity
    assert found == pytest.approx(expected, abs=1e-9)
    assert 0 <= found <= 1


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("30%..70% of red", "30%..70% of red"),
        ("from 30 % to 70 % of red", "30%..70% of red"),
        ("FROM 0,3 TO .7 OF red", "0.3..0.7 of red"),
        ("0.3…0.7 of 'light blue'", '0.3..0.7 of "light blue"'),
        ("70%...30% of max(red,orange)", "70%..30% of max(red, orange)"),
        ("0..-50% of red - blue", "0..-50% of red - blue"),
        ("1..10 of @rank", "1..10 of @rank"),
        (" 80 % ", "80%"),
        ("30 %..70 % of red;", "30%..70% of red"),
        ("`30%..70% of red`", "30%..70% of red"),
        ("**80% if @share>2% else 30%**", "80% if @share > 2% else 30%"),
        ("0.5", "0.5"),
        ("80% if @share>2% else 30%", "80% if @share > 2% else 30%"),
        ("80% IF people and not red > 5% ELSE 0..1 of red", ("80% if people and not red > 5% else "
         "0..1 of red")),
        ("1 if a > 0 else 50% if b > 0 else 0", "1 if a > 0 else 50% if b > 0 else 0"),
        ('1 if @label = "if else" else 0', '1 if @label = "if else" else 0'),
    ],
)  # fmt: skip
def test_what_can_be_written(text, form):
    assert str(fade(text)) == form
    assert fade(form).tree == fade(text).tree


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_a_blank_text_says_nothing(text):
    assert read_fade(text) is None


def test_one_of_two_is_as_its_condition_says():
    either = fade("80% if people else 30%..70% of red")
    assert either.of(scope(person=0.9, red=0.5)).opacity == 0.8
    assert either.of(scope(person=0.1, red=0.6)).opacity == pytest.approx(0.75)
    assert either.of(scope(person=0.1, red=0.6)).reason == (
        "people is false (person 10% > 50% is false), red 60%"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("30%..70% of green", "no label 'green': the classifier gave red"),
        ("1..2 of @area", "@area is unknown: there is no segment to measure"),
        ("80% if green > 5% else 30%", "no label 'green': the classifier gave red"),
        ("0..1 of red / @confidence", "@confidence is unknown: there is no segment to measure"),
    ],
)
def test_what_is_unknown_is_not_seen_and_says_why(text, why):
    found = fade(text).of(scope(red=0.5))
    assert (found.opacity, found.reason) == (0.0, why)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "80",
            "column 1: the opacity is 80: expected 0% to 100%: did you mean 80%?\n  80\n  ^",
        ),
        ("200%", "column 1: the opacity is 200%: expected 0% to 100%\n  200%\n  ^"),
        ("-1%", "column 1: the opacity is -1%: expected 0% to 100%\n  -1%\n  ^"),
        (
            " red",
            (
                "column 2: found 'red': expected an opacity, such as 80%, 30%..70% of red or 80% "
                "if @share > 2% else 30%\n   red\n   ^"
            ),
        ),
        (
            "30%..70%",
            (
                "column 1: found '30%..70%': expected an opacity, such as 80%, 30%..70% of red or "
                "80% if @share > 2% else 30%\n  30%..70%\n  ^"
            ),
        ),
        (
            "30%..30% of red",
            (
                "column 1: 30%..30% is no way from one value to another: expected two values\n"
                "  30%..30% of red\n  ^"
            ),
        ),
        (
            "30..70% of red",
            (
                "column 1: of 30..70% one is in percent alone: did you mean 30%..70%?\n"
                "  30..70% of red\n  ^"
            ),
        ),
        (
            "30..70 of red",
            "column 1: scores go from 0 to 1: did you mean 30%..70%?\n  30..70 of red\n  ^",
        ),
        (
            "30%..70% of (red",
            (
                "column 13: this parenthesis is never closed: expected ')'\n"
                "  30%..70% of (red\n              ^"
            ),
        ),
        (
            "30%..70% of @label",
            (
                "column 13: @label is text: expected a score or a number\n"
                "  30%..70% of @label\n              ^"
            ),
        ),
        (
            "80% if red > 50%",
            (
                "column 17: expected else after the condition, such as 80% if @share > 2% "
                "else 30%\n  80% if red > 50%\n                  ^"
            ),
        ),
        (
            "80% if poeple else 0",
            (
                "column 8: 'poeple' is only a value: expected a comparison, such as red > 0.5, or "
                "the name of a rule: did you mean people?\n  80% if poeple else 0\n         ^"
            ),
        ),
        (
            "80% if red > 1% else",
            (
                "column 21: found nothing: expected an opacity, such as 80%, 30%..70% of red or "
                "80% if @share > 2% else 30%\n  80% if red > 1% else\n                      ^"
            ),
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text, sentence):
    with pytest.raises(FadeError) as caught:
        read_fade(text, RULES)
    assert str(caught.value) == sentence
    assert isinstance(caught.value, ExpressionError)
    assert isinstance(caught.value, InputError)


def test_a_text_of_more_than_1000_characters_is_refused():
    with pytest.raises(FadeError) as caught:
        read_fade("1" * 1001)
    assert caught.value.message == "it has 1001 characters: at most 1000 are allowed"


def test_an_option_is_checked_without_the_rules_that_it_names():
    check_fade("80% if people else 0")
    with pytest.raises(FadeError):
        check_fade("80% if people else red")


def test_what_is_followed_is_asked_of_an_open_vocabulary():
    fades = ["80% if pets else 10%..20% of indoors", "0..1 of max(red, @x"]
    named = "pets = cat > 50%"
    assert asked_names("", "dog > 1%", named=named, fades=fades) == ("dog", "cat", "indoors")


SIGNS = ["%", "..", " of ", " if ", " else ", "30%..70% of ", "80%", "from ", " to ", "people"]


@given(st.lists(PIECES | st.sampled_from(SIGNS)).map("".join))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    with suppress(FadeError):
        read = read_fade(text, RULES)
        assert read is None or 0 <= read.of(scope(red=0.5, person=0.7)).opacity <= 1
