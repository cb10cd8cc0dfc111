"""What the language reads, shown by the canonical form of each text."""

import pytest

from segui.expression import PRESETS, parse


def canonical(text: str) -> str:
    expression = parse(text)
    assert expression.text == text
    assert parse(str(expression)) == expression
    return str(expression)


@pytest.mark.parametrize("text", PRESETS)
def test_presets_are_canonical(text):
    assert canonical(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("female>=male", "female >= male"),
        ("0.25<female", "0.25 < female"),
        ("  a  >  b  ", "a > b"),
        ("a\t>\nb", "a > b"),
        ("a == b", "a = b"),
        ("a = b", "a = b"),
        ("a != b", "a != b"),
        ("a!=b", "a != b"),
        ("0.2 < cat <= 0.8", "0.2 < cat <= 0.8"),
        ("a<b<c<d", "a < b < c < d"),
    ],
)
def test_comparisons_and_chains_need_no_spaces(text, expected):
    assert canonical(text) == expected


@pytest.mark.parametrize("number", ["5", "5.", "0.5", ".5", "-.5", "-0.5", "1e-3", "1E+3", "50%"])
def test_whole_words_that_read_as_numbers_are_numbers(number):
    expression = parse(f"a > {number}")
    assert str(expression) == f"a > {number}"
    assert expression.labels == ("a",)


@pytest.mark.parametrize("word", ["0.5.1", "5px", "n01440764", "e5", ".", "1e", "--1", "+1", "%"])
def test_words_that_only_begin_like_numbers_are_labels(word):
    assert parse(f"{word} > 0.5").labels == (word,)


@pytest.mark.parametrize(
    "label", ["t-shirt", "x.y", "a/b", "a*b", "cat*", "a+b", "größe", "猫", "&&"]
)
def test_signs_inside_a_word_belong_to_the_label(label):
    assert parse(f"{label}>0.5").labels == (label,)
    assert canonical(f"{label} > 0.5") == f"{label} > 0.5"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - b > 0", "a - b > 0"),
        ("a + b - c > 0", "a + b - c > 0"),
        ("a + b * c / d > 0", "a + b * c / d > 0"),
        ("(a + b) * c > 0", "(a + b) * c > 0"),
        ("(a * b) + c > 0", "a * b + c > 0"),
        ("a - (b - c) > 0", "a - (b - c) > 0"),
        ("a / (b * c) > 0", "a / (b * c) > 0"),
        ("a * -0.5 > 0", "a * -0.5 > 0"),
        ("2 * 3 > 5", "2 * 3 > 5"),
        ("a > b + c", "a > b + c"),
    ],
)
def test_products_bind_tighter_than_sums_and_both_read_from_the_left(text, expected):
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a>1 or b>1 and c>1", "a > 1 or b > 1 and c > 1"),
        ("(a>1 or b>1) and c>1", "(a > 1 or b > 1) and c > 1"),
        ("a>1 or (b>1 and c>1)", "a > 1 or b > 1 and c > 1"),
        ("not a>1 and b>1", "not a > 1 and b > 1"),
        ("not (a>1 and b>1)", "not (a > 1 and b > 1)"),
        ("not(a)>1", "not a > 1"),
        ("not not a>1", "not not a > 1"),
        ("A>1 AND B>1 Or NOT C>1", "A > 1 and B > 1 or not C > 1"),
        ("((a > 1))", "a > 1"),
        ("(a>1)and(b>1)", "a > 1 and b > 1"),
        ("(a) > 0.5", "a > 0.5"),
    ],
)
def test_or_binds_loosest_then_and_then_not(text, expected):
    assert canonical(text) == expected


