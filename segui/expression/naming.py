"""A rule's name in another one, where a condition is due."""

from collections.abc import Mapping
from typing import Protocol

from segui.errors import ExpressionError
from segui.expression.nodes import Condition, Named
from segui.expression.tokens import shown
from segui.expression.vocabulary import MAX_CHARACTERS_IN_ALL, MAX_DEPTH


class NamedRule(Protocol):
    """What a rule is that has a name."""

    @property
    def text(self) -> str:
        """The rule as it was given."""

    @property
    def tree(self) -> Condition:
        """What it was understood as."""

    @property
    def levels(self) -> int:
        """How deep it is, with the rules that it names."""

    @property
    def characters(self) -> int:
        """How long it is, with the rules that it names."""


class CircleError(Exception):
    """A rule was asked for while it is being read; the text says by which names."""


def named(text: str, start: int, name: str, rules: Mapping[str, NamedRule]) -> Named:
    """The condition that a rule's name stands for.

    Args:
        text: The expression, for errors.
        start: Where the name starts in it, from 0.
        name: The name, one of those of ``rules``.
        rules: The rules.

    Raises:
        ExpressionError: The rule leads back to itself.
    """
    try:
        rule = rules[name]
    except CircleError as circle:
        message = f"{shown(name)} leads back to itself, {circle}: expected a rule without it"
        raise ExpressionError(text, start + 1, message) from circle
    return Named(name, rule.tree, rule.text, rule.levels, rule.characters)


def check_whole(text: str, start: int, characters: int, levels: int) -> None:
    """Refuse what the rules that an expression names make too long or too deep.

    Args:
        text: The expression, for errors.
        start: Where the name starts with which it is so, from 0.
        characters: How long it is with them.
        levels: How deep it is with them.

    Raises:
        ExpressionError: It is too long or too deep.
    """
    for count, most, unit in (
        (characters, MAX_CHARACTERS_IN_ALL, "characters"),
        (levels, MAX_DEPTH, "levels"),
    ):
        if count > most:
            message = (
                f"with the rules that it names the expression has {count} {unit}: "
                f"at most {most} are allowed"
            )
            raise ExpressionError(text, start + 1, message)
