"""How much memory Python objects and arrays take while something is done."""

import tracemalloc
from collections.abc import Callable


def most_held(work: Callable[[], object]) -> int:
    """The most bytes held at once: the least of three times, as other threads hold some too."""
    peaks = []
    for _ in range(3):
        tracemalloc.start()
        try:
            work()
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    return min(peaks)
