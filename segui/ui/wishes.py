"""The controls' values, as the page sends them, and as the engine wants them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from segui.classifiers.choice import choice_of
from segui.classifiers.names import TEMPLATE
from segui.ui.layout import choices
from segui.ui.layout.components import Parts
from segui.ui.state import Wishes

if TYPE_CHECKING:
    from segui.pipeline import PasteOptions, SegmentOptions

MAX_FEATHER_PX = 500
_DEFAULT_CROP_FACTOR = 3.0
_DEFAULT_DROP_SIZE = 10
_DEFAULT_NUMBERS = {"crop_factor": _DEFAULT_CROP_FACTOR, "drop_size": _DEFAULT_DROP_SIZE, "grow": 0}


def wish_components(parts: Parts) -> dict[str, Any]:
    """The controls whose values make up the wishes, by name, in the order they are sent in."""
    photo, areas, choose = parts.photo, parts.areas, parts.choose
    return {
        "mask_kind": areas.mask_kind,
        "crop_factor": areas.crop_factor,
        "drop_size": areas.drop_size,
        "combined": areas.combined,
        "bbox_fill": areas.bbox_fill,
        "contour_fill": areas.contour_fill,
        "invert": areas.invert,
        "scale": photo.scale,
        "grow": areas.grow,
        "fill_holes": areas.fill_holes,
        "order": areas.order,
        "classifier": choose.classifier,
        "repo": choose.repo,
        "device": choose.device,
        "revision": choose.revision,
        "context": choose.context,
        "names": choose.names,
        "template": choose.template,
        "expression": choose.expression,
        "on_unknown": choose.on_unknown,
        **paste_components(parts),
    }


def paste_components(parts: Parts) -> dict[str, Any]:
    """Those of them that say how it is pasted.

    Before and after each event, the browser tells every control that the event sends: a slider's
    sends these alone.
    """
    paste = parts.paste
    return {
        "effect": paste.effect,
        "effect_on": paste.effect_on,
        "strength": paste.strength,
        "colour": paste.colour,
        "feather": paste.feather,
        "alpha": paste.alpha,
        "edge": paste.edge,
    }


def default_values(classifier: str, device: str) -> dict[str, Any]:
    """What every control says on a page without an example."""
    return {
        "mask_kind": "auto",
        "crop_factor": _DEFAULT_CROP_FACTOR,
        "drop_size": _DEFAULT_DROP_SIZE,
        "combined": False,
        "bbox_fill": False,
        "contour_fill": False,
        "invert": False,
        "scale": False,
        "grow": 0,
        "fill_holes": False,
        "order": "reading",
        "classifier": classifier,
        "repo": "",
        "device": device,
        "revision": "",
        "context": "crop",
        "names": "",
        "template": TEMPLATE,
        "expression": choices.EVERYTHING,
        "on_unknown": "remain",
        "effect": "none",
        "effect_on": "filtered",
        "strength": 0,
        "colour": "#000000",
        "feather": 5,
        "alpha": 255,
        "edge": "smooth",
    }


def read_wishes(names: Sequence[str], values: Sequence[Any]) -> Wishes:
    """What the controls ask for.

    Args:
        names: The controls' names.
        values: What each of them says.

    Raises:
        InputError: An effect's name is none of those there are.
    """
    return wishes_of(dict(zip(names, values, strict=True)))


def wishes_of(said: Mapping[str, Any]) -> Wishes:
    """What the controls ask for, from their values by name.

    Raises:
        InputError: An effect's name is none of those there are.
    """
    return Wishes(
        segments=_segment_options(said),
        classifier=choice_of(said),
        expression=said["expression"] or "",
        on_unknown=said["on_unknown"],
        paste=paste_of(said),
    )


def paste_of(said: Mapping[str, Any]) -> "PasteOptions":
    """How it is to be pasted, from the values of `paste_components` by name.

    Raises:
        InputError: An effect's name is none of those there are.
    """
    from segui.pipeline import PasteOptions

    has_strength = said["effect"] in choices.EFFECTS_WITH_STRENGTH
    strength = _within(said["strength"], 0, 0, choices.MAX_STRENGTH_PX) or None
    return PasteOptions(
        effect=said["effect"],
        effect_on=said["effect_on"],
        feather=round(_within(said["feather"], 5, 0, MAX_FEATHER_PX)),
        alpha=round(_within(said["alpha"], 255, 0, 255)),
        edge=said["edge"],
        strength=strength if has_strength else None,
        colour=said["colour"] or "#000000",
    )


def _within(value: float | None, default: float, least: float, most: float) -> float:
    """A slider's value, which its number box may leave empty or out of bounds for a while."""
    return default if value is None else min(max(value, least), most)


def _segment_options(said: Mapping[str, Any]) -> "SegmentOptions":
    from segui.pipeline import SegmentOptions

    options = {field.name: said[field.name] for field in fields(SegmentOptions)}
    # a number box that was emptied says nothing
    for name, default in _DEFAULT_NUMBERS.items():
        options[name] = default if options[name] is None else options[name]
    return SegmentOptions(**options)
