"""What a rule that can be read was read as, where its writer may have meant something else."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from segui.expression.nodes import (
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
    walk_own,
)
from segui.expression.properties import PROPERTIES
from segui.expression.tokens import beginning, one_line, quote, shown
from segui.expression.typed import NEGATIONS, plain
from segui.expression.vocabulary import reads_as_number

_NEARLY_NUMBER: Final = re.compile(
    r"[+~≈]?(?P<number>-?[\d_]*[.,]?[\d_]*[½⅓⅔¼¾⅕⅛]?)"
    r"(?P<unit>\\?%*|percent|pct|prozent|px)[.,;:!?*_~…]*",
    re.IGNORECASE,
)
# what people write for a number, and may be a label as well
_QUANTITY: Final = re.compile(
    r"(?P<number>\d{1,9}(?:[.,]\d{1,9})?)(?:/(?P<below>\d{1,9})|(?P<times>k|m|mp)|st|nd|rd|th|\.)"
    r"|%(?P<percent>\d{1,9}(?:\.\d{1,9})?)",
    re.IGNORECASE,
)
_TIMES: Final = {"k": 1e3, "m": 1e6, "mp": 1e6}
# a number and a name with a sign between them, either one first
_CALCULATED: Final = re.compile(r"[\d.]+%?[*×/+][^\W\d]\w*|[^\W\d]\w*[*×/+][\d.]+%?")
_WILD: Final = re.compile(r"[*%].+|.+[*%]|.+\.\*.*", re.DOTALL)
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
            case Number(text=number, typed=typed) if _is_marked(typed):
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
            case Comparison():
                yield from _of_comparison(node)
            case TextComparison(left, _, right):
                yield from (_of_text(side) for side in (left, right) if _is_pattern(side))


def _is_marked(typed: str) -> bool:
    """Whether a number has a comma, or marks of thousands."""
    return bool(set(typed) & set(",，'’")) or typed.count(".") > 1


def _of_comparison(node: Comparison) -> Iterator[str]:
    values = [node.first, *(value for _, value in node.rest)]
    numbers = [value for value in values if isinstance(value, Number)]
    if len(numbers) == len(values):
        typed = numbers[0].typed or numbers[0].text
        yield (
            f"{beginning(str(node))} compares numbers alone: a label of that name needs "
            f"quotes, {one_line(quote(typed))}"
        )
    counted = next((one for one in values if isinstance(one, Property) and _is_counted(one)), None)
    if counted is not None:
        yield from _beside_a_count(counted, values)
    elif not numbers:
        yield from (_as_a_number(name, number) for name, number in _quantities(values))


def _is_counted(value: Property) -> bool:
    """Whether a property is a number that is no part of one."""
    row = PROPERTIES[value.name]
    return not (row.is_text or row.is_part_of_one)


def _beside_a_count(counted: Property, values: list[Value]) -> Iterator[str]:
    """What stands beside a count of pixels or a place, and is none."""
    is_whole = PROPERTIES[counted.name].kind == "whole"
    for value in values:
        match value:
            case Number(text=number, typed=typed) if number.endswith("%") and is_whole:
                part = ": of the picture it is @share" if counted.name == "area" else ""
                yield (
                    f"@{counted.name} is counted in whole numbers, and {typed or number} is "
                    f"{Number(number).value:.4g}{part}"
                )
            case Label(name) if number := _quantity_of(plain(name)):
                yield _as_a_number(name, number)
            case Label(name) if not _of_label(name):
                example = PROPERTIES[counted.name].example
                yield (
                    f"{shown(name)} was read as a label: beside @{counted.name} a number is "
                    f"expected, such as @{counted.name} {example}"
                )
            case Group(name):
                yield f"{shown(name)} was read as a group: a number has no sign before it"


def _quantities(values: list[Value]) -> Iterator[tuple[str, str]]:
    """Labels that were probably meant for numbers where no number is beside them, with these."""
    names = (value.name for value in values if isinstance(value, Label))
    return ((name, number) for name in names if (number := _quantity_of(plain(name))))


def _as_a_number(name: str, number: str) -> str:
    return f"{shown(name)} was read as a label: the number is written {number}"


def _quantity_of(word: str) -> str:
    """The number that a word was meant for that may be a label too; nothing where it is none.

    >>> _quantity_of("1/2"), _quantity_of("1.5k"), _quantity_of("3rd"), _quantity_of("%50")
    ('0.5', '1500', '3', '50%')
    """
    found = _QUANTITY.fullmatch(word)
    if found is None:
        return ""
    amount = float((found["number"] or "0").replace(",", "."))
    if found["below"]:
        below = float(found["below"])
        return f"{amount / below:.4g}" if below else ""
    if found["percent"]:
        return f"{found['percent']}%"
    return f"{amount * _TIMES.get((found['times'] or '').lower(), 1):.12g}"


def _is_pattern(side: TextOperand) -> bool:
    return isinstance(side, Text) and _WILD.fullmatch(side.value) is not None


def _of_text(side: TextOperand) -> str:
    return f"{shown(str(side))} is compared whole, and no sign in it stands for others"


def _of_label(name: str) -> str | None:
    if name[:1] in NEGATIONS and name[1:]:
        return f"{shown(name)} was read as a label: not, before a condition, turns it round"
    if _GLUED.search(name[1:-1]):
        return f"{shown(name)} was read as a label: and, or join conditions, with spaces around"
    if name in PROPERTIES:
        return f"{name} was read as a label: what an area has of its own is written @{name}"
    if _CALCULATED.fullmatch(name):
        return f"{shown(name)} was read as a label: signs of arithmetic have spaces around"
    if _OPEN.get(name[:1], name) not in name:
        return f"{shown(name)} was read as a label: ( and ) hold conditions together"
    number = _number_of(plain(name))
    if number:
        return _as_a_number(name, number)
    return None


def _number_of(word: str) -> str:
    """The number that a word was probably meant for; nothing where it is none.

    >>> _number_of("1_000px"), _number_of("+50percent"), _number_of("1½"), _number_of("3D")
    ('1000', '50%', '1.5', '')
    """
    found = _NEARLY_NUMBER.fullmatch(word)
    if found is None or not found["number"]:
        return ""
    number = found["number"].replace("_", "").replace(",", ".")
    if not number[-1:].isascii():
        whole, part = float(number[:-1] or 0), unicodedata.numeric(number[-1])
        number = f"{whole + part:.4g}"
    number += "" if found["unit"].lower() in ("", "px") else "%"
    return number if reads_as_number(number) else ""
