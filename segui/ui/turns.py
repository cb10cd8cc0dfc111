"""Which of a session's steps is the latest, so that a slow older one does not undo it."""

from collections import defaultdict
from threading import Lock


class Turns:
    """Counts the steps that sessions begin."""

    def __init__(self) -> None:
        self._latest: defaultdict[str, int] = defaultdict(int)
        self._asked: dict[str, int] = {}
        self._answered: dict[str, int] = {}
        self._lock = Lock()

    def take(self, session: str) -> int:
        """Begin a step: every one begun before it is out of date from now on."""
        with self._lock:
            self._latest[session] += 1
            return self._latest[session]

    def is_latest(self, session: str, turn: int) -> bool:
        """Whether no other step was begun since."""
        with self._lock:
            return self._latest.get(session, 0) == turn

    def ask(self, session: str, turn: int) -> None:
        """A model is to be asked in a step."""
        with self._lock:
            self._asked[session] = max(turn, self._asked.get(session, 0))

    def due(self, session: str) -> int | None:
        """The latest step, where a model is to be asked in it and has not answered; else None."""
        with self._lock:
            latest = self._latest.get(session, 0)
            is_asked = latest > 0 and self._asked.get(session) == latest
            return latest if is_asked and self._answered.get(session) != latest else None

    def answer(self, session: str, turn: int) -> None:
        """A model that was asked in a step has said what it can."""
        with self._lock:
            self._answered[session] = turn

    def is_answered(self, session: str) -> bool:
        """Whether the model that was asked in the latest step has said what it can."""
        with self._lock:
            return self._answered.get(session) == self._latest.get(session, 0)

    def forget(self, session: str) -> None:
        """Drop the count of a session that has ended."""
        with self._lock:
            self._latest.pop(session, None)
            self._asked.pop(session, None)
            self._answered.pop(session, None)


class Overlaps:
    """Which sessions chose anew while their areas were being found.

    What such two steps leave depends on which one ends first: the later one is then done again.
    """

    def __init__(self) -> None:
        self._finding: defaultdict[str, int] = defaultdict(int)
        self._chosen: set[str] = set()
        self._lock = Lock()

    def begin(self, session: str) -> None:
        """The session's areas are being found."""
        with self._lock:
            self._finding[session] += 1

    def is_finding(self, session: str) -> bool:
        """Whether the session's areas are being found."""
        with self._lock:
            return bool(self._finding.get(session))

    def choose(self, session: str) -> None:
        """The session chooses anew."""
        with self._lock:
            if self._finding.get(session):
                self._chosen.add(session)

    def end(self, session: str) -> bool:
        """The areas are there. Whether there was a choice meanwhile."""
        with self._lock:
            self._finding[session] = max(0, self._finding[session] - 1)
            happened = session in self._chosen
            if not self._finding[session]:
                del self._finding[session]
                self._chosen.discard(session)
            return happened

    def forget(self, session: str) -> None:
        """Drop what is known of a session that has ended."""
        with self._lock:
            self._finding.pop(session, None)
            self._chosen.discard(session)
