"""A server in a process of its own: how long it takes to answer, and what it holds meanwhile."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.app_server import ROOT

START_SECONDS = 120
END_SECONDS = 20
ASK_SECONDS = 0.02


@dataclass(frozen=True)
class Server:
    """A running server.

    Args:
        url: Where it answers, without a slash at the end.
        pid: Its process.
        folder: Its Gradio cache, uploads and results, and its log.
        ready_ms: From its start until its page came.
    """

    url: str
    pid: int
    folder: Path
    ready_ms: float

    @property
    def cache(self) -> Path:
        """Its Gradio cache."""
        return self.folder / "cache"

    @property
    def log(self) -> str:
        """Its whole log."""
        return _log_of(self.folder)

    @property
    def resident_mb(self) -> float:
        """What its process holds in memory now, MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmRSS:"))

    @property
    def files(self) -> list[Path]:
        """All files in its cache."""
        return [path for path in self.cache.rglob("*") if path.is_file()]

    @property
    def files_mb(self) -> float:
        """What they hold, MB."""
        return sum(path.stat().st_size for path in self.files) / 1e6


@contextmanager
def serving(folder: Path, script: str, **settings: str) -> Iterator[Server]:
    """Start a server, wait until its page comes, and end it.

    Args:
        folder: For its cache and its log; made here.
        script: What Python runs, from the repo's root; it listens on ``HOST`` and ``PORT``.
        settings: Environment variables of its own.
    """
    folder.mkdir()
    port = _free_port()
    variables = {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(folder / "cache"),
        "HF_HUB_OFFLINE": "1",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    with (folder / "log").open("wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  our own scripts
            [sys.executable, script], cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for_page(process, url, folder)
            yield Server(url, process.pid, folder, 1000 * (time.perf_counter() - start))
        finally:
            _end(process)


def _log_of(folder: Path) -> str:
    return (folder / "log").read_text(encoding="utf-8", errors="replace")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_page(process: "subprocess.Popen[bytes]", url: str, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with {process.returncode}:\n{_log_of(folder)}")
        if _answers(url):
            return
        time.sleep(ASK_SECONDS)
    raise RuntimeError(f"it did not answer within {START_SECONDS} s:\n{_log_of(folder)}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=START_SECONDS) as response:  # noqa: S310
            response.read()
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
