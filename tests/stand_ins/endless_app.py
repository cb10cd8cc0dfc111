"""The app with a file of a visitor's, and a classifier that answers after ten minutes.

It does so in a thread that Python waits for.

Started by the tests in place of ``app.py``, or of ``segui serve`` where ``STARTED_AS`` says so.
"""

import logging
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from segui.classifiers.base import Crop, Scores
from segui.classifiers.colour import ColourNames
from segui.session.folders import Folders

STARTED_AS = "SEGUI_TEST_STARTED_AS"
ASKED = "<asked>"
OWN_FILE = "own.png"
SLEEP_SECONDS = 600


def score(self: ColourNames, crops: Sequence[Crop]) -> list[Scores]:
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(time.sleep, SLEEP_SECONDS)
        logging.getLogger("endless").warning(ASKED)
        asked.result()
    return [{} for _ in crops]


def main() -> None:
    ColourNames.score = score
    folders = Folders(Path(os.environ["GRADIO_TEMP_DIR"]))
    (folders.of("visitor") / OWN_FILE).write_bytes(b"a visitor's")
    if os.environ[STARTED_AS] == "segui serve":
        from segui.cli import main as segui

        segui(["serve", "--port", os.environ.pop("PORT")])
    else:
        import app

        app.main()


if __name__ == "__main__":
    main()
