"""The real app, ``python app.py``, started for tests in a process of its own."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tests.leash import leashed

ROOT = Path(__file__).parents[1]
START_SECONDS = 180
END_SECONDS = 30
PORTS = range(20_000, 32_000)  # from which systems give none away by themselves

may_start = True  # set before each test


@dataclass(frozen=True)
class AppServer:
    """A running app.

    Args:
        url: Where it answers, without a slash at the end.
        cache: Its Gradio cache: uploads and results.
        log_path: What it writes to its output and error streams.
        process: What runs it.
    """

    url: str
    cache: Path
    log_path: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> str:
        """Its whole log."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_app(folder: Path, script: str = "app.py", **environment: str) -> Iterator[AppServer]:
    """Start the app, wait until it answers, end it.

    Args:
        folder: For its cache and its log.
        script: What Python runs, from the repo's root.
        environment: Variables beside those that every test wants.
    """
    if not may_start:
        raise RuntimeError("this test starts the app: mark it with @pytest.mark.server")
    port = _free_port()
    server = AppServer(f"http://127.0.0.1:{port}", folder / "cache", folder / "app.log")
    variables = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(server.cache),
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_CACHE": str(folder / "hub"),
        "PYTHONUNBUFFERED": "1",
        "SEGUI_COUNT_FINDS": "0",  # after each photo, for what most tests do not look at
        **environment,
    }
    with server.log_path.open("wb") as log:
        process = subprocess.Popen(
            leashed(sys.executable, script),
            cwd=ROOT,
            env=variables,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_ready(process, server)
            yield replace(server, process=process)
        finally:
            _end(process)


def _free_port() -> int:
    """One that nobody has; between now and the app's start nobody else is likely to take it."""
    while True:
        port = PORTS[secrets.randbelow(len(PORTS))]
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _wait_until_ready(process: "subprocess.Popen[bytes]", server: AppServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the app ended with {process.returncode}:\n{server.log}")
        if _answers(f"{server.url}/gradio_api/info"):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the app did not answer within {START_SECONDS} s:\n{server.log}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310  our own server
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(END_SECONDS)
