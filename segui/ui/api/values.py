"""Checks of what other programs send: every value is looked at, whatever its type.

Each function gives the value back as the engine takes it, or raises an ``InputError`` whose
sentence has the parameter's name, the value and what was expected.
"""

import reprlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from segui.errors import InputError

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 80


def check_whole(name: str, value: Any, least: int, most: int) -> int:
    """A whole number from ``least`` to ``most``.

    >>> check_whole("feather", 5.0, 0, 100)
    5
    >>> check_whole("alpha", 256, 0, 255)
    Traceback (most recent call last):
    ...
    segui.errors.InputError: alpha is 256: expected a whole number from 0 to 255
    """
    if not _is_number(value) or not least <= value <= most or value != int(value):
        raise InputError(
            f"{name} is {_shown(value)}: expected a whole number from {least} to {most}"
        )
    return int(value)


def check_real(name: str, value: Any, least: float, most: float) -> float:
    """A number from ``least`` to ``most``."""
    if not _is_number(value) or not least <= value <= most:
        raise InputError(f"{name} is {_shown(value)}: expected a number from {least:g} to {most:g}")
    return float(value)


def check_choice(name: str, value: Any, choices: Collection[str]) -> str:
    """One of some words.

    >>> check_choice("edge", "zzz", ("smooth", "impact"))
    Traceback (most recent call last):
    ...
    segui.errors.InputError: edge is 'zzz': expected one of 'smooth', 'impact'
    """
    if not isinstance(value, str) or value not in choices:
        expected = ", ".join(map(repr, choices))
        raise InputError(f"{name} is {_shown(value)}: expected one of {expected}")
    return value


def check_flag(name: str, value: Any) -> bool:
    """True or False, and nothing that merely counts as one of them."""
    if not isinstance(value, bool):
        raise InputError(f"{name} is {_shown(value)}: expected true or false")
    return value


def check_text(name: str, value: Any, most: int) -> str:
    """A text of at most ``most`` characters."""
    if not isinstance(value, str):
        raise InputError(f"{name} is {_shown(value)}: expected text")
    if len(value) > most:
        raise InputError(f"{name} has {len(value)} characters: at most {most} are read")
    return value


def check_upload(name: str, value: Any, folder: Path) -> Path:
    """The path of an uploaded file.

    Args:
        name: The parameter.
        value: A file as Gradio describes it: a dict with a ``path``.
        folder: Where uploads lie; a path elsewhere is no upload, and neither is a link out of it.
    """
    path = value.get("path") if isinstance(value, dict) else None
    if not isinstance(path, str):
        raise InputError(f"{name} is {_shown(value)}: expected an uploaded file")
    try:
        real = Path(path).resolve()
        there = real.is_relative_to(folder.resolve()) and real.is_file()
    except (OSError, ValueError):  # a name too long, a NUL in it
        there = False
    if not there:
        raise InputError(f"{name}: there is no such upload (any more): upload the file again")
    return real


def check_uploads(name: str, value: Any, folder: Path, most: int) -> tuple[Path, ...]:
    """The paths of a list of uploaded files; None is an empty one."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise InputError(f"{name} is {_shown(value)}: expected a list of uploaded files")
    if len(value) > most:
        raise InputError(f"{name} has {len(value)} files: at most {most} are read")
    return tuple(check_upload(f"{name}[{place}]", item, folder) for place, item in enumerate(value))


def _is_number(value: Any) -> bool:
    """Whether it is a number; not a number and the infinities fail every comparison of ranges."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """The value as Python writes it, shortened: a sentence is not for megabytes."""
    return _short.repr(value)
