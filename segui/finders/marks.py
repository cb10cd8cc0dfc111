"""Points and boxes as programs say them: JSON, checked value by value."""

from typing import Any, Final

from segui.checks import is_number
from segui.errors import InputError, shown
from segui.finders.base import Point
from segui.geometry import Box
from segui.json_reading import read_json

MOST_POINTS: Final = 1000
MOST_BOXES: Final = 100
_MOST_PX: Final = 1_000_000


def read_points(text: str) -> tuple[Point, ...]:
    """Points that were clicked.

    Args:
        text: JSON, ``[[x, y, 1 or 0], ...]`` in px of the photo; 1 is wanted, 0 is not, and what
            says neither is wanted. Empty is none.

    Raises:
        InputError: It is something else; the sentence says which point.

    >>> read_points("[[10, 20, 1], [5.5, 7]]")
    (Point(x=10, y=20, is_wanted=True), Point(x=5, y=7, is_wanted=True))
    """
    return tuple(
        _point(f"points[{place}]", item)
        for place, item in enumerate(_listed("points", text, MOST_POINTS))
    )


def read_boxes(text: str) -> tuple[Box, ...]:
    """Boxes that were drawn.

    Args:
        text: JSON, ``[[x1, y1, x2, y2], ...]``, two opposite corners in px of the photo. Empty is
            none.

    Raises:
        InputError: It is something else; the sentence says which box.

    >>> read_boxes("[[30, 40, 10, 20]]")
    (Box(x1=10, y1=20, x2=30, y2=40),)
    """
    return tuple(
        _box(f"boxes[{place}]", item)
        for place, item in enumerate(_listed("boxes", text, MOST_BOXES))
    )


def _listed(name: str, text: str, most: int) -> list[Any]:
    if not text.strip():
        return []
    said = read_json(text, name, max_bytes=len(text.encode()))
    if not isinstance(said, list):
        raise InputError(f"{name} is {shown(said)}: expected a list of lists")
    if len(said) > most:
        raise InputError(f"{name} has {len(said)} entries: at most {most} are allowed")
    return said


def _point(name: str, said: Any) -> Point:
    if not isinstance(said, list) or len(said) not in {2, 3}:
        raise InputError(f"{name} is {_told(said)}: expected [x, y, 1 or 0]")
    if len(said) == 3 and said[2] not in (0, 1):
        raise InputError(f"{name} ends with {shown(said[2])}: expected 1 or 0")
    x, y = (_px(name, value) for value in said[:2])
    return Point(x, y, len(said) == 2 or bool(said[2]))


def _box(name: str, said: Any) -> Box:
    if not isinstance(said, list) or len(said) != 4:
        raise InputError(f"{name} is {_told(said)}: expected [x1, y1, x2, y2]")
    x1, y1, x2, y2 = (_px(name, value) for value in said)
    box = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    if box.is_empty:
        raise InputError(f"{name} is {[*box]}: expected two corners apart in width and height")
    return box


def _told(said: Any) -> str:
    return f"a list of {len(said)}" if isinstance(said, list) else shown(said)


def _px(name: str, value: Any) -> int:
    is_huge = isinstance(value, int) and abs(value) > _MOST_PX  # it may have no float
    if is_huge or not is_number(value) or abs(value) > _MOST_PX:
        raise InputError(f"{name} has {shown(value)}: expected a number of px")
    return int(value // 1)
