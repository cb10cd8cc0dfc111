import json
import time
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from segui.ui.guard.refusals import Refusal
from segui.ui.guard.streams import stream_refusal
from tests.app_server import AppServer
from tests.ui.guard.programs import ask, health, post

WHY = "it was never asked for, or its answer was fetched or has waited for too long"
HOW = "one begins with an event at /gradio_api/queue/join"
QUEUE = SimpleNamespace(
    pending_messages_per_session={"visitor": 0, "own": 0, "fetched": 0},
    pending_event_ids_session={
        "visitor": {"waits"},
        "own": {"own"},
        "gone": {"lost"},
        "fetched": (),
    },
)  # fmt: skip


@pytest.mark.parametrize("event", ["waits", "own"])
@pytest.mark.parametrize("path", ["call/composite", "call/v2/composite"])
def test_an_event_is_known_while_it_waits_and_until_its_answer_is_fetched(path, event):
    assert stream_refusal(f"/gradio_api/{path}/{event}", "", QUEUE) is None


@pytest.mark.parametrize("event", ["unknown", "lost", "fetched", "composite"])
@pytest.mark.parametrize("path", ["call/composite", "call/v2/composite", "call/nothing"])
def test_an_event_that_nobody_knows_has_no_stream(path, event):
    refusal = Refusal(404, f"there is no event {event!r}: {WHY}")
    assert stream_refusal(f"/gradio_api/{path}/{event}", "", QUEUE) == refusal


def test_a_session_has_a_stream_once_it_has_asked_for_something():
    def found(query: str) -> Refusal | None:
        return stream_refusal("/gradio_api/queue/data", query, QUEUE)

    sentence = "there is no session 'gone' that waits for anything: " + HOW
    assert found("session_hash=visitor") is None
    assert found("session_hash=gone") == Refusal(404, sentence)
    assert found("session_hash=visitor&session_hash=gone") == Refusal(404, sentence)
    assert found("") is None  # which Gradio says itself


@pytest.mark.parametrize("path", ["/", "/gradio_api/heartbeat/unknown", "/gradio_api/call/x"])
def test_other_addresses_are_left_alone(path):
    assert stream_refusal(path, "session_hash=unknown", QUEUE) is None


@pytest.mark.parametrize(
    "path",
    [
        "call/composite/unknown",
        "call/v2/segments/unknown",
        "call/nothing/%00",
        "call/composite/" + "x" * 5000,
        "queue/data?session_hash=unknown",
        "queue/data?session_hash=a&session_hash=b",
    ],
)
def test_the_server_says_so_before_a_stream_begins(app, path):
    before = len(app.log)
    answer = ask(app, "GET", f"/gradio_api/{path}")
    assert answer.status == 404
    assert answer.detail.startswith("there is no ")
    assert len(answer.detail) < 200
    lines = [line for line in app.log[before:].splitlines() if not line.startswith("* ")]
    assert len(lines) == 1


def asked(app: AppServer, **values: Any) -> str:
    health(app)
    answer = post(app, "call/segments", {"data": [None], **values})
    return str(json.loads(answer.text)["event_id"])


@pytest.mark.parametrize("session", [{}, {"session_hash": "fetcher"}])
def test_an_answer_is_fetched_once(app, session):
    event = asked(app, **session)
    path = f"/gradio_api/call/segments/{event}"
    assert "image is None: expected an uploaded file" in ask(app, "GET", path).text
    again = ask(app, "GET", path)
    assert (again.status, again.detail) == (404, f"there is no event {event!r}: {WHY}")


def test_a_session_asks_for_its_stream_after_its_event(app):
    asked(app, session_hash="streamer")
    answer = ask(app, "GET", "/gradio_api/queue/data?session_hash=streamer")
    assert answer.status == 200
    assert "image is None: expected an uploaded file" in answer.text
    assert "close_stream" in answer.text


def test_streams_of_one_session_break_off_without_a_traceback(app):
    asked(app, session_hash="several")
    path = "/gradio_api/queue/data?session_hash=several"
    assert ask(app, "GET", path).status == 200
    before = len(app.log)
    with (
        httpx.Client(base_url=app.url, timeout=30) as client,  # nothing more comes
        client.stream("GET", path) as one,
        client.stream("GET", path) as other,
    ):
        assert (one.status_code, other.status_code) == (200, 200)
    time.sleep(1)
    assert "Traceback" not in app.log[before:]
