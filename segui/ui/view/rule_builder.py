"""The rule as a line of choices over a plot of scores: its script, ``builder.js``, fills it.

What it shows and the events that it sends are in ``messages.py``.
"""

import math
import sys
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from segui.expression import Expression, Threshold
from segui.expression.nodes import Comparison, Label
from segui.expression.spelling import known_as
from segui.session.rule_writing import SIGNS
from segui.session.rules import rule_of, trouble_of
from segui.ui.browser.scripts import started
from segui.ui.view import messages
from segui.ui.view.messages import BuilderValue, Dot

if TYPE_CHECKING:
    from segui.selection import Selection

MAX_ROWS: Final = 6
_FAR: Final = sys.float_info.max
MAX_DOTS: Final = 500  # of a row: more cannot be told apart in a strip
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


def builder_script() -> str:
    """What runs in the piece."""
    return started("builder.js")


def builder_value(
    selection: "Selection | None", expression_text: str, rules: str = ""
) -> BuilderValue:
    """What the piece shows, small enough to be sent with every move of a threshold.

    Args:
        selection: The segments with their scores and sides; None before there are any.
        expression_text: The rule as it stands in its box; it may be unreadable.
        rules: Those with names that it may name, a line each.

    Returns:
        The rows of at most six thresholds; the dots of their labels, without rows those of the
        best label of all.
    """
    labels = [] if selection is None else selection.top_labels()
    value: BuilderValue = {
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
    rule = None if trouble_of(expression_text, rules) else rule_of(expression_text, rules)
    thresholds = () if rule is None else rule.thresholds[:MAX_ROWS]
    shown = {_label(one): one.operand for one in thresholds} or {labels[0]: Label(labels[0])}
    return {
        **value,
        "rows": [_row(index, one) for index, one in enumerate(thresholds)],
        "simple": None if rule is None else _simple(rule, labels),
        "can_join": rule is not None,
        "dots": {
            label: _dots(selection.figures(operand), selection.sides)
            for label, operand in shown.items()
        },
    }


def _label(threshold: Threshold) -> str:
    """What a threshold is of; of one in a rule with a name, with that."""
    return f"{threshold.rule}: {threshold.label}" if threshold.rule else threshold.label


def _row(index: int, threshold: Threshold) -> messages.Threshold:
    return {
        "label": _label(threshold),
        "sign": threshold.sign,
        # JSON has no infinity, which a number of 400 digits is
        "value": max(-_FAR, min(_FAR, threshold.value)),
        "index": index,
    }


def _simple(rule: Expression, labels: Sequence[str]) -> messages.Threshold | None:
    """The rule as the line of choices shows it; None where it is anything else."""
    if not isinstance(rule.tree, Comparison) or len(rule.thresholds) != 1:
        return None
    threshold = rule.thresholds[0]
    is_alone = len(rule.tree.rest) == 1 and isinstance(threshold.operand, Label)
    if not is_alone or threshold.sign not in SIGNS or not 0 <= threshold.value <= 1:
        return None
    label = rule.labels[0]
    return {
        "label": known_as(label, labels) or label,
        "sign": threshold.sign,
        "value": threshold.value,
        "index": 0,
    }


def _dots(figures: Sequence[float | None], sides: Sequence[str]) -> list[Dot]:
    """Number, score and side of each segment whose score is known, by score."""
    pairs = enumerate(zip(figures, sides, strict=True), 1)
    known = [(figure, number, side) for number, (figure, side) in pairs if figure is not None]
    every = max(1, math.ceil(len(known) / MAX_DOTS))
    return [[number, round(figure, 3), side] for figure, number, side in sorted(known)[::every]]
