"""Why a condition holds, does not hold, or is unknown: in words, with figures."""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import Final

from segui.expression.evaluate import applied, number_of, steps_of, text_of, truth_of
from segui.expression.figures import with_figures, without_number
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
    Or,
    Property,
    TextComparison,
    TextOperand,
    Value,
)
from segui.expression.properties import PROPERTIES
from segui.expression.scope import Scope
from segui.expression.suggest import suggest
from segui.expression.tokens import offered, one_line, shown, written
from segui.expression.typed import number_with_marks, plain

_NO_PIXELS: Final = "no classifier has scored it"
_NO_SEGMENT: Final = "there is no segment to measure"
_MOST_LISTED: Final = 3
_TRUTHS: Final = {True: "true", False: "false", None: "unknown"}


def explanation(node: Condition, scope: Scope, *, whole: bool = False) -> str:
    """The parts of a condition that decide it, as a sentence.

    Args:
        node: The condition.
        scope: What is known of the segment.
        whole: Whether all of them are said, however many there are.

    Returns:
        One line of text.
    """
    return one_line(_decided(node, scope, whole))


def _decided(node: Condition, scope: Scope, whole: bool) -> str:
    reasons = list(dict.fromkeys(_reasons(node, scope, whole)))
    return _listed(reasons, len(reasons), kept=len(reasons) if whole else _MOST_LISTED)


def _reasons(node: Condition, scope: Scope, whole: bool) -> list[str]:
    match node:
        case Comparison():
            return [_compared(node, scope)]
        case TextComparison():
            return [_compared_texts(node, scope)]
        case Not(part):
            return _reasons(part, scope, whole)
        case Named(_, part):
            return [f"{node} is {_TRUTHS[truth_of(part, scope)]} ({_decided(part, scope, whole)})"]
        case And(parts):
            return _deciding(parts, scope, whole, decisive=False)
        case Or(parts):
            return _deciding(parts, scope, whole, decisive=True)
        case _:
            return ["everything passes"]


def _deciding(
    parts: Sequence[Condition], scope: Scope, whole: bool, *, decisive: bool
) -> list[str]:
    """The first part that decides alone, else the first unknown one, else all of them."""
    truths = [truth_of(part, scope) for part in parts]
    for deciding in (decisive, None):
        if deciding in truths:
            return _reasons(parts[truths.index(deciding)], scope, whole)
    return [reason for part in parts for reason in _reasons(part, scope, whole)]


def _compared(node: Comparison, scope: Scope) -> str:
    steps = steps_of(node, scope)
    truths = [truth for _, truth in steps]
    if False in truths:
        step, _ = steps[truths.index(False)]
        return f"{with_figures(step, scope)} is false"
    if None not in truths:
        return f"{with_figures(node, scope)} is true"
    operands = [node.first, *(operand for _, operand in node.rest)]
    return next(_why(part, scope) for part in operands if number_of(part, scope) is None)


def why_unknown(node: Value, scope: Scope) -> str:
    """Why a value is unknown, as a sentence.

    Args:
        node: The value; it is unknown.
        scope: What is known of the segment.
    """
    return one_line(_why(node, scope))


def _compared_texts(node: TextComparison, scope: Scope) -> str:
    truth = truth_of(node, scope)
    if truth is not None:
        left, right = _with_text(node.left, scope), _with_text(node.right, scope)
        return f"{left} {node.operator} {right} is {'true' if truth else 'false'}"
    return next(why for part in (node.left, node.right) if (why := _why_text(part, scope)))


def _with_text(node: TextOperand, scope: Scope) -> str:
    if isinstance(node, Group):
        return node.name
    text = shown(text_of(node, scope) or "")
    return f"{node} {text}" if isinstance(node, Property) else text


def _why_text(node: TextOperand, scope: Scope) -> str:
    """Why a text or a group is unknown; empty where it is known."""
    if isinstance(node, Group):
        return _no_group(node.name, scope) if scope.members(node.name) is None else ""
    if text_of(node, scope) is None and isinstance(node, Property):
        return _why_property(node.name, scope)
    return ""


def _why(node: Value, scope: Scope) -> str:
    """Why a value is unknown."""
    match node:
        case Property(name):
            return _why_property(name, scope)
        case Arithmetic():
            return _why_arithmetic(node, scope)
        case Group(name) if scope.members(name) is None:
            return _no_group(name, scope)
        case Function(_, arguments) if scope.picked(arguments):
            return f"{shown(str(node))} is too large to compute"
        case Function() | Group() if missing := without_number(node, scope):
            return _no_number(missing)
        case _ if not scope.scores:
            return _NO_PIXELS
        case Label(name):
            return _no_label(name, scope)
        case _:
            name = f"of {node}" if isinstance(node, Group) else f"for {shown(str(node))}"
            return f"no label {name}: the classifier gave {_given(scope)}"


def _no_label(name: str, scope: Scope) -> str:
    known = scope.known(name)
    if known is not None:
        return _no_number([known])
    message = f"no label {shown(name)}"
    if number := number_with_marks(plain(name)):
        return f"{message}: without quotes {name} is the number {number}"
    near = suggest(name, scope.scores)
    if near is not None:
        return f"{message}: did you mean {offered(near)}?"
    return f"{message}: the classifier gave {_given(scope)}"


def _no_number(labels: list[str]) -> str:
    if len(labels) == 1:
        return f"the score of {offered(labels[0])} is unknown: the classifier gave no number"
    some = _listed(map(offered, labels), len(labels), kept=_MOST_LISTED)
    return f"the scores of {some} are unknown: the classifier gave no numbers"


def _no_group(name: str, scope: Scope) -> str:
    if scope.known(name) is not None:
        return f"no group {shown(name)}: the label of that name needs quotes, {written(name)}"
    near = suggest(name, scope.groups)
    if near is not None:
        return f"no group {shown(name)}: did you mean {shown(near)}?"
    groups = _listed(list(scope.groups), len(scope.groups), kept=_MOST_LISTED)
    return f"no group {shown(name)}: there are {groups}"


def _why_property(name: str, scope: Scope) -> str:
    row = PROPERTIES[name]
    if row.source == "scores" and not scope.scores:
        return _NO_PIXELS
    is_missing = row.source == "segment" and scope.segment is None
    return f"@{name} is unknown: {_NO_SEGMENT if is_missing else row.why_unknown}"


def _why_arithmetic(node: Arithmetic, scope: Scope) -> str:
    total = number_of(node.first, scope)
    if total is None:
        return _why(node.first, scope)
    for number, (sign, part) in enumerate(node.rest, start=1):
        value = number_of(part, scope)
        if value is None:
            return _why(part, scope)
        result = applied(sign, total, value)
        if result is None:
            so_far = shown(str(Arithmetic(node.first, node.rest[:number])))
            by_zero = sign == "/" and value == 0
            return f"{so_far} {'divides by zero' if by_zero else 'is too large to compute'}"
        total = result
    return ""


def _given(scope: Scope) -> str:
    """The labels of the classifier, the best-scored first."""
    best = nlargest(_MOST_LISTED, scope.scores, key=lambda label: scope.score(label) or 0.0)
    return _listed(map(written, best), len(scope.scores), kept=_MOST_LISTED)


def _listed(names: Iterable[str], count: int, *, kept: int) -> str:
    """``a``, ``a and b``, ``a, b and c``; of more than are kept, ``a, b and 3 more``."""
    items = list(names)[:kept]
    if count > kept:
        items[-1] = f"{count - kept + 1} more"
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
