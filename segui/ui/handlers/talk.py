"""How an event is heard and answered: its page is found, its values are told to the session."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

import gradio as gr

from segui.errors import SeguiError
from segui.session import commands
from segui.session.commands import Command
from segui.ui.bridge import Bridge, Message, Page, heard, lost
from segui.ui.layout.html_component import said_by
from segui.ui.screen import Heard
from segui.ui.view.percent import from_page

Make = Callable[[Page], Sequence[Command]]
Do = Callable[[], Awaitable[Message | None]]
Click = Callable[[Page, dict[str, Any]], Sequence[Command]]  # of the data that come with it


class Talk:
    """Hears the events of one page, each of which is told what the page is to show next.

    Args:
        bridge: Finds pages and follows their sessions.
    """

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge

    def doing(self, *done: Command) -> Callable[..., Awaitable[Message]]:
        """The handler of an event that asks for the same each time, or for nothing but its values.

        Args:
            done: What it asks for.
        """

        async def happened(request: gr.Request, sent: Any) -> Message:
            return await self.do(request, sent, lambda _: done)

        return happened

    def clicked(self, make: Click) -> Callable[..., Awaitable[Message]]:
        """The handler of a click that comes with data.

        Args:
            make: What is done.
        """

        async def was_clicked(request: gr.Request, event: gr.EventData, sent: Any) -> Message:
            data = said_by(event)
            is_shown = data.get("drawn") is True
            return await self.do(request, sent, lambda page: make(page, data), is_shown=is_shown)

        return was_clicked

    async def do(
        self, request: gr.Request, sent: Any, make: Make, *, is_shown: bool = False
    ) -> Message:
        """Tell the session what the controls say, and do what the event asks for.

        Args:
            request: Of the event.
            sent: What the browser says: what comes with each event, and the controls' values.
            make: What else is done.
            is_shown: Whether the page shows already what is being made, as it draws it by itself.
        """
        page = await self.bridge.page(key_of(request))
        if page is None:
            return lost()
        what, values = heard(sent)
        do = partial(self._done, page, what, values, make)
        return await self.done_once(page, what, do, is_shown=is_shown)

    async def done_once(
        self, page: Page, sent: Heard, do: Do, *, is_shown: bool = False
    ) -> Message:
        """Answer an event, and before that do what it asks for, unless it came before.

        Args:
            page: The page.
            sent: What the browser says of the event.
            do: Does it; what it returns is the answer, where it has one of its own.
            is_shown: As of ``Bridge.answer``.
        """
        async with page.once(sent.sequence) as is_new:
            own = await do() if is_new else None
            if own is not None:
                return own
        return await self.bridge.answer(page, is_shown=is_shown, is_again=not is_new)

    async def _done(self, page: Page, sent: Heard, said: Mapping[str, Any], make: Make) -> None:
        """Do what an event says and asks for."""
        changed = from_page(page.screen.hear(sent, said))
        try:
            more = make(page)
        except SeguiError as error:
            self.bridge.remark(page, str(error))
            more = ()
        if changed or more:
            set_first = commands.in_series(changed, sent.series)
            self.bridge.submit(page, (*set_first, *more))
            page.screen.said(changed, page.session.view().number)

    async def heard(self, request: gr.Request, sent: Any) -> Page | None:
        """The page of an event that sends no values; None where its session has ended."""
        page = await self.bridge.page(key_of(request))
        if page is not None:
            page.screen.hear(Heard.of(sent), {})
        return page


def key_of(request: gr.Request) -> str:
    """The key of a request's session; empty where it has none."""
    return request.session_hash or ""
