"""Segments of annotations that came as COCO's JSON, written back with what these had."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box
from segui.masks.annotations.coco import coco_image, coco_masks
from segui.masks.annotations.drawing import AnnotationRequest
from segui.masks.annotations.layers import Piece
from segui.segments.segment import Segment
from segui.selection import Selection
from segui.takeaway.listed import Listed, listed
from segui.takeaway.rings import marked_of
from segui.takeaway.runs import said_of

_NAME: Final = "the COCO file"
_LEAST_OVERLAP: Final = 0.5  # of both together, from which on a segment is the annotation's
_MEASURED: Final = ("bbox", "area", "iscrowd", "segmentation")
_SAME: Final = 1.0
_Found = tuple[Mapping[str, Any], str, list[Piece]]


def kept_coco(
    selection: Selection,
    file_name: str,
    came: Mapping[str, Any] | Sequence[Any],
    *,
    chosen_alone: bool,
) -> dict[str, Any]:
    """As ``coco_json`` has it with ``came``, not yet as text."""
    size_hw = selection.segments.size
    whole: Mapping[str, Any] = came if isinstance(came, Mapping) else {"annotations": list(came)}
    asked = AnnotationRequest(_NAME, file_name, size_hw, float("inf"))
    image = dict(coco_image(whole, asked))
    items, _ = listed(selection, chosen_alone=chosen_alone)
    sides = image.get("height", size_hw[0]), image.get("width", size_hw[1])
    # of another size nothing can be compared
    owners = _owners(items, list(coco_masks(whole, asked)), size_hw) if sides == size_hw else {}
    image = {"id": 1, "file_name": file_name, "width": size_hw[1], "height": size_hw[0]} | image
    categories = _Categories(whole.get("categories"))
    next_id = 1 + max(_whole_numbers(whole.get("annotations"), "id"), default=0)
    annotations = []
    for place, item in enumerate(items):
        annotation: dict[str, Any] = {"id": next_id, "image_id": image["id"]}
        said = said_of(item.segment, size_hw)
        if place in owners:
            own, overlap = owners[place]
            if overlap == _SAME:
                said = {name: value for name, value in said.items() if name not in _MEASURED}
            # what it had counts, but for what is another outline now
            annotation = said | dict(own) | {k: said[k] for k in _MEASURED if k in said}
        else:
            next_id += 1
            annotation |= {"category_id": categories.id_of(item.segment.label), **said}
        own_attributes = annotation.get("attributes")
        had = own_attributes if isinstance(own_attributes, dict) else {}
        annotations.append({**annotation, "attributes": {**had, **item.attributes}})
    return {
        **{k: v for k, v in whole.items() if k != "image"},
        "images": [image],
        "categories": categories.rows,
        "annotations": annotations,
    }


class _Categories:
    """The categories that came, and those that are added."""

    def __init__(self, came: Any) -> None:
        self.rows = [row for row in came if isinstance(row, dict)] if isinstance(came, list) else []
        self._ids = {str(row.get("name")): row.get("id") for row in reversed(self.rows)}
        self._next = 1 + max(_whole_numbers(self.rows, "id"), default=0)

    def id_of(self, label: str) -> Any:
        """A label's number, a new one where there is none."""
        if label not in self._ids:
            self._ids[label] = self._next
            self.rows = [*self.rows, {"id": self._next, "name": label}]
            self._next += 1
        return self._ids[label]


def _owners(
    items: Sequence[Listed], came: Sequence[_Found], size_hw: tuple[int, int]
) -> dict[int, tuple[Mapping[str, Any], float]]:
    """Which segment is which annotation still, and how much of both they have in common.

    Each annotation goes to the segment of its label that has most in common with it.
    """
    pairs = []
    drawn = {place: _drawn(pieces) for place, (_, _, pieces) in enumerate(came) if pieces}
    for number, item in enumerate(items):
        (x, y), marked = marked_of(item.segment, size_hw)
        own = Box(x, y, x + marked.shape[1], y + marked.shape[0])
        for place, (box, other) in drawn.items():
            if came[place][1] == _label_of(item.segment) and not own.intersect(box).is_empty:
                overlap = _overlap(own, marked, box, other)
                if overlap >= _LEAST_OVERLAP:
                    pairs.append((-overlap, number, place))
    owners: dict[int, tuple[Mapping[str, Any], float]] = {}
    taken: set[int] = set()
    for overlap, number, place in sorted(pairs):
        if number not in owners and place not in taken:
            owners[number] = came[place][0], -overlap
            taken.add(place)
    return owners


def _label_of(segment: Segment) -> str:
    return segment.label or "object"


def _drawn(pieces: Sequence[Piece]) -> tuple[Box, NDArray[np.bool_]]:
    """All pieces of an annotation together, and where they lie."""
    box = pieces[0].box
    for piece in pieces[1:]:
        box = box.hull(piece.box)
    marked = np.zeros(box.size_hw, np.bool_)
    for piece in pieces:
        marked[piece.box.relative_to(box).slices] |= piece.pixels
    return box, marked


def _overlap(own: Box, marked: NDArray[np.bool_], box: Box, other: NDArray[np.bool_]) -> float:
    """How much two masks have in common, of what they have together."""
    both = own.intersect(box)
    shared = marked[both.relative_to(own).slices] & other[both.relative_to(box).slices]
    common = int(shared.sum())
    together = int(marked.sum()) + int(other.sum()) - common
    return common / together if together else 0.0


def _whole_numbers(rows: Any, name: str) -> list[int]:
    listed_rows = rows if isinstance(rows, Sequence) else ()
    found = (row.get(name) for row in listed_rows if isinstance(row, Mapping))
    return [value for value in found if isinstance(value, int) and not isinstance(value, bool)]
