"""Legends: which number or colour of a label map has which name, of text or JSON of any form."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from segui.errors import InputError
from segui.masks.legends.colour_cells import colours_by_name, fields_of_fractions, fractions_of
from segui.masks.legends.list_marks import table_lines
from segui.masks.legends.name_blocks import blocks_of
from segui.masks.legends.written_colours import colour_called, colour_of
from segui.masks.reading import MOST_LABELS

_MOST_LINES: Final = 3 * MOST_LABELS  # comments and blank lines among them
_MOST_LINE: Final = 2000
_MOST_NAME: Final = 200
_MOST_COLOUR: Final = 80  # characters
_MOST_NUMBER: Final = 2**31 - 1
_DEPTH: Final = 4
# what files call their fields, by what they mean here
_NAME_FIELDS: Final = (
    "display_name", "name", "label", "title", "class", "class_name", "classname", "category",
    "label_name", "category_name", "text", "description",
)  # fmt: skip
_NUMBER_FIELDS: Final = (
    "value", "pixel", "pixel_value", "number", "id", "index", "idx", "class_id", "label_id",
    "category_id", "classid", "gray", "grey", "code",
)  # fmt: skip
_COLOUR_FIELDS: Final = ("color", "colour", "rgb", "hex", "color_rgb", "color_hex", "rgb_color")
_CHANNELS: Final = (("r", "g", "b"), ("red", "green", "blue"))
_WRAPPERS: Final = (
    "id2label", "label2id", "legend", "labels", "classes", "categories", "names", "class_names",
    "label_map", "labelmap", "colormap", "color_map", "palette", "items", "entries",
    "segments_info",
)  # fmt: skip
_NOTHING: Final = frozenset({
    "background", "_background_", "__background__", "bg", "unlabeled", "unlabelled", "void",
    "none", "nothing",
})  # fmt: skip
_IGNORED: Final = "__ignore__"
_WHOLE: Final = re.compile(r"\d{1,10}")
# as a table of numbers that are not all whole, or have a gap, saves those that are
_AS_REAL: Final = re.compile(r"(\d{1,10})[.,]0+")
_QUOTES: Final = "\"'\u201c\u201d\u201e\u2018\u2019\u201a"
_DECIMAL: Final = re.compile(r"-?\d+\.\d*|-\d+")
# as YAML and Python write a list of names, after a count of them or none
_LIST: Final = re.compile(
    r"(?:#.*? )?(?:nc\s*:\s*\d+ )?\w*\s*[:=]?\s*[\[(]([^\[\]()]*)[\])]", re.IGNORECASE
)
_IN_LIST: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^,\"'\s][^,]*)")
_DELIMITERS: Final = ("\t", ";", "|", ":", "=", ",")  # each one before those that names may have


@dataclass(frozen=True)
class Legend:
    """Names by number and by colour.

    Args:
        by_number: Names of label values.
        by_colour: Names of colours, each 0xRRGGBB.
        note: What it was taken for, if that is not plain.
    """

    by_number: Mapping[int, str] = field(default_factory=dict)
    by_colour: Mapping[int, str] = field(default_factory=dict)
    note: str = ""

    def __len__(self) -> int:
        """How many names it has."""
        return max(len(self.by_number), len(self.by_colour))

    def name_of(self, value: int, colour: int | None) -> str | None:
        """What a label is called, by its number or else by its colour; None where it is not."""
        named = self.by_number.get(value)
        return self.by_colour.get(colour) if named is None and colour is not None else named


@dataclass(frozen=True)
class _Entry:
    name: str
    number: int | None = None
    colour: int | None = None


def legend_of_json(value: Any, file: str) -> Legend | None:
    """The legend that parsed JSON holds, at its top or under a word such as "labels".

    Objects of names by numbers or colours, or the other way round; lists of names, of pairs, and
    of objects with a name and a number or a colour.

    Args:
        value: What ``json.loads`` gave.
        file: What messages call it.

    Returns:
        None where it holds none.

    Raises:
        InputError: It has more names than a mask has labels.
    """
    inner = _unwrapped(value)
    if isinstance(inner, list) and inner and all(isinstance(item, str) for item in inner):
        return _listed(inner, file)
    pairs: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(inner, dict):
        pairs = iter(inner.items())
    elif isinstance(inner, list):
        pairs = (item if _is_pair(item) else (None, item) for item in inner)
    known = list(pairs)
    entries = [_entry_of_pair(key, item) for key, item in known]
    return _legend(entries, file) if any(entries) else _by_colour_names(known, file)


def legend_of_text(text: str, file: str, *, lines_are_names: bool = True) -> Legend | None:
    """The legend that lines of text are: a CSV with or without a header, ``1: car``, or names.

    Args:
        text: The text.
        file: What messages call it.
        lines_are_names: Whether lines without numbers and colours are names, one for each number.

    Returns:
        None where it holds none.

    Raises:
        InputError: It has more lines or names than a legend.
    """
    if text.count("\n") > _MOST_LINES:
        raise InputError(f"{file} has more than {_MOST_LINES} lines: it is no legend")
    joined = " ".join(line.strip() for line in text.splitlines() if line.strip())
    if found := _LIST.fullmatch(joined):
        return _listed(_names_in(found[1]), file) if lines_are_names else None
    if max((len(line.strip()) for line in text.splitlines()), default=0) > _MOST_LINE:
        return None
    if blocks := blocks_of(text):
        return _legend([_entry_of_fields(block) for block in blocks], file)
    lines = table_lines(text)
    if not lines:
        return None
    ways = [_rows(lines, delimiter) for delimiter in (*_DELIMITERS, None)]
    best = max(ways, key=lambda entries: sum(entry is not None for entry in entries))
    if not any(best):
        pairs = (mark for mark in (*_DELIMITERS, None) if len(_cells(lines[:1], mark)[0]) == 2)
        tables = (_cells(lines, mark) for mark in pairs)
        called = (_by_colour_names(table, file) for table in tables)
        if (legend := next(filter(None, called), None)) is not None:
            return legend
    if any(best):
        return _legend(best, file)
    return _listed(lines, file) if lines_are_names else None


def _legend(entries: Sequence[_Entry | None], file: str) -> Legend | None:
    """A legend of entries, unless most of what was read is none; the first of a key counts."""
    found = [entry for entry in entries if entry is not None]
    if not found or 2 * len(found) < len(entries):
        return None
    _check_count(len(found), file)
    first = found[::-1]
    return Legend(
        {entry.number: entry.name for entry in first if entry.number is not None},
        {entry.colour: entry.name for entry in first if entry.colour is not None},
    )


def _listed(names: Sequence[str], file: str) -> Legend | None:
    """Names of numbers that rise by one, from 0 where the first one means nothing, else from 1."""
    _check_count(len(names), file)
    clean = [_clean(name) for name in names]
    if not all(clean):
        return None
    first = {True: 0, clean[0] == _IGNORED: -1}.get(True, 1) if _is_nothing(clean[0]) else 1
    numbered = {number: name for number, name in enumerate(clean, first) if number > 0}
    return Legend(numbered, note=f"its names are counted from {first}") if numbered else None


def _names_in(items: str) -> list[str]:
    """The names between brackets, with quotes or without."""
    return [next(filter(None, found), "").strip() for found in _IN_LIST.findall(items)]


def _is_nothing(name: str) -> bool:
    return name.casefold() in _NOTHING or name == _IGNORED


def _check_count(count: int, file: str) -> None:
    if count > MOST_LABELS:
        raise InputError(f"{file} has {count} names: a mask has at most {MOST_LABELS} labels")


# ---- JSON ---------------------------------------------------------------------------------------


def _unwrapped(value: Any) -> Any:
    for _ in range(_DEPTH):
        if not isinstance(value, dict):
            return value
        known = {str(key).casefold(): item for key, item in value.items()}
        inner = (known[word] for word in _WRAPPERS if isinstance(known.get(word), dict | list))
        found = next(inner, None)
        if found is None:
            return value
        value = found
    return value


def _is_pair(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 2


def _entry_of_pair(key: Any, value: Any) -> _Entry | None:
    if isinstance(value, dict):
        return _entry_of_fields(value, key)
    if isinstance(key, str | int) and isinstance(value, str):
        for text, name in ((key, value), (value, key)):
            number, colour = _number(text), _colour(text)
            if (number is not None or colour is not None) and _clean(name):
                # "123456" is a number where names stand beside it, and a colour with a "#"
                return _Entry(_clean(name), number, colour if number is None else None)
        return None
    number, colour = _number(value), _colour(value)
    if not isinstance(key, str) or not _clean(key) or (number is None and colour is None):
        return None
    return _Entry(_clean(key), number, colour)


def _entry_of_fields(fields: Mapping[Any, Any], key: Any = None) -> _Entry | None:
    """An entry of an object or of a row with a header; ``key`` is what it stands under."""
    known = {str(name).strip().casefold(): value for name, value in fields.items()}
    names = (known[name] for name in _NAME_FIELDS if isinstance(known.get(name), str))
    name = next((clean for text in names if (clean := _clean(text))), "")
    numbers = (_real_number(known[name]) for name in _NUMBER_FIELDS if name in known)
    number = next((found for found in numbers if found is not None), None)
    colours = [_colour_or_called(known[name]) for name in _COLOUR_FIELDS if name in known]
    colours += [
        _colour([_number(known[channel]) for channel in channels])
        for channels in _CHANNELS
        if all(channel in known for channel in channels)
    ]
    colour = next((found for found in colours if found is not None), None)
    if key is not None:
        number = _number(key) if number is None else number
        name = name or (_clean(key) if isinstance(key, str) else "")
    return None if not name or (number is None and colour is None) else _Entry(name, number, colour)


# ---- lines --------------------------------------------------------------------------------------


def _rows(lines: Sequence[str], delimiter: str | None) -> list[_Entry | None]:
    """Each line as an entry, split at a mark; None is white space."""
    cells = _cells(lines, delimiter)
    header = [cell.casefold() for cell in cells[0]] if cells else []
    if len(set(header) & {*_NAME_FIELDS}) and all(_key(cell) is None for cell in header):
        rows = fields_of_fractions([dict(zip(header, row, strict=False)) for row in cells[1:]])
        named = [_entry_of_fields(row) for row in rows]
        if any(named):
            return named
    runs = fractions_of(cells)
    if not runs:
        return [_entry_of_cells(row) for row in cells]
    return [
        _entry_of_cells(row) if run is None else _entry_of_cells(run.rest, run.colour)
        for row, run in zip(cells, runs, strict=True)
    ]


def _cells(lines: Sequence[str], delimiter: str | None) -> list[list[str]]:
    """Each line's cells, split at a mark; None is white space."""
    if delimiter is None:
        cells = [_words(line) for line in lines]
    else:
        try:
            cells = list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
        except csv.Error:
            return [[] for _ in lines]
    return [[cell.strip() for cell in row] for row in cells]


