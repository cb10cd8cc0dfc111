"""Bodies that nobody but an attacker sends, to every address that is open."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.app_server import AppServer
from tests.ui.guard.programs import JSON, Answer, ask

WHISPER = "whispered"  # what is sent is nobody's business
FILE = {"_type": "gradio.FileData"}
CALLS = ["call/composite", "call/segments/", "call/v2/composite", "call/v2/segments"]
EVENTS = ["queue/join", "run/predict", "api/predict", "run/composite"]
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
UNREAD: dict[str, tuple[bytes, dict[str, str]]] = {
    "nothing": (b"", JSON),
    "nothing of a form": (b"", FORM),
    "half of a form": (b"--b\r\n\r\nx", FORM),
    "a form without a boundary": (b"--b", {"Content-Type": "multipart/form-data"}),
    "no JSON": (b"{{", JSON),
    "half of it": (b'{"data": [', JSON),
    "null": (b"null", JSON),
    "a list": (b"[]", JSON),
    "a text": (b'"whispered"', JSON),
    "a number": (b"5", JSON),
    "NaN": (b"NaN", JSON),
    "no UTF-8": (b'{"data": "\xff"}', JSON),
    "a mark before it": (b"\xef\xbb\xbf{}", JSON),
    "an empty object": (b"{}", JSON),
    "too many digits": (b'{"data": [' + b"9" * 5000 + b"]}", JSON),
    "2000 deep": (b'{"data": ' + b"[" * 2000 + b"]" * 2000 + b"}", JSON),
    "51 deep": (b'{"data": ' + b"[" * 51 + b"]" * 51 + b"}", JSON),
    "compressed": (b"\x1f\x8b", {**JSON, "Content-Encoding": "gzip"}),
    "of no type": (b"{}", {}),
    "of another type": (b"a=whispered", {"Content-Type": "application/x-www-form-urlencoded"}),
    "of a made-up charset": (b"{}", {"Content-Type": "application/json; charset=none"}),
}
FILES: dict[str, Any] = {
    "address": {"path": f"http://{WHISPER}/x", "meta": FILE},
    "address in capitals": {"path": f"HTTP://{WHISPER}/x", "meta": FILE},
    "half an address": {"path": "https:/x", "meta": FILE},
    "meta 0": {"path": "UPLOAD", "meta": 0},
    "meta null": {"path": "UPLOAD", "meta": None},
    "meta of another type": {"path": "UPLOAD", "meta": {"_type": [WHISPER]}},
    "size": {"path": "UPLOAD", "meta": FILE, "size": "x"},
    "half a byte": {"path": "UPLOAD", "meta": FILE, "size": 1.5},
    "url": {"path": "UPLOAD", "meta": FILE, "url": []},
    "name": {"path": "UPLOAD", "meta": FILE, "orig_name": 0},
    "type": {"path": "UPLOAD", "meta": FILE, "mime_type": {}},
    "stream": {"path": "UPLOAD", "meta": FILE, "is_stream": "x"},
    "half a character": {"path": "\ud800", "meta": FILE},
    "a NUL": {"path": "a\0b", "meta": FILE},
}
FIELDS: dict[str, Any] = {
    "fn_index": [None, True, "0", -1, 10**30, 1.5, [WHISPER]],
    "data": [None, "x", 0, {"0": WHISPER}],
    "session_hash": ["", 0, "a b", [WHISPER]],
    "event_id": [0, [WHISPER]],
    "trigger_id": ["x", 1.5, [WHISPER]],
    "batched": ["x", [WHISPER]],
    "simple_format": ["x", None],
    "oauth_token": [0, [WHISPER]],
}


@pytest.fixture(scope="module")
def config(app: AppServer) -> Any:
    return json.loads(ask(app, "GET", "/config").text)


@pytest.fixture(scope="module")
def upload(app: AppServer) -> str:
    answer = httpx.post(f"{app.url}/gradio_api/upload", files={"files": ("a.png", b"x")})
    return str(answer.json()[0])


@pytest.fixture(autouse=True)
def _quiet(app: AppServer) -> Iterator[None]:
    """At most one line of the log for each request, and no traceback with what was sent."""
    before = len(app.log)
    yield
    time.sleep(0.02)  # what follows an answer
    # the server's own lines, of which the end may come after the others have begun
    lines = [line for line in app.log[before:].splitlines() if line and not line.startswith("* ")]
    assert "Traceback" not in "".join(lines)
    assert len(lines) <= 1


def check_refused(answer: Answer) -> None:
    """It is refused by a sentence, which says nothing of the server."""
    assert 400 <= answer.status < 500, answer
    sentence = answer.text
    if answer.headers["content-type"].startswith("application/json"):
        sentence = json.loads(answer.text)["detail"]
    assert 0 < len(sentence) < 400
    assert "/tmp" not in sentence  # noqa: S108  where tests have their folders


def sent(app: AppServer, path: str, said: Any) -> Answer:
    return ask(app, "POST", f"/gradio_api/{path}", json.dumps(said), JSON)


@pytest.mark.parametrize("path", [*CALLS, *EVENTS, "cancel", "reset", "upload"])
@pytest.mark.parametrize("name", UNREAD)
def test_what_cannot_be_read_is_refused(app, path, name):
    body, headers = UNREAD[name]
    answer = ask(app, "POST", f"/gradio_api/{path}", body, headers)
    if (path, name) == ("upload", "nothing of a form"):
        assert answer.text == "[]"
    else:
        check_refused(answer)


@pytest.mark.parametrize("path", [*CALLS, *EVENTS[:2]])
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none_is_refused(app, config, upload, path, name):
    file = {**FILES[name]}
    if file["path"] == "UPLOAD":
        file["path"] = upload
    said = {"data": [file], **wanted(config, 1)}
    if "v2" in path:
        said = {"image": None, "grow": file}
    check_refused(sent(app, path, said))


def wanted(config: Any, count: int) -> dict[str, Any]:
    """An event of the page that takes so many values."""
    of = (one for one in config["dependencies"] if one["backend_fn"] and not one["queue"])
    number = next(one["id"] for one in of if len(one["inputs"]) == count)
    return {"fn_index": number, "session_hash": "malformed"}


@pytest.mark.parametrize("path", EVENTS[:2])
@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in FIELDS.items() for value in values]
)
def test_a_field_of_another_kind_is_refused(app, config, path, field, value):
    said = {"data": [{}], **wanted(config, 1), field: value}
    check_refused(sent(app, path, said))


@pytest.mark.parametrize("path", EVENTS[:2])
@pytest.mark.parametrize("value", [10**30, -(2**70), "\ud800", ["\udfff"]], ids=repr)
def test_what_cannot_be_told_again_is_refused(app, config, path, value):
    check_refused(sent(app, path, {"data": [{"taken": value}], **wanted(config, 1)}))


@pytest.mark.parametrize("path", EVENTS[:2])
def test_what_the_browser_does_by_itself_is_no_event_here(app, config, path):
    own = next(one for one in config["dependencies"] if not one["backend_fn"])
    said = {"data": [None for _ in own["inputs"]], "fn_index": own["id"], "session_hash": "a"}
    check_refused(sent(app, path, said))
