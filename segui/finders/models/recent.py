"""The last few of what is dear to make."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """Keeps what was used last. Not for threads: who has one takes care of that.

    Args:
        most: How many are kept, at least 1.
        bytes_of: How many bytes one takes; None asks for none.
        most_bytes: How many all of them take at most; what alone takes more is not kept.
    """

    def __init__(
        self,
        most: int,
        bytes_of: Callable[[Made], int] | None = None,
        most_bytes: int = 0,
    ) -> None:
        self._most = most
        self._bytes_of = bytes_of
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept by a key, made where it is not; what that raises is raised."""
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        made = self._kept[key]
        while self._is_too_much():
            self._kept.popitem(last=False)
        return made

    def _is_too_much(self) -> bool:
        if len(self._kept) > self._most:
            return True
        if self._bytes_of is None:
            return False
        return sum(map(self._bytes_of, self._kept.values())) > self._most_bytes
