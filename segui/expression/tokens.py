"""Text to tokens."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from segui.errors import ExpressionError
from segui.expression.properties import PROPERTIES
from segui.expression.suggest import suggest
from segui.expression.vocabulary import FUNCTIONS, KEYWORDS, SIGNS, reads_as_number

_SPACE: Final = re.compile(r"\s*")
_WORD: Final = re.compile(r"""[^\s<>=!(),"']+""")
_QUOTED: Final = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)
_ESCAPE: Final = re.compile(r"""\\(["'\\])""")
_COMPARISON: Final = re.compile(r"[<>=!]=|[<>=]")
_GLUED_FUNCTION: Final = re.compile(rf"[-+*/](?:{'|'.join(FUNCTIONS)})")
_LABEL_WITH_QUOTE: Final = re.compile(r"[^\s<>=!()]+")
_SHOWN_CHARACTERS: Final = 40


class TokenKind(Enum):
    """What a token is."""

    NUMBER = auto()
    LABEL = auto()
    QUOTED = auto()
    GROUP = auto()
    PROPERTY = auto()
    FUNCTION = auto()
    KEYWORD = auto()
    SIGN = auto()
    COMPARISON = auto()
    OPEN = auto()
    CLOSE = auto()
    COMMA = auto()
    END = auto()


@dataclass(frozen=True)
class Token:
    """A word or a sign of an expression.

    Args:
        kind: What it is.
        text: The characters as they were typed.
        start: Where they start in the expression, from 0.
        value: What they mean: a label without its quotes, a property without its ``@``, a
            keyword in lower case; else the text.
    """

    kind: TokenKind
    text: str
    start: int
    value: str

    @property
    def end(self) -> int:
        """Where the next character of the expression is, from 0."""
        return self.start + len(self.text)

    def is_one(self, kind: TokenKind, *values: str) -> bool:
        """Whether the token is of that kind and means one of the values."""
        return self.kind is kind and self.value in values


def tokenize(text: str) -> list[Token]:
    """Split an expression into tokens, the last one of kind END.

    Args:
        text: The expression.

    Returns:
        The tokens in order.

    Raises:
        ExpressionError: A quote is not closed or stands inside a word, a property does not
            exist, or a sign lacks its spaces.

    >>> [token.text for token in tokenize("t-shirt>=50% AND 'a b'<1")]
    ['t-shirt', '>=', '50%', 'AND', "'a b'", '<', '1', '']
    """
    tokens: list[Token] = []
    position = 0
    while (position := _end_of(_SPACE, text, position)) < len(text):
        token = _read(text, position)
        tokens.append(token)
        position = token.end
    tokens.append(Token(TokenKind.END, "", len(text), ""))
    return tokens


def is_bare_label(label: str) -> bool:
    """Whether a label can be written without quotes.

    >>> [is_bare_label(label) for label in ("t-shirt", "0", "not", "a b", "#x", "a@b", "*", "")]
    [True, False, False, False, False, False, False, False]
    """
    return is_word(label) and _kind_of(label) is TokenKind.LABEL


def is_word(text: str) -> bool:
    """Whether the tokenizer reads the whole text as one word without complaint."""
    return _WORD.fullmatch(text) is not None and "@" not in text


def unquote(quoted: str) -> str:
    r"""The label inside the quotes; a backslash that escapes nothing stays.

    >>> unquote(r"'men\'s \\ wo\men'")
    "men's \\ wo\\men"
    """
    return _ESCAPE.sub(r"\1", quoted[1:-1])


def quote(label: str) -> str:
    r"""The label in double quotes.

    >>> print(quote('the "best" one'))
    "the \"best\" one"
    """
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def one_line(text: str) -> str:
    r"""The text with a space for each character that has no picture of its own.

    >>> one_line("two\nlines")
    'two lines'
    """
    return "".join(character if character.isprintable() else " " for character in text)


def shown(text: str) -> str:
    r"""Text fit for a message: on one line, in single quotes, its end cut where it is long.

    >>> shown("Human\nFemale")
    "'Human Female'"
    """
    line = one_line(text)
    if len(line) > _SHOWN_CHARACTERS:
        line = f"{line[: _SHOWN_CHARACTERS - 3]}..."
    return f"'{line}'"


