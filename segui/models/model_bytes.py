"""How many bytes a model may have: all of it, and those of its files that are read whole.

What is read of JSON takes some twenty times the file's size in memory: of one file of 150 MB it was
3.6 GB. The limits are far above what models have: a config of a few kB, with 21,000 labels 1 MB; a
header of weights of 1 MB for 10,000 tensors; a million words of a tokenizer 60 MB.
"""

import shutil
from pathlib import Path
from typing import Final

from segui.errors import ClassifierError

MB: Final = 10**6
JSON_MB: Final = 10
TOKENIZER_MB: Final = 80

# What says how texts are read; older repos have the last two in place of the first.
TOKENIZER_FILES: Final = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
)


def rounded_mb(size: int) -> str:
    """A size in bytes, rounded up, so that what is over a limit never reads as the limit.

    >>> rounded_mb(1_234_000_001)
    '1,235 MB'
    """
    return f"{-(-size // MB):,} MB"


def check_size(name: str, max_mb: float | None, size: int) -> None:
    """See that all of a model's files together are no larger than is allowed.

    Args:
        name: What the user calls the model.
        max_mb: Most MB (a million bytes); None is no limit.
        size: Their bytes.

    Raises:
        ClassifierError: They are.
    """
    if max_mb is not None and size > max_mb * MB:
        raise ClassifierError(
            f"{name!r} is {rounded_mb(size)}: at most {max_mb:,.10g} MB are allowed"
            " (SEGUI_MAX_MODEL_MB)"
        )


def check_room(name: str, size: int, cache: Path) -> None:
    """See that what is not here yet has room on the disk.

    Args:
        name: What the user calls the model.
        size: The bytes that are to come.
        cache: The folder that they come to; it need not be there yet.

    Raises:
        ClassifierError: It has not.
    """
    there = next(folder for folder in (cache, *cache.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if size > free:
        raise ClassifierError(
            f"{name!r} needs {rounded_mb(size)} on the disk: {free // MB:,} MB are free"
        )


def check_read_whole(name: str, part: str, size: int) -> None:
    """See that a part of a model is small enough to be read whole.

    Args:
        name: What the user calls the model.
        part: Its file's name, or words for a part of one.
        size: Its bytes.

    Raises:
        ClassifierError: It is larger than what is read.

    >>> check_read_whole("org/faces", "config.json", 10_000_000)
    """
    most = TOKENIZER_MB if part in TOKENIZER_FILES else JSON_MB
    if size > most * MB:
        raise ClassifierError(
            f"{name!r} cannot be used: its {part} is {rounded_mb(size)}, at most {most} MB are read"
        )


def check_file(path: Path, name: str) -> None:
    """See that a file, if it is there, is small enough to be read whole.

    Raises:
        ClassifierError: It is larger than what is read.
    """
    if path.is_file():
        check_read_whole(name, path.name, path.stat().st_size)
