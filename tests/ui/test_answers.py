"""Which pages are there, and which answers nobody fetches."""

import asyncio
from asyncio import Queue
from types import SimpleNamespace
from typing import Any

import pytest

from segui.ui.api.answers import KEPT_SECONDS, Unfetched
from segui.ui.api.heartbeats import Heartbeats, tell_heartbeats
from tests.coroutines import run


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def queue_of(*keys: str) -> Any:
    """Gradio's queue, as far as it is looked at, with an answer for each key."""
    kept: dict[str, Queue[str]] = {key: Queue() for key in keys}
    for messages in kept.values():
        messages.put_nowait("an answer of 9 MB")
    return SimpleNamespace(
        pending_messages_per_session=kept,
        pending_event_ids_session={key: {f"event of {key}"} for key in keys},
        event_ids_to_events={f"event of {key}": object() for key in keys},
        event_queue_per_concurrency_id={"endpoints": SimpleNamespace(queue=[])},
        active_jobs=[None],
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


def passes(clock: Clock, answers: Unfetched, queue: Any, seconds: float) -> None:
    answers.let_go(queue)
    clock.now += seconds
    answers.let_go(queue)


def test_an_answer_that_nobody_fetches_goes_after_a_while(clock):
    queue, answers = queue_of("mine"), Unfetched(clock)
    passes(clock, answers, queue, KEPT_SECONDS - 1)
    assert "mine" in queue.pending_messages_per_session
    passes(clock, answers, queue, 1)
    assert queue.pending_messages_per_session == {}
    assert queue.pending_event_ids_session == {}
    assert queue.event_ids_to_events == {}


def test_an_answer_that_is_fetched_meanwhile_counts_anew(clock):
    queue, answers = queue_of("mine"), Unfetched(clock)
    passes(clock, answers, queue, KEPT_SECONDS - 1)
    queue.pending_messages_per_session["mine"].get_nowait()
    passes(clock, answers, queue, 1)
    queue.pending_messages_per_session["mine"].put_nowait("the next")
    passes(clock, answers, queue, KEPT_SECONDS - 1)
    assert "mine" in queue.pending_messages_per_session


def test_what_is_asked_or_done_keeps_its_place_for_its_answer(clock):
    queue, answers = queue_of("asked", "done", "neither"), Unfetched(clock)
    asked, done = (SimpleNamespace(session_hash=key) for key in ("asked", "done"))
    queue.event_queue_per_concurrency_id["endpoints"].queue.append(asked)
    queue.active_jobs = [None, [done]]
    passes(clock, answers, queue, KEPT_SECONDS)
    assert set(queue.pending_messages_per_session) == {"asked", "done"}


def test_a_page_is_there_as_long_as_its_connection_is():
    seen: list[str] = []
    page = SimpleNamespace()

    def beat(key: str) -> Any:
        seen.append(f"{key} came")
        return lambda: seen.append(f"{key} went")

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        seen.append("there")
        raise asyncio.CancelledError

    tell_heartbeats(page, beat)
    scope = {
        "type": "http",
        "path": "/gradio_api/heartbeat/mine",
        "app": SimpleNamespace(get_blocks=lambda: page),
    }
    for told, expected in (
        (scope, ["mine came", "there", "mine went"]),
        (
            {**scope, "path": "/gradio_api/info"},
            ["there"],
        ),
    ):
        seen.clear()
        with pytest.raises(asyncio.CancelledError):
            run(Heartbeats(app)(told, None, None))  # type: ignore[arg-type]
        assert seen == expected
