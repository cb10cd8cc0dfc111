"""What everyday speech and other languages write for the signs of a rule, and how a rule has it."""

import re
from typing import Final, NamedTuple

from segui.expression.properties import PROPERTIES
from segui.expression.tokens import Token, TokenKind, beginning, one_line, shown, written

_MORE: Final = r"(?:greater|more|larger|bigger|higher|over|above)"
_LESS: Final = r"(?:less|fewer|smaller|lower|under|below)"
_OR_EQUAL: Final = r"(?: than)? or equal(?: to)?"


class _Phrase(NamedTuple):
    """Words behind a value, and what is written instead; ``{value}`` is the value."""

    words: re.Pattern[str]
    advice: str


def _phrase(words: str, advice: str) -> _Phrase:
    spaced = words.replace(" ", r"\s+")
    return _Phrase(re.compile(rf"(?:{spaced})(?![^\s(\[])", re.IGNORECASE), advice)


_ONE_BY_ONE: Final = "text is compared whole: write each one, {value} = ... or {value} = ..."
# The longer words stand before those that they begin with.
_BEHIND_A_VALUE: Final = (
    _phrase(rf"(?:is )?(?:at least|{_MORE}{_OR_EQUAL}|not {_LESS}(?: than)?|gte|ge)", "write >="),
    _phrase(rf"(?:is )?(?:at most|{_LESS}{_OR_EQUAL}|not {_MORE}(?: than)?|lte|le)", "write <="),
    _phrase(rf"(?:is )?(?:{_MORE}(?: than)?|gt|\.gt\.)", "write the sign >"),
    _phrase(rf"(?:is )?(?:{_LESS}(?: than)?|lt|\.lt\.)", "write the sign <"),
    _phrase(
        r"(?:is )?not (?:in|one of)", "write each comparison, {value} != ... and {value} != ..."
    ),
    _phrase(r"(?:is )?(?:in|one of)", "write each comparison, {value} = ... or {value} = ..."),
    _phrase(r"is not|isn.?t|does not equal|not equals?(?: to)?|neq|ne", "write the sign !="),
    _phrase(
        r"(?:is )?between (?P<low>\S+) (?:and|&) (?P<high>[^\s()]+)",
        "write {low} <= {value} <= {high}",
    ),
    _phrase(r"(?:is )?between", "write a limit on either side of it, ... <= {value} <= ..."),
    _phrase(r"is|equals?(?: to)?|eq", "write the sign ="),
    _phrase(
        r"(?:not )?(?:contains?|includes?|i?like|matches|starts_?with|ends_?with)|=?~", _ONE_BY_ONE
    ),
    _phrase(r"only", "write @label = {value}"),
)
_BEHIND_A_NUMBER: Final = (
    _phrase(r"percent|per cent|pct\.?|prozent", "write {value}%"),
    _phrase(r"px²?|pixels?|pxs", "a number has no unit: leave it out"),
)
_BEHIND_ANYTHING: Final = (
    _phrase(r"xor", "write (... or ...) and not (... and ...)"),
    _phrase(r"\^.*|\*\*.*", "there are no powers: multiply a value by itself"),
    _phrase(r"but|plus|also|as well as", "conditions are joined by and"),
    _phrase(r"then", "a rule says which areas alone: leave out what follows"),
    _phrase(r"//.*|#|--|/\*.*", "a rule has no comments: leave out what follows"),
)
_EVERY: Final = frozenset({"all", "any", "anything", "every", "everything"})
_LARGEST: Final = frozenset({"largest", "biggest"})
_BUT: Final = re.compile(
    r"(?:except|but|without|excluding|besides)(?:\s+(?:for|not))?\s+(\S.*)", re.IGNORECASE
)
_ENDS: Final = re.compile(r"\s+(?:and|or)\s|[,;.]")
_LEADING: Final = frozenset(
    {"if", "where", "when", "select", "choose", "find", "show", "filter", "keep", "the"}
)
_LIST_MARK: Final = re.compile(r"[•‣▪·◦*-]|\d+\.|#{1,6}")
_ONLY: Final = frozenset({"only", "just"})
_NO: Final = frozenset({"no", "without", "except", "exclude"})
_NOT: Final = frozenset({"nicht", "niet", "non", "inte"})
_NAMES: Final = frozenset({TokenKind.LABEL, TokenKind.QUOTED})
_NO_VALUES: Final = frozenset({TokenKind.OPEN, TokenKind.COMMA, TokenKind.KEYWORD, TokenKind.SIGN})


def for_words(before: Token, token: Token, rest: str, *, is_first: bool) -> str:
    """How a rule says what is said in words behind a token.

    Args:
        before: The token before them.
        token: The first of them; it cannot stand there.
        rest: The text from there on.
        is_first: Whether the rule begins with the token before them.

    Returns:
        What to write instead; empty where nothing is known.
    """
    if is_first and (advice := _for_a_beginning(before, token, rest)):
        return advice
    phrases: tuple[_Phrase, ...] = (
        *(() if before.kind in _NO_VALUES else _BEHIND_A_VALUE),
        *(_BEHIND_A_NUMBER if before.kind is TokenKind.NUMBER else ()),
        *_BEHIND_ANYTHING,
    )
    for one in phrases:
        if said := one.words.match(rest):
            parts = {name: beginning(part) for name, part in said.groupdict().items()}
            return one.advice.format(value=one_line(before.text), **parts)
    return ""


def for_a_label_alone(name: str) -> str:
    """The rest of a message about a label without a comparison.

    >>> for_a_label_alone("everything"), for_a_label_alone("red")
    (', or * for every area', '')
    """
    if name.lower() in _EVERY:
        return ", or * for every area"
    return ", or @rank = 1 for the largest area" if name.lower() in _LARGEST else ""


def _for_a_beginning(before: Token, token: Token, rest: str) -> str:
    word = before.text.lower()
    but = _BUT.match(rest)
    if word in _EVERY and but:
        return f"write not @label = {_name(but.group(1))}"
    if before.kind is TokenKind.LABEL and word.endswith(":"):
        return _for_a_colon(before.text[:-1], token, rest)
    if word in _ONLY and token.kind in _NAMES:
        return f"write @label = {_name(rest)}"
    if word in _NO and token.kind in _NAMES:
        return f"write not @label = {_name(rest)}"
    if word in _NOT:
        return "write not"
    if word in _LEADING or _LIST_MARK.fullmatch(word):
        return f"a rule begins with what is compared: leave out {shown(before.text)}"
    return ""


def _for_a_colon(word: str, token: Token, rest: str) -> str:
    if word.lower() in PROPERTIES:
        value = _name(rest) if token.kind in _NAMES else one_line(token.text)
        return f"write @{word.lower()} = {value}"
    if token.kind is TokenKind.NUMBER:
        return f"write {written(word)} > {one_line(token.text)}"
    return ""


def _name(rest: str) -> str:
    """The name that a text begins with, as a rule writes it."""
    name = _ENDS.split(one_line(rest).strip(), maxsplit=1)[0].strip().strip("\"'")
    return written(name)
