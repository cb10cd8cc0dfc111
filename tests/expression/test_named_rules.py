"""Rules with names, and what names them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segui import read_rules
from segui.classifiers.names import labels_of
from segui.errors import ExpressionError, InputError, RuleError
from segui.expression import Threshold, parse
from segui.expression.nodes import Label
from segui.expression.vocabulary import MAX_CHARACTERS_IN_ALL, MAX_DEPTH
from tests.expression.test_any_text import PIECES

PEOPLE = "people = @label = person or #Female > 0 or #Male > 0"
RULES = read_rules(f'{PEOPLE}\nwarm = max(red, orange) > 50%\n"warm people" = warm and people')


def test_a_rule_stands_for_its_condition_where_one_is_due():
    rule = parse("people and not warm", RULES)
    person, other = {"label": "person"}, {"label": "dog"}
    assert rule.evaluate({"red": 0.2, "orange": 0.3}, properties=person) is True
    assert rule.evaluate({"red": 0.7, "orange": 0.3}, properties=person) is False
    assert rule.evaluate({"red": 0.2, "woman": 0.1}, properties=other) is True
    assert rule.evaluate({"red": 0.2, "woman": 0.0, "man": 0.0}, properties=other) is False
    assert rule.evaluate({"red": 0.2}, properties=other) is None  # nobody looked for men


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("people", "people"),
        ("(people)", "people"),
        ("not(people)", "not people"),
        ("'people' && warm;", "people and warm"),
        ('"warm people" or @area > 9', '"warm people" or @area > 9'),
        ("“warm people”", '"warm people"'),
        ("people and people > 50%", "people and people > 50%"),
    ],
)
def test_a_rule_that_names_others_has_a_canonical_form(text, form):
    assert str(parse(text, RULES)) == form
    assert parse(form, RULES) == parse(text, RULES)


@pytest.mark.parametrize(
    "text",
    [
        "people > 50%",
        "50% < people",
        '"people" > 50%',
        "people = 1",
        "max(people, warm) > 50%",
        "people + warm > 50%",
        "@label = people",
        "@top != people",
        "people&&warm>0.5",  # as the nodes read it: one label
        "(people)>0.5",
        "not>0.5",
        "#people > 0",
    ],
)
def test_what_is_read_without_names_means_the_same_with_them(text):
    assert parse(text, RULES) == parse(text)


@pytest.mark.long
@settings(max_examples=400)
@given(st.lists(PIECES | st.sampled_from(["people", "warm", " and ", " > 0.5"])).map("".join))
def test_names_change_nothing_of_any_text_that_is_read_without_them(text):
    try:
        alone = parse(text)
    except ExpressionError:
        return
    assert parse(text, RULES) == alone


@pytest.mark.long
@settings(max_examples=400)
@given(st.lists(PIECES | st.sampled_from(["people", "warm", " and ", " or ", "not "])).map("".join))
def test_any_text_that_is_read_with_names_is_read_again_from_its_form(text):
    try:
        rule = parse(text, RULES)
    except ExpressionError:
        return
    assert parse(str(rule), RULES) == rule
    assert rule.evaluate({}) in {True, False, None}
    assert rule.explain({}, whole=True).isprintable()


def test_all_that_named_rules_ask_for_is_asked_for():
    rule = parse('"warm people" and blue < 5%', RULES)
    assert rule.rules == ("warm people",)
    assert rule.labels == ("red", "orange", "blue")
    assert rule.groups == ("#Female", "#Male")
    assert rule.properties == ("label",)
    asked = labels_of(rule)
    assert asked[:2] == ("red", "orange")
    assert {"woman", "man", "blue"} <= {*asked}


def test_the_reason_names_the_rule_and_says_what_decides_it():
    rule = parse("people and not warm", RULES)
    assert rule.explain({"red": 0.7, "orange": 0.1}, properties={"label": "person"}) == (
        "warm is true (max(red, orange) 70% (red) > 50% is true)"
    )
    assert rule.explain({"red": 0.2, "orange": 0.1}, properties={"label": "person"}) == (
        "people is true (@label 'person' = 'person' is true) and "
        "warm is false (max(red, orange) 20% (red) > 50% is false)"
    )
    assert parse("warm", RULES).explain({"blue": 1.0}) == (
        "warm is unknown (no label for 'max(red, orange)': the classifier gave blue)"
    )


def test_a_reason_of_many_parts_is_whole_where_that_is_asked_for():
    rule = parse("all", {"all": "a > 0 and b > 0 and c > 0 and d > 0"})
    scores = dict.fromkeys("abcd", 0.5)
    short, whole = rule.explain(scores), rule.explain(scores, whole=True)
    assert short.endswith("b 0.50 > 0 is true and 2 more)")
    assert whole.endswith("c 0.50 > 0 is true and d 0.50 > 0 is true)")


def test_thresholds_of_named_rules_come_after_the_rules_own_with_places_in_their_texts():
    rules = read_rules("dark = black >= 30%\n deep = dark or blue < .2")
    found = parse("red > 50% and deep and dark", rules).thresholds
    assert [(one.rule, one.label, one.value, one.start, one.end) for one in found] == [
        ("", "red", 0.5, 6, 9),
        ("deep", "blue", 0.2, 15, 17),
        ("dark", "black", 0.3, 9, 12),
    ]
    own = Threshold("red", ">", 0.5, 6, 9, True, Label("red"))
    assert found[0] == own


def test_a_threshold_of_a_named_rule_is_not_changed_in_the_rule_that_names_it():
    rule = parse("red > 50% and warm", RULES)
    assert rule.with_threshold(0, 0.4) == "red > 40% and warm"
    with pytest.raises(InputError, match=r"^threshold 1 stands in the rule warm: change it there$"):
        rule.with_threshold(1, 0.4)


def test_a_label_that_is_a_rules_name_too_is_doubted_unless_it_is_quoted():
    assert parse("warm > 50%", RULES).hints == (
        (
            "'warm' was read as a label: the rule of that name stands alone, without a comparison; "
            'quotes say the label, "warm"'
        ),
    )
    assert parse('"warm" > 50% and warm', RULES).hints == ()
    # in the rule of that name itself nothing else can be meant
    assert read_rules("person = person > 50%")["person"].hints == ()
    assert parse("person", {"person": "person > 50%"}).hints == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "peeple and red > 50%",
            (
                "column 1: 'peeple' is only a value: expected a comparison, such as red > 0.5, or "
                "the name of a rule: did you mean people?\n  peeple and red > 50%\n  ^"
            ),
        ),
        (
            "red > 50% and cat",
            (
                "column 15: 'cat' is only a value: expected a comparison, such as red > 0.5, or "
                'the name of a rule, of which there are people, warm, "warm people"\n'
                "  red > 50% and cat\n                ^"
            ),
        ),
        (
            "people warm",
            (
                "column 8: expected an operator or the end after 'people', found 'warm': a label "
                'with spaces needs quotes, "people warm"\n  people warm\n         ^'
            ),
        ),
    ],
)
def test_what_is_no_name_is_told_with_its_place_and_what_there_is(text, sentence):
    with pytest.raises(ExpressionError) as caught:
        parse(text, RULES)
    assert str(caught.value) == sentence


def test_without_rules_a_word_alone_is_refused_as_ever():
    with pytest.raises(ExpressionError) as caught:
        parse("people")
    assert caught.value.message == (
        "'people' is only a value: expected a comparison, such as red > 0.5"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "a = red > 1%\nb = a and c\nc = b",
            (
                "line 3, column 5: of the rule 'c': 'b' leads back to itself, b -> c -> b: "
                "expected a rule without it\n  c = b\n      ^"
            ),
        ),
        (
            "people = people or red > 1%",
            (
                "line 1, column 10: of the rule 'people': 'people' leads back to itself, people -> "
                "people: expected a rule without it\n  people = people or red > 1%\n           ^"
            ),
        ),
        (
            "a = red > 1%\n\n a = blue > 1%",
            (
                "line 3, column 2: 'a' is the name of the rule in line 1 too: expected another "
                "name\n   a = blue > 1%\n   ^"
            ),
        ),
        (
            "a = red > 1%\nb = (red > 5",
            (
                "line 2, column 5: of the rule 'b': this parenthesis is never closed: expected "
                "')'\n  b = (red > 5\n      ^"
            ),
        ),
        (
            "warm = red > 1%\nb = worm",
            (
                "line 2, column 5: of the rule 'b': 'worm' is only a value: expected a comparison, "
                "such as red > 0.5, or the name of a rule: did you mean warm?\n  b = worm\n      ^"
            ),
        ),
        (
            "red > 50%",
            (
                "line 1, column 1: expected a name, = and a rule, such as people = #Female > 0 or "
                "#Male > 0\n  red > 50%\n  ^"
            ),
        ),
        (
            "warm == 50%",
            (
                "line 1, column 1: expected a name, = and a rule, such as people = #Female > 0 or "
                "#Male > 0\n  warm == 50%\n  ^"
            ),
        ),
        (
            "warm people = red > 50%",
            (
                'line 1, column 1: a name with spaces needs quotes, "warm people"\n'
                "  warm people = red > 50%\n  ^"
            ),
        ),
        *(
            (
                f"{name} = red > 50%",
                (
                    f"line 1, column 1: '{name}' is no name: expected a word, or text in quotes, "
                    f"such as people = #Female > 0 or #Male > 0\n  {name} = red > 50%\n  ^"
                ),
            )
            for name in ("and", "@label", "#people", "5", "50%", "&&", "*")
        ),
        (
            '"" = red > 50%',
            'line 1, column 1: the name has 0 characters: expected 1 to 60\n  "" = red > 50%\n  ^',
        ),
        (
            "a =",
            (
                "line 1, column 4: of the rule 'a': the expression is empty: expected a "
                "comparison, such as red > 0.5, or *\n  a =\n     ^"
            ),
        ),
    ],
)
def test_a_line_that_cannot_be_used_is_told_with_its_place(text, sentence):
    with pytest.raises(RuleError) as caught:
        read_rules(text)
    assert str(caught.value) == sentence
    assert isinstance(caught.value, ExpressionError)
    assert isinstance(caught.value, InputError)


def test_a_line_may_have_marks_around_it_as_a_rule_may():
    rules = read_rules("`people = red > 50%`\r\n**warm = blue > 1%**;\nboth = `people` and warm;")
    assert {name: str(rule) for name, rule in rules.items()} == {
        "people": "red > 50%",
        "warm": "blue > 1%",
        "both": "people and warm",
    }
    with pytest.raises(RuleError) as caught:
        read_rules("`people = red >`")
    assert (caught.value.column, caught.value.line) == (16, 1)


def test_lines_may_be_in_any_order_and_blank_ones_say_nothing():
    rules = read_rules("\r\nb = a or x > 1\r\n\n  a=y>1;  \n")
    assert [*rules] == ["b", "a"]
    assert parse("b", rules).labels == ("y", "x")
    assert dict(read_rules(" \n")) == {}


def test_fifty_rules_have_names_and_no_more():
    lines = [f"a{number} = x > 1" for number in range(51)]
    assert len(read_rules("\n".join(lines[:50]))) == 50
    with pytest.raises(RuleError) as caught:
        read_rules("\n".join(lines))
    assert caught.value.message == "there are more than 50 rules with names: no more are allowed"
    assert caught.value.line == 51


def test_rules_that_double_each_other_end_before_they_are_endless():
    lines = ["a0 = x > 1", *(f"a{n} = a{n - 1} and a{n - 1}" for n in range(1, 40))]
    with pytest.raises(RuleError) as caught:
        read_rules("\n".join(lines))
    assert "with the rules that it names the expression has" in caught.value.message
    assert caught.value.message.endswith(
        f" characters: at most {MAX_CHARACTERS_IN_ALL} are allowed"
    )


def test_rules_that_name_each_other_are_as_deep_as_one_may_be():
    deep = ["a0 = x > 1", *(f"a{n} = a{n - 1}" for n in range(1, 50))]
    assert parse("a49", read_rules("\n".join(deep))).levels == MAX_DEPTH
    with pytest.raises(ExpressionError) as caught:
        parse("not a49", read_rules("\n".join(deep)))
    assert caught.value.message == (
        "with the rules that it names the expression has 51 levels: at most 50 are allowed"
    )


def test_rules_as_a_mapping_are_read_too():
    mixed = {"warm": RULES["warm"], "dark": "black > 50% or warm"}
    assert parse("dark", mixed).labels == ("black", "red", "orange")
    with pytest.raises(RuleError) as caught:
        parse("dark", {"dark": "(black > 1"})
    assert str(caught.value) == (
        "column 1: of the rule 'dark': this parenthesis is never closed: expected ')'\n"
        "  (black > 1\n  ^"
    )
