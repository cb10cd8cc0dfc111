"""The picture's frame as cells: what is drawn there, and what it is drawn with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from segui.masks.texts import is_text_file
from segui.session.view import View
from segui.ui.screen import FRAME, NOTHING_PAINTED, Screen

if TYPE_CHECKING:
    from segui.settings import Settings
    from segui.ui.view.messages import Base, LeftOut, Live, MaskLayer, Painted


def frame_cells(view: View, screen: Screen, settings: Settings) -> dict[Any, Any]:
    """What the frame is told: the photo, the areas, the result, and what is drawn on them.

    Args:
        view: The view.
        screen: What the page asked for, and what was made for it before.
        settings: Limits on mask files.
    """
    from segui.ui.view import picture

    plan = view.plan
    pixels = None if plan.painted is None else plan.painted.pixels
    look = None
    if pixels is not None and screen.look is not None:
        look = screen.made(
            "look",
            (plan.painted, plan.photo, tuple(screen.look)),
            lambda: picture.look_message(view, pixels, list(screen.look)).get("look"),
        )
    told = {
        "busy": "",
        "photo": screen.made(
            "photo", (plan.photo, plan.small), lambda: picture.photo_preview(view)
        ),
        **picture.sizes(view),
        "shapes": screen.made("shapes", (plan.pictures, plan.scene), lambda: picture.shapes(view)),
        **picture.sides_message(view),
        "left_out": _left_out(view, screen),
        "stale": view.stale,
        "painted": _painted(view, screen),
        "layers": _layers(view, screen),
        "base": _base(view, screen, settings),
        "result": screen.made(
            "result",
            (plan.painted, plan.photo),
            lambda: "" if pixels is None else picture.preview(view, pixels),
        ),
        "look": look,
        "paste": picture.paste_message(view),
        "live": _live(view, screen),
        "marks": picture.marks_message(view),
    }
    return {(FRAME, name): value for name, value in told.items()}


def _base(view: View, screen: Screen, settings: Settings) -> Base | None:
    """The mask file that is painted on, as it is below that."""
    from segui.ui.view import picture

    files, photo = view.inputs.files, view.photo
    mask = next((mask for mask in files.masks if mask.id == screen.base_of), None)
    if mask is None or photo is None:
        return None
    # another option for areas may read the file otherwise
    of = (mask.id, repr(view.inputs.areas.options), photo)
    made: Base = screen.made("base", of, lambda: picture.base_message(view, mask, photo, settings))
    return made


def _live(view: View, screen: Screen) -> Live:
    """What the page was told to draw with, as long as it is right; else that it is to ask for it.

    The key is another one for each time that it asked: what it asked for in vain it asks for again.
    """
    from segui.ui.view.live import live_key

    made_of, told = screen.live
    return told if made_of.is_(*live_key(view)) else {"key": screen.live_asked}


def _layers(view: View, screen: Screen) -> list[MaskLayer]:
    """The mask files and what was painted on each, as the page has it where it did that."""
    from segui.ui.view import picture

    layers: list[MaskLayer] = []
    # annotations are text: whoever corrects them paints beside them
    pictures = [mask for mask in view.inputs.files.masks if not is_text_file(mask.path)]
    for mask in pictures:
        file = view.inputs.files.strokes_on(mask.id)
        id_, as_sent = screen.strokes.get(mask.id, ("", NOTHING_PAINTED))
        strokes = as_sent["mask"]
        if id_ != ("" if file is None else file.id):
            strokes = screen.made(f"strokes {mask.id}", (file,), partial(picture.file_uri, file))
        told = as_sent.get("told", 0)
        layers.append({"layer": mask.id, "name": mask.name, "strokes": strokes, "told": told})
    return layers


def _painted(view: View, screen: Screen) -> Painted:
    """What was painted, as the page has it where it was painted there."""
    from segui.ui.view import picture

    painted, (id_, as_sent) = view.inputs.files.painted, screen.painted
    if id_ == ("" if painted is None else painted.id):
        return as_sent
    mask = screen.made("painted", (painted,), lambda: picture.file_uri(painted))
    return {"mask": mask, "told": as_sent.get("told", 0)}


def _left_out(view: View, screen: Screen) -> LeftOut:
    """The boxes of what is too small to be an area, while these areas' are asked for."""
    asked, of = screen.left_out
    if view.scene is None or not of.is_(view.scene):
        return {"key": 0, "boxes": []}
    return {"key": asked, "boxes": [[*box] for box in view.scene.segments.left_out]}
