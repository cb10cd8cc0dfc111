"""The names that an open vocabulary is asked for: of a rule, of a list, and what they may be."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from segui.errors import InputError
from segui.expression import GROUPS, PROPERTIES, Expression
from segui.expression.nodes import Group, Label, Node, Property, Text, TextComparison, walk

TEMPLATE: Final = "a photo of {}"
MAX_LABELS: Final = 200
MAX_CHARACTERS: Final = 100


def check_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels, each once, as they were given.

    Raises:
        InputError: There is none or more than 200, or one is no text, blank or too long.

    Example:
        >>> check_labels(["dog", "a cartoon", "dog"])
        ('dog', 'a cartoon')
    """
    for label in labels:
        if not isinstance(label, str):
            raise InputError(f"a name is {label!r:.80}: expected text")
        if not label.strip():
            raise InputError("a name is blank: expected a word or a few, such as 'dog'")
        if len(label) > MAX_CHARACTERS:
            raise InputError(
                f"the name {label[:30] + '...'!r} has {len(label)} characters: expected at most"
                f" {MAX_CHARACTERS}"
            )
    distinct = tuple(dict.fromkeys(labels))
    if not distinct:
        raise InputError("there is no name to look for: list some, or use them in the rule")
    if len(distinct) > MAX_LABELS:
        raise InputError(f"there are {len(distinct)} names: expected at most {MAX_LABELS}")
    return distinct


def check_template(template: str) -> None:
    """Refuse a template without one place for the name.

    Raises:
        InputError: It is no text, is too long, or has not exactly one ``{}``.
    """
    if not isinstance(template, str):
        raise InputError(f"the template is {template!r:.80}: expected text")
    if len(template) > MAX_CHARACTERS:
        raise InputError(
            f"the template has {len(template)} characters: expected at most {MAX_CHARACTERS}"
        )
    count = template.count("{}")
    if count != 1:
        raise InputError(
            f"the template {template!r} has {count} places {{}} for the name: expected one,"
            f" such as {TEMPLATE!r}"
        )


def labels_of(expression: Expression, listed: Sequence[str] = ()) -> tuple[str, ...]:
    """The labels to ask for: those that a rule names, then those that the user lists.

    A group stands for all of its labels. What ``@top`` is compared with is a label as well; what
    ``@label`` is compared with is not, since the mask's finder gave that. A wildcard names
    nothing: it chooses among the labels that are asked for anyway.

    Args:
        expression: The rule.
        listed: The user's own list; blank names in it do not count.

    Returns:
        Each label once: the rule's in order of appearance, then the list's.

    Example:
        >>> from segui.expression import parse
        >>> labels_of(parse('dog > 0.6 and not "a cartoon" > 0.5'), ["cat", "dog"])
        ('dog', 'a cartoon', 'cat')
    """
    names = (name for name in listed if name.strip())
    return tuple(dict.fromkeys((*_named(expression.tree), *names)))


def labels_of_parts(parts: Iterable[Node]) -> tuple[str, ...]:
    """The labels that parts of the language ask for, each once: values, and conditions."""
    return tuple(dict.fromkeys(label for part in parts for label in _named(part)))


def _named(tree: Node) -> Iterator[str]:
    nodes = walk(tree)
    for node in nodes:
        match node:
            case Label(name):
                yield name
            case Group(name):
                yield from GROUPS.get(name, ())
            case TextComparison(left, _, right):
                sides = (next(nodes), next(nodes))  # they come next, and nothing is below them
                if _is_of_scores(left) or _is_of_scores(right):
                    yield from _texts(sides)


def _is_of_scores(side: object) -> bool:
    """Whether what stands opposite is one of the classifier's labels, as with ``@top``."""
    return isinstance(side, Property) and PROPERTIES[side.name].source == "scores"


def _texts(sides: Sequence[object]) -> Iterator[str]:
    for side in sides:
        match side:
            case Text(value):
                yield value
            case Group(name):
                yield from GROUPS.get(name, ())
