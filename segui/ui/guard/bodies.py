"""Bodies of requests, bounded, read whole and looked at before they are passed on.

Gradio reads and parses a body of any size on the loop that answers everybody.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segui.amounts import allowed, rounded_up
from segui.session.paintings import MAX_BYTES as PAINTING_BYTES
from segui.ui.guard.refusals import Refusal, refuse
from segui.ui.guard.shapes import marks_refusal

Check = Callable[[Scope, Any], Refusal | None]
MB: Final = 2**20
TOOLS_BYTES: Final = 4 * MB  # files come within a tool's call; the package mcp reads no more
# base64 takes four characters for three bytes
_PAINTED_CHARACTERS: Final = PAINTING_BYTES // 3 * 4 + 100
_PAINTED: Final = re.compile(rb'"data:image/png;base64,[A-Za-z0-9+/=]*"')
_EVENTS: Final = re.compile(r"/gradio_api/run/predict/?$")
_TOOLS: Final = re.compile(r"/gradio_api/mcp(/|$)")


class GoneError(Exception):
    """Whoever sent a body has gone in the middle of it."""


class TooLargeError(Exception):
    """A body has more bytes than are read."""


@dataclass(frozen=True)
class Limit:
    """How large a body may be.

    Args:
        most: Bytes without a painting.
        painted: Bytes of one painted mask within it: a text, which takes no time to parse.
    """

    most: int
    painted: int = 0

    def refusal(self, size: int | None) -> Refusal:
        """Why a body is not taken.

        Args:
            size: Its bytes; None where it was not read to its end.
        """
        most = f"{allowed(self.most / MB)} MB"
        found = f"more than {most}" if size is None else f"{rounded_up(size / MB)} MB"
        files = "files are uploaded to /gradio_api/upload and named here"
        return Refusal(413, f"this request has {found}: at most {most} are read; {files}")


class Bodies:
    """Passes on what is not too large and no check refuses.

    Args:
        app: Who answers.
        most: Bytes of a body.
        most_marks: See ``shapes.marks_refusal``.
        checks: Each is given the scope and the body as JSON describes it, None where it is none.
    """

    def __init__(self, app: ASGIApp, most: int, most_marks: int, checks: Sequence[Check]) -> None:
        self._app = app
        self._most = most
        self._most_marks = most_marks
        self._checks = checks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        if not has_body(scope):
            await self._app(scope, receive, send)
            return
        limit = limit_of(scope["path"], self._most)
        try:
            body = await read_body(receive, limit.most + limit.painted, length_of(scope))
        except GoneError:
            return
        except TooLargeError:
            await refuse(limit.refusal(length_of(scope)), scope, receive, send)
            return
        refusal = self._refusal(limit, scope, body)
        if refusal:
            await refuse(refusal, scope, receive, send)
            return
        await self._app(scope, giving(body, receive), send)

    def _refusal(self, limit: Limit, scope: Scope, body: bytes) -> Refusal | None:
        if len(body) - painting_size(body) * bool(limit.painted) > limit.most:
            return limit.refusal(len(body))
        crowded = marks_refusal(body, self._most_marks)
        if crowded:
            return crowded
        said = parsed(body)
        return next((found for check in self._checks if (found := check(scope, said))), None)


def has_body(scope: Scope) -> bool:
    """Whether a request comes with a body that is read whole; uploads are read as they come."""
    return (
        scope["type"] == "http"
        and scope["method"] not in ("GET", "HEAD", "OPTIONS")
        and not is_upload(scope["path"])
    )


def is_upload(path: str) -> bool:
    """Whether a request to this address brings files."""
    return path.rstrip("/").endswith("/gradio_api/upload")


def parsed(body: bytes) -> Any:
    """A body as JSON describes it; None where it cannot be read, which Gradio says itself."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def limit_of(path: str, most: int) -> Limit:
    """How large the body of a request may be.

    Args:
        path: What is asked.
        most: Bytes of a usual one.
    """
    if _TOOLS.search(path):
        return Limit(max(most, TOOLS_BYTES))
    return Limit(most, _PAINTED_CHARACTERS if _EVENTS.search(path) else 0)


def painting_size(body: bytes) -> int:
    """How many bytes of a body are a painted mask.

    >>> painting_size(b'{"mask": "data:image/png;base64,AAAA"}')
    28
    """
    found = _PAINTED.search(body)
    return len(found[0]) if found else 0


async def read_body(receive: Receive, most: float = math.inf, length: int | None = None) -> bytes:
    """A whole body.

    Args:
        receive: Gives it as it comes.
        most: How many bytes are read.
        length: How many bytes are to come, where that was said.

    Raises:
        GoneError: It never comes to its end.
        TooLargeError: It has more bytes, or will have.
    """
    parts, size = [], 0
    if length is not None and length > most:
        raise TooLargeError
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise TooLargeError
        if not message.get("more_body"):
            return b"".join(parts)


def length_of(scope: Scope) -> int | None:
    """How many bytes of a body are to come; None where that was not said."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said) if said.isdigit() else None


def giving(body: bytes, receive: Receive) -> Receive:
    """What gives a body that was read already, and then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return messages.pop() if messages else await receive()

    return give
