"""What was found, joined: all of it, or all that has one label."""

import numpy as np

from segui.finders.base import Area, segments_of
from segui.geometry import Box
from segui.segments.cutting import CropOptions, merge_segments
from segui.segments.segment import Segment, Segments


def joined(segments: Segments, cut: CropOptions, *, by_label: bool) -> Segments:
    """Segments put together to one, or to one a label.

    Args:
        segments: What was found; where two overlap, the more opaque one counts.
        cut: How the new ones are cut out.
        by_label: Whether there is one a label.

    Returns:
        New segments, each with the least confidence of its parts and, where there is one label
        alone, that; what was left out before still is.
    """
    groups: dict[str, list[Segment]] = {}
    for item in segments.items:
        groups.setdefault(item.label if by_label else "", []).append(item)
    parts = [  # one by one: each may be as large as the picture
        segments_of([union_of(items, segments.size)], segments.size, cut)
        for items in groups.values()
    ]
    made = merge_segments(parts, segments.size)
    return Segments(made.size, made.items, (*segments.left_out, *made.left_out))


def union_of(items: list[Segment], size_hw: tuple[int, int]) -> Area:
    """All that some segments have, as one area; its label is ``found`` where they have several.

    Args:
        items: The segments, at least one.
        size_hw: The picture's height and width.
    """
    box = items[0].content
    for item in items[1:]:
        box = box.hull(item.content)
    box = box.clip(size_hw)
    levels = np.zeros(box.size_hw, np.uint8)
    for item in items:
        inside = item.content.intersect(box)
        mask = item.read_mask(inside)
        flat = mask if mask.ndim == 2 else mask.max(axis=0)
        part = levels[inside.relative_to(box).slices]
        np.maximum(part, np.rint(flat * 255).astype(np.uint8), out=part)
    labels = {item.label for item in items}
    label = items[0].label if len(labels) == 1 else "found"
    found = items[0].found if len(items) == 1 else None
    return Area(Box(*box), levels, label, min(item.confidence for item in items), found)
