"""Text to tokens."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from segui.errors import ExpressionError
from segui.expression import typed
from segui.expression.properties import PROPERTIES
from segui.expression.suggest import suggest
from segui.expression.typed import plain
from segui.expression.vocabulary import FUNCTIONS, KEYWORDS, SIGNS, reads_as_number

_WORD: Final = re.compile(rf"""[^\s!(),"'{typed.COMPARING}]+""")
_WITH_COMMAS: Final = re.compile(rf"""[^\s!()"'（）{typed.COMPARING}]+""")
# What ends a word in its midst, though it may begin one. Full-width parentheses end it where they
# are not a pair inside it, a full-width comma in functions.
_CUT: Final = re.compile(r"&&|\|\||＆＆|｜｜|[（），！]")
_NEGATION: Final = re.compile(rf"[{typed.NEGATIONS}](?=[{typed.NEGATIONS}\s]*[(（])")
_GLUED_NUMBER: Final = re.compile(r"([^&|;a-z]+)([&|;]|and$|or$)", re.IGNORECASE)
_GLUED_FUNCTION: Final = re.compile(rf"[-+*/](?:{'|'.join(FUNCTIONS)})")
_LABEL_WITH_QUOTE: Final = re.compile(r"[^\s<>=!()]+")
_SHOWN_CHARACTERS: Final = 40
_ENDS_A_RULE: Final = "';' ends a rule: 'and' or 'or' joins conditions"


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


_SINGLE: Final = {
    **dict.fromkeys("(（", TokenKind.OPEN),
    **dict.fromkeys(")）", TokenKind.CLOSE),
    **dict.fromkeys(",，", TokenKind.COMMA),
}


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
    calls = [False]  # of each open parenthesis, whether it is a function's
    position = 0
    while (position := _end_of(typed.SPACE, text, position)) < len(text):
        token = _read(text, position, in_call=calls[-1])
        if token.kind is TokenKind.OPEN:
            calls.append(bool(tokens) and tokens[-1].kind is TokenKind.FUNCTION)
        elif token.kind is TokenKind.CLOSE and len(calls) > 1:
            calls.pop()
        tokens.append(token)
        position = token.end
    tokens.append(Token(TokenKind.END, "", len(text), ""))
    return tokens


def is_bare_label(label: str) -> bool:
    """Whether a label can be written without quotes, wherever a label may stand.

    >>> [is_bare_label(label) for label in ("t-shirt", "0", "not", "a b", "#x", "a@b", "*", "")]
    [True, False, False, False, False, False, False, False]
    >>> [is_bare_label(label) for label in ("0-2", "50%", "a≥b", "x;", "５", "“a”", "＠home")]
    [True, False, False, False, False, False, False]
    """
    is_odd = (
        label[:1] in typed.QUOTES or label[:1] in typed.NEGATIONS or label.endswith((";", "；"))
    )
    return not is_odd and "，" not in label and _only_kind(label) is TokenKind.LABEL


def is_word(text: str) -> bool:
    """Whether the tokenizer reads the whole text as one word without complaint."""
    return _only_kind(text) is not None and "@" not in text


def _only_kind(text: str) -> TokenKind | None:
    """What a text is that the tokenizer reads as one word, as it stands; else None."""
    if _WORD.fullmatch(text) is None:
        return None
    try:
        word, *rest = tokenize(text)
    except ExpressionError:
        return None
    return word.kind if len(rest) == 1 and word.value == text else None


def unquote(quoted: str) -> str:
    r"""The label inside the quotes; a backslash that escapes nothing stays.

    >>> unquote(r"'men\'s \\ wo\men'")
    "men's \\ wo\\men"
    """
    signs = re.escape("".join({*"\"'\\", quoted[0], quoted[-1]}))
    return re.sub(rf"\\([{signs}])", r"\1", quoted[1:-1])


