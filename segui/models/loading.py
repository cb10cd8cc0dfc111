"""What several ask for is loaded once, when it is first needed."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Progress = Callable[[int, int], None]
Loaded = TypeVar("Loaded")

_LOOK_SECONDS = 0.2


class LoadedOnce(Generic[Loaded]):
    """Something that is loaded at the first need; threads may share it.

    A load that failed is tried again when it is next asked for.

    Args:
        load: Loads it; it is given whom to tell how many bytes of how many are here.
    """

    def __init__(self, load: Callable[[Progress], Loaded]) -> None:
        self._load = load
        self._lock = Lock()
        self._fetched = (0, 0)
        self.value: Loaded | None = None  # as long as it is not loaded

    def get(self, progress: Progress | None = None) -> Loaded:
        """What is loaded, once it is.

        Args:
            progress: Told how many bytes are here and how many there are in all, a few times a
                second, by this thread's load or another's; of a total of 0 nothing is known yet.
                What it raises ends this thread's load or its waiting, and is raised.

        Raises:
            Exception: Whatever the load raises.
        """
        while self.value is None:
            if self._lock.acquire(timeout=_LOOK_SECONDS):
                try:
                    if self.value is None:
                        self.value = self._load(self._telling(progress))
                finally:
                    self._lock.release()
            elif progress is not None:
                progress(*self._fetched)
        return self.value

    def _telling(self, progress: Progress | None) -> Progress:
        """Tells one who asks, and notes it for those who wait."""

        def tell(done: int, total: int) -> None:
            self._fetched = (done, total)
            if progress is not None:
                progress(done, total)

        return tell
