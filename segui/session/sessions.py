"""All sessions: found by their key, bounded by number, and ended a while after they were left."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event, Lock, Thread

from segui.session.folders import Folders, tidy
from segui.session.memory import give_back
from segui.session.results import Pictures
from segui.session.session import Session

MOST_SESSIONS = 100  # each one may hold a photo, its edited version and their segments
SWEEP_SECONDS = 1.0
TIDY_SECONDS = 30.0  # between two looks at uploads that were broken off
IDLE_SECONDS = 6 * 3600  # a page that says nothing for so long is gone, though nobody said so


@dataclass
class _Known:
    session: Session
    used_at: float = 0.0
    left_at: float | None = None


class Sessions:
    """Gives each visitor's session, and removes what it leaves.

    A closed page and a phone that changed to another app look the same from here, so one that
    comes back within a while finds everything as it was.

    Args:
        begin: Makes a session for a key.
        folders: Where sessions' files lie.
        leave_seconds: How long one may stay away.
        ended: Told the key of each session that has ended.
        most: Most sessions; the longest unused one ends for another one's sake.
        now: The time in seconds, of any beginning.
    """

    def __init__(
        self,
        begin: Callable[[str], Session],
        folders: Folders,
        leave_seconds: float,
        ended: Callable[[str], None],
        most: int = MOST_SESSIONS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._begin = begin
        self._folders = folders
        self._leave_seconds = leave_seconds
        self._ended = ended
        self._most = most
        self._now = now
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = Lock()
        self._is_swept = False
        self._tidied_at = now()
        self._closing = Event()

    def open(self, key: str) -> Session:
        """A visitor's session, begun if there is none of that key."""
        with self._lock:
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = _Known(self._begin(key))
            self._use(key, known)
            surplus = [*self._known][: max(0, len(self._known) - self._most)]
        for other in surplus:
            self.end(other)
        self.begin_sweeping()
        return known.session

    def get(self, key: str) -> Session | None:
        """A visitor's session; None where there is none: it has ended, or never begun."""
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._use(key, known)
        return None if known is None else known.session

    def _use(self, key: str, known: _Known) -> None:
        self._known.move_to_end(key)
        known.used_at, known.left_at = self._now(), None

    def leave(self, key: str) -> None:
        """A session's page was closed, or cannot be reached for a moment."""
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                known.left_at = self._now()
        if known is not None:
            known.session.pause()

    def end(self, key: str) -> None:
        """Remove all that a session has."""
        with self._lock:
            gone = {key: self._known.pop(key)} if key in self._known else {}
        self._end(gone)

    def _end(self, gone: dict[str, _Known]) -> None:
        if not gone:
            return
        for key in [*gone]:
            gone.pop(key).session.end(partial(self._clear, key))
            self._ended(key)
        give_back()  # nothing holds them by now

    def _clear(self, key: str) -> None:
        """Remove a session's files, unless it has come back meanwhile: then they are tidied."""
        with self._lock:
            if key not in self._known:
                self._folders.remove(key)

    def tidy(self, key: str) -> None:
        """Remove the files that a session has left behind while it went on."""
        with self._lock:
            known = self._known.get(key)
        if known is None:
            return
        session = known.session
        files = [file.path for inputs in session.known_inputs for file in inputs.needed_files]
        sets = [value.thumbnails for value in session.held if isinstance(value, Pictures)]
        tidy(self._folders.of(key), [*files, *(path for paths in sets for path in paths)])
        give_back()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._known)

    def begin_sweeping(self) -> None:
        """Sweep from now on; uploads come before a session does, or without one."""
        with self._lock:
            if self._is_swept:
                return
            self._is_swept = True
        Thread(target=self._sweep, name="segui-sweeper", daemon=True).start()

    def _sweep(self) -> None:
        while not self._closing.wait(SWEEP_SECONDS):
            self.sweep()

    def sweep(self) -> None:
        """End the sessions that were left for too long, and remove what nobody will look at."""
        with self._lock:  # one that comes back from now on begins anew
            gone = {key: self._known.pop(key) for key in [*self._known] if self._is_gone(key)}
        self._end(gone)
        if self._now() - self._tidied_at >= TIDY_SECONDS:
            self._tidied_at = self._now()
            self._folders.remove_untouched()

    def _is_gone(self, key: str) -> bool:
        now, known = self._now(), self._known[key]
        is_left = known.left_at is not None and now - known.left_at >= self._leave_seconds
        return is_left or now - known.used_at >= IDLE_SECONDS
