"""A real server, of which sessions are opened and abandoned, and uploads broken off."""

import time
from pathlib import Path

import httpx
import pytest

from tests.app_server import AppServer, running_app
from tests.events import begin_upload, send
from tests.processes import PROC, on_linux

PATIENCE_SECONDS = 60
VISITORS = 20


def threads_of(app: AppServer) -> int:
    assert app.process is not None
    status = (PROC / str(app.process.pid) / "status").read_text()
    return int(status.partition("Threads:")[2].split()[0])


@on_linux
@pytest.mark.server
def test_sessions_that_are_opened_and_abandoned_leave_no_thread_and_no_file(tmp_path: Path):
    with (
        running_app(tmp_path, SEGUI_LEAVE_SECONDS="3") as app,
        httpx.Client(base_url=app.url, timeout=PATIENCE_SECONDS) as client,
        client.stream("GET", "/gradio_api/heartbeat/there") as heartbeat,
    ):
        lines = heartbeat.iter_lines()  # kept: without them the connection would be closed
        assert next(lines) == "data: ALIVE"
        send(client, "there", "load")
        before = threads_of(app)
        for number in range(VISITORS):
            send(client, f"visitor{number}", "load")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while threads_of(app) > before + 2:
            assert time.monotonic() < deadline, "threads of pages that are closed stay"
            time.sleep(0.2)
        assert "Traceback" not in app.log


@pytest.mark.server
def test_an_upload_that_is_broken_off_is_gone_with_its_connection(tmp_path: Path):
    with running_app(tmp_path) as app:
        with begin_upload(app, 2_000_000):
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not (there := [*app.cache.rglob("tmp*")]) and time.monotonic() < deadline:
                time.sleep(0.05)
        assert there
        while [*app.cache.rglob("tmp*")] and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [*app.cache.rglob("tmp*")] == []
