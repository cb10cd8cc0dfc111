"""Masks in which each label occurs once: what has one label is one area, wherever it comes from."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

import numpy as np

from segui.finders.regions import label_boxes
from segui.masks.files import MaskFile
from segui.masks.layers import Layers, Piece
from segui.segments.cutting import as_boxes

_MOST_NAMED = 5


def merged_by_label(
    masks: Sequence[MaskFile], *, combined: bool
) -> tuple[list[MaskFile], list[str]]:
    """Masks in which each label occurs once.

    Where a soft one has the label, the result is soft there too, and as opaque as the most opaque
    of them; areas of label maps alone are laid together.

    Args:
        masks: Masks of one size, labelled.
        combined: Whether each of them is one area whatever it holds.

    Returns:
        The masks, each soft one a single area; and what was merged, in words.

    Raises:
        InputError: Too many of the merged areas overlap.
    """
    apart = [_as_soft(mask) for mask in masks] if combined else list(masks)
    counts = Counter(label for mask in apart for label in _labels_of(mask).values())
    shared = {label for label, count in counts.items() if count > 1}
    if not shared:
        return apart, []
    by_softs = shared & {mask.label for mask in apart if mask.labels is None}
    kept = [left for mask in apart if (left := _without(mask, shared)) is not None]
    softs = [_joint(apart, label) for label in counts if label in by_softs]
    maps = _laid_together(apart, [label for label in counts if label in shared - by_softs])
    return [*kept, *softs, *maps], [_note(counts)]


def _labels_of(mask: MaskFile) -> Mapping[int, str]:
    """The label of each value; of a soft mask, of everything."""
    return {0: mask.label} if mask.labels is None else mask.area_labels


def _as_soft(mask: MaskFile) -> MaskFile:
    if mask.labels is None:
        return mask
    soft = np.where(mask.labels != 0, np.uint8(255), np.uint8(0))
    return replace(mask, kind="hard", labels=None, names={}, soft=soft)


def _without(mask: MaskFile, labels: Set[str]) -> MaskFile | None:
    """What is left of a mask without some labels; None where nothing is."""
    if mask.labels is None:
        return None if mask.label in labels else mask
    gone = [value for value, label in mask.area_labels.items() if label in labels]
    names = {value: name for value, name in mask.names.items() if value not in gone}
    if not gone or not names:
        return mask if names else None
    return replace(mask, labels=np.where(np.isin(mask.labels, gone), 0, mask.labels), names=names)


def _joint(masks: Sequence[MaskFile], label: str) -> MaskFile:
    """One soft mask of all that has a label: the most opaque of it counts."""
    soft = np.zeros(masks[0].size_hw, np.uint8)
    for mask in masks:
        values = [value for value, known in _labels_of(mask).items() if known == label]
        if not values:
            continue
        if mask.labels is None:
            soft = np.maximum(soft, mask.soft if mask.soft is not None else soft)
        else:
            soft[np.isin(mask.labels, values)] = 255
    return MaskFile("soft", "grey", soft=soft, stem=label, label=label)


def _laid_together(masks: Sequence[MaskFile], labels: Sequence[str]) -> list[MaskFile]:
    pieces: dict[str, list[Piece]] = {label: [] for label in labels}
    for mask in masks if pieces else ():
        if mask.labels is None:
            continue
        values, boxes = label_boxes(mask.labels)
        for value, box in zip(values.tolist(), as_boxes(boxes), strict=True):
            label = mask.area_labels.get(value, str(value))
            if label in pieces:
                pieces[label].append(Piece(box, mask.labels[box.slices] == value))
    layers = Layers(masks[0].size_hw, "the masks")
    for label, parts in pieces.items():
        layers.add(label, parts)
    return [
        MaskFile("labels", "grey", labels=each.labels, names=each.names, has_own_names=True)
        for each in layers.layers
    ]


def _note(counts: Counter[str]) -> str:
    several = [f'"{label}" ({count})' for label, count in counts.items() if count > 1]
    more = f" and {len(several) - _MOST_NAMED} more" if len(several) > _MOST_NAMED else ""
    return f"areas of one label are one: {', '.join(several[:_MOST_NAMED])}{more}"
