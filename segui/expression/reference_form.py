"""The second reading of a text that the grammar refuses: ``A op B`` as the reference takes it."""

import re
from typing import Final

from segui.errors import ExpressionError
from segui.expression.nodes import Condition, Group, Label, Number, Value
from segui.expression.operands import Operand, compare
from segui.expression.parser import Parser
from segui.expression.tokens import Token, TokenKind
from segui.expression.typed import (
    APOSTROPHES,
    COMPARING,
    COMPARISON,
    QUOTES,
    comparison,
    number_with_marks,
    numbers_with_comma,
    plain,
    without_hidden,
)
from segui.expression.vocabulary import FUNCTIONS, MAX_DEPTH, reads_as_number

_SIDE: Final = r"""("(?:[^"\\\s]|\\\S)*"|'(?:[^'\\\s]|\\\S)*'|(?:[^\s<>=!]|!(?!=))+)"""
_FORM: Final = re.compile(rf"\s*{_SIDE}\s*([<>=!]=|[<>=])\s*{_SIDE}\s*")
# the same with the other signs for a comparison, which may belong to a label in the first one
_OTHER_SIDE: Final = _SIDE.replace("[^\\s<>=!]|", f"[^\\s!{COMPARING}]|")
_OTHER_FORM: Final = re.compile(rf"\s*{_OTHER_SIDE}\s*({COMPARISON.pattern})\s*{_OTHER_SIDE}\s*")
_OTHER_SIGNS: Final = re.compile(f"[{COMPARING}（），！]|&&|[|][|]|＆＆|｜｜|[;；]$")
_CALL: Final = re.compile(rf"(?:^|[-+*/])(?:{'|'.join(FUNCTIONS)})\(")


def read_reference_form(text: str) -> Condition | None:
    """Read one comparison whose sides are labels, whatever characters they contain.

    Args:
        text: A text that the grammar refuses.

    Returns:
        The comparison; None where the text is not of this form, or a side begins like a quoted
        label, a property or a function and is none.

    >>> print(read_reference_form("cat(2)>0.5"), read_reference_form("(red>0.5"))
    "cat(2)" > 0.5 None
    """
    form = _FORM.fullmatch(text) or _OTHER_FORM.fullmatch(text)
    if form is None:
        return None
    sides = [_side(form.group(number)) for number in (1, 3)]
    operands = [
        Operand(side, *form.span(number))
        for side, number in zip(sides, (1, 3), strict=True)
        if side is not None
    ]
    operator = form.group(2)
    token = Token(TokenKind.COMPARISON, operator, form.start(2), comparison(operator))
    try:
        return compare(text, operands, [token]) if len(operands) == len(sides) else None
    except ExpressionError:
        return None


def _side(word: str) -> Value | None:
    known = plain(word)
    number = known if reads_as_number(known) else number_with_marks(known)
    if number is not None:
        return Number(number, word)
    if not known or numbers_with_comma(known):
        return None
    is_quote = word[0] in QUOTES and word[0] not in APOSTROPHES
    if is_quote or "@" in word or known[0] == "@" or _CALL.search(known):
        return _read_whole(word)
    if not _is_balanced(word):
        return None
    name = without_hidden(word)
    if not known.startswith("#"):
        return Label(name)
    # a group cannot be quoted: one with such signs could not be written again
    return None if _OTHER_SIGNS.search(name) else Group(f"#{name[1:]}")


def _read_whole(word: str) -> Value | None:
    try:
        return Parser(word).value()
    except ExpressionError:
        return None


def _is_balanced(word: str) -> bool:
    depth = 0
    for character in word:
        depth += (character == "(") - (character == ")")
        if not 0 <= depth <= MAX_DEPTH:
            return False
    return depth == 0
