"""A test run leaves no process behind, not even where it is killed."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.leash import leashed
from tests.processes import RUN, ends, is_alive, left_behind, on_linux

STARTER = f"""
import subprocess, sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from tests.leash import leashed
child = subprocess.Popen(leashed(sys.executable, "-c", "import time; time.sleep(60)"))
print(child.pid, flush=True)
child.wait()
"""
FORKER = """
import os, time
forked = os.fork()
if forked:
    print(forked, flush=True)
time.sleep(60)
"""
HANDLERS = """
import signal
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    handler = signal.getsignal(number)
    print(getattr(handler, "name", None) or handler.__name__)
"""


@contextmanager
def started(*command: str, **variables: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """A process, and the number that it prints first; killed if it is still there at the end."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **variables}
    ) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


@on_linux
def test_what_is_leashed_ends_with_a_starter_that_is_killed() -> None:
    with started(sys.executable, "-c", STARTER) as (starter, pid):
        assert is_alive(pid)
        starter.kill()
        assert ends(pid)


@on_linux
def test_what_is_leashed_to_another_process_does_not_begin() -> None:
    command = leashed(sys.executable, "-c", "print('begun')")
    command[2] = "1"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")


def test_what_is_leashed_is_the_command_itself() -> None:
    code = "import os; print(os.getpid())"
    with started(*leashed(sys.executable, "-c", code)) as (process, pid):
        assert pid == process.pid
        assert process.wait() == 0


@pytest.mark.skipif(shutil.which("sh") is None, reason="a shell has it started so")
def test_what_is_leashed_ends_by_the_signals_that_its_starter_ignores() -> None:
    ignoring = ("sh", "-c", "trap '' HUP INT QUIT TERM; exec \"$@\"", "sh")
    asked = (sys.executable, "-c", HANDLERS)
    plain, leashed_one = (
        subprocess.run([*ignoring, *command], capture_output=True, text=True, check=True)
        for command in (asked, leashed(*asked))
    )
    assert plain.stdout.split() == ["SIG_IGN"] * 4
    assert leashed_one.stdout.split() == ["SIG_DFL", "default_int_handler", "SIG_DFL", "SIG_DFL"]


@on_linux
def test_a_process_that_stays_is_found_with_those_that_it_forked() -> None:
    run = "of-this-test"
    with started(*leashed(sys.executable, "-c", FORKER), **{RUN: run}) as (process, forked):
        assert pids(left_behind(run, 0)) == {process.pid, forked}
        process.kill()
        process.wait()
        assert pids(left_behind(run, 0)) == {forked}
        os.kill(forked, signal.SIGKILL)
        assert left_behind(run) == []


def pids(lines: list[str]) -> set[int]:
    return {int(line.split()[0]) for line in lines}
