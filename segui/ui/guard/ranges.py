"""Parts of a file that a client asks for: the rest of one whose download broke off, and no other.

Gradio answers a part that has an end with all headers of the request as the answer's own, and fails
at several parts. Whoever is asked for a part may give the whole.
"""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_REST: Final = re.compile(r"bytes=[0-9]{1,15}-")
_RANGE: Final = b"range"


class Ranges:
    """Passes on what is asked without the parts that nobody is given.

    Args:
        app: Who answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        if scope["type"] == "http":
            said = Headers(scope=scope).getlist("range")
            if said and (len(said) > 1 or not _REST.fullmatch(said[0])):
                headers = [pair for pair in scope["headers"] if pair[0] != _RANGE]
                scope = {**scope, "headers": headers}
        await self._app(scope, receive, send)
