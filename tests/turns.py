"""Whether other threads can work while something is done in one call."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

SWITCHING_SECONDS = 1e-4
SEVERAL = 10  # turns; where nobody else has one, there are two or three before and after


@contextmanager
def switching_often() -> Iterator[None]:
    """Threads take turns as soon as they may."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCHING_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def turns_during(work: Callable[[], object]) -> int:
    """How many turns another thread had while this one worked."""
    turns, is_there, is_done = 0, threading.Event(), threading.Event()

    def take_turns() -> None:
        nonlocal turns
        while not is_done.is_set():
            turns += 1
            is_there.set()
            time.sleep(0)

    other = threading.Thread(target=take_turns)
    with switching_often():
        other.start()
        is_there.wait()
        before = turns
        work()
        had = turns - before
        is_done.set()
        other.join()
    return had


def check_lets_others_work(work: Callable[[], object], at_least: int = SEVERAL) -> None:
    """Fail where nobody else could do anything meanwhile.

    Args:
        work: What is done.
        at_least: How many turns another thread is to have: more where work has several calls.
    """
    had = turns_during(work)
    if had < at_least:
        pytest.fail(f"another thread had {had} turns: expected at least {at_least}")
