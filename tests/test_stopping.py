"""A real server, asked to end while a visitor's page is open and a classifier is being asked."""

import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app_server import AppServer, running_app
from tests.stand_ins.endless_app import ASKED, OWN_FILE, SLEEP_SECONDS, STARTED_AS

SCRIPT = "tests/stand_ins/endless_app.py"
PATIENCE_SECONDS = 60
PHOTO = Path(__file__).parents[1] / "examples" / "balloons" / "photo.jpg"
MASK = PHOTO.with_name("balloons.png")


def upload(app: AppServer, path: Path) -> dict[str, Any]:
    """A file that was sent to the server, as an endpoint takes it."""
    files = {"files": (path.name, path.read_bytes())}
    answer = httpx.post(f"{app.url}/gradio_api/upload", files=files, timeout=PATIENCE_SECONDS)
    return {"path": answer.json()[0], "meta": {"_type": "gradio.FileData"}}


def ask(app: AppServer) -> None:
    """Have the server ask its classifier, and wait until it does."""
    call = {"image": upload(app, PHOTO), "masks": [upload(app, MASK)]}
    address = f"{app.url}/gradio_api/call/v2/segments"
    httpx.post(address, json=call, timeout=PATIENCE_SECONDS).raise_for_status()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while ASKED not in app.log:
        assert time.monotonic() < deadline, app.log
        time.sleep(0.05)


def modes(cache: Path) -> set[str]:
    """Who may do what with the files and folders below."""
    return {oct(path.stat().st_mode & 0o777) for path in cache.rglob("*")}


def ends(app: AppServer, *numbers: signal.Signals) -> int:
    """Send signals, and wait for the exit status."""
    assert app.process is not None
    for number in numbers:
        app.process.send_signal(number)
    try:
        return app.process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        pytest.fail(f"it had not ended after {PATIENCE_SECONDS} of {SLEEP_SECONDS} s")


@pytest.mark.server
@pytest.mark.parametrize(
    ("started_as", "numbers"),
    [
        ("app.py", (signal.SIGINT,)),
        ("segui serve", (signal.SIGTERM, signal.SIGTERM)),
        ("app.py", (signal.SIGHUP, signal.SIGINT)),
    ],
    ids=str,
)
def test_it_ends_and_leaves_no_file_though_a_classifier_is_asked_for_minutes(
    tmp_path: Path, started_as: str, numbers: tuple[signal.Signals, ...]
):
    with running_app(tmp_path, SCRIPT, **{STARTED_AS: started_as}) as app:
        ask(app)
        heartbeat = f"{app.url}/gradio_api/heartbeat/visitor"
        with httpx.stream("GET", heartbeat, timeout=PATIENCE_SECONDS) as page:
            lines = page.iter_lines()  # kept: without them the connection would be closed
            assert next(lines) == "data: ALIVE"
            there = {path.name for path in app.cache.rglob("*")}
            assert {PHOTO.name, MASK.name, OWN_FILE} <= there
            status = ends(app, *numbers)
        assert status == 0, app.log
        assert [path for path in app.cache.rglob("*") if path.is_file()] == []
        assert "Traceback" not in app.log


@pytest.mark.server
def test_what_a_killed_server_had_goes_at_the_next_start_and_nobody_else_may_read_it(
    tmp_path: Path,
):
    with running_app(tmp_path) as app:
        assert app.process is not None
        address = f"{app.url}/gradio_api/call/v2/composite"
        call = {"image": upload(app, PHOTO), "masks": [upload(app, MASK)], "effect": "grey"}
        event = httpx.post(address, json=call, timeout=PATIENCE_SECONDS).json()["event_id"]
        result = f"{app.url}/gradio_api/call/composite/{event}"
        assert "event: complete" in httpx.get(result, timeout=PATIENCE_SECONDS).text
        there = {path.name for path in app.cache.rglob("*")}
        assert {PHOTO.name, MASK.name, "composite.png"} <= there
        assert modes(app.cache) == {"0o700", "0o600"}
        app.process.kill()
        app.process.wait(PATIENCE_SECONDS)
    assert {path.name for path in app.cache.rglob("*")} >= there
    with running_app(tmp_path) as app:
        assert {PHOTO.name, MASK.name, "composite.png"}.isdisjoint(
            path.name for path in app.cache.rglob("*")
        )
