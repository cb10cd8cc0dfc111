"""How much room there is for uploads: all files of all sessions lie on one disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from anyio.to_thread import run_sync

from segui.amounts import allowed
from segui.storing import Room
from segui.ui.guard.bodies import MB
from segui.ui.guard.refusals import Refusal

_RETRY_SECONDS: Final = 60  # files go by their age, and with their sessions


@dataclass
class Coming:
    """An upload that is on its way.

    Args:
        size: Its bytes that are not on the disk yet.
        of_all: What it is a part of.
    """

    size: int
    of_all: Room

    def add(self, size: int) -> None:
        """Some have come; one that said nothing of its size may have more."""
        self.size = max(0, self.size - size)
        self.of_all.add(size)


@dataclass
class DiskRoom:
    """What uploads may take of the disk, beside all that sessions keep and make.

    Args:
        of_all: All that is written to it.
    """

    of_all: Room
    _coming: list[Coming] = field(default_factory=list)

    @contextmanager
    def kept_for(self, size: int) -> Iterator[Coming]:
        """Keep room for an upload while it comes.

        Args:
            size: Its bytes, or the most that it may have.
        """
        coming = Coming(size, self.of_all)
        self._coming.append(coming)
        try:
            yield coming
        finally:
            self._coming = [other for other in self._coming if other is not coming]

    async def refusal(self) -> Refusal | None:
        """Why what comes is not taken; None where there is room for all of it."""
        used, most = await run_sync(self.of_all.used), self.of_all.most
        if used + sum(coming.size for coming in self._coming) <= most:
            return None
        sentence = (
            f"there is no room for this upload: the files of all visitors have {used / MB:.1f} MB, "
            f"and at most {allowed(most / MB)} MB are kept; give it once more in some minutes"
        )
        return Refusal(507, sentence, retry_seconds=_RETRY_SECONDS)
