"""How a request is refused: a status, a sentence, and one line in the log."""

import logging
from dataclasses import dataclass

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from segui.errors import shown

_LOG = logging.getLogger("segui")


@dataclass(frozen=True)
class Refusal:
    """Why a request is not passed on.

    Args:
        status: The answer's, from 400 on.
        sentence: For whoever sent it; what it quotes is short.
        retry_seconds: After which it would be passed on; 0 where it never would.
        is_noted: Whether the log is told; of a flood, one line is enough.
    """

    status: int
    sentence: str
    retry_seconds: int = 0
    is_noted: bool = True


async def refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with a refusal, as Gradio words its own, and note it."""
    await answer_of(refusal, scope)(scope, receive, send)


def answer_of(refusal: Refusal, scope: Scope) -> JSONResponse:
    """The answer to a request that is refused; the refusal is noted."""
    if refusal.is_noted:
        _LOG.warning(
            "refused %s %s with %d: %r",
            scope.get("method", ""),
            shown(scope.get("path", "")),
            refusal.status,
            refusal.sentence,
        )
    headers = {"retry-after": str(refusal.retry_seconds)} if refusal.retry_seconds else None
    # Gradio's script shows a page's visitor what is under "error", and programs look at "detail"
    said = {"detail": refusal.sentence, "error": refusal.sentence}
    return JSONResponse(said, refusal.status, headers)
