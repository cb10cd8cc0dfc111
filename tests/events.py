"""The page's own events, sent to a server without a browser."""

import socket
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.app_server import AppServer


def send(
    client: httpx.Client, session: str, event: str, data: object = None, *, of: str = ""
) -> dict[str, Any]:
    """What the server tells a page after an event; the arguments are those of ``post``."""
    answer = post(client, session, event, data, of=of)
    assert answer.status_code == 200, answer.text
    message: dict[str, Any] = answer.json()["data"][0]
    return message


def post(
    client: httpx.Client, session: str, event: str, data: object = None, *, of: str = ""
) -> httpx.Response:
    """What the server answers to an event.

    Args:
        client: Of the server.
        session: The page's session.
        event: Its name; the first event of that name is sent.
        data: What comes with it.
        of: The id of the element that it is of, where that is to be said.
    """
    config = client.get("/config").json()
    ids = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
    asked = next(
        one
        for one in config["dependencies"]
        for target, name in one["targets"]
        if one["backend_fn"] and name == event and of in ("", ids.get(target))
    )
    call = {
        "fn_index": asked["id"],
        "data": [None for _ in asked["inputs"]],
        "session_hash": session,
        "event_data": data,
    }
    return client.post("/gradio_api/run/predict", json=call)


def begin_upload(app: AppServer, size: int) -> socket.socket:
    """Begin to upload a file of 5 MB: its head and that many bytes of it; the caller breaks off."""
    where = urlsplit(app.url)
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: {where.netloc}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    )
    upload = socket.create_connection((where.hostname, where.port))
    upload.sendall(head.encode() + bytes(size))
    return upload
