"""A slow question asked in a thread of its own, with its progress, until nobody wants it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for

from segui.ui.state import Work

EVERY_SECONDS = 0.2
Progress = Callable[[int, int], None]


class Stopped(Exception):  # noqa: N818  it is no error
    """Nobody wants the answer any more."""


class Asking:
    """Asks at once; the answer is there when ``progress`` has ended.

    Args:
        question: What takes its time. It calls what it is given with how much of how much is
            done, which raises ``Stopped`` when nobody wants the answer any more.
        is_wanted: Whether somebody does.
    """

    def __init__(self, question: Callable[[Progress], Work], is_wanted: Callable[[], bool]) -> None:
        self._is_wanted = is_wanted
        self._done = (0, 0)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="asking")
        self._future = self._pool.submit(question, self._told)
        self._pool.shutdown(wait=False)

    def progress(self) -> Iterator[tuple[int, int]]:
        """How much of how much is done, whenever that has changed, until the answer is there.

        Raises:
            Stopped: Nobody wants it any more.
        """
        shown = None
        while not wait_for([self._future], EVERY_SECONDS).done:
            if not self._is_wanted():
                raise Stopped
            if self._done != shown:
                shown = self._done
                yield shown

    def result(self) -> Work:
        """The answer, or what the question raised."""
        return self._future.result()

    def _told(self, done: int, total: int) -> None:
        if not self._is_wanted():
            raise Stopped
        self._done = (done, total)
