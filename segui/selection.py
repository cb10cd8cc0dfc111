"""Which segments pass: their crops scored, an expression decided for each, a reason given."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Literal

from torch import Tensor

from segui.classifiers.base import Classifier, Scores
from segui.errors import InputError
from segui.expression import Expression, Fade, parse, read_fade
from segui.expression.evaluate import number_of
from segui.expression.misnamed import misnamed
from segui.expression.nodes import Property, Value, walk
from segui.expression.scope import Scope
from segui.images.tensors import check_image, check_same_size
from segui.options import default_of, option_values
from segui.scores.crops import Context
from segui.scores.scoring import remembered_scores, score_segments
from segui.segments.measures import Properties, segment_properties
from segui.segments.segment import Segment, Segments

__all__ = [
    "ON_UNKNOWN",
    "Groups",
    "OnUnknown",
    "Properties",
    "Selection",
    "Side",
    "classify",
    "override",
    "score_segments",
    "segment_properties",
    "select",
]

OnUnknown = Literal["remain", "filter", "review"]
ON_UNKNOWN = option_values("on_unknown")
Side = Literal["filtered", "remained", "review"]
Groups = Mapping[str, Collection[str]]

_SIDE_OF_UNKNOWN: Mapping[str, Side] = {
    "remain": "remained",
    "filter": "filtered",
    "review": "review",
}
_NOTE_OF_UNKNOWN: Mapping[str, str] = {
    "remain": "",
    "filter": " (undecided, and such ones are included)",
    "review": " (undecided, and waits for a review)",
}


_BY_HAND: tuple[Side, ...] = ("filtered", "remained")
_BY_HAND_NOTE = "by hand; "


@dataclass(frozen=True, eq=False)
class Selection:
    """Segments told apart by an expression; the tuples have an entry for each segment.

    Args:
        segments: All of them.
        expression: What was asked.
        sides: Where each one went: ``filtered``, ``remained`` or ``review``.
        decisions: What the expression said: True, False, or None for unknown.
        scores: What the classifier said, label by label; empty for a segment without pixels.
        reasons: Why, in a sentence.
        by_hand: Whether its side was given by hand; none of them where it is left out.
        properties: What was known beside the scores.
        groups: The ``#groups`` that were added to the language's own.
    """

    segments: Segments
    expression: Expression
    sides: tuple[Side, ...]
    decisions: tuple[bool | None, ...]
    scores: tuple[Scores, ...]
    reasons: tuple[str, ...]
    by_hand: tuple[bool, ...] = ()
    properties: tuple[Properties, ...] = ()
    groups: Groups = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = len(self.segments.items)
        object.__setattr__(self, "by_hand", self.by_hand or (False,) * count)
        object.__setattr__(self, "properties", self.properties or ({},) * count)

    @property
    def filtered(self) -> Segments:
        """The segments that pass, in order."""
        return self._on("filtered")

    @property
    def remained(self) -> Segments:
        """The segments that do not, in order."""
        return self._on("remained")

    @property
    def review(self) -> Segments:
        """The undecided ones, where ``on_unknown`` is ``review``."""
        return self._on("review")

    @property
    def whole_reasons(self) -> tuple[str, ...]:
        """The reasons, each with all parts of the rule that decided it, however many."""
        rows = zip(self.segments.items, self.scores, self.properties, self.reasons, strict=True)
        return tuple(self._whole(*row) for row in rows)

    def _whole(self, item: Segment, scores: Scores, facts: Properties, reason: str) -> str:
        short, whole = (
            self.expression.explain(
                scores, item, whole=is_whole, properties=facts, groups=self.groups
            )
            for is_whole in (False, True)
        )
        return reason.replace(short, whole, 1)

    @property
    def labels(self) -> list[str]:
        """Every label that the classifier gave to any segment, sorted."""
        return sorted({label for scores in self.scores for label in scores})

    @property
    def misnamed(self) -> tuple[str, ...]:
        """What the rule calls by a name that nothing has here, and which near one there is."""
        names = {item.label for item in self.segments.items}
        return misnamed(self.expression.tree, {"label": names, "top": self.labels})

    def top_labels(self, limit: int | None = None) -> list[str]:
        """The labels by the best score that any segment has for them, the best first.

        Args:
            limit: How many of them at most; None for all.
        """
        best = dict.fromkeys(self.labels, -inf)
        for scores in self.scores:
            for label, score in scores.items():
                if score > best[label]:  # never of what is not a number
                    best[label] = score
        return sorted(best, key=best.__getitem__, reverse=True)[:limit]

    def figures(self, value: Value) -> tuple[float | None, ...]:
        """What a value of the language is for each segment.

        Args:
            value: A label, a property, a sum: any operand, such as a threshold's.

        Returns:
            A number for each segment; None where it is unknown.
        """
        rows = zip(self.segments.items, self.scores, self.properties, strict=True)
        return tuple(
            number_of(value, Scope.of(scores, item, facts, self.groups))
            for item, scores, facts in rows
        )

    def _on(self, side: Side) -> Segments:
        pairs = zip(self.segments.items, self.sides, strict=True)
        return self.segments.of(item for item, where in pairs if where == side)


def classify(
    classifier: Classifier,
    segments: Segments,
    expression: str | Expression,
    reference: Tensor | None = None,
    on_unknown: str = default_of("on_unknown"),
    *,
    edited: Tensor | None = None,
    groups: Groups | None = None,
    context: Context = default_of("context"),
) -> Selection:
    """Score every segment and tell apart those that pass.

    The classifier is asked once, for all segments that have pixels. What it said is kept with
    the segments: another expression on the same ones asks it nothing.

    Args:
        classifier: Whom to ask.
        segments: What to judge.
        expression: Which segments pass; ``*`` is all of them.
        reference: The image that crops are cut from, (B, H, W, 3 or 4), where a segment has
            none of its own.
        on_unknown: Where a segment goes whose expression is unknown: ``remain``, ``filter``
            or ``review``.
        edited: The edited version of ``reference``, for ``@changed``.
        groups: More ``#groups``: their names and the labels in each.
        context: What the classifier sees of a segment: ``crop``, its surroundings too; ``bbox``,
            its box; ``segment``, it alone, on grey. One that looks at the segment alone gets no
            more than its box.

    Returns:
        The selection, with scores and a reason for each segment.

    Raises:
        ExpressionError: The expression cannot be read.
        InputError: ``on_unknown`` or ``context`` is something else, or a picture does not fit.
        ClassifierError: The classifier's own, or its answers are not scores of each crop.
    """
    parsed = expression if isinstance(expression, Expression) else parse(expression)
    _check_on_unknown(on_unknown)
    if reference is not None:
        check_image("the reference", reference)
    if reference is not None and edited is not None:
        check_image("the edited version", edited)
        check_same_size(edited, reference, "the edited version")
    scores = remembered_scores(classifier, segments, reference, context)
    properties = segment_properties(segments, parsed.properties, reference, edited)
    return select(segments, scores, parsed, on_unknown, properties=properties, groups=groups)


def select(
    segments: Segments,
    scores: Sequence[Scores],
    expression: str | Expression,
    on_unknown: str = default_of("on_unknown"),
    *,
    properties: Sequence[Properties] | None = None,
    groups: Groups | None = None,
) -> Selection:
    """Tell segments apart by scores that are there already.

    Args:
        segments: What to judge.
        scores: One for each segment.
        expression: Which segments pass.
        on_unknown: Where the undecided go: ``remain``, ``filter`` or ``review``.
        properties: What ``segment_properties`` gave, one for each segment.
        groups: More ``#groups``.

    Raises:
        ExpressionError: The expression cannot be read.
        InputError: ``on_unknown`` is something else, or there are not as many scores.
    """
    parsed = expression if isinstance(expression, Expression) else parse(expression)
    _check_on_unknown(on_unknown)
    if len(scores) != len(segments.items):
        raise InputError(
            f"there are scores of {len(scores)} segments: expected {len(segments.items)}"
        )
    known = properties or segment_properties(segments, parsed.properties)
    decisions: list[bool | None] = []
    reasons = []
    for item, said, facts in zip(segments.items, scores, known, strict=True):
        decision = parsed.evaluate(said, item, properties=facts, groups=groups)
        reason = parsed.explain(said, item, properties=facts, groups=groups)
        decisions.append(decision)
        reasons.append(reason + _NOTE_OF_UNKNOWN[on_unknown] * (decision is None))
    sides = tuple(_side(decision, on_unknown) for decision in decisions)
    return Selection(
        segments,
        parsed,
        sides,
        tuple(decisions),
        tuple(scores),
        tuple(reasons),
        properties=tuple(known),
        groups=groups or {},
    )


def override(selection: Selection, sides: Mapping[int, Side]) -> Selection:
    """Put segments on a side by hand, whatever the rule says of them.

    Args:
        selection: What the rule chose; it stays as it is.
        sides: The side, ``filtered`` or ``remained``, of each segment that is moved, by its
            place among all segments, from 0. A side that the rule chose too is by hand as well.

    Returns:
        The selection with these sides. Decisions stay the rule's own, and so does each reason
        after the words ``by hand``.

    Raises:
        InputError: There is no segment at a place, or a side is another one.
    """
    count = len(selection.sides)
    for place, side in sides.items():
        if not 0 <= place < count:
            expected = f"expected 0 to {count - 1}" if count else "there are no segments"
            raise InputError(f"there is no segment at place {place}: {expected}")
        if side not in _BY_HAND:
            names = " or ".join(_BY_HAND)
            raise InputError(f"the side of segment {place} is {side!r}: expected {names}")
    reasons = list(selection.reasons)
    for place in sides:
        reasons[place] = _BY_HAND_NOTE + _rules_reason(selection.reasons[place])
    return replace(
        selection,
        sides=tuple(sides.get(place, side) for place, side in enumerate(selection.sides)),
        reasons=tuple(reasons),
        by_hand=tuple(was or place in sides for place, was in enumerate(selection.by_hand)),
    )


def fade(
    selection: Selection,
    by: str | Fade,
    image: Tensor | None = None,
    edited: Tensor | None = None,
) -> Selection:
    """Give each segment that passes an opacity of its own, which a paste then has.

    Args:
        selection: What was chosen; it stays as it is.
        by: What opacity follows, such as ``30%..70% of red``: see ``read_fade``. A blank text
            changes nothing. Where it asks for what is unknown, the opacity is 0.
        image: The picture, (B, H, W, 3 or 4), for ``@changed``.
        edited: Its edited version, of the same shape.

    Returns:
        The selection with these segments; the reason of each that passes ends with its opacity.

    Raises:
        FadeError: ``by`` cannot be read.

    >>> from segui import segments_from_mask
    >>> import torch
    >>> chosen = select(segments_from_mask(torch.ones(20, 20)), [{"red": 0.6}], "*")
    >>> faded = fade(chosen, "30%..70% of red")
    >>> round(faded.filtered.items[0].opacity, 6), faded.reasons[0]
    (0.75, 'everything passes; opacity 75%: red 60%')
    """
    how = read_fade(by) if isinstance(by, str) else by
    if how is None:
        return selection
    nodes = [node for part in how.parts for node in walk(part)]
    names = dict.fromkeys(node.name for node in nodes if isinstance(node, Property))
    measured = segment_properties(selection.segments, tuple(names), image, edited)
    items = list(selection.segments.items)
    reasons = list(selection.reasons)
    for place, (item, side) in enumerate(zip(items, selection.sides, strict=True)):
        if side == "filtered":
            facts = {**measured[place], **selection.properties[place]}
            scope = Scope.of(selection.scores[place], item, facts, selection.groups)
            found = how.of(scope)
            items[place] = item.with_opacity(found.opacity)
            why = f": {found.reason}" if found.reason else ""
            reasons[place] += f"; opacity {_percent(found.opacity)}%{why}"
    return replace(selection, segments=selection.segments.of(items), reasons=tuple(reasons))


def _percent(part: float) -> str:
    """Percent in as few digits as a person needs, where none that is left is called 0 or 100.

    >>> [_percent(part) for part in (0, 0.0001, 0.5, 0.123456, 0.99999, 1)]
    ['0', '0.01', '50', '12.3', '99.99', '100']
    """
    percent = part * 100
    if 0 < percent < 0.1 or 99.9 < percent < 100:
        return f"{min(max(percent, 0.01), 99.99):.2f}"
    return f"{percent:.1f}".removesuffix(".0")


def _rules_reason(reason: str) -> str:
    """A reason without what was said of the hand, or of where the undecided go."""
    reason = reason.removeprefix(_BY_HAND_NOTE)
    for note in _NOTE_OF_UNKNOWN.values():
        reason = reason.removesuffix(note)
    return reason


def _side(decision: bool | None, on_unknown: str) -> Side:
    if decision is None:
        return _SIDE_OF_UNKNOWN[on_unknown]
    return "filtered" if decision else "remained"


def _check_on_unknown(on_unknown: str) -> None:
    if on_unknown not in ON_UNKNOWN:
        raise InputError(f"on_unknown is {on_unknown!r}: expected one of {', '.join(ON_UNKNOWN)}")
