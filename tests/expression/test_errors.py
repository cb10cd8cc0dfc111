"""What the language refuses: each message whole, its caret too."""

import pytest

from segui.errors import ExpressionError, InputError
from segui.expression import PROPERTIES, parse

KNOWN = ", ".join(f"@{name}" for name in PROPERTIES)


def refusal(text: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.text == text
    return str(caught.value)


def drawn(message: str, text: str, caret: str) -> str:
    column = caret.index("^") + 1
    return f"column {column}: {message}\n  {text}\n  {caret}"


def test_an_empty_text_says_what_is_expected():
    message = "the expression is empty: expected a comparison, such as red > 0.5, or *"
    assert refusal("") == drawn(message, "", "^")
    assert refusal("  ") == drawn(message, "  ", "^")


def test_what_is_no_text_is_an_input_error():
    with pytest.raises(InputError) as caught:
        parse(None)
    assert str(caught.value) == "an expression must be text, this is of type NoneType"


@pytest.mark.parametrize(
    ("message", "text", "caret"),
    [
        (
            "expected a label, a number or '(' after '>', found the end",
            "red >",
            "     ^",
        ),
        (
            "expected a label, a number or '(', found '>': leave out the sign that it begins with",
            "> 0.5",
            "^",
        ),
        (
            "expected a label, a number or '(' after '>', found '>': write >",
            "a >> b",
            "   ^",
        ),
        (
            "expected a label, a number or '(' after '=', found '>': write >=",
            "a => b",
            "   ^",
        ),
        (
            "expected a label, a number or '(' after '>', found '=': write >= without the space",
            "a > = b",
            "    ^",
        ),
        (
            (
                "expected a label, a number or '(' after '>', found 'not': "
                'a label of that name needs quotes, "not"'
            ),
            "a > not b",
            "    ^",
        ),
        (
            (
                "expected a label, a number or '(', found '-': leave out '-', or "
                "a negative number has no space after its sign, -0.5"
            ),
            "- 0.5 < a",
            "^",
        ),
        (
            "expected an operator or the end after '50%', found '%': leave out '%'",
            "a > 50% %",
            "        ^",
        ),
        (
            (
                "expected a label, a number or '(', found '*': "
                "'*' means everything only where it stands alone"
            ),
            "* and a > 1",
            "^",
        ),
        (
            "expected a label, a number or '(' after '(', found ')'",
            "a > ( )",
            "      ^",
        ),
    ],
)
def test_a_missing_value_is_found_where_it_is_due(message, text, caret):
    assert refusal(text) == drawn(message, text, caret)


@pytest.mark.parametrize(
    ("message", "text", "caret"),
    [
        (
            (
                "expected an operator or the end after 'Human', found 'Female': "
                'a label with spaces needs quotes, "Human Female"'
            ),
            "Human Female > 0.5",
            "      ^",
        ),
        (
            "expected an operator or the end after '50%', found 'an': did you mean and",
            "red > 50% an blue > 3%",
            "          ^",
        ),
        (
            (
                "expected an operator or the end after 'blue', found 'oder': did you mean or; "
                'a label with spaces needs quotes, "blue oder cat"'
            ),
            "red > blue oder cat > 1%",
            "           ^",
        ),
        (
            (
                "expected an operator or the end after '@label', found 'in': "
                "write each comparison, @label = ... or @label = ..."
            ),
            "@label in (cat, dog)",
            "       ^",
        ),
        (
            "expected an operator or the end after '@label', found 'is': write the sign =",
            "@label is cat",
            "       ^",
        ),
        (
            "expected an operator or the end after 'a', found '-b': put spaces around the sign '-'",
            "a -b > 0",
            "  ^",
        ),
        (
            "expected an operator or the end after 'a-', found 'b': put spaces around the sign '-'",
            "a- b > 0",
            "   ^",
        ),
        (
            (
                "expected an operator or the end after 'a', found '-0.5': "
                "put spaces around the sign '-'"
            ),
            "a -0.5 > 0",
            "  ^",
        ),
        (
            "put spaces around the sign '+'",
            "(a) +(b) > 0.5",
            "    ^",
        ),
        (
            "expected an operator or the end after '1', found '000': write 1000 without the space",
            "@area > 1 000",
            "          ^",
        ),
        (
            (
                "expected an operator or the end after '0.5', found 'not': "
                "'and' or 'or' joins conditions"
            ),
            "a > 0.5 not b > 1",
            "        ^",
        ),
        (
            (
                "expected an operator or the end after 'max', found '(': "
                "a function is in lower case and touches its parenthesis, max(...)"
            ),
            "max (a) > 1",
            "    ^",
        ),
        (
            (
                "expected an operator or the end after 'cat', found '(': "
                "a label that contains parentheses needs quotes"
            ),
            "cat(2) > 0.5 and b > 1",
            "   ^",
        ),
        (
            (
                "expected an operator or the end after '0', found ',': "
                "'and' or 'or' joins conditions; a label that contains a comma needs quotes"
            ),
            "a > 0, or b > 1",
            "     ^",
        ),
        (
            (
                "expected an operator or the end after 'tabby', found ',': "
                'a label that contains a comma needs quotes, "tabby, tabby cat"'
            ),
            "b > 1 or tabby, tabby cat > 0.5",
            "              ^",
        ),
        (
            "expected an operator or ')' after '1', found '2'",
            "(a > 1 2) and b > 1",
            "       ^",
        ),
    ],
)
def test_a_rest_is_an_error_that_says_how_to_write_it(message, text, caret):
    assert refusal(text) == drawn(message, text, caret)


@pytest.mark.parametrize(
    ("message", "text", "caret"),
    [
        ("this parenthesis is never closed: expected ')'", "(red>0.5", "^"),
        ("this parenthesis is never closed: expected ')'", "a > 1 and ((b > 1)", "          ^"),
        ("this parenthesis is never closed: expected ')'", "(", "^"),
        ("this parenthesis is never closed: expected ')'", "max(a", "   ^"),
        ("this parenthesis closes nothing: expected a '(' before it", "red>0.5)", "       ^"),
        ('this quote is never closed: expected "', '"abc>0.5', "^"),
        ("this quote is never closed: expected '", r"a > 'b\'", "    ^"),
        ("expected a space or an operator after the closing quote", '"a"b>1', "   ^"),
        (
            'a quote inside a word: put the whole label in quotes, "men\'s"',
            "men's > 0.5 and a > 1",
            "   ^",
        ),
        ("'!' is no operator alone: expected != or not", "! a > 0.5", "^"),
    ],
)
def test_unpaired_signs_point_at_their_column(message, text, caret):
    assert refusal(text) == drawn(message, text, caret)


@pytest.mark.parametrize(
    ("message", "text", "caret"),
    [
        (
            "'red' is only a value: expected a comparison, such as red > 0.5",
            "red",
            "^",
        ),
        (
            "'blue' is only a value: expected a comparison, such as red > 0.5",
            "red > 0.5 and blue",
            "              ^",
        ),
        (
            "'a' is only a value: expected a comparison, such as red > 0.5",
            "a or b > 1",
            "^",
        ),
        (
            "'a + b' is only a value: expected a comparison, such as red > 0.5",
            "not (a + b)",
            "    ^",
        ),
        (
            "'a > 0.5' is a condition, true or false: expected a value; 'and' joins conditions",
            "(a > 0.5) > 0.3",
            "^",
        ),
        (
            "'a > 0.5' is a condition, true or false: expected a value; 'and' joins conditions",
            "1 + (a > 0.5) > 0.3",
            "    ^",
        ),
    ],
)
def test_values_and_conditions_do_not_stand_for_each_other(message, text, caret):
    assert refusal(text) == drawn(message, text, caret)


@pytest.mark.parametrize(
    ("message", "text", "caret"),
    [
        (
            f"no property '@Share' (did you mean '@share'?): expected one of {KNOWN}",
            "@Share > 1",
            "^",
        ),
        (
            (
                f"no property '@zzz': expected one of {KNOWN}; "
                'a label of that name needs quotes, "@zzz"'
            ),
            "a > 1 and @zzz>0.5",
            "          ^",
        ),
        (f"no property '@': expected one of {KNOWN}", "@ > 1", "^"),
        (
            "no property '@share*2': put spaces around the sign '*'",
            "@share*2>1",
            "      ^",
        ),
        (
            (
                "'@' inside the word 'red-@share': put spaces around the sign before '@', "
                "or quotes around a label that contains it"
            ),
            "red-@share>0.5",
            "    ^",
        ),
        (
            (
                "'@' inside the word '@x-@y': put spaces around the sign before '@', "
                "or quotes around a label that contains it"
            ),
            "@x-@y>0.5",
            "   ^",
        ),
    ],
)
def test_an_at_sign_begins_a_known_property_or_is_an_error(message, text, caret):
    assert refusal(text) == drawn(message, text, caret)


@pytest.mark.parametrize(
    ("message", "text", "caret"),
    [
        (
            "min(...) is glued to the sign '-': put spaces around the sign",
            "max(a)-min(b)>0",
            "      ^",
        ),
        (
            "max(...) is glued to the sign '*': put spaces around the sign",
            "2*max(a)>0.5",
            " ^",
        ),
        (
            "'b' is glued to max(...): put spaces around the sign or the word after it",
            "max(a)b>0.5",
            "      ^",
        ),
        (
            "'*2' is glued to max(...): put spaces around the sign or the word after it",
            "max(a)*2>0.5",
            "      ^",
        ),
        (
            "expected a label or a group in max(...), found ')'",
            "max()>0.5",
            "    ^",
        ),
        (
            (
                "expected a label or a group in sum(...), found '0': "
                'a label of that name needs quotes, "0"'
            ),
            "sum(a, 0) > 0.5",
            "       ^",
        ),
        (
            (
                "expected a label or a group in min(...), found 'or': "
                'a label of that name needs quotes, "or"'
            ),
            "min(or)>0.5",
            "    ^",
        ),
        (
            "expected a label or a group in max(...), found '@share'",
            "max(@share) > 0.5",
            "    ^",
        ),
        (
            "expected a label or a group in max(...), found 'min'",
            "max(min(a)) > 0.5",
            "    ^",
        ),
        (
            (
                "expected ',' or ')' in mean(...), found 'b': a label with other characters "
                "needs quotes"
            ),
            "mean(a b) > 0.5",
            "       ^",
        ),
    ],
)
def test_a_function_takes_labels_and_stands_free(message, text, caret):
    assert refusal(text) == drawn(message, text, caret)


@pytest.mark.parametrize(
    ("message", "text", "caret"),
    [
        ("@top is text: expected = or !=, found '>'", "@top > cat", "     ^"),
        ("@label is text: expected = or !=, found '<='", "cat <= @label", "    ^"),
        ("@top is text: expected one comparison, not a chain", "@top = a = b", "         ^"),
        ("@top is text: expected a number for arithmetic", "1 + @top > 2", "    ^"),
        (
            '@top is text: a label of that name needs quotes, "0"',
            "@top = 0",
            "       ^",
        ),
        (
            "@top is text: expected a label or a group, found '@share'",
            "@top = @share",
            "       ^",
        ),
        (
            "@label is text: expected a label or a group, found 'a + b'",
            "a + b = @label",
            "^",
        ),
    ],
)
def test_text_is_compared_with_text_and_nothing_else(message, text, caret):
    assert refusal(text) == drawn(message, text, caret)


@pytest.mark.parametrize(
    "text",
    ["a b>men's", "(men's>0.5", "men's)>0.5", "a,b>c>d", "men's>0.5 or a>1", "a,b>", ",>@x@y"],
)
def test_the_reference_form_takes_balanced_sides_without_white_space_alone(text):
    with pytest.raises(ExpressionError):
        parse(text)


def test_a_thousand_characters_are_read_and_one_more_is_refused():
    text = "a" * 996 + " > 1"
    assert parse(text).labels == ("a" * 996,)
    with pytest.raises(ExpressionError) as caught:
        parse(f"a{text}")
    assert caught.value.column == 1001
    assert caught.value.message == "the expression has 1001 characters: at most 1000 are allowed"


@pytest.mark.parametrize(
    ("opening", "closing", "width"), [("(", ")", 1), ("not ", "", 4), ("not(not ", ")", 8)]
)
def test_fifty_levels_are_read_and_one_more_is_refused(opening, closing, width):
    levels = 3 if opening == "not(not " else 1
    count = 50 // levels
    rest = "(" * (50 - count * levels)
    text = opening * count + rest + "a > 1" + ")" * len(rest) + closing * count
    assert parse(text).labels == ("a",)
    deeper = f"({text})"
    with pytest.raises(ExpressionError) as caught:
        parse(deeper)
    assert caught.value.message == "the expression is 51 levels deep: at most 50 are allowed"
    assert deeper[: caught.value.column].count("(") + deeper[: caught.value.column].count("n") >= 51


def test_an_error_of_depth_names_the_actual_depth_and_the_first_level_beyond():
    with pytest.raises(ExpressionError) as caught:
        parse("(" * 60 + "a" + ")" * 60 + ">0.5")
    assert caught.value.message == "the expression is 60 levels deep: at most 50 are allowed"
    assert caught.value.column == 51


def test_levels_that_are_closed_do_not_count():
    assert parse(" and ".join(["not (a > 1)"] * 60)).labels == ("a",)
    assert parse(" and ".join(["(not a > 1)"] * 60)).labels == ("a",)
    assert parse("a" + " + (b)" * 100 + " > 1").labels == ("a", "b")


def test_the_deepest_text_is_read_far_down_the_stack():
    def parse_below(frames: int) -> bool | None:
        if frames:
            return parse_below(frames - 1)
        expression = parse("(" * 50 + "a > 1" + ")" * 50)
        nested = parse("(0>1 or 1>0 and " * 50 + "a > 1" + ")" * 50)
        assert parse(str(nested)) == nested
        return expression.evaluate({"a": 2}) and nested.evaluate({"a": 2})

    assert parse_below(250) is True


def test_a_number_of_many_digits_is_told_by_its_beginning():
    digits, cut = "0." + "9" * 700, "0." + "9" * 35 + "..."
    text = f"red > {digits}and blue > 1"
    message = (
        f"'and' is glued to {cut}: put spaces around it, or quotes around a label, "
        f'"{digits[:77]}..."'
    )
    assert refusal(text) == drawn(message, text, " " * 708 + "^")
