"""Headers of every answer: what a browser may do with it."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none at all a page's own posts would have no origin
}
# Gradio makes functions of the scripts that it is given, and writes its styles into the page
_POLICY: Final = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
# a Space is a frame of the hub's page
_ON_SPACE: Final = {
    "connect-src": " https://huggingface.co https://*.hf.space",
    "frame-ancestors": " https://huggingface.co https://*.hf.space",
}


def content_policy(*, on_space: bool) -> str:
    """The Content-Security-Policy of a page.

    Args:
        on_space: Whether it is shown within the hub's page.
    """
    added = _ON_SPACE if on_space else {}
    return "; ".join(f"{name} {sources}{added.get(name, '')}" for name, sources in _POLICY.items())


class SafeHeaders:
    """Adds the headers to every answer, and the policy to pages.

    Args:
        app: Who answers.
        policy: The Content-Security-Policy.
    """

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, with_headers)

    def _add(self, headers: MutableHeaders) -> None:
        headers.update(_ALWAYS)
        if headers.get("content-type", "").startswith("text/html"):
            headers["Content-Security-Policy"] = self._policy
