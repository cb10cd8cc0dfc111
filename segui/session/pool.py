"""Threads for the work of all sessions: each session has one turn at a time, owners in turn."""

from collections import deque
from collections.abc import Callable, Hashable
from threading import Condition, Thread
from typing import Final, NamedTuple

from segui.priority import standing_back

LARGE_PIXELS: Final = 16_000_000  # more than most phones' photos have
Work = Callable[[], None]


class _Piece(NamedTuple):
    work: Work
    is_large: bool
    owner: Hashable


class Pool:
    """Runs work in a few threads that do not keep a process alive.

    The standard library's pool joins its threads when the process ends: a model's server that is
    silent would hold it up for as long. Of several threads one never does what is large: small
    edits do not wait until somebody's photo of 50 megapixels is pasted, and go before it where
    processors are busy. Of those who wait, the one
    comes next whose last turn is the longest ago: who opens a hundred pages has one share.

    Args:
        threads: Most pieces of work at once; a thread begins when it is first needed.
        name: What the threads are called.
    """

    def __init__(self, threads: int, name: str) -> None:
        self._most = threads
        self._name = name
        self._waiting: deque[_Piece] = deque()
        self._turns: dict[Hashable, int] = {}  # when those had theirs who wait, or did lately
        self._large = 0
        self._changed = Condition()
        self._threads = 0
        self._idle = 0

    def submit(self, work: Work, *, is_large: bool = False, owner: Hashable = None) -> None:
        """Do it as soon as a thread is free for it; of one owner in the order of the calls.

        Args:
            work: What to do; it raises nothing.
            is_large: Whether it may take seconds.
            owner: Who wants it.
        """
        with self._changed:
            self._waiting.append(_Piece(work, is_large, owner))
            if self._idle < len(self._waiting) and self._threads < self._most:
                self._threads += 1
                Thread(target=self._run, name=self._name, daemon=True).start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                while (piece := self._taken()) is None:
                    self._changed.wait()
                self._idle -= 1
            if piece.is_large:
                standing_back(piece.work)
            else:
                piece.work()
            with self._changed:
                self._large -= piece.is_large
            del piece  # what it holds may be large, and the next one may be long in coming

    def _taken(self) -> _Piece | None:
        """The first piece that may be done now, which waits no longer; None where there is none."""
        may_be_large = self._large < max(1, self._most - 1)
        places = [
            place for place, piece in enumerate(self._waiting) if may_be_large or not piece.is_large
        ]
        if not places:
            return None
        place = min(places, key=lambda each: self._turns.get(self._waiting[each].owner, 0))
        piece = self._waiting[place]
        del self._waiting[place]
        self._large += piece.is_large
        self._note_turn(piece.owner)
        return piece

    def _note_turn(self, owner: Hashable) -> None:
        """Who has had a turn comes after all others that wait; where nobody does, all are equal."""
        if not self._waiting:
            self._turns.clear()
        self._turns[owner] = 1 + max(self._turns.values(), default=0)
