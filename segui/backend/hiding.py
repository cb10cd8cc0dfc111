"""Hiding what a photo shows: blocks so large, beside what they cover, that nothing is left of it.

One block size for the whole photo would leave a large face readable, or make a small one a single
block. Here each segment is six blocks long, whatever its size.
"""

import math
from typing import NamedTuple

from torch import Tensor

from segui.backend.effect_table import HIDE, PIXELATE, strength_of
from segui.backend.effects import apply_effect
from segui.backend.paste_checks import feather_px
from segui.backend.workers import Stop, never
from segui.geometry import Box
from segui.options import PxOrShare, length_px, percent_of
from segui.segments.segment import Segments, scale_segments


class Patch(NamedTuple):
    """A part of a photo to be pixelated.

    Args:
        box: Which pixels.
        x: Where a block begins, px; the others follow to both sides.
        y: The same, from the top.
        block_px: A block's side.
    """

    box: Box
    x: int
    y: int
    block_px: int


def patches_of_segments(
    segments: Segments,
    size_hw: tuple[int, int],
    *,
    feather: PxOrShare = 0,
    strength: PxOrShare | None = None,
) -> tuple[Patch, ...]:
    """What to pixelate so that the segments are hidden, the finest blocks first.

    Args:
        segments: What to hide; scaled to the size where theirs is another.
        size_hw: Height and width of the photo.
        feather: How far a paste reaches beyond the segments, px, or a share of each.
        strength: A block's side in whole px, 1..10000, or a share of each segment, rounded up;
            None: a sixth of the longer side of the segment's bounding box, rounded up, at least 4.

    Raises:
        InputError: The strength is something else.
    """
    if percent_of(strength) is None:
        block_of(HIDE, strength, 1, 1)  # a wrong one is said though there is nothing to hide
    patches = []
    for segment in scale_segments(segments, size_hw).items:
        bbox = segment.bbox
        cover = bbox if segment.content.is_empty else bbox.hull(segment.content)
        box = cover.widen(feather_px(feather, segment)).clip(size_hw)
        if not box.is_empty:
            block_px = block_of(HIDE, strength, segment.side_px, max(bbox.size_hw))
            patches.append(Patch(box, bbox.x1, bbox.y1, block_px))
    return tuple(sorted(patches, key=lambda patch: patch.block_px))


def block_of(effect: str, strength: PxOrShare | None, side_px: float, longer_px: int) -> int:
    """A block's side, px.

    Args:
        effect: ``hide`` or ``pixelate``.
        strength: A whole number of px, or a share, rounded up; None is the effect's default.
        side_px: What a share is of.
        longer_px: The longer side of what it is made for, which the default is of.

    >>> block_of("hide", "10%", 95.0, 200), block_of("hide", None, 95.0, 200)
    (10, 34)
    """
    if isinstance(strength, str) and percent_of(strength) is not None:
        return max(1, math.ceil(length_px(strength, side_px)))
    return int(strength_of(effect, strength, longer_px))  # type: ignore[arg-type]


def patch_of_photo(size_hw: tuple[int, int], *, strength: PxOrShare | None = None) -> Patch:
    """All of a photo, to be pixelated from its upper left.

    It is hidden as a segment of its size would be: a face in it may be as large.

    Args:
        size_hw: Height and width of the photo.
        strength: A block's side in whole px, 1..10000, or a share of the side of a square as
            large as the photo; None: a sixth of the longer side, rounded up, at least 4.

    Raises:
        InputError: The strength is something else.
    """
    block_px = block_of(HIDE, strength, math.sqrt(math.prod(size_hw)), max(size_hw))
    return Patch(Box.of_size(size_hw), 0, 0, block_px)


def block_for_segments(segments: Segments, size_hw: tuple[int, int]) -> int:
    """A block's side so large that nothing in any of the segments is readable, px.

    Where blocks are the same all over a photo, the largest segment says how large: the others are
    left with fewer of them.

    Args:
        segments: What is pixelated; scaled to the size where theirs is another.
        size_hw: Height and width of the photo, whose own blocks are the least.
    """
    own = strength_of(PIXELATE, None, max(size_hw))
    boxes = [item.bbox for item in scale_segments(segments, size_hw).items]
    return int(max([own, *(strength_of(HIDE, None, max(box.size_hw)) for box in boxes)]))


def pixelate_patches(image: Tensor, patches: tuple[Patch, ...], *, stop: Stop = never) -> Tensor:
    """The image with its patches pixelated, one over the other; alpha stays as it is.

    Args:
        image: (B, H, W, 3 or 4), uint8 or float32 in [0, 1].
        patches: In the order in which they are laid. Each block is the mean of the image's own
            pixels, of those outside of the patch too.
        stop: Called before each patch; what it raises ends the work, and is raised.

    Returns:
        A new tensor of the same shape, dtype and device.
    """
    result = image.detach().clone()
    for patch in patches:
        stop()
        for part in _parts(patch, (image.shape[1], image.shape[2])):
            inner = part.intersect(patch.box)
            blocks = apply_effect(image[_all_of(part)], "pixelate", strength=patch.block_px)
            result[_all_of(inner)] = blocks[_all_of(inner.relative_to(part))]
    return result


def _parts(patch: Patch, size_hw: tuple[int, int]) -> list[Box]:
    """The whole blocks that a patch meets, cut so that in each part they begin at its corner.

    That is one part, but where the upper or left border of the image cuts the first blocks.
    """
    columns = _spans((patch.box.x1, patch.box.x2), patch.x, patch.block_px, size_hw[1])
    rows = _spans((patch.box.y1, patch.box.y2), patch.y, patch.block_px, size_hw[0])
    return [Box(x1, y1, x2, y2) for y1, y2 in rows for x1, x2 in columns]


def _spans(ends: tuple[int, int], anchor: int, block_px: int, limit: int) -> list[tuple[int, int]]:
    """One axis of the parts: first pixel and the one after the last."""
    start = anchor + (ends[0] - anchor) // block_px * block_px
    end = min(limit, anchor - (anchor - ends[1]) // block_px * block_px)
    if start >= 0:
        return [(start, end)]
    spans = [(0, min(start + block_px, end)), (start + block_px, end)]
    return [(first, last) for first, last in spans if first < last]


def _all_of(box: Box) -> tuple[slice, slice, slice]:
    """A box in every frame."""
    return (slice(None), *box.slices)
