"""What a classifier is shown of each segment, cut out when it is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, overload

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from segui.classifiers.base import Crop
from segui.errors import InputError
from segui.geometry import Box
from segui.options import option_values
from segui.segments.segment import Segment, Segments, scale_segments
from segui.segments.stored import Mask

Pixels = NDArray[np.uint8]
Context = Literal["crop", "bbox", "segment"]
Shown = Context | Literal["found"]  # the last one a classifier asks for, and no user
CONTEXTS: Final = option_values("context")
WHITE: Final = 255  # behind what is transparent
GREY: Final = 127  # around a segment that is shown alone


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
        context: How much is shown around each: see ``cut``.
    """

    segments: tuple[Segment, ...]
    reference: Tensor | None
    context: Shown = "crop"

    @classmethod
    def of(
        cls, segments: Segments, reference: Tensor | None, context: Shown = "crop"
    ) -> tuple["Crops", list[int]]:
        """The crops of those segments that have pixels, and the places of these among all.

        Args:
            segments: Of any size: they are scaled to the reference.
            reference: (B, H, W, 3 or 4), or None.
            context: How much is shown around each: see ``cut``.

        Raises:
            InputError: There is no such context.
        """
        _check_context(context)
        if reference is not None:
            segments = scale_segments(segments, (reference.shape[1], reference.shape[2]))
        places = [n for n, item in enumerate(segments.items) if has_pixels(item, reference)]
        return cls(tuple(segments.items[place] for place in places), reference, context), places

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
            return Crops(self.segments[index], self.reference, self.context)
        return cut(self.segments[index], self.reference, self.context)

    def __iter__(self) -> Iterator[Crop]:
        """Each crop in turn."""
        return (cut(segment, self.reference, self.context) for segment in self.segments)


def seen(segment: Segment, reference: Tensor | None, context: Shown = "crop") -> Image.Image:
    """The very pixels that a classifier gets of a segment, mode RGB.

    Args:
        segment: As for ``cut``.
        reference: As for ``cut``.
        context: As for ``cut``.

    Raises:
        InputError: There are no pixels, or there is no such context.
    """
    return cut(segment, reference, context).image


def cut(segment: Segment, reference: Tensor | None, context: Shown = "crop") -> Crop:
    """What a classifier is shown of a segment that has pixels.

    ``crop`` is all of the crop region, as the reference nodes have it; ``bbox`` the bounding box
    within it; ``segment`` the same box with grey where the segment is not, in between where its
    mask is soft. Without a pixel in the bounding box it is the crop region again. ``found``, which
    a classifier may ask for whatever its user says, is the rectangle in which the finder saw the
    thing itself, or the bounding box where none did. Transparent pixels are shown on white and do
    not count in the mask, nor to a segment that is alone on grey. Of several frames the first is
    shown, with the highest of their masks.

    Args:
        segment: The segment, in the reference's own scale.
        reference: (B, H, W, 3 or 4), uint8 or float32; not looked at where the segment has
            an image of its own.
        context: ``crop``, ``bbox``, ``segment`` or ``found``.

    Raises:
        InputError: There is neither, or there is no such context.
    """
    _check_context(context)
    region, pixels = _shown(segment, reference, context)
    colours, levels = as_bytes(pixels), _levels(segment, region)
    if colours.shape[2] == 4:
        opacity: Mask = colours[..., 3].astype(np.float32) / np.float32(255)
        colours = colours[..., :3]
        levels = np.rint(levels * opacity).astype(np.uint8)
        if context == "segment":
            return _picture(_mixed(colours, _weights(segment, region) * opacity, GREY), levels)
        return _picture(_mixed(colours, opacity, WHITE), levels)
    if context == "segment":
        colours = _mixed(colours, _weights(segment, region), GREY)
    return _picture(colours, levels)


def _picture(colours: Pixels, levels: Pixels) -> Crop:
    return Crop(Image.fromarray(np.ascontiguousarray(colours)), Image.fromarray(levels))


def _shown(segment: Segment, reference: Tensor | None, context: Shown) -> tuple[Box, Tensor]:
    """The rectangle to show, in the image's pixels, and what is there in the first frame."""
    whole = segment.crop_region
    if segment.image is None and reference is not None:
        whole = Box.of_size((reference.shape[1], reference.shape[2]))
    region = segment.crop_region.intersect(whole)
    if context == "found" and segment.found is not None:
        inner = segment.found.intersect(whole)  # a mask that shrank has a smaller crop region
    else:
        inner = segment.bbox.intersect(region)
    if context != "crop" and not inner.is_empty:
        region = inner
    if segment.image is not None:
        rows, columns = region.relative_to(segment.crop_region).slices
        return region, segment.image[0, rows, columns]
    if reference is not None:
        rows, columns = region.slices
        return region, reference[0, rows, columns]
    raise InputError("a segment without pixels was to be cut out: it needs a reference")


def _mixed(colours: Pixels, weights: Mask, ground: int) -> Pixels:
    """Colours over a plain ground, each with its own weight in [0, 1]."""
    share = weights[..., None]
    mixed: Pixels = np.rint(colours * share + ground * (1 - share)).astype(np.uint8)
    return mixed


def _check_context(context: str) -> None:
    if context not in {*CONTEXTS, "found"}:
        raise InputError(f"the context is {context!r}: expected one of {', '.join(CONTEXTS)}")


def _weights(segment: Segment, region: Box) -> Mask:
    mask = segment.read_mask(region)
    weights: Mask = mask if mask.ndim == 2 else mask.max(axis=0)
    return weights


def _levels(segment: Segment, region: Box) -> Pixels:
    """The mask in a region, 0..255: read where there is anything, a ninth of most crops."""
    levels = np.zeros(region.size_hw, np.uint8)
    content = segment.content.intersect(region)
    if not content.is_empty:
        levels[content.relative_to(region).slices] = np.rint(_weights(segment, content) * 255)
    return levels


def as_bytes(pixels: Tensor) -> Pixels:
    """An (h, w, C) image as uint8 in NumPy; float32 is clamped to [0, 1] and rounded."""
    plain = pixels.detach().cpu()
    if plain.dtype == torch.uint8:
        return plain.numpy()
    return plain.clamp(0, 1).mul(255).round().to(torch.uint8).numpy()
