"""Segments: the parts of an image that are judged and pasted, one by one."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from weakref import ReferenceType, ref

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  the name that everybody uses
from PIL import Image
from torch import Tensor

from segui.checks import is_number, is_whole
from segui.errors import InputError
from segui.geometry import Box
from segui.segments.stored import Levels, Mask, MaskSource, StoredMask

HARD_LEVEL = 0.5  # a pixel counts for a segment's area from this mask value on


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Segment:
    """One part of an image: where it is, which pixels belong to it, what found it.

    Args:
        mask: float32 in [0, 1], crop-sized: (h, w), or (B, h, w) with one mask a frame. Kept
            without loss; small where it is flat or of 255 levels, else 4 bytes a pixel.
        crop_region: The rectangle of the image that the mask covers, xyxy px, half-open.
        bbox: The rectangle around the segment itself, xyxy px, half-open.
        label: What whoever found the segment calls it.
        confidence: How sure they are, 0..1.
        image: The segment's own pixels, (B, h, w, 3 or 4), uint8 or float32 in [0, 1]; or None.
        found: The rectangle in which its finder saw the thing itself, where the mask is larger or
            smaller than that, as the whole head of a face is: xyxy px, half-open; or None.

    Raises:
        InputError: A shape, type or value does not fit.
    """

    crop_region: Box
    bbox: Box
    label: str
    confidence: float
    image: Tensor | None
    found: Box | None
    mask_source: MaskSource
    mask_device: torch.device

    def __init__(
        self,
        mask: Tensor,
        crop_region: Iterable[int],
        bbox: Iterable[int],
        label: str = "A",
        confidence: float = 1.0,
        image: Tensor | None = None,
        found: Iterable[int] | None = None,
    ) -> None:
        crop = _box("crop_region", crop_region)
        if crop.is_empty:
            raise InputError(f"crop_region is {tuple(crop)}: expected x2 above x1 and y2 above y1")
        _check_mask(mask, crop)
        _check_own_image(image, crop)
        check_label(label)
        if not is_number(confidence) or not 0 <= confidence <= 1:
            raise InputError(f"the confidence is {confidence}: expected 0 to 1")
        self.__dict__.update(
            crop_region=crop,
            bbox=_box("bbox", bbox),
            label=label,
            confidence=float(confidence),
            image=image,
            found=None if found is None else _box("found", found),
            mask_source=StoredMask.of(mask.detach().cpu().numpy()),
            mask_device=mask.device,
        )

    @classmethod
    def of_source(cls, source: MaskSource, crop_region: Box, bbox: Box, **others: Any) -> "Segment":
        """A segment of a source that is known to fit, made without looking at its pixels.

        Args:
            source: Where the mask comes from, of the crop region's size.
            crop_region: The rectangle of the image that the mask covers.
            bbox: The rectangle around the segment itself.
            others: ``label``, ``confidence``, ``image`` and ``found``, as in the constructor.
        """
        segment = object.__new__(cls)
        segment.__dict__.update(_DEFAULTS)
        segment.__dict__.update(others, mask_source=source, crop_region=crop_region, bbox=bbox)
        return segment

    @property
    def mask(self) -> Tensor:
        """The mask, a new float32 tensor each time: (h, w) or (B, h, w)."""
        whole = self.mask_source.read(Box.of_size(self.crop_region.size_hw))
        return torch.from_numpy(whole).to(self.mask_device)

    @property
    def opacity(self) -> float:
        """How much of it is pasted, 0..1, beside what the paste says of all segments."""
        return float(self.__dict__.get("_opacity", 1.0))

    def with_opacity(self, opacity: float) -> "Segment":
        """The same, of which so much is pasted.

        Args:
            opacity: 0..1.

        Raises:
            InputError: It is something else.
        """
        if not is_number(opacity) or not 0 <= opacity <= 1:
            raise InputError(f"the opacity is {opacity}: expected 0 to 1")
        same = object.__new__(Segment)
        same.__dict__.update(self.__dict__, _opacity=float(opacity))
        return same

    @property
    def frames(self) -> int | None:
        """How many frames the mask has; None for one mask without frames."""
        return self.mask_source.frames

    @property
    def content(self) -> Box:
        """A box in the image, inside the crop region, outside which the mask is 0."""
        return self.mask_source.content.shift(self.crop_region.x1, self.crop_region.y1)

    def read_mask(self, box: Box) -> Mask:
        """The mask in a box of the image that lies inside the crop region, as a NumPy array."""
        return self.mask_source.read(box.relative_to(self.crop_region))

    def read_levels(self, box: Box) -> Levels | None:
        """The same as levels 0..255, (h, w), where that is all that is read; None elsewhere."""
        return self.mask_source.read_levels(box.relative_to(self.crop_region))

    @cached_property
    def area(self) -> int:
        """Pixels of mask at 0.5 or more, in any frame."""
        mask = self.read_mask(self.content)
        flat = mask if mask.ndim == 2 else mask.max(axis=0)
        return int((flat >= HARD_LEVEL).sum())

    @property
    def side_px(self) -> float:
        """The side of a square as large as the area: what lengths that are shares are of."""
        return math.sqrt(self.area)

    def __repr__(self) -> str:
        """Where it is and what it is called; the pixels stay out."""
        return (
            f"Segment(label={self.label!r}, bbox={tuple(self.bbox)}, "
            f"crop_region={tuple(self.crop_region)}, confidence={self.confidence})"
        )


_DEFAULTS: dict[str, Any] = {
    "label": "A",
    "confidence": 1.0,
    "image": None,
    "found": None,
    "mask_device": torch.device("cpu"),
}


class _Memory(NamedTuple):
    """What a classifier said of crops, for as long as it lives."""

    whose: ReferenceType[Any]
    scores: dict[bytes, dict[str, float]]


@dataclass(frozen=True, init=False, eq=False)
class Segments:
    """The segments of one image.

    Args:
        size: Height and width of the image that they were cut from, px.
        items: The segments, in reading order where segui made them.
        left_out: The bounding boxes of what was found but was too small to keep.

    Raises:
        InputError: The size or an item is of another kind.
    """

    size: tuple[int, int]
    items: tuple[Segment, ...]
    left_out: tuple[Box, ...]
    _memories: dict[int, "_Memory"]

    def __init__(
        self,
        size: Iterable[int],
        items: Iterable[Segment] = (),
        left_out: Iterable[Box] = (),
    ) -> None:
        sides = tuple(size) if isinstance(size, Iterable) else (size,)
        if len(sides) != 2 or not all(is_whole(side) and side > 0 for side in sides):
            raise InputError(f"the size is {sides}: expected (height, width) in whole px above 0")
        kept = tuple(items)
        for item in kept:
            if not isinstance(item, Segment):
                raise InputError(f"an item is a {type(item).__name__}: expected a Segment")
        self.__dict__.update(
            size=(int(sides[0]), int(sides[1])),
            items=kept,
            left_out=tuple(left_out),
            _memories={},
        )

    def memory_of(self, classifier: Any) -> dict[bytes, dict[str, float]]:
        """What is remembered of a classifier's answers on these segments; lives as long as both.

        Args:
            classifier: Whoever answers. One that Python cannot refer to weakly gets no memory.
        """
        known = self._memories.get(id(classifier))
        if known is not None and known.whose() is classifier:
            return known.scores
        try:
            memory = _Memory(ref(classifier), {})
        except TypeError:
            return {}
        self._memories[id(classifier)] = memory
        return memory.scores

    def __getstate__(self) -> dict[str, Any]:
        """What is worth carrying to another process: all but the memories of classifiers."""
        return {**self.__dict__, "_memories": {}}

    def of(self, items: Iterable[Segment]) -> "Segments":
        """Some of these segments, or others of the same image; nothing counts as left out."""
        return Segments(self.size, items)


def scale_segments(segments: Segments, size_hw: tuple[int, int]) -> Segments:
    """The segments as they lie in the same image at another size.

    Boxes are truncated edge by edge, masks resized bilinearly, own images by Lanczos, each
    channel clamped to the range that it had: there is no ringing beyond it. A crop region keeps
    at least one pixel, so that no segment is lost.

    Args:
        segments: What to scale.
        size_hw: The other height and width, px.

    Returns:
        New segments, or the same ones where the size is the same already.
    """
    if segments.size == size_hw:
        return segments
    was = segments.size
    return Segments(
        size_hw,
        (_scale(item, was, size_hw) for item in segments.items),
        (box.scale(was, size_hw) for box in segments.left_out),
    )


def _scale(segment: Segment, from_hw: tuple[int, int], to_hw: tuple[int, int]) -> Segment:
    x1, y1, x2, y2 = segment.crop_region.scale(from_hw, to_hw)
    crop = Box(x1, y1, max(x2, x1 + 1), max(y2, y1 + 1))
    mask = segment.mask
    stack = mask if mask.ndim == 3 else mask[None]
    # float32's weights add up to a hair less or more than 1: what was opaque stays so
    exact = stack[:, None].double()
    resized = F.interpolate(exact, crop.size_hw, mode="bilinear", align_corners=False).float()
    return Segment(
        mask=resized[:, 0] if mask.ndim == 3 else resized[0, 0],
        crop_region=crop,
        bbox=segment.bbox.scale(from_hw, to_hw),
        label=segment.label,
        confidence=segment.confidence,
        image=None if segment.image is None else _lanczos(segment.image, crop.size_hw),
        found=None if segment.found is None else segment.found.scale(from_hw, to_hw),
    ).with_opacity(segment.opacity)


def _lanczos(image: Tensor, size_hw: tuple[int, int]) -> Tensor:
    """Frames resized channel by channel: Pillow has Lanczos for floats, torch has not."""
    size_wh = (size_hw[1], size_hw[0])
    planes = image.detach().cpu().permute(0, 3, 1, 2).float().numpy()
    resized = [
        [torch.from_numpy(_resize_plane(plane, size_wh)) for plane in frame] for frame in planes
    ]
    out = torch.stack([torch.stack(frame, dim=-1) for frame in resized])
    if image.dtype == torch.uint8:
        out = out.round()
    return out.to(image)


def _resize_plane(plane: Mask, size_wh: tuple[int, int]) -> Mask:
    """One channel resized, clamped to the range that it had; NaN has no part in the range."""
    resized = np.asarray(Image.fromarray(plane).resize(size_wh, Image.Resampling.LANCZOS))
    low, high = np.fmin.reduce(plane, axis=None), np.fmax.reduce(plane, axis=None)
    return np.asarray(np.clip(resized, low, high), np.float32)


def _box(name: str, value: Iterable[int]) -> Box:
    edges = tuple(value) if isinstance(value, Iterable) else (value,)
    if len(edges) != 4 or not all(is_whole(edge) for edge in edges):
        raise InputError(f"{name} is {edges}: expected four whole numbers x1, y1, x2, y2 in px")
    box = Box(*(int(edge) for edge in edges))
    if box.x2 < box.x1 or box.y2 < box.y1:
        raise InputError(f"{name} is {tuple(box)}: expected x2 not below x1, y2 not below y1")
    return box


def check_label(label: object) -> None:
    """Refuse a label that is not text.

    Raises:
        InputError: It is something else.
    """
    if not isinstance(label, str):
        raise InputError(f"the label is {label!r}: expected text")


def _check_mask(mask: Tensor, crop: Box) -> None:
    if not isinstance(mask, Tensor) or mask.dtype != torch.float32:
        kind = mask.dtype if isinstance(mask, Tensor) else type(mask).__name__
        raise InputError(f"the mask is {kind}: expected a float32 tensor")
    if mask.ndim not in {2, 3} or tuple(mask.shape[-2:]) != crop.size_hw or not mask.shape[0]:
        raise InputError(
            f"the mask is {tuple(mask.shape)}: expected {crop.size_hw} or (frames, "
            f"{crop.height}, {crop.width}), the size of crop_region {tuple(crop)}"
        )
    low, high = (float(bound) for bound in torch.aminmax(mask))
    if math.isnan(low) or low < 0 or high > 1:
        raise InputError(f"the mask has values from {low} to {high}: expected 0 to 1")


def _check_own_image(image: Tensor | None, crop: Box) -> None:
    if image is None:
        return
    if not isinstance(image, Tensor) or image.dtype not in {torch.uint8, torch.float32}:
        kind = image.dtype if isinstance(image, Tensor) else type(image).__name__
        raise InputError(f"the segment's image is {kind}: expected a uint8 or float32 tensor")
    fits = image.ndim == 4 and tuple(image.shape[1:3]) == crop.size_hw
    if not fits or image.shape[3] not in {3, 4} or not image.shape[0]:
        raise InputError(
            f"the segment's image is {tuple(image.shape)}: expected (frames, {crop.height}, "
            f"{crop.width}, 3 or 4), the size of crop_region {tuple(crop)}"
        )
