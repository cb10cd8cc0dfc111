"""What happens when areas, rule or paste change: read, call the steps, tell the components."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from segui.classifiers.catalogue import quote_label
from segui.errors import ExpressionError, InputError, SeguiError
from segui.settings import Settings
from segui.ui import choices, html
from segui.ui.folders import Folders, remove_folder, tidy
from segui.ui.guard import Updates, guarded
from segui.ui.parts import Parts
from segui.ui.shelf import Shelf
from segui.ui.state import Files, Wishes, Work
from segui.ui.turns import Turns
from segui.ui.updates import Teller
from segui.ui.wishes import read_wishes, wish_components


class Handlers:
    """The handlers of one page, from the files to the result.

    Args:
        parts: The components.
        settings: Limits and defaults.
        folders: Where sessions' files are kept.
        shelf: Classifiers, shared by all sessions.
        turns: Which step of a session is the latest.
    """

    def __init__(
        self, parts: Parts, settings: Settings, folders: Folders, shelf: Shelf, turns: Turns
    ) -> None:
        self.parts = parts
        self._names = tuple(wish_components(parts))
        self._settings = settings
        self._folders = folders
        self._shelf = shelf
        self._turns = turns
        self._tell = Teller(parts, settings.device)

    @guarded
    def open(self, request: gr.Request, files: Files, work: Work, *values: Any) -> Updates:
        """Files or options of the areas changed: find the areas, and have them judged."""
        wishes = self._wishes(values)
        if work.opened_as == (files, wishes.segments):
            return self._nothing()
        session = request.session_hash or ""
        turn = self._turns.take(session)
        found, problem = self._find(request, files, work, wishes)
        updates = self._judge_or_wait(found, wishes, turn, is_new=True) | problem
        if not self._turns.is_latest(session, turn):
            return self._nothing()
        needed = (found.files.photo, found.files.reference, *found.files.masks)
        tidy(self._folder(request), needed)
        return updates

    @guarded
    def classifier(self, request: gr.Request, work: Work, *values: Any) -> Updates:
        """Another classifier was chosen."""
        wishes = self._wishes(values)
        updates = self._tell.classifier(wishes.classifier)
        turn = self._turns.take(request.session_hash or "")
        is_unnamed = wishes.classifier.is_manual and not wishes.classifier.key.repo_id
        if work.scene is None or is_unnamed:
            return updates
        return updates | self._judge_or_wait(work, wishes, turn)

    @guarded
    def judge(self, request: gr.Request, work: Work, turn: int, *values: Any) -> Updates:
        """Ask a model that may take its time; its turn comes when nobody else asks one."""
        from segui.ui import steps

        session = request.session_hash or ""
        if not self._turns.is_latest(session, turn):
            return self._nothing()
        wishes, problem = self._wishes(values), ""
        try:
            judged = steps.scored(work, wishes.classifier, self._shelf.get(wishes.classifier))
        except SeguiError as error:
            judged, problem = work, html.problem(str(error))
        if not self._turns.is_latest(session, turn):
            return self._nothing()
        updates = self._choose(judged, wishes, self._tell.choice)
        return updates | ({self.parts.outcome.problem: problem} if problem else {})

    @guarded
    def rule(self, work: Work, *values: Any) -> Updates:
        """The rule's text changed, by the user or by the page; no classifier is asked."""
        wishes = self._wishes(values)
        if work.selection is not None and work.selection.expression.text == wishes.expression:
            return {self.parts.choose.error: ""}
        return self._apply(work, wishes)

    @guarded
    def again(self, work: Work, *values: Any) -> Updates:
        """New areas are there: the rule may have been edited while they were looked for."""
        wishes = self._wishes(values)
        is_same = work.selection and work.selection.expression.text == wishes.expression
        return self._nothing() if work.scene is None or is_same else self._apply(work, wishes)

    @guarded
    def unknown(self, work: Work, *values: Any) -> Updates:
        """Where the undecided go has changed."""
        return self._apply(work, self._wishes(values))

    @guarded
    def preset(self, preset: str, work: Work, *values: Any) -> Updates:
        """A preset was picked: it becomes the rule. The manual one leaves the rule as it is."""
        if preset == choices.MANUAL_EXPRESSION:
            return self._nothing()
        return self._use(preset, work, values)

    @guarded
    def label(self, event: gr.EventData, work: Work, *values: Any) -> Updates:
        """One of the names found was clicked, or a rule that was offered."""
        said: dict[str, Any] = event._data or {}  # noqa: SLF001  attributes raise where one lacks
        if rule := said.get("rule"):
            return self._use(str(rule), work, values)
        if label := said.get("label"):
            return self._use(f"{quote_label(str(label))} > 50%", work, values)
        return self._nothing()

    @guarded
    def effect(self, work: Work, *values: Any) -> Updates:
        """Another effect was picked."""
        wishes = self._wishes(values)
        return self._tell.effect(wishes.paste.effect) | self._tell.another_paste(work, wishes)

    @guarded
    def paste(self, work: Work, *values: Any) -> Updates:
        """The way of pasting was changed: neither the classifier nor the rule is asked."""
        return self._tell.another_paste(work, self._wishes(values))

    def download(self, request: gr.Request, work: Work, *values: Any) -> dict[str, Any]:
        """Write the result at full size, for a hidden button that the browser then presses."""
        from segui.ui import steps

        folder = self._folder(request) / "download"
        remove_folder(folder)
        try:
            options = self._wishes(values).paste
            path = steps.write_result(work, options, self._settings.device, folder)
        except SeguiError as error:
            raise gr.Error(escape(str(error)), print_exception=False) from error
        if path is None:
            raise gr.Error("There is no result to download yet.", print_exception=False)
        return gr.update(value=str(path))

    def _find(
        self, request: gr.Request, files: Files, work: Work, wishes: Wishes
    ) -> tuple[Work, Updates]:
        """The areas; where there can be none, what is left, and a sentence that says why."""
        from segui.ui import steps

        try:
            folder = self._folder(request)
            return steps.opened(files, wishes.segments, self._settings, folder), {}
        except InputError as error:
            left = steps.after_failure(work, files, wishes.segments, self._settings)
            can_scale = steps.scaling_would_help(files, wishes.segments, self._settings)
            # the engine's sentence ends with what only a caller in Python can do
            sentence = str(error).replace(", unless you ask to scale", "")
            advice = ". Step 2 can scale them." if can_scale else ""
            return left, {
                self.parts.outcome.problem: html.problem(sentence + advice),
                self.parts.areas.scale: gr.update(visible=can_scale or wishes.segments.scale),
            }

    def _judge_or_wait(
        self, work: Work, wishes: Wishes, turn: int, *, is_new: bool = False
    ) -> Updates:
        """Judge at once where that takes no time; else say that a model is asked."""
        from segui.ui import steps

        tell = self._tell.everything if is_new else self._tell.choice
        choice = wishes.classifier
        if work.scene is None:
            return tell(work, wishes)
        if choice.is_built_in:
            judged = steps.scored(work, choice, self._shelf.get(choice))
            return self._choose(judged, wishes, tell)
        if steps.is_scored(work, choice):
            return self._choose(work, wishes, tell)
        shown = tell(work, wishes) if is_new else {}
        return shown | self._tell.judging(work, choice, turn)

    def _choose(
        self, work: Work, wishes: Wishes, tell: Callable[[Work, Wishes], Updates]
    ) -> Updates:
        """Apply the rule; one that cannot be read leaves the areas undecided, and says why."""
        from segui.ui import steps

        try:
            return tell(steps.chosen(work, wishes.expression, wishes.on_unknown), wishes)
        except ExpressionError as error:
            told = tell(replace(work, selection=None), wishes)
            return told | {self.parts.choose.error: html.expression_error(error)}

    def _use(self, rule: str, work: Work, values: Sequence[Any]) -> Updates:
        wishes = replace(self._wishes(values), expression=rule)
        return {self.parts.choose.expression: rule} | self._apply(work, wishes)

    def _apply(self, work: Work, wishes: Wishes) -> Updates:
        """Apply the rule to areas that have their scores.

        Raises:
            ExpressionError: It cannot be read; then nothing changes.
        """
        from segui.expression import parse
        from segui.ui import steps

        if work.scene is None:
            parse(wishes.expression)  # said early, though there is nothing to choose from yet
        chosen = steps.chosen(work, wishes.expression, wishes.on_unknown)
        return self._tell.choice(chosen, wishes)

    def _wishes(self, values: Sequence[Any]) -> Wishes:
        return read_wishes(self._names, values)

    def _folder(self, request: gr.Request) -> Path:
        return self._folders.of(request.session_hash or "")

    def _nothing(self) -> Updates:
        return {self.parts.outcome.problem: gr.skip()}
