"""What each component is told after a step; what is not named stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from segui.classifiers.catalogue import find_entry, privacy_note
from segui.classifiers.choice import ClassifierChoice
from segui.errors import InputError, SeguiError
from segui.options import STRENGTHS
from segui.ui.asking import Step
from segui.ui.guard import Updates
from segui.ui.layout import choices
from segui.ui.layout.components import Parts
from segui.ui.state import Hand, Wishes, Work
from segui.ui.view import areas as area_html
from segui.ui.view import html
from segui.ui.view.rule_builder import builder_value
from segui.ui.view.sentences import about, megabytes, plural

if TYPE_CHECKING:  # torch comes with it
    from segui.pipeline import PasteOptions

_NOTHING_TO_PASTE = "Nothing to paste yet: pick an effect in step 4, or add an edited version."
_SHOWS_THROUGH = (
    "What is hidden shows through at its edge, or by its opacity: “Hide for privacy” covers "
    "all of it."
)
Message = dict[str, Any]


@dataclass(frozen=True)
class Teller:
    """Turns Works into updates of the page's components.

    Args:
        parts: The components.
        device: Where pastes are computed.
        leave_seconds: How long pictures are kept after a page was closed.
        lends_gpu: Whether models run where a GPU is lent, whatever is chosen.
    """

    parts: Parts
    device: str
    leave_seconds: int = 600
    lends_gpu: bool = False

    def everything(self, work: Work, wishes: Wishes, hand: Hand) -> Updates:
        """After new files or other areas."""
        from segui.ui.view import lists as shown
        from segui.ui.view import picture

        photo, areas, files = self.parts.photo, self.parts.areas, work.files
        scene = work.scene
        left_out = 0 if scene is None else len(scene.segments.left_out)
        mask_names = [path.name for path in files.masks]
        told: Updates = {}
        if files.recipe is not None:
            from segui.ui.recipes import recipe_notes

            told[photo.settings_notes] = html.notes(recipe_notes(files.recipe, files))
        return told | {
            photo.card: shown.photo_card(work),
            photo.reference_card: shown.reference_card(work),
            photo.remove_reference: gr.update(visible=files.reference is not None),
            photo.scale: gr.update(visible=wishes.segments.scale),
            areas.mask_list: html.mask_list(
                mask_names, painted=files.painted is not None, trouble=work.stale
            ),
            areas.paint: gr.update(interactive=work.photo is not None),
            areas.notes: html.notes(() if scene is None else scene.notes, left_out=left_out),
            **self.choice(work, wishes, hand, picture.photo_message(work)),
        }

    def choice(
        self, work: Work, wishes: Wishes, hand: Hand, message: Message | None = None
    ) -> Updates:
        """After another choice of areas."""
        from segui.ui.view import lists as shown
        from segui.ui.view import picture

        lists, outcome, choose = shown.lists(work, hand), self.parts.outcome, self.parts.choose
        told = (message or {}) | picture.sides_message(work, hand) | {"stale": work.stale}
        # what hides an area is made for that area: the browser needs it anew
        if wishes.paste.effect == "hide" or message:
            told["live"] = None
        return {
            self.parts.work: work,
            **self._presets(work, wishes.expression),
            choose.labels: lists.labels,
            choose.builder: builder_value(work.selection, wishes.expression),
            choose.error: _hints(work),
            choose.note: self._about(wishes.classifier, work.scores_notes),
            outcome.status: lists.status,
            outcome.cancel: gr.update(visible=False),
            outcome.filtered: lists.filtered,
            outcome.review: lists.review,
            outcome.remained: lists.remained,
            outcome.table: lists.table,
            outcome.detail: lists.detail,
            **self.paint(work, wishes.paste, hand, told),
        }

    def paint(
        self,
        work: Work,
        options: "PasteOptions",
        hand: Hand,
        message: Message | None = None,
        look: object = None,
    ) -> Updates:
        """After another way of pasting, or as the end of the steps before it.

        Args:
            work: The results.
            options: How it is pasted.
            hand: For the area whose edge is shown.
            message: What else the picture's frame is told.
            look: The part that the browser shows at full size, as it says.
        """
        from segui.ui import steps
        from segui.ui.view import picture

        outcome, pixels, problem = self.parts.outcome, None, ""
        if _is_nothing_to_paste(work, options):
            problem = html.problem(_NOTHING_TO_PASTE, is_hint=True)
        else:
            try:
                pixels = steps.painted(work, options, self.device)
            except InputError as error:
                problem = html.problem(str(error))
        problem = problem or _warning(work, options)
        if work.trouble:
            problem = html.problem(work.trouble)
        told: Message = {"result": "", **(message or {})}
        edge = ""
        if pixels is not None:
            told |= {"result": picture.preview(work, pixels)}
            told |= picture.look_message(work, pixels, look)
            edge = picture.edge_picture(work, pixels, hand.selected)
        can_take = pixels is not None and not work.stale
        return {
            outcome.result: told,
            outcome.inset: area_html.inset(edge, hand.selected),
            outcome.download: gr.update(interactive=can_take),
            **{button: gr.update(interactive=can_take) for button in outcome.takes.values()},
            outcome.problem: problem,
        }

    def another_paste(
        self,
        work: Work,
        options: "PasteOptions",
        hand: Hand,
        *,
        look: object = None,
        is_new: bool = False,
    ) -> Updates:
        """After another way of pasting alone: what an example shows is no longer seen.

        Args:
            work: The results.
            options: How it is pasted.
            hand: For the area whose edge is shown.
            look: The part that the browser shows at full size, as it says.
            is_new: Whether other pixels are pasted, of which the browser knows nothing yet.
        """
        from segui.ui.view import lists as shown

        updates = self.paint(work, options, hand, {"live": None} if is_new else None, look)
        if work.files.example:
            updates[self.parts.outcome.status] = shown.status(work)
        return updates

    def picked(self, work: Work, wishes: Wishes, hand: Hand) -> Updates:
        """After an area was picked to be looked at."""
        from segui.ui import steps
        from segui.ui.view import lists as shown
        from segui.ui.view import picture

        edge = ""
        if hand.selected and not _is_nothing_to_paste(work, wishes.paste):
            pixels = steps.painted(work, wishes.paste, self.device)
            edge = "" if pixels is None else picture.edge_picture(work, pixels, hand.selected)
        outcome = self.parts.outcome
        return {
            self.parts.hand: hand,
            outcome.detail: shown.detail(work, hand),
            outcome.inset: area_html.inset(edge, hand.selected),
            outcome.result: {"selected": hand.selected},
        }

    def labels(self, work: Work, expression: str) -> Updates:
        """The names that a classifier knows, before it has answered.

        Args:
            work: With those names.
            expression: The rule.
        """
        from segui.ui.view import lists as shown

        return {self.parts.choose.labels: shown.labels(work), **self._presets(work, expression)}

    def _presets(self, work: Work, expression: str) -> Updates:
        labels = _labels_in_order(work)
        return {
            self.parts.choose.preset: gr.update(
                choices=choices.preset_choices(labels),
                value=choices.preset_of(expression, labels),
            )
        }

    def but_picked(self, updates: Updates) -> Updates:
        """Updates that leave the area that is looked at as it is: it may be another one by now."""
        outcome = self.parts.outcome
        kept = {part: told for part, told in updates.items() if part is not outcome.detail}
        told = {name: one for name, one in kept[outcome.result].items() if name != "selected"}
        return {**kept, outcome.result: told}

    def judging(self, work: Work, choice: ClassifierChoice, turn: int) -> Updates:
        """While a model is about to be asked, which may take a while."""
        count = 0 if work.scene is None else len(work.scene.segments.items)
        headline = f"Asking {choice.shown} about {plural(count, 'area')}…"
        advice = "The first time, its model is fetched, which may take some minutes."
        return {
            self.parts.outcome.status: html.hint(headline, advice),
            self.parts.outcome.cancel: gr.update(visible=True),
            self.parts.waiting: turn,
        }

    def progress(self, choice: ClassifierChoice, step: Step) -> Updates:
        """How far a model has come."""
        headline, advice = f"Asking {choice.shown}…", ""
        if step.doing == "fetching":
            of_all = f" of {megabytes(step.total)}" if step.total else ""
            headline = f"Fetching {choice.shown}: {megabytes(step.done)}{of_all}…"
            advice = "Only the first time; then the model is here."
        elif step.done:
            headline = f"Classifying {step.done} of {step.total}…"
        return {self.parts.outcome.status: html.hint(headline, advice)}

    def problem(self, error: SeguiError) -> Updates:
        """When something cannot be done."""
        return {self.parts.outcome.problem: html.problem(str(error))}

    def classifier(self, choice: ClassifierChoice) -> Updates:
        """Those controls that the choice of a classifier shows or hides."""
        parts, is_model = self.parts.choose, not choice.is_built_in
        return {
            parts.repo: gr.update(visible=choice.is_manual),
            parts.device: gr.update(visible=is_model and not self.lends_gpu),
            parts.revision: gr.update(visible=is_model),
            parts.context: gr.update(visible=is_model),
            parts.names: gr.update(visible=choice.is_open),
            parts.template: gr.update(visible=choice.is_open),
            parts.note: self._about(choice),
        }

    def _about(self, choice: ClassifierChoice, notes: Sequence[str] = ()) -> str:
        """What a classifier is for, what it cannot know, and what is kept of what it is shown."""
        lines = [*about(find_entry(choice.name)), *notes]
        if not choice.is_built_in:
            lines.append(privacy_note(self.leave_seconds))
        return "".join(html.help_text(line) for line in lines)

    def effect(self, effect: str) -> Updates:
        """Those controls that the choice of an effect shows or hides."""
        paste = self.parts.paste
        label = {"blur": "Blur", "pixelate": "Block size", "hide": "Block size"}.get(effect)
        info = (
            "Of the full-size photo, px; 0 fits each area."
            if effect == "hide"
            else "Of the full-size photo, px; 0 fits the picture."
        )
        return {
            paste.strength: gr.update(
                label=label or "Strength",
                info=info,
                visible=effect in STRENGTHS,
            ),
            paste.colour: gr.update(visible=effect == "colour"),
        }


def _is_nothing_to_paste(work: Work, options: "PasteOptions") -> bool:
    has_areas = work.scene is not None
    return has_areas and options.effect == "none" and not _has_reference(work)


def _warning(work: Work, options: "PasteOptions") -> str:
    """What can still be seen of areas that are to be hidden; empty where nothing can."""
    if options.effect != "hide" or work.selection is None:
        return ""
    undecided = work.selection.sides.count("review")
    if undecided:
        are = "area is" if undecided == 1 else "areas are"
        sentence = f"{undecided} undecided {are} not hidden yet: include each, or leave it out."
        return html.problem(sentence, is_hint=True)
    if options.alpha < 255 or options.edge != "outward":
        return html.problem(_SHOWS_THROUGH, is_hint=True)
    return ""


def _has_reference(work: Work) -> bool:
    return work.scene is not None and work.scene.reference is not None


def _hints(work: Work) -> str:
    """What a rule that can be read probably does not mean."""
    hints = () if work.selection is None else work.selection.expression.hints
    return "".join(html.help_text(f"{hint[0].upper()}{hint[1:]}") for hint in hints)


def _labels_in_order(work: Work) -> Sequence[str]:
    """The classifier's labels in its own order, as far as they are known."""
    return next((tuple(scores) for scores in work.scores or () if scores), work.labels)
