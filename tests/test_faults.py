"""A real server to which something happens; after each fault the next visitor is served."""

import itertools
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from benchmarks.pageless import Layout, Pageless, WentWrongError
from tests.app_server import AppServer, running_app
from tests.events import begin_upload
from tests.processes import PROC, on_linux
from tests.stand_ins import shifting_app

pytestmark = [pytest.mark.server, on_linux]
PATIENCE_SECONDS = 120
PHOTO = Path(__file__).parents[1] / "examples" / "balloons" / "photo.jpg"
MASK = PHOTO.with_name("balloons.png")
ROOM_MB = 100  # less than the pixels of the large photo take
_sessions = itertools.count()


@contextmanager
def visiting(app: AppServer) -> Iterator[Pageless]:
    """A page that is open."""
    with httpx.Client(base_url=app.url, timeout=PATIENCE_SECONDS) as client:
        page = Pageless(client, Layout.of(client), f"fault{next(_sessions)}")
        try:
            page.open()
            yield page
        finally:
            page.close()


def edit(page: Pageless) -> None:
    """All that a visitor does, with what is seen of it."""
    page.press("fresh")
    page.give("masks", MASK)
    page.give("photo", PHOTO)
    page.set("effect", "grey")
    page.set("expression", "red > 50%")
    assert "4 of 12 areas chosen" in page.shown["status", "value"]
    assert page.download().startswith(b"\x89PNG")


def is_served(app: AppServer) -> None:
    """Whoever comes next finds everything working."""
    with visiting(app) as page:
        edit(page)
    assert httpx.get(f"{app.url}/health", timeout=PATIENCE_SECONDS).json() == {"ok": True}


def until(holds: Callable[[], object], app: AppServer) -> None:
    """Wait for a state."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, app.log
        time.sleep(0.02)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A photo of 49 MP in a small file."""
    path = tmp_path / "large.jpg"
    Image.new("RGB", (7000, 7000), "red").save(path)
    return path


# ---- memory --------------------------------------------------------------------------------------
@contextmanager
def little_memory(app: AppServer) -> Iterator[None]:
    """Let a server take hardly more memory than it has."""
    import resource

    assert app.process is not None
    pid = app.process.pid
    status = (PROC / str(pid) / "status").read_text()
    size_kb = int(status.partition("VmSize:")[2].split()[0])
    old = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (size_kb * 1024 + ROOM_MB * 1_000_000, old[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_AS, old)


def test_a_photo_for_which_there_is_no_memory_is_said_and_small_ones_go_on(tmp_path, large):
    with running_app(tmp_path) as app:
        is_served(app)  # what is loaded and begun once is there by now
        with visiting(app) as page:
            edit(page)
            with little_memory(app):
                with pytest.raises(WentWrongError, match="memory") as said:
                    page.give("photo", large)
                assert str(tmp_path) not in str(said.value)
                page.set("expression", "blue > 50%")
                assert "areas chosen" in page.shown["status", "value"]
                edit(page)
                is_served(app)
            page.press("fresh")
            page.give("photo", large)  # it was the memory alone
            assert "large.jpg" in page.shown["photo_card", "value"]
        assert "Traceback" not in app.log


# ---- clients that are gone -----------------------------------------------------------------------
def test_a_client_that_is_gone_in_the_middle_of_an_upload_leaves_the_server_as_it_was(tmp_path):
    with running_app(tmp_path) as app:
        for size in (0, 10, 1_000_000):
            begin_upload(app, size).close()
        is_served(app)
        assert "Traceback" not in app.log


def test_a_client_that_is_gone_in_the_middle_of_its_job_leaves_the_server_as_it_was(
    tmp_path, large
):
    with running_app(tmp_path) as app:
        is_served(app)
        with visiting(app) as page:
            copies = len([*app.cache.rglob(large.name)])
            with httpx.Client(base_url=app.url, timeout=PATIENCE_SECONDS) as client:
                gone = Pageless(client, page.layout, page.session, shown=page.shown)
                uploaded = client.post(
                    "/gradio_api/upload", files={"files": (large.name, large.read_bytes())}
                ).json()
            call = gone.call_of(gone.layout.named["photo"], {"files": [{"path": uploaded[0]}]})
            send_and_go(app, call)
            # the session has begun with its own copy
            until(lambda: len([*app.cache.rglob(large.name)]) > copies + 1, app)
            is_served(app)
            page.set("grow", 1)
            assert page.shown["problem", "value"] == ""
        assert "Traceback" not in app.log


def send_and_go(app: AppServer, call: dict[str, object]) -> None:
    """Send an event, and be gone before it is answered."""
    where = urlsplit(app.url)
    request = httpx.Request("POST", f"{app.url}/gradio_api/run/predict", json=call)
    body = request.read()
    head = (
        f"POST {request.url.path} HTTP/1.1\r\nHost: {where.netloc}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port)) as connection:
        connection.sendall(head.encode() + body)


# ---- the clock -----------------------------------------------------------------------------------
def test_a_clock_that_is_set_by_an_hour_removes_nothing_and_ends_nothing(tmp_path):
    script = "tests/stand_ins/shifting_app.py"
    with running_app(tmp_path, script, SEGUI_LEAVE_SECONDS="60") as app, visiting(app) as page:
        edit(page)
        for times, number in enumerate(
            (shifting_app.FORWARD, shifting_app.BACK, shifting_app.BACK), 1
        ):
            assert app.process is not None
            app.process.send_signal(number)
            until(lambda times=times: app.log.count(shifting_app.SET) == times, app)
            page.set("expression", "blue > 50%")
            assert "1 of 12 areas chosen" in page.shown["status", "value"]
            page.give("masks", MASK)  # with it, what is not needed any more is looked for
            assert page.download().startswith(b"\x89PNG")
            edit(page)
            is_served(app)
        assert "Traceback" not in app.log


# ---- the end -------------------------------------------------------------------------------------
def test_it_ends_in_the_middle_of_a_job_and_leaves_no_file(tmp_path, large):
    with running_app(tmp_path) as app, visiting(app) as page:
        uploaded = page.client.post(
            "/gradio_api/upload", files={"files": (large.name, large.read_bytes())}
        ).json()
        call = page.call_of(page.layout.named["photo"], {"files": [{"path": uploaded[0]}]})
        send_and_go(app, call)
        until(lambda: len([*app.cache.rglob(large.name)]) > 1, app)
        assert app.process is not None
        app.process.send_signal(signal.SIGTERM)
        try:
            status = app.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            pytest.fail(f"it has not ended:\n{app.log}")
        assert status == 0, app.log
        assert [path for path in app.cache.rglob("*") if path.is_file()] == []
        assert "Traceback" not in app.log
