"""Labels of YOLO's models: a class and an outline or a box a line, in shares of the sides."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError, shown

_LOOKED_AT: Final = 20  # lines by which a text is known
_NUMBERS: Final = re.compile(
    r"\d{1,6}(?:\s+[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)+", re.IGNORECASE
)
_BOX: Final = 4
_LEAST_OUTLINE: Final = 6
_SPARE: Final = 0.01  # of a side that an outline may lie outside of the picture
_MOST_LINES: Final = 100_000
_IN_BRACKETS: Final = re.compile(r"^names\s*:\s*(\[.*?\]|\{.*?\})", re.MULTILINE | re.DOTALL)
_QUOTED: Final = r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([^,#\[\]{}\n\s][^,#\[\]{}\n]*)"
_NUMBERED: Final = re.compile(rf"(\d+)\s*:\s*(?:{_QUOTED})")
_ITEM: Final = re.compile(_QUOTED)
_IN_LINES: Final = re.compile(
    r"^names[ \t]*:[ \t]*(?:#.*)?\n((?:[ \t]*(?:-|\d+[ \t]*:)[^\n]*(?:\n|\Z)|[ \t]*\n)+)",
    re.MULTILINE,
)


class YoloLine(NamedTuple):
    """What one line says.

    Args:
        number: Its class, from 0.
        corners: (n, 2), x and y in shares of the picture's sides.
    """

    number: int
    corners: NDArray[np.float64]


def is_yolo(text: object) -> bool:
    """Whether a text is one of YOLO's: of its first lines each has a class and shares of sides."""
    if not isinstance(text, str):
        return False
    lines = [line for line in text[: 1 << 20].splitlines() if line.strip()][:_LOOKED_AT]
    return bool(lines) and all(_is_line(line.strip()) for line in lines)


def yolo_lines(text: str, file: str) -> list[YoloLine]:
    """The areas of a text that ``is_yolo`` knows.

    Args:
        text: The text.
        file: What messages call it.

    Raises:
        InputError: A line is no class with an outline or a box, or there are too many.
    """
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        raise InputError(f"{file} has {len(lines)} lines: at most {_MOST_LINES} are read")
    return [
        _read(line.strip(), number, file) for number, line in enumerate(lines, 1) if line.strip()
    ]


def yaml_names(text: object) -> dict[int, str]:
    """The names of classes in a ``data.yaml``, by their numbers from 0; empty where it has none."""
    if not isinstance(text, str):
        return {}
    return numbered_names(text) or dict(_listed_names(text))


def numbered_names(text: str) -> dict[int, str]:
    """Those of a ``data.yaml`` that says the number of each itself; empty of any other one."""
    plain = _with_plain_ends(text)
    if found := _IN_BRACKETS.search(plain):
        is_numbered = found[1].startswith("{")
        numbered = _NUMBERED.finditer(found[1][1:-1]) if is_numbered else ()
    else:
        numbered = filter(None, map(_NUMBERED.match, _lines_of(plain)))
    return {int(one[1]): _name_in(one.groups()[1:]) for one in numbered}


def _listed_names(text: str) -> Iterator[tuple[int, str]]:
    """Those that stand one after the other, with their places."""
    plain = _with_plain_ends(text)
    if found := _IN_BRACKETS.search(plain):
        if not found[1].startswith("{"):
            names = (_name_in(one.groups()) for one in _ITEM.finditer(found[1][1:-1]))
            yield from enumerate(name for name in names if name)
        return
    items = (_ITEM.match(line.removeprefix("-").strip()) for line in _lines_of(plain))
    yield from ((place, _name_in(one.groups())) for place, one in enumerate(items) if one)


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n")


def _lines_of(text: str) -> list[str]:
    """What stands in lines of its own below the word for names."""
    found = _IN_LINES.search(text)
    return [line.strip() for line in found[1].splitlines() if line.strip()] if found else []


def class_names(text: object) -> Mapping[int, str]:
    """The names of classes by their numbers from 0, of ``data.yaml`` or a name a line."""
    if not isinstance(text, str) or is_yolo(text):
        return {}
    named = yaml_names(text)
    if named:
        return named
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return dict(enumerate(lines))


def _is_line(line: str) -> bool:
    if not _NUMBERS.fullmatch(line):
        return False
    shares = [float(word) for word in line.split()[1:]]
    is_some = len(shares) == _BOX or (len(shares) >= _LEAST_OUTLINE and len(shares) % 2 == 0)
    # a result of a model has how sure it was as the last of five
    is_some = is_some or len(shares) == _BOX + 1
    return is_some and all(-_SPARE <= share <= 1 + _SPARE for share in shares)


def _read(line: str, number: int, file: str) -> YoloLine:
    if not _is_line(line):
        raise InputError(
            f"{file}, line {number} is {shown(line)}: expected a class, and an outline or a box in "
            "shares of the picture from 0 to 1"
        )
    kind, *words = line.split()
    shares = [float(word) for word in words]
    if len(shares) in (_BOX, _BOX + 1):
        x, y, width, height = shares[:_BOX]
        left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
        shares = [left, top, right, top, right, bottom, left, bottom]
    return YoloLine(int(kind), np.array(shares, np.float64).reshape(-1, 2))


def _name_in(found: tuple[str | None, ...]) -> str:
    double, single, bare = found
    if double is not None:
        return re.sub(r"\\(.)", r"\1", double)
    return single if single is not None else (bare or "").strip()
