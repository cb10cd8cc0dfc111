from segui import ClassifierError, ExpressionError, InputError, SeguiError
from segui.errors import SizeError, short


def test_an_expression_error_shows_the_text_with_a_caret_under_the_column():
    error = ExpressionError("red >", 6, "expected a label or a number, found the end")
    assert str(error) == (
        "column 6: expected a label or a number, found the end\n  red >\n       ^"
    )
    assert (error.text, error.column) == ("red >", 6)


def test_a_line_break_in_the_text_does_not_break_the_caret_line():
    assert str(ExpressionError("a\n>", 3, "x")).splitlines()[1:] == ["  a >", "    ^"]


def test_all_errors_are_of_one_family():
    for kind in (InputError, SizeError, ExpressionError, ClassifierError):
        assert issubclass(kind, SeguiError)
    assert issubclass(InputError, ValueError)
    assert issubclass(SizeError, InputError)


def test_values_that_a_sentence_quotes_are_cut():
    url = "data:image/png;base64," + "A" * 400_000
    assert short(f"{url!r} is not of type 'array'") == f"'{url[:77]}...' is not of type 'array'"
    assert len(short(f'["{url}", {url!r}] is not valid')) < 220
    assert len(short("x" * 400_000)) == 3000
    assert short("red is 'x': expected 5") == "red is 'x': expected 5"
