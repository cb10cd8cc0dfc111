"""How large the files of a model may be that are read whole.

What is read of JSON takes some twenty times the file's size in memory: of one file of 150 MB it was
3.6 GB. The limits are far above what models have: a config of a few kB, with 21,000 labels 1 MB; a
header of weights of 1 MB for 10,000 tensors; a million words of a tokenizer 60 MB.
"""

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
