"""Bodies of requests, read whole and looked at before they are passed on."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segui.ui.guard.refusals import Refusal, refuse

Check = Callable[[str, Any], Refusal | None]


class GoneError(Exception):
    """Whoever sent a body has gone in the middle of it."""


class Bodies:
    """Passes on what no check refuses.

    Args:
        app: Who answers.
        checks: Each is given the path and the body as JSON describes it, None where it is none.
    """

    def __init__(self, app: ASGIApp, checks: Sequence[Check]) -> None:
        self._app = app
        self._checks = checks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        if not has_body(scope):
            await self._app(scope, receive, send)
            return
        try:
            body = await read_body(receive)
        except GoneError:
            return
        refusal = self._refusal(scope["path"], body)
        if refusal:
            await refuse(refusal, scope, receive, send)
            return
        await self._app(scope, giving(body, receive), send)

    def _refusal(self, path: str, body: bytes) -> Refusal | None:
        said = parsed(body)
        return next((found for check in self._checks if (found := check(path, said))), None)


def has_body(scope: Scope) -> bool:
    """Whether a request comes with a body that is read whole; uploads are read as they come."""
    return (
        scope["type"] == "http"
        and scope["method"] not in ("GET", "HEAD", "OPTIONS")
        and not scope["path"].rstrip("/").endswith("/gradio_api/upload")
    )


def parsed(body: bytes) -> Any:
    """A body as JSON describes it; None where it cannot be read, which Gradio says itself."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


async def read_body(receive: Receive) -> bytes:
    """A whole body.

    Raises:
        GoneError: It never comes to its end.
    """
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def giving(body: bytes, receive: Receive) -> Receive:
    """What gives a body that was read already, and then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return messages.pop() if messages else await receive()

    return give
