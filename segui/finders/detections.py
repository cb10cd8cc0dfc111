"""Detections of other libraries as segments, and segments as such detections.

They are read as ``supervision.Detections`` has them, by their attributes: the library itself is not
needed.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from segui.checks import is_number
from segui.errors import InputError
from segui.finders.base import Area, segments_of
from segui.geometry import Box
from segui.segments.cutting import CropOptions
from segui.segments.segment import HARD_LEVEL, Segments

_NAMES: Final = "class_name"


def segments_from_detections(
    detections: Any,
    size_hw: tuple[int, int],
    *,
    crop_factor: float = CropOptions.crop_factor,
    drop_size: int = CropOptions.drop_size,
) -> Segments:
    """Segments of what another library detected.

    Args:
        detections: Anything with ``xyxy``, (n, 4) px; and as far as it has them ``mask``, (n, H, W)
            of bool, ``confidence``, (n,) in 0..1, ``class_id``, (n,), and ``data`` with
            ``class_name``, (n,). What has no mask is all of its box.
        size_hw: Height and width of the image.
        crop_factor: The crop region's sides over the bounding box's, 1..100.
        drop_size: Width and height must both exceed this, px, at least 1.

    Returns:
        Segments in reading order; the label is the class's name, else its number, else ``A``.

    Raises:
        InputError: A shape or a value does not fit.
    """
    boxes = np.asarray(getattr(detections, "xyxy", None), np.float64)
    if boxes.ndim != 2 or boxes.shape[1] != 4 or not np.isfinite(boxes).all():
        raise InputError(f"xyxy is {boxes.shape}: expected (n, 4) of numbers")
    count = len(boxes)
    masks = _checked("mask", getattr(detections, "mask", None), (count, *size_hw))
    sure = _checked("confidence", getattr(detections, "confidence", None), (count,))
    labels = _labels(detections, count)
    areas = []
    for place, row in enumerate(boxes):
        x1, y1 = np.floor(row[:2]).astype(int).tolist()
        x2, y2 = np.ceil(row[2:]).astype(int).tolist()
        box = Box(x1, y1, x2, y2).clip(size_hw)
        confidence = 1.0 if sure is None else float(sure[place])
        if not is_number(confidence) or not 0 <= confidence <= 1:
            raise InputError(f"confidence[{place}] is {confidence}: expected 0 to 1")
        if masks is not None:
            levels = np.asarray(masks[place] != 0, np.uint8) * np.uint8(255)
            areas.append(Area(Box.of_size(size_hw), levels, labels[place], confidence, None))
        elif not box.is_empty:
            levels = np.full(box.size_hw, 255, np.uint8)
            areas.append(Area(box, levels, labels[place], confidence))
    return segments_of(areas, size_hw, CropOptions(crop_factor, drop_size))


def detections_of(segments: Segments) -> dict[str, Any]:
    """Segments as the arguments of ``supervision.Detections``, in their order.

    Args:
        segments: What was found; a soft mask counts from 0.5 on.

    Returns:
        ``xyxy`` (n, 4) float32, ``mask`` (n, H, W) bool, ``confidence`` (n,) float32, ``class_id``
        (n,) int64, and ``data`` with the labels as ``class_name``.
    """
    items = segments.items
    masks = np.zeros((len(items), *segments.size), np.bool_)
    for place, item in enumerate(items):
        box = item.content.clip(segments.size)
        mask = item.read_mask(box)
        masks[(place, *box.slices)] = (mask if mask.ndim == 2 else mask.max(axis=0)) >= HARD_LEVEL
    labels = [item.label for item in items]
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return {
        "xyxy": np.array([item.bbox for item in items], np.float32).reshape(-1, 4),
        "mask": masks,
        "confidence": np.array([item.confidence for item in items], np.float32),
        "class_id": np.array([numbers[label] for label in labels], np.int64),
        "data": {_NAMES: np.array(labels, dtype=str)},
    }


def _checked(name: str, values: Any, shape: tuple[int, ...]) -> NDArray[Any] | None:
    if values is None:
        return None
    array = np.asarray(values)
    if array.shape != shape:
        raise InputError(f"{name} is {array.shape}: expected {shape}")
    return array


def _labels(detections: Any, count: int) -> list[str]:
    named = getattr(detections, "data", None) or {}
    names = _checked(_NAMES, named.get(_NAMES), (count,))
    if names is None:
        names = _checked("class_id", getattr(detections, "class_id", None), (count,))
    return ["A"] * count if names is None else [str(name) for name in names.tolist()]
