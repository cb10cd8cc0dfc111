"""What is said of single mask files: options that hold for one of several."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from segui.errors import InputError, shown
from segui.json_reading import read_json
from segui.masks.reading import MaskKind
from segui.masks.sizes.fitting import Turn
from segui.masks.sizes.padding import Padding

Own = Mapping[str, Mapping[str, Any]]

_WHERE: Final = "each_mask"
_MOST_CHARACTERS: Final = 20_000
_FLAGS: Final = ("invert", "scale")
_WORDS: Final = {
    "mask_kind": get_args(MaskKind),
    "turn_masks": get_args(Turn),
    "padded_masks": get_args(Padding),
}
_KNOWN: Final = ("mask_kind", "invert", "scale", "turn_masks", "leave_out", "padded_masks")


def read_each(text: str) -> Own:
    """The options of single files, by a file's name or its place from 1.

    Args:
        text: A JSON object such as ``{"sky.png": {"invert": true}}``, or nothing.

    Raises:
        InputError: It is something else.
    """
    if not text.strip():
        return {}
    value = read_json(text, _WHERE, max_bytes=_MOST_CHARACTERS)
    if not isinstance(value, dict):
        raise InputError(f"{_WHERE} is {shown(value)}: expected an object of options by file")
    return {file: _options_of(file, options) for file, options in value.items()}


def key_of(name: str, place: int, names: Mapping[str, int]) -> str:
    """What a file is called here: by its name, or by its place where another one has that name.

    Args:
        name: The file's.
        place: From 1.
        names: How often each name occurs.
    """
    return name if names.get(name, 0) < 2 else str(place)


def with_own(text: str, file: str, option: str, change: Callable[[Any], Any]) -> str:
    """The text with one option of one file changed.

    Args:
        text: What ``read_each`` takes.
        file: The file, as ``key_of`` calls it.
        option: One of its options.
        change: Gives the new value for the one that the file has of its own, or None.
    """
    every = {name: dict(options) for name, options in read_each(text).items()}
    own = every.setdefault(file, {})
    own[option] = change(own.get(option))
    return json.dumps(every, ensure_ascii=False)


def _options_of(file: str, options: Any) -> Mapping[str, Any]:
    if not isinstance(options, dict):
        raise InputError(
            f"{_WHERE} has {shown(options)} for {shown(file)}: expected an object of options"
        )
    for name, value in options.items():
        where = f"{name} of {shown(file)} in {_WHERE} is {shown(value)}"
        if name not in _KNOWN:
            raise InputError(f"{_WHERE} has the option {shown(name)}: expected {', '.join(_KNOWN)}")
        if name in _FLAGS and not isinstance(value, bool):
            raise InputError(f"{where}: expected true or false")
        if name in _WORDS and value not in _WORDS[name]:
            raise InputError(f"{where}: expected {', '.join(_WORDS[name])}")
        if name == "leave_out" and not isinstance(value, str):
            raise InputError(f"{where}: expected a text")
    return options
