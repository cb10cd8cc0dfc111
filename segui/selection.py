"""Which segments pass: their crops scored, an expression decided for each, a reason given."""

import hashlib
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import torch
from torch import Tensor

from segui.checks import check_image, check_same_size
from segui.classifiers.base import Classifier, Crop, Scores
from segui.crops import Crops
from segui.errors import ClassifierError, InputError
from segui.expression import Expression, parse
from segui.segments import Segment, Segments, scale_segments

OnUnknown = Literal["remain", "filter", "review"]
ON_UNKNOWN: tuple[str, ...] = get_args(OnUnknown)
Side = Literal["filtered", "remained", "review"]
Groups = Mapping[str, Collection[str]]
Properties = Mapping[str, float | str | None]

_SIDE_OF_UNKNOWN: Mapping[str, Side] = {
    "remain": "remained",
    "filter": "filtered",
    "review": "review",
}
_NOTE_OF_UNKNOWN: Mapping[str, str] = {
    "remain": "",
    "filter": " (undecided, and such segments are let through)",
    "review": " (undecided, and waits for a review)",
}


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
    """

    segments: Segments
    expression: Expression
    sides: tuple[Side, ...]
    decisions: tuple[bool | None, ...]
    scores: tuple[Scores, ...]
    reasons: tuple[str, ...]

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
    def labels(self) -> list[str]:
        """Every label that the classifier gave to any segment, sorted."""
        return sorted({label for scores in self.scores for label in scores})

    def _on(self, side: Side) -> Segments:
        pairs = zip(self.segments.items, self.sides, strict=True)
        return self.segments.of(item for item, where in pairs if where == side)


def classify(
    classifier: Classifier,
    segments: Segments,
    expression: str | Expression,
    reference: Tensor | None = None,
    on_unknown: str = "remain",
    *,
    edited: Tensor | None = None,
    groups: Groups | None = None,
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

    Returns:
        The selection, with scores and a reason for each segment.

    Raises:
        ExpressionError: The expression cannot be read.
        InputError: ``on_unknown`` is something else, or a picture does not fit.
        ClassifierError: The classifier's own, or its answers are not scores of each crop.
    """
    parsed = expression if isinstance(expression, Expression) else parse(expression)
    _check_on_unknown(on_unknown)
    if reference is not None:
        check_image("the reference", reference)
    if reference is not None and edited is not None:
        check_image("the edited version", edited)
        check_same_size(edited, reference, "the edited version")
    scores = _remembered_scores(classifier, segments, reference)
    properties = segment_properties(segments, parsed.properties, reference, edited)
    return select(segments, scores, parsed, on_unknown, properties=properties, groups=groups)


