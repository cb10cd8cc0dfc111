"""What goes wrong within Gradio by what was sent, and is no fault of the server's."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segui.errors import shown
from segui.session.working import NO_MEMORY
from segui.ui.guard.refusals import Refusal, answer_of, refuse
from segui.ui.guard.taking import NotTakenError

_LONG_WORD: Final = re.compile(r"\S{81,}")
_NO_THREAD: Final = "can't start new thread"  # for whose stack there is no memory


class Faults:
    """Answers what there is no memory for, an upload that is not taken, a lost session's stream.

    Args:
        app: Who answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except NotTakenError as error:
            await refuse(error.refusal, scope, receive, send)
        except RuntimeError as error:
            if not has_begun and _NO_THREAD in str(error):  # nothing was begun: it may come again
                await refuse(Refusal(503, NO_MEMORY), scope, receive, send)
                return
            if not (has_begun and isinstance(error.__cause__, HTTPException)):
                raise
            # the stream itself has said so before it was broken off
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def unread(request: Request, error: Exception) -> Response:
    """The answer to a body that is not what its address takes: Gradio's own sends all of it back.

    Args:
        request: What was asked.
        error: What was found wrong with it.
    """
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return answer_of(Refusal(422, sentence_of(found)), request.scope)


async def refused_by_gradio(request: Request, error: Exception) -> Response:
    """The answer to what Gradio refuses, with what it quotes of a request cut at 80 characters.

    Args:
        request: What was asked.
        error: Gradio's refusal.
    """
    if not isinstance(error, HTTPException):
        raise error
    detail = _LONG_WORD.sub(lambda word: f"{word[0][:80]}...", str(error.detail))
    cut = HTTPException(error.status_code, detail, error.headers)
    return await http_exception_handler(request, cut)


def sentence_of(found: Sequence[Mapping[str, Any]]) -> str:
    """What is wrong with a body, in one sentence; the first that was found.

    >>> sentence_of([{"loc": ("body", "data"), "msg": "Input should be a list", "input": "x"}])
    "data is 'x': Input should be a list"
    """
    first = found[0] if found else {}
    loc, message = first.get("loc", ()), str(first.get("msg", ""))
    if first.get("type") == "json_invalid" or len(loc) < 2:
        return f"the body cannot be read: {message}"
    name = ".".join(str(part) for part in loc[1:])
    if first.get("type") == "missing":
        return f"{name} is missing"
    return f"{name} is {shown(first.get('input'))}: {message}"
