"""JSON from anywhere: read within a limit, and refused in sentences.

Python's reader lets no other thread work until it has read all of a text. For a large one all who
ask the server would wait for seconds, so that is read by parts.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any, Final

from segui.amounts import allowed, rounded_up
from segui.errors import InputError, shown

__all__ = ["read_json", "shown"]

_ObjectOf = Callable[[list[tuple[str, Any]]], dict[str, Any]]
_MARKS: Final = (",", "[", "{", ":")  # each value but the first one has one before it
_MOST_MARKS: Final = 6_000_000  # 20 MB of whole numbers have five million; an empty list takes 64 B
_MARKS_AT_ONCE: Final = 100_000  # some 50 ms
_CHARACTERS_AT_ONCE: Final = 50_000
# the rest of a list or an object in which there is no other
_FLAT: Final = re.compile(r'(?:[^][{}"]++|"(?:[^"\\]++|\\.)*+")*+[]}]', re.DOTALL)


def read_json(data: str | bytes, name: str, *, max_bytes: int, is_each_once: bool = False) -> Any:
    """Parse JSON that anybody may have written.

    Args:
        data: The text, or its bytes in UTF-8.
        name: What the messages call it.
        max_bytes: Most bytes, or characters of a text.
        is_each_once: Whether an object that says a name twice is refused: the last one would count.

    Returns:
        What ``json.loads`` gives; ``NaN`` and infinities are let through as floats.

    Raises:
        InputError: It is too large, has too many values, is no UTF-8, no JSON, or nested too
            deeply, or it says twice what it may say once.
    """
    if len(data) > max_bytes:
        raise InputError(
            f"{name} has {rounded_up(len(data) / 1e6)} MB: "
            f"at most {allowed(max_bytes / 1e6)} MB are read"
        )
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not text: expected JSON in UTF-8") from error
    check_marks(marks_of(text), name)
    try:
        return loads(text, _each_once(name) if is_each_once else None)
    except InputError:
        raise
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except ValueError as error:  # Python refuses to read whole numbers of thousands of digits
        raise InputError(f"{name} is not JSON that can be read: a number is too long") from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply: it cannot be read") from error


def loads(text: str, object_of: _ObjectOf | None = None) -> Any:
    """What ``json.loads`` gives, and raises; a large text is read by parts.

    Args:
        text: The text.
        object_of: What makes an object of its pairs; None makes a dictionary.
    """
    reader = ByParts if marks_of(text) > _MARKS_AT_ONCE else None
    return json.loads(text, cls=reader, object_pairs_hook=object_of)


def _each_once(name: str) -> _ObjectOf:
    """What makes an object of pairs, and refuses one that says the same twice."""

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            times = Counter(key for key, _ in pairs)
            twice = next(key for key, count in times.items() if count > 1)
            raise InputError(f"{name} says {shown(twice)} twice in one object: expected it once")
        return made

    return object_of


def marks_of(text: str) -> int:
    """How many commas, colons and opening brackets a text has.

    >>> marks_of('{"a": [1, 2]}')
    4
    """
    return sum(text.count(mark) for mark in _MARKS)


def check_marks(marks: int, name: str) -> None:
    """Refuse JSON of so many values that they would fill the memory.

    Args:
        marks: Its commas, colons and opening brackets.
        name: What the message calls it.

    Raises:
        InputError: There are more than are read.
    """
    if marks > _MOST_MARKS:
        sentence = f"{name} has {marks} commas, colons and brackets: at most {_MOST_MARKS} are read"
        raise InputError(sentence)


class ByParts(json.JSONDecoder):
    """Reads value by value, between which others may work; what is small and flat at once."""

    scan_once: Callable[..., tuple[Any, int]]
    parse_object: Any
    parse_array: Any

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self._at_once = self.scan_once
        self._parts = self.parse_object, self.parse_array
        self.parse_object, self.parse_array = self._object, self._array
        self.scan_once = py_make_scanner(self)

    def _object(self, place: tuple[str, int], *how: Any) -> tuple[Any, int]:
        return self._read_flat(*place) or self._parts[0](place, *how)

    def _array(self, place: tuple[str, int], *how: Any) -> tuple[Any, int]:
        return self._read_flat(*place) or self._parts[1](place, *how)

    def _read_flat(self, text: str, start: int) -> tuple[Any, int] | None:
        is_flat = _FLAT.match(text, start, start + _CHARACTERS_AT_ONCE)
        return self._at_once(text, start - 1) if is_flat else None
