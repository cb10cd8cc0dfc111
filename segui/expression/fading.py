"""How the opacity of a segment follows its scores and properties: ``30%..70% of red``."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from segui.errors import ExpressionError, FadeError
from segui.expression.evaluate import number_of, truth_of
from segui.expression.explain import explanation, why_unknown
from segui.expression.language import Expression, parse, parse_value
from segui.expression.nodes import Condition, Group, Label, Node, Value
from segui.expression.rule_set import RuleSet
from segui.expression.scope import Scope
from segui.expression.tokens import one_line, shown
from segui.expression.typed import plain
from segui.expression.vocabulary import number_value
from segui.expression.wrapping import bare

MAX_CHARACTERS: Final = 1000
_MOST_AS_PERCENT: Final = 100
_EXAMPLE: Final = "an opacity, such as 80%, 30%..70% of red or 80% if @share > 2% else 30%"
_NUMBER: Final = r"-?(?:\d+(?:[.,]\d+)?|[.,]\d+)\s?%?"
_AMOUNT: Final = re.compile(rf"\s*({_NUMBER})\s*", re.ASCII)
_RAMP: Final = re.compile(
    rf"\s*(?:from\s+)?({_NUMBER})\s*(?:\.\.\.?|…|\bto\b)\s*({_NUMBER})\s+of\s+",
    re.ASCII | re.IGNORECASE,
)
_QUOTED: Final = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""


@dataclass(frozen=True)
class Amount:
    """The same for every segment.

    Args:
        text: A percentage, or a number from 0 to 1.
    """

    text: str

    @property
    def value(self) -> float:
        """The opacity, 0..1."""
        return number_value(self.text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Ramp:
    """From 0 at one value of something to 1 at another.

    Args:
        first: Up to which it is 0; where it is the larger one, from which on.
        last: From which on it is 1.
        of: What is looked at.
    """

    first: str
    last: str
    of: Value

    def at(self, value: float) -> float:
        """The opacity at a value, 0..1.

        >>> from segui.expression.nodes import Label
        >>> ramp = Ramp("30%", "70%", Label("red"))
        >>> [round(ramp.at(value), 3) for value in (0.2, 0.5, 0.9)]
        [0.0, 0.5, 1.0]
        """
        first, last = number_value(self.first), number_value(self.last)
        return min(1.0, max(0.0, (value - first) / (last - first)))

    def __str__(self) -> str:
        return f"{self.first}..{self.last} of {self.of}"


@dataclass(frozen=True)
class Either:
    """One of two, as a condition says."""

    then: "Amount | Ramp"
    condition: Condition
    otherwise: "Fading"

    def __str__(self) -> str:
        return f"{self.then} if {self.condition} else {self.otherwise}"


Fading: TypeAlias = Amount | Ramp | Either


@dataclass(frozen=True)
class Faded:
    """The opacity of one segment.

    Args:
        opacity: 0..1; 0 where it is unknown.
        reason: Why, in a few words.
    """

    opacity: float
    reason: str


@dataclass(frozen=True)
class Fade:
    """How the opacity of segments follows what is known of each.

    Args:
        text: As it was given.
        tree: As it was understood.
    """

    text: str
    tree: Fading

    def __str__(self) -> str:
        return str(self.tree)

    @property
    def parts(self) -> tuple[Node, ...]:
        """The values and conditions of the language of rules in it, in order."""
        return tuple(_parts(self.tree))

    def of(self, scope: Scope) -> Faded:
        """The opacity of a segment.

        Args:
            scope: What is known of it.
        """
        return _of(self.tree, scope)


def read_fade(text: str, rules: Mapping[str, str | Expression] | None = None) -> Fade | None:
    """Read how opacity is to follow.

    Args:
        text: ``30%..70% of red``: 0 up to the first value of a score or property, full from the
            second one on, and linear between. Or a percentage; or one of two,
            ``80% if @share > 2% else 30%``, of which the second may be one of two again. At most
            1,000 characters. A blank one says nothing.
        rules: Rules that the conditions may name.

    Returns:
        What was read; None of a blank text.

    Raises:
        FadeError: It cannot be read; the error names the column and what was expected.

    >>> print(read_fade("from 30 % to 70% of max(red,orange)"))
    30%..70% of max(red, orange)
    >>> read_fade("80% if @share > 2% else 30%").of(Scope.of({}, None, {"share": 0.5}, None))
    Faded(opacity=0.8, reason='@share 50% > 2% is true')
    """
    if len(text) > MAX_CHARACTERS:
        message = f"it has {len(text)} characters: at most {MAX_CHARACTERS} are allowed"
        raise FadeError(text, MAX_CHARACTERS + 1, message)
    body = bare(text, is_rule=False)
    if not body.strip():
        return None
    return Fade(text, _either(body, 0, len(body), {} if rules is None else rules))


def check_fade(text: str) -> None:
    """Refuse a text that cannot be read, whatever rules have names.

    Raises:
        FadeError: It cannot be read.
    """
    read_fade(text, _AnyRules())


class _AnyRules(RuleSet[Expression]):
    """A rule of each name."""

    def __init__(self) -> None:
        super().__init__({}, lambda text, _rules, _own: parse(text))

    def __getitem__(self, _: str) -> Expression:
        return parse("*")

    def __contains__(self, _: object) -> bool:
        return True


def _either(text: str, start: int, end: int, rules: Mapping[str, str | Expression]) -> Fading:
    """either: one ('if' condition 'else' either)?."""
    if_at = _word(text, "if", start, end)
    if if_at is None:
        return _one(text, start, end)
    then = _one(text, start, if_at)
    else_at = _word(text, "else", if_at, end)
    if else_at is None:
        message = "expected else after the condition, such as 80% if @share > 2% else 30%"
        raise FadeError(text, len(text[:end].rstrip()) + 1, message)
    first = if_at + len("if")
    with _placed(text, first):
        condition = parse(text[first:else_at], rules).tree
    return Either(then, condition, _either(text, else_at + len("else"), end, rules))


def _one(text: str, start: int, end: int) -> Amount | Ramp:
    """one: PERCENT | 'from'? NUMBER ('..' | 'to') NUMBER 'of' value."""
    part = text[start:end]
    column = start + len(part) - len(part.lstrip()) + 1
    amount, ramp = _AMOUNT.fullmatch(part), _RAMP.match(part)
    if amount is not None:
        return _amount(text, column, _number(amount[1]))
    if ramp is None:
        found = shown(part.strip()) if part.strip() else "nothing"
        raise FadeError(text, min(column, len(text) + 1), f"found {found}: expected {_EXAMPLE}")
    with _placed(text, start + ramp.end()):
        value = parse_value(part[ramp.end() :])
    made = Ramp(_number(ramp[1]), _number(ramp[2]), value)
    if message := _trouble(made):
        raise FadeError(text, column, message)
    return made


def _trouble(ramp: Ramp) -> str:
    """Why a ramp is none, or none that was meant; empty where it is one."""
    first, last = number_value(ramp.first), number_value(ramp.last)
    if first == last:
        return f"{ramp.first}..{ramp.last} is no way from one value to another: expected two values"
    digits = [number.removesuffix("%") for number in (ramp.first, ramp.last)]
    percent = "..".join(f"{number}%" for number in digits)
    if first != 0 and last != 0 and ramp.first.endswith("%") != ramp.last.endswith("%"):
        return f"of {ramp.first}..{ramp.last} one is in percent alone: did you mean {percent}?"
    if isinstance(ramp.of, Label | Group) and 1 < max(first, last) <= _MOST_AS_PERCENT:
        return f"scores go from 0 to 1: did you mean {percent}?"
    return ""


def _amount(text: str, column: int, number: str) -> Amount:
    amount = Amount(number)
    if not 0 <= amount.value <= 1:
        near = f": did you mean {number}%?" if 1 < amount.value <= 100 and "%" not in number else ""
        raise FadeError(text, column, f"the opacity is {number}: expected 0% to 100%{near}")
    return amount


def _number(typed: str) -> str:
    """In the language's own signs."""
    number = "".join(plain(typed).replace(",", ".").split())
    return f"0{number}" if number.startswith(".") else number


