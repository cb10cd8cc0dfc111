"""Which pages may read an answer (CORS): this server's own, and those of names that are allowed.

Gradio lets pages of every port of this machine read what it answers, in the name of whoever sits
before the browser.
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segui.ui.guard.called import Called
from segui.ui.guard.origins import Names, origin_refusal

_SHARES: Final = "access-control-"


class Unshared:
    """Takes from answers to other pages what would let them be read.

    Args:
        app: Who answers.
        names: What the server may be called.
    """

    def __init__(self, app: ASGIApp, names: Names) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http" or not self._is_of_another(scope):
            await self._app(scope, receive, send)
            return

        async def unshared(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in [name for name in headers if name.startswith(_SHARES)]:
                    del headers[name]
            await send(message)

        await self._app(scope, receive, unshared)

    def _is_of_another(self, scope: Scope) -> bool:
        # whoever may send may read
        return origin_refusal("POST", Headers(scope=scope), self._names) is not None


class SharesWithItself:
    """Puts ``Unshared`` and ``Called`` around the whole app when it starts.

    What Gradio adds to answers stands outside of all middleware that it is given.

    Args:
        app: Who answers.
        names: What the server may be called.
        proxies: See ``Called``.
    """

    def __init__(self, app: ASGIApp, names: Names, proxies: tuple[str, ...] = ()) -> None:
        self._app = app
        self._names = names
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the server's start; requests are passed on."""
        if scope["type"] == "lifespan":
            whole = scope["app"]
            unshared = Unshared(whole.middleware_stack, self._names)
            whole.middleware_stack = Called(unshared, self._names, self._proxies)
        await self._app(scope, receive, send)
