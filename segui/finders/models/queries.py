"""What models say by queries, each a class and a mask: Mask2Former, MaskFormer, EoMT, DETR.

Their classes have one more for "no object", the last. Queries are dropped before anything is
enlarged. Source: transformers' post-processing of Mask2Former and EoMT, which enlarges all first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from segui.finders.base import Area, Pixels
from segui.finders.models.classes import areas_of_classes, is_nothing
from segui.finders.models.detectors import sigmoid, softmax
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.outlines import Rough, areas_of
from segui.segments.enlarging import Floats

_HALF: Final = 0.5  # of a mask's probability, from which on a place is the query's
_LEAST_LEFT: Final = 0.8  # of a mask, which other queries may not have taken away


@dataclass(frozen=True, eq=False)
class Queries:
    """What a model says of a picture by queries.

    Args:
        classes: (queries, classes + 1) float32 logits.
        masks: (queries, h, w) float32 logits.
        per_px_yx: How many of a mask's there are in one px, downwards and to the right.
        picture: (H, W, 3) uint8.
        labels: What each class is called; one without a name is called by its number.
        least: How sure the model has to be, 0..1.
        effort: How much may be cut out.
    """

    classes: Floats
    masks: Floats
    per_px_yx: tuple[float, float]
    picture: Pixels
    labels: Mapping[int, str]
    least: float
    effort: Effort = UNLIMITED

    def label(self, number: int) -> str:
        """What a class is called."""
        return self.labels.get(number, str(number))

    def rough(self, logits: Floats, label: str, sure: float) -> Rough:
        """A mask that is yet to be cut out: where its logits are above 0."""
        return Rough(logits, self.per_px_yx, label, sure)


def instance_areas(asked: Queries) -> list[Area]:
    """Each thing by itself; they may overlap.

    A query may be of several things: as many pairs of query and class as there are queries count.

    ``least`` counts for the class and for the mean of the mask.

    Raises:
        SumError: All of them are too large together.
    """
    masks, least = asked.masks, asked.least
    scores = softmax(asked.classes)[:, :-1]
    pairs = np.argsort(-scores, axis=None, kind="stable")[: len(scores)]
    roughs = []
    for query, number in zip(*np.unravel_index(pairs, scores.shape), strict=True):
        of_class = float(scores[query, number])
        if of_class < least:
            break  # the rest is even less
        label, is_it = asked.label(int(number)), masks[query] > 0
        if is_nothing(label) or not is_it.any():
            continue
        sure = of_class * float(sigmoid(masks[query][is_it]).mean())
        if sure >= least:
            roughs.append(asked.rough(masks[query], label, sure))
    return areas_of(roughs, asked.picture, asked.effort)


def panoptic_areas(asked: Queries) -> list[Area]:
    """Each thing and each stuff; none overlap, and what no query is sure of is no area.

    ``least`` counts for the class.

    Raises:
        SumError: All of them are too large together.
    """
    masks, shares = asked.masks, softmax(asked.classes)
    numbers, scores = shares.argmax(axis=1), shares.max(axis=1)
    kept = np.flatnonzero((numbers != shares.shape[1] - 1) & (scores > asked.least))
    if not len(kept):
        return []
    plain = sigmoid(masks[kept])
    weighed = plain * scores[kept, None, None]
    order = np.sort(weighed, axis=0)
    first, second = order[-1], order[-2] if len(kept) > 1 else np.full_like(order[-1], -1)
    winner = weighed.argmax(axis=0)
    roughs = []
    for place, query in enumerate(kept.tolist()):
        label = asked.label(int(numbers[query]))
        is_won, is_half = winner == place, plain[place] >= _HALF
        all_of_it = int(is_half.sum())
        is_left = all_of_it and is_won.sum() / all_of_it > _LEAST_LEFT
        if is_nothing(label) or not is_left or not (is_won & is_half).any():
            continue
        ahead = weighed[place] - np.where(is_won, second, first)
        margin = np.minimum(ahead, plain[place] - np.float32(_HALF))
        roughs.append(asked.rough(margin, label, float(scores[query])))
    return areas_of(roughs, asked.picture, asked.effort)


def semantic_areas(asked: Queries) -> list[Area]:
    """One area a class: what all queries that are for it say together.

    ``least`` counts for a class somewhere; what is below half of it is not looked at.

    Raises:
        SumError: All of them are too large together.
    """
    scores = softmax(asked.classes)[:, :-1]
    plain = sigmoid(asked.masks)
    summed = (scores.T @ plain.reshape(len(plain), -1)).reshape(-1, *plain.shape[1:])
    sure = summed.max(axis=(1, 2))
    named = {number: asked.label(number) for number in range(len(summed))}
    unsure = dict.fromkeys(np.flatnonzero(sure < asked.least).tolist(), "void")
    named |= unsure
    # their sums are shares already, not logits: confidence is asked for above
    return areas_of_classes(summed, asked.per_px_yx, asked.picture, named, 0.0, asked.effort)
