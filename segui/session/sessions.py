"""All sessions: found by key, bounded by number and bytes, ended a while after they were left.

What sessions hold in memory is bounded for all of them together: the longest unused ones let go of
theirs first, and make it again when somebody looks.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from threading import Event, Lock, Thread

from segui.amounts import allowed, rounded_up
from segui.errors import InputError
from segui.session.arrays import Arrays
from segui.session.folders import Folders, tidy
from segui.session.memory import give_back
from segui.session.results import Pictures
from segui.session.session import Session

MOST_SESSIONS = 100  # each one may hold a photo, its edited version and their segments
MOST_BYTES = 4_000_000_000
SWEEP_SECONDS = 1.0
FRESH_SECONDS = 5.0  # a session of this moment lets go for an upload's sake alone
TIDY_SECONDS = 30.0  # between two looks at uploads that were broken off
IDLE_SECONDS = 6 * 3600  # a page that says nothing for so long is gone, though nobody said so


@dataclass
class _Known:
    session: Session
    page: str  # the name of the page that has it
    ticket: str = ""  # with it, that page's tab comes back
    used_at: float = 0.0
    left_at: float | None = None


class Sessions:
    """Gives each visitor's session, and removes what it leaves.

    A closed page and a phone that changed to another app look the same from here, so one that
    comes back within a while finds everything as it was. A page that is loaded anew has a new name:
    its tab shows the ticket of the page before, and the session goes on under its own key.

    Args:
        begin: Makes a session for a key.
        folders: Where sessions' files lie.
        leave_seconds: How long one may stay away.
        ended: Told the key of each session that has ended.
        most: Most sessions; the longest unused one ends for another one's sake.
        now: The time in seconds, of any beginning.
        most_bytes: Most memory for what all of them hold.
    """

    def __init__(
        self,
        begin: Callable[[str], Session],
        folders: Folders,
        leave_seconds: float,
        ended: Callable[[str], None],
        most: int = MOST_SESSIONS,
        now: Callable[[], float] = time.monotonic,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._begin = begin
        self._folders = folders
        self._leave_seconds = leave_seconds
        self._ended = ended
        self._most = most
        self._now = now
        self._most_bytes = most_bytes
        self._beating: Counter[str] = Counter()
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._keys: dict[str, str] = {}  # of sessions that go on with a page of another name
        self._lock = Lock()
        self._is_swept = False
        self._tidied_at = now()
        self._closing = Event()

    def key_of(self, page: str) -> str:
        """By which key the session of a page is known: the name of the first page that had it."""
        return self._keys.get(page, page)

    def give_ticket(self, page: str, ticket: str) -> None:
        """A page will show a ticket when it comes back, one that nobody can guess."""
        with self._lock:
            known = self._known.get(self.key_of(page))
            if known is not None:
                known.ticket = ticket

    def is_there(self, ticket: str) -> bool:
        """Whether the page that has a ticket is still open."""
        with self._lock:
            known = self._with_ticket(ticket)
            return known is not None and self._known[known].page in self._beating

    def come_back(self, page: str, ticket: str) -> bool:
        """Let a session go on with another page: that of the same tab, loaded anew.

        Args:
            page: Its name.
            ticket: The one of the page before; it is good for once.

        Returns:
            Whether there is such a session, and its page is gone: that of a copied tab is not.
        """
        with self._lock:
            key = self._with_ticket(ticket)
            if key is None or page in self._known or self._known[key].page in self._beating:
                return False
            known = self._known[key]
            former, known.page, known.ticket = known.page, page, ""
            self._keys.pop(former, None)
            self._keys[page] = key
            self._use(key, known)
        known.session.resume()
        self._ended(former)
        return True

    def _with_ticket(self, ticket: str) -> str | None:
        having = (key for key, known in self._known.items() if ticket and known.ticket == ticket)
        return next(having, None)

    def open(self, page: str) -> Session:
        """The session of a page, begun if there is none."""
        key = self.key_of(page)
        with self._lock:
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = _Known(self._begin(key), page)
            self._use(key, known)
            surplus = [*self._known][: max(0, len(self._known) - self._most)]
        for other in surplus:
            self.end(other)
        self.begin_sweeping()
        return known.session

    def get(self, page: str) -> Session | None:
        """The session of a page; None where there is none: it has ended, or never begun."""
        key = self.key_of(page)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._use(key, known)
        return None if known is None else known.session

    def _use(self, key: str, known: _Known) -> None:
        self._known.move_to_end(key)
        known.used_at, known.left_at = self._now(), None

    def leave(self, page: str) -> None:
        """A page was closed, or cannot be reached for a moment."""
        with self._lock:
            known = self._known.get(self.key_of(page))
            if known is None or known.page != page:
                return  # its session goes on with another page
            known.left_at = self._now()
        known.session.pause()

    def beat(self, page: str) -> Callable[[], None]:
        """A page is there, whether or not it says anything: it holds a connection.

        Returns:
            What is called when the connection has ended.
        """
        with self._lock:
            self._beating[page] += 1

        def ended() -> None:
            with self._lock:
                self._beating[page] -= 1
                self._beating += Counter()  # none is there that counts none

        return ended

    def make_room(self, key: str, needed: int) -> None:
        """Let others' results go until something more fits, its own at last.

        Args:
            key: Whose it is.
            needed: Bytes.

        Raises:
            InputError: It would not fit even then.
        """
        held = self._let_go(needed, lambda _: False, key)
        if held + needed > self._most_bytes:
            raise InputError(
                f"this picture needs {rounded_up(needed / 1e6)} MB of the server's memory: at most"
                f" {allowed(self._most_bytes / 1e6)} MB are for all visitors, of which"
                f" {allowed(round(held / 1e6))} MB are in use now. Try again in a"
                " while, or give a smaller one"
            )

    def _let_go(self, needed: int, stays: Callable[[_Known], bool], last: str = "") -> int:
        """Let results go, the longest unused first, until all fits; what is held then, in bytes."""
        with self._lock:
            known = [(key, known) for key, known in self._known.items() if key != last]
            known += [(last, self._known[last])] if last in self._known else []
        held = {key: one.session.arrays() for key, one in known}
        total = _bytes_of(held.values())
        if total + needed <= self._most_bytes:
            return total
        for key, one in known:
            if total + needed <= self._most_bytes:
                break
            if held[key] and not stays(one) and one.session.let_go():
                del held[key]
                total = _bytes_of(held.values())
        give_back()
        return total

    def end(self, key: str) -> None:
        """Remove all that a session has."""
        with self._lock:
            gone = {key: self._known.pop(key)} if key in self._known else {}
        self._end(gone)

    def _end(self, gone: dict[str, _Known]) -> None:
        if not gone:
            return
        for key in [*gone]:
            known = gone.pop(key)
            known.session.end(partial(self._clear, key))
            self._keys.pop(known.page, None)
            self._ended(known.page)
            del known
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
        fresh = self._now() - FRESH_SECONDS
        self._let_go(0, lambda known: known.used_at > fresh)

    def _is_gone(self, key: str) -> bool:
        now, known = self._now(), self._known[key]
        is_left = known.left_at is not None and now - known.left_at >= self._leave_seconds
        # nobody will ever tell that a page is closed that was never there
        most = IDLE_SECONDS if known.page in self._beating else self._leave_seconds
        return is_left or now - known.used_at >= most


def _bytes_of(held: Iterable[Arrays]) -> int:
    """Each array counts once, whoever holds it."""
    together: dict[int, int] = {}
    for arrays in held:
        together.update(arrays)
    return sum(together.values())
