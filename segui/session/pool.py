"""Threads for the work of all sessions: each session has one turn at a time, in order."""

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

Work = Callable[[], None]


class Pool:
    """Runs work in a few threads that do not keep a process alive.

    The standard library's pool joins its threads when the process ends: a model's server that is
    silent would hold it up for as long.

    Args:
        threads: Most pieces of work at once; a thread begins when it is first needed.
        name: What the threads are called.
    """

    def __init__(self, threads: int, name: str) -> None:
        self._most = threads
        self._name = name
        self._waiting: deque[Work] = deque()
        self._changed = Condition()
        self._threads = 0
        self._idle = 0

    def submit(self, work: Work) -> None:
        """Do it as soon as a thread is free, in the order of the calls.

        Args:
            work: What to do; it raises nothing.
        """
        with self._changed:
            self._waiting.append(work)
            if self._idle < len(self._waiting) and self._threads < self._most:
                self._threads += 1
                Thread(target=self._run, name=self._name, daemon=True).start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                while not self._waiting:
                    self._changed.wait()
                self._idle -= 1
                work = self._waiting.popleft()
            work()
            del work  # what it holds may be large, and the next piece may be long in coming
