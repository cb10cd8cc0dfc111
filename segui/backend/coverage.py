"""How much of each pixel a paste replaces, all segments together."""

from collections.abc import Iterator, Sequence
from typing import Final

import torch
from torch import Tensor

from segui.backend.opacity import Placement, place
from segui.backend.paste_checks import ALPHA, EDGE, FEATHER_PX, check_options, feather_px
from segui.backend.spans import spans
from segui.backend.workers import Stop, for_each, never
from segui.geometry import Box
from segui.options import PxOrShare
from segui.segments.segment import Segments, scale_segments

_MOST_VALUES: Final = 2**23  # of opacities that are held at once
_BAND_PX: Final = 64  # rows that a thread covers at once


def coverage(
    segments: Segments,
    size_hw: tuple[int, int],
    feather: PxOrShare = FEATHER_PX,
    alpha: int = ALPHA,
    edge: str = EDGE,
    device: torch.device | None = None,
    *,
    stop: Stop = never,
) -> Tensor:
    """The union of feathered masks: 1 - (1 - m1)(1 - m2)..., what a paste in order replaces.

    Args:
        segments: Whose masks; scaled to the size where theirs is another.
        size_hw: Height and width of the image.
        feather: Softness of the edge, px, 0..500, or a share of each segment as of ``paste``.
        alpha: Opacity, 0..255.
        edge: ``smooth``, ``outward`` or ``impact``.
        device: Where to compute; None is the CPU.
        stop: Called again and again; what it raises ends the work, and is raised.

    Returns:
        (H, W) float32 in [0, 1].

    Raises:
        InputError: An option is out of its range.
    """
    check_options(feather, alpha, edge)
    where = device or torch.device("cpu")
    covered = torch.zeros(size_hw, dtype=torch.float32, device=where)
    scaled = scale_segments(segments, size_hw).items
    found = (
        place(segment, feather_px(feather, segment), edge, size_hw, beyond=True)
        for segment in scaled
    )
    placements = [placement for placement in found if placement is not None]
    for several in _together(placements, where):
        boxes = [placement.target for placement in several]
        _cover_all(covered, boxes, _opacities(several, where, stop), alpha / 255)
    return covered.clamp_(0, 1)


def _together(
    placements: Sequence[Placement], device: torch.device
) -> Iterator[Sequence[Placement]]:
    """The segments in their order, as many at once as their opacities have room for."""
    most = _MOST_VALUES if device.type == "cpu" else 0
    several: list[Placement] = []
    values = 0
    for placement in placements:
        size = placement.target.width * placement.target.height
        if several and values + size > most:
            yield several
            several, values = [], 0
        several.append(placement)
        values += size
    if several:
        yield several


def _opacities(
    placements: Sequence[Placement], device: torch.device, stop: Stop
) -> list[list[Tensor]]:
    """The opacities of segments, side by side on a CPU: they depend on nothing but themselves."""
    made: list[list[Tensor]] = [[] for _ in placements]

    def make(number: int) -> None:
        stop()
        made[number] += placements[number].opacities(range(1), 1, device)

    if device.type == "cpu":
        cost = sum(each.target.width * each.target.height for each in placements)
        for_each(make, range(len(placements)), cost=cost, stop=stop)
        return made
    for number in range(len(placements)):
        make(number)
    return made


def _cover_all(
    covered: Tensor, boxes: Sequence[Box], opacities: Sequence[Sequence[Tensor]], opacity: float
) -> None:
    """Add segments to what the caller has begun; on a CPU bands of rows side by side."""

    def cover(band: range) -> None:
        for box, masks in zip(boxes, opacities, strict=True):
            top, bottom = max(box.y1, band.start), min(box.y2, band.stop)
            if top < bottom:
                under = covered[top:bottom, box.x1 : box.x2]
                for mask in masks:
                    _cover(under, mask[top - box.y1 : bottom - box.y1], opacity)

    height = len(covered)
    if covered.device.type != "cpu":
        cover(range(height))
        return
    cost = sum(box.width * box.height for box in boxes)
    for_each(cover, [range(y, y + _BAND_PX) for y in range(0, height, _BAND_PX)], cost=cost)


def _cover(under: Tensor, mask: Tensor, opacity: float) -> None:
    """Add one segment, where there is anything of it."""
    for span in spans(mask):
        part = under[span.place]
        if span.is_opaque and opacity == 1:
            part.fill_(1)
            continue
        added = (1 - part).mul_(mask[span.place])
        part += added if opacity == 1 else added.mul_(opacity)
