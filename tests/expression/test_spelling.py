"""One name in different characters: found, told apart where a model has both, and said."""

import pytest

from segui.expression import parse
from segui.expression.spelling import known_as, label_notes

COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(
    ("typed", "given"),
    [
        (COMPOSED, DECOMPOSED),
        (DECOMPOSED, COMPOSED),
        ("men’s", "men's"),
        ('"men\'s"', "men’s"),
        ('"Human\u00a0Female"', "Human Female"),
        ('"Human Female"', "Human\u202fFemale"),
        ("t‑shirt", "t-shirt"),
        ("0–2", "0-2"),
        ("red", "re\u200bd"),
        ("red", "\ufeffred"),
        ("❤", "❤\ufe0f"),
        ("한국", "한국"),
        ("ｃａｔ", "cat"),
        ("ﾈｺ", "ネコ"),
        ("ﾄﾞｱ", "ドア"),
    ],
)
def test_a_label_is_found_in_other_characters(typed, given):
    scores = {given: 0.75, "other": 0.25}
    assert parse(f"{typed} > 0.5").evaluate(scores) is True
    assert parse(f"max({typed}, {typed}) = 0.75 and mean({typed}, other) = 0.5").evaluate(scores)
    assert parse(f"@top = {typed}").evaluate(scores) is True
    assert parse(f"@label = {typed}").evaluate({}, properties={"label": given}) is True
    assert parse("#it = 0.75").evaluate(scores, groups={"it": parse(f"{typed}>0").labels}) is True


@pytest.mark.parametrize("scores", [{COMPOSED: 0.75, DECOMPOSED: 0.25}])
def test_where_a_model_has_both_the_very_one_is_meant(scores):
    for label, score in scores.items():
        assert parse(f"{label} = {score}").evaluate(scores) is True
        assert parse(f"@top = {label}").evaluate(scores) is (score == 0.75)
    assert parse("sum(caf*) = 1").evaluate(scores) is True
    assert parse("＠ｔｏｐ＝ｃａｔ").evaluate({"ｃａｔ": 0.1, "cat": 0.2}) is False
    both = {"a'b": 0.1, "a’b": 0.2}
    assert parse("aʼb > 0").evaluate(both) is None


@pytest.mark.parametrize(("typed", "given"), [("Cat", "cat"), ("Ｃat", "cat"), ("a b", "a  b")])
def test_what_looks_different_is_suggested_and_no_more(typed, given):
    rule = parse(f'"{typed}" > 0.5')
    assert rule.evaluate({given: 0.75}) is None
    assert rule.explain({given: 0.75}) == f"no label '{typed}': did you mean '{given}'?"


def test_the_models_own_spelling_is_told_where_it_can_be_seen():
    assert parse("men’s > 0.5").explain({"men's": 0.75}) == "men’s 0.75 (men's) > 0.5 is true"
    sentence = parse(f"{COMPOSED} > 0.5").explain({DECOMPOSED: 0.75})
    assert sentence == f"{COMPOSED} 0.75 > 0.5 is true"


@pytest.mark.parametrize(
    ("text", "label", "sentence"),
    [
        ("#1 > 0", "#1", "no group '#1': the label of that name needs quotes, \"#1\""),
        ("mens > 0", "men's", "no label 'mens': did you mean \"men's\"?"),
        ("tabby > 0", "tabbys, x", "no label 'tabby': did you mean 'tabbys, x'?"),
        ("zzz > 0", "tabby, cat", "no label 'zzz': the classifier gave \"tabby, cat\""),
        ("zzz > 0", "", "no label 'zzz': the classifier gave \"\""),
    ],
)
def test_labels_are_named_as_a_rule_takes_them(text, label, sentence):
    assert parse(text).explain({label: 0.5}) == sentence


def test_a_label_of_a_model_is_known_once():
    assert known_as("a", ["a", "A"]) == "a"
    assert known_as("á", []) is None


@pytest.mark.parametrize(
    ("labels", "notes"),
    [
        (["cat", "dog", "tabby, tabby cat", "and", "#1"], []),
        (
            ["crane", "crane", "maillot", "maillot", "maillot"],
            [
                "The model has 'crane' twice: the better of the two scores counts.",
                "The model has 'maillot' 3 times: the better of the 3 scores counts.",
            ],
        ),
        (["Cat", "cat"], ["The model tells 'Cat' and 'cat' apart by upper and lower case alone."]),
        (
            [COMPOSED, DECOMPOSED],
            [
                (
                    f"The model has 2 labels that look like '{COMPOSED}': a rule means the one "
                    "that is written in the same characters, so take it from the list."
                )
            ],
        ),
        (["", "a"], ['The model has a label without a name: a rule writes it "".']),
    ],
)
def test_what_is_odd_about_a_models_labels_is_said(labels, notes):
    assert list(label_notes(labels)) == notes
