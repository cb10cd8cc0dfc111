"""What an expression can ask about one segment."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from segui.expression.nodes import Group, Label, Pattern
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

    def score(self, label: str) -> float | None:
        """The label's score; None where it was not given or is no finite number."""
        return _finite(self.scores.get(label))

    def usable(self, labels: Iterable[str]) -> Iterator[tuple[str, float]]:
        """Those of the labels that have a score, with it."""
        for label in labels:
            score = self.score(label)
            if score is not None:
                yield label, score

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
        picked: dict[str, float] = {}
        for argument in arguments:
            match argument:
                case Label(name):
                    labels: Iterable[str] = (name,)
                case Group(name):
                    labels = self.members(name) or ()
                case Pattern():
                    labels = filter(argument.fits, self.scores)
            picked.update(self.usable(labels))
        return picked

    def number(self, name: str) -> float | None:
        """A property that is a number; None where it is unknown or no finite number."""
        if name in self.properties:
            value = self.properties[name]
            return None if isinstance(value, str) else _finite(value)
        return _finite(self._number_of_segment(name))

    def text(self, name: str) -> str | None:
        """``label`` or ``top``; None where it is unknown."""
        if name in self.properties:
            value = self.properties[name]
            return value if isinstance(value, str) else None
        if name == "top":
            best = self.best(self.scores)
            return best[0] if best else None
        label = getattr(self.segment, "label", None)
        return label if isinstance(label, str) else None

    def _number_of_segment(self, name: str) -> float | None:
        if name in {"area", "confidence"}:
            return getattr(self.segment, name, None)
        box = getattr(self.segment, "bbox", None)
        if not isinstance(box, Box):
            return None
        match name:
            case "width":
                return box.width
            case "height":
                return box.height
            case "x":
                return box.x1
            case "y":
                return box.y1
            case "ratio":
                return box.width / box.height if box.height else None
            case _:
                return None


def _finite(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
