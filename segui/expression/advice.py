"""What to write instead, for a token that cannot stand where it does."""

import re
from collections.abc import Iterable
from typing import Final

from segui.expression.nodes import Property
from segui.expression.phrases import for_a_label_alone, for_words
from segui.expression.properties import PROPERTIES
from segui.expression.suggest import suggest
from segui.expression.tokens import Token, TokenKind, one_line, quote, shown, written
from segui.expression.typed import COMPARISON, PERCENT_SIGNS
from segui.expression.vocabulary import FUNCTIONS, SIGNS

_TURNED_OPERATORS: Final = {"=>": ">=", "=<": "<=", ">>": ">", "<<": "<"}
# signs that look like one, and those of web pages
_UNLIKE_SIGNS: Final = {
    **dict.fromkeys("≈≃≅", "="),
    **dict.fromkeys(
        (
            *"\u226b\u203a\u3009\u300b\u227b\u27e9\u276f\u1433\u02c3\ufe65\u25b6\u279c\u2192",
            "&gt;",
            "%3E",
            "%3e",
        ),
        ">",
    ),
    **dict.fromkeys(
        (
            *"\u226a\u2039\u3008\u300a\u227a\u27e8\u276e\u1438\u02c2\ufe64\u25c0\u2190",
            "&lt;",
            "%3C",
            "%3c",
        ),
        "<",
    ),
}
# slips of the finger, and the words of other languages
_NEARLY_KEYWORDS: Final = {
    **dict.fromkeys(("an", "adn", "nad", "und", "et"), "and"),
    **dict.fromkeys(("ro", "oder", "ou"), "or"),
}
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(\s\d{3})+([.,]\d+)?%?")
_MOST_NAMES: Final = 3
_EXAMPLE: Final = "red > 0.5"
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
    if token.kind is TokenKind.COMPARISON and before is None:
        return f"{message}: leave out the sign that it begins with"
    if token.is_one(TokenKind.SIGN, "*") and before is None:
        return f"{message}: '*' means everything only where it stands alone"
    if token.is_one(TokenKind.SIGN, "-"):
        own = "leave out '-', or " if before is None else ""
        return f"{message}: {own}a negative number has no space after its sign, -0.5"
    return message


def example_of(node: object) -> str:
    """A comparison of a value that stands alone, or of a label.

    >>> example_of(Property("rank"))
    '@rank <= 3'
    """
    return f"{node} {PROPERTIES[node.name].example}" if isinstance(node, Property) else _EXAMPLE


def for_a_name(name: str, rules: Iterable[str]) -> str:
    """The rest of the message for a label alone.

    Args:
        name: The label.
        rules: The names of rules that there are.

    Returns:
        How what was probably meant is written; empty where that is not known.
    """
    if COMPARISON.search(name):
        return "; quotes make one label of it, and a rule stands without them"
    if alike := next((sign for sign in _UNLIKE_SIGNS if sign in name[1:-1]), ""):
        return f"; write the sign {_UNLIKE_SIGNS[alike]}"
    if advice := for_a_label_alone(name):
        return advice
    names = list(rules)
    if not names:
        return ""
    near = suggest(name, names)
    if near is not None:
        return f", or the name of a rule: did you mean {written(near)}?"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    some = ", ".join(map(written, names[:_MOST_NAMES]))
    return f", or the name of a rule, of which there are {some}{more}"


def for_a_rest(
    before: Token, token: Token, words: str, rest: str, *, is_open: bool, is_first: bool
) -> str:
    """The message for a token that stands where an operator or the end is due.

    Args:
        before: The token before it.
        token: The token that cannot continue the expression.
        words: The labels around the two as they were typed, from the first to the last.
        rest: The text from the token that cannot continue it.
        is_open: Whether a parenthesis is open here.
        is_first: Whether the expression begins with the token before it.

    Returns:
        What was expected, what was found, and how to write what was probably meant.
    """
    if token.kind is TokenKind.CLOSE and not is_open:
        return "this parenthesis closes nothing: expected a '(' before it"
    expected = "')'" if is_open else "the end"
    message = f"expected an operator or {expected} after {shown(before.text)}, {found(token)}"
    advice = (
        _for_a_slip(before, token, words)
        or _in_words(before, token, words, rest, is_first=is_first)
        or _for_signs(before, token, words)
    )
    return f"{message}: {advice}" if advice else message


def _for_a_slip(before: Token, token: Token, words: str) -> str:
    """What joins conditions, mistyped or in another language."""
    word = token.text.lower() if token.kind is TokenKind.LABEL else ""
    meant = _NEARLY_KEYWORDS.get(word)
    return f"did you mean {meant}{_if_a_label(before, words)}" if meant else ""


def _in_words(before: Token, token: Token, words: str, rest: str, *, is_first: bool) -> str:
    """What was said in words for which a rule has signs."""
    advice = for_words(before, token, rest, is_first=is_first)
    is_whole = token.kind is not TokenKind.LABEL or "@" in advice
    return advice if not advice or is_whole else f"{advice}{_if_a_label(before, words)}"


def _for_signs(before: Token, token: Token, words: str) -> str:
    if token.text in _UNLIKE_SIGNS:
        return f"write the sign {_UNLIKE_SIGNS[token.text]}"
    if token.text == "\\":
        return "leave it out: no sign needs one before it"
    if token.kind is TokenKind.KEYWORD and token.value == "not":
        if before.kind is TokenKind.NUMBER:
            return "'and' or 'or' joins conditions"
        return f"it stands before a condition, not {one_line(before.text)} > 0.5"
    if token.text == "%" and before.kind is TokenKind.NUMBER and not before.text.endswith("%"):
        return f"write {before.text}% without the space"
    if token.kind is TokenKind.OPEN:
        return _for_parenthesis(before, token)
    if token.kind is TokenKind.COMMA:
        if before.kind is TokenKind.LABEL:
            return f"a label that contains a comma needs quotes, {one_line(quote(words))}"
        return "'and' or 'or' joins conditions; a label that contains a comma needs quotes"
    return _for_values(before, token, words) if token.kind in _VALUES else ""


def _for_values(before: Token, token: Token, words: str) -> str:
    """What two values were meant for that stand side by side."""
    if before.text in PERCENT_SIGNS and token.kind is TokenKind.NUMBER:
        return f"write {token.text}%"
    is_sign = token.text[0] in SIGNS and any(map(str.isalnum, token.text))
    if token.kind is not TokenKind.QUOTED and is_sign:
        return f"put spaces around the sign '{token.text[0]}'"
    if not any(map(str.isalnum, token.text)) and token.kind is TokenKind.LABEL:
        return f"leave out {shown(token.text)}" if before.kind is TokenKind.NUMBER else ""
    if before.kind is TokenKind.NUMBER and token.kind is not TokenKind.NUMBER:
        return "'and' or 'or' joins conditions"
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
