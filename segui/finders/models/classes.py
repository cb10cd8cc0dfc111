"""What a model says of every place of a small copy: what each is of, as areas of the picture."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from segui.finders.base import Area, Pixels
from segui.finders.models.effort import UNLIMITED, Effort
from segui.finders.models.outlines import Rough, areas_of
from segui.segments.enlarging import Floats

# what models call that which is nothing of what they know
_NOTHING: Final = frozenset(
    {"background", "void", "unlabeled", "unlabelled", "unknown", "ignore", "n/a", "no object"}
)


def is_nothing(label: str) -> bool:
    """Whether a label is for what is none of the things that a model knows.

    >>> is_nothing("__background__"), is_nothing("N/A"), is_nothing("sky")
    (True, True, False)
    """
    return label.strip(" _").lower() in _NOTHING


def areas_of_classes(
    logits: Floats,
    per_px_yx: tuple[float, float],
    picture: Pixels,
    labels: Mapping[int, str],
    least: float,
    effort: Effort = UNLIMITED,
) -> list[Area]:
    """One area for each class that wins somewhere.

    Classes that win nowhere are dropped first. Of each other one, by how much it wins is enlarged,
    alone and inside its box: two that meet have one edge, as if all of them had been enlarged.

    Args:
        logits: (classes, h, w) float32.
        per_px_yx: How many of them there are in one px, downwards and to the right.
        picture: (H, W, 3) uint8.
        labels: What each class is called; one without a name is called by its number.
        least: How sure the model has to be in the mean, 0..1.
        effort: How much may be cut out.

    Raises:
        SumError: All of them are too large together.
    """
    winner, ahead = _won(logits)
    first = logits.max(axis=0)
    # the winner's share of a softmax
    shares = 1 / np.exp(logits - first).sum(axis=0)
    roughs = []
    for number in np.unique(winner).tolist():
        label, is_won = labels.get(number, str(number)), winner == number
        sure = float(shares[is_won].mean())
        if is_nothing(label) or sure < least:
            continue
        margin = np.where(is_won, ahead, logits[number] - first)
        roughs.append(Rough(margin, per_px_yx, label, min(sure, 1.0)))
    return areas_of(roughs, picture, effort)


def _won(logits: Floats) -> tuple[np.ndarray, Floats]:
    """Which class wins at each place, and by how much."""
    winner = logits.argmax(axis=0)
    if len(logits) == 1:
        return winner, np.ones_like(logits[0])
    best = np.partition(logits, len(logits) - 2, axis=0)
    return winner, best[-1] - best[-2]
