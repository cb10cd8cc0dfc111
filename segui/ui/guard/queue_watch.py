"""Gradio's queue, kept running whatever becomes of a session.

Gradio sends the places in its queue to every session that waits. One whose messages are gone, as
the oldest are when there are many, was a KeyError in the queue's only loop, and the loop's end was
the queue's, for everybody, until the server was started anew.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import Request
from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Queue
from gradio.utils import LRUCache

from segui.ui.guard.clients import calls_of, client_of

_LOG = logging.getLogger("segui")
MOST_SESSIONS: Final = 2000  # with messages that nobody has read, as Gradio has it
RESTART_SECONDS: Final = 0.1  # between an end and the next beginning: no fault may take all time


class Messages(LRUCache[str, "asyncio.Queue[Any]"]):
    """The messages of each session; what is sent to one that is gone is read by nobody."""

    def __missing__(self, session: str) -> "asyncio.Queue[Any]":
        """A place for what is sent to a session that is gone; it is not kept."""
        return asyncio.Queue()

    def __delitem__(self, session: str) -> None:
        """Forget a session; each of its streams does so that is broken off, and not one alone."""
        self.pop(session, None)


class WatchedQueue(Queue):
    """Gradio's queue, whose loops are begun again if they end before the server does."""

    most_of_one = 1000
    proxies: tuple[str, ...] = ()

    @classmethod
    def like(
        cls, queue: Queue, most_of_one: int = most_of_one, proxies: tuple[str, ...] = ()
    ) -> "WatchedQueue":
        """A queue with the same settings, for one that nothing was put into yet.

        Args:
            queue: Whose settings it has.
            most_of_one: Most calls of one client that wait or are worked on at once.
            proxies: See ``clients.client_of``.
        """
        watched = cls(
            queue.live_updates,
            queue.max_thread_count,
            queue.update_intervals,
            queue.max_size,
            queue.blocks,
            queue.default_concurrency_limit,
        )
        watched.pending_messages_per_session = Messages(MOST_SESSIONS)
        watched.most_of_one, watched.proxies = most_of_one, proxies
        return watched

    _is_closed = False
    _loop: "asyncio.Task[Any] | None" = None

    @property
    def trouble(self) -> str:
        """Why nothing that waits would be worked on; empty where it would be."""
        if self._loop is None:
            return "the queue has not been started"
        if self._loop.done() or self.stopped:
            return "the queue has stopped"
        return ""

    async def push(
        self, body: PredictBodyInternal, request: Request, username: str | None
    ) -> tuple[bool, Any, Any]:
        """Take a call, or say at once that it would wait for too long."""
        refusal = self._refusal(request)
        if refusal:
            return False, refusal, "queue_full"
        return await super().push(body, request, username)

    def _refusal(self, request: Request) -> str:
        lines = self.event_queue_per_concurrency_id.values()
        waiting = [event for line in lines for event in line.queue]
        place, most = len(waiting) + 1, self.most_of_one
        if self.max_size is not None and place > self.max_size:
            return f"busy, place {place}: at most {self.max_size} calls wait; ask again in a moment"
        worked_on = [event for job in self.active_jobs if job for event in job]
        client = client_of(request.scope, self.proxies)
        own = calls_of(client, [*waiting, *worked_on], self.proxies)
        if own < most:
            return ""
        return (
            f"busy, place {place}: {own} calls of yours are not done yet, at most {most} of one "
            "client are taken; ask again when one is done"
        )

    def start(self) -> None:
        """Begin the loops; Gradio does it when the server starts."""
        self._is_closed = False
        super().start()  # type: ignore[no-untyped-call]  # Gradio's are not typed

    def close(self) -> None:
        """End the loops for good."""
        self._is_closed = True
        super().close()  # type: ignore[no-untyped-call]

    async def start_processing(self) -> None:
        """Take what waits, one after the other, until the queue is closed."""
        self._loop = asyncio.current_task()
        await self._kept_up(super().start_processing)

    async def start_progress_updates(self) -> None:
        """Tell how far jobs have come, until the queue is closed."""
        await self._kept_up(super().start_progress_updates)

    def _cancel_asyncio_tasks(self) -> None:
        """Let jobs go on that were begun: they are not the loop's whose end this is."""
        if self._is_closed:
            super()._cancel_asyncio_tasks()  # type: ignore[no-untyped-call]

    async def _kept_up(self, loop: Callable[[], Awaitable[None]]) -> None:
        while not self._is_closed:
            try:
                await loop()
            except Exception:  # noqa: BLE001  logged with its traceback: others wait
                _LOG.exception("a loop of the queue ended and is begun again")
            if not self._is_closed:
                self.stopped = False
                await asyncio.sleep(RESTART_SECONDS)
