"""The chosen segments as files of annotations have them: numbered, with what was said of each."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from segui.segments.segment import Segment
from segui.selection import Selection, Side

_ALL: Final[frozenset[Side]] = frozenset({"filtered", "remained", "review"})
_CHOSEN: Final[frozenset[Side]] = frozenset({"filtered"})


@dataclass(frozen=True, eq=False)
class Listed:
    """A segment that is written.

    Args:
        segment: The segment.
        category: Its label's number, from 1.
        attributes: ``number``, ``side``, ``reason`` and ``scores``.
    """

    segment: Segment
    category: int
    attributes: Mapping[str, Any]


def listed(selection: Selection, *, chosen_alone: bool) -> tuple[list[Listed], dict[str, int]]:
    """What is written of a selection, in its order.

    Args:
        selection: What was chosen.
        chosen_alone: Whether only those are written that were chosen.

    Returns:
        The segments, and their labels' numbers, from 1.
    """
    sides = _CHOSEN if chosen_alone else _ALL
    rows = zip(
        selection.segments.items, selection.scores, selection.sides, selection.reasons, strict=True
    )
    kept = [(number, *row) for number, row in enumerate(rows, 1) if row[2] in sides]
    labels = dict.fromkeys(item.label for _, item, *_ in kept)
    numbers = {label: number for number, label in enumerate(labels, 1)}
    return [
        Listed(
            item,
            numbers[item.label],
            {
                "number": number,
                "side": side,
                "reason": reason,
                "scores": {
                    label: round(score, 6) if math.isfinite(score) else None
                    for label, score in scores.items()
                },
            },
        )
        for number, item, scores, side, reason in kept
    ], numbers
