"""Who sends a request, and how often: one client is to leave room for the others."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.types import Scope

from segui.ui.guard.refusals import Refusal

EVERY_PROXY: Final = "*"
_MINUTE: Final = 60.0
_MOST_CLIENTS: Final = 10_000  # that are counted at once
_WORK: Final = "/gradio_api/"  # what lies elsewhere are the page's own scripts and styles
_LONG: Final = "/gradio_api/heartbeat/"  # one request for as long as a page is open
_UNKNOWN: Final = "unknown"


def client_of(scope: Scope, proxies: tuple[str, ...] = ()) -> str:
    """The address of whoever sends a request; of one with IPv6, its network.

    Args:
        scope: The request's.
        proxies: Addresses whose word is taken for whom they pass on; ``*`` is every one.
    """
    peer = str((scope.get("client") or (_UNKNOWN,))[0])
    trusts_all = EVERY_PROXY in proxies
    if not trusts_all and peer not in proxies:
        return _network(peer)
    passed = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    # each proxy writes behind those before it: what stands before the last ones may be made up
    for said in (part.strip() for part in reversed(passed.split(","))):
        if said and said not in proxies and not (trusts_all and _is_inner(said)):
            return _network(said)
    return _network(peer)


def _network(address: str) -> str:
    """An IPv6 client has a whole network to choose its addresses from."""
    try:
        read = ip_address(address)
    except ValueError:
        return address[:80]
    if not isinstance(read, IPv6Address):
        return str(read)
    return str(read.ipv4_mapped or IPv6Address(int(read) >> 64 << 64))


def _is_inner(address: str) -> bool:
    """Whether an address is one of a provider's own machines, between its proxy and here."""
    try:
        return ip_address(address).is_private
    except ValueError:
        return True


@dataclass
class Rates:
    """How many requests each client has sent within its last minute.

    Args:
        most: Most requests a minute; what lies beyond is refused.
        proxies: See ``client_of``.
        now: The time in seconds.
    """

    most: int
    proxies: tuple[str, ...] = ()
    now: Callable[[], float] = time.monotonic
    _counted: dict[str, tuple[float, int]] = field(default_factory=dict)

    def __call__(self, scope: Scope) -> Refusal | None:
        """Count a request; why it is refused, where it is."""
        path = str(scope.get("path", ""))
        if not path.startswith(_WORK) or path.startswith(_LONG):
            return None
        client, now = client_of(scope, self.proxies), self.now()
        since, count = self._counted.pop(client, (now, 0))
        if now - since >= _MINUTE:
            since, count = now, 0
        self._counted[client] = since, count + 1  # the one who came last stands last
        if len(self._counted) > _MOST_CLIENTS:
            del self._counted[next(iter(self._counted))]
        if count < self.most:
            return None
        wait = max(1, round(since + _MINUTE - now))
        sentence = f"{self.most} requests a minute are taken from one client: go on in {wait} s"
        return Refusal(429, sentence, retry_seconds=wait, is_noted=count == self.most)


def calls_of(client: str, events: Iterable[Any], proxies: tuple[str, ...]) -> int:
    """How many of the queue's events are of one client."""
    return sum(client_of(event.request.scope, proxies) == client for event in events)
