"""The errors that segui raises on purpose, each a sentence for the person who reads it."""

import re

_SHOWN_CHARACTERS = 60
_QUOTED_CHARACTERS = 80
_SENTENCE_CHARACTERS = 3000
_LINE_CHARACTERS = 1000  # as many as a rule may have
_LONG = re.compile(rf"'[^']{{{_QUOTED_CHARACTERS + 1},}}'|\"[^\"]{{{_QUOTED_CHARACTERS + 1},}}\"")


class SeguiError(Exception):
    """Anything that segui refuses; its text is a sentence fit to show to a user."""


class InputError(SeguiError, ValueError):
    """An image, a mask or an option that cannot be used as it is."""


class MarksError(InputError):
    """Nothing was clicked or framed where a finder has to be told what to cut out."""


class SizeError(InputError):
    """A picture of another size than the photo, but of its proportions: it can be scaled."""


class LargeError(InputError):
    """A picture with more pixels than allowed, which could be opened at a smaller size.

    Args:
        sentence: What is refused.
        smaller_wh: That width and height, px.
    """

    def __init__(self, sentence: str, smaller_wh: tuple[int, int]) -> None:
        super().__init__(sentence)
        self.smaller_wh = smaller_wh


class SumError(InputError):
    """Files or areas that can be used each, and are too many or too large together."""


class ClassifierError(SeguiError, RuntimeError):
    """A classifier that could not be loaded or could not answer."""


class StorageError(SeguiError, OSError):
    """A file that could not be written: the disk is full, or may not be written."""


class ExpressionError(SeguiError, ValueError):
    """An expression that cannot be read.

    Args:
        text: The expression as it was given.
        column: Where the trouble is, from 1 to ``len(text) + 1``.
        message: What was found there and what was expected; what it quotes is cut.
    """

    def __init__(self, text: str, column: int, message: str) -> None:
        super().__init__(text, column, message)
        self.text = text
        self.column = column
        self.message = short(message)

    def __str__(self) -> str:
        """The message; below it the text, if it is not long, with a caret under the column."""
        if len(self.text) > _LINE_CHARACTERS:
            return f"column {self.column}: {self.message}"
        line = "".join(character if character.isprintable() else " " for character in self.text)
        return f"column {self.column}: {self.message}\n  {line}\n  {' ' * (self.column - 1)}^"


class RuleError(ExpressionError, InputError):
    """A rule with a name, among others, that cannot be used.

    Args:
        text: Its line as it was given, or the rule alone.
        column: Where the trouble is in that, from 1 to ``len(text) + 1``.
        message: As of ``ExpressionError``.
        line: Which line it is of those that were given, from 1; 0 where there are none.
    """

    def __init__(self, text: str, column: int, message: str, line: int = 0) -> None:
        super().__init__(text, column, message)
        self.line = line

    def __str__(self) -> str:
        """As of ``ExpressionError``, with the line before it."""
        return f"line {self.line}, {super().__str__()}" if self.line else super().__str__()


class FadeError(ExpressionError, InputError):
    """A text that cannot be read of how opacity is to follow the segments."""


def shown(value: object) -> str:
    """A value for a sentence, short however large it is.

    >>> shown("red"), shown(True), shown([1, 2]), shown({})
    ("'red'", 'True', 'a list', 'an object')
    """
    if isinstance(value, str):
        is_long = len(value) > _SHOWN_CHARACTERS
        return repr(value[:_SHOWN_CHARACTERS] + "..." * is_long)
    if isinstance(value, (bool, int, float)) or value is None:
        text = repr(value)
        return text if len(text) <= _SHOWN_CHARACTERS else f"a number of {len(text)} digits"
    return "a list" if isinstance(value, list) else "an object"


def short(sentence: str) -> str:
    """A sentence with each value that it quotes cut at 80 characters, and never endless.

    Args:
        sentence: Of a library, or with a value that somebody sent.

    >>> short(f"'{'A' * 1000}' is not of type 'array'") == f"'{'A' * 77}...' is not of type 'array'"
    True
    """
    cut = _LONG.sub(
        lambda found: found[0][: _QUOTED_CHARACTERS - 2] + "..." + found[0][0], sentence
    )
    return cut if len(cut) <= _SENTENCE_CHARACTERS else f"{cut[: _SENTENCE_CHARACTERS - 3]}..."
