"""What was found last in a photo, so that it can be narrowed without finding again."""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast
from weakref import ReferenceType, ref

if TYPE_CHECKING:  # torch comes with them
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

Found = TypeVar("Found")


class _Last(NamedTuple):
    """What was found, in which photo, and by what."""

    key: Hashable
    photo: "ReferenceType[Pixels]"
    found: Any


class FoundBefore:
    """Holds what was found last, for as long as somebody holds the photo; threads may share one."""

    def __init__(self) -> None:
        self._last: _Last | None = None

    def get(self, key: Hashable, pixels: "Pixels", find: Callable[[], Found]) -> Found:
        """What there is to be found in a photo.

        Args:
            key: All that it depends on beside the photo: equal keys find the same.
            pixels: The photo; another array of the same pixels is another one.
            find: Finds it, where that was not done last.

        Raises:
            Exception: Whatever ``find`` raises; then what was found before is still held.
        """
        last = self._last  # another thread may put its own there meanwhile
        if last is not None and last.key == key and last.photo() is pixels:
            return cast("Found", last.found)
        found = find()
        self._last = _Last(key, ref(pixels, self._let_go), found)
        return found

    def _let_go(self, photo: "ReferenceType[Pixels]") -> None:
        """Hold nothing of a photo that is gone."""
        last = self._last
        if last is not None and last.photo is photo:
            self._last = None
