"""Which pages are there: each holds a connection as long as it is open, Gradio's heartbeat."""

import re
from collections.abc import Callable
from typing import Any

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

_PATH = re.compile(r"/gradio_api/heartbeat/([^/]+)/?$")
_HEARD_BY = "segui_heartbeats"
Beat = Callable[[str], Callable[[], None]]


def tell_heartbeats(page: Any, beat: Beat) -> None:
    """Have a page's heartbeats told.

    Args:
        page: The Blocks.
        beat: Told each session's key, and gives what is called when its connection has ended.
    """
    setattr(page, _HEARD_BY, beat)


def heartbeats_middleware() -> Middleware:
    """What listens for them, for ``app_kwargs`` of ``launch``."""
    return Middleware(Heartbeats)


class Heartbeats:
    """Tells of each heartbeat's connection.

    Args:
        app: Who answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        found = _PATH.search(scope.get("path", "")) if scope["type"] == "http" else None
        beat = None if found is None else getattr(scope["app"].get_blocks(), _HEARD_BY, None)
        if found is None or beat is None:
            await self._app(scope, receive, send)
            return
        ended = beat(found[1])
        try:
            await self._app(scope, receive, send)
        finally:
            ended()
