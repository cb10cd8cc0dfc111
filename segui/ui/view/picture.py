"""What the picture's frame is told of a View: pictures, outlines, sides. See ``messages.py``."""

from base64 import b64encode

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.finders.found_by import Offered
from segui.geometry import Box
from segui.images.pictures import Picture
from segui.images.writing import encode_jpeg, encode_png
from segui.previews.layers import PreviewLayer, inner_point, layer_outlines
from segui.previews.thumbnails import PREVIEW_PX, edge_point
from segui.segments.segment import Segment
from segui.session.files import BOTH, FileRef, marks_of
from segui.session.inputs import named_finder, option_names
from segui.session.view import View
from segui.session.work import mask_preview
from segui.settings import Settings
from segui.ui.view.messages import Base, FrameMessage, Marks, Paste, Shape

Pixels = NDArray[np.uint8]

PREVIEW_QUALITY = 88
CLOSE_QUALITY = 95  # who looks this close judges a seam
SIMPLER_PX = 0.7  # how far an outline may be from the true one, in pixels of the preview
MAX_SHAPES = 1000
INSET_PX = 220
MAX_LOOK_PX = 2600


def as_uri(data: bytes, kind: str = "jpeg") -> str:
    """A picture's bytes as an address: nothing of it is left on disk or can be asked for."""
    return f"data:image/{kind};base64," + b64encode(data).decode("ascii")


def preview(view: View, pixels: Pixels, max_side: int = PREVIEW_PX) -> str:
    """A picture to look at, in the photo's own colours."""
    profile = None if view.photo is None else view.photo.icc_profile
    return as_uri(
        encode_jpeg(pixels, max_side=max_side, quality=PREVIEW_QUALITY, icc_profile=profile)
    )


def photo_preview(view: View) -> str:
    """The photo to look at; empty where there is none."""
    if view.photo is None:
        return ""
    return preview(view, view.photo.pixels if view.plan.small is None else view.plan.small)


def sizes(view: View) -> FrameMessage:
    """Width and height of the photo and of its preview."""
    if view.photo is None:
        return {"size": None, "preview": None}
    height, width = view.photo.size_hw
    return {"size": [width, height], "preview": [*preview_size(view)]}


def file_uri(painted: FileRef | None) -> str:
    """What was painted so far, as the page is told; empty where nothing was."""
    has_it = painted is not None and painted.path.exists()
    return as_uri(painted.path.read_bytes(), "png") if painted is not None and has_it else ""


def base_message(view: View, mask: FileRef, photo: Picture, settings: Settings) -> Base:
    """A mask file as it is below what is painted on it."""
    try:
        seen = mask_preview(mask, view.inputs.areas, photo, settings)
    except InputError as error:
        return {"layer": mask.id, "mask": "", "trouble": str(error)}
    return {"layer": mask.id, "mask": as_uri(encode_png(seen), "png"), "trouble": ""}


def sides_message(view: View) -> FrameMessage:
    """Where each area goes."""
    selection = view.selection
    if selection is None:
        count = 0 if view.scene is None else len(view.scene.segments.items)
        sides = ["review"] * count
        return {"sides": sides, "hand": [], "numbers": [], "selected": view.inputs.picked}
    numbers = [number for number, side in enumerate(selection.sides, 1) if side == "filtered"]
    return {
        "sides": [*selection.sides],
        "hand": [*selection.by_hand],
        "numbers": numbers,
        "selected": view.inputs.picked,
    }


def marks_message(view: View) -> Marks:
    """What was clicked and framed, and whether a click or a box is what finds something."""
    files = view.inputs.files
    return {
        "way": _way_of(view),
        "points": [[point.x, point.y, int(point.is_wanted)] for point in files.points],
        "boxes": [[*box] for box in files.boxes],
        "answers": [
            {"name": one.name, "share": round(100 * one.share, 1), "taken": one.is_taken}
            for one in _offered(view)
        ],
    }


def _offered(view: View) -> tuple[Offered, ...]:
    """The outlines that a model has for what was clicked, where that is what is seen."""
    is_theirs = view.scene is not None and view.plan.areas == view.inputs.areas
    by = view.scene.found_by if view.scene is not None and is_theirs else None
    return () if by is None else by.offered


