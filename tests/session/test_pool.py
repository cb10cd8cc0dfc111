import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from segui.session.pool import Pool

PATIENCE_SECONDS = 60


class Piece:
    """A piece of work that ends when a test lets it."""

    def __init__(self) -> None:
        self.begun, self.may_end, self.ended = (threading.Event() for _ in range(3))
        self.thread: threading.Thread | None = None

    def __call__(self) -> None:
        self.thread = threading.current_thread()
        self.begun.set()
        assert self.may_end.wait(PATIENCE_SECONDS)
        self.ended.set()


def do(pool: Pool, count: int, *, is_large: bool = False) -> list[Piece]:
    pieces = [Piece() for _ in range(count)]
    for piece in pieces:
        pool.submit(piece, is_large=is_large)
    return pieces


def threads(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


def let_end(pieces: list[Piece]) -> None:
    for piece in pieces:
        piece.may_end.set()
    for piece in pieces:
        assert piece.ended.wait(PATIENCE_SECONDS)


def test_no_thread_begins_before_there_is_work():
    pool = Pool(3, "none yet")
    assert threads("none yet") == []
    let_end(do(pool, 1))
    assert len(threads("none yet")) == 1


def test_work_waits_for_no_other_while_there_may_be_threads():
    pieces = do(Pool(3, "three"), 3)
    assert all(piece.begun.wait(PATIENCE_SECONDS) for piece in pieces)
    assert len({piece.thread for piece in pieces}) == 3
    let_end(pieces)


def test_there_are_no_more_threads_than_were_asked_for():
    first, second, third = pieces = do(Pool(2, "two"), 3)
    assert first.begun.wait(PATIENCE_SECONDS)
    assert second.begun.wait(PATIENCE_SECONDS)
    assert not third.begun.is_set()
    assert len(threads("two")) == 2
    let_end(pieces)
    assert third.thread in (first.thread, second.thread)


def test_work_is_done_in_the_order_of_the_calls():
    pool, done = Pool(1, "one"), []
    (first,) = do(pool, 1)

    def noting(number: int) -> Callable[[], None]:
        return lambda: done.append(number)

    for number in range(20):
        pool.submit(noting(number))
    let_end([first, *do_last(pool)])
    assert done == list(range(20))


def do_last(pool: Pool) -> list[Piece]:
    return do(pool, 1)


def test_a_thread_that_has_nothing_to_do_takes_the_next_work():
    pool = Pool(3, "idle")
    for _ in range(5):
        let_end(do(pool, 1))
        assert_idle(pool)
    assert len(threads("idle")) == 1


def assert_idle(pool: Pool) -> None:
    """Wait until the pool's thread waits again: with the lock held, it is either there or not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with pool._changed:
            if pool._idle == pool._threads:
                return
        time.sleep(0.01)
    raise AssertionError("a thread of the pool still works")


def test_one_thread_is_kept_for_what_is_small():
    pool = Pool(2, "kept")
    large = do(pool, 3, is_large=True)
    assert large[0].begun.wait(PATIENCE_SECONDS)
    for _ in range(3):
        let_end(do(pool, 1))
    assert [piece.begun.is_set() for piece in large] == [True, False, False]
    let_end(large)
    assert_idle(pool)


def test_large_work_is_done_one_after_the_other_and_small_work_in_all_threads():
    pool = Pool(3, "mixed")
    large = do(pool, 3, is_large=True)
    assert all(piece.begun.wait(PATIENCE_SECONDS) for piece in large[:2])
    small = do(pool, 1)
    assert small[0].begun.wait(PATIENCE_SECONDS)
    assert not large[2].begun.is_set()
    let_end(large[:1])
    assert large[2].begun.wait(PATIENCE_SECONDS)
    let_end([*large[1:], *small])
    more = do(pool, 3)
    assert all(piece.begun.wait(PATIENCE_SECONDS) for piece in more)
    let_end(more)


def test_of_one_thread_large_work_is_done_too():
    let_end(do(Pool(1, "lone"), 2, is_large=True))


@pytest.mark.parametrize("busy", [True, False])
def test_a_process_ends_though_work_has_not(busy):
    code = (
        "from threading import Event; from segui.session.pool import Pool;"
        "begun = Event(); pool = Pool(2, 'work');"
        f"pool.submit(lambda: (begun.set(), {busy} and Event().wait()));"
        "begun.wait(); print('at its end')"
    )
    run = [sys.executable, "-c", code]
    ended = subprocess.run(run, capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout == "at its end\n"


def test_owners_take_turns_and_each_ones_work_is_done_in_order():
    pool, done = Pool(1, "owners"), []

    def noting(name: str) -> Callable[[], None]:
        return lambda: done.append(name)

    (first,) = do(pool, 1)
    assert first.begun.wait(PATIENCE_SECONDS)
    for name in ("a1", "a2", "a3", "a4", "b1", "b2", "c1"):
        pool.submit(noting(name), owner=name[0])
    let_end([first])
    let_end(do(pool, 1))
    assert_idle(pool)
    assert done == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


def test_an_owners_earlier_turns_count_only_while_somebody_waits():
    pool, done = Pool(1, "later"), []
    for name in ("a", "b"):
        for _ in range(3):
            let_end(do(pool, 1))
            assert_idle(pool)
            pool.submit(lambda: None, owner="a")
        (first,) = do(pool, 1)
        assert first.begun.wait(PATIENCE_SECONDS)
        for each in ("a", "b") if name == "a" else ("b", "a"):
            pool.submit(partial(done.append, each), owner=each)
        let_end([first])
        let_end(do(pool, 1))
        assert_idle(pool)
    assert done == ["a", "b", "b", "a"]
