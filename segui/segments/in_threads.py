"""The same work for each of some things, in a few threads that end with it."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

_MOST_THREADS: Final = 4


def in_threads(
    work: Callable[[Item], Made], items: Sequence[Item], go_on: Callable[[], object]
) -> Iterator[Made]:
    """What is made of each, in their order.

    Args:
        work: What to do, mostly in NumPy and OpenCV: they let other threads go on meanwhile.
        items: For what.
        go_on: Called in the caller's thread before each is waited for; what it raises is raised,
            and nothing more is begun.
    """
    threads = min(_MOST_THREADS, os.cpu_count() or 1, len(items))
    if threads < 2:
        for item in items:
            go_on()
            yield work(item)
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="segui-edges")
    try:
        for future in [pool.submit(work, item) for item in items]:
            go_on()
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
