"""What models say by boxes: DETR and YOLOS with a class for "no object", others without; RF-DETR.

Source: transformers' post-processing of each, which differs in no more than how scores are read.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segui.finders.base import Area, Pixels
from segui.finders.models.boxed import Boxed, boxes_of
from segui.finders.models.classes import is_nothing
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.outlines import Rough, areas_of
from segui.segments.enlarging import Floats


def softmax(logits: NDArray[Any]) -> Floats:
    """Shares of 1 along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def sigmoid(logits: NDArray[Any]) -> Floats:
    """Each number's own share, 0..1."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def sure_of_one(logits: Floats, least: float) -> list[tuple[int, int, float]]:
    """What models say whose last class is "no object": each query is of one thing at most.

    Args:
        logits: (queries, classes + 1) float32.
        least: How sure the model has to be, 0..1.

    Returns:
        Of each that counts its query, its class and how sure the model is; the surest first.
    """
    scores = softmax(logits)[:, :-1]
    numbers, best = scores.argmax(axis=1), scores.max(axis=1)
    found = [(int(q), int(numbers[q]), float(best[q])) for q in np.flatnonzero(best > least)]
    return sorted(found, key=lambda one: -one[2])


def sure_of_each(logits: Floats, least: float) -> list[tuple[int, int, float]]:
    """What models say that judge each class by itself: as many count as there are queries.

    Args:
        logits: (queries, classes) float32.
        least: How sure the model has to be, 0..1.

    Returns:
        Of each that counts its query, its class and how sure the model is; the surest first.
    """
    scores = sigmoid(logits)
    first = np.argsort(-scores, axis=None, kind="stable")[: len(scores)]
    pairs = zip(*np.unravel_index(first, scores.shape), strict=True)
    found = [(int(query), int(number), float(scores[query, number])) for query, number in pairs]
    return [one for one in found if one[2] > least]


def named_boxes(
    found: list[tuple[int, int, float]],
    boxes: Floats,
    size_hw: tuple[int, int],
    labels: Mapping[int, str],
) -> list[Boxed]:
    """The boxes of what was found, in px; none of what is nothing, or has no px in the picture.

    Args:
        found: Of each its query, its class and how sure the model is.
        boxes: (queries, 4) float32: middle, width and height, as shares of the picture.
        size_hw: The picture's height and width.
        labels: What each class is called; one without a name is called by its number.
    """
    named = [(q, labels.get(number, str(number)), sure) for q, number, sure in found]
    named = [one for one in named if not is_nothing(one[1])]
    places = np.array([query for query, _, _ in named], int)
    placed = boxes_of(boxes[places], (float(size_hw[0]), float(size_hw[1])), size_hw)
    return [
        Boxed(box, label, sure)
        for box, (_, label, sure) in zip(placed, named, strict=True)
        if not box.is_empty
    ]


def areas_in_boxes(
    found: list[tuple[int, int, float]],
    masks: Floats,
    per_px_yx: tuple[float, float],
    picture: Pixels,
    labels: Mapping[int, str],
    effort: Effort = UNLIMITED,
) -> list[Area]:
    """The masks of what was found, as RF-DETR says them.

    Args:
        found: Of each its query, its class and how sure the model is.
        masks: (queries, h, w) float32 logits.
        per_px_yx: How many of a mask's there are in one px, downwards and to the right.
        picture: (H, W, 3) uint8.
        labels: What each class is called; one without a name is called by its number.
        effort: How much may be cut out.

    Raises:
        SumError: All of them are too large together.
    """
    roughs = []
    for query, number, sure in found:
        label = labels.get(number, str(number))
        if not is_nothing(label):
            roughs.append(Rough(masks[query], per_px_yx, label, sure))
    return areas_of(roughs, picture, effort)
