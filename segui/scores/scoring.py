"""What a classifier says of segments: asked at once, in batches, or only of what is new."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from torch import Tensor

from segui.classifiers.base import Classifier, Crop, Scores
from segui.errors import ClassifierError, InputError
from segui.models.loading import Progress
from segui.models.preparing import BATCH
from segui.options import default_of
from segui.scores.crops import Context, Crops, Shown
from segui.segments.segment import Segment, Segments


@runtime_checkable
class Loadable(Protocol):
    """A classifier that has something to fetch or load before it can be asked."""

    def load(self, progress: Progress | None = None) -> None:
        """Do it now; ``progress`` is told how many bytes of how many are here."""
        ...


def score_segments(
    classifier: Classifier,
    segments: Segments,
    reference: Tensor | None = None,
    *,
    progress: Progress | None = None,
    batch: int | None = None,
    loading: Progress | None = None,
    context: Context = default_of("context"),
) -> tuple[Scores, ...]:
    """What a classifier says of each segment.

    Args:
        classifier: Whom to ask: once for all without ``progress``, else batch by batch.
        segments: What to judge.
        reference: The image that crops are cut from.
        progress: Told how many segments are done and of how many, before the first batch and
            after each; those without pixels do not count, and without any it is not told. What
            it raises ends the work.
        batch: Segments between two such reports, at least 1; None is what the classifier says
            that it runs at once (``batch_size``), else 8.
        loading: Told how many bytes of a classifier are here and how many there are in all, while
            it is fetched for these segments; of a total of 0 nothing is known yet. What it raises
            ends the work.
        context: How much is shown around each segment, as ``crops.cut`` has it. A classifier that
            looks at the segment alone gets no more than its box.

    Returns:
        Scores for each segment; empty for one without pixels.

    Raises:
        InputError: ``batch`` is below 1, or there is no such context.
        ClassifierError: The classifier's own, or its answers are not scores of each crop.
    """
    if batch is not None and batch < 1:
        raise InputError(f"batch is {batch}: expected at least 1")
    shown: Shown = getattr(classifier, "context", context)
    crops, places = Crops.of(segments, reference, shown)
    if loading is not None and crops and isinstance(classifier, Loadable):
        classifier.load(loading)
    answers = (
        ask(classifier, crops)
        if progress is None
        else _ask_in_batches(classifier, crops, progress, batch)
    )
    return _placed(answers, places, len(segments.items))


def remembered_scores(
    classifier: Classifier,
    segments: Segments,
    reference: Tensor | None,
    context: Context = default_of("context"),
) -> tuple[Scores, ...]:
    """Scores as kept with the segments; only crops that were never seen are asked for.

    Args:
        classifier: Whom to ask.
        segments: What to judge; they keep what was said.
        reference: The image that crops are cut from.
        context: As for ``score_segments``.

    Returns:
        Scores for each segment; empty for one without pixels.

    Raises:
        InputError: There is no such context.
        ClassifierError: The classifier's own, or its answers are not scores of each crop.
    """
    if getattr(classifier, "compares", False):  # of some alone it would say something else
        return score_segments(classifier, segments, reference, context=context)
    shown: Shown = getattr(classifier, "context", context)
    crops, places = Crops.of(segments, reference, shown)
    memory = segments.memory_of(classifier)
    picture = b"" if reference is None else _digest(reference[0])
    keys = [_fingerprint(segment, picture, shown) for segment in crops.segments]
    unseen = {key: n for n, key in reversed(list(enumerate(keys))) if key not in memory}
    first = sorted(unseen.values())
    asked = Crops(tuple(crops.segments[n] for n in first), reference, shown)
    answers = ask(classifier, asked)
    memory.update(zip((keys[n] for n in first), answers, strict=True))
    return _placed([dict(memory[key]) for key in keys], places, len(segments.items))


def ask(classifier: Classifier, crops: Sequence[Crop]) -> list[Scores]:
    """The classifier's answers, one for each crop; without crops it is not asked.

    Args:
        classifier: Whom to ask.
        crops: What it is shown.

    Raises:
        ClassifierError: The classifier's own, or its answers are not scores of each crop.
    """
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


def _ask_in_batches(
    classifier: Classifier, crops: Crops, progress: Progress, batch: int | None
) -> list[Scores]:
    answers: list[Scores] = []
    total = len(crops)
    while len(answers) < total:
        done = len(answers)
        progress(done, total)
        # asked each time: a model knows it when it is loaded, and halves it when memory runs out
        size: int = getattr(classifier, "batch_size", BATCH) if batch is None else batch
        answers += ask(classifier, crops[done : done + size])
    if total:
        progress(total, total)
    return answers


def _placed(answers: Sequence[Scores], places: Sequence[int], count: int) -> tuple[Scores, ...]:
    """The answers at their places among all segments; the others get none."""
    scores: list[Scores] = [{} for _ in range(count)]
    for place, answer in zip(places, answers, strict=True):
        scores[place] = answer
    return tuple(scores)


def _fingerprint(segment: Segment, picture: bytes, context: Shown) -> bytes:
    """What tells one crop from another: its picture, how much of it is shown, and its mask.

    The picture is digested once, not crop by crop: crops overlap, and may each be all of it.
    """
    shown = picture if segment.image is None else _digest(segment.image[0])
    place = repr((segment.crop_region, segment.content, segment.found, context)).encode()
    mask = np.ascontiguousarray(segment.read_mask(segment.content))
    return hashlib.blake2b(shown + place + mask.tobytes(), digest_size=16).digest()


def _digest(pixels: Tensor) -> bytes:
    plain = pixels.detach().cpu().contiguous().numpy()
    return hashlib.blake2b(plain.data, digest_size=16).digest()
