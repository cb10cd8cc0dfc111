"""Which controls there are to be used, and the line under each."""

from collections.abc import Mapping
from typing import Any

from segui.backend.effect_table import CUT_OUT, NO_EFFECT, STICKER
from segui.finders.photo_notes import photo_notes
from segui.images.formats import FORMATS
from segui.images.pictures import Picture
from segui.masks.notes import offers_of
from segui.models.finder_catalogue import OWN_MODEL
from segui.options import OPTIONS, REFUSED_BY_SOME, STRENGTHS, only_values
from segui.session.view import View
from segui.ui.view.finder_controls import confidence_help, finder_help, model_help, shown_controls
from segui.ui.view.percent import refusal
from segui.ui.view.strength import strength_help
from segui.ui.view.takes import has_camera_data


def infos(view: View, absent: Mapping[str, str]) -> dict[str, str]:
    """The line under each control: what it is for, or why its value is not in force.

    Args:
        view: The view.
        absent: Why a way to find cannot be had here, by its name.
    """
    refused = view.inputs.refused
    infos: dict[str, str] = {}
    by_view = {
        "strength": strength_help,
        "confidence": confidence_help,
        "finder": lambda _: finder_help(absent),
        "finder_repo": model_help,
    }
    for name, option in OPTIONS.items():
        if name == "expression":
            continue
        info = by_view[name](view) if name in by_view else option.help
        if name in refused and name != "rules":  # it is said below its box, with its place
            entered, is_as_node = view.inputs.entered[name], _is_as_comfyui(view)
            why = refusal(name, entered, refused[name], is_as_node=is_as_node)
            info = f"Not used: {why.partition(chr(10))[0]}."  # a caret has no place there
        elif option.node and _is_as_comfyui(view):
            info = f"{info} [{option.node}]"
        infos[name] = info
    return infos


def are_shown(view: View, *, lends_gpu: bool) -> dict[str, bool]:
    """Whether a control is there, by the option's name; one that is not named always is.

    Args:
        view: The view.
        lends_gpu: Whether models run where a GPU is lent, whatever is chosen.
    """
    choice, values = view.inputs.classifier, view.inputs.options
    is_model, effect = not choice.is_built_in, values["effect"]
    failure = view.plan.failure
    can_scale = failure is not None and failure.can_scale
    offers = frozenset() if view.scene is None else view.scene.offers
    return {
        "repo": choice.is_manual,
        "device": is_model and not lends_gpu,
        "revision": is_model,
        "context": is_model,
        "names": choice.is_open,
        "template": choice.is_open,
        "strength": effect in STRENGTHS,
        "version": effect == NO_EFFECT and len(versions(view)) > 1,
        "colour": effect == "colour" or (effect == STICKER and _is_written(values["sticker"])),
        "sticker": effect == STICKER,
        # a sticker has an edge of its own
        **dict.fromkeys(("feather", "edge"), effect != STICKER),
        # what an effect refuses is not offered; where it was asked for all the same, it is told
        **{
            name: name in view.inputs.refused
            or (name not in only_values(effect) and name not in _idle(values))
            for name in REFUSED_BY_SOME
        },
        "sticker_fit": effect == STICKER,
        "among": view.inputs.place > 0,
        **shown_controls(view),
        "finder_repo": values["finder"] == OWN_MODEL,
        "quality": not FORMATS[values["format"]].is_exact,
        "camera_data": has_camera_data(view) or bool(values["camera_data"]),
        "scale": can_scale or bool(values["scale"]),
        "shrink": bool(values["shrink"]),
        "turn_photo": values["turn_photo"] != "auto" or _says_how_it_lies(view.photo),
        "each_mask": bool(values["each_mask"]),
        **{name: name in offers or bool(values[name]) for name in ("align", "count_cast")},
    }


def _says_how_it_lies(photo: Picture | None) -> bool:
    """Whether a photo's file says that it is turned, or cannot be understood where it would."""
    if photo is None:
        return False
    return photo.orientation != 1 or any(map(offers_of, photo_notes(photo, "auto")))


def _idle(values: Mapping[str, Any]) -> frozenset[str]:
    """Options that change nothing: a cut-out mixes no colours, all else has no seam to fit at."""
    if values["effect"] == CUT_OUT:
        return frozenset({"blend", "fit"})
    return frozenset() if values["effect_on"] == "filtered" else frozenset({"fit"})


def _is_as_comfyui(view: View) -> bool:
    """Whether somebody works as with ComfyUI's nodes, and may look for their words."""
    return bool(view.inputs.options["edge"] == "impact")


def versions(view: View) -> list[list[Any]]:
    """The edited versions that an edit may take, by number; one that is not there is said so."""
    files, number = view.inputs.files.references, view.inputs.options["version"]
    listed: list[list[Any]] = [[file.name, place] for place, file in enumerate(files, 1)]
    return listed if number <= len(files) else [*listed, ["None yet", number]]


def _is_written(sticker: str) -> bool:
    """Whether a sticker is a text, in a colour of its own, and not one of those offered."""
    return sticker not in [name for _, name in OPTIONS["sticker"].offered]
