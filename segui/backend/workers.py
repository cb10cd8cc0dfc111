"""Threads for work on a CPU: one segment each, so that cores share nothing but the result.

torch would split each small operation over all cores and wait for the slowest at its end: with
another process on one of the cores, hundreds of such waits make a paste a hundred times slower.
Here every thread computes alone, and there is one wait, at the end.
"""

import heapq
import itertools
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache, partial
from threading import Barrier, Lock
from typing import TypeVar

import torch

Item = TypeVar("Item")

_BUILDING = Lock()


def for_each(work: Callable[[Item], object], items: Iterable[Item], *, cost: float = 0) -> None:
    """Do the work for each item, on all cores; the first error is raised when all are done.

    Args:
        work: What to do; gradients are off, inference mode is the caller's.
        items: For what.
        cost: How much there is to do for all of them, in any unit. Where several threads call,
            what costs less goes first: a small picture does not wait for all of a large one's
            segments, but for one at most.
    """
    mode = torch.is_inference_mode_enabled()  # torch keeps it thread by thread

    def alone(item: Item) -> None:
        with torch.inference_mode(mode), torch.no_grad():
            work(item)

    futures = [_submit(partial(alone, item), cost) for item in items]
    for future in futures:
        future.exception()
    for future in futures:
        future.result()


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
        pool = _pool(os.getpid())
    try:
        return pool.submit(work, cost)
    except RuntimeError:  # the interpreter is ending: its pools take nothing more
        work()
        done: Future[None] = Future()
        done.set_result(None)
        return done


@lru_cache(maxsize=1)
def _pool(_process_id: int) -> _Cheapest:
    count = _cores()
    everyone = Barrier(count + 1)
    threads = torch.get_num_threads()

    def begin() -> None:
        torch.get_num_threads()  # a thread takes torch's number once, at its first question
        torch.set_num_threads(1)
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