def _word(text: str, word: str, start: int, end: int) -> int | None:
    """Where a word stands alone, outside of quotes; None where it does not."""
    found = re.compile(rf"{_QUOTED}|(?<!\S)({word})(?!\S)", re.IGNORECASE).finditer(
        text, start, end
    )
    return next((match.start(1) for match in found if match[1]), None)


@contextmanager
def _placed(text: str, start: int) -> Iterator[None]:
    """Errors of a part of a text, as those of the whole."""
    try:
        yield
    except ExpressionError as error:
        raise FadeError(text, start + error.column, error.message) from error


def _parts(tree: Fading) -> list[Node]:
    match tree:
        case Ramp(_, _, of):
            return [of]
        case Either(then, condition, otherwise):
            return [*_parts(then), condition, *_parts(otherwise)]
        case _:
            return []


def _of(tree: Fading, scope: Scope) -> Faded:
    match tree:
        case Amount():
            return Faded(tree.value, "")
        case Ramp():
            return _on_ramp(tree, scope)
        case Either(then, condition, otherwise):
            truth = truth_of(condition, scope)
            why = explanation(condition, scope)
            if truth is None:
                return Faded(0.0, why)
            chosen = _of(then if truth else otherwise, scope)
            return Faded(chosen.opacity, ", ".join(part for part in (why, chosen.reason) if part))


def _on_ramp(ramp: Ramp, scope: Scope) -> Faded:
    value = number_of(ramp.of, scope)
    if value is None:
        return Faded(0.0, why_unknown(ramp.of, scope))
    is_share = ramp.first.endswith("%") or ramp.last.endswith("%")
    figure = f"{value * 100:.4g}%" if is_share else f"{value:.4g}"
    return Faded(ramp.at(value), one_line(f"{ramp.of} {figure}"))
