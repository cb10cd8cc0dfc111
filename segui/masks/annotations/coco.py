"""Annotations of COCO: one picture's among those of a file, as outlines, runs or boxes."""

from collections.abc import Iterator, Mapping
from typing import Any

from segui.errors import InputError
from segui.masks.annotations.drawing import AnnotationRequest, Drawing, name_of, size_of
from segui.masks.annotations.layers import Piece, Sketch
from segui.masks.annotations.outlines import counts_of_text, runs_piece
from segui.masks.annotations.photo_names import place_of_photo


def of_coco(value: Any, asked: AnnotationRequest) -> Drawing:
    """What the annotations of one picture draw.

    Args:
        value: A whole file, or a list of annotations.
        asked: How it is to be read.

    Raises:
        InputError: It says what cannot be, or is over a limit.
    """
    whole = value if isinstance(value, dict) else {"annotations": value}
    image = _image_of(whole, asked)
    drawing = Drawing(asked, size_of(image.get("height"), image.get("width"), asked))
    for place, item, label in _of_image(whole, image):
        for piece in _pieces(item, drawing):
            drawing.add(place, label, piece)
    return drawing


def coco_image(value: Any, asked: AnnotationRequest) -> Mapping[str, Any]:
    """What COCO's JSON says of the photo; empty where it lists no pictures.

    Args:
        value: A whole file, or a list of annotations.
        asked: Which photo.

    Raises:
        InputError: It is none of several pictures.
    """
    return _image_of(value if isinstance(value, dict) else {"annotations": value}, asked)


def coco_masks(
    value: Any, asked: AnnotationRequest
) -> Iterator[tuple[Mapping[str, Any], str, list[Piece]]]:
    """Each annotation of the photo as it came, its label, and what it marks.

    Args:
        value: A whole file of COCO's JSON, or a list of annotations.
        asked: Which photo; what the file says of its size has to be the photo's own.

    Raises:
        InputError: It says what cannot be, or is over a limit.
    """
    whole = value if isinstance(value, dict) else {"annotations": value}
    drawing = Drawing(asked, asked.size_hw)
    for _, item, label in _of_image(whole, _image_of(whole, asked)):
        found = _pieces(item, drawing)
        yield item, label, [piece.drawn() for piece in found if piece is not None]


def is_annotation(item: Any) -> bool:
    """Whether something in a list is one of COCO's, with an outline or with a box alone."""
    if not isinstance(item, dict):
        return False
    is_result = "bbox" in item and ("category_id" in item or "image_id" in item)
    return "segmentation" in item or is_result


def _of_image(
    whole: Mapping[str, Any], image: Mapping[str, Any]
) -> Iterator[tuple[int, Mapping[str, Any], str]]:
    """The annotations of one picture, by their places, with their labels."""
    names = {
        category.get("id"): name_of(category.get("name"))
        for category in _objects(whole.get("categories"))
        if isinstance(category.get("id"), int | str)
    }
    for place, item in enumerate(_objects(whole["annotations"])):
        if "id" in image and item.get("image_id", image["id"]) != image["id"]:
            continue
        category = item.get("category_id")
        known = names.get(category) if isinstance(category, int | str) else None
        yield place, item, known or name_of(item.get("category_name", category))


def _image_of(whole: Mapping[str, Any], asked: AnnotationRequest) -> Mapping[str, Any]:
    """The picture among those of the file: the photo by its name, or the only one.

    Raises:
        InputError: It is none of several.
    """
    images = list(_objects(whole.get("images")))
    if isinstance(whole.get("image"), dict):
        images.append(whole["image"])
    names = [image.get("file_name") for image in images]
    place = place_of_photo(names, asked.photo_name, asked.name)
    return {} if place is None else images[place]


def _pieces(item: Mapping[str, Any], drawing: Drawing) -> Iterator[Sketch | None]:
    outlines = item.get("segmentation")
    if isinstance(outlines, dict):
        counts = outlines.get("counts")
        if isinstance(counts, str):
            drawing.count(len(counts))
            counts = counts_of_text(counts)
        elif isinstance(counts, list):
            drawing.count(len(counts))
        if not isinstance(counts, list) or not all(_is_count(count) for count in counts):
            raise InputError(f"{drawing.asked.name} has run lengths that are no whole numbers")
        if outlines.get("size", [*drawing.size_hw]) != [*drawing.size_hw]:
            raise InputError(f"{drawing.asked.name} has run lengths of another picture's size")
        yield runs_piece(counts, drawing.size_hw)
    elif isinstance(outlines, list) and outlines:
        several = outlines if isinstance(outlines[0], list) else [outlines]
        for points in map(drawing.outline, several):
            yield drawing.polygon(points) if len(points) > 2 else None
    else:
        corners = drawing.outline(item.get("bbox") or [])
        if len(corners) != 2:
            yield None
            return
        yield drawing.rectangle(corners[0], corners[0] + corners[1])


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in (value if isinstance(value, list) else ()) if isinstance(item, dict))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40
