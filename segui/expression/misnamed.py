"""Names that text is compared with and that nothing has, where something has a near one."""

from collections.abc import Collection, Iterator, Mapping

from segui.expression.nodes import Condition, Property, Text, TextComparison, walk
from segui.expression.spelling import known_as
from segui.expression.suggest import suggest
from segui.expression.tokens import offered, shown


def misnamed(tree: Condition, known: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """A sentence for each name of a rule that nothing has, and that was probably meant otherwise.

    Args:
        tree: The rule, with those that it names.
        known: What there is, by the property that is text: of ``label`` the areas' names, of
            ``top`` the classifier's labels.

    Returns:
        What there is not, and the near name that there is and that the rule does not name too.

    >>> from segui.expression import parse
    >>> misnamed(parse("@label = Car").tree, {"label": ["car", "sky"]})
    ("nothing is called 'Car' here: did you mean @label = 'car'?",)
    """
    asked = list(_asked(tree))
    names = {name for _, name in asked}
    sentences = []
    for prop, name in asked:
        there = known.get(prop, ())
        near = None if known_as(name, there) is not None else suggest(name, there)
        if near is not None and near not in names:
            sentences.append(
                f"nothing is called {shown(name)} here: did you mean @{prop} = {offered(near)}?"
            )
    return tuple(dict.fromkeys(sentences))


def _asked(tree: Condition) -> Iterator[tuple[str, str]]:
    """Each property that is compared with a name, and the name."""
    for node in walk(tree):
        match node:
            case TextComparison(Property(prop), _, Text(name)):
                yield prop, name
            case TextComparison(Text(name), _, Property(prop)):
                yield prop, name
