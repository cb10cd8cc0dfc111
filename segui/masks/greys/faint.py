"""What is faint in a soft mask and no part of it: what lossy steps and video make of black."""

from dataclasses import replace

import cv2
import numpy as np

from segui.masks.greys.floor import dark_ground_of, floor_of, without_floor
from segui.masks.greys.numbers import have_ground, present_values
from segui.masks.greys.photographed import photographed_range_of
from segui.masks.greys.ranges import on_range
from segui.masks.greys.video import BLACK, WHITE, has_video_range
from segui.masks.notes import AS_LABELS, AS_SOFT, Note
from segui.masks.reading import SURELY_LABELS, Reading


def without_faint(reading: Reading, *, is_lossy: bool = False) -> Reading:
    """A soft mask without the faint floor under it, and what was cut; the same where none is.

    Args:
        reading: A soft mask.
        is_lossy: Whether its format rings at edges.
    """
    if reading.soft is None:
        return reading
    reading = _on_full_range(reading, reading.soft, is_lossy=is_lossy)
    if reading.soft is None or not (floor := floor_of(reading.soft, is_lossy=is_lossy)):
        return reading
    said = f"what is faint, up to {floor} of 255, is no soft edge and was cut"
    soft = without_floor(reading.soft, floor)
    faint = np.asarray(cv2.threshold(reading.soft, floor, 0, cv2.THRESH_TOZERO_INV)[1], np.uint8)
    may_be_numbers = not is_lossy and (
        have_ground(faint, present_values(faint)[1:]) or _are_few_with_ground(reading.soft)
    )
    offers = (AS_SOFT, AS_LABELS) if may_be_numbers else (AS_SOFT,)
    return replace(reading, soft=soft, notes=(*reading.notes, Note(said, *offers)))


def _on_full_range(reading: Reading, levels: np.ndarray, *, is_lossy: bool) -> Reading:
    """The same mask with black and white for what they became."""
    if has_video_range(levels):
        low, high = BLACK, WHITE
        said = f"its black is {BLACK} and its white {WHITE}, as in video: both were made full"
    elif ground := dark_ground_of(levels, is_lossy=is_lossy):
        low, high = ground, 255
        said = f"all around is {ground} of 255, which is taken for nothing"
    elif (found := photographed_range_of(levels)) is not None:
        low, high = found
        said = (
            f"nothing in it is black: what is up to {low} of 255 is taken for nothing, and from "
            f"{high} on for full, as where a mask was photographed"
        )
    else:
        return reading
    notes = (*reading.notes, Note(said, AS_SOFT))
    return replace(reading, soft=on_range(levels, low, high), notes=notes)


def _are_few_with_ground(levels: np.ndarray) -> bool:
    """Whether below white there are some values alone, which cover ground of their own."""
    present = present_values(levels)
    numbers = present[(present > 0) & (present < 255)]
    return 2 <= numbers.size <= SURELY_LABELS and have_ground(levels, numbers)
