"""Which of a program's mask files hold what was painted on others."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from segui.errors import InputError, shown
from segui.json_reading import read_json
from segui.masks.texts import is_text_file

_MOST_CHARACTERS: Final = 10_000
_EXPECTED: Final = "expected [place of a mask, place of its strokes], from 1"


def read_painting(
    text: str, files: Sequence[Path]
) -> tuple[tuple[Path, ...], tuple[Path | None, ...]]:
    """The masks, and for each of them what was painted on it.

    Args:
        text: JSON, ``[[place of a mask, place of its strokes], ...]``, places among the files,
            from 1. Empty is none.
        files: Masks and strokes together.

    Returns:
        The files that are no strokes, in their order, and as many strokes or None; no strokes at
        all where none are named.

    Raises:
        InputError: It is something else, a file is named twice, or a mask is a file of text.
    """
    if not text.strip():
        return tuple(files), ()
    said = read_json(text, "strokes", max_bytes=_MOST_CHARACTERS)
    if not isinstance(said, list):
        raise InputError(f"strokes is {shown(said)}: expected a list of lists")
    of_mask = dict(_pair(f"strokes[{at}]", item, len(files)) for at, item in enumerate(said))
    painted = [*of_mask.values()]
    if len(of_mask) < len(said) or len({*of_mask, *painted}) < 2 * len(said):
        raise InputError("strokes names a file twice: expected each one once")
    for place in of_mask:
        if is_text_file(files[place]):
            raise InputError(f"{files[place].name} is text: nothing can be painted on it")
    masks = [place for place in range(len(files)) if place not in painted]
    strokes = (files[of_mask[place]] if place in of_mask else None for place in masks)
    return tuple(files[place] for place in masks), tuple(strokes)


def _pair(where: str, item: object, count: int) -> tuple[int, int]:
    """Two places, from 0."""
    if not isinstance(item, list) or len(item) != 2:
        raise InputError(f"{where} is {shown(item)}: {_EXPECTED}")
    for place in item:
        if isinstance(place, bool) or not isinstance(place, int) or not 1 <= place <= count:
            raise InputError(
                f"{where} has the place {shown(place)}: expected a whole number from 1 to {count}"
            )
    return item[0] - 1, item[1] - 1
