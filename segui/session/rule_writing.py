"""The text of a rule, as the builder's events write it. Made here alone."""

from collections.abc import Mapping
from typing import Any, Final

from segui.classifiers.offers import quote_label
from segui.errors import ExpressionError, InputError
from segui.expression import Expression, parse
from segui.expression.nodes import Everything, Or
from segui.expression.tokens import without_end

SIGNS: Final[Mapping[str, str]] = {
    ">=": "is at least",
    ">": "is more than",
    "<=": "is at most",
    "<": "is less than",
}
WORDS: Final = ("and", "or")


def rule_text(label: str, sign: str, value: float) -> str:
    """The rule that holds one label's score against a number.

    Args:
        label: The classifier's label; it is quoted where it has to be.
        sign: One of ``>= > <= <``.
        value: The number, 0..1.

    Raises:
        InputError: The sign or the number is another one, or the label is no text.

    >>> rule_text("Human Female", ">=", 0.425)
    '"Human Female" >= 42.5%'
    """
    if not isinstance(label, str):
        raise InputError(f"the label is {label!r:.80}: expected text")
    if not isinstance(sign, str) or sign not in SIGNS:
        raise InputError(f"the sign is {sign!r:.80}: expected one of {' '.join(SIGNS)}")
    digits = f"{_fraction(value) * 100:.1f}".removesuffix(".0")
    return f"{quote_label(label)} {sign} {digits}%"


def joined(text: str, word: str, label: str, sign: str, value: float) -> str:
    """A rule with one more condition.

    Args:
        text: The rule so far; ``*`` is replaced by the condition.
        word: ``and`` or ``or``.
        label: The label of the new condition.
        sign: Its sign, one of ``>= > <= <``.
        value: Its number, 0..1.

    Returns:
        A rule that can be read: the old one holds, and or or the new one.

    Raises:
        ExpressionError: The text cannot be read, or it would be too long.
        InputError: Word, label, sign or number is none.

    >>> joined("red > 50% or blue > 50%", "and", "cat", "<", 0.2)
    '(red > 50% or blue > 50%) and cat < 20%'
    >>> joined("red≥50%;", "and", "tabby, tabby cat", ">", 0.5)
    'red≥50% and "tabby, tabby cat" > 50%'
    """
    if word not in WORDS:
        raise InputError(f"the word is {word!r:.80}: expected {' or '.join(WORDS)}")
    condition = rule_text(label, sign, value)
    rule = parse(text)
    if isinstance(rule.tree, Everything):
        return condition
    as_typed = _beside(rule, without_end(text.strip()), word, condition)
    if _read(as_typed) is not None:
        return as_typed
    # a label with signs in it is read without quotes only where it stands alone
    return parse(_beside(rule, str(rule), word, condition)).text


def text_after(text: str, event: str, data: Mapping[str, Any]) -> str:
    """The text of the rule after one of the script's events.

    Args:
        text: The text before.
        event: ``rule``, ``join`` or ``threshold``.
        data: What came with it; from a browser, so it may be anything.

    Raises:
        ExpressionError: The text cannot be read, where it has to be.
        InputError: There is no such event, or it came with other data.
    """
    value = _fraction(data.get("value"))
    match event, data:
        case "rule", {"label": label, "sign": sign}:
            return rule_text(label, sign, value)
        case "join", {"word": word, "label": label, "sign": sign}:
            return joined(text, word, label, sign, value)
        case "threshold", {"index": int(index)}:
            return parse(text).with_threshold(index, value)
        case _:
            raise InputError(f"the event {event!r:.80} came with {sorted(data)!r:.80}")


def _read(text: str) -> Expression | None:
    try:
        return parse(text)
    except ExpressionError:
        return None


def _beside(rule: Expression, text: str, word: str, condition: str) -> str:
    needs_parentheses = word == "and" and isinstance(rule.tree, Or)
    return f"({text}) {word} {condition}" if needs_parentheses else f"{text} {word} {condition}"


def _fraction(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return value
    raise InputError(f"the threshold is {value!r:.80}: expected 0 to 1")
