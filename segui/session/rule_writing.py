"""The text of a rule, as the builder's events write it. Made here alone."""

from collections.abc import Mapping
from typing import Any, Final

from segui.classifiers.making import quote_label
from segui.errors import InputError
from segui.expression import Expression
from segui.expression.nodes import Everything, Or
from segui.expression.rule_set import rule_lines
from segui.expression.thresholds import with_number
from segui.expression.wrapping import bare
from segui.session.rules import rule_of, trouble_of

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


def joined(text: str, word: str, label: str, sign: str, value: float, rules: str = "") -> str:
    """A rule with one more condition.

    Args:
        text: The rule so far; ``*`` is replaced by the condition.
        word: ``and`` or ``or``.
        label: The label of the new condition.
        sign: Its sign, one of ``>= > <= <``.
        value: Its number, 0..1.
        rules: The rules with names that it may name, a line each.

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
    rule = rule_of(text, rules)
    if isinstance(rule.tree, Everything):
        return condition
    as_typed = _beside(rule, bare(text).strip(), word, condition)
    if not trouble_of(as_typed, rules):
        return as_typed
    # a label with signs in it is read without quotes only where it stands alone
    return rule_of(_beside(rule, str(rule), word, condition), rules).text


def texts_after(
    before: Mapping[str, str], event: str, data: Mapping[str, Any]
) -> Mapping[str, str]:
    """What one of the script's events changes of the rule, or of those with names.

    Args:
        before: The texts before, of the options ``expression`` and ``rules``.
        event: ``rule``, ``join`` or ``threshold``.
        data: What came with it; from a browser, so it may be anything.

    Returns:
        The text that is another one, by its option.

    Raises:
        ExpressionError: The text cannot be read, where it has to be.
        InputError: There is no such event, or it came with other data.
    """
    value = _fraction(data.get("value"))
    text, rules = before["expression"], before["rules"]
    match event, data:
        case "rule", {"label": label, "sign": sign}:
            return {"expression": rule_text(label, sign, value)}
        case "join", {"word": word, "label": label, "sign": sign}:
            return {"expression": joined(text, word, label, sign, value, rules)}
        case "threshold", {"index": int(index)}:
            return _with_threshold(rule_of(text, rules), rules, index, value)
        case _:
            raise InputError(f"the event {event!r:.80} came with {sorted(data)!r:.80}")


def _with_threshold(rule: Expression, rules: str, index: int, value: float) -> Mapping[str, str]:
    """Another number in the rule, or in the one with a name that it stands in."""
    known = rule.thresholds
    name = known[index].rule if 0 <= index < len(known) else ""
    if not name:
        return {"expression": rule.with_threshold(index, value)}
    line = next(line for line in rule_lines(rules) if line.name == name)
    changed = with_number(line.rule, known[index], value)
    return {"rules": rules[: line.start] + changed + rules[line.start + len(line.rule) :]}


def _beside(rule: Expression, text: str, word: str, condition: str) -> str:
    needs_parentheses = word == "and" and isinstance(rule.tree, Or)
    return f"({text}) {word} {condition}" if needs_parentheses else f"{text} {word} {condition}"


def _fraction(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return value
    raise InputError(f"the threshold is {value!r:.80}: expected 0 to 1")
