"""Segments as they were found in their last shape and order, and what became of them in words."""

from segui.finders.base import Pixels
from segui.finders.limits import check_areas, check_grown
from segui.finders.segment_values import SegmentOptions
from segui.finders.softening import Softener, soften_segments
from segui.segments.cutting import merge_segments
from segui.segments.reshape import reshape_segments, shrunk_by
from segui.segments.segment import Segments
from segui.settings import Settings


def finished(
    found: Segments,
    options: SegmentOptions,
    limits: Settings,
    pixels: Pixels | None = None,
    softener: Softener | None = None,
) -> tuple[Segments, list[str]]:
    """The segments in their last shape and order, and what was left out; too many are refused.

    Args:
        found: As they were found.
        options: How far they grow, and the like.
        limits: The most segments.
        pixels: The photo, (H, W, 3 or 4) uint8, whose edges they follow; None is not asked for.
        softener: The model that has edges follow the photo's; None goes by the colours.

    Raises:
        InputError: There are too many.
        ClassifierError: The model cannot be had or used.
    """
    notes = _counts(found, options, limits)
    check_grown(found, options.grow, options.crop_factor, limits)
    crop_factor, drop_size = options.crop_factor, options.drop_size
    edged = found
    if pixels is not None:
        edged = soften_segments(
            found,
            pixels,
            options.refine_edges,
            softener,
            crop_factor=crop_factor,
            drop_size=drop_size,
        )
        notes += _lost(found, edged, f"moved by up to {options.refine_edges} px at their edges")
    reshaped = reshape_segments(
        edged,
        grow=options.grow,
        fill_holes=options.fill_holes,
        crop_factor=crop_factor,
        drop_size=drop_size,
    )
    notes += _lost(edged, reshaped, f"shrunk by {shrunk_by(options.grow)}")
    if reshaped is found:
        return found, notes
    return merge_segments([reshaped], found.size, options.order), notes


def _lost(before: Segments, after: Segments, when: str) -> list[str]:
    """How many became too small, in words."""
    lost = len(before.items) - len(after.items)
    if not lost:
        return []
    areas = "1 area was" if lost == 1 else f"{lost} areas were"
    return [f"{areas} too small to keep when {when}"]


def _counts(segments: Segments, options: SegmentOptions, limits: Settings) -> list[str]:
    """What was left out, in words; too many are refused."""
    check_areas(segments, options.drop_size, limits)
    small = len(segments.left_out)
    if not small:
        return []
    regions = "1 region" if small == 1 else f"{small} regions"
    verb = "was" if small == 1 else "were"
    return [f"{regions} no larger than {options.drop_size} px {verb} left out"]
