"""What happens when areas, rule or paste change: read, call the steps, tell the components."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import gradio as gr

if TYPE_CHECKING:
    from segui.selection import Side

from segui.errors import SeguiError
from segui.ui import styles
from segui.ui.asking import Asking, Stopped
from segui.ui.folders import tidy
from segui.ui.guard import Updates, guarded, guarded_steps
from segui.ui.handling import Handling
from segui.ui.layout import choices
from segui.ui.layout.choices import SLIDER_FEATHER_PX
from segui.ui.layout.html_component import said_by
from segui.ui.memory import give_back
from segui.ui.state import Files, Hand, Wishes, Work
from segui.ui.view.rule_builder import text_after
from segui.ui.wishes import wish_components, wishes_of

_SIDES: "dict[str, Side]" = {"filtered": "filtered", "remained": "remained"}

_FINDING = "Finding the areas…"
_STOPPED = "Stopped: no area was judged. Choose the classifier again to go on"


class Handlers(Handling):
    """The handlers of one page, from the files to the result."""

    # ---- areas --------------------------------------------------------------------------------

    @guarded_steps
    def open(
        self,
        request: gr.Request,
        files: Files,
        scene: str,
        work: Work,
        hand: Hand,
        *values: Any,
    ) -> Iterator[Updates]:
        """Files or options of the areas changed: find the areas, and have them judged.

        Args:
            request: For the session.
            files: What the user gave.
            scene: Which scene the browser's controls belong to: after quick clicks on examples
                they may still be the former one's, and then they come again.
            work: The results so far.
            hand: What was done by hand.
            values: What the controls say.
        """
        wishes = self._wishes(values)
        self._overlaps.begin(request.session_hash or "")
        if scene != files.scene:
            yield self._nothing()
            return
        if work.opened_as == (files, wishes.segments):
            yield self._nothing()  # a photo's own event has found them
        else:
            yield {self.parts.outcome.result: {"busy": _FINDING}}
            yield self.opened(request, files, work, hand, wishes)
        self._tidy(request, files)

    def _tidy(self, request: gr.Request, files: Files) -> None:
        tidy(self._folder(request), (files.photo, files.reference, files.painted, *files.masks))
        self._folders.remove_empty()
        give_back()

    @guarded
    def show(self, event: gr.EventData, work: Work) -> Updates:
        """What was too small to be an area is to be seen."""
        if said_by(event).get("show") != "left out" or work.scene is None:
            return self._nothing()
        boxes = [[*box] for box in work.scene.segments.left_out]
        return {self.parts.outcome.result: {"left_out": boxes}}

    # ---- who judges ---------------------------------------------------------------------------

    @guarded
    def other_classifier(
        self, request: gr.Request, work: Work, hand: Hand, *values: Any
    ) -> Updates:
        """Another classifier was chosen: a revision of the former one is none of its."""
        said = {**dict(zip(self._names, values, strict=True)), "revision": ""}
        asked = self._asked(request, work, hand, wishes_of(said))
        shown = asked.get(self.parts.choose.revision, {})
        return asked | {self.parts.choose.revision: shown | gr.update(value="")}

    @guarded
    def classifier(self, request: gr.Request, work: Work, hand: Hand, *values: Any) -> Updates:
        """The classifier is to be asked in another way."""
        return self._asked(request, work, hand, self._wishes(values))

    def _asked(self, request: gr.Request, work: Work, hand: Hand, wishes: Wishes) -> Updates:
        updates = self._tell.classifier(wishes.classifier)
        if work.scene is None:
            return updates  # no turn: the areas that are being found are still wanted
        turn = self._turns.take(request.session_hash or "")
        return updates | self._judge_or_wait(request, work, wishes, hand, turn)

    @guarded_steps
    def judge(self, request: gr.Request, work: Work, hand: Hand, *values: Any) -> Iterator[Updates]:
        """Ask a model that may take its time; its turn comes when nobody else asks one.

        Which step asks is not the page's to say: of two at once, the earlier one may have written
        its own there last.
        """
        from segui.ui import steps

        session, wishes = request.session_hash or "", self._wishes(values)
        turn = self._turns.due(session)
        if turn is None:
            yield self._nothing()
            return
        try:
            classifier = self._shelf.get(wishes.classifier)
            asking = Asking(
                lambda judging, fetching: steps.scored(
                    work, wishes.classifier, classifier, judging, fetching
                ),
                is_wanted=lambda: self._turns.is_latest(session, turn),
            )
            known = work.labels
            for step in asking.progress():
                told = self._tell.progress(wishes.classifier, step)
                # a model's config comes before its weights
                if not known and (known := self._labels(wishes.classifier)):
                    told |= self._tell.labels(replace(work, labels=known), wishes.expression)
                yield told
            folder = self._folder(request)
            judged = steps.shown_as_judged(asking.result(), wishes.classifier, folder)
        except Stopped:
            yield self._nothing()
            return
        except SeguiError as error:
            judged = steps.unscored(work, str(error))
        if self._turns.is_latest(session, turn):
            self._turns.answer(session, turn)
            yield self._tell.but_picked(self._choose(judged, wishes, hand, self._tell.choice))
            self._tidy(request, work.files)
        else:
            yield self._nothing()

    @guarded
    def cancel(self, request: gr.Request, work: Work, hand: Hand, *values: Any) -> Updates:
        """What a model is being asked is not wanted any more."""
        from segui.ui import steps

        self._turns.take(request.session_hash or "")
        stopped = steps.unscored(work, _STOPPED)
        return self._choose(stopped, self._wishes(values), hand, self._tell.choice)

    # ---- which areas pass ---------------------------------------------------------------------

    @guarded
    def rule(self, request: gr.Request, work: Work, hand: Hand, *values: Any) -> Updates:
        """The rule's text changed, by the user or by the page; no classifier is asked."""
        wishes = self._wishes(values)
        if work.selection is not None and work.selection.expression.text == wishes.expression:
            return {self.parts.choose.error: ""}
        return self._apply(request, work, wishes, hand)

    @guarded
    def again(
        self,
        request: gr.Request,
        files: Files,
        scene: str,
        work: Work,
        hand: Hand,
        *values: Any,
    ) -> Updates:
        """New areas are there: what was chosen while they were looked for is looked at again."""
        overlapped = self._overlaps.end(request.session_hash or "")
        return self._checked(request, files, scene, work, hand, values, redo=overlapped)

    @guarded
    def check(
        self,
        request: gr.Request,
        files: Files,
        scene: str,
        work: Work,
        hand: Hand,
        *values: Any,
    ) -> Updates:
        """A classifier was chosen: the areas that it was shown may be of older options."""
        if self._overlaps.is_finding(request.session_hash or ""):
            return self._nothing()  # when they are found, they are looked at
        return self._checked(request, files, scene, work, hand, values, redo=False)

    @guarded
    def judged(
        self,
        request: gr.Request,
        files: Files,
        scene: str,
        work: Work,
        hand: Hand,
        *values: Any,
    ) -> Updates:
        """A model has answered: of the area that is looked at by now, its scores are told too."""
        told = self._checked(request, files, scene, work, hand, values, redo=False)
        if self.parts.work in told or work.scene is None:
            return told
        return self._tell.picked(work, self._wishes(values), hand)

    def _checked(
        self,
        request: gr.Request,
        files: Files,
        scene: str,
        work: Work,
        hand: Hand,
        values: Sequence[Any],
        *,
        redo: bool,
    ) -> Updates:
        """Do again what is not as the controls say: of two steps at once, either ends last."""
        from segui.ui import steps

        wishes, session = self._wishes(values), request.session_hash or ""
        if scene != files.scene or work.scene is None:
            return self._nothing()
        if work.opened_as != (files, wishes.segments):
            return self.opened(request, files, work, hand, wishes)
        is_anothers = work.scores is not None and not steps.is_scored(work, wishes.classifier)
        is_gone = work.scores is None and not work.trouble and self._turns.is_answered(session)
        if is_anothers or is_gone:
            # a classifier was chosen, or a rule written, at the moment when the answer came
            turn = self._turns.take(session)
            return self._judge_or_wait(request, work, wishes, hand, turn)
        is_same = work.chosen_by == steps.chooser(wishes, hand)
        if work.selection is None or (is_same and not redo):
            return self._nothing()
        return self._apply(request, work, wishes, hand)

    @guarded
    def unknown(self, request: gr.Request, work: Work, hand: Hand, *values: Any) -> Updates:
        """Where the undecided go has changed."""
        return self._apply(request, work, self._wishes(values), hand)

    @guarded
    def preset(
        self, request: gr.Request, preset: str, work: Work, hand: Hand, *values: Any
    ) -> Updates:
        """A preset was picked: it becomes the rule. The manual one leaves the rule as it is."""
        if preset == choices.MANUAL_EXPRESSION:
            return self._nothing()
        return self._use(request, preset, work, hand, self._wishes(values))

    @guarded
    def offered(
        self, request: gr.Request, event: gr.EventData, work: Work, hand: Hand, *values: Any
    ) -> Updates:
        """A rule that the page offers was clicked."""
        rule = said_by(event).get("rule")
        if not rule:
            return self._nothing()
        return self._use(request, str(rule), work, hand, self._wishes(values))

    def built(self, event_name: str) -> Callable[..., Updates]:
        """The handler of one of the builder's events, which writes the rule's text.

        Args:
            event_name: ``rule``, ``join`` or ``threshold``.
        """

        @guarded
        def write(
            self: Handlers,
            request: gr.Request,
            event: gr.EventData,
            work: Work,
            hand: Hand,
            *values: Any,
        ) -> Updates:
            wishes = self._wishes(values)
            rule = text_after(wishes.expression, event_name, said_by(event))
            return self._use(request, rule, work, hand, wishes)

        return cast("Callable[..., Updates]", write.__get__(self))

    @guarded
    def touched(
        self, request: gr.Request, event: gr.EventData, work: Work, hand: Hand, *values: Any
    ) -> Updates:
        """An area was picked in a list, in the table or in the photo, or put somewhere by hand."""
        said, wishes = said_by(event), self._wishes(values)
        if "rule" in said:
            return self._use(request, str(said["rule"]), work, hand, wishes)
        if "put" in said:
            from segui.ui import steps

            moved = steps.put(work, hand, _number(said.get("of")), _SIDES.get(str(said["put"])))
            return self._apply(request, work, wishes, moved) | {self.parts.hand: moved}
        return self._pick(said, work, hand, wishes)

    def _pick(self, said: dict[str, Any], work: Work, hand: Hand, wishes: Wishes) -> Updates:
        number = _number(said.get("number"))
        picked = replace(hand, selected=0 if number == hand.selected else number)
        return self._tell.picked(work, wishes, picked)

    # ---- what is pasted -----------------------------------------------------------------------

    @guarded
    def effect(self, work: Work, hand: Hand, *values: Any) -> Updates:
        """Another effect was picked, or other pixels of one."""
        options = self._paste_options(values)
        shown = self._tell.effect(options.effect)
        return shown | self._tell.another_paste(work, options, hand, is_new=True)

    @guarded
    def paste(self, event: gr.EventData, work: Work, hand: Hand, *values: Any) -> Updates:
        """The sliders rest: neither the classifier nor the rule is asked."""
        options = self._paste_options(values)
        updates = self._tell.another_paste(work, options, hand, look=said_by(event).get("look"))
        if options.feather > SLIDER_FEATHER_PX:
            feather = gr.update(maximum=options.feather, value=options.feather)
            updates[self.parts.paste.feather] = feather
        return updates

    @guarded
    def live(self, work: Work, *values: Any) -> Updates:
        """The browser is idle, and asks for what it needs to draw what the sliders say."""
        from segui.ui.view import picture

        told = picture.live_message(work, self._paste_options(values), self._settings.device)
        return {self.parts.outcome.result: {"live": told}}

    @guarded
    def look(self, event: gr.EventData, work: Work, *values: Any) -> Updates:
        """A part of the picture is wanted at full size."""
        from segui.ui import steps
        from segui.ui.view import picture

        pixels = steps.painted(work, self._paste_options(values), self._settings.device)
        if pixels is None:
            return self._nothing()
        said = said_by(event).get("look")
        return {self.parts.outcome.result: picture.look_message(work, pixels, said)}

    def styled(self, name: str) -> Callable[..., Updates]:
        """The handler that sets several controls at once to what one purpose wants.

        Args:
            name: One of ``styles.STYLES``.
        """

        @guarded
        def set_controls(
            self: Handlers, request: gr.Request, work: Work, hand: Hand, *values: Any
        ) -> Updates:
            said = dict(zip(self._names, values, strict=True)) | styles.STYLES[name]
            components = wish_components(self.parts)
            wishes = wishes_of(said)
            shown = self._tell.effect(wishes.paste.effect)
            set_to = {
                part: shown.get(part, {}) | gr.update(value=styles.STYLES[name][control])
                for control, part in components.items()
                if control in styles.STYLES[name]
            }
            applied = self._apply(request, work, wishes, hand)
            result = self.parts.outcome.result
            applied[result] = applied.get(result, {}) | {"live": None}
            return shown | applied | set_to

        return cast("Callable[..., Updates]", set_controls.__get__(self))

    # ---- shared -------------------------------------------------------------------------------

    @guarded
    def settle(
        self, request: gr.Request, files: Files, work: Work, hand: Hand, *values: Any
    ) -> Updates:
        """Many controls were set at once: do again whatever is not as they say."""
        wishes = self._wishes(values)
        shown = self._tell.classifier(wishes.classifier) | self._tell.effect(wishes.paste.effect)
        if work.opened_as != (files, wishes.segments):
            return shown  # the areas' own events find them anew
        if work.scene is None:
            return shown
        turn = self._turns.take(request.session_hash or "")
        return shown | self._judge_or_wait(request, work, wishes, hand, turn, is_new=True)


def _number(said: object) -> int:
    """An area's number as a browser sends it; 0 where it is none."""
    text = str(said)
    return int(text) if text.isdigit() and len(text) < 7 else 0
