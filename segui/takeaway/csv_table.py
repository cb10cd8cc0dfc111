"""The segments as a table for a spreadsheet."""

import csv
import io
import math
from collections.abc import Sequence
from typing import Final

from segui.classifiers.base import Scores
from segui.options import default_of
from segui.segments.measures import segment_properties
from segui.segments.segment import Segment
from segui.selection import Selection

_TABLE_HEAD: Final = (
    "number", "label", "side", "by_hand", "x1", "y1", "x2", "y2", "area", "confidence",
    "share", "rank", "ratio", "outcome", "photo", "opacity",
)  # fmt: skip
_MEASURES: Final = ("share", "rank")
_OUTCOMES: Final = {"filtered": "chosen", "remained": "left out", "review": "undecided"}
_OPAQUE: Final = 255
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def scores_csv(
    selection: Selection,
    edits: Sequence[Selection] = (),
    photo: str = "",
    alpha: int = default_of("alpha"),
) -> str:
    """The segments as a table for a spreadsheet, RFC 4180.

    Text that a spreadsheet would take for a formula begins with an apostrophe: labels come from
    files and models.

    Args:
        selection: What was chosen.
        edits: Of several edits, what each of them has; ``selection`` is one of these.
        photo: The photo's name, which tells tables of several photos apart.
        alpha: The opacity of what is pasted, 0..255.

    Returns:
        A row a segment: ``number`` from 1, ``label``, ``side``, ``by_hand``, ``x1``, ``y1``,
        ``x2``, ``y2`` px, ``area`` px, ``confidence``, ``share`` of the photo, 0..1, ``rank`` by
        area, 1 for the largest, ``ratio`` of width to height, empty where it has none,
        ``outcome``, which is the side in the page's words: ``chosen``, ``left out`` or
        ``undecided``, ``photo``, ``opacity``, with which it is pasted, 0..1, empty where it is
        not chosen, a column ``score LABEL`` for every label
        of the classifier, empty where it was not given and ``unknown`` where it is no number, and
        ``reason``. Of several edits, the last column is ``edits``: the numbers of those that have
        the segment, from 1, with blanks between.
    """
    labels, several = selection.labels, len(edits) > 1
    buffer = io.StringIO(newline="")
    table = csv.writer(buffer)
    last = ["reason", "edits"] if several else ["reason"]
    table.writerow([*_TABLE_HEAD, *(_cell(f"score {label}") for label in labels), *last])
    rows = zip(
        selection.segments.items,
        selection.sides,
        selection.by_hand,
        selection.scores,
        selection.whole_reasons,
        segment_properties(selection.segments, _MEASURES),
        strict=True,
    )
    for number, (item, side, by_hand, scores, reason, measured) in enumerate(rows, 1):
        table.writerow(
            [
                number,
                _cell(item.label),
                side,
                "yes" if by_hand else "no",
                *item.bbox,
                item.area,
                item.confidence,
                round(float(measured["share"] or 0), 6),
                measured["rank"],
                _ratio(item),
                _OUTCOMES[side],
                _cell(photo),
                round(item.opacity * alpha / _OPAQUE, 6) if side == "filtered" else "",
                *(_score(scores, label) for label in labels),
                _cell(reason),
                *([_having(number, edits)] if several else []),
            ]
        )
    return buffer.getvalue()


def _ratio(item: Segment) -> float | str:
    height, width = item.bbox.size_hw
    return round(width / height, 6) if height else ""


def _having(number: int, edits: Sequence[Selection]) -> str:
    having = (place for place, edit in enumerate(edits, 1) if edit.sides[number - 1] == "filtered")
    return " ".join(map(str, having))


def _score(scores: Scores, label: str) -> float | str:
    if label not in scores:
        return ""
    return round(scores[label], 6) if math.isfinite(scores[label]) else "unknown"


def _cell(text: str) -> str:
    """Text that stays text in a spreadsheet, and can be written as UTF-8."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return f"'{whole}" if whole.startswith(_FORMULA_STARTS) else whole
