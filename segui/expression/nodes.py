"""The tree of an expression; ``str`` of a node is its canonical form."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from segui.expression.spelling import look
from segui.expression.tokens import is_word, quote, written
from segui.expression.vocabulary import number_value


@dataclass(frozen=True)
class Number:
    """A number.

    Args:
        text: The number in the language's own signs.
        typed: The characters that it was read from, such as ``0,5``; they have no part in what it
            means.
    """

    text: str
    typed: str = field(default="", compare=False, repr=False)

    @cached_property
    def value(self) -> float:
        """The number's value; a percent sign divides by 100."""
        return number_value(self.text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Label:
    """A label of the classifier; its value is the label's score.

    Args:
        name: The label.
        is_rule_too: Whether a rule has that name, and the label was not quoted, so that the other
            one may have been meant.
    """

    name: str
    is_rule_too: bool = field(default=False, compare=False, repr=False)

    def __str__(self) -> str:
        return written(self.name)


@dataclass(frozen=True)
class Group:
    """A group of labels, ``name`` with its ``#``; its value is the best score among them."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Property:
    """A property of the segment, ``name`` without its ``@``."""

    name: str

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True)
class Pattern:
    """Any label that fits, where ``*`` is any run of characters; in functions only."""

    text: str

    def __str__(self) -> str:
        return self.text

    @cached_property
    def _pieces(self) -> list[str]:
        return look(self.text).split("*")

    def fits(self, label: str) -> bool:
        """Whether the whole label fits, upper and lower case told apart.

        >>> [Pattern("A*e*5").fits(label) for label in ("Age16to25", "Ae5", "Age50to69")]
        [True, True, False]
        """
        head, *middle, tail = self._pieces
        label = label if label.isascii() else look(label)
        if len(label) < len(head) + len(tail):
            return False
        if not (label.startswith(head) and label.endswith(tail)):
            return False
        position, end = len(head), len(label) - len(tail)
        for piece in middle:
            # The first place that fits leaves the most for the pieces that follow.
            found = label.find(piece, position, end)
            if found < 0:
                return False
            position = found + len(piece)
        return True


@dataclass(frozen=True)
class Function:
    """``max``, ``min``, ``sum`` or ``mean`` over the scores of labels."""

    name: str
    arguments: tuple[Label | Group | Pattern, ...]

    def __str__(self) -> str:
        return self.spelled(", ")

    def spelled(self, comma: str) -> str:
        """The call, its arguments separated by ``comma``."""
        return f"{self.name}({comma.join(map(_spelled_argument, self.arguments))})"


@dataclass(frozen=True)
class Arithmetic:
    """A sum of terms or a product of factors, read from left to right.

    Args:
        first: The first operand.
        rest: A sign and an operand each; the signs are all of ``+ -`` or all of ``* /``.
    """

    first: "Value"
    rest: tuple[tuple[str, "Value"], ...]

    @property
    def is_sum(self) -> bool:
        """Whether the signs are ``+`` and ``-``."""
        return self.rest[0][0] in {"+", "-"}

    def __str__(self) -> str:
        rest = "".join(f" {sign} {self.enclosed(part)}" for sign, part in self.rest)
        return f"{self.enclosed(self.first)}{rest}"

    def enclosed(self, part: "Value", text: str | None = None) -> str:
        """An operand's text, in parentheses where it would bind otherwise without."""
        needed = isinstance(part, Arithmetic) and (part.is_sum or not self.is_sum)
        return _enclosed(str(part) if text is None else text, needed=needed)


@dataclass(frozen=True)
class Text:
    """Text opposite a property that is text, such as ``@label``."""

    value: str

    def __str__(self) -> str:
        return written(self.value)


@dataclass(frozen=True)
class Comparison:
    """A comparison of numbers, or a chain of them: ``0.2 < cat <= 0.8``.

    Args:
        first: The first operand.
        rest: An operator, one of ``> < >= <= = !=``, and an operand each.
        spans: Where each operand starts and ends in the text, from 0; empty where the comparison
            was not read from one. It has no part in what the comparison means.
    """

    first: "Value"
    rest: tuple[tuple[str, "Value"], ...]
    spans: tuple[tuple[int, int], ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        operands = (self.first, *(operand for _, operand in self.rest))
        # A group such as #men's is read only where neither side has a space in it.
        tight = any(isinstance(part, Group) and not is_word(part.name) for part in operands)
        texts = [
            part.spelled(",") if tight and isinstance(part, Function) else str(part)
            for part in operands
        ]
        return texts[0] + "".join(
            f" {operator} {text}" for (operator, _), text in zip(self.rest, texts[1:], strict=True)
        )


@dataclass(frozen=True)
class TextComparison:
    """``=`` or ``!=`` between text properties, texts and groups."""

    left: "TextOperand"
    operator: str
    right: "TextOperand"

    def __str__(self) -> str:
        return f"{self.left} {self.operator} {self.right}"


@dataclass(frozen=True)
class Not:
    """True where its part is false."""

    part: "Condition"

    def __str__(self) -> str:
        return f"not {_enclosed(str(self.part), needed=isinstance(self.part, And | Or))}"


@dataclass(frozen=True)
class And:
    """True where all of its parts are."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return " and ".join(
            _enclosed(str(part), needed=isinstance(part, And | Or)) for part in self.parts
        )


@dataclass(frozen=True)
class Or:
    """True where any of its parts is."""

    parts: tuple["Condition", ...]

    def __str__(self) -> str:
        return " or ".join(_enclosed(str(part), needed=isinstance(part, Or)) for part in self.parts)


@dataclass(frozen=True)
class Named:
    """A condition that stands for another rule, by its name.

    Args:
        name: The rule's name.
        part: What the rule was understood as.
        text: The rule as it was given.
        levels: How deep it is.
        characters: How long it is with the rules that it names itself.
    """

    name: str
    part: "Condition"
    text: str = field(default="", compare=False, repr=False)
    levels: int = field(default=0, compare=False, repr=False)
    characters: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return written(self.name)


@dataclass(frozen=True)
class Everything:
    """``*`` alone: true for every segment."""

    def __str__(self) -> str:
        return "*"


Value: TypeAlias = Number | Label | Group | Property | Function | Arithmetic
TextOperand: TypeAlias = Property | Text | Group
Condition: TypeAlias = Comparison | TextComparison | Not | And | Or | Named | Everything
Node: TypeAlias = Value | Text | Pattern | Condition

CONDITIONS = (Comparison, TextComparison, Not, And, Or, Named, Everything)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of their appearance in the text.

    A rule that is named stands where its name does.
    """
    yield node
    for child in _children(node):
        yield from walk(child)


def walk_own(node: Node) -> Iterator[Node]:
    """The same without what is in the rules that are named: what the text itself says."""
    yield node
    if not isinstance(node, Named):
        for child in _children(node):
            yield from walk_own(child)


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | Named(_, part):
            return (part,)
        case Comparison(first, rest) | Arithmetic(first, rest):
            return (first, *(operand for _, operand in rest))
        case TextComparison(left, _, right):
            return (left, right)
        case Function(_, arguments):
            return arguments
        case _:
            return ()


def _enclosed(text: str, *, needed: bool) -> str:
    return f"({text})" if needed else text


def _spelled_argument(argument: Label | Group | Pattern) -> str:
    # Bare, the star of a label would be a wildcard here.
    if isinstance(argument, Label) and "*" in argument.name:
        return quote(argument.name)
    return str(argument)
