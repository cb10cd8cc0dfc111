"""The last few of what is dear to make."""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """Keeps what was used last. Not for threads: who has one takes care of that.

    Args:
        most: How many are kept, at least 1.
        size_of: How large one is, in bytes.
        most_bytes: Of all that are kept together.
    """

    def __init__(
        self,
        most: int,
        size_of: Callable[[Made], int] = lambda _: 0,
        most_bytes: float = math.inf,
    ) -> None:
        self._most = most
        self._size_of = size_of
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, Made] = OrderedDict()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def find(self, key: Hashable) -> Made | None:
        """What is kept by a key; None where nothing is."""
        return self._kept.get(key)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is kept by a key, made where it is not; what that raises is raised."""
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        made = self._kept[key]
        while len(self._kept) > self._most or self._size > self._most_bytes:
            self._kept.popitem(last=False)
        return made

    @property
    def _size(self) -> int:
        return sum(map(self._size_of, self._kept.values()))
