"""What is being done, in words, while a page waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from segui.models.finder_catalogue import EDGE_CATALOGUE
from segui.options import option_values
from segui.ui.view import html
from segui.ui.view.sentences import megabytes, plural

if TYPE_CHECKING:
    from segui.session.view import Step, View

_BUSY: Final = {
    "photo": "Reading the photo…",
    "scene": "Finding the areas…",
    "scores": "Judging the areas…",
}


def busy(view: View) -> str:
    """What is being made, beside a picture that stays until it is there."""
    if view.finding is not None and view.finding.doing == "fetching":
        return _progress(_fetched(view), view.finding)[0]
    if view.finding is not None and view.finding.doing == "softening" and view.finding.total:
        return softening_line(view.finding.done, view.finding.total)
    if view.finding is not None and view.finding.total > 1:
        return f"Finding the areas: {view.finding.done} of {view.finding.total} files…"
    stages = [task.stage for task in view.plan.todo]
    return next((_BUSY[stage] for stage in stages if stage in _BUSY), "One moment…")


def softening_line(done: int, total: int) -> str:
    """How far a model has come along edges, and about how long the rest takes it.

    >>> softening_line(0, 6)
    'Softening edges: 0 of 6 parts, about 11 s to go on a CPU…'
    """
    seconds = (total - done) * EDGE_CATALOGUE[0].seconds
    return f"Softening edges: {done} of {total} parts, about {seconds:.0f} s to go on a CPU…"


def _fetched(view: View) -> str:
    """What is fetched where areas are made: what finds them, or what softens their edges."""
    finder, values = view.inputs.areas.finder, view.inputs.options
    edges_by = str(values["edges_by"]).strip() if values["refine_edges"] else ""
    names = [finder] * (finder not in option_values("finder")) + [edges_by] * bool(edges_by)
    return " and ".join(names) or finder


def asking(view: View) -> str:
    """How far a model has come that is asked."""
    shown, step = view.inputs.classifier.shown, view.step
    if step is None:
        count = plural(len(view.segments), "area")
        return html.hint(
            f"Asking {shown} about {count}…",
            "The first time, its model is fetched, which may take some minutes.",
        )
    return html.hint(*_progress(shown, step))


def _progress(shown: str, step: Step) -> tuple[str, str]:
    """A headline, and what else is to be known of it."""
    if step.doing == "fetching":
        of_all = f" of {megabytes(step.total)}" if step.total else ""
        headline = f"Fetching {shown}: {megabytes(step.done)}{of_all}…"
        return headline, "Only the first time; then the model is here."
    if step.done:
        return f"Classifying {step.done} of {step.total}…", ""
    return f"Asking {shown}…", ""
