"""What a request's address and headers say, looked at before it is passed on."""

from collections.abc import Callable, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from segui.ui.guard.refusals import Refusal, refuse

Check = Callable[[Scope], Refusal | None]


class Addresses:
    """Passes on what no check refuses.

    Args:
        app: Who answers.
        checks: Each is given the scope.
    """

    def __init__(self, app: ASGIApp, checks: Sequence[Check]) -> None:
        self._app = app
        self._checks = checks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at one request."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal:
            await refuse(refusal, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Refusal | None:
        return next((found for check in self._checks if (found := check(scope))), None)
