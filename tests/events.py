"""The page's own events, sent to a server without a browser."""

from typing import Any

import httpx


def send(client: httpx.Client, session: str, event: str, data: object = None) -> dict[str, Any]:
    """What the server tells a page after an event; the arguments are those of ``post``."""
    answer = post(client, session, event, data)
    assert answer.status_code == 200, answer.text
    message: dict[str, Any] = answer.json()["data"][0]
    return message


def post(client: httpx.Client, session: str, event: str, data: object = None) -> httpx.Response:
    """What the server answers to an event.

    Args:
        client: Of the server.
        session: The page's session.
        event: Its name; the first event of that name is sent.
        data: What comes with it.
    """
    found = client.get("/config").json()["dependencies"]
    asked = next(
        one
        for one in found
        if one["backend_fn"] and any(name == event for _, name in one["targets"])
    )
    call = {
        "fn_index": asked["id"],
        "data": [None for _ in asked["inputs"]],
        "session_hash": session,
        "event_data": data,
    }
    return client.post("/gradio_api/run/predict", json=call)
