"""What a rule that can be read was read as, where its writer may have meant something else."""

import re
from collections.abc import Iterator
from typing import Final

from segui.expression.nodes import Comparison, Condition, Label, Number, walk_own
from segui.expression.properties import PROPERTIES
from segui.expression.tokens import beginning, one_line, quote, shown
from segui.expression.typed import NEGATIONS, plain
from segui.expression.vocabulary import reads_as_number

_NEARLY_NUMBER: Final = re.compile(r"(.+?)[.,;:]+")
_GLUED: Final = re.compile(r"&&|\|\|")


def doubts_of(tree: Condition) -> Iterator[str]:
    """A sentence for each word of a rule that may have been meant otherwise.

    Args:
        tree: The rule as it was understood.

    Yields:
        What the word was read as, and how to write the other meaning, in order of appearance.
    """
    for node in walk_own(tree):
        match node:
            case Number(text=number, typed=typed) if set(typed) & set(",，'’"):
                yield (
                    f"{beginning(typed)} was read as the number {beginning(number)}: "
                    "a label of that name needs quotes"
                )
            case Label(name, is_rule_too=True):
                yield (
                    f"{shown(name)} was read as a label: the rule of that name stands alone, "
                    f"without a comparison; quotes say the label, {one_line(quote(name))}"
                )
            case Label(name) if sentence := _of_label(name):
                yield sentence
            case Comparison(Number() as first, rest) if all(
                isinstance(value, Number) for _, value in rest
            ):
                typed = first.typed or first.text
                yield (
                    f"{beginning(str(node))} compares numbers alone: a label of that name needs "
                    f"quotes, {one_line(quote(typed))}"
                )


def _of_label(name: str) -> str | None:
    if name[:1] in NEGATIONS and name[1:]:
        return f"{shown(name)} was read as a label: not, before a condition, turns it round"
    if _GLUED.search(name[1:-1]):
        return f"{shown(name)} was read as a label: and, or join conditions, with spaces around"
    if name in PROPERTIES:
        return f"{name} was read as a label: what an area has of its own is written @{name}"
    number = _NEARLY_NUMBER.fullmatch(plain(name))
    if number and reads_as_number(number.group(1)):
        return f"{shown(name)} was read as a label: the number is written {number.group(1)}"
    return None
