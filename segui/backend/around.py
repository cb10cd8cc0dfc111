"""A photo as what lies around segments is made from it: they count for next to nothing."""

from typing import Final

import torch
from torch import Tensor

from segui.backend.coverage import coverage
from segui.backend.workers import Stop, never
from segui.segments.segment import Segments

# inside segments, where nothing else is near, an effect still has colours to be made of
LEAST_WEIGHT: Final = 1


def weighed_around(photo: Tensor, kept: Segments, *, stop: Stop = never) -> Tensor:
    """The photo with opacities that an effect weighs its colours by: kept segments have hardly any.

    A blur of the background has no halo of what stands before it then: the colours of the kept
    do not run into it.

    Args:
        photo: (B, H, W, 3 or 4) uint8.
        kept: What the effect does not change.
        stop: Called before each segment; what it raises ends the work, and is raised.

    Returns:
        (B, H, W, 4) uint8, a new tensor.
    """
    covered = coverage(
        kept, (photo.shape[1], photo.shape[2]), 0, 255, device=photo.device, stop=stop
    )
    weights = 255 - (255 - LEAST_WEIGHT) * covered[None, ..., None]
    if photo.shape[3] == 4:
        weights = weights * (photo[..., 3:].float() / 255)
    return torch.cat(
        (photo[..., :3], weights.round().to(torch.uint8).expand(len(photo), -1, -1, -1)), dim=3
    )