def _by_colour_names(rows: Sequence[Sequence[Any]], file: str) -> Legend | None:
    """A legend by colours that are called by their names; None where they are none."""
    pairs = colours_by_name(rows, _COLOUR_FIELDS)
    legend = _legend([_Entry(_clean(one), None, code) for one, code in pairs if _clean(one)], file)
    return None if legend is None else replace(legend, note="its colours are read by their names")


def _words(line: str) -> list[str]:
    """White space's words, with those of a name together."""
    words: list[str] = []
    for word in re.findall(r'"[^"]*"|\S+', line):
        is_text = _key(word) is None and not _is_real(word)
        if is_text and words and _key(words[-1]) is None and not _is_real(words[-1]):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def _key(cell: str) -> int | None:
    number = _number(cell)
    return _colour(cell) if number is None else number


def _entry_of_cells(cells: Sequence[str], colour: int | None = None) -> _Entry | None:
    """An entry of a row without a header: what each cell is, its form says."""
    numbers: list[int] = []
    name, place = "", 0
    for cell in cells:
        number, own_colour = _number(cell), _colour(cell)
        if number is not None:
            numbers.append(number)
        elif own_colour is not None:
            colour = own_colour if colour is None else colour
        elif not name and not _is_real(cell) and (clean := _clean(cell)):
            name, place = clean, len(numbers)
    if not numbers and colour is None:
        numbers = [found for cell in cells if (found := _real_number(cell)) is not None][:1]
    number, rest = _number_and_channels(numbers, place)
    if colour is None and len(rest) >= 3:
        colour = _colour(rest[:3])
    if not name or (number is None and colour is None):
        return None
    return _Entry(name, number, colour)


