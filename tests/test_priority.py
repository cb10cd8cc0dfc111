"""What takes long stands back: others go before it, and nothing else about it is another."""

import contextvars
import sys
import threading

import pytest

from segui import priority
from segui.backend.workers import for_each
from segui.priority import standing_back, stands_back
from segui.session.pool import Pool

linux = pytest.mark.skipif(sys.platform != "linux", reason="a thread has no niceness of its own")
SAID: contextvars.ContextVar[str] = contextvars.ContextVar("said")


@linux
def test_work_stands_back_and_whoever_waits_for_it_does_not():
    assert standing_back(stands_back)
    assert not stands_back()


def test_its_result_its_error_and_its_context_are_those_of_the_work():
    SAID.set("by me")
    assert standing_back(SAID.get) == "by me"
    with pytest.raises(ZeroDivisionError):
        standing_back(lambda: 1 // 0)


def test_where_a_thread_cannot_it_is_done_as_it_was(monkeypatch):
    monkeypatch.setattr(priority, "_CAN_STAND_BACK", False)
    assert standing_back(threading.get_ident) == threading.get_ident()


@linux
def test_of_a_pool_what_is_large_stands_back_alone():
    pool, found, done = Pool(2, "test"), {}, threading.Semaphore(0)

    def note(name):
        found[name] = stands_back()
        done.release()

    for name, is_large in (("a", True), ("b", False), ("c", True), ("d", False)):
        pool.submit(lambda name=name: note(name), is_large=is_large)
    for _ in range(4):
        assert done.acquire(timeout=60)
    assert found == {"a": True, "b": False, "c": True, "d": False}


@linux
def test_the_threads_that_help_stand_back_as_whoever_asked_them_does():
    found: list[bool] = []
    standing_back(lambda: for_each(lambda _: found.append(stands_back()), range(4)))
    assert found == [True] * 4
    for_each(lambda _: found.append(stands_back()), range(4))
    assert found[4:] == [False] * 4
