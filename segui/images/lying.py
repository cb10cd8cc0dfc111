"""How a picture lies: the eight ways, by EXIF's numbers, put together and applied to pixels."""

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

PhotoTurn = Literal["auto", "none", "right", "left", "half", "mirror", "xmp"]
AS_STORED: Final = 1
_WAYS: Final = range(1, 9)
_ON_TOP: Final = {"right": 6, "left": 8, "half": 3, "mirror": 2}  # of what its file says
DONE: Final = {
    2: "mirrored, left for right",
    3: "turned by 180 degrees",
    4: "mirrored, top for bottom",
    5: "turned and mirrored",
    6: "turned by 90 degrees to the right",
    7: "turned and mirrored",
    8: "turned by 90 degrees to the left",
}


def upright(values: NDArray[Any], orientation: int) -> NDArray[Any]:
    """A picture as it is seen, a view of its values.

    Args:
        values: (h, w, ...), as they are stored.
        orientation: What EXIF calls the way in which they lie, 1 to 8.

    >>> upright(np.array([[1, 2, 3]]), 6).tolist(), upright(np.array([[1, 2, 3]]), 2).tolist()
    ([[1], [2], [3]], [[3, 2, 1]])
    """
    if orientation in (5, 6, 7, 8):
        values = values.swapaxes(0, 1)
    rows = slice(None, None, -1) if orientation in (3, 4, 7, 8) else slice(None)
    columns = slice(None, None, -1) if orientation in (2, 3, 6, 7) else slice(None)
    return values[rows, columns]


def one_after_the_other(first: int, second: int) -> int:
    """The one orientation that does what two do.

    >>> one_after_the_other(6, 6), one_after_the_other(6, 8), one_after_the_other(2, 6)
    (3, 1, 7)
    """
    small = np.arange(6).reshape(2, 3)
    done = upright(upright(small, first), second)
    return next(one for one in _WAYS if np.array_equal(upright(small, one), done))


def turned_from(values: NDArray[Any], before: int, after: int) -> NDArray[Any]:
    """Values that were turned by one orientation, as by another one instead; the same where equal.

    Args:
        values: (h, w, ...).
        before: The orientation by which they were turned.
        after: That by which they are to be.
    """
    if before == after:
        return values
    back = next(one for one in _WAYS if one_after_the_other(before, one) == AS_STORED)
    return np.ascontiguousarray(upright(upright(values, back), after))


def orientation_asked(turn: PhotoTurn, by_file: int, by_xmp: int | None) -> int:
    """By which orientation a photo is to be turned.

    Args:
        turn: What is asked for: ``none`` leaves it as it is stored, ``xmp`` goes by its XMP data
            where that says something; ``right``, ``left`` and ``half`` turn, and ``mirror``
            mirrors, what lies as its file says.
        by_file: The orientation that its file says.
        by_xmp: What its XMP data says; None where that says nothing.
    """
    if turn == "none":
        return AS_STORED
    if turn == "xmp":
        return by_file if by_xmp is None else by_xmp
    return one_after_the_other(by_file, _ON_TOP.get(turn, AS_STORED))
