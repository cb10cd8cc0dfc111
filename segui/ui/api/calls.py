"""Calls by plain HTTP, looked at before Gradio does: unknown names, and values by their order.

Gradio answers a name that it does not know with a bare "Internal Server Error", and fewer values
than there are parameters, as a program sends that was written when there were fewer, with a riddle.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from segui.options import no_such
from segui.settings import Settings
from segui.ui.api.parameters import endpoint_defaults
from segui.ui.guard.bodies import GoneError, giving, parsed, read_body

_PATH = re.compile(r"/gradio_api/call/(v2/)?(composite|segments)/?$")


def calls_middleware(settings: Settings) -> Middleware:
    """What looks at the calls, for ``app_kwargs`` of ``launch``.

    Args:
        settings: For the defaults of this server.
    """
    defaults = {
        name: endpoint_defaults(settings, has_paste=name == "composite")
        for name in ("composite", "segments")
    }
    return Middleware(CheckedCalls, defaults=defaults)


class CheckedCalls:
    """Refuses parameters that there are not, and fills up values that are sent by their order.

    Args:
        app: Who answers.
        defaults: The parameters of each endpoint, with their defaults, in order.
    """

    def __init__(self, app: ASGIApp, defaults: Mapping[str, Mapping[str, Any]]) -> None:
        self._app = app
        self._defaults = defaults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        found = _PATH.search(scope.get("path", "")) if scope.get("method") == "POST" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        try:
            body = await read_body(receive)
        except GoneError:
            return
        if found[1]:
            sentence = unknown_name(body, self._defaults[found[2]])
            if sentence:
                await JSONResponse({"detail": sentence}, 400)(scope, receive, send)
                return
        else:
            body = filled_up(body, self._defaults[found[2]])
        headers = [
            (name, str(len(body)).encode() if name == b"content-length" else value)
            for name, value in scope["headers"]
        ]
        await self._app({**scope, "headers": headers}, giving(body, receive), send)


def unknown_name(body: bytes, parameters: Mapping[str, Any]) -> str:
    """What is wrong with the names of a call; empty where nothing is, or it is no JSON object.

    >>> unknown_name(b'{"feathr": 5}', {"feather": 5})
    "there is no parameter 'feathr': did you mean 'feather'?"
    """
    said = parsed(body)
    known = [*parameters, "oauth_token"]  # which Gradio takes off by itself
    names = said if isinstance(said, dict) else {}
    wrong = next((name for name in names if name not in known), None)
    return "" if wrong is None else no_such(wrong, parameters, "parameter")


def filled_up(body: bytes, parameters: Mapping[str, Any]) -> bytes:
    """The call with the defaults of the values that it ends before.

    >>> filled_up(b'{"data": [{}, 2]}', {"image": None, "grow": 0, "edge": "smooth"})
    b'{"data": [{}, 2, "smooth"]}'
    """
    said = parsed(body)
    data = said.get("data") if isinstance(said, dict) else None
    if not isinstance(data, list) or not 0 < len(data) < len(parameters):
        return body
    return json.dumps({**said, "data": [*data, *list(parameters.values())[len(data) :]]}).encode()
