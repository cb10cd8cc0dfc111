"""The app, whose clock is set forward and back by an hour while it runs.

Started by the tests in place of ``app.py``. SIGUSR1 sets it forward, SIGUSR2 back; the log says so.
Files keep the system's own clock: after the first, whatever is written looks an hour old at once.
"""

import logging
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

HOUR_SECONDS = 3600
FORWARD, BACK = signal.SIGUSR1, signal.SIGUSR2
SET = "<the clock is set>"


def main() -> None:
    own_time, by = time.time, [0]

    def shift(number: int, _frame: object) -> None:
        by[0] += HOUR_SECONDS if number == FORWARD else -HOUR_SECONDS
        logging.getLogger("shifting").warning(SET)

    time.time = lambda: own_time() + by[0]
    for number in (FORWARD, BACK):
        signal.signal(number, shift)

    import app

    app.main()


if __name__ == "__main__":
    main()
