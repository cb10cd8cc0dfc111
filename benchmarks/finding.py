"""Segments from a mask against one connected-components pass over the same mask."""

import cv2

from benchmarks.report import Row
from benchmarks.scene import ELLIPSE_WH, as_mask, ellipses
from benchmarks.timing import medians
from segui import segments_from_mask


def rows() -> list[Row]:
    """Time for 16, 400 and 10,000 segments."""
    few = ellipses(4, 4, *ELLIPSE_WH)
    some = ellipses(20, 20, 120, 70)
    many = ellipses(100, 100, 24, 16)
    masks = {
        name: as_mask(levels) for name, levels in (("16", few), ("400", some), ("10,000", many))
    }
    times = medians(
        {
            "pass 16": lambda: cv2.connectedComponentsWithStats(few, connectivity=8),
            "pass 400": lambda: cv2.connectedComponentsWithStats(some, connectivity=8),
            "16": lambda: _count(masks["16"], 16),
            "400": lambda: _count(masks["400"], 400),
            "10,000": lambda: _count(masks["10,000"], 10_000),
            "400 read": lambda: [item.mask for item in _count(masks["400"], 400)],
        }
    )
    passes = "connected components"
    return [
        Row(f"segments, 16 in 4K / {passes}", times["16"], times["pass 16"], "ms", 2),
        Row(f"segments, 400 in 4K / {passes}", times["400"], times["pass 400"], "ms", 2),
        Row("segments, 10,000 / 400 in 4K", times["10,000"], times["400"], "ms", 10),
        Row(
            f"400 in 4K and every mask read / {passes}",
            times["400 read"],
            times["pass 400"],
            "ms",
            None,
        ),
    ]


def _count(mask, expected):  # type: ignore[no-untyped-def]
    items = segments_from_mask(mask, crop_factor=1.5).items
    if len(items) != expected:
        raise ValueError(f"{len(items)} segments were found, {expected} drawn")
    return items
