"""Masks as COCO's compressed runs, with what else COCO says of each area."""

from typing import Any, Final

import numpy as np

from segui.segments.segment import Segment
from segui.takeaway.rings import marked_of

_DIGIT_BITS: Final = 5
_MORE: Final = 0x20
_FIRST_SIGN: Final = 48  # "0"


def said_of(item: Segment, size_hw: tuple[int, int]) -> dict[str, Any]:
    """A segment's own values."""
    return {
        "bbox": [item.bbox.x1, item.bbox.y1, item.bbox.width, item.bbox.height],
        "area": item.area,
        "score": item.confidence,
        "iscrowd": 1,  # its mask is runs, as COCO has them of crowds alone
        "segmentation": segmentation_of(item, size_hw),
    }


def segmentation_of(segment: Segment, size_hw: tuple[int, int]) -> dict[str, Any]:
    """A segment's mask as COCO's compressed runs; a soft one from 0.5 on.

    Args:
        segment: The segment, in an image of that size.
        size_hw: The image's height and width.

    Returns:
        ``size``, height and width, and ``counts``, a text.
    """
    return {"size": [*size_hw], "counts": _text_of(_runs(segment, size_hw))}


def _runs(segment: Segment, size_hw: tuple[int, int]) -> list[int]:
    """How many pixels are not marked, are, are not ..., down the columns, from the left."""
    height, width = size_hw
    (x, y), marked = marked_of(segment, size_hw)
    framed = np.pad(marked.T, ((0, 0), (1, 1))).astype(np.int8)  # a row a column, ends unmarked
    columns, rows = np.nonzero(np.diff(framed, axis=1))
    edges = (columns + x).astype(np.int64) * height + rows + y
    # a run that reaches a column's end goes on in the next: what ends where one begins is no edge
    places, counts = np.unique(edges, return_counts=True)
    ends = places[counts % 2 == 1]
    runs: list[int] = np.diff(np.concatenate([[0], ends, [height * width]])).tolist()
    return runs[:-1] if len(runs) > 1 and runs[-1] == 0 else runs


def _text_of(runs: list[int]) -> str:
    """Runs as COCO's text: each less the one before the last, in digits of five bits."""
    signs = []
    for place, run in enumerate(runs):
        left, is_more = run - runs[place - 2] if place > 2 else run, True
        while is_more:
            digit = left & (_MORE - 1)
            left >>= _DIGIT_BITS
            is_more = left != (-1 if digit & (_MORE >> 1) else 0)
            signs.append(chr(_FIRST_SIGN + digit + _MORE * is_more))
    return "".join(signs)
