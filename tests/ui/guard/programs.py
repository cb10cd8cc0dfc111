"""What any program can send to the started app, and what it gets."""

import http.client
import json
import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.app_server import AppServer

JSON = {"Content-Type": "application/json"}
START_SECONDS = 30


class Answer(NamedTuple):
    """What the server answered.

    Args:
        status: Such as 200.
        headers: By their names, in small letters.
        text: The body.
    """

    status: int
    headers: dict[str, str]
    text: str

    @property
    def detail(self) -> Any:
        """The sentence of a refusal."""
        return json.loads(self.text)["detail"]


def ask(
    app: AppServer, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> Answer:
    """Send one request as it is; a list of bytes goes in chunks, without a length."""
    connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=60)
    try:
        connection.request(method, path, body, headers or {}, encode_chunked=isinstance(body, list))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read().decode(errors="replace"))
    finally:
        connection.close()


def post(app: AppServer, path: str, said: Any, **headers: str) -> Answer:
    """Send a body as JSON."""
    return ask(app, "POST", f"/gradio_api/{path}", json.dumps(said), {**JSON, **headers})


def health(app: AppServer) -> Answer:
    """What it says of itself; a page answers a moment before its queue is started."""
    deadline = time.monotonic() + START_SECONDS
    while (answer := ask(app, "GET", "/health")).status != 200:
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    return answer
