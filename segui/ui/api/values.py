"""Checks of the files that other programs name: every value is looked at, whatever its type.

Each function gives what the engine takes, or raises an ``InputError`` whose sentence has the
parameter's name, the value and what was expected.
"""

from pathlib import Path
from typing import Any

from segui.errors import InputError, shown


def check_upload(name: str, value: Any, folder: Path) -> Path:
    """The path of an uploaded file.

    Args:
        name: The parameter.
        value: A file as Gradio describes it: a dict with a ``path``.
        folder: Where uploads lie; a path elsewhere is no upload, and neither is a link out of it.
    """
    path = value.get("path") if isinstance(value, dict) else None
    if not isinstance(path, str):
        raise InputError(f"{name} is {shown(value)}: expected an uploaded file")
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
        raise InputError(f"{name} is {shown(value)}: expected a list of uploaded files")
    if len(value) > most:
        raise InputError(f"{name} has {len(value)} files: at most {most} are read")
    return tuple(check_upload(f"{name}[{place}]", item, folder) for place, item in enumerate(value))
