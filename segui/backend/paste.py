"""Segments pasted onto an image, in order, each with its feathered edge."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from segui.backend.opacity import Placement, place
from segui.backend.options import check_options
from segui.backend.workers import for_each
from segui.errors import InputError
from segui.geometry import Box
from segui.segments import Segments, scale_segments
from segui.tensors import check_image, check_same_size

PATCH_VALUES = 2**26  # float32 values of one patch: how much of a uint8 image is widened at once


def paste(
    image: Tensor,
    segments: Segments,
    feather: int = 5,
    alpha: int = 255,
    reference: Tensor | None = None,
    edge: str = "smooth",
) -> Tensor:
    """Paste segments onto an image.

    Args:
        image: The base, (B, H, W, 3 or 4), uint8 or float32 in [0, 1]. RGBA keeps its alpha.
        segments: What to paste, in order; scaled to the base where their size is another.
        feather: Softness of the edge, px, 0..500. ``smooth``: opacity is full this far inside
            a hard outline and 0 this far outside.
        alpha: Opacity, 0..255.
        reference: Where the pixels come from, (1 or at least B, H, W, 3 or 4); its alpha
            multiplies the mask. None takes each segment's own image, and pastes nothing for
            a segment without one.
        edge: ``smooth``, or ``impact`` for the reference node's numbers.

    Returns:
        A new tensor like ``image``. float32 is not clamped; uint8 is rounded to nearest once.
        Where the feathered mask is 0 every bit is the base's.

    Raises:
        InputError: An argument is not as described; sizes are given as width x height.
    """
    check_options(feather, alpha, edge)
    check_image("the image", image)
    if reference is not None:
        _check_reference(reference, image)
    scaled = scale_segments(segments, _size_hw(image))
    if reference is None:
        _check_own_frames(scaled, len(image))
    placements = [
        placement
        for segment in scaled.items
        if (reference is not None or segment.image is not None)
        and (placement := place(segment, feather, edge, _size_hw(image), reference is not None))
    ]
    result = _copy(image)
    if alpha == 0:
        return result

    def paste_group(group: Sequence[Placement]) -> None:
        _paste_group(result, group, reference, alpha)

    groups = overlapping(placements)
    if result.device.type == "cpu":
        for_each(paste_group, groups)
    else:
        for group in groups:
            paste_group(group)
    return result


def overlapping(placements: Sequence[Placement]) -> list[list[Placement]]:
    """Placements in groups that share pixels, each group in order; groups share none."""
    boxes = np.array([placement.target for placement in placements]).reshape(-1, 4)
    group_of = list(range(len(placements)))

    def root(index: int) -> int:
        while group_of[index] != index:
            group_of[index] = group_of[group_of[index]]
            index = group_of[index]
        return index

    for index, (x1, y1, x2, y2) in enumerate(boxes):
        others = boxes[:index]
        meets = (others[:, 0] < x2) & (others[:, 2] > x1) & (others[:, 1] < y2)
        for other in np.flatnonzero(meets & (others[:, 3] > y1)).tolist():
            group_of[root(other)] = root(index)
    groups: dict[int, list[Placement]] = {}
    for index, placement in enumerate(placements):
        groups.setdefault(root(index), []).append(placement)
    return list(groups.values())


@dataclass(frozen=True, eq=False)
class Canvas:
    """Pixels being pasted onto, float32.

    Args:
        pixels: (frames, h, w, C), changed in place: it belongs to the paste that made it.
        box: What it shows of the image.
        frames: Which of the image's frames.
        total: The image's frame count.
        full: The value of full brightness, 1 or 255.
    """

    pixels: Tensor
    box: Box
    frames: range
    total: int
    full: float

    @property
    def keeps_bits(self) -> bool:
        """Whether a mix at opacity 0 may differ from the base: it makes -0 to 0, and takes NaN."""
        return self.full == 1.0


def _paste_group(
    result: Tensor, group: Sequence[Placement], reference: Tensor | None, alpha: int
) -> None:
    """Paste segments that share pixels, in order, changing no pixel but theirs."""
    total = len(result)
    if result.dtype == torch.float32:
        canvas = Canvas(result, Box.of_size(_size_hw(result)), range(total), total, 1.0)
        for placement in group:
            _blend(canvas, placement, reference, alpha)
        return
    box = group[0].target
    for placement in group[1:]:
        box = box.hull(placement.target)
    step = max(1, PATCH_VALUES // (box.width * box.height * result.shape[3]))
    for start in range(0, total, step):
        frames = range(start, min(start + step, total))
        part = result[(slice(start, frames.stop), *box.slices)]
        canvas = Canvas(part.float(), box, frames, total, 255.0)
        for placement in group:
            _blend(canvas, placement, reference, alpha)
        # rounded once, after all of them: many faint segments on each other are not lost
        rounded = canvas.pixels.round_().clamp_(0, 255)
        for placement in group:
            place = (slice(None), *placement.target.relative_to(box).slices)
            part[place] = rounded[place].to(torch.uint8)


def _blend(canvas: Canvas, placement: Placement, reference: Tensor | None, alpha: int) -> None:
    """Blend one segment into the canvas: out = (1 - m) base + m source."""
    y, x = placement.target.relative_to(canvas.box).slices
    device = canvas.pixels.device
    opacities = placement.opacities(canvas.frames, canvas.total, device)
    for pixels, frame, opacity in zip(canvas.pixels, canvas.frames, opacities, strict=True):
        source = _source(placement, frame, reference, canvas)
        mask = opacity if alpha == 255 else opacity * (alpha / 255)
        if source.shape[2] == 4:
            mask = mask * (source[..., 3] / canvas.full)
        weights = _for_each_channel(mask)
        under = pixels[y, x, :3]
        mixed = torch.lerp(under, source[..., :3], weights)
        if canvas.keeps_bits:
            mixed = torch.where(weights > 0, mixed, under)
        under.copy_(mixed)


def _for_each_channel(mask: Tensor) -> Tensor:
    """(h, w) as (h, w, 3), each value thrice: a mix of whole rows is several times faster."""
    if mask.device.type == "cpu":
        plane = mask.numpy()
        return torch.from_numpy(cv2.merge((plane, plane, plane)))
    return mask[..., None].expand(-1, -1, 3)


def _source(placement: Placement, frame: int, reference: Tensor | None, canvas: Canvas) -> Tensor:
    """The pixels to paste in ``target``: float32, (h, w, C), of the canvas's scale."""
    if reference is None:
        pixels = placement.segment.image
        box = placement.target.relative_to(placement.segment.crop_region)
    else:
        pixels, box = reference, placement.target
    if pixels is None:
        raise InputError("a segment without its own image was pasted without a reference")
    source = pixels[frame if len(pixels) > 1 else 0][box.slices].to(canvas.pixels.device)
    was_full = 255.0 if source.dtype == torch.uint8 else 1.0
    widened = source.float()
    return widened if was_full == canvas.full else widened * (canvas.full / was_full)


def _copy(image: Tensor) -> Tensor:
    """A copy; on a CPU by NumPy, which takes its memory in larger pages than torch does."""
    if image.device.type == "cpu":
        return torch.from_numpy(image.detach().numpy().copy())
    return image.detach().clone()


def _size_hw(image: Tensor) -> tuple[int, int]:
    return image.shape[1], image.shape[2]


def _check_reference(reference: Tensor, image: Tensor) -> None:
    check_image("the reference", reference)
    check_same_size(reference, image)
    _check_frames("the reference", len(reference), len(image))


def _check_own_frames(segments: Segments, frames: int) -> None:
    for number, segment in enumerate(segments.items, 1):
        if segment.image is not None:
            _check_frames(f"the image of segment {number}", len(segment.image), frames)


def _check_frames(name: str, count: int, frames: int) -> None:
    if count != 1 and count < frames:
        raise InputError(
            f"{name} has {count} frames, the image {frames}: expected 1, or at least {frames}"
        )
