"""What comes from the hub, watched: how much of it is here, and an end to it when asked."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Event, Thread
from typing import Any, Self, TypeVar

_WATCH_SECONDS = 0.1
_END_SECONDS = 1.0

Result = TypeVar("Result")


class StoppedError(Exception):
    """Ends the thread that fetches; nobody but that thread sees it."""


class Arrivals:
    """The bytes of one model as they come: one thread fetches and counts, another looks.

    Args:
        check: Called by the thread that fetches with the bytes that it is coming to, as soon as
            the hub states a file's length and at each piece; what it raises ends the fetch.
    """

    def __init__(self, check: Callable[[int], None]) -> None:
        self._check = check
        self._stop = Event()
        # Of whole files, and of the one that comes; one value, so that who looks sees both change.
        self._counts = (0, 0)

    @property
    def so_far(self) -> int:
        """Bytes that are here."""
        return sum(self._counts)

    def stop(self) -> None:
        """End the fetch at its next piece."""
        self._stop.set()

    def begin(self, here: int, size: int | None) -> None:
        """A file begins, of which so many bytes are here and so many will be, if that is known."""
        self._heed()
        whole, _ = self._counts
        self._counts = (whole, here)
        self._check(whole + max(here, size or 0))

    def add(self, count: int) -> None:
        """A piece came; less than nothing when the file begins anew."""
        self._heed()
        whole, part = self._counts
        self._counts = (whole, part + count)
        self._check(self.so_far)

    def finish(self, size: int) -> None:
        """A file of this size is here as a whole, whether it came now or earlier."""
        self._heed()
        whole, _ = self._counts
        self._counts = (whole + size, 0)
        self._check(self.so_far)

    def bar_class(self, check: Callable[[int], None]) -> type:
        """A class that huggingface_hub takes for a progress bar and that counts here.

        It has what huggingface_hub calls of a bar, and draws nothing.

        Args:
            check: As this object's own, of the one file's bytes.
        """
        arrivals = self

        class Bar:
            n = 0

            def __init__(self, *_: object, **options: Any) -> None:
                self.total = options.get("total")
                self._here = options.get("initial") or 0
                check(max(self._here, self.total or 0))
                arrivals.begin(self._here, self.total)

            def __enter__(self) -> Self:
                return self

            def __exit__(self, *_: object) -> None:
                return None

            def update(self, count: float | None = 1) -> None:
                self._here += int(count or 0)
                check(self._here)
                arrivals.add(int(count or 0))

            # Of a file in pieces (Xet) the bytes on the disk are counted, not those on the line.
            def update_transfer(self, *_: object, **__: object) -> None:
                return None

            set_postfix_str = set_transfer_postfix_str = refresh = close = update_transfer

        return Bar

    def _heed(self) -> None:
        if self._stop.is_set():
            raise StoppedError


def watched(job: Callable[[], Result], arrivals: Arrivals, watch: Callable[[], None]) -> Result:
    """Run a job in a thread of its own and look after it from this one.

    A line that stands still cannot be interrupted: the thread that waits for it is left to itself
    and ends with the next piece, or when the line is given up.

    Args:
        job: What fetches, counting in ``arrivals``.
        arrivals: Told to stop when ``watch`` raises.
        watch: Called ten times a second and when the job is done.

    Returns:
        What the job gave. What the job or ``watch`` raises is raised unchanged.
    """
    done: Future[Result] = Future()
    # A daemon: the program can end though a line stands still.
    Thread(target=_settle, args=(done, job), name="segui-fetch", daemon=True).start()
    try:
        while not wait((done,), timeout=_WATCH_SECONDS).done:
            watch()
    except BaseException:
        arrivals.stop()
        wait((done,), timeout=_END_SECONDS)
        raise
    result = done.result()
    watch()
    return result


def _settle(done: Future[Result], job: Callable[[], Result]) -> None:
    try:
        done.set_result(job())
    except BaseException as error:  # noqa: BLE001  raised again where it is waited for
        done.set_exception(error)
