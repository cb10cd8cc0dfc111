"""An address for whoever watches the server: ``GET /health``."""

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PATH: Final = "/health"


class Health:
    """Answers 200 and ``{"ok": true}``, or 503 and why nothing would be worked on.

    Args:
        app: Who answers everything else.
        trouble: What is wrong with the app of a request; empty where nothing is.
    """

    def __init__(self, app: ASGIApp, trouble: Callable[[Scope], str]) -> None:
        self._app = app
        self._trouble = trouble

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope.get("path") != PATH or scope.get("method") not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        why = self._trouble(scope)
        answer = {"ok": False, "why": why} if why else {"ok": True}
        await JSONResponse(answer, 503 if why else 200)(scope, receive, send)


def queue_of(scope: Scope) -> Any:
    """The queue of the app that is asked."""
    return scope["app"].get_blocks()._queue  # noqa: SLF001  Gradio gives it no other name


def queue_trouble(scope: Scope) -> str:
    """What is wrong with the queue of the app that is asked."""
    return str(getattr(queue_of(scope), "trouble", ""))
