"""Comparisons with their figures, in as few digits as leave them reading right."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from segui.expression.evaluate import number_of
from segui.expression.nodes import (
    Arithmetic,
    Comparison,
    Function,
    Group,
    Label,
    Number,
    Property,
    Value,
)
from segui.expression.properties import PROPERTIES, PropertyKind
from segui.expression.scope import Scope
from segui.expression.typed import without_hidden
from segui.expression.vocabulary import number_value

_FEWEST_DECIMALS: Final = 2
_MOST_DECIMALS: Final = 17
_LARGEST_IN_DIGITS: Final = 1e15


@dataclass(frozen=True)
class Style:
    """How figures are written.

    Args:
        decimals: Digits after the point; None for as many as the number has.
        percent: Whether scores and fractions are percentages.
    """

    decimals: int | None
    percent: bool

    def figure(self, node: Value, value: float) -> str:
        """The value of a node as text; a number stays as it was typed."""
        if isinstance(node, Number):
            return node.text
        if self.decimals is None or abs(value) >= _LARGEST_IN_DIGITS:
            return repr(value)
        is_whole = _kind_of(node) == "whole"
        if value == int(value) and (is_whole or isinstance(node, Arithmetic)):
            return str(int(value))
        if self.percent and not is_whole:
            digits = f"{value * 100:.{self.decimals - 1}f}"
            return f"{digits.rstrip('0').rstrip('.')}%"
        is_fraction = _kind_of(node) == "fraction"
        return f"{value:.{self.decimals + is_fraction}f}"


def with_figures(node: Comparison, scope: Scope) -> str:
    """A comparison whose values are all known, each with its figure.

    Args:
        node: The comparison, or the chain.
        scope: What is known of the segment.

    Returns:
        The comparison as text. Its figures compare as the values themselves do: 0.4999 is not
        shown as 0.50 beside 0.5.
    """
    operands = [node.first, *(operand for _, operand in node.rest)]
    values = [value for operand in operands if (value := number_of(operand, scope)) is not None]
    style = _style(operands, values)
    texts = [_text(operand, scope, style) for operand in operands]
    signs = [sign for sign, _ in node.rest]
    rest = (f" {sign} {text}" for sign, text in zip(signs, texts[1:], strict=True))
    return texts[0] + "".join(rest)


def figure_beside(value: float, numbers: Iterable[Number]) -> str:
    """A score as text, percent where a number beside it is.

    It lies on the side of each of the numbers, and of 0 and 1, on which the score itself does.

    Args:
        value: The score.
        numbers: Those that it was held against.

    >>> figure_beside(0.004, [Number("50%")]), figure_beside(0.4996, [Number("0.5")])
    ('0.4%', '0.4996')
    """
    beside = [*numbers]
    percent = any(number.text.endswith("%") for number in beside)
    marks = (0.0, 1.0, *(number.value for number in beside))
    score = Label("")
    for decimals in range(_FEWEST_DECIMALS, _MOST_DECIMALS + 1):
        text = Style(decimals, percent).figure(score, value)
        written = number_value(text)
        if all(_orders([written, mark]) == _orders([value, mark]) for mark in marks):
            return text
    return Style(None, percent).figure(score, value)


def _kind_of(node: Value) -> PropertyKind | None:
    """The kind of a property; None of anything else."""
    return PROPERTIES[node.name].kind if isinstance(node, Property) else None


def _style(operands: list[Value], values: list[float]) -> Style:
    typed = [operand.text for operand in operands if isinstance(operand, Number)]
    if typed:
        percent = any(text.endswith("%") for text in typed)
    else:
        percent = all(_kind_of(part) == "fraction" for part in operands)
    for decimals in range(_FEWEST_DECIMALS, _MOST_DECIMALS + 1):
        style = Style(decimals, percent)
        pairs = zip(operands, values, strict=True)
        written = [number_value(style.figure(operand, value)) for operand, value in pairs]
        if _orders(written) == _orders(values):
            return style
    return Style(None, percent)


def _orders(values: list[float]) -> list[int]:
    return [(left > right) - (left < right) for left, right in pairwise(values)]


def _text(node: Value, scope: Scope, style: Style) -> str:
    value = number_of(node, scope)
    if isinstance(node, Number) or value is None:
        return str(node)
    figure = style.figure(node, value)
    if isinstance(node, Arithmetic):
        return f"{_parts(node, scope, style)} ({figure})"
    source = "; ".join(part for part in (_source(node, scope), _left_out(node, scope)) if part)
    return f"{node} {figure} ({source})" if source else f"{node} {figure}"


def _parts(node: Arithmetic, scope: Scope, style: Style) -> str:
    texts = []
    for part in (node.first, *(part for _, part in node.rest)):
        if isinstance(part, Arithmetic):
            text = _parts(part, scope, style)
        else:
            text = _text(part, scope, style)
        texts.append(node.enclosed(part, text))
    signs = (sign for sign, _ in node.rest)
    rest = (f" {sign} {text}" for sign, text in zip(signs, texts[1:], strict=True))
    return texts[0] + "".join(rest)


def without_number(node: Value, scope: Scope) -> list[str]:
    """The labels that a figure is made without, since no number was given for them."""
    match node:
        case Group():
            return scope.without_number([node])
        case Function(_, arguments):
            return scope.without_number(arguments)
        case _:
            return []


def _left_out(node: Value, scope: Scope) -> str:
    missing = without_number(node, scope)
    if not missing:
        return ""
    more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    return f"{missing[0]}{more} unknown"


def _source(node: Value, scope: Scope) -> str | None:
    """The label that a figure comes from, where the text does not say it as it is."""
    match node:
        case Label(name):
            known = scope.known(name)
            return None if known is None or _composed(known) == _composed(name) else known
        case Group(name):
            best = scope.best(scope.members(name) or ())
            return best[0] if best else None
        case Function("max" | "min" as name, arguments):
            picked = scope.picked(arguments)
            if all(isinstance(argument, Label) for argument in arguments) and len(arguments) == 1:
                return None
            choose = max if name == "max" else min
            return choose(picked, key=lambda label: picked[label])
        case _:
            return None


def _composed(label: str) -> str:
    """A label with its accents in one form: nobody can see in which it is."""
    return unicodedata.normalize("NFC", without_hidden(label))