def quote(label: str) -> str:
    r"""The label in double quotes.

    >>> print(quote('the "best" one'))
    "the \"best\" one"
    """
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def written(label: str) -> str:
    """The label as a rule writes it: in quotes where it has to be.

    >>> print(written("t-shirt"), written("tabby, tabby cat"))
    t-shirt "tabby, tabby cat"
    """
    return label if is_bare_label(label) else quote(label)


def offered(label: str) -> str:
    """The label for a sentence, whole, in quotes that a rule takes too.

    >>> print(offered("female"), offered("tabby, tabby cat"), offered("men's"))
    'female' 'tabby, tabby cat' "men's"
    """
    is_plain = label.isprintable() and not set(label) & set("'\\")
    return f"'{label}'" if is_plain else one_line(quote(label))


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
    return f"'{beginning(text)}'"


def beginning(text: str) -> str:
    """The text on one line, its end cut where it is long.

    >>> beginning("9" * 100) == "9" * 37 + "..."
    True
    """
    line = one_line(text)
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[: _SHOWN_CHARACTERS - 3]}..."


def _read(text: str, start: int, *, in_call: bool) -> Token:
    """token: quoted | '(' | ')' | ',' | comparison | 'not' as '!' before '(' | number | word."""
    first = text[start]
    if first in typed.QUOTES and (quoted := _read_quoted(text, start)):
        return quoted
    if first in _SINGLE:
        return Token(_SINGLE[first], first, start, plain(first))
    if found := typed.COMPARISON.match(text, start):
        sign = typed.comparison(found.group())
        return Token(TokenKind.COMPARISON, found.group(), start, sign)
    if _NEGATION.match(text, start):
        return Token(TokenKind.KEYWORD, first, start, "not")
    if first == "!":
        raise ExpressionError(text, start + 1, "'!' is no operator alone: expected != or not")
    return _read_number(text, start, in_call=in_call) or _read_word(text, start, in_call=in_call)


def _read_quoted(text: str, start: int) -> Token | None:
    r"""quoted: an opening quote (character | '\' character)* a closing one of its kind.

    None where it is an apostrophe that begins a word.
    """
    opening = text[start]
    is_apostrophe = opening in typed.APOSTROPHES
    ends = (_end_of_quote(text, start, some, is_apostrophe) for some in typed.QUOTES[opening])
    end = next((end for end in ends if end), 0)
    if not end and is_apostrophe:
        return None
    if not end:
        expected = typed.QUOTES[opening][0][0]
        raise ExpressionError(text, start + 1, f"this quote is never closed: expected {expected}")
    if not _is_free(text, end):
        message = "expected a space or an operator after the closing quote"
        raise ExpressionError(text, end + 1, message)
    quoted = text[start:end]
    return Token(TokenKind.QUOTED, quoted, start, unquote(quoted))


def _is_free(text: str, end: int) -> bool:
    """Whether what follows a closing quote is no part of a word."""
    if text[end : end + 1] in {'"', "'"}:
        return False
    if typed.COMPARISON.match(text, end) or text[end : end + 1] in _SINGLE:
        return True
    word = _word_at(text, end, in_call=True)
    return not word or plain(word) in typed.JOINS


def _end_of_quote(text: str, start: int, closing: str, is_apostrophe: bool) -> int:
    """Where the character after a closing quote is; 0 where there is none.

    An apostrophe closes where no word goes on behind it.
    """
    position = start + 1
    while position < len(text):
        if text[position] in closing:
            behind = _WORD.match(text, position + 1)
            if not (is_apostrophe and behind):
                return position + 1
        position += 2 if text[position] == "\\" else 1
    return 0


def _read_number(text: str, start: int, *, in_call: bool) -> Token | None:
    """number: digits of any script, with ',' for the point outside functions, then '%' or ' %'."""
    written, number = _number_at(text, start, in_call=in_call)
    if number is None:
        return None
    percent = typed.SPACED_PERCENT.match(text, start + len(written))
    if percent and not number.endswith("%"):
        written, number = written + percent.group(), f"{number}%"
    return Token(TokenKind.NUMBER, written, start, number)


