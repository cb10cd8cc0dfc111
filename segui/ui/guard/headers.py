"""Headers of every answer: what a browser may do with it.

A page's own scripts stand within it. Each is named by its hash, so that none runs that somebody
has brought into the page later on.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none at all a page's own posts would have no origin
}
_SCRIPT: Final = re.compile(rb"<script\b([^>]*)>(.*?)</script\b", re.DOTALL | re.IGNORECASE)
_HEAD: Final = b"<head>"
_OF_A_FILE: Final = re.compile(rb"\bsrc\s*=", re.IGNORECASE)
# Gradio makes functions of the texts that events and pieces of HTML are given as their scripts,
# which takes unsafe-eval, and writes its styles into the page
_POLICY: Final = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-eval'",
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


def content_policy(*, on_space: bool, scripts: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of a page.

    Args:
        on_space: Whether it is shown within the hub's page.
        scripts: Hashes of the scripts that stand within it, as ``hashes_of`` gives them.
    """
    added = _ON_SPACE if on_space else {}
    of_scripts = "".join(f" {each}" for each in scripts)
    policy = {**_POLICY, "script-src": _POLICY["script-src"] + of_scripts}
    return "; ".join(f"{name} {sources}{added.get(name, '')}" for name, sources in policy.items())


def hashes_of(page: bytes) -> Iterator[str]:
    """What a policy calls the scripts that stand within a page, each once, in their order.

    Args:
        page: Its HTML.

    >>> [*hashes_of(b"<script>let x = 1</script><script src='x.js'></script>")]
    ["'sha256-+9RIDzvx0TGl4PMcwUdjIf3oi5QYiuHS1C+f52uNBBc='"]
    """
    within = (found[2] for found in _SCRIPT.finditer(page) if not _OF_A_FILE.search(found[1]))
    return (hash_of(text) for text in dict.fromkeys(within))


def hash_of(script: bytes) -> str:
    """What a policy calls a script by its text."""
    # a browser reads each end of a line as one character
    text = script.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode('ascii')}'"


class SafeHeaders:
    """Adds the headers to every answer, and to pages the policy and a script before all others.

    Args:
        app: Who answers.
        on_space: Whether the page is shown within the hub's.
        added: Texts of scripts that Gradio adds to a page once it is there.
        first: Text of the script that runs before Gradio's own; none where it is empty.
    """

    def __init__(
        self, app: ASGIApp, *, on_space: bool, added: Iterable[str] = (), first: str = ""
    ) -> None:
        self._app = app
        self._on_space = on_space
        self._added = tuple(hash_of(text.encode()) for text in added)
        self._head = f"<head><script>{first}</script>".encode() if first else _HEAD

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on; a page is held until all of it is known."""
        held: list[Message] = []

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                if headers.get("content-type", "").startswith("text/html"):
                    held.append(message)
                    return
            if not held:
                await send(message)
                return
            held.append(message)
            if not message.get("more_body"):
                for each in self._finished(held):
                    await send(each)
                held.clear()

        await self._app(scope, receive, with_headers)

    def _finished(self, held: list[Message]) -> tuple[Message, Message]:
        start, *parts = held
        came = b"".join(part.get("body", b"") for part in parts)
        page = came.replace(_HEAD, self._head, 1)
        policy = content_policy(on_space=self._on_space, scripts=(*hashes_of(page), *self._added))
        headers = MutableHeaders(scope=start)
        headers["Content-Security-Policy"] = policy
        if "content-length" in headers and came:  # an answer to HEAD has no page, and its length
            headers["Content-Length"] = str(len(page))
        return start, {"type": "http.response.body", "body": page}
