"""What a classifier is shown of each segment, cut out when it is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from segui.classifiers.base import Crop
from segui.errors import InputError
from segui.geometry import Box
from segui.segments import Segment, Segments, scale_segments

Pixels = NDArray[np.uint8]


def has_pixels(segment: Segment, reference: Tensor | None) -> bool:
    """Whether there is anything to show of a segment.

    Args:
        segment: The segment, in the reference's own scale.
        reference: (B, H, W, C), or None.
    """
    if segment.image is not None:
        return True
    if reference is None:
        return False
    return not segment.crop_region.clip((reference.shape[1], reference.shape[2])).is_empty


@dataclass(frozen=True, eq=False)
class Crops(Sequence[Crop]):
    """Crops of segments, made one by one as they are read: hundreds would fill the memory.

    Args:
        segments: The segments to show, each with its own image or with the reference.
        reference: (B, H, W, 3 or 4), the image that segments without one of their own are
            cut from; its first frame is shown.
    """

    segments: tuple[Segment, ...]
    reference: Tensor | None

    @classmethod
    def of(cls, segments: Segments, reference: Tensor | None) -> tuple["Crops", list[int]]:
        """The crops of those segments that have pixels, and the places of these among all."""
        if reference is not None:
            segments = scale_segments(segments, (reference.shape[1], reference.shape[2]))
        places = [n for n, item in enumerate(segments.items) if has_pixels(item, reference)]
        return cls(tuple(segments.items[place] for place in places), reference), places

    def __len__(self) -> int:
        """How many there are."""
        return len(self.segments)

    @overload
    def __getitem__(self, index: int) -> Crop: ...

    @overload
    def __getitem__(self, index: slice) -> "Crops": ...

    def __getitem__(self, index: int | slice) -> "Crop | Crops":
        """One crop, cut now; or some of them, cut later."""
        if isinstance(index, slice):
            return Crops(self.segments[index], self.reference)
        return cut(self.segments[index], self.reference)

    def __iter__(self) -> Iterator[Crop]:
        """Each crop in turn."""
        return (cut(segment, self.reference) for segment in self.segments)


def cut(segment: Segment, reference: Tensor | None) -> Crop:
    """All of the rectangle that a classifier sees of a segment that has pixels.

    Transparent pixels are shown on white and do not count in the mask.

    Args:
        segment: The segment, in the reference's own scale.
        reference: (B, H, W, 3 or 4), uint8 or float32; not looked at where the segment has
            an image of its own.

    Raises:
        InputError: There is neither.
    """
    region, pixels = segment.crop_region, segment.image
    if pixels is None and reference is not None:
        region = region.clip((reference.shape[1], reference.shape[2]))
        pixels = reference[(slice(1), *region.slices)]
    if pixels is None:
        raise InputError("a segment without pixels was to be cut out: it needs a reference")
    levels = _levels(segment, region)
    colours = as_bytes(pixels[0])
    if colours.shape[2] == 4:
        opacity = colours[..., 3:].astype(np.float32) / 255
        shown = colours[..., :3] * opacity + 255 * (1 - opacity)
        colours = np.rint(shown).astype(np.uint8)
        levels = np.rint(levels * opacity[..., 0]).astype(np.uint8)
    return Crop(Image.fromarray(np.ascontiguousarray(colours)), Image.fromarray(levels))


def _levels(segment: Segment, region: Box) -> Pixels:
    """The mask in a region, 0..255: read where there is anything, a ninth of most crops."""
    levels = np.zeros(region.size_hw, np.uint8)
    content = segment.content.intersect(region)
    if not content.is_empty:
        mask = segment.read_mask(content)
        whole = mask if mask.ndim == 2 else mask.max(axis=0)
        levels[content.relative_to(region).slices] = np.rint(whole * 255)
    return levels


def as_bytes(pixels: Tensor) -> Pixels:
    """An (h, w, C) image as uint8 in NumPy; float32 is clamped to [0, 1] and rounded."""
    plain = pixels.detach().cpu()
    if plain.dtype == torch.uint8:
        return plain.numpy()
    return plain.clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
