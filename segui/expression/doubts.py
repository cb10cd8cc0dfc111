"""What a rule that can be read was read as, where its writer may have meant something else."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from segui.expression.nodes import Comparison, Condition, Label, Number, walk_own
from segui.expression.properties import PROPERTIES
from segui.expression.tokens import beginning, one_line, quote, shown
from segui.expression.typed import NEGATIONS, plain
from segui.expression.vocabulary import reads_as_number

_NEARLY_NUMBER: Final = re.compile(
    r"\+?(?P<number>-?[\d_]*\.?[\d_]*[½⅓⅔¼¾⅕⅛]?)(?P<unit>%*|percent|pct|prozent|px)[.,;:]*",
    re.IGNORECASE,
)
_OPEN: Final = {"[": "]", "{": "}"}
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
    if _OPEN.get(name[:1], name) not in name:
        return f"{shown(name)} was read as a label: ( and ) hold conditions together"
    number = _number_of(plain(name))
    if number:
        return f"{shown(name)} was read as a label: the number is written {number}"
    return None


def _number_of(word: str) -> str:
    """The number that a word was probably meant for; nothing where it is none.

    >>> _number_of("1_000px"), _number_of("+50percent"), _number_of("1½"), _number_of("3D")
    ('1000', '50%', '1.5', '')
    """
    found = _NEARLY_NUMBER.fullmatch(word)
    if found is None or not found["number"]:
        return ""
    number = found["number"].replace("_", "")
    if not number[-1:].isascii():
        whole, part = float(number[:-1] or 0), unicodedata.numeric(number[-1])
        number = f"{whole + part:.4g}"
    number += "" if found["unit"].lower() in ("", "px") else "%"
    return number if reads_as_number(number) else ""