def _number_at(text: str, start: int, *, in_call: bool) -> tuple[str, str | None]:
    """The characters of the number that begins there, and the number; None where none does."""
    word = typed.grouped_number(text, start)
    if word:
        digits = plain(typed.without_marks(word))
        return word, digits if reads_as_number(digits) else typed.number_with_marks(digits)
    word = text[start : _end_of(_WITH_COMMAS, text, start)]
    if not in_call and (set(",.") & set(digits := plain(word))):
        readings = typed.numbers_with_comma(digits)
        if readings:
            either = " or ".join(map(beginning, readings))
            message = f"{shown(word)} may be {either}: write it without a comma"
            raise ExpressionError(text, start + 1, message)
        if number := typed.number_with_marks(digits):
            return word, number
    word = _word_at(text, start, in_call=in_call)
    digits = plain(word)
    return word, digits if reads_as_number(digits) else None


def _word_at(text: str, start: int, *, in_call: bool) -> str:
    """The characters of the word that begins there."""
    word = text[start : _end_of(_WORD, text, start)]
    depth = 0
    for cut in _CUT.finditer(word):
        before = word[: cut.start()]
        match cut.group():
            case "（":
                known = plain(before)
                if known in FUNCTIONS or known.lower() in KEYWORDS:
                    return before
                depth += 1
            case "）":
                if not depth:
                    return before
                depth -= 1
            case "，":
                if in_call and not depth:
                    return before
            case "！":
                if before and text[start + cut.end() : start + cut.end() + 1] in set("=＝"):
                    return before
            case join:
                return before or join
    return word


def _read_word(text: str, start: int, *, in_call: bool) -> Token:
    """word: keyword | sign | '#' name | '@' name | function name | label."""
    word = _word_at(text, start, in_call=in_call)
    end = start + len(word)
    after = text[end : end + 1]
    known = plain(word)
    if "@" in word or known.startswith("@"):
        _check_property(text, start, known)
        return Token(TokenKind.PROPERTY, word, start, known[1:])
    if after in {'"', "'"} and known not in typed.JOINS:
        label = text[start : _end_of(_LABEL_WITH_QUOTE, text, start)]
        message = f"a quote inside a word: put the whole label in quotes, {one_line(quote(label))}"
        raise ExpressionError(text, end + 1, message)
    if after in {"(", "（"}:
        _check_function_is_free(text, start, known)
        if known in FUNCTIONS:
            return Token(TokenKind.FUNCTION, word, start, known)
    _check_word_is_free(text, start, known)
    kind = _kind_of(known)
    return Token(kind, word, start, _meaning(kind, word, known))


def _kind_of(word: str) -> TokenKind:
    if word.lower() in KEYWORDS:
        return TokenKind.KEYWORD
    if typed.sign(word) in SIGNS:
        return TokenKind.SIGN
    return TokenKind.GROUP if word.startswith("#") else TokenKind.LABEL


def _meaning(kind: TokenKind, word: str, known: str) -> str:
    match kind:
        case TokenKind.KEYWORD:
            return known.lower()
        case TokenKind.SIGN:
            return typed.sign(known)
        case TokenKind.GROUP:
            return f"#{typed.without_hidden(word)[1:]}"
        case _:
            return typed.without_hidden(word)


def _check_word_is_free(text: str, start: int, word: str) -> None:
    if word.startswith("#") and word.endswith(";"):
        raise ExpressionError(text, start + len(word), _ENDS_A_RULE)
    glued = _GLUED_NUMBER.match(word)
    if glued is None or not reads_as_number(glued.group(1)):
        return
    column = start + glued.start(2) + 1
    if glued.group(2) == ";":
        message = _ENDS_A_RULE
    else:
        message = (
            f"{shown(glued.group(2))} is glued to {beginning(glued.group(1))}: put spaces around "
            f"it, or quotes around a label, {one_line(quote(word))}"
        )
    raise ExpressionError(text, column, message)


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
    if not near and name:
        message += f"; a label of that name needs quotes, {one_line(quote(word))}"
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
