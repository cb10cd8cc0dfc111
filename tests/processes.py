"""What processes a test run has started, and whether they are still there: by Linux's /proc."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ENDING_SECONDS = 30
RUN = "SEGUI_TEST_RUN"  # inherited by all that a test process starts
PROC = Path("/proc")

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc, which is Linux's")


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        state = (PROC / str(pid) / "stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return False
    return state != "Z"


def descend(run: str) -> Iterator[str]:
    """The processes, with what they were started as, whose variables name this run."""
    for folder in PROC.glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended, or is somebody else's
            continue
        pid = int(folder.name)
        if f"{RUN}={run}".encode() in variables and pid != os.getpid() and is_alive(pid):
            yield f"{pid} {line.strip()}"


def left_behind(run: str, seconds: float = ENDING_SECONDS) -> list[str]:
    """Those that are still there after they had the time to end."""
    deadline = time.monotonic() + seconds
    while (left := list(descend(run))) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def ends(pid: int) -> bool:
    """Wait until a process is gone; whether it went."""
    deadline = time.monotonic() + ENDING_SECONDS
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)