def _way_of(view: View) -> str:
    """How something is marked to be found; of a model named by its repo id, as it says itself."""
    failure, by = view.plan.failure, None if view.scene is None else view.scene.found_by
    finder = named_finder(view.inputs.options)
    wants = failure is not None and failure.wants_marks
    is_by_it = by is not None and by.name == finder and by.needs == "marks"
    return marks_of(finder) or (BOTH if wants or is_by_it else "")


def paste_message(view: View) -> Paste:
    """What the controls say of pasting."""
    return {name: view.inputs.entered[name] for name in option_names("paste")}


def look_message(view: View, pixels: Pixels, box_said: object) -> FrameMessage:
    """A part of the result, and of the photo, one pixel each.

    Args:
        view: For the photo.
        pixels: The result, at the photo's size.
        box_said: Which part the browser asked for: hostile until it was checked.
    """
    box = _checked_box(box_said, view)
    if box is None or view.photo is None:
        return {}
    after, before = (_piece(view, picture, box) for picture in (pixels, view.photo.pixels))
    return {"look": {"box": [*box], "after": after, "before": before}}


def _checked_box(said: object, view: View) -> Box | None:
    if view.photo is None or not isinstance(said, list) or len(said) != 4:
        return None
    if not all(isinstance(edge, int) and abs(edge) < 10**6 for edge in said):
        return None
    x1, y1, x2, y2 = said
    asked = Box(x1, y1, min(x2, x1 + MAX_LOOK_PX), min(y2, y1 + MAX_LOOK_PX))
    box = asked.clip(view.photo.size_hw)
    return None if box.is_empty else box


def _piece(view: View, pixels: Pixels, box: Box) -> str:
    profile = None if view.photo is None else view.photo.icc_profile
    cut = np.ascontiguousarray(pixels[box.slices])
    return as_uri(encode_jpeg(cut, max_side=None, quality=CLOSE_QUALITY, icc_profile=profile))


def edge_picture(view: View, pixels: Pixels, number: int) -> str:
    """The edge of an area in the result, one pixel each; empty where no area has that number."""
    segment = segment_of(view, number)
    if segment is None or view.photo is None:
        return ""
    x, y = edge_point(segment, view.photo.size_hw)
    half = INSET_PX // 2
    height, width = view.photo.size_hw
    left = min(max(0, x - half), max(0, width - INSET_PX))
    top = min(max(0, y - half), max(0, height - INSET_PX))
    box = Box(left, top, left + INSET_PX, top + INSET_PX).clip(view.photo.size_hw)
    return _piece(view, pixels, box)


def segment_of(view: View, number: int) -> Segment | None:
    """The area with that number; None where there is none."""
    items = () if view.scene is None else view.scene.segments.items
    return items[number - 1] if 0 < number <= len(items) else None


def preview_size(view: View) -> tuple[int, int]:
    """Width and height of the photo's preview, as ``image_writing.shrink`` makes it."""
    height, width = (0, 0) if view.photo is None else view.photo.size_hw
    factor = min(1.0, PREVIEW_PX / max(height, width, 1))
    return max(1, round(width * factor)), max(1, round(height * factor))


def shapes(view: View) -> list[Shape]:
    """Each area's outline, and where its number stands, in pixels of the preview."""
    if view.scene is None or view.photo is None:
        return []
    factor = preview_size(view)[0] / view.photo.size_hw[1]
    items = view.scene.segments.items
    return [_shape(layer, items[layer.number - 1], factor) for layer in view.layers[:MAX_SHAPES]]


def _shape(layer: PreviewLayer, segment: Segment, factor: float) -> Shape:
    box = segment.bbox
    middle = ((box.x1 + box.x2) / 2 * factor, (box.y1 + box.y2) / 2 * factor)
    x, y = inner_point(layer, middle)  # of rings and of what is in several parts not the middle
    return {
        "n": layer.number,
        "a": segment.area,
        "x": round(x, 1),
        "y": round(y, 1),
        "d": "".join(_path(contour) for contour in layer_outlines(layer)),
    }


def _path(contour: NDArray[np.int32]) -> str:
    points = cv2.approxPolyDP(contour, SIMPLER_PX, closed=True).reshape(-1, 2)
    return "M" + "L".join(f"{x} {y}" for x, y in points.tolist()) + "Z"
