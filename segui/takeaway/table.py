"""The segments as a table for a spreadsheet."""

import csv
import io
import math
from typing import Final

from segui.classifiers.base import Scores
from segui.selection import Selection

_TABLE_HEAD: Final = (
    "number", "label", "side", "by_hand", "x1", "y1", "x2", "y2", "area", "confidence",
)  # fmt: skip
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def scores_csv(selection: Selection) -> str:
    """The segments as a table for a spreadsheet, RFC 4180.

    Text that a spreadsheet would take for a formula begins with an apostrophe: labels come from
    files and models.

    Args:
        selection: What was chosen.

    Returns:
        A row a segment: ``number`` from 1, ``label``, ``side``, ``by_hand``, ``x1``, ``y1``,
        ``x2``, ``y2`` px, ``area`` px, ``confidence``, a column ``score LABEL`` for every label
        of the classifier, empty where it was not given and ``unknown`` where it is no number, and
        ``reason``.
    """
    labels = selection.labels
    buffer = io.StringIO(newline="")
    table = csv.writer(buffer)
    table.writerow([*_TABLE_HEAD, *(_cell(f"score {label}") for label in labels), "reason"])
    rows = zip(
        selection.segments.items,
        selection.sides,
        selection.by_hand,
        selection.scores,
        selection.reasons,
        strict=True,
    )
    for number, (item, side, by_hand, scores, reason) in enumerate(rows, 1):
        table.writerow(
            [
                number,
                _cell(item.label),
                side,
                "yes" if by_hand else "no",
                *item.bbox,
                item.area,
                item.confidence,
                *(_score(scores, label) for label in labels),
                _cell(reason),
            ]
        )
    return buffer.getvalue()


def _score(scores: Scores, label: str) -> float | str:
    if label not in scores:
        return ""
    return round(scores[label], 6) if math.isfinite(scores[label]) else "unknown"


def _cell(text: str) -> str:
    """Text that stays text in a spreadsheet, and can be written as UTF-8."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return f"'{whole}" if whole.startswith(_FORMULA_STARTS) else whole
