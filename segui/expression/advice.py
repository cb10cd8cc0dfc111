"""What to write instead, for a token that cannot stand where it does."""

import re
from collections.abc import Iterable
from typing import Final

from segui.expression.suggest import suggest
from segui.expression.tokens import Token, TokenKind, one_line, quote, shown, written
from segui.expression.vocabulary import FUNCTIONS, SIGNS

_TURNED_OPERATORS: Final = {"=>": ">=", "=<": "<=", ">>": ">", "<<": "<"}
_UNLIKE_SIGNS: Final = {"≈": "=", "≃": "=", "≅": "=", "≫": ">", "≪": "<"}
# slips of the finger, and the words of other languages
_NEARLY_KEYWORDS: Final = {
    **dict.fromkeys(("an", "adn", "nad", "und", "et"), "and"),
    **dict.fromkeys(("ro", "oder", "ou"), "or"),
}
_EQUALS: Final = frozenset({"is", "equals"})
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(\s\d{3})+([.,]\d+)?%?")
_MOST_NAMES: Final = 3
_VALUES: Final = frozenset(
    {
        TokenKind.NUMBER,
        TokenKind.LABEL,
        TokenKind.QUOTED,
        TokenKind.GROUP,
        TokenKind.PROPERTY,
        TokenKind.FUNCTION,
    }
)


def found(token: Token) -> str:
    """The token's name in a message: ``found 'blue'``."""
    return "found the end" if token.kind is TokenKind.END else f"found {shown(token.text)}"


def for_a_missing_value(before: Token | None, token: Token) -> str:
    """The message for a token that stands where a value or a condition is due.

    Args:
        before: The token before it, None at the start.
        token: The token that cannot begin a value.

    Returns:
        What was expected, what was found, and how to write what was probably meant.
    """
    place = f" after {shown(before.text)}" if before else ""
    message = f"expected a label, a number or '('{place}, {found(token)}"
    if token.kind is TokenKind.COMPARISON and before and before.end == token.start:
        instead = _TURNED_OPERATORS.get(before.text + token.text)
        return f"{message}: write {instead}" if instead else message
    if token.is_one(TokenKind.COMPARISON, "=") and before and before.value in {"<", ">"}:
        return f"{message}: write {before.value}= without the space"
    if token.kind is TokenKind.KEYWORD:
        return f"{message}: a label of that name needs quotes, {one_line(quote(token.text))}"
    if token.is_one(TokenKind.SIGN, "*") and before is None:
        return f"{message}: '*' means everything only where it stands alone"
    if token.is_one(TokenKind.SIGN, "-"):
        return f"{message}: a negative number has no space after its sign, -0.5"
    return message


def for_a_name(name: str, rules: Iterable[str]) -> str:
    """The rest of the message for a label alone, where rules have names.

    Args:
        name: The label.
        rules: The names that there are.

    Returns:
        How a condition of that kind is written; empty where no rule has a name.
    """
    names = list(rules)
    if not names:
        return ""
    near = suggest(name, names)
    if near is not None:
        return f", or the name of a rule: did you mean {written(near)}?"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    some = ", ".join(map(written, names[:_MOST_NAMES]))
    return f", or the name of a rule, of which there are {some}{more}"


def for_a_rest(before: Token, token: Token, words: str, *, is_open: bool) -> str:
    """The message for a token that stands where an operator or the end is due.

    Args:
        before: The token before it.
        token: The token that cannot continue the expression.
        words: The labels around the two as they were typed, from the first to the last.
        is_open: Whether a parenthesis is open here.

    Returns:
        What was expected, what was found, and how to write what was probably meant.
    """
    if token.kind is TokenKind.CLOSE and not is_open:
        return "this parenthesis closes nothing: expected a '(' before it"
    expected = "')'" if is_open else "the end"
    message = f"expected an operator or {expected} after {shown(before.text)}, {found(token)}"
    advice = _for_words(before, token, words)
    return f"{message}: {advice}" if advice else message


def _for_words(before: Token, token: Token, words: str) -> str:
    return _for_a_word(before, token, words) or _for_signs(before, token, words)


def _for_a_word(before: Token, token: Token, words: str) -> str:
    """What a word was meant for that other languages have, and this one does not."""
    word = token.text.lower() if token.kind is TokenKind.LABEL else ""
    if word in _NEARLY_KEYWORDS:
        return f"did you mean {_NEARLY_KEYWORDS[word]}{_if_a_label(before, words)}"
    if word == "in":
        each = f"{one_line(before.text)} = ..."
        return f"write each comparison, {each} or {each}"
    if word in _EQUALS:
        return f"write the sign ={_if_a_label(before, words)}"
    return ""


def _for_signs(before: Token, token: Token, words: str) -> str:
    if token.text in _UNLIKE_SIGNS:
        return f"write the sign {_UNLIKE_SIGNS[token.text]}"
    if token.text == "%" and before.kind is TokenKind.NUMBER and not before.text.endswith("%"):
        return f"write {before.text}% without the space"
    if token.kind is TokenKind.OPEN:
        return _for_parenthesis(before, token)
    if token.kind is TokenKind.COMMA:
        example = f", {one_line(quote(words))}" if before.kind is TokenKind.LABEL else ""
        return f"a label that contains a comma needs quotes{example}"
    if token.kind not in _VALUES:
        return ""
    if token.kind is not TokenKind.QUOTED and token.text[0] in SIGNS and len(token.text) > 1:
        return f"put spaces around the sign '{token.text[0]}'"
    if before.kind is token.kind is TokenKind.NUMBER and _THOUSANDS.fullmatch(words):
        return f"write {''.join(words.split())} without the space"
    if before.kind is TokenKind.LABEL and before.text[-1] in SIGNS:
        return f"put spaces around the sign '{before.text[-1]}'"
    if before.kind is TokenKind.LABEL and token.kind in {TokenKind.LABEL, TokenKind.NUMBER}:
        return f"a label with spaces needs quotes, {one_line(quote(words))}"
    return ""


def _if_a_label(before: Token, words: str) -> str:
    """What else two words may have been, where the first of them is a label."""
    if before.kind is not TokenKind.LABEL:
        return ""
    return f"; a label with spaces needs quotes, {one_line(quote(words))}"


def _for_parenthesis(before: Token, token: Token) -> str:
    name = before.text.lower()
    if name in FUNCTIONS:
        return f"a function is in lower case and touches its parenthesis, {name}(...)"
    if before.kind is TokenKind.LABEL and before.end == token.start:
        return "a label that contains parentheses needs quotes"
    return ""
