"""What a request says of the server's own name, beside ``Host``: taken from whoever may know it.

Gradio writes into a page, and before each file's address, what ``X-Forwarded-Host`` or
``X-Gradio-Server`` of anyone names, and fails at what is no name. A cache before it would give
that to all who follow.
"""

from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from segui.ui.guard.clients import EVERY_PROXY
from segui.ui.guard.origins import Names, is_own, name_of

_HOST: Final = b"host"
_NAME: Final = b"x-forwarded-host"
_SCHEME: Final = b"x-forwarded-proto"
_GRADIOS: Final = b"x-gradio-server"  # of its server of pages, which is not used here
_SCHEMES: Final = frozenset({"http", "https"})
_Pair = tuple[bytes, bytes]


class Called:
    """Passes on what a request may say of the server's name.

    Args:
        app: Who answers.
        names: What the server may be called.
        proxies: Addresses whose word is taken for it; ``*`` is every one.
    """

    def __init__(self, app: ASGIApp, names: Names, proxies: tuple[str, ...] = ()) -> None:
        self._app = app
        self._names = names
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        if scope["type"] == "http":
            scope = {**scope, "headers": believed(scope, self._names, self._proxies)}
        await self._app(scope, receive, send)


def believed(scope: Scope, names: Names, proxies: tuple[str, ...] = ()) -> list[_Pair]:
    """The headers of a request without what it may not say; ``Host`` is always among them.

    Args:
        scope: The request's.
        names: What the server may be called.
        proxies: Addresses whose word is taken for its name; ``*`` is every one.
    """
    headers = Headers(scope=scope)
    kept = [pair for pair in scope["headers"] if pair[0] not in (_NAME, _SCHEME, _GRADIOS)]
    name = _name(_said(headers, _NAME), headers.get("host", ""), names, _trusts(scope, proxies))
    scheme = next(iter(_said(headers, _SCHEME)), "")
    if name:
        kept.append((_NAME, name.encode("latin-1")))
    if scheme in _SCHEMES:
        kept.append((_SCHEME, scheme.encode("latin-1")))
    # Gradio asks for it where a request has an origin, and fails where there is none
    return kept if "host" in headers else [(_HOST, b""), *kept]


def _trusts(scope: Scope, proxies: tuple[str, ...]) -> bool:
    peer = str((scope.get("client") or ("",))[0])
    return EVERY_PROXY in proxies or peer in proxies


def _said(headers: Headers, name: bytes) -> list[str]:
    joined = ",".join(headers.getlist(name.decode("latin-1")))
    return [part.strip() for part in joined.split(",")] if joined else []


def _name(said: Iterable[str], host: str, names: Names, is_trusted: bool) -> str:
    """By which name the server was asked; empty where nobody says it who may know it."""
    places = [place for place in said if name_of(place)]
    own = [place for place in places if is_own(place, host, names)]
    if own:
        return own[0]
    # a proxy writes behind what it was told, which may be made up
    return places[-1] if places and is_trusted else ""
