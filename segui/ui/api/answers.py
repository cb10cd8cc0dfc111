"""Answers that nobody fetches: Gradio keeps what a POST asked for until a GET asks for it."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

KEPT_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 10.0


def answers_middleware() -> Middleware:
    """What removes them, for ``app_kwargs`` of ``launch``."""
    return Middleware(FetchedOrGone)


class FetchedOrGone:
    """Lets answers go that nobody has fetched for a while, from the first request on.

    Args:
        app: Who answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a look taken now and then, on the loop on which Gradio itself changes its queue."""
        if self._looking is None and scope["type"] == "http":
            self._looking = asyncio.create_task(_look(scope["app"]))
        await self._app(scope, receive, send)


async def _look(app: Any) -> None:
    answers = Unfetched()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        answers.let_go(app.get_blocks()._queue)  # noqa: SLF001  Gradio has no other way to it


class Unfetched:
    """Knows since when a session's answers wait to be fetched.

    Args:
        now: The time in seconds, of any beginning.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._since: dict[str, float] = {}

    def let_go(self, queue: Any) -> None:
        """Remove the answers that wait for too long.

        Args:
            queue: Gradio's. A session of which something is asked or done is left alone: it would
                be missed.
        """
        waiting = {
            key for key, kept in queue.pending_messages_per_session.items() if kept.qsize()
        } - _at_work(queue)
        now = self._now()
        self._since = {key: self._since.get(key, now) for key in waiting}
        for key, since in self._since.items():
            if now - since >= KEPT_SECONDS:
                queue.pending_messages_per_session.pop(key, None)
                for event in queue.pending_event_ids_session.pop(key, ()):
                    queue.event_ids_to_events.pop(event, None)


def _at_work(queue: Any) -> set[str]:
    """Sessions of which an event waits for its turn, or has it."""
    asked = [event for one in queue.event_queue_per_concurrency_id.values() for event in one.queue]
    done = [event for job in queue.active_jobs if job for event in job]
    return {event.session_hash for event in (*asked, *done)}
