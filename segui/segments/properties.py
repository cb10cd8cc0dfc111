"""What is measured of segments beside their scores, for the ``@properties`` of expressions."""

from collections.abc import Collection, Mapping, MutableMapping, Sequence

import numpy as np
import torch
from torch import Tensor

from segui.images.tensors import check_same_size
from segui.segments.segment import Segment, Segments, scale_segments

Properties = Mapping[str, float | str | None]


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
        For each segment ``share``, ``rank``, ``index`` and ``changed``, as far as asked for.

    Raises:
        InputError: The photo and its edited version differ in size.
    """
    items = segments.items
    facts: list[dict[str, float | str | None]] = [{} for _ in items]
    if "index" in names:
        _number(facts, "index", [(item.bbox.y1, item.bbox.x1) for item in items])
    if "rank" in names:
        _number(facts, "rank", [(-item.area, 0) for item in items])
    if "share" in names:
        pixels = segments.size[0] * segments.size[1]
        for fact, item in zip(facts, items, strict=True):
            fact["share"] = item.area / pixels
    if "changed" in names and reference is not None and edited is not None:
        check_same_size(edited, reference, "the edited version")
        scaled = scale_segments(segments, (reference.shape[1], reference.shape[2]))
        for fact, item in zip(facts, scaled.items, strict=True):
            fact["changed"] = _changed(item, reference, edited)
    return tuple(facts)


def _number(
    facts: Sequence[MutableMapping[str, float | str | None]],
    name: str,
    keys: Sequence[tuple[int, int]],
) -> None:
    for number, place in enumerate(sorted(range(len(keys)), key=keys.__getitem__), 1):
        facts[place][name] = number


def _changed(segment: Segment, reference: Tensor, edited: Tensor) -> float | None:
    """The mean absolute difference under the mask, 0..1; None where the mask is empty."""
    box = segment.content.clip((reference.shape[1], reference.shape[2]))
    if box.is_empty:
        return None
    mask = segment.read_mask(box)
    weights = (mask if mask.ndim == 2 else mask.max(axis=0)).astype(np.float64)
    if not weights.sum():
        return None
    before, after = (_unit(image[(0, *box.slices)]) for image in (reference, edited))
    difference = (before - after).abs().mean(dim=2).cpu().double().numpy()
    return float((difference * weights).sum() / weights.sum())


def _unit(pixels: Tensor) -> Tensor:
    colours = pixels[..., :3].float()
    return colours / 255 if pixels.dtype == torch.uint8 else colours