def select(
    segments: Segments,
    scores: Sequence[Scores],
    expression: str | Expression,
    on_unknown: str = "remain",
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
    return Selection(segments, parsed, sides, tuple(decisions), tuple(scores), tuple(reasons))


def score_segments(
    classifier: Classifier, segments: Segments, reference: Tensor | None = None
) -> tuple[Scores, ...]:
    """What a classifier says of each segment, asked once for all.

    Args:
        classifier: Whom to ask.
        segments: What to judge.
        reference: The image that crops are cut from.

    Returns:
        Scores for each segment; empty for one without pixels.

    Raises:
        ClassifierError: The classifier's own, or its answers are not scores of each crop.
    """
    crops, places = Crops.of(segments, reference)
    scores: list[Scores] = [{} for _ in segments.items]
    for place, answer in zip(places, _ask(classifier, crops), strict=True):
        scores[place] = answer
    return tuple(scores)


def segment_properties(
    segments: Segments,
    names: Collection[str],
    reference: Tensor | None = None,
    edited: Tensor | None = None,
) -> tuple[Properties, ...]:
    """Those ``@properties`` of segments that depend on the image or on the other segments.

    Args:
        segments: All segments of one image.
        names: Which ones are asked for, without the ``@``: some are dear to compute.
        reference: The photo, for ``changed``.
        edited: Its edited version, for ``changed``.

    Returns:
        For each segment ``share``, ``rank``, ``index`` and ``changed``, as far as asked for.

    Raises:
        InputError: The photo and its edited version differ in size.
    """
    items = segments.items
    facts: list[dict[str, float | str | None]] = [{} for _ in items]
    if "index" in names:
        _number(facts, "index", [(item.bbox.y1, item.bbox.x1) for item in items])
    if "rank" in names:
        _number(facts, "rank", [(-item.area, 0) for item in items])
    if "share" in names:
        pixels = segments.size[0] * segments.size[1]
        for fact, item in zip(facts, items, strict=True):
            fact["share"] = item.area / pixels
    if "changed" in names and reference is not None and edited is not None:
        check_same_size(edited, reference, "the edited version")
        scaled = scale_segments(segments, (reference.shape[1], reference.shape[2]))
        for fact, item in zip(facts, scaled.items, strict=True):
            fact["changed"] = _changed(item, reference, edited)
    return tuple(facts)


def _number(
    facts: Sequence[MutableMapping[str, float | str | None]],
    name: str,
    keys: Sequence[tuple[int, int]],
) -> None:
    for number, place in enumerate(sorted(range(len(keys)), key=keys.__getitem__), 1):
        facts[place][name] = number


def _changed(segment: Segment, reference: Tensor, edited: Tensor) -> float | None:
    """The mean absolute difference under the mask, 0..1; None where the mask is empty."""
    box = segment.content.clip((reference.shape[1], reference.shape[2]))
    if box.is_empty:
        return None
    mask = segment.read_mask(box)
    weights = (mask if mask.ndim == 2 else mask.max(axis=0)).astype(np.float64)
    if not weights.sum():
        return None
    before, after = (_unit(image[(0, *box.slices)]) for image in (reference, edited))
    difference = (before - after).abs().mean(dim=2).cpu().double().numpy()
    return float((difference * weights).sum() / weights.sum())


def _unit(pixels: Tensor) -> Tensor:
    colours = pixels[..., :3].float()
    return colours / 255 if pixels.dtype == torch.uint8 else colours


def _side(decision: bool | None, on_unknown: str) -> Side:
    if decision is None:
        return _SIDE_OF_UNKNOWN[on_unknown]
    return "filtered" if decision else "remained"


def _ask(classifier: Classifier, crops: Sequence[Crop]) -> list[Scores]:
    if not crops:
        return []
    answers = classifier.score(crops)
    if not isinstance(answers, Sequence) or len(answers) != len(crops):
        count = len(answers) if isinstance(answers, Sequence) else "no list of"
        raise ClassifierError(
            f"the classifier gave {count} answers for {len(crops)} crops: expected one each"
        )
    for answer in answers:
        if not isinstance(answer, Mapping) or not all(isinstance(label, str) for label in answer):
            raise ClassifierError(
                f"the classifier answered {answer!r:.80}: expected a score for each label"
            )
    return [dict(answer) for answer in answers]


def _check_on_unknown(on_unknown: str) -> None:
    if on_unknown not in ON_UNKNOWN:
        raise InputError(f"on_unknown is {on_unknown!r}: expected one of {', '.join(ON_UNKNOWN)}")


def _remembered_scores(
    classifier: Classifier, segments: Segments, reference: Tensor | None
) -> tuple[Scores, ...]:
    """Scores as kept with the segments; only crops that were never seen are asked for."""
    crops, places = Crops.of(segments, reference)
    memory = segments.memory_of(classifier)
    picture = b"" if reference is None else _digest(reference[0])
    keys = [_fingerprint(segment, picture) for segment in crops.segments]
    unseen = {key: n for n, key in reversed(list(enumerate(keys))) if key not in memory}
    first = sorted(unseen.values())
    asked = Crops(tuple(crops.segments[n] for n in first), reference)
    answers = _ask(classifier, asked)
    memory.update(zip((keys[n] for n in first), answers, strict=True))
    scores: list[Scores] = [{} for _ in segments.items]
    for place, key in zip(places, keys, strict=True):
        scores[place] = dict(memory[key])
    return tuple(scores)


def _fingerprint(segment: Segment, picture: bytes) -> bytes:
    """What tells one crop from another: its picture, where it lies in it, and its mask.

    The picture is digested once, not crop by crop: crops overlap, and may each be all of it.
    """
    shown = picture if segment.image is None else _digest(segment.image[0])
    place = repr((segment.crop_region, segment.content)).encode()
    mask = np.ascontiguousarray(segment.read_mask(segment.content))
    return hashlib.blake2b(shown + place + mask.tobytes(), digest_size=16).digest()


def _digest(pixels: Tensor) -> bytes:
    plain = pixels.detach().cpu().contiguous().numpy()
    return hashlib.blake2b(plain.data, digest_size=16).digest()
