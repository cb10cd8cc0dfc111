"""Threads for work on a CPU: one segment each, so that cores share nothing but the result.

torch would split each small operation over all cores and wait for the slowest at its end: with
another process on one of the cores, hundreds of such waits make a paste a hundred times slower.
Here every thread computes alone, and there is one wait, at the end.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier
from typing import TypeVar

import torch

Item = TypeVar("Item")


def for_each(work: Callable[[Item], object], items: Iterable[Item]) -> None:
    """Do the work for each item, on all cores; the first error is raised when all are done."""
    futures = [_pool().submit(work, item) for item in items]
    for future in futures:
        future.exception()
    for future in futures:
        future.result()


@cache
def _pool() -> ThreadPoolExecutor:
    count = os.cpu_count() or 1
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
