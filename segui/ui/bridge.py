"""Between Gradio's events and a session: an event becomes commands, a view becomes a message.

Each event is one request and its answer. It is answered when all is there that takes no model, or
after a moment with what is being done; then the page asks again until nothing is left to be done.
Messages are numbered, so that answers may come in any order. Gradio's queue has no part in that: it
closes a page's stream while the answer to a request that came at that moment is still to be sent.
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
from segui.masks.notes import Offer
from segui.options import OPTIONS
from segui.session.commands import Command
from segui.session.session import Seeds, Session
from segui.session.sessions import Sessions
from segui.session.view import Told, View
from segui.session.working import SORRY
from segui.ui.render import Renderer
from segui.ui.screen import Cells, Heard, Screen
from segui.ui.view import html
from segui.ui.view.takes import TAKES

_LOG = logging.getLogger("segui")
LOST: Final = (
    "This page was away for too long, or the server was started anew: your pictures are gone from "
    "it. Reload the page and add them again; your options are kept."
)
_WORKFLOW: Final = Offer("Take its settings", "workflow", "true")
LOST_PICTURE: Final = "The picture is of before: the server has lost it."
_TAKING: Final = ("download", "ask_download", *(f"take.{kind}" for kind in TAKES))
BUSY_SECONDS: Final = 0.15  # what takes longer says that it is being done
SHOWN_SECONDS: Final = 1.0  # the same where the page itself says so, or draws what is to come
PROGRESS_SECONDS: Final = 0.2  # a model may tell more often how far it is
FOLLOW_SECONDS: Final = 15.0  # a request that waits for longer may be cut by a proxy
LEAVING_SECONDS: Final = 2.0  # a page that is loaded anew may come before it is seen to be gone
MOST_HEARD: Final = 100  # events of a page that are known again
LOADING_SECONDS: Final = 10.0  # a page that is loading may send events before its load is seen

Message = dict[str, Any]
T = TypeVar("T")


@dataclass(eq=False)
class Page:
    """A page that is open.

    Args:
        key: The session's.
        session: The visitor's session.
        screen: What it shows by now.
        turn: Held while a message is made: each one is of a later view than the one before.
        giving: Held while what was given is read: a mask that is read sooner than the photo before
            it is that photo's.
        asked_to_follow: How often the page was asked to come again.
        follower: What the request waits with that follows the session; an older one has ended.
        told: Of the view that was told last: what came since is news to the page.
        heard: The events that were heard last, by their numbers, and whether each is done.
    """

    key: str
    session: Session
    screen: Screen = field(default_factory=Screen)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    giving: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked_to_follow: int = 0
    follower: "Listener | None" = None
    told: Told | None = None
    heard: dict[int, asyncio.Event] = field(default_factory=dict)

    def hears(self, sequence: int) -> bool:
        """Whether an event is new: the page sends one again whose answer has not come.

        Args:
            sequence: The event's number; 0 is always new.
        """
        is_new = sequence not in self.heard
        if sequence and is_new:
            self.heard[sequence] = asyncio.Event()
            if len(self.heard) > MOST_HEARD:
                del self.heard[next(iter(self.heard))]
        return is_new

    @asynccontextmanager
    async def once(self, sequence: int) -> AsyncIterator[bool]:
        """Whether an event is new, as long as it is being done; of one that is not, once it was.

        Args:
            sequence: The event's number; 0 is always new.
        """
        is_new = self.hears(sequence)
        done = self.heard.get(sequence, asyncio.Event())
        if not is_new:
            await done.wait()
        try:
            yield is_new
        finally:
            done.set()


class Listener:
    """Waits for what a session tells, on the server's loop.

    Args:
        session: The session.
    """

    def __init__(self, session: Session) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._end = session.listen(self.wake)

    def wake(self) -> None:
        """Look again whether it holds; from any thread."""
        self._loop.call_soon_threadsafe(self._changed.set)

    async def until(self, holds: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until something holds; whether it does, once that time is over."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await self._changed.wait()
                    self._changed.clear()
        except TimeoutError:
            return holds()
        return True

    def close(self) -> None:
        """Listen no more."""
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
        session = self.sessions.open(key)
        page = self._pages[key] = Page(self.sessions.key_of(key), session)
        return page

    async def come_back(self, key: str, ticket: str) -> bool:
        """Whether a page is another one of a tab, and goes on with the session that was there.

        Args:
            key: The new page's.
            ticket: Of the page before. That one may still be there for a moment.
        """
        waited = 0.0
        while self.sessions.is_there(ticket) and waited < LEAVING_SECONDS:
            await asyncio.sleep(0.05)
            waited += 0.05
        return self.sessions.come_back(key, ticket)

    def forget(self, key: str) -> None:
        """A session has ended."""
        self._pages.pop(key, None)

    async def page(self, key: str) -> Page | None:
        """The page of an event; None where its session has ended, or is of another server."""
        waited, pause = 0.0, 0.05
        while self.sessions.get(key) is None or key not in self._pages:
            if waited >= LOADING_SECONDS or key in self._pages:
                return None
            await asyncio.sleep(pause)
            waited += pause
            pause = min(2 * pause, 1.0)  # thousands that wait for nothing are looked at seldom
        return self._pages[key]

    def submit(
        self,
        page: Page,
        commands: Sequence[Command],
        seeds: Seeds = (),
        sentence: str = "",
        *,
        is_one_step: bool = False,
    ) -> None:
        """Do commands; what cannot be done is said, and nothing has changed.

        Beside what there is to say stands a button for a workflow that the page is offered.

        Args:
            page: The page.
            commands: In their order.
            seeds: Results that are there already.
            sentence: What there is to say of it where it can be done; empty says nothing.
            is_one_step: Whether all of them are undone together.
        """
        number = page.session.view().number
        try:
            number = page.session.submit(*commands, seeds=seeds, is_one_step=is_one_step)
            if sentence:
                offers = (_WORKFLOW,) if page.screen.workflow is not None else ()
                said = html.problem(sentence, is_hint=True, offers=offers)
                page.screen.remark = (said, number)
        except ExpressionError as error:
            page.screen.remark = (html.problem(str(error.message)), number)
        except SeguiError as error:
            page.screen.remark = (html.problem(str(error)), number)
        except Exception:  # noqa: BLE001  logged with its traceback
            _LOG.exception("a command failed")
            page.screen.remark = (html.problem(SORRY), number)

    def remark(self, page: Page, sentence: str, smaller_wh: tuple[int, int] | None = None) -> None:
        """Say something that belongs to this moment.

        Args:
            page: The page.
            sentence: What.
            smaller_wh: The size at which what was refused could be opened, which is offered.
        """
        said = html.problem(sentence, smaller_wh=smaller_wh)
        page.screen.remark = (said, page.session.view().number)

    async def settled(self, page: Page) -> None:
        """Wait until all is there that takes no model."""
        session = page.session
        await _until(session, lambda: session.has_ended or session.view().plan.is_settled)

    async def answer(
        self, page: Page, *, is_shown: bool = False, is_again: bool = False
    ) -> Message:
        """What an event is answered: all that follows from it, or that it is being done.

        Args:
            page: The page.
            is_shown: Whether the page says or shows already that something is being done: to be
                told so again soon would take both sides' time from what it waits for.
            is_again: Whether the event comes again, since its answer was lost.
        """
        session, number = page.session, page.session.view().number

        def is_due() -> bool:
            view = session.view()
            is_overtaken = view.number != number  # by an event that is answered with all of it
            return session.has_ended or view.plan.is_settled or is_overtaken

        await _until(session, is_due, SHOWN_SECONDS if is_shown else BUSY_SECONDS)
        return await self._message(page, is_again=is_again)

    async def followed(self, page: Page) -> Message:
        """What a page is answered that waits: what has changed since, as soon as something has.

        Of several requests the last one is told. Those before it end, and say nothing: a browser
        has six connections to a server, and sends nothing more while all of them wait.
        """
        session = page.session
        known = page.told or session.view().told
        before, listener = page.follower, Listener(session)
        page.follower = listener
        if before is not None:
            before.wake()
        if known.is_done:
            session.has_shown(known.number)

        def is_over() -> bool:
            return page.follower is not listener or session.has_ended

        def is_news() -> bool:
            view = session.view()
            return is_over() or view.plan.is_at_rest or _differs(view, known)

        try:
            await listener.until(is_news, FOLLOW_SECONDS)
            await listener.until(
                lambda: is_over() or _is_there(session.view(), known), PROGRESS_SECONDS
            )
        finally:
            listener.close()
        return await self._message(page) if page.follower is listener else gr.skip()

    async def _message(self, page: Page, *, is_again: bool = False) -> Message:
        async with page.turn:
            view = page.session.view()
            page.told = view.told
            cells = dict(await asyncio.to_thread(self._cells, page, view))
            if not view.plan.is_at_rest and not page.session.has_ended:
                page.asked_to_follow += 1
                cells[("follow", "value")] = page.asked_to_follow
            return page.screen.message(cells, view.number, is_again=is_again) or gr.skip()

    def _cells(self, page: Page, view: View) -> Cells:
        try:
            return self._renderer.cells(view, page.screen)
        except Exception:  # noqa: BLE001  logged with its traceback
            _LOG.exception("a view could not be shown")
            return {("problem", "value"): html.problem(SORRY)}


def _differs(view: View, known: Told) -> bool:
    """Whether a view says something that one before it did not."""
    return view.told[:-1] != known[:-1]


def _is_there(view: View, known: Told) -> bool:
    """Whether more has come than how far it is, or that there is something new to do."""
    return view.plan.is_done or (view.plan.is_settled and not known.is_settled)


async def _until(session: Session, holds: Callable[[], bool], seconds: float | None = None) -> None:
    listener = Listener(session)
    try:
        await listener.until(holds, seconds)
    finally:
        listener.close()


async def in_thread(work: Callable[..., T], *args: Any) -> T:
    """Do something that takes a while beside the server's loop."""
    return await asyncio.to_thread(partial(work, *args))


def lost() -> Message:
    """What a page is told whose session is gone."""
    return {
        "n": 0,
        "parts": {
            "problem": {"value": html.problem(LOST)},
            "result": {"busy": "", "stale": LOST_PICTURE},
            **{part: {"interactive": False} for part in _TAKING},
        },
    }


def heard(sent: object) -> tuple[Heard, Mapping[str, Any]]:
    """What an event says: what comes with each one, and the controls' values by name."""
    values = sent.get("values") if isinstance(sent, dict) else None
    said = values if isinstance(values, dict) else {}
    return Heard.of(sent), {name: said[name] for name in OPTIONS if name in said}
