"""Operands to comparisons: what may stand beside what."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from segui.errors import ExpressionError
from segui.expression.nodes import (
    CONDITIONS,
    Comparison,
    Condition,
    Group,
    Label,
    Number,
    Property,
    Text,
    TextComparison,
    TextOperand,
    Value,
)
from segui.expression.properties import PROPERTIES
from segui.expression.tokens import Token, one_line, quote, shown

Part: TypeAlias = Value | Condition


class Operand(NamedTuple):
    """A value or a condition and its characters in the text, from 0, the end not among them."""

    node: Part
    start: int
    end: int


def compare(text: str, operands: Sequence[Operand], operators: Sequence[Token]) -> Condition:
    """The comparison of values, or the chain of comparisons.

    Args:
        text: The expression, for errors.
        operands: The operands, one more than operators.
        operators: The operators' tokens.

    Returns:
        A comparison of numbers, or of texts where an operand is text.

    Raises:
        ExpressionError: An operand is a condition, or text is used as a number.
    """
    values = [as_value(text, operand) for operand in operands]
    if not any(is_text(value) for value in values):
        rest = zip((operator.value for operator in operators), values[1:], strict=True)
        spans = tuple((operand.start, operand.end) for operand in operands)
        return Comparison(values[0], tuple(rest), spans)
    name = next(str(value) for value in values if is_text(value))
    for operator in operators:
        if operator.value not in {"=", "!="}:
            message = f"{name} is text: expected = or !=, found {shown(operator.text)}"
            raise ExpressionError(text, operator.start + 1, message)
    if len(operators) > 1:
        message = f"{name} is text: expected one comparison, not a chain"
        raise ExpressionError(text, operators[1].start + 1, message)
    left, right = (_as_text(text, name, operand) for operand in operands)
    return TextComparison(left, operators[0].value, right)


def as_value(text: str, operand: Operand) -> Value:
    """The operand as a value.

    Args:
        text: The expression, for errors.
        operand: The operand.

    Returns:
        The operand's node.

    Raises:
        ExpressionError: The operand is a condition.
    """
    if isinstance(operand.node, CONDITIONS):
        message = (
            f"{shown(str(operand.node))} is a condition, true or false: expected a value; "
            "'and' joins conditions"
        )
        raise ExpressionError(text, operand.start + 1, message)
    return operand.node


def is_text(value: Value) -> bool:
    """Whether the value is a property that is text."""
    return isinstance(value, Property) and PROPERTIES[value.name].is_text


def _as_text(text: str, name: str, operand: Operand) -> TextOperand:
    match operand.node:
        case Label(label):
            return Text(label)
        case Group() as group:
            return group
        case Property() as prop if is_text(prop):
            return prop
        case Number(text=number, typed=typed):
            label = one_line(quote(typed or number))
            message = f"{name} is text: a label of that name needs quotes, {label}"
        case other:
            message = f"{name} is text: expected a label or a group, found {shown(str(other))}"
    raise ExpressionError(text, operand.start + 1, message)
