"""Places for work on pictures: calls that wait for something else take none."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Places:
    """So many calls work on pictures at once; where there are several, one place is for small ones.

    Args:
        most: How many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._large = 0
        self._left = Condition()

    @contextmanager
    def one(self, *, is_large: bool) -> Iterator[None]:
        """Wait for a place and keep it while something is done there.

        Args:
            is_large: Whether it may take seconds.
        """
        with self._left:
            self._left.wait_for(lambda: self._is_free(is_large=is_large))
            self._taken += 1
            self._large += is_large
        try:
            yield
        finally:
            with self._left:
                self._taken -= 1
                self._large -= is_large
                self._left.notify_all()

    def _is_free(self, *, is_large: bool) -> bool:
        most_large = max(1, self._most - 1)
        return self._taken < self._most and not (is_large and self._large >= most_large)
