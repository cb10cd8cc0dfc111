"""What every handler of the page can do: find areas, have them judged, apply a rule, tell it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from segui.classifiers.catalogue import find_entry
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.model_cache import ModelCache
from segui.errors import ExpressionError, InputError, SeguiError, SizeError
from segui.settings import Settings
from segui.ui.folders import Folders
from segui.ui.guard import Updates
from segui.ui.layout.components import Parts
from segui.ui.spaces.lending import is_wanted
from segui.ui.state import Files, Hand, Wishes, Work
from segui.ui.turns import Overlaps, Turns
from segui.ui.updates import Teller
from segui.ui.view import html
from segui.ui.wishes import paste_components, paste_of, read_wishes, wish_components

if TYPE_CHECKING:  # torch comes with it
    from segui.pipeline import PasteOptions

Tell = Callable[[Work, Wishes, Hand], Updates]

_NO_REPO = "Name a repo of the Hugging Face hub in step 3, and press Enter"
_NO_NAMES = "Say what to look for: in the rule, as in dog > 50%, or in the list of names"


class Handling:
    """What the handlers of one page share, from the files to the result.

    Args:
        parts: The components.
        settings: Limits and defaults.
        folders: Where sessions' files are kept.
        shelf: Classifiers, shared by all sessions.
        turns: Which step of a session is the latest.
        overlaps: Which sessions chose while their areas were being found.
    """

    def __init__(
        self,
        parts: Parts,
        settings: Settings,
        folders: Folders,
        shelf: ModelCache,
        turns: Turns,
        overlaps: Overlaps,
    ) -> None:
        self.parts = parts
        self._names = tuple(wish_components(parts))
        self._paste_names = tuple(paste_components(parts))
        self._settings = settings
        self._folders = folders
        self._shelf = shelf
        self._turns = turns
        self._overlaps = overlaps
        self._tell = Teller(parts, settings.device, settings.leave_seconds, is_wanted())

    def opened(
        self, request: gr.Request, files: Files, work: Work, hand: Hand, wishes: Wishes
    ) -> Updates:
        """The areas of files, found and judged, as the page shows them.

        Args:
            request: For the session.
            files: What the user gave.
            work: The results so far.
            hand: What was done by hand.
            wishes: What the controls say.
        """
        session = request.session_hash or ""
        turn = self._turns.take(session)
        found, problem = self._find(request, files, work, wishes)
        judged = self._judge_or_wait(request, found, wishes, hand, turn, is_new=True)
        updates = judged | problem
        return updates if self._turns.is_latest(session, turn) else self._nothing()

    def _find(
        self, request: gr.Request, files: Files, work: Work, wishes: Wishes
    ) -> tuple[Work, Updates]:
        """The areas; where there can be none, what is left, and a sentence that says why."""
        from segui.ui import steps

        try:
            folder = self._folder(request)
            how = files, wishes.segments, self._settings, folder
            choice = wishes.classifier
            if choice.is_built_in:
                return steps.opened_and_scored(*how, choice, self._shelf.get(choice)), {}
            return steps.opened(*how), {}
        except InputError as error:
            can_scale = isinstance(error, SizeError) and not wishes.segments.scale
            advice = ". Step 1 can scale it" if can_scale else ""
            sentence = f"{error}{advice}"
            left = steps.after_failure(
                work, files, wishes.segments, self._settings, f"Not up to date: {error}"
            )
            return left, {
                self.parts.outcome.problem: html.problem(sentence),
                self.parts.photo.scale: gr.update(visible=can_scale or wishes.segments.scale),
            }

    def _judge_or_wait(
        self,
        request: gr.Request,
        work: Work,
        wishes: Wishes,
        hand: Hand,
        turn: int,
        *,
        is_new: bool = False,
    ) -> Updates:
        """Judge at once where that takes no time; else say that a model is asked."""
        from segui.ui import steps

        tell = self._tell.everything if is_new else self._tell.choice
        choice = wishes.classifier
        if work.scene is None:
            return tell(work, wishes, hand)
        if why := _cannot_be_asked(choice):
            return self._choose(steps.unscored(work, why), wishes, hand, tell)
        if choice.is_built_in or steps.is_scored(work, choice):
            judged = steps.scored(work, choice, self._shelf.get(choice))
            shown = steps.shown_as_judged(judged, choice, self._folder(request))
            return self._choose(shown, wishes, hand, tell)
        # the former classifier's scores must not stand under the new one's name
        waiting = steps.unscored(work, "", self._labels(choice))
        self._turns.ask(request.session_hash or "", turn)
        return self._choose(waiting, wishes, hand, tell) | self._tell.judging(work, choice, turn)

    def _choose(self, work: Work, wishes: Wishes, hand: Hand, tell: Tell) -> Updates:
        """Apply the rule; one that cannot be read leaves the areas undecided, and says why."""
        from segui.ui import steps

        try:
            return tell(steps.chosen(work, wishes, hand), wishes, hand)
        except ExpressionError as error:
            told = tell(replace(work, selection=None), wishes, hand)
            return told | {self.parts.choose.error: html.expression_error(error)}

    def _use(
        self, request: gr.Request, rule: str, work: Work, hand: Hand, wishes: Wishes
    ) -> Updates:
        asked = replace(wishes, expression=rule)
        return {self.parts.choose.expression: rule} | self._apply(request, work, asked, hand)

    def _apply(self, request: gr.Request, work: Work, wishes: Wishes, hand: Hand) -> Updates:
        """Apply the rule to areas that have their scores; what cannot be read changes nothing."""
        from segui.expression import parse
        from segui.ui import steps

        self._overlaps.choose(request.session_hash or "")
        try:
            if work.scene is None:
                parse(wishes.expression)  # said early, though there is nothing to choose from yet
            chosen = steps.chosen(work, wishes, hand)
            choice = wishes.classifier
            if work.scene is not None and choice.is_open and not steps.is_scored(work, choice):
                # other names: the pictures were looked at, the words were not
                turn = self._turns.take(request.session_hash or "")
                return self._judge_or_wait(request, work, wishes, hand, turn)
        except ExpressionError as error:
            before = "" if work.selection is None else work.selection.expression.text
            return {self.parts.choose.error: html.expression_error(error, before)}
        return self._tell.choice(chosen, wishes, hand)

    def _labels(self, choice: ClassifierChoice) -> tuple[str, ...]:
        """What a classifier can say, as far as that is known without asking anybody."""
        try:
            return tuple(getattr(self._shelf.get(choice), "labels", ()))
        except SeguiError:
            return ()  # it is said when it is asked

    def _wishes(self, values: Sequence[Any]) -> Wishes:
        return read_wishes(self._names, values)

    def _paste_options(self, values: Sequence[Any]) -> "PasteOptions":
        return paste_of(dict(zip(self._paste_names, values, strict=True)))

    def _folder(self, request: gr.Request) -> Path:
        return self._folders.of(request.session_hash or "")

    def _nothing(self) -> Updates:
        return {self.parts.outcome.problem: gr.skip()}


def _cannot_be_asked(choice: ClassifierChoice) -> str:
    """Why a classifier cannot be asked, or what is missing before it can; empty where it can."""
    if reason := find_entry(choice.name).reason:
        return f"{choice.name} is not available: {reason[0].lower()}{reason[1:].rstrip('.')}"
    if choice.is_manual and not choice.key.repo_id:
        return _NO_REPO
    return _NO_NAMES if choice.is_open and not choice.names else ""
