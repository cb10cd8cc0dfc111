"""The chosen segments as one map, whose values are their numbers."""

import numpy as np
from numpy.typing import NDArray

from segui.segments.segment import HARD_LEVEL, scale_segments
from segui.selection import Selection

_MOST_OF_8_BITS = 255


def label_map(selection: Selection, size_hw: tuple[int, int]) -> NDArray[np.uint8 | np.uint16]:
    """The numbers of the chosen segments, as the list has them.

    Args:
        selection: What was chosen.
        size_hw: The photo's height and width.

    Returns:
        (H, W), 0 where nothing is chosen; uint8 where all numbers fit that, else uint16. A soft
        mask counts from 0.5 on, and where segments lie over each other the later number stands.
    """
    items = scale_segments(selection.segments, size_hw).items
    kind = np.uint8 if len(items) <= _MOST_OF_8_BITS else np.uint16
    numbers = np.zeros(size_hw, kind)
    for number, (item, side) in enumerate(zip(items, selection.sides, strict=True), 1):
        box = item.content.clip(size_hw)
        if side != "filtered" or box.is_empty:
            continue
        mask = item.read_mask(box)
        marked = (mask if mask.ndim == 2 else mask.max(axis=0)) >= HARD_LEVEL
        numbers[box.slices][marked] = number
    return numbers
