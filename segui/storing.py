"""Writing files for others: each has its name only when it is whole, or a sentence says why not."""

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Final

from segui.amounts import allowed, rounded_up
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
_MB: Final = 2**20


class Room:
    """What all files below a folder may have together.

    They are counted anew only when there would be no room left by what was written since: that
    takes longer than to write a small file.

    Args:
        folder: Below which they lie.
        most: Most bytes of them.
    """

    def __init__(self, folder: Path, most: float) -> None:
        self.folder = folder
        self.most = most
        self._counted: float = float("inf")
        self._added = 0
        self._lock = Lock()

    def add(self, size: int) -> None:
        """So many bytes were written by now."""
        with self._lock:
            self._added += size

    def used(self) -> int:
        """The bytes that there are."""
        with self._lock:
            before = self._added
        used = bytes_below(self.folder)
        with self._lock:  # what came meanwhile may have been counted, or not
            self._counted, self._added = used, max(0, self._added - before)
        return used

    def check(self) -> None:
        """Refuse to write more where there is no room left.

        Raises:
            StorageError: There is none.
        """
        with self._lock:
            is_known = self._counted + self._added <= self.most
        if is_known or (used := self.used()) <= self.most:
            return
        raise StorageError(
            f"The files of all visitors have {rounded_up(used / _MB)} MB, and at most "
            f"{allowed(self.most / _MB)} MB are kept: nothing can be stored now. "
            "What you gave before is as it was; try again in some minutes."
        )


_rooms: dict[Path, Room] = {}


def limit(folder: Path, most: float) -> Room:
    """Have what is written below a folder refused from now on once there is too much of it.

    Args:
        folder: All of whose files count.
        most: Most bytes of them.
    """
    room = _rooms[folder.resolve()] = Room(folder, most)
    return room


def bytes_below(folder: Path) -> int:
    """The bytes of all files below a folder; one that has several names counts once.

    Args:
        folder: Whose files may go while they are counted.
    """
    sizes: dict[tuple[int, int], int] = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                known = Path(parent, name).lstat()
                sizes[known.st_dev, known.st_ino] = known.st_size
    return sum(sizes.values())


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
        StorageError: The disk is full, or may not be written; or there is no room below the folder
            that was limited.
    """
    part = path.with_name(f"{token_hex(8)}.part")
    rooms = _rooms_of(path)
    _check(rooms)
    with storing():
        try:
            yield part
            size = part.stat().st_size
            for room in rooms:
                room.add(size)
            _check(rooms)
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


def _rooms_of(path: Path) -> list[Room]:
    parents = path.resolve().parents if _rooms else ()
    return [_rooms[parent] for parent in parents if parent in _rooms]


def _check(rooms: list[Room]) -> None:
    for room in rooms:
        room.check()
