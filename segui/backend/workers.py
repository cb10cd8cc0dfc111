"""Threads for work on a CPU: one segment each, so that cores share nothing but the result.

torch would split each small operation over all cores and wait for the slowest at its end: with
another process on one of the cores, hundreds of such waits make a paste a hundred times slower.
Here every thread computes alone, and there is one wait, at the end.
"""

import heapq
import itertools
import os
from collections.abc import Callable, Iterable, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import lru_cache, partial
from threading import Barrier, Lock
from typing import Final, TypeVar

import torch

from segui.priority import stand_back, stands_back

Item = TypeVar("Item")

_BUILDING = Lock()
_LOOK_SECONDS: Final = 0.1


Stop = Callable[[], object]


def never() -> None:
    """Stop at nothing: what whoever waits for all of it gives."""


def for_each(
    work: Callable[[Item], object],
    items: Iterable[Item],
    *,
    cost: float = 0,
    stop: Stop = never,
) -> None:
    """Do the work for each item, on all cores; the first error is raised when all are done.

    Args:
        work: What to do; gradients are off, inference mode is the caller's.
        items: For what.
        cost: How much there is to do for all of them, in any unit. Where several threads call,
            what costs less goes first: a small picture does not wait for all of a large one's
            segments, but for one at most.
        stop: Called in the caller's thread, again and again while it waits; what it raises has
            nothing more begun, and is raised when what was begun has ended.
    """
    mode = torch.is_inference_mode_enabled()  # torch keeps it thread by thread

    def alone(item: Item) -> None:
        with torch.inference_mode(mode), torch.no_grad():
            work(item)

    futures = [_submit(partial(alone, item), cost) for item in items]
    try:
        _wait_for(futures, stop)
    finally:
        wait([future for future in futures if not future.cancel()])
    for future in futures:
        future.result()


def _wait_for(futures: Sequence["Future[None]"], stop: Stop) -> None:
    """Wait until all is done; what is asked in between ends it."""
    stop()
    # nobody is asked where nobody could want it to end
    patience = None if stop is never else _LOOK_SECONDS
    left: Set[Future[None]] = set(futures)
    while left:
        left = wait(left, patience).not_done
        stop()


class _Cheapest:
    """Threads that do the cheapest of what waits, and of the same cost what came first.

    Args:
        pool: The threads.
    """

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._lock = Lock()
        self._count = itertools.count()
        self._waiting: list[tuple[float, int, Callable[[], None], Future[None]]] = []

    def submit(self, work: Callable[[], None], cost: float) -> "Future[None]":
        """Do it in one of the threads.

        Raises:
            RuntimeError: The interpreter is ending: threads take nothing more.
        """
        done: Future[None] = Future()
        with self._lock:
            self._pool.submit(self._do_one)  # whatever is the cheapest when a thread is free
            heapq.heappush(self._waiting, (cost, next(self._count), work, done))
        return done

    def _do_one(self) -> None:
        with self._lock:
            _, _, work, done = heapq.heappop(self._waiting)
        if not done.set_running_or_notify_cancel():
            return
        try:
            work()
        except BaseException as error:  # noqa: BLE001  raised where it is waited for
            done.set_exception(error)
        else:
            done.set_result(None)


def _submit(work: Callable[[], None], cost: float) -> "Future[None]":
    # one builder at a time: each reads torch's number of threads, changes it and gives it back;
    # a forked child has none of its parent's threads, so it builds its own
    with _BUILDING:
        pool = _pool(os.getpid(), stands_back())
    try:
        return pool.submit(work, cost)
    except RuntimeError:  # the interpreter is ending: its pools take nothing more
        work()
        done: Future[None] = Future()
        done.set_result(None)
        return done


@lru_cache(maxsize=2)
def _pool(_process_id: int, is_back: bool) -> _Cheapest:
    """Threads that stand back as whoever waits for them does: others cannot be told apart."""
    count = _cores()
    everyone = Barrier(count + 1)
    threads = torch.get_num_threads()

    def begin() -> None:
        torch.get_num_threads()  # a thread takes torch's number once, at its first question
        torch.set_num_threads(1)
        if is_back:
            stand_back()
        everyone.wait()

    pool = ThreadPoolExecutor(count, thread_name_prefix="segui-paste", initializer=begin)
    for _ in range(count):
        pool.submit(int)
    everyone.wait()
    # torch hands the last number that was set to threads born later: give it back
    torch.set_num_threads(threads)
    return _Cheapest(pool)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
