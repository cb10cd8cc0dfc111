import base64
import io
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from segui.session.paintings import read_painting
from segui.ui.guard.bodies import (
    MB,
    Bodies,
    GoneError,
    Limit,
    TooLargeError,
    limit_of,
    painting_size,
    read_body,
)
from tests.coroutines import run
from tests.ui.guard.programs import JSON, ask, post

FILES = "files are uploaded to /gradio_api/upload and named here"
TOO_LARGE = f"this request has 20 MB: at most 1 MB are read; {FILES}"
TOO_LONG = f"this request has more than 1 MB: at most 1 MB are read; {FILES}"
POSTS = ["run/predict", "queue/join", "call/composite", "call/v2/segments", "cancel", "reset"]


def giver(parts: Iterable[bytes], *, gone: bool = False) -> Any:
    """Gives a body in parts, or the beginning of one."""
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    if gone:
        messages.append({"type": "http.disconnect"})
    else:
        messages[-1]["more_body"] = False

    async def receive() -> Any:
        return messages.pop(0)

    receive.left = messages  # type: ignore[attr-defined]
    return receive


def test_a_body_is_read_whole():
    assert run(read_body(giver([b"ab", b"", b"c"]), 3)) == b"abc"


def test_one_that_says_it_is_too_large_is_not_read():
    receive = giver([b"abcd"])
    with pytest.raises(TooLargeError):
        run(read_body(receive, 3, 4))
    assert len(receive.left) == 1


def test_one_that_does_not_say_so_is_read_as_far_as_allowed():
    receive = giver([b"ab"] * 100)
    with pytest.raises(TooLargeError):
        run(read_body(receive, 3))
    assert len(receive.left) == 98


def test_one_that_breaks_off_is_passed_on_to_nobody():
    with pytest.raises(GoneError):
        run(read_body(giver([b"ab"], gone=True), 3))
    passed: list[Any] = []
    scope = {"type": "http", "method": "POST", "path": "/x", "headers": []}
    run(Bodies(passed.append, 9, 9, ())(scope, giver([b"ab"], gone=True), passed.append))
    assert passed == []


def test_what_was_painted_counts_apart_in_the_pages_own_events_alone():
    painting = b'"data:image/png;base64,' + b"A" * 1000 + b'"'
    assert painting_size(b'{"mask": ' + painting + b"}") == len(painting)
    assert painting_size(b'{"mask": "data:image/jpeg;base64,AAAA"}') == 0
    assert limit_of("/gradio_api/run/predict", 10).painted > 5_000_000
    assert limit_of("/gradio_api/queue/join", 10) == Limit(10)
    assert limit_of("/gradio_api/run/predictions", 10) == Limit(10)


def test_a_tools_call_may_have_files_in_it():
    assert limit_of("/gradio_api/mcp/", MB) == Limit(4 * MB)
    assert limit_of("/gradio_api/mcp", 9 * MB) == Limit(9 * MB)


@pytest.mark.parametrize("path", POSTS)
def test_20_mb_are_refused_before_they_are_read(app, path):
    headers = {**JSON, "Content-Length": str(20 * MB)}  # whoever reads them waits in vain
    answer = ask(app, "POST", f"/gradio_api/{path}", b"", headers)
    assert (answer.status, answer.detail) == (413, TOO_LARGE)


@pytest.mark.parametrize("path", ["run/nothing", "queue/join", "call/composite"])
def test_a_body_without_a_length_is_counted_as_it_comes(app, path):
    answer = ask(app, "POST", f"/gradio_api/{path}", [b"[" + b" " * 100_000] * 11, JSON)
    assert (answer.status, answer.detail) == (413, TOO_LONG)


@pytest.mark.parametrize("text", ["[" * 5_000_000, '"data:image/png;base64,' + "A?" * 2_500_000])
def test_nothing_but_a_painting_counts_as_one(app, text):
    answer = ask(app, "POST", "/gradio_api/run/predict", text.encode(), JSON)
    assert answer.status == 413
    assert answer.detail.startswith("this request has 4.8 MB: at most 1 MB are read")


def test_the_largest_painting_passes_and_can_be_read(app):
    noise = np.random.default_rng(0).integers(0, 256, (1024, 1024), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).convert("RGBA").save(out, "PNG")
    painted = f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
    assert len(painted) > 4_000_000
    assert read_painting(painted) is not None
    said = {"data": [], "fn_index": -1, "session_hash": "painter", "event_data": {"mask": painted}}
    assert post(app, "run/predict", said).status != 413


def test_a_large_upload_is_no_large_body(app):
    head = b'--sep\r\nContent-Disposition: form-data; name="files"; filename="a.bin"\r\n\r\n'
    body = head + bytes(3 * MB) + b"\r\n--sep--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=sep"}
    answer = ask(app, "POST", "/gradio_api/upload", body, headers)
    assert answer.status == 200
    assert json.loads(answer.text)[0].endswith("a.bin")
