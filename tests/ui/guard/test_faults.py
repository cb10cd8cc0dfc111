"""A request for which no thread can be begun is told so, and is no traceback."""

import json

import httpx
import pytest

from segui.session.working import NO_MEMORY
from segui.ui.guard.faults import Faults
from tests.coroutines import run
from tests.ui.guard.programs import ask


def answered(app):
    async def asked():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get("/")

    return run(asked())


def test_without_memory_for_a_thread_a_request_is_told_to_come_again():
    async def without_threads(_scope, _receive, _send):
        raise RuntimeError("can't start new thread")

    answer = answered(Faults(without_threads))
    assert answer.status_code == 503
    assert NO_MEMORY in answer.text


def test_another_fault_is_not_hidden():
    async def broken(_scope, _receive, _send):
        raise RuntimeError("something else")

    with pytest.raises(RuntimeError, match="something else"):
        answered(Faults(broken))


@pytest.mark.server
def test_what_gradio_refuses_is_quoted_in_80_characters(app):
    answer = ask(app, "GET", f"/gradio_api/file={'a' * 5000}")
    assert answer.status == 403
    assert json.loads(answer.text) == {"detail": f"File not allowed: {'a' * 80}..."}
