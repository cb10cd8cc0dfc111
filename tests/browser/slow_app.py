"""The app with a model that answers its first batch and then waits until it is let go on.

Started by the tests in place of ``app.py``: what is seen while a model works cannot be seen when
it is done. Repo ids that end in ``broken`` cannot be loaded; those in ``quick`` do not wait.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from segui.classifiers import named
from segui.classifiers.base import Classifier, Crop, Scores
from segui.classifiers.colour import ColourNames
from segui.errors import ClassifierError
from segui.ui import bridge

GATE = "SEGUI_TEST_GATE"
PATIENCE_SECONDS = 120
_make_classifier = named.make_classifier


class Slow(ColourNames):
    """Waits before its second batch until the file of the gate is there."""

    def __init__(self) -> None:
        super().__init__()
        self._batches = 0

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        self._batches += 1
        gate, deadline = Path(os.environ[GATE]), time.monotonic() + PATIENCE_SECONDS
        while self._batches > 1 and not gate.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        return super().score(crops)


def make_classifier(name: str, **options: Any) -> Classifier:
    repo_id = options.get("repo_id", "")
    if repo_id.endswith("broken"):
        raise ClassifierError(f"{repo_id} cannot be loaded")
    if repo_id.endswith("quick"):
        return ColourNames()
    return Slow() if repo_id else _make_classifier(name, **options)


def main() -> None:
    named.make_classifier = make_classifier
    bridge.FOLLOW_SECONDS = 3600.0  # who waits for news is told nothing else
    import app

    app.main()


if __name__ == "__main__":
    main()
