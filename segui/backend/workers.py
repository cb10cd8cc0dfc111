"""Threads for work on a CPU: one segment each, so that cores share nothing but the result.

torch would split each small operation over all cores and wait for the slowest at its end: with
another process on one of the cores, hundreds of such waits make a paste a hundred times slower.
Here every thread computes alone, and there is one wait, at the end.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from threading import Barrier, Lock
from typing import TypeVar

import torch

Item = TypeVar("Item")

_BUILDING = Lock()


def for_each(work: Callable[[Item], object], items: Iterable[Item]) -> None:
    """Do the work for each item, on all cores; the first error is raised when all are done.

    Args:
        work: What to do; gradients are off, inference mode is the caller's.
        items: For what.
    """
    mode = torch.is_inference_mode_enabled()  # torch keeps it thread by thread

    def alone(item: Item) -> None:
        with torch.inference_mode(mode), torch.no_grad():
            work(item)

    futures = [_submit(alone, item) for item in items]
    for future in futures:
        future.exception()
    for future in futures:
        future.result()


def _submit(work: Callable[[Item], None], item: Item) -> "Future[None]":
    # one builder at a time: each reads torch's number of threads, changes it and gives it back;
    # a forked child has none of its parent's threads, so it builds its own
    with _BUILDING:
        pool = _pool(os.getpid())
    try:
        return pool.submit(work, item)
    except RuntimeError:  # the interpreter is ending: its pools take nothing more
        work(item)
        done: Future[None] = Future()
        done.set_result(None)
        return done


@lru_cache(maxsize=1)
def _pool(_process_id: int) -> ThreadPoolExecutor:
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
    return pool


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
