"""COCO's panoptic annotations: which colour or number of a label map has which name."""

from collections.abc import Iterator, Mapping
from typing import Any

from segui.errors import InputError
from segui.masks.legends.reading import Legend
from segui.masks.reading import MOST_LABELS

_MOST_ID = (1 << 24) - 1  # three channels


def is_panoptic(value: Any) -> bool:
    """Whether parsed JSON names the parts of pictures that lie beside it."""
    items = value.get("annotations") if isinstance(value, dict) else None
    return isinstance(items, list) and any(
        isinstance(item, dict) and isinstance(item.get("segments_info"), list) for item in items
    )


def panoptic_legend(value: Mapping[str, Any], file: str) -> Legend:
    """The names of one picture's parts.

    A part's number is red + 256 x green + 65,536 x blue of its colour, which is how its picture
    holds it; a grey picture holds the number itself.

    Args:
        value: What ``is_panoptic`` knows.
        file: What messages call it.

    Raises:
        InputError: It is of several pictures, or has more parts than a mask has labels.
    """
    items = [item for item in _objects(value["annotations"]) if "segments_info" in item]
    if len(items) > 1:
        raise InputError(f"{file} names the parts of {len(items)} pictures: expected those of one")
    categories = {
        category.get("id"): category.get("name")
        for category in _objects(value.get("categories"))
        if isinstance(category.get("id"), int)
    }
    by_number: dict[int, str] = {}
    for part in _objects(items[0]["segments_info"]):
        number, category = part.get("id"), part.get("category_id")
        name = categories.get(category) if isinstance(category, int) else None
        if isinstance(number, int) and 0 < number <= _MOST_ID and isinstance(name, str):
            by_number[number] = name
    if len(by_number) > MOST_LABELS:
        raise InputError(
            f"{file} has {len(by_number)} names: a mask has at most {MOST_LABELS} labels"
        )
    by_colour = {
        (number & 255) << 16 | (number >> 8 & 255) << 8 | number >> 16: name
        for number, name in by_number.items()
    }
    return Legend(by_number, by_colour, "of COCO's panoptic kind")


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in (value if isinstance(value, list) else ()) if isinstance(item, dict))
