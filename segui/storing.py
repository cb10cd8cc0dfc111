"""Writing files for others: each has its name only when it is whole, or a sentence says why not."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from segui.errors import StorageError

_LOG = logging.getLogger("segui")
FULL: Final = (
    "The server's disk is full: nothing can be stored there now. "
    "What you gave before is as it was; try again in a while."
)
CLOSED: Final = (
    "The server's folder for files cannot be written: nothing can be stored there now. "
    "What you gave before is as it was; try again in a while."
)
_SENTENCES: Final = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,  # a limit on the process's files
    errno.EROFS: CLOSED,
    errno.EACCES: CLOSED,
    errno.EPERM: CLOSED,
}


@contextmanager
def storing() -> Iterator[None]:
    """What is done here stores something: where the system refuses it, that is a sentence.

    Raises:
        StorageError: The disk is full, or may not be written.
    """
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        sentence = _SENTENCES.get(error.errno or 0)
        if sentence is None:
            raise
        _LOG.error("a file could not be written: %s", error)
        raise StorageError(sentence) from error


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to write to; what lies there takes its name once all of it was written.

    Args:
        path: The file, replaced when it exists; left as it was where the writing fails.

    Raises:
        StorageError: The disk is full, or may not be written.
    """
    part = path.with_name(f"{token_hex(8)}.part")
    with storing():
        try:
            yield part
            part.replace(path)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def store(path: Path, data: bytes) -> None:
    """Write a file, all of it or none.

    Raises:
        StorageError: The disk is full, or may not be written.
    """
    with whole(path) as part:
        part.write_bytes(data)