def _number_and_channels(numbers: list[int], place: int) -> tuple[int | None, list[int]]:
    """A label's number and what may be its colour, of the whole numbers of a row.

    Args:
        numbers: All of them.
        place: How many stand before the name.
    """
    if len(numbers) < 3:
        return (numbers[0] if numbers else None), []
    is_colour_alone = len(numbers) == 3 or (len(numbers) == 4 and place == 0)
    return (None, numbers) if is_colour_alone else (numbers[0], numbers[1:])


# ---- values -------------------------------------------------------------------------------------


def _colour(value: Any) -> int | None:
    if isinstance(value, str) and len(value) > _MOST_COLOUR:
        return None
    return colour_of(value.strip().strip(_QUOTES) if isinstance(value, str) else value)


def _colour_or_called(value: Any) -> int | None:
    """The same, or by its name, where it is known that it is a colour."""
    called = colour_called(value) if isinstance(value, str) else ()
    return called[0] if called else _colour(value)


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip().strip(_QUOTES)
        value = int(text) if _WHOLE.fullmatch(text) else None
    if isinstance(value, int | float) and 0 <= value <= _MOST_NUMBER and value == int(value):
        return int(value)
    return None


def _is_real(text: str) -> bool:
    return bool(_DECIMAL.fullmatch(text) or _AS_REAL.fullmatch(text))


def _real_number(value: Any) -> int | None:
    """The same, also of text such as "1.0"."""
    found = _AS_REAL.fullmatch(value.strip()) if isinstance(value, str) else None
    return _number(found[1] if found else value)


def _clean(text: Any) -> str:
    """A name that can be shown, short."""
    shown = str(text).strip().strip(_QUOTES).strip()
    return "".join(each for each in shown if each.isprintable())[:_MOST_NAME]
