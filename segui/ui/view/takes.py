"""What can be taken away of a view, and what each file would be."""

from typing import Any, Final

from segui.images.formats import FORMATS
from segui.session.view import View
from segui.ui.view import html
from segui.ui.view.sentences import picture_size

TAKES: Final = (
    "mask", "cutouts", "layers", "psd", "label_map", "coco", "yolo", "labelme",
    "panoptic", "scores", "recipe", "project", "link", "copy",
)  # fmt: skip


def can_take(view: View) -> bool:
    """Whether there is a picture, and it is what the controls say."""
    return view.plan.painted is not None and not view.stale


def takes(view: View) -> dict[str, bool]:
    """What else can be taken away: layers alone need an effect; a recipe and a project no areas."""
    has_choice = view.selection is not None and not view.stale
    of_areas = dict.fromkeys(TAKES, has_choice)
    has_photo = view.photo is not None and not view.stale
    of_photo = dict.fromkeys(("recipe", "project", "link"), has_photo)
    of_result = dict.fromkeys(("layers", "psd", "copy"), can_take(view))
    return {**of_areas, **of_result, **of_photo}


def gives(view: View) -> str:
    """What the file of the result is, beside its button; or what is missing before there is one."""
    if not can_take(view) or view.photo is None:
        missing = _missing(view)
        return html.help_text(f"No picture to download yet: {missing}.") if missing else ""
    made = [edit for edit in view.inputs.edits if edit.enabled]
    is_photo = all(edit.options["effect_on"] == "filtered" for edit in made) and not any(
        one for edit, one in zip(view.inputs.edits, view.chosen_by, strict=True) if edit.enabled
    )
    if is_photo:
        return html.help_text(f"No area is chosen: this is the photo as it is, {_of_camera(view)}.")
    size = picture_size(view.photo.size_hw)
    return html.help_text(f"{size}, {_of_camera(view)}.{_made_opaque(view)}")


def _missing(view: View) -> str:
    """What a person has to say before there is a result; empty where something went wrong."""
    if view.photo is None or view.stale:
        return ""
    return "say what happens to the areas" if view.segments else "say where the areas are"


def has_camera_data(view: View) -> bool:
    """Whether the photo says what may be kept of its camera."""
    return view.photo is not None and view.photo.camera_data is not None


def _of_camera(view: View) -> str:
    """What becomes of what the camera noted."""
    if not view.inputs.options["camera_data"]:
        return "without camera data"
    if not has_camera_data(view):
        return "without camera data, since the photo has none that is kept"
    return (
        "with camera, lens, exposure, dates and author as the photo has them; without place, "
        "serial numbers and thumbnail"
    )


def _made_opaque(view: View) -> str:
    """What becomes of what is transparent, where the file cannot have that."""
    painted, kind = view.plan.painted, FORMATS[view.inputs.options["format"]]
    if painted is None or painted.pixels.shape[2] == 3 or kind.has_alpha:
        return ""
    return f" {kind.label} has no transparency: what is transparent is white there."


def download(view: View, *, is_asked: bool, is_own: bool) -> dict[Any, Any]:
    """The cells of the way to the result: what is not hidden is asked before, in another colour.

    Args:
        view: The view.
        is_asked: Whether somebody wants the picture and is asked of what is not hidden.
        is_own: Whether the photo is the visitor's own.
    """
    from segui.session.unhidden import undecided, unhidden

    still, is_there = unhidden(view), can_take(view)
    label = FORMATS[view.inputs.options["format"]].label
    return {
        ("download", "value"): f"Download {label}",
        ("ask_download", "value"): f"Download {label}…",
        ("download", "interactive"): is_there,
        ("download", "variant"): "primary" if is_own else "secondary",
        ("download", "visible"): not still,
        ("share", "interactive"): is_there and not still,
        ("ask_download", "interactive"): is_there,
        ("ask_download", "visible"): bool(still),
        ("question", "visible"): bool(still) and is_there and is_asked,
        ("question_text", "value"): html.question(still) if still else "",
        ("hide_undecided", "visible"): bool(still) and bool(undecided(view)),
    }
