"""A real server's processes that decode: they are there, and end with it."""

import signal
from pathlib import Path

import httpx
import pytest

from tests.app_server import AppServer, running_app
from tests.processes import PROC, ends, on_linux
from tests.test_stopping import MASK, PATIENCE_SECONDS, PHOTO, upload

NAME = b"segui.images.apart.worker"


def composite(app: AppServer, mask: dict) -> str:
    """What the server says of a picture."""
    call = {"image": upload(app, PHOTO), "masks": [mask], "effect": "grey"}
    address = f"{app.url}/gradio_api/call/v2/composite"
    event = httpx.post(address, json=call, timeout=PATIENCE_SECONDS).json()["event_id"]
    result = f"{app.url}/gradio_api/call/composite/{event}"
    return httpx.get(result, timeout=PATIENCE_SECONDS).text


def decoders() -> set[int]:
    """All processes that decode, whoever began them."""
    found = set()
    for folder in PROC.glob("[0-9]*"):
        try:
            if NAME in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
        except OSError:  # it ended
            continue
    return found


def decoders_of(app: AppServer) -> set[int]:
    """The server's, and those that they have begun."""
    assert app.process is not None
    parents = {app.process.pid}
    for _ in range(3):  # the server may itself be begun by what ends it with the tests
        parents |= {
            pid for pid in (int(folder.name) for folder in PROC.glob("[0-9]*"))
            if parent_of(pid) in parents
        }  # fmt: skip
    return decoders() & parents


def parent_of(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "stat").read_text().rpartition(") ")[2].split()[1])
    except OSError:
        return 0


@on_linux
@pytest.mark.server
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=str)
def test_no_process_that_decodes_outlives_its_server(tmp_path: Path, number: signal.Signals):
    with running_app(tmp_path) as app:
        assert "event: complete" in composite(app, upload(app, MASK))
        there = decoders_of(app)
        assert len(there) >= 2
        app.process.send_signal(number)
        app.process.wait(PATIENCE_SECONDS)
        assert all(ends(pid) for pid in there)
        assert "Traceback" not in app.log
        assert "own process" not in app.log


@on_linux
@pytest.mark.server
def test_a_server_that_is_told_to_decodes_in_its_own_process(tmp_path: Path):
    with running_app(tmp_path, SEGUI_SAFE_DECODING="0") as app:
        assert "event: complete" in composite(app, upload(app, MASK))
        assert decoders_of(app) == set()
