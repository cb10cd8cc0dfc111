"""What an expression can ask about one segment."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

from segui.expression.nodes import Group, Label, Pattern
from segui.expression.spelling import by_look, look
from segui.expression.vocabulary import GROUPS
from segui.geometry import Box


class SegmentLike(Protocol):
    """What properties are read from; an ``area`` in pixels is read too where there is one."""

    @property
    def bbox(self) -> Box:
        """The segment's box, xyxy, half-open, in pixels of the image."""

    @property
    def label(self) -> str:
        """The name that the finder gave it."""

    @property
    def confidence(self) -> float:
        """How sure the finder was, 0..1."""


@dataclass(frozen=True)
class Scope:
    """The scores, the properties and the groups of one segment.

    Args:
        scores: Score of each label as the classifier gave it.
        segment: The segment, or None.
        properties: Properties that win over the segment's, by name without ``@``.
        groups: Labels of each group, by name with ``#``.
    """

    scores: Mapping[str, float]
    segment: SegmentLike | None
    properties: Mapping[str, float | str | None]
    groups: Mapping[str, Collection[str]]

    @classmethod
    def of(
        cls,
        scores: Mapping[str, float] | None,
        segment: SegmentLike | None,
        properties: Mapping[str, float | str | None] | None,
        groups: Mapping[str, Collection[str]] | None,
    ) -> "Scope":
        """The scope of what a caller gives; the user's groups stand before the built-in ones."""
        named = {f"#{name.removeprefix('#')}": labels for name, labels in (groups or {}).items()}
        return cls(scores or {}, segment, properties or {}, {**GROUPS, **named})

    def known(self, label: str) -> str | None:
        """The classifier's own label that one in a rule means; None where it gave none."""
        return label if label in self.scores else self._by_look.get(look(label))

    @cached_property
    def _by_look(self) -> Mapping[str, str]:
        return by_look(frozenset(self.scores))

    def score(self, label: str) -> float | None:
        """The label's score; None where it was not given or is no finite number."""
        known = self.known(label)
        return None if known is None else _finite(self.scores[known])

    def usable(self, labels: Iterable[str]) -> Iterator[tuple[str, float]]:
        """Those of the labels that have a score, as the classifier writes them, with it."""
        for label in labels:
            known = label if label in self.scores else self.known(label)
            score = None if known is None else _finite(self.scores[known])
            if known is not None and score is not None:
                yield known, score

    def without_number(self, arguments: Iterable[Label | Group | Pattern]) -> list[str]:
        """Those of the labels that arguments name for which no number was given, each once."""
        odd = {label for label, score in self.scores.items() if _finite(score) is None}
        if not odd:  # so it is nearly always
            return []
        labels = (self.known(label) for label in self._named(arguments))
        return [label for label in dict.fromkeys(labels) if label is not None and label in odd]

    def best(self, labels: Iterable[str]) -> tuple[str, float] | None:
        """The best-scored of the labels, the first of equals; None where none has a score."""
        return max(self.usable(labels), key=lambda pair: pair[1], default=None)

    def members(self, group: str) -> Collection[str] | None:
        """The labels of a group, ``group`` with its ``#``; None where it is unknown."""
        members = self.groups.get(group)
        # A lone text is one label, not a collection of its letters.
        return (members,) if isinstance(members, str) else members

    def picked(self, arguments: Iterable[Label | Group | Pattern]) -> dict[str, float]:
        """Scores of the labels that a function's arguments name, each label once."""
        return dict(self.usable(self._named(arguments)))

    def _named(self, arguments: Iterable[Label | Group | Pattern]) -> Iterator[str]:
        for argument in arguments:
            match argument:
                case Label(name):
                    yield name
                case Group(name):
                    yield from self.members(name) or ()
                case Pattern():
                    yield from filter(argument.fits, self.scores)

    def number(self, name: str) -> float | None:
        """A property that is a number; None where it is unknown or no finite number."""
        value = self._property(name)
        return None if isinstance(value, str) else _finite(value)

    def text(self, name: str) -> str | None:
        """A property that is text; None where it is unknown."""
        value = self._property(name)
        return value if isinstance(value, str) else None

    def _property(self, name: str) -> Any:
        if name in self.properties:
            return self.properties[name]
        read = READERS.get(name)
        return None if read is None else read(self)


def _of_segment(name: str) -> Callable[[Scope], Any]:
    return lambda scope: getattr(scope.segment, name, None)


def _of_box(measure: Callable[[Box], float | None]) -> Callable[[Scope], float | None]:
    def read(scope: Scope) -> float | None:
        box = getattr(scope.segment, "bbox", None)
        return measure(box) if isinstance(box, Box) else None

    return read


def _top(scope: Scope) -> str | None:
    best = scope.best(scope.scores)
    return best[0] if best else None


# what computes those properties that need neither the image nor the other segments
READERS: Final[dict[str, Callable[[Scope], Any]]] = {
    "area": _of_segment("area"),
    "width": _of_box(lambda box: box.width),
    "height": _of_box(lambda box: box.height),
    "x": _of_box(lambda box: box.x1),
    "y": _of_box(lambda box: box.y1),
    "ratio": _of_box(lambda box: box.width / box.height if box.height else None),
    "confidence": _of_segment("confidence"),
    "label": _of_segment("label"),
    "top": _top,
}


def _finite(value: Any) -> float | None:
    if type(value) is float:
        return value if math.isfinite(value) else None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
