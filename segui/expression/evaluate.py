"""The value of a tree for one segment; None is unknown, which spreads as NULL does in SQL."""

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from segui.expression.nodes import (
    And,
    Arithmetic,
    Comparison,
    Condition,
    Function,
    Group,
    Label,
    Named,
    Not,
    Number,
    Or,
    Property,
    Text,
    TextComparison,
    Value,
)
from segui.expression.scope import Scope
from segui.expression.spelling import look

_OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_FUNCTIONS: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {
    "max": max,
    "min": min,
    "sum": math.fsum,
    "mean": lambda scores: math.fsum(scores) / len(scores),
}


def truth_of(node: Condition, scope: Scope) -> bool | None:
    """Whether a condition holds.

    Args:
        node: The condition.
        scope: What is known of the segment.

    Returns:
        True, False, or None where it is unknown.
    """
    match node:
        case Comparison():
            return all_of(step for _, step in steps_of(node, scope))
        case TextComparison():
            return _compared_texts(node, scope)
        case Not(part):
            inner = truth_of(part, scope)
            return None if inner is None else not inner
        case Named(_, part):
            return truth_of(part, scope)
        case And(parts):
            return all_of(truth_of(part, scope) for part in parts)
        case Or(parts):
            return any_of(truth_of(part, scope) for part in parts)
        case _:
            return True


def all_of(truths: Iterable[bool | None]) -> bool | None:
    """False where one is false, else unknown where one is unknown, else true.

    >>> all_of([True, None, False]), all_of([True, None]), all_of([True])
    (False, None, True)
    """
    known = list(truths)
    if False in known:
        return False
    return None if None in known else True


def any_of(truths: Iterable[bool | None]) -> bool | None:
    """True where one is true, else unknown where one is unknown, else false.

    >>> any_of([False, None, True]), any_of([False, None]), any_of([False])
    (True, None, False)
    """
    known = list(truths)
    if True in known:
        return True
    return None if None in known else False


def steps_of(node: Comparison, scope: Scope) -> list[tuple[Comparison, bool | None]]:
    """Each comparison of a chain, as a comparison of its own, and whether it holds."""
    operands = [node.first, *(operand for _, operand in node.rest)]
    values = [number_of(operand, scope) for operand in operands]
    steps: list[tuple[Comparison, bool | None]] = []
    for (sign, right), left, (low, high) in zip(
        node.rest, operands[:-1], pairwise(values), strict=True
    ):
        truth = None if low is None or high is None else _OPERATORS[sign](low, high)
        steps.append((Comparison(left, ((sign, right),)), truth))
    return steps


def number_of(node: Value, scope: Scope) -> float | None:
    """The number that a value stands for.

    Args:
        node: The value.
        scope: What is known of the segment.

    Returns:
        The number, or None where it is unknown.
    """
    match node:
        case Number():
            return node.value
        case Label(name):
            return scope.score(name)
        case Group(name):
            best = scope.best(scope.members(name) or ())
            return best[1] if best else None
        case Property(name):
            return scope.number(name)
        case Function(name, arguments):
            return _called(name, list(scope.picked(arguments).values()))
        case Arithmetic(first, rest):
            return _calculated(first, rest, scope)


def text_of(node: Property | Text, scope: Scope) -> str | None:
    """The text that an operand of a text comparison stands for; None where it is unknown."""
    return node.value if isinstance(node, Text) else scope.text(node.name)


def _called(name: str, scores: Sequence[float]) -> float | None:
    if not scores:
        return None
    try:
        return _FUNCTIONS[name](scores)
    except OverflowError:
        return None


def _calculated(first: Value, rest: tuple[tuple[str, Value], ...], scope: Scope) -> float | None:
    total = number_of(first, scope)
    for sign, part in rest:
        value = number_of(part, scope)
        if total is None or value is None:
            return None
        total = applied(sign, total, value)
    return total


def applied(sign: str, left: float, right: float) -> float | None:
    """The result of one sign; None for a division by zero and beyond the range of floats."""
    match sign:
        case "+":
            result = left + right
        case "-":
            result = left - right
        case "*":
            result = left * right
        case _:
            if right == 0:
                return None
            result = left / right
    # Beyond what a float holds nothing can be said of a comparison.
    return result if math.isfinite(result) else None


def _compared_texts(node: TextComparison, scope: Scope) -> bool | None:
    left, right = node.left, node.right
    if isinstance(left, Group):
        left, right = right, left
    if isinstance(left, Group):
        return None
    text = text_of(left, scope)
    if isinstance(right, Group):
        members = scope.members(right.name)
        same = (
            None
            if text is None or members is None
            else any(_same(text, other, scope) for other in members)
        )
    else:
        other = text_of(right, scope)
        same = None if text is None or other is None else _same(text, other, scope)
    return same if same is None or node.operator == "=" else not same


def _same(text: str, other: str, scope: Scope) -> bool:
    """Whether two names are one: files and keyboards write an accent in different characters.

    Two labels of the classifier are two, however they look.
    """
    if text == other or look(text) != look(other):
        return text == other
    return not (text in scope.scores and other in scope.scores)
