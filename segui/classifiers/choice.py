"""Which classifier a user chose, and what it is asked for."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from segui.classifiers.catalogue import CATALOGUE
from segui.classifiers.making import find_entry
from segui.classifiers.names import TEMPLATE, labels_of, labels_of_parts
from segui.errors import ExpressionError
from segui.expression import parse, read_fade, read_rules
from segui.expression.typed import without_hidden

_HUB_ADDRESS: Final = "https://huggingface.co/"


@dataclass(frozen=True)
class ClassifierChoice:
    """Who judges the areas.

    Args:
        name: The catalogue's name.
        repo_id: The repo or folder, where the user names it.
        device: ``auto``, ``gpu`` or ``cpu``.
        context: What it sees of an area: ``crop``, ``bbox`` or ``segment``.
        names: What an open vocabulary is asked for.
        template: The sentence that each of those names is put into.
        revision: Branch, tag or commit of the model; empty is the catalogue's, else the newest.
        examples: What areas others are compared with are known by, and whether each is one of
            those that are looked for; for the classifier that compares.
    """

    name: str
    repo_id: str = ""
    device: str = "auto"
    context: str = "crop"
    names: tuple[str, ...] = ()
    template: str = TEMPLATE
    revision: str = ""
    examples: tuple[tuple[Hashable, bool], ...] = ()

    @property
    def is_built_in(self) -> bool:
        """Whether it answers at once and needs no model."""
        return any(entry.name == self.name and entry.kind == "built-in" for entry in CATALOGUE)

    @property
    def is_manual(self) -> bool:
        """Whether the user names the repo."""
        return find_entry(self.name).is_manual

    @property
    def key(self) -> "ClassifierChoice":
        """The same choice without what does not matter to it: equal keys give equal scores."""
        if self.is_built_in:
            return ClassifierChoice(self.name, examples=self.examples)
        repo = self._repo if self.is_manual else ""
        plain = replace(self, repo_id=repo, revision=self.revision.strip())
        return plain if self.is_open else replace(plain, names=(), template=TEMPLATE)

    @property
    def model_key(self) -> "ClassifierChoice":
        """The same choice without what another call of the same classifier may change."""
        return replace(self.key, context="crop", examples=())

    @property
    def is_open(self) -> bool:
        """Whether it is asked for any words."""
        return find_entry(self.name).kind == "open vocabulary"

    @property
    def _repo(self) -> str:
        """The repo without what a browser's address bar adds to it."""
        return self.repo_id.strip().removeprefix(_HUB_ADDRESS).rstrip("/")

    @property
    def shown(self) -> str:
        """What to call it in a sentence."""
        return self.repo_id.strip() if self.is_manual and self.repo_id.strip() else self.name


def choice_of(
    values: Mapping[str, Any],
    rules: Sequence[str] | None = None,
    fades: Sequence[str] | None = None,
) -> ClassifierChoice:
    """Who judges, by the values of the options.

    Args:
        values: The value of each option, by name: ``classifier``, ``repo``, ``device``,
            ``context``, ``revision``, and what an open vocabulary is asked for.
        rules: Those of several edits, in place of ``expression``.
        fades: What opacity follows in each of them, in place of ``fade``.
    """
    choice = ClassifierChoice(
        values["classifier"],
        values["repo"] or "",
        values["device"],
        values["context"],
        revision=values["revision"] or "",
    )
    if not choice.is_open:
        return choice
    asking = rules or (values["expression"] or "",)
    following = fades or (values.get("fade") or "",)
    named = values.get("rules") or ""
    names = asked_names(values["names"] or "", *asking, named=named, fades=following)
    return replace(choice, names=names, template=values["template"] or TEMPLATE)


_NAME: Final = re.compile(
    r"""\s*(?:"(?P<quoted>[^"\n]+)"|[“„](?P<curly>[^“”\n]+)[“”]|(?P<bare>[^,，、\n]+))"""
    r"""[^\S\n]*(?:[,，、\n]|\Z)"""
)


def asked_names(
    listed: str, *rules: str, named: str = "", fades: Sequence[str] = ()
) -> tuple[str, ...]:
    """What an open vocabulary is asked for: what rules name, then what is listed.

    Args:
        listed: Names, one a line or with commas between; one that has a comma stands in quotes.
        rules: One, or those of several edits; one that cannot be read names nothing.
        named: Rules with names, a line each: those that the others name are asked for too.
        fades: What opacity follows, such as ``30%..70% of red``.

    >>> asked_names("dog, a cartoon", "cat > 50% and dog > 20%")
    ('cat', 'dog', 'a cartoon')
    >>> asked_names("", "cat > 50%", "dog > 50%")
    ('cat', 'dog')
    >>> asked_names('"tabby, tabby cat", dog', "*")
    ('tabby, tabby cat', 'dog')
    >>> asked_names("", "pets and red > 50%", named="pets = cat > 50% or dog > 50%")
    ('cat', 'dog', 'red')
    >>> asked_names("", "*", fades=["30%..70% of indoors"])
    ('indoors',)
    """
    found = _NAME.finditer(listed)
    names = (one["quoted"] or one["curly"] or one["bare"] or "" for one in found)
    own = tuple(without_hidden(name).strip() for name in names if name.strip())
    wanted = (label for rule in rules for label in _named_by(rule, named))
    followed = (label for fade in fades for label in _followed_by(fade, named))
    return tuple(dict.fromkeys((*wanted, *followed, *own)))


def _followed_by(fade: str, named: str) -> tuple[str, ...]:
    try:
        how = read_fade(fade, read_rules(named))
    except ExpressionError:
        return ()
    return () if how is None else labels_of_parts(how.parts)


def _named_by(rule: str, named: str) -> tuple[str, ...]:
    try:
        return labels_of(parse(rule, read_rules(named)))
    except ExpressionError:
        return ()
