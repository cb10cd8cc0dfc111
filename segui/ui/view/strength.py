"""The strength of an effect: its slider, and the line under it."""

from typing import Any, Final

from segui.backend.effect_table import BLOCKS_AN_AREA, HIDE, MOSAIC, PIXELATE, STONES, strength_of
from segui.options import OPTIONS, STRENGTHS, PxOrShare, percent_of
from segui.session.view import View

_FITTED: Final = {"hide": "each area", "pixelate": "the picture and its largest area"}
_SHARES: Final = (0, 100, 0.5)  # the slider of a strength in percent


def strength_help(view: View) -> str:
    """The line under the slider: its unit, and what 0 stands for."""
    effect = view.inputs.options["effect"]
    known = STRENGTHS.get(effect)
    if known is None:
        return OPTIONS["strength"].help
    if known.fits:
        is_inside = view.inputs.options["effect_on"] == "filtered"
        whose = "each area's own" if is_inside else "the photo's"
        return f"Px of the full-size photo, or % of {whose} side; 0 {_automatic(view)}."
    unit = f"{known.unit[0].upper()}{known.unit[1:]}; " if known.unit else ""
    note = f"{known.note}, " if known.note else ""
    said = f"{unit}{note}0 {known.zero}."
    return said[0].upper() + said[1:]


def _automatic(view: View) -> str:
    """What the strength is where nobody says, in words."""
    values, photo, selection = view.inputs.options, view.photo, view.selection
    effect, is_on_areas = values["effect"], values["effect_on"] == "filtered"
    if photo is None or (selection is None and effect == PIXELATE and is_on_areas):
        return f"fits {_FITTED.get(effect, 'the picture')}"
    if effect == MOSAIC and is_on_areas:
        return f"is {STONES} of each: as many stones in a small one as in a large one"
    if effect == HIDE and is_on_areas:
        return f"makes {BLOCKS_AN_AREA} blocks a side of each area, and none finer than 4 px"
    if selection is not None and effect == PIXELATE and is_on_areas:
        from segui.backend.hiding import block_for_segments

        size = block_for_segments(selection.filtered, photo.size_hw)
        return f"is automatic: {size} px, for this photo and its largest area"
    return f"is automatic: {strength_of(effect, None, max(photo.size_hw)):.3g} px for this photo"


def strength_slider(effect: str, strength: PxOrShare) -> dict[Any, Any]:
    """The slider of the strength as the effect has it."""
    known = STRENGTHS.get(effect)
    if known is None:
        return {("option.strength", "label"): OPTIONS["strength"].label}
    first, last, step = _SHARES if percent_of(strength) is not None else known.slider
    told = {"label": known.label, "minimum": first, "maximum": last, "step": step}
    return {("option.strength", name): value for name, value in told.items()}