def _read(text: str, start: int) -> Token:
    """token: quoted | '(' | ')' | ',' | comparison | word."""
    match text[start]:
        case '"' | "'":
            return _read_quoted(text, start)
        case "(":
            return Token(TokenKind.OPEN, "(", start, "(")
        case ")":
            return Token(TokenKind.CLOSE, ")", start, ")")
        case ",":
            return Token(TokenKind.COMMA, ",", start, ",")
        case "<" | ">" | "=" | "!":
            return _read_comparison(text, start)
        case _:
            return _read_word(text, start)


def _read_quoted(text: str, start: int) -> Token:
    r"""quoted: '"' (character | '\' character)* '"', or the same with single quotes."""
    match = _QUOTED.match(text, start)
    if match is None:
        raise ExpressionError(
            text, start + 1, f"this quote is never closed: expected {text[start]}"
        )
    end = match.end()
    if _WORD.match(text, end) or text[end : end + 1] in {'"', "'"}:
        message = "expected a space or an operator after the closing quote"
        raise ExpressionError(text, end + 1, message)
    return Token(TokenKind.QUOTED, match.group(), start, unquote(match.group()))


def _read_comparison(text: str, start: int) -> Token:
    """comparison: '>' | '<' | '>=' | '<=' | '=' | '==' | '!='."""
    match = _COMPARISON.match(text, start)
    if match is None:
        raise ExpressionError(text, start + 1, "'!' is no operator alone: expected != or not")
    operator = match.group()
    return Token(TokenKind.COMPARISON, operator, start, "=" if operator == "==" else operator)


def _read_word(text: str, start: int) -> Token:
    """word: number | keyword | sign | '#' name | '@' name | function name | label."""
    word = text[start : _end_of(_WORD, text, start)]
    end = start + len(word)
    after = text[end : end + 1]
    if "@" in word:
        _check_property(text, start, word)
        return Token(TokenKind.PROPERTY, word, start, word[1:])
    if after in {'"', "'"}:
        label = text[start : _end_of(_LABEL_WITH_QUOTE, text, start)]
        message = f"a quote inside a word: put the whole label in quotes, {one_line(quote(label))}"
        raise ExpressionError(text, end + 1, message)
    if after == "(":
        _check_function_is_free(text, start, word)
        if word in FUNCTIONS:
            return Token(TokenKind.FUNCTION, word, start, word)
    kind = _kind_of(word)
    return Token(kind, word, start, word.lower() if kind is TokenKind.KEYWORD else word)


def _kind_of(word: str) -> TokenKind:
    if reads_as_number(word):
        return TokenKind.NUMBER
    if word.lower() in KEYWORDS:
        return TokenKind.KEYWORD
    if word in SIGNS:
        return TokenKind.SIGN
    return TokenKind.GROUP if word.startswith("#") else TokenKind.LABEL


def _check_property(text: str, start: int, word: str) -> None:
    inside = word.find("@", 1)
    if inside > 0:
        message = (
            f"'@' inside the word {shown(word)}: put spaces around the sign before '@', "
            "or quotes around a label that contains it"
        )
        raise ExpressionError(text, start + inside + 1, message)
    name = word[1:]
    if name in PROPERTIES:
        return
    sign = min((name.find(sign) for sign in SIGNS if sign in name), default=-1)
    if name[: max(sign, 0)] in PROPERTIES:
        message = f"no property {shown(word)}: put spaces around the sign '{name[sign]}'"
        raise ExpressionError(text, start + sign + 2, message)
    near = suggest(name, PROPERTIES)
    advice = f" (did you mean '@{near}'?)" if near else ""
    names = ", ".join(f"@{known}" for known in PROPERTIES)
    message = f"no property {shown(word)}{advice}: expected one of {names}"
    raise ExpressionError(text, start + 1, message)


def _check_function_is_free(text: str, start: int, word: str) -> None:
    name = next((name for name in FUNCTIONS if word.endswith(name)), "")
    sign = len(word) - len(name) - 1
    if name and _GLUED_FUNCTION.fullmatch(word, max(sign, 0)):
        message = f"{name}(...) is glued to the sign '{word[sign]}': put spaces around the sign"
        raise ExpressionError(text, start + sign + 1, message)


def _end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position
