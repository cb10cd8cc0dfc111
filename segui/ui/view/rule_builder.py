"""The rule as a line of choices over a plot of scores: its script, ``builder.js``, fills it.

The script sends four events: ``rule`` (label, sign, value), ``join`` (word, label, sign, value),
``threshold`` (index, value, final) and ``select`` (number). The text of a rule is made here alone.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from segui.classifiers.catalogue import quote_label
from segui.errors import ExpressionError, InputError
from segui.expression import Expression, Threshold, parse
from segui.expression.nodes import Comparison, Everything, Label, Or

if TYPE_CHECKING:
    from segui.selection import Selection

MAX_ROWS: Final = 6
MAX_DOTS: Final = 500  # of a row: more cannot be told apart in a strip
SIGNS: Final[Mapping[str, str]] = {
    ">=": "is at least",
    ">": "is more than",
    "<=": "is at most",
    "<": "is less than",
}
WORDS: Final = ("and", "or")

_SIGN_OPTIONS: Final = "".join(
    f'<option value="{escape(sign)}">{words}</option>' for sign, words in SIGNS.items()
)
TEMPLATE: Final = f"""
<div class="builder" hidden>
  <div class="builder-line" role="group" aria-label="The rule in one line">
    <span>Keep areas where</span>
    <select class="builder-label" aria-label="Name"></select>
    <select class="builder-sign" aria-label="Comparison">{_SIGN_OPTIONS}</select>
    <output class="builder-value"></output>
    <span class="builder-joins">
      <button type="button" class="small-button" data-join="and" aria-expanded="false">and…</button>
      <button type="button" class="small-button" data-join="or" aria-expanded="false">or…</button>
    </span>
  </div>
  <div class="builder-more builder-line" role="group" aria-label="Another condition" hidden>
    <span class="builder-word"></span>
    <select class="builder-label" aria-label="Name to add"></select>
    <select class="builder-sign" aria-label="Comparison to add">{_SIGN_OPTIONS}</select>
    <output class="builder-value">50%</output>
    <button type="button" class="small-button" data-do="add">Add</button>
    <button type="button" class="small-button" data-do="cancel">Cancel</button>
  </div>
  <p class="builder-note quiet" hidden>The rule says more than this line can: a choice here
    replaces it.</p>
  <div class="builder-rows"></div>
</div>
"""


def builder_value(selection: "Selection | None", expression_text: str) -> dict[str, Any]:
    """What the piece shows, small enough to be sent with every move of a threshold.

    Args:
        selection: The segments with their scores and sides; None before there are any.
        expression_text: The rule as it stands in its box; it may be unreadable.

    Returns:
        ``known`` (whether there are scores), ``labels`` (the best-scored first), ``text``,
        ``rows`` (label, sign, value and index of at most six thresholds), ``simple`` (the label
        without quotes, the sign and the value, where the rule is one such comparison, else
        None), ``can_join`` (whether the rule can be read, and so added to) and ``dots`` (for
        the label of each row, without rows for the best label of all: number from 1, score and
        side of each segment).
    """
    labels = [] if selection is None else selection.top_labels()
    value: dict[str, Any] = {
        "known": bool(labels),
        "labels": labels,
        "text": expression_text,
        "rows": [],
        "simple": None,
        "can_join": False,
        "dots": {},
    }
    if selection is None or not labels:
        return value
    rule = _read(expression_text)
    thresholds = () if rule is None else rule.thresholds[:MAX_ROWS]
    shown = {one.label: one.operand for one in thresholds} or {labels[0]: Label(labels[0])}
    return value | {
        "rows": [_row(index, one) for index, one in enumerate(thresholds)],
        "simple": None if rule is None else _simple(rule),
        "can_join": rule is not None,
        "dots": {
            label: _dots(selection.figures(operand), selection.sides)
            for label, operand in shown.items()
        },
    }


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
    """
    if word not in WORDS:
        raise InputError(f"the word is {word!r:.80}: expected {' or '.join(WORDS)}")
    condition = rule_text(label, sign, value)
    rule = parse(text)
    if isinstance(rule.tree, Everything):
        return condition
    as_typed = _beside(rule, text.strip(), word, condition)
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


def _row(index: int, threshold: Threshold) -> dict[str, Any]:
    return {
        "label": threshold.label,
        "sign": threshold.sign,
        "value": threshold.value,
        "index": index,
    }


def _simple(rule: Expression) -> dict[str, Any] | None:
    """The rule as the line of choices shows it; None where it is anything else."""
    if not isinstance(rule.tree, Comparison) or len(rule.thresholds) != 1:
        return None
    threshold = rule.thresholds[0]
    is_alone = len(rule.tree.rest) == 1 and isinstance(threshold.operand, Label)
    if not is_alone or threshold.sign not in SIGNS or not 0 <= threshold.value <= 1:
        return None
    return {
        "label": rule.labels[0],
        "sign": threshold.sign,
        "value": threshold.value,
        "index": 0,
    }


def _dots(figures: Sequence[float | None], sides: Sequence[str]) -> list[list[Any]]:
    """Number, score and side of each segment whose score is known, by score."""
    pairs = enumerate(zip(figures, sides, strict=True), 1)
    known = [(figure, number, side) for number, (figure, side) in pairs if figure is not None]
    every = max(1, math.ceil(len(known) / MAX_DOTS))
    return [[number, round(figure, 3), side] for figure, number, side in sorted(known)[::every]]


def _fraction(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return value
    raise InputError(f"the threshold is {value!r:.80}: expected 0 to 1")
