"""What was found last in a photo, so that it can be narrowed or asked for without finding again."""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast
from weakref import ReferenceType, ref

if TYPE_CHECKING:  # torch comes with them
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

Found = TypeVar("Found")

_MOST: Final = 3  # what is there, and what two ways would find


class _Last(NamedTuple):
    """What was found, in which photo, and by what."""

    key: Hashable
    photo: "ReferenceType[Pixels]"
    found: Any


class FoundBefore:
    """Holds what was found last, as long as somebody holds the photo; threads may share one."""

    def __init__(self) -> None:
        self._last: tuple[_Last, ...] = ()  # the latest first

    def get(self, key: Hashable, pixels: "Pixels", find: Callable[[], Found]) -> Found:
        """What there is to be found in a photo.

        Args:
            key: All that it depends on beside the photo: equal keys find the same.
            pixels: The photo; another array of the same pixels is another one.
            find: Finds it, where that was not done lately.

        Raises:
            Exception: Whatever ``find`` raises; then what was found before is still held.
        """
        for last in self._last:  # another thread may put its own there meanwhile
            if last.key == key and last.photo() is pixels:
                return cast("Found", last.found)
        found = find()
        others = [last for last in self._last if last.photo() is pixels and last.key != key]
        self._last = (_Last(key, ref(pixels, self._let_go), found), *others[: _MOST - 1])
        return found

    def _let_go(self, photo: "ReferenceType[Pixels]") -> None:
        """Hold nothing of a photo that is gone."""
        self._last = tuple(last for last in self._last if last.photo is not photo)
