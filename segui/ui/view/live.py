"""What the browser draws the paste with while a slider moves. See ``messages.py``.

It moves sliders of the edit that is open: what earlier edits make is below it, as a picture, and
what later ones make is above, each as it is now. A later edit that is made from the photo would be
another one where the open one reaches it: there the server draws.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segui.backend.blending import NORMAL
from segui.backend.effect_table import CUT_OUT, HIDE, NO_EFFECT, STICKER
from segui.backend.hiding import patches_of_segments
from segui.backend.paste_checks import feather_px
from segui.edits import Edit, before, edit_steps
from segui.geometry import Box
from segui.images.writing import encode_png
from segui.options import OPTIONS, option_range
from segui.paste_values import PasteOptions, differs_by_segment, fits_segments, is_fitted
from segui.pipeline import Scene
from segui.previews.layers import PreviewLayer
from segui.previews.thumbnails import PREVIEW_PX
from segui.rendering import edited, looks_px
from segui.segments.segment import Segments
from segui.selection import Selection
from segui.session.view import View
from segui.session.work import made_edits
from segui.ui.view.messages import Above, Layer, Live
from segui.ui.view.picture import as_uri, preview, preview_size

Pixels = NDArray[np.uint8]

MAX_LAYERS = 80  # above that, and for larger masks than these, the server draws what sliders ask
MAX_LAYER_PIXELS = 16 * PREVIEW_PX**2
# as far as the slider of the soft edge goes
HIDE_REACH_PX: Final = OPTIONS["feather"].slider_most or 0
_STILL = (NO_EFFECT, "colour")  # the same whatever lies below them, where nothing is blended


def live_key(view: View) -> tuple[object, ...]:
    """What the browser's own drawing is made of besides what its sliders say."""
    values = dict(view.inputs.paste)
    drawn = ("feather", "alpha", "edge")
    pasted = tuple(value for name, value in values.items() if name not in drawn)
    # what hides an area is made for that area: the browser needs it anew
    is_by_area = fits_segments(view.inputs.paste_options()) or bool(values["fade"])
    chosen = view.selection if is_by_area else None
    return view.plan.pictures, view.scene, pasted, chosen, *_others_key(view)


def _others_key(view: View) -> tuple[object, ...]:
    """What the other edits make: what one has may depend on what the open one leaves."""
    inputs = view.inputs
    if len(inputs.edits) == 1:
        return (inputs.enabled,)
    others = tuple(edit.pasting for edit in (*inputs.earlier, *inputs.later))
    choosing = tuple(edit.choosing for edit in inputs.edits), inputs.meanings
    return inputs.place, choosing, others, view.plan.scored


@dataclass(frozen=True, eq=False)
class _Stage:
    """An edit with the picture that it is made on."""

    scene: Scene
    edit: Edit
    selection: Selection

    @property
    def filtered(self) -> Segments:
        return self.selection.filtered

    @property
    def is_swapped(self) -> bool:
        """Whether what is below lies over what is pasted.

        What is transparent lies under a cut-out, and an edit under the areas that keep the photo.
        """
        paste = self.edit.paste
        return (paste.effect == CUT_OUT) == (paste.effect_on == "filtered")


def live_message(view: View, device: str) -> Live:
    """What the browser needs to draw the paste while a slider moves; empty where it cannot."""
    layers = view.layers
    too_much = sum(layer.mask.size for layer in layers) > MAX_LAYER_PIXELS
    if view.scene is None or not view.plan.selections:
        return {}
    if not layers or len(layers) > MAX_LAYERS or too_much:
        return {}
    edits = made_edits(view.scene, view.inputs)
    place = view.inputs.place
    if any(edit.enabled and edit.paste.effect == STICKER for edit in edits):
        return {}  # it has an outline of its own, which the browser does not know
    is_made = edits[place].enabled and _has_edit(view.scene, edits[place])
    if not is_made or (len(edits) > 1 and any(_is_cut_out(edit) for edit in edits)):
        return {}
    own, *following = _stages(view.scene, edits, view.plan.selections, place, device)
    later = [one for one in following if one.edit.enabled]
    free_px = _free_px(own, later)
    if free_px is not None and _widest_px(own) >= free_px:
        return {}
    if _overlap(own) or any(_overlap(one) for one in later):
        return {}
    width, height = preview_size(view)
    is_below = any(edit.enabled for edit in edits[:place])
    return {
        "reach": _least(_made_reach(own), free_px),
        "width": width,
        "height": height,
        "scale": width / view.scene.photo.size_hw[1],
        "below": preview(view, own.scene.photo.pixels) if is_below else "",
        "edit": _edit_preview(view, own, device),
        "swap": own.is_swapped,
        "opacities": _opacities(own),
        "layers": [_layer_message(layer, view.scene.segments) for layer in layers],
        "above": [_above(view, one, device) for one in later],
    }


def _has_edit(scene: Scene, edit: Edit) -> bool:
    return scene.has_pixels_for(edit.paste)


