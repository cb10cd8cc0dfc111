"""The page as a whole: opened, as it was left or anew, with another example, and closed."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import gradio as gr

from segui.errors import SeguiError
from segui.options import stored_options
from segui.session import commands
from segui.session.examples import Examples
from segui.session.inputs import OWN, Inputs
from segui.ui.bridge import Message, Page, in_thread, lost
from segui.ui.guard.clients import client_of
from segui.ui.handlers.talk import Talk, key_of
from segui.ui.handlers.uploads import Uploads
from segui.ui.layout.html_component import said_by
from segui.ui.screen import Heard
from segui.ui.view import html

_KEPT: Final = "Your options are as you left them. Your photo was not kept: add it again."
_ANOTHER_TAB: Final = "Your options are as you left them: add a photo to use them on."
_BACK: Final = "Your photo is back, with all that you did to it."
_OF_LINK: Final = "The link's recipe is in force; Undo takes it back"
_TICKET: Final = re.compile("[0-9a-f]{32}")


class Opening:
    """The handlers of a page that is opened or closed, and of its examples.

    Args:
        talk: Hears the events.
        uploads: Keeps what a link paints.
        examples: The ready scenes.
        defaults: What every option is at first.
    """

    def __init__(
        self, talk: Talk, uploads: Uploads, examples: Examples, defaults: Mapping[str, Any]
    ) -> None:
        self._talk = talk
        self._bridge = talk.bridge
        self._uploads = uploads
        self._examples = examples
        self._defaults = defaults

    async def load(
        self, request: gr.Request, options: Any, scene: Any, opening: Any = None
    ) -> Message:
        """The page was opened: as its tab left it, as the browser did, or with the first example.

        Args:
            request: For the session.
            options: The controls' values as this browser kept them, or None.
            scene: The example that was on the page, or that it was the user's own photo.
            opening: The ticket of this page, and the one of the page before in its tab.
        """
        ticket, former = (_ticket(opening, name) for name in ("ticket", "former"))
        is_back = await self._bridge.come_back(key_of(request), former)
        page = self._bridge.open(key_of(request))
        self._bridge.sessions.give_ticket(key_of(request), ticket)
        if is_back:
            if page.session.inputs.scene == OWN and page.session.inputs.files.photo is not None:
                page.screen.remark = (html.problem(_BACK, is_hint=True), page.session.view().number)
            await self._follow_link(page, opening)
            return await self._bridge.answer(page)
        # what a browser kept, it keeps; the rest is told, whatever the page shows
        try:
            inputs, remark = await in_thread(self._opened, options, scene, bool(former))
            page.session.begin(inputs, self._owner(request))
            if remark:
                page.screen.remark = (remark, page.session.view().number)
        except SeguiError as error:
            self._bridge.remark(page, str(error))
        await self._follow_link(page, opening)
        return await self._bridge.answer(page)

    async def _follow_link(self, page: Page, opening: Any) -> None:
        """Where the page's address has a recipe, put it in force, as if it were given as a file."""
        recipe = opening.get("recipe") if isinstance(opening, dict) else None
        if not recipe:
            return
        from segui.session.recipes import read_link_settings

        files, written = page.session.inputs.files, self._uploads.written(page)
        most = self._uploads.settings.max_megapixels
        try:
            read = await in_thread(read_link_settings, str(recipe), files, written, most)
            self._bridge.submit(page, (read,), sentence=_OF_LINK)
        except SeguiError as error:
            self._bridge.remark(page, str(error))

    def _owner(self, request: gr.Request) -> str:
        """Who all pages of one client belong to."""
        asked = request.request
        return client_of({} if asked is None else asked.scope, self._uploads.settings.proxies)

    def _opened(self, options: Any, scene: Any, had_page: bool) -> tuple[Inputs, str]:
        from segui.session.reduce import with_options

        values = stored_options(options)
        fresh = Inputs.fresh(self._defaults)
        if scene == OWN and values and {**self._defaults, **values} != self._defaults:
            # another tab may have that photo, and keeps it
            remark = _KEPT if had_page else _ANOTHER_TAB
            return with_options(fresh, values), html.problem(remark, is_hint=True)
        example = self._examples.get(scene) if isinstance(scene, str) else None
        if example is None:
            return self._examples.get(self._examples.opening) or fresh, ""
        if not values or {**example.options, **values} == example.options:
            return example, ""
        return with_options(example, values), ""

    async def example(self, request: gr.Request, event: gr.EventData, sent: Any) -> Message:
        """An example was picked."""
        name = str(said_by(event).get("example", ""))
        page = await self._talk.heard(request, sent)
        if page is None:
            return lost()
        return await self._talk.done_once(page, Heard.of(sent), partial(self._shown, page, name))

    async def _shown(self, page: Page, name: str) -> None:
        try:
            inputs = await in_thread(self._examples.get, name)
            if inputs is not None:
                self._bridge.submit(page, (commands.Show(inputs),))
        except SeguiError as error:
            self._bridge.remark(page, str(error))

    def leave(self, request: gr.Request) -> None:
        """The page was closed: what it left goes, unless it comes back."""
        self._bridge.sessions.leave(key_of(request))


def _ticket(said: object, name: str) -> str:
    """A ticket as a browser sends it; empty where it is none."""
    text = said.get(name) if isinstance(said, dict) else None
    return text if isinstance(text, str) and _TICKET.fullmatch(text) else ""
