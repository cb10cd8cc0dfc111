"""What holds for every text and every tree."""

import itertools
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segui.errors import ExpressionError
from segui.expression import PROPERTIES, Expression, parse
from segui.expression.nodes import (
    And,
    Arithmetic,
    Comparison,
    Everything,
    Function,
    Group,
    Label,
    Not,
    Number,
    Or,
    Pattern,
    Property,
    Text,
    TextComparison,
)
from segui.expression.tokens import tokenize
from tests.counts import examples

OPERATORS = st.sampled_from([">", "<", ">=", "<=", "=", "!="])
PIECES = st.sampled_from(
    [
        *("a", "b-c", "0.5", "50%", "-1", "#Male", "@share", "@top", "@x@y", "max(", "sum", "Age*"),
        *("(", ")", ",", '"', "'", '"a b"', " ", "  ", "\\", "!", "@", "#", "*", "+", "-", "/"),
        *(
            "≥",
            "≤",
            "≠",
            "＞",
            "！",
            "＝",
            "&&",
            "||",
            "&",
            "¬",
            "“",
            "”",
            "’",
            "`",
            "«",
            ";",
            "；",
        ),
        *(
            "（",
            "）",
            "，",
            "＠x",
            "＃",
            "５",
            "，５",
            ",5",
            "1,000",
            " %",
            "−",
            "\u200b",
            "\u00a0",
            "🚀",
        ),
        *(">", "<", "=", "!=", "<=", "and", "or", "not", "NOT ", " and ", "(2)", "é", "\n", "\x00"),
    ]
)
WORDS = st.text(string.ascii_letters + string.digits + "-.*/+#%&é猫", min_size=1, max_size=6)

labels = st.builds(
    Label, st.one_of(WORDS, st.text(max_size=6), st.sampled_from(["and", "0", "max"]))
)
# neither can be quoted, so neither has a sign in it that joins conditions
BARE = WORDS.filter(lambda word: "&&" not in word)
groups = st.builds(Group, BARE.map("#{}".format))
patterns = st.builds(Pattern, BARE.map("x{}*".format))
numbers = st.builds(
    Number, st.from_regex(r"-?([0-9]{1,3}(\.[0-9]?)?|\.[0-9])(e-?[0-9])?%?", fullmatch=True)
)
figures = st.builds(Property, st.sampled_from(sorted(set(PROPERTIES) - {"label", "top"})))
texts = st.builds(Property, st.sampled_from(["label", "top"]))
functions = st.builds(
    Function,
    st.sampled_from(["max", "min", "sum", "mean"]),
    st.lists(st.one_of(labels, groups, patterns), min_size=1, max_size=3).map(tuple),
)


def read(text):
    try:
        return parse(text)
    except ExpressionError as error:
        return error


def rest(signs, operands):
    return st.lists(st.tuples(signs, operands), min_size=1, max_size=3).map(tuple)


values = st.recursive(
    st.one_of(labels, groups, numbers, figures, functions),
    lambda inner: st.one_of(
        st.builds(Arithmetic, inner, rest(st.sampled_from("+-"), inner)),
        st.builds(Arithmetic, inner, rest(st.sampled_from("*/"), inner)),
    ),
    max_leaves=5,
)
others = st.one_of(texts, groups, st.builds(Text, st.text(max_size=6)))
equality = st.sampled_from(["=", "!="])
conditions = st.recursive(
    st.one_of(
        st.builds(Comparison, values, rest(OPERATORS, values)),
        st.builds(TextComparison, texts, equality, others),
        st.builds(TextComparison, others, equality, texts),
    ),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)


@pytest.mark.long
@settings(max_examples=examples(300), deadline=None)
@given(conditions)
def test_the_canonical_form_parses_to_an_equal_tree(tree):
    form = str(tree)
    if len(form) <= 1000:
        assert parse(form).tree == tree


@settings(max_examples=examples(500), deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join)))
def test_a_text_is_read_or_refused_at_a_column_of_it(text):
    outcome = read(text)
    if isinstance(outcome, ExpressionError):
        assert 1 <= outcome.column <= len(text) + 1
        assert outcome.text == text
        assert outcome.message.isprintable()
    else:
        assert parse(str(outcome)) == outcome


@pytest.mark.long
@settings(max_examples=examples(300), deadline=None)
@given(
    conditions,
    st.dictionaries(
        st.one_of(WORDS, st.text(max_size=3)), st.floats() | st.integers() | st.none(), max_size=4
    ),
    st.dictionaries(st.sampled_from(sorted(PROPERTIES)), st.floats() | st.none() | st.text()),
)
def test_every_decision_has_a_sentence_that_agrees_with_it(tree, scores, properties):
    expression = Expression("", tree)
    passes = expression.evaluate(scores, properties=properties)
    sentence = expression.explain(scores, properties=properties)
    assert passes in {True, False, None}
    assert sentence
    assert sentence.isprintable()
    if isinstance(tree, Comparison | TextComparison):
        assert sentence.endswith(" is true") == (passes is True)
        assert sentence.endswith(" is false") == (passes is False)


def test_everything_is_the_only_tree_of_a_star():
    assert parse("*").tree == Everything()


@pytest.mark.parametrize(
    "text",
    [
        " + ".join(["a"] * 249) + " > 1",
        " * ".join(["1"] * 249) + " > 0",
        " or ".join(["a>1"] * 140),
        " and ".join(["(a>1)"] * 99),
        "<".join(["a"] * 500),
        "max(" + ",".join(["a"] * 490) + ")>0",
        "max(" + "*a" * 490 + ")>0",
        "a" + "(b)" * 300 + ">0",
        "a!" * 480 + ">0",
        "1" * 990 + "x>0",
        '"' + '\\"' * 490 + '">0',
        " " * 990 + "a>0",
    ],
)
def test_long_texts_of_one_kind_are_read_whole(text):
    assert len(text) <= 1000
    expression = parse(text)
    assert parse(str(expression)) == expression
    assert expression.explain({"a": 1.0})


@pytest.mark.parametrize(
    "piece", ["(", ")", "not ", "max(", '"', "'", "a ", "a@", "!", "<", "\\", "a'"]
)
def test_long_texts_without_sense_are_refused(piece):
    text = (piece * 1000)[:1000]
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert 1 <= caught.value.column <= 1001


def test_each_character_belongs_to_one_token():
    text = "not(a>=.5)and 'b c'!=max(x, #y) - @share*"[:-1]
    tokens = tokenize(text)
    assert "".join(token.text for token in tokens) == text.replace(" ", "").replace("bc", "b c")
    assert all(one.end <= other.start for one, other in itertools.pairwise(tokens))


@pytest.mark.parametrize("rule", ["{}", "{} {}", '{}"', "#{}", "@{}", "{}(red)", "max({}"])
def test_a_long_word_is_quoted_in_part(rule):
    with pytest.raises(ExpressionError) as refused:
        parse(rule.format(*["a" * 400] * 2))
    assert len(refused.value.message) < 400


def test_a_text_that_is_far_too_long_is_not_said_again():
    with pytest.raises(ExpressionError) as refused:
        parse("a" * 100_000)
    assert str(refused.value) == (
        "column 1001: the expression has 100000 characters: at most 1000 are allowed"
    )
