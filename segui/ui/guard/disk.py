"""How much room there is for uploads: all files of all sessions lie on one disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from anyio.to_thread import run_sync

from segui.amounts import allowed
from segui.ui.guard.bodies import MB
from segui.ui.guard.refusals import Refusal

_RETRY_SECONDS: Final = 60  # files go by their age, and with their sessions


@dataclass
class Coming:
    """An upload that is on its way.

    Args:
        size: Its bytes that are not on the disk yet.
    """

    size: int

    def add(self, size: int) -> None:
        """Some have come; one that said nothing of its size may have more."""
        self.size = max(0, self.size - size)


@dataclass
class DiskRoom:
    """What uploads may take of the disk, beside all that sessions keep and make.

    Args:
        folder: Below which all of it lies.
        most: Most bytes of it.
    """

    folder: Path
    most: float
    _coming: list[Coming] = field(default_factory=list)

    @contextmanager
    def kept_for(self, size: int) -> Iterator[Coming]:
        """Keep room for an upload while it comes.

        Args:
            size: Its bytes, or the most that it may have.
        """
        coming = Coming(size)
        self._coming.append(coming)
        try:
            yield coming
        finally:
            self._coming = [other for other in self._coming if other is not coming]

    async def refusal(self) -> Refusal | None:
        """Why what comes is not taken; None where there is room for all of it."""
        used = await run_sync(bytes_below, self.folder)
        if used + sum(coming.size for coming in self._coming) <= self.most:
            return None
        sentence = (
            f"there is no room for this upload: the files of all visitors have {used / MB:.1f} MB, "
            f"and at most {allowed(self.most / MB)} MB are kept; give it once more in some minutes"
        )
        return Refusal(507, sentence, retry_seconds=_RETRY_SECONDS)


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
