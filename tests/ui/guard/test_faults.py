"""A request for which no thread can be begun is told so, and is no traceback."""

import httpx
import pytest

from segui.session.working import NO_MEMORY
from segui.ui.guard.faults import Faults
from tests.coroutines import run


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
