"""What is in the way of a picture, or can still be seen in it, as a sentence."""

from collections.abc import Mapping
from typing import Any, Final

from segui.backend.effect_table import STICKER
from segui.options import length_px
from segui.session.results import Failed
from segui.session.view import View
from segui.ui.view import html
from segui.ui.view.sentences import sentence

_NOTHING_TO_PASTE: Final = "Nothing to paste yet: say what happens, or add an edited version."
_NO_STICKER: Final = "No picture for the sticker yet: add one, or pick another sticker."
_SHOWS_THROUGH: Final = (
    "What is hidden shows through at its edge, or by its opacity: “Hide for privacy” covers "
    "all of it."
)
_SHOWS_BESIDE: Final = (
    "What is hidden shows through beside what is chosen: a soft edge of 0 covers all of it."
)
_OPAQUE: Final = 255


def problem(view: View) -> str:
    """What is in the way, the most urgent thing alone."""
    plan = view.plan
    if isinstance(plan.failure, Failed) and plan.failure.wants_marks:
        return html.problem(sentence(plan.failure.sentence), is_hint=True)
    if failed := failure(view):
        return failed
    if plan.scene is not None and not view.inputs.open_edit.has_pixels(view.inputs.files):
        is_sticker = view.inputs.options["effect"] == STICKER
        return html.problem(_NO_STICKER if is_sticker else _NOTHING_TO_PASTE, is_hint=True)
    if plan.nothing_painted:
        return html.problem(plan.nothing_painted)
    if plan.mishap:
        return html.problem(plan.mishap) + _warning(view)
    return _warning(view)


def beside_remark(view: View) -> str:
    """What no remark about something else may hide: what went wrong, or can still be seen."""
    return failure(view) or _warning(view)


def failure(view: View) -> str:
    """What went wrong with what was given or asked; empty where nothing did."""
    plan = view.plan
    if isinstance(plan.failure, Failed) and not plan.failure.wants_marks:
        failed = plan.failure
        return html.problem(
            failed.sentence,
            can_scale=failed.can_scale,
            smaller_wh=failed.smaller_wh,
            offers=failed.offers,
        )
    return html.problem(plan.trouble) if plan.trouble else ""


def _warning(view: View) -> str:
    """What can still be seen of what is to be hidden, to be decided on; empty where nothing can."""
    from segui.session.unhidden import undecided

    if view.selection is None:
        return ""
    if count := len(undecided(view)):
        are = "area is" if count == 1 else "areas are"
        said = f"{count} undecided {are} not hidden yet: include each, or leave it out."
        return html.problem(said, is_hint=True, is_doubt=True)
    rows = zip(view.inputs.edits, view.chosen_by, strict=True)
    hiding = [edit.options for edit, chosen in rows if edit.hides and chosen]
    said = next(filter(None, map(_shows_through, hiding)), "")
    return html.problem(said, is_hint=True, is_doubt=True) if said else ""


def _shows_through(values: Mapping[str, Any]) -> str:
    """Where what an edit hides is seen through its soft edge, or through it; empty for nowhere."""
    is_soft = length_px(values["feather"], 1.0) > 0
    if values["effect_on"] != "filtered":  # the chosen areas fade out over what is hidden
        return _SHOWS_BESIDE if is_soft else ""
    is_open = values["alpha"] < _OPAQUE or (is_soft and values["edge"] != "outward")
    return _SHOWS_THROUGH if is_open else ""