@pytest.mark.parametrize("text", ["*", "  * "])
def test_a_star_alone_is_everything(text):
    assert canonical(text) == "*"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ('"Human Female" > 0.5', "Human Female"),
        ("'Human Female' > 0.5", "Human Female"),
        ('"0" > 0.5', "0"),
        ('"50%" > 0.5', "50%"),
        ('"and" > 0.5', "and"),
        ('"NOT" > 0.5', "NOT"),
        ('"#Female" > 0.5', "#Female"),
        ('"@share" > 0.5', "@share"),
        ('"a>b" > 0.5', "a>b"),
        (r'"say \"x\"" > 0.5', 'say "x"'),
        (r"'men\'s' > 0.5", "men's"),
        ('"men\'s">0.5', "men's"),
        (r'"a\\b" > 0.5', "a\\b"),
        (r'"a\b" > 0.5', "a\\b"),
        ('"*" > 0.5', "*"),
        ('"" > 0.5', ""),
        ('"two\nlines" > 0.5', "two\nlines"),
    ],
)
def test_quotes_make_any_text_a_label(text, label):
    expression = parse(text)
    assert expression.labels == (label,)
    assert parse(str(expression)).labels == (label,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(Age*) > 0.5", "sum(Age*) > 0.5"),
        ("max( * ) > 0.5", "max(*) > 0.5"),
        ('mean(a,"b c",#Male) > min(d)', 'mean(a, "b c", #Male) > min(d)'),
        ('max("a*") > 0.5', 'max("a*") > 0.5'),
        ('max("0", t-shirt) > 0.5', 'max("0", t-shirt) > 0.5'),
        ("max(max)>0.5", "max(max) > 0.5"),
        ("max > 0.5", "max > 0.5"),
        ("0.5<max(a)<1", "0.5 < max(a) < 1"),
        ("(max(a)) > 0.5", "max(a) > 0.5"),
    ],
)
def test_functions_touch_their_parenthesis(text, expected):
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat(2)>0.5", '"cat(2)" > 0.5'),
        ("cat(2) > 0.5", '"cat(2)" > 0.5'),
        ("men's>0.5", '"men\'s" > 0.5'),
        ("cat,dog>0.5", '"cat,dog" > 0.5'),
        ("not>0.5", '"not" > 0.5'),
        ("0.5<And", '0.5 < "And"'),
        ("wow!>0.5", '"wow!" > 0.5'),
        ("*>0.5", '"*" > 0.5'),
        ("MAX(a)>0.5", '"MAX(a)" > 0.5'),
        ("(a)(b)>0.5", '"(a)(b)" > 0.5'),
        ("(a)+(b)>0.5", '"(a)+(b)" > 0.5'),
        ('"a">men\'s', 'a > "men\'s"'),
        ("@share>men's", '@share > "men\'s"'),
        ("@label=men's", '@label = "men\'s"'),
        ("max(a,b)==cat(2)", 'max(a, b) = "cat(2)"'),
        ("#men's>max(a,b)", "#men's > max(a,b)"),
    ],
)
def test_one_comparison_that_the_grammar_refuses_is_read_as_the_reference_reads_it(text, expected):
    assert canonical(text) == expected


def test_the_grammar_goes_before_the_reference_form():
    assert parse("(a)>0.5").labels == ("a",)


def test_opposite_a_text_property_a_bare_word_is_text():
    assert canonical("@label = cat") == "@label = cat"
    assert canonical('"Human Female" != @top') == '"Human Female" != @top'
    assert canonical("@top=#Female") == "@top = #Female"
    assert canonical("(@label) = (@top)") == "@label = @top"
    assert parse("@label = cat and @top = dog").labels == ()


def test_names_are_listed_once_in_order_of_appearance():
    text = 'b > a and sum("c d", Age*, #Male, a) > @share or @area + b > 1 and #x = @top'
    expression = parse(text)
    assert expression.labels == ("b", "a", "c d")
    assert expression.groups == ("#Male", "#x")
    assert expression.properties == ("share", "area", "top")


def test_expressions_of_one_form_are_equal_whatever_their_spaces():
    assert parse("a>1 AND (b==2)") == parse("a > 1 and b = 2")
    assert hash(parse("a>1")) == hash(parse("a > 1"))
    assert parse("a > 1") != parse("a >= 1")
    assert parse("(a > 1 and b > 1) and c > 1") != parse("a > 1 and (b > 1 and c > 1)")


def test_an_expression_cannot_be_changed():
    with pytest.raises(AttributeError):
        parse("a > 1").text = "b > 1"
