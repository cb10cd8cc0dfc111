"""An upload that cannot be stored, said in a sentence where Gradio has none; or that broke off."""

from contextlib import suppress

from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segui.errors import StorageError
from segui.storing import storing

_UPLOAD = "/gradio_api/upload"
_FULL = 507  # insufficient storage


def storage_middleware() -> Middleware:
    """What looks at the uploads, for ``app_kwargs`` of ``launch``."""
    return Middleware(StoredOrSaid)


class StoredOrSaid:
    """Answers an upload for which there is no room with the sentence that says so.

    One whose client is gone before it came whole is answered nothing, and is no error.

    Args:
        app: Who answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        if not scope.get("path", "").rstrip("/").endswith(_UPLOAD):
            await self._app(scope, receive, send)
            return
        is_answered = False

        async def sending(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        try:
            with storing(), suppress(ClientDisconnect):
                await self._app(scope, receive, sending)
        except StorageError as error:
            if is_answered:
                raise
            await JSONResponse({"detail": str(error)}, _FULL)(scope, receive, send)
