"""Between Gradio's events and a session: an event becomes commands, a view becomes a message.

Each event follows the session until all is there that takes no model, and is the only one that
tells the page anything meanwhile: a newer event takes over. What takes longer is followed by an
event of its own, which the page is asked to send.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

import gradio as gr

from segui.errors import ExpressionError, SeguiError
from segui.session.commands import Command
from segui.session.session import Seeds, Session
from segui.session.sessions import Sessions
from segui.session.view import View
from segui.session.working import SORRY
from segui.ui.render import Renderer
from segui.ui.screen import Cells, Heard, Screen
from segui.ui.view import html

_LOG = logging.getLogger("segui")
LOST: Final = (
    "This page was away for too long, or the server was started anew: your pictures are gone from "
    "it. Reload the page and add them again; your options are kept."
)
BUSY_SECONDS: Final = 0.15  # what takes longer says that it is being done
PROGRESS_SECONDS: Final = 0.2
LOADING_SECONDS: Final = 10.0  # a page that is loading may send events before its load is seen

Message = dict[str, Any]
T = TypeVar("T")


@dataclass(eq=False)
class Page:
    """A page that is open.

    Args:
        key: The session's, as the browser chose it.
        session: The visitor's session.
        screen: What it shows by now.
        turn: Held by the one event that tells it anything.
        follower: That event, or the newest one that waits for its turn.
        asked_to_follow: How often the page was asked to follow a model.
    """

    key: str
    session: Session
    screen: Screen = field(default_factory=Screen)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    follower: "Follower | None" = None
    asked_to_follow: int = 0


class Follower:
    """An event that follows a session, until it is done or a newer one takes over."""

    def __init__(self, session: Session) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._end = session.listen(self._wake_from_a_thread)
        self.is_over = False

    def _wake_from_a_thread(self) -> None:
        self._loop.call_soon_threadsafe(self._changed.set)

    def take_over(self) -> None:
        """A newer one tells the page from now on."""
        self.is_over = True
        self._changed.set()

    async def wait(self, seconds: float | None = None) -> bool:
        """Wait for a change; whether there was one in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        self._changed.clear()
        return True

    def close(self) -> None:
        """Follow no more."""
        self._end()


class Bridge:
    """Finds each event's page, does its commands, and tells the page what follows.

    Args:
        sessions: The visitors' sessions.
        renderer: Turns views into cells.
    """

    def __init__(self, sessions: Sessions, renderer: Renderer) -> None:
        self.sessions = sessions
        self._renderer = renderer
        self._pages: dict[str, Page] = {}

    def open(self, key: str) -> Page:
        """The page of a session that is loaded now: nothing is known of what it shows."""
        page = self._pages[key] = Page(key, self.sessions.open(key))
        return page

    def forget(self, key: str) -> None:
        """A session has ended."""
        self._pages.pop(key, None)

    async def page(self, key: str) -> Page | None:
        """The page of an event; None where its session has ended, or is of another server."""
        waited = 0.0
        while self.sessions.get(key) is None or key not in self._pages:
            if waited >= LOADING_SECONDS or key in self._pages:
                return None
            await asyncio.sleep(0.05)
            waited += 0.05
        return self._pages[key]

    def submit(self, page: Page, commands: Sequence[Command], seeds: Seeds = ()) -> None:
        """Do commands; what cannot be done is said, and nothing has changed."""
        number = page.session.view().number
        try:
            number = page.session.submit(*commands, seeds=seeds)
        except ExpressionError as error:
            page.screen.remark = (html.problem(str(error.message)), number)
        except SeguiError as error:
            page.screen.remark = (html.problem(str(error)), number)
        except Exception:  # noqa: BLE001  logged with its traceback
            _LOG.exception("a command failed")
            page.screen.remark = (html.problem(SORRY), number)

    def remark(self, page: Page, sentence: str) -> None:
        """Say something that belongs to this moment."""
        page.screen.remark = (html.problem(sentence), page.session.view().number)

    async def settled(self, page: Page) -> None:
        """Wait until all is there that takes no model, and tell nobody."""
        follower = Follower(page.session)
        try:
            while not (page.session.view().plan.is_settled or page.session.has_ended):
                await follower.wait()
        finally:
            follower.close()

    async def follow(
        self, page: Page, also: Cells | None = None, *, to_the_end: bool = False
    ) -> AsyncIterator[Message]:
        """Messages for the page, until it shows all that follows or a newer event takes over.

        Args:
            page: The page.
            also: Cells that this event tells besides, such as that a field is empty again.
            to_the_end: Whether to wait for models too; else the page is asked to follow.
        """
        async with self._turn(page) as follower:
            if follower.is_over:
                # what only this event knows must not get lost
                if also:
                    yield page.screen.message(also, page.session.view().number) or gr.skip()
                return
            told = dict(also or {})
            is_first = True
            while True:
                view = page.session.view()
                if not view.plan.is_settled and is_first:
                    is_first = False
                    if await follower.wait(BUSY_SECONDS) and not follower.is_over:
                        is_first = True
                        continue
                    view = page.session.view()
                is_done = _is_done(view, to_the_end=to_the_end)
                if is_done and view.is_asking and not to_the_end:
                    # another number each time: this event may have ended one that followed
                    page.asked_to_follow += 1
                    told[("follow", "value")] = page.asked_to_follow
                message = await self._message(page, view, told)
                if message:
                    yield message
                if follower.is_over or is_done or page.session.has_ended:
                    break
                await follower.wait()
                if to_the_end and view.is_asking:
                    await asyncio.sleep(PROGRESS_SECONDS)
            # Gradio sends the last message of a generator twice: it must be an empty one
            yield gr.skip()

    async def _message(self, page: Page, view: View, also: Cells) -> Message:
        cells = await asyncio.to_thread(self._cells, page, view)
        return page.screen.message({**cells, **also}, view.number)

    def _cells(self, page: Page, view: View) -> Cells:
        try:
            return self._renderer.cells(view, page.screen)
        except Exception:  # noqa: BLE001  logged with its traceback
            _LOG.exception("a view could not be shown")
            return {("problem", "value"): html.problem(SORRY)}

    @asynccontextmanager
    async def _turn(self, page: Page) -> AsyncIterator[Follower]:
        """The right to tell a page something, once the one before has said its last word."""
        former, follower = page.follower, Follower(page.session)
        page.follower = follower
        if former is not None:
            former.take_over()
        try:
            async with page.turn:
                yield follower
        finally:
            follower.close()


def _is_done(view: View, *, to_the_end: bool) -> bool:
    return view.plan.is_at_rest if to_the_end else view.plan.is_settled


async def in_thread(work: Callable[..., T], *args: Any) -> T:
    """Do something that takes a while beside the server's loop."""
    return await asyncio.to_thread(partial(work, *args))


def lost() -> Message:
    """What a page is told whose session is gone."""
    return {
        "n": 0,
        "parts": {"problem": {"value": html.problem(LOST)}, "result": {"busy": ""}},
    }


def heard(
    clock: object, names: Sequence[str], values: Sequence[Any]
) -> tuple[Heard, Mapping[str, Any]]:
    """What an event says: what comes with each one, and the controls' values by name."""
    return Heard.of(clock), dict(zip(names, values, strict=True))
