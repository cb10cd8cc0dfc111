"""Colours in a legend's rows that each row alone does not show: fractions of one, and names."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from segui.masks.legends.written_colours import colour_called, of_channels

_NUMBER: Final = re.compile(r"\d{1,9}(?:\.\d{0,17})?|\.\d{1,17}")
_CHANNELS: Final = (("r", "g", "b"), ("red", "green", "blue"))


class Run(NamedTuple):
    """The cells of a row that are a colour, and what else the row has.

    Args:
        channels: Red, green and blue.
        rest: The other cells, an opacity not among them.
        has_point: Whether one of the channels is written with a point.
    """

    channels: tuple[float, float, float]
    rest: tuple[str, ...]
    has_point: bool

    @property
    def colour(self) -> int | None:
        """0xRRGGBB, the channels from 0 to 1."""
        return of_channels(self.channels, 255)


def fractions_of(rows: Sequence[Sequence[str]]) -> list[Run | None]:
    """Each row's colour where a table has them from 0 to 1; empty where it has no such colours.

    ``0, 0, 1`` is blue where the rows beside it have points, and nearly black where they have none.

    >>> [run.colour for run in fractions_of([["car", "0.5", "0", "0"], ["sky", "0", "0", "1"]])]
    [8388608, 255]
    >>> fractions_of([["car", "255", "0", "0"], ["sky", "0", "0", "1"]])
    []
    """
    runs = [_run_of(row) for row in rows]
    found = [run for run in runs if run is not None]
    is_of_one = all(max(run.channels) <= 1 for run in found)
    return runs if is_of_one and any(run.has_point for run in found) else []


def fields_of_fractions(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Rows with a header, their channels from 0 to 255 where the table has them from 0 to 1."""
    header = rows[0] if rows else {}
    names = next((names for names in _CHANNELS if all(name in header for name in names)), ())
    cells = [row.get(name, "") for row in rows for name in names]
    is_of_one = all(_NUMBER.fullmatch(cell) and float(cell) <= 1 for cell in cells)
    if not is_of_one or not any("." in cell for cell in cells):
        return [{**row} for row in rows]
    return [
        {
            name: str(round(255 * float(cell))) if name in names else cell
            for name, cell in row.items()
        }
        for row in rows
    ]


def colours_by_name(rows: Sequence[Sequence[Any]], heads: Collection[str]) -> list[tuple[str, int]]:
    """Names and colours of rows of two texts, of which all on one side are called as colours are.

    Args:
        rows: The cells of each.
        heads: What a row calls a colour's column where it is a header, in lower case.

    Returns:
        Empty where the rows are none such: all on both sides may be colours.

    >>> colours_by_name([["car", "red"], ["sky", "blue"]], [])
    [('car', 16711680), ('sky', 255)]
    """
    if rows and any(str(cell).casefold() in heads for cell in rows[0]):
        rows = rows[1:]
    if len(rows) < 2 or not all(map(_is_pair_of_texts, rows)):
        return []
    sides = [[colour_called(row[side]) for row in rows] for side in (0, 1)]
    if all(sides[0]) == all(sides[1]):
        return []
    side = 0 if all(sides[0]) else 1
    return [
        (str(row[1 - side]), code)
        for row, codes in zip(rows, sides[side], strict=True)
        for code in codes
    ]


def _is_pair_of_texts(row: Sequence[Any]) -> bool:
    return len(row) == 2 and all(isinstance(cell, str) and cell.strip() for cell in row)


def _run_of(cells: Sequence[str]) -> Run | None:
    """The last three or four numbers of a row that stand side by side."""
    end = len(cells)
    while end and not _NUMBER.fullmatch(cells[end - 1]):
        end -= 1
    first = end
    while first and _NUMBER.fullmatch(cells[first - 1]):
        first -= 1
    run = cells[first:end]
    if len(run) not in (3, 4):
        return None
    # of four, a whole one before others is the label's own number, else the last is an opacity
    is_numbered = len(run) == 4 and run[0].isdecimal() and "." in "".join(run[1:3])
    channels = run[1:] if is_numbered else run[:3]
    rest = (*cells[:first], *run[: int(is_numbered)], *cells[end:])
    red, green, blue = map(float, channels)
    return Run((red, green, blue), rest, "." in "".join(channels))
