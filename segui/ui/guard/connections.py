"""Connections, bounded by number and by how long nothing comes: each takes a file of the process's.

Where a process may open no more files, nobody is answered, no picture is written, and what is
imported for the first time fails. uvicorn takes any number of connections, and waits without an end
for a request that does not come, or whose body does not.
"""

import asyncio
import math
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import h11
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from segui.ui.guard.clients import EVERY_PROXY, client_of
from segui.ui.guard.pieces import Pieces
from segui.ui.guard.refusals import Refusal, refuse

_MOST_FILES: Final = 16_384
_OF_A_SYSTEM_WITHOUT: Final = 512  # such limits
LOOK_SECONDS: Final = 20.0
LEAST_BYTES: Final = 2_000  # of a request within that time


def open_files() -> int:
    """How many files this process may have open, once it has asked for as many as it may."""
    try:
        import resource
    except ImportError:  # Windows
        return _OF_A_SYSTEM_WITHOUT
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if _shown(soft) < _shown(hard):
        with suppress(ValueError, OSError):  # macOS has a limit that it does not tell
            resource.setrlimit(resource.RLIMIT_NOFILE, (_shown(hard), hard))
    return _shown(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _shown(limit: int) -> int:
    """A limit without those that are too large to be meant, or none."""
    return limit if 0 <= limit <= _MOST_FILES else _MOST_FILES


@dataclass
class Open:
    """What each client has open at the moment.

    Args:
        most_of_one: Of one client.
        most: Of all together.
    """

    most_of_one: int
    most: float = math.inf
    _counted: Counter[str] = field(default_factory=Counter)

    def enter(self, client: str, *, is_one: bool = True) -> bool:
        """Count one more, where there is room for it; whether there was.

        Args:
            client: Whose it is.
            is_one: Whether that is one client, not a proxy of many.
        """
        has_room = not is_one or self._counted[client] < self.most_of_one
        if not has_room or self._counted.total() >= self.most:
            return False
        self._counted[client] += 1
        return True

    def leave(self, client: str) -> None:
        """Count one less."""
        self._counted[client] -= 1
        if self._counted[client] <= 0:
            del self._counted[client]


class Requests:
    """Refuses the requests of a client that has many open: a stream is, as long as it is heard.

    It tells those apart that come through a proxy, whose connections are of many clients.

    Args:
        app: Who answers.
        room: Counts the requests.
        proxies: See ``clients.client_of``.
    """

    def __init__(self, app: ASGIApp, room: Open, proxies: tuple[str, ...] = ()) -> None:
        self._app = app
        self._room = room
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request as long as it is open."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = client_of(scope, self._proxies)
        if not self._room.enter(client):
            most = self._room.most_of_one
            sentence = f"{most} requests of yours are open: no more of one client are taken at once"
            await refuse(Refusal(429, sentence, retry_seconds=1), scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._room.leave(client)


class Bounded(H11Protocol):  # uvicorn's, that is there without its other one's package
    """Ends a connection for which there is no room, and one on which a request comes too slowly."""

    conn: Pieces
    room: Open
    proxies: tuple[str, ...] = ()
    look_seconds = LOOK_SECONDS
    _is_counted = False
    _come = 0
    _watch: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn = Pieces(h11.SERVER, self.conn._max_incomplete_event_size)  # noqa: SLF001  as set

    def connection_made(self, transport: Any) -> None:
        """Begin, where there is room for one more."""
        super().connection_made(transport)
        # nothing here is asked by a web socket, whose protocol would take this one's place
        self.ws_protocol_class = None
        peer = str((self.client or ("",))[0])
        # of an address alone, whatever a header will say
        self._peer = client_of({"client": (peer,), "headers": []})
        is_one = EVERY_PROXY not in self.proxies and peer not in self.proxies
        self._is_counted = self.room.enter(self._peer, is_one=is_one)
        if self._is_counted:
            self._watch_out()
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read what has come."""
        if self._is_counted:
            self._come += len(data)
            super().data_received(data)
            self._watch_out()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, or comes in crumbs; once an answer has begun, without a word."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        super().send_400_response(self.conn.sentence if self.conn.are_too_small else msg)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._watch_out()  # the next request may have come in part

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave room for another one."""
        super().connection_lost(exc)
        if self._watch is not None:
            self._watch.cancel()
        if self._is_counted:
            self._is_counted = False
            self.room.leave(self._peer)

    def _is_awaited(self) -> bool:
        """Whether it is the client's turn; between two requests uvicorn itself ends it."""
        if self.cycle is None:
            return True
        if self.cycle.response_complete:
            return self.timeout_keep_alive_task is None
        return bool(self.cycle.more_body)

    def _watch_out(self) -> None:
        if self._watch is None and self._is_awaited() and not self.transport.is_closing():
            self._come = 0
            self._watch = self.loop.call_later(self.look_seconds, self._look)

    def _look(self) -> None:
        self._watch = None
        # what is not read because the server is behind is not the client's doing
        if not self._is_awaited() or self._come >= LEAST_BYTES or self.flow.read_paused:
            self._watch_out()
        else:
            self.transport.abort()


def bounded(room: Open, proxies: tuple[str, ...] = ()) -> type[Bounded]:
    """The protocol of a server's connections.

    Args:
        room: Counts them.
        proxies: See ``clients.client_of``: theirs are of many clients.
    """
    return type("BoundedHere", (Bounded,), {"room": room, "proxies": proxies})


@contextmanager
def bound_from_the_first(most_of_one: int, proxies: tuple[str, ...]) -> Iterator[None]:
    """Have the server that Gradio begins meanwhile bound its connections before it listens.

    Gradio makes its server itself, hands it out when visitors may be there already, and takes no
    other one: so for as long as it launches, it is given a kind of its own server.

    Args:
        most_of_one: Of one client; fewer where the process may have few files open.
        proxies: See ``clients.client_of``.
    """
    from gradio import http_server as gradios

    http_server: Any = gradios
    usual: Any = http_server.Server

    async def startup(self: Any, sockets: list[socket.socket] | None = None) -> None:
        bound_connections(self.config, most_of_one, proxies)
        await usual.startup(self, sockets)

    http_server.Server = type("BoundServer", (usual,), {"startup": startup})
    try:
        yield
    finally:
        http_server.Server = usual


def bound_connections(
    config: Any, most_of_one: int, proxies: tuple[str, ...], files: Callable[[], int] = open_files
) -> None:
    """Bound those of a server; half of the files are left for everything else.

    Args:
        config: uvicorn's, loaded.
        most_of_one: Of one client; fewer where the process may have few files open.
        proxies: See ``clients.client_of``.
        files: How many files may be open.
    """
    most = files() // 2
    room = Open(max(1, min(most_of_one, most // 2)), most)
    # asked for with each connection that comes
    config.http_protocol_class = bounded(room, proxies)
