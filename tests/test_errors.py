from segui import ClassifierError, ExpressionError, InputError, SeguiError
from segui.errors import SizeError


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
