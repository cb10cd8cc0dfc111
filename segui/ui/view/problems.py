"""What is in the way of a picture, or can still be seen in it, as a sentence."""

from typing import Final

from segui.backend.effect_table import HIDE, STICKER
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
        return html.problem(plan.mishap)
    return _warning(view)


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
    """What can still be seen of areas that are to be hidden; empty where nothing can."""
    from segui.session.unhidden import undecided

    hiding = [edit.options for edit in view.inputs.edits if edit.options["effect"] == HIDE]
    if not hiding or view.selection is None:
        return ""
    if count := len(undecided(view)):
        are = "area is" if count == 1 else "areas are"
        said = f"{count} undecided {are} not hidden yet: include each, or leave it out."
        return html.problem(said, is_hint=True)
    if any(values["alpha"] < 255 or values["edge"] != "outward" for values in hiding):
        return html.problem(_SHOWS_THROUGH, is_hint=True)
    return ""
