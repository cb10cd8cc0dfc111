"""What is measured of segments beside their scores, for the ``@properties`` of expressions."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor

from segui.images.tensors import check_same_size
from segui.segments.segment import Segment, Segments, scale_segments

Properties = Mapping[str, float | str | None]
Values = Sequence[float | str | None]  # one for each segment, in order
Measure = Callable[[Segments, Tensor | None, Tensor | None], Values | None]


def segment_properties(
    segments: Segments,
    names: Collection[str],
    reference: Tensor | None = None,
    edited: Tensor | None = None,
) -> tuple[Properties, ...]:
    """Those ``@properties`` of segments that depend on the image or on the other segments.

    Args:
        segments: All segments of one image.
        names: Which ones are asked for, without the ``@``: some are dear to compute.
        reference: The photo, for ``changed``.
        edited: Its edited version, for ``changed``.

    Returns:
        For each segment the properties of ``MEASURES``, as far as asked for and known.

    Raises:
        InputError: The photo and its edited version differ in size.
    """
    facts: list[dict[str, float | str | None]] = [{} for _ in segments.items]
    for name in MEASURES.keys() & set(names):
        values = MEASURES[name](segments, reference, edited)
        for fact, value in zip(facts, values, strict=True) if values else ():
            fact[name] = value
    return tuple(facts)


def _index(segments: Segments, _photo: Tensor | None, _edited: Tensor | None) -> Values:
    return _places([(item.bbox.y1, item.bbox.x1) for item in segments.items])


def _rank(segments: Segments, _photo: Tensor | None, _edited: Tensor | None) -> Values:
    return _places([(-item.area, 0) for item in segments.items])


def _places(keys: Sequence[tuple[int, int]]) -> list[int]:
    """The place of each key among all, from 1; of equal ones in their order."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    places = {index: place for place, index in enumerate(order, 1)}
    return [places[index] for index in range(len(keys))]


def _share(segments: Segments, _photo: Tensor | None, _edited: Tensor | None) -> Values:
    pixels = segments.size[0] * segments.size[1]
    return [item.area / pixels for item in segments.items]


def _changed(segments: Segments, photo: Tensor | None, edited: Tensor | None) -> Values | None:
    if photo is None or edited is None:
        return None
    check_same_size(edited, photo, "the edited version")
    scaled = scale_segments(segments, (photo.shape[1], photo.shape[2]))
    return [_difference(item, photo, edited) for item in scaled.items]


def _difference(segment: Segment, photo: Tensor, edited: Tensor) -> float | None:
    """The mean absolute difference under the mask, 0..1; None where the mask is empty."""
    box = segment.content.clip((photo.shape[1], photo.shape[2]))
    if box.is_empty:
        return None
    mask = segment.read_mask(box)
    weights = (mask if mask.ndim == 2 else mask.max(axis=0)).astype(np.float64)
    if not weights.sum():
        return None
    before, after = (_unit(image[(0, *box.slices)]) for image in (photo, edited))
    difference = (before - after).abs().mean(dim=2).cpu().double().numpy()
    return float((difference * weights).sum() / weights.sum())


def _unit(pixels: Tensor) -> Tensor:
    colours = pixels[..., :3].float()
    return colours / 255 if pixels.dtype == torch.uint8 else colours


# what computes those properties that one segment alone does not say; None where nothing can
MEASURES: Final[dict[str, Measure]] = {
    "share": _share,
    "changed": _changed,
    "index": _index,
    "rank": _rank,
}
