"""An end to the process soon after it was asked for, whatever its threads are doing.

Python waits at its end for threads that are not daemons, such as those in which a model is asked
or a library fetches one, and only then does what is to be done at the end. That may take minutes.
"""

import atexit
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread, Timer
from typing import Final, Never

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no word for a closed terminal
SIGNALS: Final = tuple(signal.Signals[name] for name in _NAMES if hasattr(signal, name))
_CLOSED: Final = getattr(signal, "SIGHUP", None)  # where nohup has it ignored, it is to stay
CLOSE_SECONDS: Final = 0.8
LONGEST_SECONDS: Final = 1.5  # of 2 that are promised: a busy machine has the rest
_WAKE_SECONDS: Final = 0.5


class Ending:
    """Ends this process at Ctrl+C, SIGTERM and when its terminal closes, and waits for no thread.

    It closes and removes first. A second signal changes nothing: the end is at most 1.5 s away, and
    what is not removed by then is a visitor's picture. What was asked for and done is no failure:
    the exit status is 0.

    Args:
        close: Closes what others wait for, such as connections; it is given 0.8 s for that.
    """

    def __init__(self, close: Callable[[], object]) -> None:
        self._close = close
        self._is_asked = False

    def listen(self) -> None:
        """Heed the signals from now on; only a process's main thread can set that up."""
        for number in SIGNALS:
            if number != _CLOSED or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._heed)
        if hasattr(os, "register_at_fork"):  # a child has nothing of its parent's to remove
            os.register_at_fork(after_in_child=_leave_signals_alone)

    def wait(self) -> Never:
        """Wait for the end; signals are heard where Python runs, so do it in the main thread."""
        while True:
            time.sleep(_WAKE_SECONDS)

    def _heed(self, _number: int, _frame: object) -> None:
        if self._is_asked:
            return
        self._is_asked = True
        # in a thread of its own: the main one may be importing torch, which takes seconds
        Thread(target=self._end, name="segui-ending", daemon=True).start()

    def _end(self) -> None:
        last = Timer(LONGEST_SECONDS, os._exit, (0,))
        last.daemon = True
        last.start()
        closing = Thread(target=self._close, name="segui-closing", daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)
        try:
            # Python itself would run them after it had waited for all threads
            atexit._run_exitfuncs()  # noqa: SLF001  there is no other way to run them all
        finally:
            _flush()
            os._exit(0)


def _leave_signals_alone() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # a stream that is closed, or that nobody reads any more
            stream.flush()
