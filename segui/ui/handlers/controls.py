"""What the controls and the frame say that is more than a value or a click."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from segui.session import commands
from segui.session.commands import Command
from segui.session.paintings import read_painting, read_painting_on
from segui.ui.bridge import Message, Page, in_thread, lost
from segui.ui.handlers.talk import Talk
from segui.ui.handlers.uploads import Uploads
from segui.ui.layout import choices
from segui.ui.screen import Heard, Of


class Controls:
    """The handlers of presets, of painting, and of a page that waits or draws.

    Args:
        talk: Hears the events.
        uploads: Keeps what is painted.
        device: Where pastes are computed.
    """

    def __init__(self, talk: Talk, uploads: Uploads, device: str) -> None:
        self._talk = talk
        self._uploads = uploads
        self._device = device

    async def preset(self, request: gr.Request, sent: Any, preset: Any) -> Message:
        """A preset was picked: it becomes the rule. The manual one leaves the rule as it is."""
        is_more = preset == choices.MORE_PRESETS
        is_rule = isinstance(preset, str) and preset != choices.MANUAL_EXPRESSION and not is_more

        def make(page: Page) -> Sequence[Command]:
            page.screen.has_all_presets |= is_more
            page.screen.knows("preset", preset)
            return (commands.SetOptions({"expression": preset}),) if is_rule else ()

        return await self._talk.do(request, sent, make)

    def paint(self, page: Page, data: dict[str, Any]) -> Sequence[Command]:
        """Something was painted on the photo or on a mask file, or wiped off it.

        Raises:
            InputError: It is no picture.
        """
        said, layer = data.get("painted"), str(data.get("layer") or "")
        known = {mask.id for mask in page.session.inputs.files.masks}
        page.screen.keep_strokes(known)
        if layer and layer not in known:
            return ()  # it was taken away meanwhile, or never was there
        read = read_painting_on if layer else read_painting
        mask = read(said, self._uploads.settings.read_limits)
        painted = None if mask is None else self._uploads.written(page)(mask)
        if layer:
            page.screen.painted_on_mask(layer, painted, str(said or ""), data.get("told"))
        else:
            page.screen.painted_here(painted, str(said or ""), data.get("told"))
        return (commands.Paint(painted, layer),)

    async def live(self, request: gr.Request, sent: Any) -> Message:
        """The browser is idle, and asks for what it needs to draw what the sliders say."""
        page = await self._talk.heard(request, sent)
        if page is None:
            return lost()
        is_new = page.hears(Heard.of(sent).sequence)
        key = page.screen.asks_for_live()
        view = page.session.view()
        if view.plan.is_settled:
            from segui.ui.view import live

            made = await in_thread(live.live_message, view, self._device)
            page.screen.live = Of(*live.live_key(view)), {"layers": [], **made, "key": key}
        return await self._talk.bridge.answer(page, is_again=not is_new)

    async def follow(self, request: gr.Request, sent: Any) -> Message:
        """The page waits for a model."""
        page = await self._talk.heard(request, sent)
        if page is None:
            return lost()
        if page.hears(Heard.of(sent).sequence):
            return await self._talk.bridge.followed(page)
        return await self._talk.bridge.answer(page, is_again=True)
