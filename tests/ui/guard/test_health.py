import json
from typing import Any

import pytest

from segui.ui.guard.health import Health
from tests.coroutines import run
from tests.ui.guard.programs import ask, health


def answered(trouble: str, **scope: Any) -> list[dict[str, Any]]:
    """What is sent to one request."""
    sent: list[Any] = []

    async def app(*_: Any) -> None:
        sent.append("passed on")

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    asked = {"type": "http", "method": "GET", "path": "/health", "headers": [], **scope}
    run(Health(app, lambda _: trouble)(asked, receive, send))
    return sent


def test_a_server_that_works_says_so():
    start, body = answered("")
    assert (start["status"], json.loads(body["body"])) == (200, {"ok": True})


def test_one_that_does_not_says_why():
    start, body = answered("the queue has stopped")
    assert start["status"] == 503
    assert json.loads(body["body"]) == {"ok": False, "why": "the queue has stopped"}


@pytest.mark.parametrize("scope", [{"path": "/"}, {"path": "/health/x"}, {"method": "POST"}])
def test_nothing_else_is_answered(scope):
    assert answered("", **scope) == ["passed on"]


def test_the_app_is_well(app):
    answer = health(app)
    assert (answer.status, json.loads(answer.text)) == (200, {"ok": True})
    assert ask(app, "HEAD", "/health").status == 200
