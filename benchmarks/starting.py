"""From the command to the page: the app against an empty page of Gradio's."""

import statistics
from pathlib import Path

from benchmarks.report import Row
from benchmarks.serving import serving

SCRIPTS = {"app": "app.py", "bare": "benchmarks/bare_app.py"}
ROUNDS = 3
BOUND = 1.5


def rows(folder: Path) -> list[Row]:
    """The median of a few starts, in turn, after one of each that is not measured.

    Args:
        folder: For caches and logs.
    """
    times: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    for turn in range(ROUNDS + 1):
        for name in list(SCRIPTS)[:: -1 if turn % 2 else 1]:
            with serving(folder / f"{name}-{turn}", SCRIPTS[name]) as server:
                if turn:
                    times[name].append(server.ready_ms)
    own, peer = (statistics.median(times[name]) for name in ("app", "bare"))
    return [Row("start until the page comes / an empty Gradio page", own, peer, "ms", BOUND)]
