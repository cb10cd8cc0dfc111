"""Masks in which each label occurs once: what has one label is one area, wherever it comes from."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from segui.finders.regions import label_boxes
from segui.geometry import Box
from segui.masks.annotations.layers import Layers, Piece
from segui.masks.files import MaskFile
from segui.segments.cutting import as_boxes
from segui.segments.planes import Plane
from segui.segments.sums import check_sum

_MOST_NAMED = 5
# An area is laid beside others in less than a quarter of the time that it takes to paste it.
_MERGES_A_PASTE = 4


def merged_by_label(
    masks: Sequence[MaskFile], *, combined: bool, max_megapixels: float = inf
) -> tuple[list[MaskFile], list[str]]:
    """Masks in which each label occurs once.

    Where a soft one has the label, the result is soft there too, and as opaque as the most opaque
    of them; areas of label maps alone are laid together.

    Args:
        masks: Masks of one size, labelled.
        combined: Whether each of them is one area whatever it holds.
        max_megapixels: Most megapixels of areas that are pasted; four times as many are merged.

    Returns:
        The masks, each soft one a single area; and what was merged, in words.

    Raises:
        InputError: Too many of the merged areas overlap, or they are too large together.
    """
    apart = [_as_soft(mask) for mask in masks] if combined else list(masks)
    counts = Counter(label for mask in apart for label in _labels_of(mask).values())
    shared = {label for label, count in counts.items() if count > 1}
    if not shared:
        return apart, []
    by_softs = shared & {mask.label for mask in apart if mask.labels is None}
    places = _places(apart, [label for label in counts if label in shared - by_softs])
    _check_pixels(apart, by_softs, places, _MERGES_A_PASTE * max_megapixels)
    kept = [left for mask in apart if (left := _without(mask, shared)) is not None]
    softs = [_joint(apart, label) for label in counts if label in by_softs]
    maps = _laid_together(apart[0].size_hw, places)
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


@dataclass(frozen=True, eq=False)
class _Place:
    """Where a label map has a value."""

    labels: Plane
    value: int
    box: Box

    def piece(self) -> Piece:
        """What lies there."""
        return Piece(self.box, self.labels[self.box.slices] == self.value)


def _places(masks: Sequence[MaskFile], labels: Sequence[str]) -> dict[str, list[_Place]]:
    """Where label maps have each of these labels."""
    places: dict[str, list[_Place]] = {label: [] for label in labels}
    for mask in masks if places else ():
        if mask.labels is None:
            continue
        values, boxes = label_boxes(mask.labels)
        for value, box in zip(values.tolist(), as_boxes(boxes), strict=True):
            label = mask.area_labels.get(value, str(value))
            if label in places:
                places[label].append(_Place(mask.labels, value, box))
    return places


def _check_pixels(
    masks: Sequence[MaskFile],
    by_softs: Set[str],
    places: Mapping[str, Sequence[_Place]],
    max_megapixels: float,
) -> None:
    """Refuse areas of label maps that are too large together: each is looked for in its box.

    Beside a soft mask it is looked for in all of its map. Soft masks are looked at once.

    Raises:
        InputError: They are.
    """
    boxes = [place.box for several in places.values() for place in several]
    maps = [mask for mask in masks if mask.labels is not None]
    whole = sum(label in by_softs for mask in maps for label in mask.area_labels.values())
    pixels = sum(box.width * box.height for box in boxes)
    pixels += whole * masks[0].size_hw[0] * masks[0].size_hw[1]
    what = f"{len(boxes) + whole} areas whose labels others have too"
    check_sum(what, pixels, max_megapixels, "merged", "Fewer areas of one label have less")


def _laid_together(
    size_hw: tuple[int, int], places: Mapping[str, Sequence[_Place]]
) -> list[MaskFile]:
    layers = Layers(size_hw, "the masks")
    for label, several in places.items():
        # cut out label by label: all at once can be many times the masks
        layers.add(label, [place.piece() for place in several])
    return [
        MaskFile("labels", "grey", labels=each.labels, names=each.names, has_own_names=True)
        for each in layers.layers
    ]


def _note(counts: Counter[str]) -> str:
    several = [f'"{label}" ({count})' for label, count in counts.items() if count > 1]
    more = f" and {len(several) - _MOST_NAMED} more" if len(several) > _MOST_NAMED else ""
    return f"areas of one label are one: {', '.join(several[:_MOST_NAMED])}{more}"