def _overlap(stage: _Stage) -> bool:
    """Whether areas with strengths of their own may meet: one picture has no room for both."""
    if stage.edit.paste.share is None or not differs_by_segment(stage.edit.paste):
        return False
    reach_px = _made_reach(stage) or 0
    boxes = [item.content.widen(reach_px) for item in stage.filtered.items]
    return any(not one.intersect(other).is_empty for one, other in itertools.combinations(boxes, 2))


def _is_cut_out(edit: Edit) -> bool:
    return edit.enabled and edit.paste.effect == CUT_OUT


def _stages(
    scene: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    place: int,
    device: str,
) -> list[_Stage]:
    """The open edit and those after it, each on what those before it have made."""
    # what the last one makes is not needed
    made = edit_steps(scene, edits[:-1], selections[:-1], device=device, first=place)
    after = {step.number: step.after for step in made}
    stages, now = [], before(scene, edits, selections, place, device=device)
    for number in range(place, len(edits)):
        stages.append(_Stage(now, edits[number], selections[number]))
        now = after.get(number + 1, now)
    return stages


def _free_px(own: _Stage, later: Sequence[_Stage]) -> int | None:
    """The soft edge at which the open edit would reach what later ones are made from.

    None where there is no such edge; 0 where they meet anyhow.
    """
    depending = {one: _looks_px(one) for one in later if not _is_still(one.edit.paste)}
    if not depending:
        return None
    if own.is_swapped or any(one.is_swapped or px is None for one, px in depending.items()):
        return 0
    gaps = [
        _gap_px(item.content, other.content) - _widest_px(one) - (looks_px or 0)
        for one, looks_px in depending.items()
        for other in one.filtered.items
        for item in own.filtered.items
    ]
    return max(0, min(gaps)) if gaps else None


def _is_still(paste: PasteOptions) -> bool:
    return paste.effect in _STILL and paste.blend == NORMAL and not is_fitted(paste)


def _looks_px(stage: _Stage) -> int | None:
    """How far around a pixel what is pasted there looks; None where it may look anywhere."""
    return looks_px(stage.scene, stage.filtered, stage.edit.paste)


def _widest_px(stage: _Stage) -> int:
    """The widest soft edge of an edit."""
    feathers = [feather_px(stage.edit.paste.feather, item) for item in stage.filtered.items]
    return max(feathers, default=0)


def _gap_px(one: Box, other: Box) -> int:
    """How far two boxes lie apart, along the axis along which it is more."""
    return max(other.x1 - one.x2, one.x1 - other.x2, other.y1 - one.y2, one.y1 - other.y2, 0)


def _least(one: int | None, other: int | None) -> int | None:
    return min((px for px in (one, other) if px is not None), default=None)


def _made_reach(stage: _Stage) -> int | None:
    """How soft the edge may get of what is made for its areas, and no further.

    A slider must not uncover what is hidden before the server has answered.
    """
    options = stage.edit.paste
    reaches = _hides_areas(options) or differs_by_segment(options)
    return _widest_px(stage) + HIDE_REACH_PX if reaches else None


def _above(view: View, stage: _Stage, device: str) -> Above:
    paste, sides = stage.edit.paste, stage.selection.sides
    return {
        "edit": _edit_preview(view, stage, device),
        "swap": stage.is_swapped,
        "numbers": [number for number, side in enumerate(sides, 1) if side == "filtered"],
        "feather": paste.feather,
        "alpha": paste.alpha,
        "opacities": _opacities(stage),
        "edge": paste.edge,
    }


def _opacities(stage: _Stage) -> list[list[float]]:
    """The number and the opacity of each area of an edit that has one of its own."""
    items = enumerate(stage.selection.segments.items, 1)
    return [[number, item.opacity] for number, item in items if item.opacity != 1]


def _layer_message(layer: PreviewLayer, segments: Segments) -> Layer:
    return {
        "number": layer.number,
        "box": [*layer.box],
        "crop": [*layer.crop],
        "crop_hw": [*layer.crop_hw],
        "side": segments.items[layer.number - 1].side_px,
        "mask": as_uri(encode_png(layer.mask), "png"),
    }


def _edit_preview(view: View, stage: _Stage, device: str) -> str:
    """The picture as if all of it were pasted."""
    scene, filtered, options = stage.scene, stage.filtered, stage.edit.paste
    _, most = option_range("feather")
    wider = replace(options, feather=min(_widest_px(stage) + HIDE_REACH_PX, most))
    if not _hides_areas(options):
        asked = wider if differs_by_segment(options) else options
        return preview(view, edited(scene, filtered, asked, device))
    shown = edited(scene, filtered, wider, device).copy()
    # near each area as the result has it: further out, another area's blocks may lie over them.
    # This one is made last, because the result is made of what was made last
    exact = edited(scene, filtered, options, device)
    for patch in patches_of_segments(
        filtered, scene.photo.size_hw, feather=options.feather, strength=options.strength
    ):
        shown[patch.box.slices] = exact[patch.box.slices]
    return preview(view, shown)


def _hides_areas(options: PasteOptions) -> bool:
    """Whether blocks cover each area as far as the soft edge goes, and no further."""
    return options.effect == HIDE and options.effect_on == "filtered"
