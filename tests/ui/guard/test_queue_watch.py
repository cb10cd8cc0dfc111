import asyncio
from typing import Any

import gradio as gr
import pytest
from gradio.queueing import Event, EventQueue, Queue

from segui.settings import Settings
from segui.ui.guard import queue_watch
from segui.ui.guard.queue_watch import Messages, WatchedQueue
from segui.ui.page import build_page
from tests.coroutines import run
from tests.ui.loops import closing_loops

SECONDS = 10


class Function:
    """As much of a handler as the queue looks at."""

    _id = 0
    concurrency_id = "x"
    concurrency_limit = 1
    batch = False
    connection = "sse"


class Line(WatchedQueue):
    """A queue that notes what it takes; nothing is computed."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self.taken: list[str] = []

    async def process_events(self, events: list[Event], *_: Any) -> None:
        self.taken += [event.session_hash for event in events]
        self.active_jobs[self.active_jobs.index(events)] = None
        self.event_queue_per_concurrency_id["x"].current_concurrency -= 1

    def put(self, *sessions: str, told: bool = True) -> None:
        """Let sessions wait, as ``push`` does."""
        fn: Any = Function()
        waiting = self.event_queue_per_concurrency_id.setdefault("x", EventQueue("x", 1))
        for session in sessions:
            if told:
                self.pending_messages_per_session[session] = asyncio.Queue()
            waiting.queue.append(Event(session, fn, Any, None))

    async def until(self, *sessions: str) -> None:
        async with asyncio.timeout(SECONDS):
            while self.taken != [*sessions]:
                await asyncio.sleep(0.01)


def make(kind: type[WatchedQueue] = Line) -> Any:
    blocks: Any = None
    return kind.like(Queue(True, 1, 1, None, blocks))


def test_one_whose_messages_are_gone_holds_up_nobody(caplog):
    async def wait() -> None:
        line = make()
        line.put("first", "lost", told=False)
        line.put("last")
        line.start()
        await line.until("first", "lost", "last")
        assert line.trouble == ""
        assert list(line.pending_messages_per_session) == ["last"]
        line.close()

    run(wait())
    assert caplog.text == ""  # no loop had to be begun again


def test_a_session_pushed_out_by_others_holds_up_nobody(caplog):
    async def wait() -> None:
        line = make()
        line.pending_messages_per_session = Messages(2)
        names = [f"visitor{number}" for number in range(5)]
        line.put(*names)
        line.start()
        await line.until(*names)
        assert line.trouble == ""
        line.close()

    run(wait())
    assert caplog.text == ""  # no loop had to be begun again


@pytest.mark.parametrize("error", [KeyError("lost"), RuntimeError("anything")])
def test_a_loop_that_ended_is_begun_again(monkeypatch, caplog, error):
    async def wait() -> None:
        line = make()
        line.put("before", "meanwhile")
        monkeypatch.setattr(line, "get_events", failing_once(line.get_events, error))
        line.start()
        await line.until("before", "meanwhile")
        assert line.trouble == ""
        line.close()

    run(wait())
    assert "a loop of the queue ended and is begun again" in caplog.text
    assert "Traceback" in caplog.text


def failing_once(then: Any, error: Exception) -> Any:
    faults = [error]

    def fail() -> Any:
        if faults:
            raise faults.pop()
        return then()

    return fail


def test_jobs_that_were_begun_outlive_the_loop(monkeypatch):
    async def wait() -> None:
        line = make()
        job = asyncio.create_task(asyncio.sleep(0.3))
        line._asyncio_tasks.add(job)
        monkeypatch.setattr(line, "get_events", failing_once(line.get_events, KeyError("lost")))
        line.put("one")
        line.start()
        await line.until("one")
        await job
        line.close()

    run(wait())


def test_health_says_what_is_wrong():
    async def wait() -> None:
        line = make()
        assert line.trouble == "the queue has not been started"
        line.start()
        await asyncio.sleep(0)
        assert line.trouble == ""
        line.close()
        assert line.trouble == "the queue has stopped"
        await asyncio.sleep(2 * queue_watch.RESTART_SECONDS)
        assert line.trouble == "the queue has stopped"
        line.start()  # as Gradio does when it is launched again
        line.stopped = False
        await asyncio.sleep(0)
        assert line.trouble == ""
        line._loop.cancel()
        await asyncio.sleep(0.01)
        assert line.trouble == "the queue has stopped"
        line.close()

    run(wait())


@pytest.mark.long
def test_the_page_has_such_a_queue_with_the_same_settings():
    with closing_loops():
        page: gr.Blocks = build_page(Settings(queue_size=7))
        queue = page._queue
    assert isinstance(queue, WatchedQueue)
    assert isinstance(queue.pending_messages_per_session, Messages)
    assert (queue.max_size, queue.live_updates) == (7, True)
    assert queue.max_thread_count == page.max_threads
