"""A slow question asked in a thread of its own, with its progress, until nobody wants it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextvars import copy_context
from typing import Literal, NamedTuple

from segui.ui.state import Work

EVERY_SECONDS = 0.2
Progress = Callable[[int, int], None]


class Step(NamedTuple):
    """How far it is.

    Args:
        doing: ``fetching``, in bytes, or ``judging``, in areas.
        done: How much is done.
        total: Of how much; 0 where that is not known yet.
    """

    doing: Literal["fetching", "judging"]
    done: int
    total: int


class Stopped(Exception):  # noqa: N818  it is no error
    """Nobody wants the answer any more."""


class Asking:
    """Asks at once; the answer is there when ``progress`` has ended.

    Args:
        question: What takes its time. It tells what it is given, how many areas of how many are
            judged and how many bytes of how many are here; both raise ``Stopped`` when nobody
            wants the answer any more.
        is_wanted: Whether somebody does.
    """

    def __init__(
        self, question: Callable[[Progress, Progress], Work], is_wanted: Callable[[], bool]
    ) -> None:
        self._is_wanted = is_wanted
        self._step = Step("judging", 0, 0)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="asking")
        # a GPU that is lent is lent to whoever asked: the request goes with the question
        here = copy_context()
        self._future = self._pool.submit(here.run, question, self._judging, self._fetching)
        self._pool.shutdown(wait=False)

    def progress(self) -> Iterator[Step]:
        """How far it is, whenever that has changed, until the answer is there.

        Raises:
            Stopped: Nobody wants it any more.
        """
        shown = None
        while not wait_for([self._future], EVERY_SECONDS).done:
            if not self._is_wanted():
                raise Stopped
            if self._step != shown:
                shown = self._step
                yield shown

    def result(self) -> Work:
        """The answer, or what the question raised."""
        return self._future.result()

    def _judging(self, done: int, total: int) -> None:
        self._told(Step("judging", done, total))

    def _fetching(self, done: int, total: int) -> None:
        self._told(Step("fetching", done, total))

    def _told(self, step: Step) -> None:
        if not self._is_wanted():
            raise Stopped
        self._step = step
