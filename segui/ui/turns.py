"""Which of a session's steps is the latest, so that a slow older one does not undo it."""

from collections import defaultdict
from threading import Lock


class Turns:
    """Counts the steps that sessions begin."""

    def __init__(self) -> None:
        self._latest: defaultdict[str, int] = defaultdict(int)
        self._lock = Lock()

    def take(self, session: str) -> int:
        """Begin a step: every one begun before it is out of date from now on."""
        with self._lock:
            self._latest[session] += 1
            return self._latest[session]

    def is_latest(self, session: str, turn: int) -> bool:
        """Whether no other step was begun since."""
        with self._lock:
            return self._latest[session] == turn

    def forget(self, session: str) -> None:
        """Drop the count of a session that has ended."""
        with self._lock:
            self._latest.pop(session, None)
