"""Files of text that people give beside masks: annotations and legends, read within a limit."""

from pathlib import Path
from typing import Any, Final

from segui.amounts import allowed, rounded_up
from segui.errors import InputError
from segui.images.limits import ReadLimits
from segui.json_reading import read_json
from segui.masks.annotations.coco_file import photo_of_coco
from segui.masks.annotations.via import via_of_table
from segui.masks.legends.literals import LiteralError, is_assigned, read_literals, read_loosely

TEXT_ENDINGS: Final = frozenset(
    {".json", ".csv", ".py", ".tsv", ".txt", ".names", ".gpl", ".yaml", ".yml", ".pbtxt", ".xml"}
)
_BEGINNINGS: Final = ("{", "[{", '["', "[[", "[(")
_HEAD_BYTES: Final = 64
_MARKS_OF_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def is_text_file(path: Path) -> bool:
    """Whether a file is text by its name, or JSON by how it begins."""
    if path.suffix.lower() in TEXT_ENDINGS:
        return True
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except (OSError, ValueError):  # who reads it as a picture says what is wrong
        return False
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))


def read_text_file(path: Path, limits: ReadLimits, photo_name: str = "") -> Any:
    """What a file of text holds.

    Args:
        path: The file.
        limits: The most megabytes of it; of COCO's JSON that is larger, the most of what it says
            of the photo.
        photo_name: The photo's name.

    Returns:
        The text, or what ``json.loads`` gives where it is JSON by its name or how it begins, or a
        table of VIA's.

    Raises:
        InputError: It cannot be read, is too large, no text, or broken JSON.
    """
    try:
        size_mb = path.stat().st_size / 1e6
        if size_mb > limits.max_text_mb:
            if photo_name and path.suffix.lower() == ".json":
                return photo_of_coco(path, photo_name, limits.max_text_mb * 1e6)
            raise InputError(
                f"{path.name} has {rounded_up(size_mb)} MB: of text at most "
                f"{allowed(limits.max_text_mb)} are read"
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path.name} cannot be opened") from error
    text = _decoded(data, path.name)
    if path.suffix.lower() == ".json" or text.lstrip().startswith(_BEGINNINGS):
        return _read_json(text, path.name)
    if (pictures := via_of_table(text)) is not None:
        return pictures
    return _read_assigned(text) if is_assigned(text) else text


def _read_json(text: str, name: str) -> Any:
    try:
        return read_json(text, name, max_bytes=len(text))
    except InputError as error:
        return read_loosely(text, error)


def _read_assigned(text: str) -> Any:
    """The value that a program's line gives a name to; the text where it is no such value."""
    try:
        return read_literals(text)
    except LiteralError:
        return text


def _decoded(data: bytes, name: str) -> str:
    """UTF-8, UTF-16 by its mark, else as Windows writes western texts."""
    try:
        text = data.decode("utf-16" if data[:2] in _MARKS_OF_UTF16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        raise InputError(f"{name} is not text: expected JSON, a CSV or lines of names")
    return text
