"""The background: the rest of any selection."""

from typing import Final

import numpy as np

from segui.finders.base import Area, segments_of
from segui.geometry import Box
from segui.segments.cutting import CropOptions
from segui.segments.segment import Segments

LABEL: Final = "background"


def background_of(segments: Segments, cut: CropOptions | None = None) -> Segments:
    """All of a picture but some segments.

    Args:
        segments: What is not the background; where one is soft, the background is soft too.
        cut: How it is cut out; None is as usual.

    Returns:
        One segment with the label ``background``; none where nothing is left.
    """
    levels = np.full(segments.size, 255, np.uint8)
    for item in segments.items:
        box = item.content.clip(segments.size)
        mask = item.read_mask(box)
        flat = mask if mask.ndim == 2 else mask.max(axis=0)
        part = levels[box.slices]
        np.minimum(part, np.rint((1 - flat) * 255).astype(np.uint8), out=part)
    area = Area(Box.of_size(segments.size), levels, LABEL)
    return segments_of([area], segments.size, cut or CropOptions())
