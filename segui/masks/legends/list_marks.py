"""What lists and tables of names have around their numbers, as marks between two cells."""

import re
from collections.abc import Sequence
from typing import Final

from segui.masks.legends.written_colours import begins_with_colour, without_brackets

# as in - 1: car, class 1: car, 1. car, (1) car and 1 - car
_BULLET: Final = re.compile(r"^[-*\u2022\u00b7]\s+(?=\S)")
_CALLED: Final = re.compile(
    r"^(?:class|label|category|index|value|id)\s*#?\s*(?=\d+\s*[:=.)\-])", re.IGNORECASE
)
_COUNTED: Final = re.compile(r"^(?:(\d{1,10})[.)]|[(\[](\d{1,10})[)\]])\s+(?=\D)")
_ARROW: Final = re.compile(r"\s*(?:->|=>|\u2192|\u21d2)\s*")
_DASH: Final = re.compile(
    r"(?<=\d)\s+[-\u2013\u2014]\s+(?=\D)|(?<=\D)\s+[-\u2013\u2014]\s+(?=\d+$)"
)
_IN_A_LINE: Final = re.compile(r"\s*\d{1,10}\s*[:=]\s*[^:=,;]*[^:=,;\s]\s*")
# the first line by which spreadsheets know what stands between cells
_OF_A_SPREADSHEET: Final = re.compile(r"\"?sep=.{0,3}", re.IGNORECASE)
_GIMP: Final = "GIMP Palette"
# a list's name above its lines, as YAML has it
_HEAD: Final = re.compile(r"[A-Za-z_][\w ]*:")
_FULL_WIDTH: Final = str.maketrans("\uff1a\uff1b\uff1d\uff0c\uff5c", ":;=,|")


def table_lines(text: str) -> list[str]:
    r"""The lines of a text that may name something, each with plain marks between its cells.

    Blank lines, comments and heads go. A single line of several numbers with names, "1: car, 2:
    dog", or of names alone with commas between, is as many lines.

    >>> table_lines("sep=;\n1. car\n2 - dog  \n\n# cars")
    ['1\tcar', '2\tdog']
    """
    lines = [line.strip() for line in text.translate(_FULL_WIDTH).splitlines() if line.strip()]
    if lines and _OF_A_SPREADSHEET.fullmatch(lines[0]):
        lines = lines[1:]
    if lines and lines[0] == _GIMP:
        lines = [line for line in lines[1:] if not line.startswith(("Name:", "Columns:"))]
    lines = [line for line in lines if not _is_comment(line)]
    if len(lines) > 1 and _HEAD.fullmatch(lines[0]) and all(map(_BULLET.match, lines[1:])):
        lines = lines[1:]
    if len(lines) == 1:
        lines = _parts(lines)
    return [_as_row(line) for line in lines]


def _is_comment(line: str) -> bool:
    return line.startswith(("//", "%")) or (line.startswith("#") and not begins_with_colour(line))


def _parts(lines: Sequence[str]) -> list[str]:
    parts = [part.strip() for part in re.split("[,;]", lines[0])]
    if len(parts) < 2:
        return [*lines]
    are_numbered = all(map(_IN_A_LINE.fullmatch, parts))
    are_names = all(re.fullmatch(r"[^\W\d_][^\d:=]*", part) for part in parts)
    return parts if are_numbered or are_names else [*lines]


def _as_row(line: str) -> str:
    line = _CALLED.sub("", _BULLET.sub("", line, count=1), count=1)
    line = _COUNTED.sub(lambda found: f"{found[1] or found[2]}\t", line, count=1)
    line = _DASH.sub("\t", _ARROW.sub("\t", line, count=1), count=1)
    return without_brackets(line)
