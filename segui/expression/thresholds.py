"""The numbers of an expression that scores are held against, each with its place in the text."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from segui.errors import InputError
from segui.expression.nodes import (
    Arithmetic,
    Comparison,
    Condition,
    Function,
    Group,
    Label,
    Named,
    Number,
    Property,
    Value,
    walk,
    walk_own,
)
from segui.expression.properties import PROPERTIES
from segui.expression.tokens import one_line

_TURNED: Final = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "=": "=", "!=": "!="}
_NEVER_TRUE: Final = frozenset({">", ">=", "="})
_MOST_AS_PERCENT: Final = 100


@dataclass(frozen=True)
class Threshold:
    """A number opposite something that goes from 0 to 1.

    Args:
        label: What the number is held against, as it was typed.
        sign: One of ``> < >= <= = !=``, read with the label on its left.
        value: The number; a percent sign divides by 100.
        start: Where the number starts in the expression's text, from 0.
        end: Where the next character after the number is.
        is_percent: Whether the number was typed with a percent sign.
        operand: What the label was understood as.
        is_in_chain: Whether the comparison has more than two operands.
        rule: The name of the rule that it stands in, of those that the expression names; empty
            where it stands in the expression itself.
    """

    label: str
    sign: str
    value: float
    start: int
    end: int
    is_percent: bool
    operand: Value
    is_in_chain: bool = False
    rule: str = ""


def thresholds_of(text: str, tree: Condition) -> tuple[Threshold, ...]:
    """Each comparison of a score, a share or the like with a number, in order of appearance.

    Args:
        text: The expression.
        tree: The same, parsed from that text.

    Returns:
        The thresholds; two of them share a number that stands between two labels. Those of rules
        that are named come last, each rule's once, with places in that rule's own text.
    """
    own = _own_thresholds(text, tree)
    named = {node.name: node for node in walk(tree) if isinstance(node, Named)}
    others = (
        replace(one, rule=name)
        for name, node in named.items()
        for one in _own_thresholds(node.text, node.part)
    )
    return (*own, *others)


def _own_thresholds(text: str, tree: Condition) -> tuple[Threshold, ...]:
    comparisons = (node for node in walk_own(tree) if isinstance(node, Comparison))
    return tuple(found for node in comparisons for found in _steps(text, node))


def with_number(text: str, threshold: Threshold, value: float) -> str:
    """The text with the number of a threshold replaced.

    Args:
        text: The text that the threshold is of.
        threshold: Which number.
        value: The new one, 0.42 for 42 %.

    Returns:
        The text; the same where the number has that value already. A percentage stays one. At
        most three decimals are written.

    Raises:
        InputError: The value is not a finite number.
    """
    if not math.isfinite(value):
        raise InputError(f"the threshold is {value}: expected a finite number")
    if value == threshold.value:
        return text
    number = f"{_decimals(value * 100)}%" if threshold.is_percent else _decimals(value)
    return text[: threshold.start] + number + text[threshold.end :]


def hint_of(text: str, threshold: Threshold) -> str | None:
    """What was probably meant by a number that no score reaches; None where there is no doubt."""
    operand = threshold.operand
    if not _is_at_most_one(operand) or threshold.value <= 1 or threshold.sign == "!=":
        return None
    asked = one_line(f"{threshold.label} {threshold.sign} {text[threshold.start : threshold.end]}")
    goes = f"{operand} goes" if isinstance(operand, Property) else "scores go"
    if threshold.sign in _NEVER_TRUE or threshold.is_in_chain:
        if threshold.value <= _MOST_AS_PERCENT and not threshold.is_percent:
            return f"{goes} from 0 to 1: did you mean {asked}%?"
        if threshold.sign in _NEVER_TRUE:
            return f"{goes} from 0 to 1: {asked} is never true"
    return None


def _steps(text: str, node: Comparison) -> Iterator[Threshold]:
    operands = [node.first, *(operand for _, operand in node.rest)]
    signs = [sign for sign, _ in node.rest]
    is_in_chain = len(signs) > 1
    # a comparison that was not read from a text has no spans, and no thresholds either
    placed = pairwise(zip(operands, node.spans, strict=False))
    for sign, (left, right) in zip(signs, placed, strict=False):
        match left, right:
            case (value, span), (Number() as number, (start, _)) if _is_fraction(value):
                found = _threshold(text, value, span, sign, number, start)
            case (Number() as number, (start, _)), (value, span) if _is_fraction(value):
                found = _threshold(text, value, span, _TURNED[sign], number, start)
            case _:
                continue
        yield replace(found, is_in_chain=is_in_chain)


def _threshold(
    text: str, operand: Value, span: tuple[int, int], sign: str, number: Number, start: int
) -> Threshold:
    # the span of an operand has its parentheses in it: the number is the first thing inside
    typed = number.typed or number.text
    first = text.index(typed, start)
    is_percent = number.text.endswith("%")
    label = text[slice(*span)]
    return Threshold(label, sign, number.value, first, first + len(typed), is_percent, operand)


def _is_fraction(value: Value) -> bool:
    """Whether it is a score, a share or the like, or some of these added up."""
    match value:
        case Label() | Group() | Function():
            return True
        case Property(name):
            return PROPERTIES[name].is_part_of_one
        case Arithmetic(first, rest):
            parts = (first, *(part for _, part in rest))
            return value.is_sum and all(_is_fraction(part) for part in parts)
        case _:
            return False


def _is_at_most_one(value: Value) -> bool:
    match value:
        case Label() | Group():
            return True
        case Function(name):
            return name != "sum"
        case Property(name):
            return PROPERTIES[name].is_part_of_one
        case _:
            return False


def _decimals(value: float) -> str:
    digits = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if digits in {"-0", ""} else digits
