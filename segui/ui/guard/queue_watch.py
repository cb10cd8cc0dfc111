"""Gradio's queue, kept running whatever becomes of a session.

Gradio sends the places in its queue to every session that waits. One whose messages are gone, as
the oldest are when there are many, was a KeyError in the queue's only loop, and the loop's end was
the queue's, for everybody, until the server was started anew.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from gradio.queueing import Queue
from gradio.utils import LRUCache

_LOG = logging.getLogger("segui")
MOST_SESSIONS: Final = 2000  # with messages that nobody has read, as Gradio has it
RESTART_SECONDS: Final = 0.1  # between an end and the next beginning: no fault may take all time


class Messages(LRUCache[str, "asyncio.Queue[Any]"]):
    """The messages of each session; what is sent to one that is gone is read by nobody."""

    def __missing__(self, session: str) -> "asyncio.Queue[Any]":
        """A place for what is sent to a session that is gone; it is not kept."""
        return asyncio.Queue()


class WatchedQueue(Queue):
    """Gradio's queue, whose loops are begun again if they end before the server does."""

    @classmethod
    def like(cls, queue: Queue) -> "WatchedQueue":
        """A queue with the same settings, for one that nothing was put into yet."""
        watched = cls(
            queue.live_updates,
            queue.max_thread_count,
            queue.update_intervals,
            queue.max_size,
            queue.blocks,
            queue.default_concurrency_limit,
        )
        watched.pending_messages_per_session = Messages(MOST_SESSIONS)
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
