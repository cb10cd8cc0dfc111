"""Rules with names: lines to rules, each read when another one names it, or at the end."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from segui.errors import ExpressionError, RuleError
from segui.expression.naming import CircleError, NamedRule
from segui.expression.tokens import (
    TokenKind,
    one_line,
    quote,
    shown,
    tokenize,
    written,
)
from segui.expression.typed import JOINS, plain
from segui.expression.wrapping import bare, is_blank

MAX_RULES: Final = 50
MAX_NAME: Final = 60  # characters
_EXAMPLE: Final = "such as people = #Female > 0 or #Male > 0"
_QUOTED: Final = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
RuleT = TypeVar("RuleT", bound=NamedRule)
_EQUALS: Final = "=\uff1d"
# '==' and signs of comparison are no '=' after a name
_LINE: Final = re.compile(
    rf"\s*(?P<name>{_QUOTED}|[^{_EQUALS}<>≤≥≠!\"']*?)\s*(?P<sign>[{_EQUALS}])(?![{_EQUALS}])\s*"
)


@dataclass(frozen=True)
class RuleLine:
    """A line that gives a rule a name.

    Args:
        name: The name.
        rule: The rule's text.
        number: Which line it is, from 1.
        text: The line.
        column: Where the rule starts in it, from 0.
        start: Where the rule starts in all of the text, from 0.
    """

    name: str
    rule: str
    number: int
    text: str
    column: int
    start: int


def rule_lines(text: str) -> tuple[RuleLine, ...]:
    r"""The lines of a text that gives rules names.

    Args:
        text: A line for each rule; blank ones are none.

    Raises:
        RuleError: A line has no name and no rule, its name is none, or was there before.

    >>> [(line.name, line.rule) for line in rule_lines('warm = red > 50%\n"a b" = warm')]
    [('warm', 'red > 50%'), ('a b', 'warm')]
    """
    found: dict[str, RuleLine] = {}
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not is_blank(line):
            read = _line(_unmarked(line.rstrip("\r")), number, start)
            _check_new(read, found)
            found[read.name] = read
        start += len(line) + 1
    return tuple(found.values())


def _unmarked(line: str) -> str:
    """A line without Markdown's marks around it; semicolons stay with the rule."""
    plain = bare(line)
    return plain if plain[:1] != line[:1] else line


class RuleSet(Mapping[str, RuleT], Generic[RuleT]):
    """Rules by their names, all of them read.

    Args:
        rules: Texts, or expressions that were read before.
        read: Reads a text with the rules that it may name, and its own name.
        lines: The lines that the texts stand in, for errors.

    Raises:
        RuleError: A rule cannot be read, or leads back to itself.
    """

    def __init__(
        self,
        rules: Mapping[str, str | RuleT],
        read: Callable[[str, "RuleSet[RuleT]", str], RuleT],
        lines: Sequence[RuleLine] = (),
    ) -> None:
        self._texts = dict(rules)
        self._read = read
        self._lines = {line.name: line for line in lines}
        self._done: dict[str, RuleT] = {}
        self._open: list[str] = []
        for name in self._texts:
            self[name]

    def __getitem__(self, name: str) -> RuleT:
        """The rule of a name.

        Raises:
            CircleError: It is being read.
            RuleError: It cannot be read.
        """
        if name in self._done:
            return self._done[name]
        rule = self._texts[name]
        if not isinstance(rule, str):
            self._done[name] = rule
            return rule
        if name in self._open:
            names = (*self._open[self._open.index(name) :], name)
            raise CircleError(" -> ".join(map(written, names)))
        self._open.append(name)
        try:
            self._done[name] = self._read(rule, self, name)
        except RuleError:
            raise
        except ExpressionError as error:
            raise self._placed(name, error) from error
        finally:
            self._open.pop()
        return self._done[name]

    def __iter__(self) -> Iterator[str]:
        """The names, in their order."""
        return iter(self._texts)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._texts)

    def __contains__(self, name: object) -> bool:
        """Whether a rule has that name; none is read for that."""
        return name in self._texts

    def __eq__(self, other: object) -> bool:
        """Whether both have the same rules by the same names."""
        return isinstance(other, Mapping) and dict(self) == dict(other)

    def __hash__(self) -> int:
        """Of the names and their rules."""
        return hash(frozenset(self.items()))

    def _placed(self, name: str, error: ExpressionError) -> RuleError:
        line = self._lines.get(name)
        message = f"of the rule {shown(name)}: {error.message}"
        if line is None:
            return RuleError(error.text, error.column, message)
        return RuleError(line.text, line.column + error.column, message, line.number)


def _line(text: str, number: int, start: int) -> RuleLine:
    """line: name '=' rule."""
    match = _LINE.match(text)
    if match is None or not match["name"]:
        first = len(text) - len(text.lstrip()) + 1
        message = f"expected a name, = and a rule, {_EXAMPLE}"
        raise RuleError(text, first, message, number)
    name = _name(text, match["name"], match.start("name"), number)
    column = match.end()
    return RuleLine(name, text[column:], number, text, column, start + column)


def _name(text: str, typed: str, start: int, number: int) -> str:
    """name: LABEL | QUOTED."""
    try:
        first, *rest = tokenize(typed)
    except ExpressionError as error:
        raise RuleError(text, start + error.column, error.message, number) from error
    is_join = first.kind is TokenKind.LABEL and plain(first.text) in JOINS
    if len(rest) > 1 and all(token.kind is TokenKind.LABEL for token in (first, *rest[:-1])):
        message = f"a name with spaces needs quotes, {one_line(quote(typed))}"
    elif len(rest) > 1 or is_join or first.kind not in {TokenKind.LABEL, TokenKind.QUOTED}:
        message = f"{shown(typed)} is no name: expected a word, or text in quotes, {_EXAMPLE}"
    elif not first.value.strip() or len(first.value) > MAX_NAME:
        message = f"the name has {len(first.value.strip())} characters: expected 1 to {MAX_NAME}"
    else:
        return first.value
    raise RuleError(text, start + 1, message, number)


def _check_new(line: RuleLine, before: Mapping[str, RuleLine]) -> None:
    start = len(line.text) - len(line.text.lstrip()) + 1
    if line.name in before:
        message = (
            f"{shown(line.name)} is the name of the rule in line {before[line.name].number} too: "
            "expected another name"
        )
        raise RuleError(line.text, start, message, line.number)
    if len(before) >= MAX_RULES:
        message = f"there are more than {MAX_RULES} rules with names: no more are allowed"
        raise RuleError(line.text, start, message, line.number)
