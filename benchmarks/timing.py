"""Medians of interleaved runs: machines are shared and noisy, ratios in one run are not."""

import statistics
import time
from collections.abc import Callable, Mapping

ROUNDS = 9


def medians(runs: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median time of each run in ms, all of them once a round after one round unmeasured.

    Every other round goes backwards: what runs after a greedy neighbour pays for it.
    """
    times: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(rounds + 1):
        for name, run in list(runs.items())[:: -1 if turn % 2 else 1]:
            start = time.perf_counter()
            run()
            if turn:
                times[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(measured) for name, measured in times.items()}
