"""The chosen segments as COCO's JSON, with their scores as attributes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from segui.selection import Selection
from segui.takeaway.coco_kept import kept_coco
from segui.takeaway.listed import listed
from segui.takeaway.runs import said_of


def coco_json(
    selection: Selection,
    file_name: str,
    *,
    chosen_alone: bool = True,
    came: Mapping[str, Any] | Sequence[Any] | None = None,
) -> str:
    """Segments as a COCO file of one image, which programs for labelling and training read.

    Args:
        selection: What was chosen.
        file_name: The photo's name, as the file is to have it.
        chosen_alone: Whether only those are written that were chosen.
        came: COCO's JSON that the segments are of. What is still an annotation of it keeps its id,
            its outline and whatever else it has; so do the picture, the categories and the file.

    Returns:
        JSON with ``images``, ``categories`` (the segments' labels) and ``annotations``, each with
        ``bbox`` as x, y, width and height, ``area``, ``score`` (the finder's confidence), its mask
        as compressed runs, and ``attributes``: ``number``, ``side``, ``reason`` and ``scores``.

    Raises:
        InputError: ``came`` says nothing of the picture, or what cannot be.
    """
    if came is not None:
        kept = kept_coco(selection, file_name, came, chosen_alone=chosen_alone)
        return json.dumps(kept, indent=1) + "\n"
    height, width = selection.segments.size
    items, numbers = listed(selection, chosen_alone=chosen_alone)
    annotations = [
        {
            "id": place,
            "image_id": 1,
            "category_id": item.category,
            **said_of(item.segment, (height, width)),
            "attributes": item.attributes,
        }
        for place, item in enumerate(items, 1)
    ]
    written = {
        "images": [{"id": 1, "file_name": file_name, "width": width, "height": height}],
        "categories": [{"id": number, "name": label} for label, number in numbers.items()],
        "annotations": annotations,
    }
    return json.dumps(written, indent=1) + "\n"
