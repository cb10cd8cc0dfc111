"""How much of each pixel a paste replaces, all segments together."""

import torch
from torch import Tensor

from segui.backend.opacity import Placement, place
from segui.backend.options import ALPHA, EDGE, FEATHER_PX, check_options
from segui.backend.workers import Stop, never
from segui.segments.segment import Segments, scale_segments


def coverage(
    segments: Segments,
    size_hw: tuple[int, int],
    feather: int = FEATHER_PX,
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
        feather: Softness of the edge, px, 0..500.
        alpha: Opacity, 0..255.
        edge: ``smooth``, ``outward`` or ``impact``.
        device: Where to compute; None is the CPU.
        stop: Called before each segment; what it raises ends the work, and is raised.

    Returns:
        (H, W) float32 in [0, 1].

    Raises:
        InputError: An option is out of its range.
    """
    check_options(feather, alpha, edge)
    where = device or torch.device("cpu")
    covered = torch.zeros(size_hw, dtype=torch.float32, device=where)
    for segment in scale_segments(segments, size_hw).items:
        stop()
        placement = place(segment, feather, edge, size_hw, beyond=True)
        if placement is not None:
            _cover(covered, placement, alpha / 255)
    return covered.clamp_(0, 1)


def _cover(covered: Tensor, placement: Placement, opacity: float) -> None:
    """Add one segment to what the caller has begun."""
    under = covered[placement.target.slices]
    for mask in placement.opacities(range(1), 1, covered.device):
        under += (1 - under) * mask * opacity
