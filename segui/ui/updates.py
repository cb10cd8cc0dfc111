"""What each component is told after a step; what is not named stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr

from segui.classifiers.catalogue import find_entry
from segui.errors import InputError, SeguiError
from segui.ui import choices, html
from segui.ui.choices import ClassifierChoice
from segui.ui.guard import Updates
from segui.ui.parts import Parts
from segui.ui.state import Wishes, Work
from segui.ui.words import plural

_NOTHING_TO_PASTE = "Nothing to paste yet: pick an effect in step 4, or add an edited version."


@dataclass(frozen=True)
class Teller:
    """Turns Works into updates of the page's components.

    Args:
        parts: The components.
        device: Where pastes are computed.
    """

    parts: Parts
    device: str

    def everything(self, work: Work, wishes: Wishes) -> Updates:
        """After new files or other areas."""
        from segui.ui import shown

        photo, areas = self.parts.photo, self.parts.areas
        notes = () if work.scene is None else work.scene.notes
        return {
            photo.card: shown.photo_card(work),
            photo.reference_card: shown.reference_card(work),
            photo.remove_reference: gr.update(visible=work.files.reference is not None),
            areas.mask_list: html.mask_list([path.name for path in work.files.masks]),
            areas.notes: html.notes(notes),
            areas.scale: gr.update(visible=wishes.segments.scale),
            **self.choice(work, wishes, {"photo": shown.photo_preview(work)}),
        }

    def choice(self, work: Work, wishes: Wishes, pictures: dict[str, str] | None = None) -> Updates:
        """After another choice of areas."""
        from segui.ui import shown

        lists, outcome = shown.lists(work), self.parts.outcome
        labels = _labels_in_order(work)
        preset = choices.preset_of(wishes.expression, labels)
        pictures = {**(pictures or {}), "areas": shown.areas_preview(work)}
        return {
            self.parts.work: work,
            self.parts.choose.preset: gr.update(
                choices=choices.preset_choices(labels), value=preset
            ),
            self.parts.choose.labels: lists.labels,
            self.parts.choose.error: "",
            outcome.status: lists.status,
            outcome.filtered: lists.filtered,
            outcome.review: lists.review,
            outcome.remained: lists.remained,
            outcome.table: lists.table,
            **self.paint(work, wishes, pictures),
        }

    def paint(self, work: Work, wishes: Wishes, pictures: dict[str, str] | None = None) -> Updates:
        """After another way of pasting, or as the end of the steps before it."""
        from segui.ui import shown, steps

        outcome, problem = self.parts.outcome, ""
        is_missing = (
            wishes.paste.effect == "none"
            and work.scene is not None
            and work.scene.reference is None
        )
        pixels = None
        if is_missing:
            problem = html.problem(_NOTHING_TO_PASTE, is_hint=True)
        else:
            try:
                pixels = steps.painted(work, wishes.paste, self.device)
            except InputError as error:
                problem = html.problem(str(error))
        result = "" if pixels is None else shown.preview(work, pixels)
        return {
            outcome.result: {**(pictures or {}), "result": result},
            outcome.download: gr.update(interactive=pixels is not None),
            outcome.problem: problem,
        }

    def another_paste(self, work: Work, wishes: Wishes) -> Updates:
        """After another way of pasting alone: what an example shows is no longer seen."""
        from segui.ui import shown

        updates = self.paint(work, wishes)
        if work.files.example:
            updates[self.parts.outcome.status] = shown.status(work)
        return updates

    def judging(self, work: Work, choice: ClassifierChoice, turn: int) -> Updates:
        """While a model is asked, which may take a while."""
        count = 0 if work.scene is None else len(work.scene.segments.items)
        headline = f"Asking {choice.shown} about {plural(count, 'area')}…"
        advice = "The first time, its model is fetched, which may take some minutes."
        return {
            self.parts.outcome.status: html.hint(headline, advice),
            self.parts.waiting: turn,
        }

    def problem(self, error: SeguiError) -> Updates:
        """When something cannot be done."""
        return {self.parts.outcome.problem: html.problem(str(error))}

    def classifier(self, choice: ClassifierChoice) -> Updates:
        """Those controls that the choice of a classifier shows or hides."""
        entry = find_entry(choice.name)
        note = f"{entry.purpose}. {entry.note}".strip()
        parts = self.parts.choose
        return {
            parts.repo: gr.update(visible=choice.is_manual),
            parts.device: gr.update(visible=not choice.is_built_in),
            parts.note: html.help_text(note),
        }

    def effect(self, effect: str) -> Updates:
        """Those controls that the choice of an effect shows or hides."""
        paste = self.parts.paste
        label = {"blur": "Blur", "pixelate": "Block size"}.get(effect, "Strength")
        return {
            paste.strength: gr.update(label=label, visible=effect in choices.EFFECTS_WITH_STRENGTH),
            paste.colour: gr.update(visible=effect == "colour"),
        }


def _labels_in_order(work: Work) -> Sequence[str]:
    """The classifier's labels in its own order, as far as it has answered."""
    return next((tuple(scores) for scores in work.scores or () if scores), ())
