"""How much each client has uploaded lately: one is to leave room on the disk for the others."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.types import Scope

from segui.amounts import allowed, rounded_up
from segui.ui.guard.bodies import MB
from segui.ui.guard.clients import client_of
from segui.ui.guard.refusals import Refusal

_PARTS: Final = 10  # of the time that is looked back, each of which is counted as one
_MOST_CLIENTS: Final = 10_000  # that are counted at once


@dataclass
class UploadShares:
    """What each client has uploaded within the time that uploads are kept.

    Args:
        most: Most bytes of one client.
        seconds: How long an upload is kept.
        proxies: See ``client_of``.
        now: The time in seconds.
    """

    most: float
    seconds: float
    proxies: tuple[str, ...] = ()
    now: Callable[[], float] = time.monotonic
    _sizes: dict[str, dict[int, int]] = field(default_factory=dict)

    def add(self, scope: Scope, size: int) -> None:
        """Count bytes that have come.

        Args:
            scope: The request's that brings them.
            size: How many.
        """
        client, part = client_of(scope, self.proxies), self._part()
        sizes = self._lately(self._sizes.pop(client, {}))
        self._sizes[client] = {
            **sizes,
            part: sizes.get(part, 0) + size,
        }  # who came last stands last
        if len(self._sizes) > _MOST_CLIENTS:
            del self._sizes[next(iter(self._sizes))]

    def refusal_of_one(self, size: int, *, is_whole: bool) -> Refusal | None:
        """Why an upload is never taken, however long it is waited; None where it may be.

        Args:
            size: Its bytes, as far as they are known.
            is_whole: Whether that is all of it.
        """
        if size <= self.most:
            return None
        most = f"{allowed(self.most / MB)} MB"
        found = f"{rounded_up(size / MB)} MB" if is_whole else f"more than {most}"
        within = f"{self.seconds:g} s"
        sentence = f"this upload has {found}: at most {most} are taken from one client in {within}"
        return Refusal(413, sentence)

    def refusal(self, scope: Scope, size: int) -> Refusal | None:
        """Why more bytes are not taken; None where they are.

        Args:
            scope: The request's that brings them.
            size: How many.
        """
        sizes = self._lately(self._sizes.get(client_of(scope, self.proxies), {}))
        if sum(sizes.values()) + size <= self.most:
            return None
        oldest = min(sizes, default=self._part())
        wait = max(1, round((oldest + _PARTS + 1) * self._part_seconds - self.now()))
        sentence = (
            f"{allowed(self.most / MB)} MB are taken from one client within {self.seconds:g} s: "
            f"go on in {wait} s"
        )
        return Refusal(429, sentence, retry_seconds=wait)

    @property
    def _part_seconds(self) -> float:
        return self.seconds / _PARTS

    def _part(self) -> int:
        return int(self.now() // self._part_seconds)

    def _lately(self, sizes: dict[int, int]) -> dict[int, int]:
        since = self._part() - _PARTS
        return {part: size for part, size in sizes.items() if part >= since}
