"""What the picture's frame is told of a View: pictures, outlines, sides. See ``messages.py``."""

from base64 import b64encode
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.backend.hiding import patches_of_segments
from segui.errors import InputError
from segui.geometry import Box
from segui.images.pictures import Picture
from segui.images.writing import encode_jpeg, encode_png
from segui.pipeline import CUT_OUT, HIDE, PasteOptions, edited, fits_segments
from segui.previews.layers import PreviewLayer, layer_outlines
from segui.previews.thumbnails import PREVIEW_PX, edge_point
from segui.segments.segment import Segment
from segui.session.inputs import FileRef, option_names
from segui.session.view import View
from segui.session.work import mask_preview
from segui.settings import Settings
from segui.ui.view.messages import Base, FrameMessage, Layer, Live, Paste, Shape

Pixels = NDArray[np.uint8]

PREVIEW_QUALITY = 88
CLOSE_QUALITY = 95  # who looks this close judges a seam
SIMPLER_PX = 0.7  # how far an outline may be from the true one, in pixels of the preview
MAX_SHAPES = 1000
MAX_LAYERS = 80  # above that, and for larger masks than these, the server draws what sliders ask
MAX_LAYER_PIXELS = 16 * PREVIEW_PX**2
INSET_PX = 220
MAX_LOOK_PX = 2600
HIDE_REACH_PX = 100  # as far as the slider of the soft edge goes


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
    return {"size": [width, height], "preview": [*_preview_size(view)]}


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


def live_key(view: View) -> tuple[object, ...]:
    """What the browser's own drawing is made of besides what its sliders say."""
    values = dict(view.inputs.paste)
    pasted = tuple(values[name] for name in ("effect", "effect_on", "strength", "colour"))
    # what hides an area is made for that area: the browser needs it anew
    chosen = view.selection if fits_segments(view.inputs.paste_options()) else None
    return view.plan.pictures, view.scene, *pasted, chosen


def live_message(view: View, device: str) -> Live:
    """What the browser needs to draw the paste while a slider moves; empty where it cannot."""
    options, layers = view.inputs.paste_options(), view.layers
    if view.scene is None or view.selection is None or not _has_edit(view, options):
        return {}
    too_much = sum(layer.mask.size for layer in layers) > MAX_LAYER_PIXELS
    if not layers or len(layers) > MAX_LAYERS or too_much:
        return {}
    width, height = _preview_size(view)
    # a slider must not uncover what is hidden before the server has answered
    reach = options.feather + HIDE_REACH_PX if _hides_areas(options) else None
    return {
        "reach": reach,
        "width": width,
        "height": height,
        "scale": width / view.scene.photo.size_hw[1],
        "edit": _edit_preview(view, options, device),
        # what is transparent lies under a cut-out, and an edit under the areas that keep the photo
        "swap": (options.effect == CUT_OUT) == (options.effect_on == "filtered"),
        "layers": [_layer_message(layer) for layer in layers],
    }


def paste_message(view: View) -> Paste:
    """What the controls say of pasting."""
    return {name: view.inputs.entered[name] for name in option_names("paste")}


def _has_edit(view: View, options: PasteOptions) -> bool:
    has_reference = view.scene is not None and view.scene.reference is not None
    return options.effect != "none" or has_reference


def _layer_message(layer: PreviewLayer) -> Layer:
    return {
        "number": layer.number,
        "box": [*layer.box],
        "crop": [*layer.crop],
        "crop_hw": [*layer.crop_hw],
        "mask": as_uri(encode_png(layer.mask), "png"),
    }


def _edit_preview(view: View, options: PasteOptions, device: str) -> str:
    """The picture as if all of it were pasted."""
    assert view.scene is not None and view.selection is not None  # noqa: S101, PT018  checked above
    filtered = view.selection.filtered
    if not _hides_areas(options):
        return preview(view, edited(view.scene, filtered, options, device))
    wider = replace(options, feather=options.feather + HIDE_REACH_PX)
    shown = edited(view.scene, filtered, wider, device).copy()
    # near each area as the result has it: further out, another area's blocks may lie over them.
    # This one is made last, because the result is made of what was made last
    exact = edited(view.scene, filtered, options, device)
    for patch in patches_of_segments(
        filtered, view.scene.photo.size_hw, feather=options.feather, strength=options.strength
    ):
        shown[patch.box.slices] = exact[patch.box.slices]
    return preview(view, shown)


def _hides_areas(options: PasteOptions) -> bool:
    """Whether blocks cover each area as far as the soft edge goes, and no further."""
    return options.effect == HIDE and options.effect_on == "filtered"


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


def _preview_size(view: View) -> tuple[int, int]:
    """Width and height of the photo's preview, as ``image_writing.shrink`` makes it."""
    height, width = (0, 0) if view.photo is None else view.photo.size_hw
    factor = min(1.0, PREVIEW_PX / max(height, width, 1))
    return max(1, round(width * factor)), max(1, round(height * factor))


def shapes(view: View) -> list[Shape]:
    """Each area's outline, and where its number stands, in pixels of the preview."""
    if view.scene is None or view.photo is None:
        return []
    factor = _preview_size(view)[0] / view.photo.size_hw[1]
    items = view.scene.segments.items
    return [_shape(layer, items[layer.number - 1], factor) for layer in view.layers[:MAX_SHAPES]]


def _shape(layer: PreviewLayer, segment: Segment, factor: float) -> Shape:
    box = segment.bbox
    return {
        "n": layer.number,
        "a": segment.area,
        "x": round((box.x1 + box.x2) / 2 * factor, 1),
        "y": round((box.y1 + box.y2) / 2 * factor, 1),
        "d": "".join(_path(contour) for contour in layer_outlines(layer)),
    }


def _path(contour: NDArray[np.int32]) -> str:
    points = cv2.approxPolyDP(contour, SIMPLER_PX, closed=True).reshape(-1, 2)
    return "M" + "L".join(f"{x} {y}" for x, y in points.tolist()) + "Z"
