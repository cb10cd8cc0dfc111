"""Small processes that are asked to end while something in them does not."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer

import pytest

from segui.ui.ending import CLOSE_SECONDS, LONGEST_SECONDS, SIGNALS
from tests.leash import leashed

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30
START = """
import atexit, os, signal, threading, time
from segui.ui.ending import Ending

def forever():
    print("forever", flush=True)
    time.sleep(600)

def end_with(close=lambda: print("closed", flush=True)):
    ending = Ending(close)
    ending.listen()
    atexit.register(print, "removed")
    print("ready", flush=True)
    ending.wait()
"""
Start = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts Python with the code, which says when it is ready."""
    started: list[tuple[subprocess.Popen[str], Timer]] = []

    def run(code: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            leashed(sys.executable, "-c", START + code),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
        # who waits for a word of it hears its end, at the latest then
        started.append((process, Timer(PATIENCE_SECONDS, process.kill)))
        started[-1][1].start()
        said_until(process, "ready")
        return process

    yield run
    for process, patience in started:
        patience.cancel()
        process.kill()
        process.wait(PATIENCE_SECONDS)
        process.stdout.close()


def said_until(process: "subprocess.Popen[str]", word: str) -> list[str]:
    """What it says, a line each, up to and with a word."""
    said = [process.stdout.readline().strip()]
    while said[-1] != word:
        assert said[-1], f"it ended without {word!r}: {said}"
        said.append(process.stdout.readline().strip())
    return said


def ended(process) -> tuple[int, list[str]]:
    """Its exit status, and what else it said."""
    rest, _ = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, rest.split()


def test_two_seconds_are_enough():
    assert CLOSE_SECONDS < LONGEST_SECONDS < 2


@pytest.mark.parametrize("number", SIGNALS)
def test_it_closes_and_removes_and_waits_for_no_thread(start, number):
    process = start("threading.Thread(target=time.sleep, args=[600]).start(); end_with()")
    process.send_signal(number)
    assert ended(process) == (0, ["closed", "removed"])


def test_what_cannot_be_closed_is_left_and_the_rest_removed(start):
    process = start("end_with(close=forever)")
    process.send_signal(signal.SIGINT)
    assert ended(process) == (0, ["forever", "removed"])


@pytest.mark.long
def test_what_cannot_be_removed_keeps_nobody(start):
    process = start("atexit.register(forever); end_with()")
    process.send_signal(signal.SIGINT)
    # the last that was registered comes first
    assert ended(process) == (0, ["closed", "removed", "forever"])


def test_an_error_at_closing_is_told_and_keeps_nobody(start):
    process = start("end_with(close=lambda: 1 / 0)")
    process.send_signal(signal.SIGINT)
    status, said = ended(process)
    assert (status, said[-1]) == (0, "removed")
    assert "ZeroDivisionError:" in said


@pytest.mark.long
@pytest.mark.parametrize("number", SIGNALS)
def test_a_second_signal_does_not_keep_it_from_removing(start, number):
    process = start("end_with(close=forever)")
    process.send_signal(signal.SIGTERM)
    said_until(process, "forever")
    process.send_signal(number)
    assert ended(process) == (0, ["removed"])


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="terminals close without a signal here")
def test_who_was_to_outlive_the_terminal_does(start):
    # as nohup starts it
    process = start(
        "Ending.wait = lambda _: print(signal.getsignal(signal.SIGHUP).name)\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "end_with()"
    )
    assert said_until(process, "removed") == ["SIG_IGN", "removed"]


def test_it_is_heard_while_the_main_thread_is_busy(start):
    # as while torch is imported, once the page is served
    process = start(
        "def busy(ending):\n"
        "    print('busy', flush=True)\n"
        "    while True: pass\n"
        "Ending.wait = busy\n"
        "end_with()"
    )
    said_until(process, "busy")
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (0, ["closed", "removed"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_ends_alone_and_removes_nothing(start):
    # forked from a thread, as where a GPU is lent
    process = start(
        "def fork():\n"
        "    begun, begin = os.pipe()\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        os.write(begin, b'!')\n"
        "        time.sleep(600)\n"
        "        os._exit(1)\n"
        "    os.read(begun, 1)\n"
        "    os.kill(child, signal.SIGTERM)\n"
        "    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])\n"
        "    print('child', status, flush=True)\n"
        "Ending.wait = lambda _: (threading.Thread(target=fork).start(), time.sleep(600))\n"
        "end_with()"
    )
    assert said_until(process, f"child {-signal.SIGTERM}") == [f"child {-signal.SIGTERM}"]
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (0, ["closed", "removed"])
