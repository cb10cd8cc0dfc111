import json
import uuid

import pytest

from segui.ui.guard.refusals import Refusal
from segui.ui.guard.sessions import fields_refusal, session_in_address, session_in_body
from tests.ui.guard.programs import ask, health, post

EXPECTED = "expected 1 to 64 letters and digits"
ODD = [
    ("", f"session_hash is '': {EXPECTED}"),
    ("a b", f"session_hash is 'a b': {EXPECTED}"),
    ("word\n", f"session_hash is 'word\\n': {EXPECTED}"),
    ("../etc", f"session_hash is '../etc': {EXPECTED}"),
    ("é", f"session_hash is 'é': {EXPECTED}"),
    ("x" * 65, f"session_hash is '{'x' * 60}...': {EXPECTED}"),
    (0, f"session_hash is 0: {EXPECTED}"),
    (False, f"session_hash is False: {EXPECTED}"),
    ([], f"session_hash is a list: {EXPECTED}"),
    ({"a": 1}, f"session_hash is an object: {EXPECTED}"),
]
JOINED = ["queue/join", "call/composite", "call/segments/", "run/predict", "cancel"]


@pytest.mark.parametrize(("name", "sentence"), ODD)
@pytest.mark.parametrize("path", JOINED)
def test_a_session_that_is_no_short_word_is_refused(path, name, sentence):
    body = {"data": [], "session_hash": name}
    assert session_in_body(f"/gradio_api/{path}", body) == Refusal(400, sentence)


@pytest.mark.parametrize("name", ["a", "k3j9x0q7v1a", str(uuid.UUID(int=7)), "x" * 64])
@pytest.mark.parametrize("path", JOINED)
def test_what_browsers_and_programs_call_a_session_is_taken(path, name):
    assert session_in_body(f"/gradio_api/{path}", {"session_hash": name}) is None


@pytest.mark.parametrize("body", [{"data": []}, {"session_hash": None}])
def test_a_session_is_missed_where_gradio_needs_one(body):
    refusal = Refusal(400, f"session_hash is missing: {EXPECTED}")
    assert session_in_body("/gradio_api/queue/join", body) == refusal
    assert session_in_body("/gradio_api/cancel/", body) == refusal
    assert session_in_body("/gradio_api/call/composite", body) is None


@pytest.mark.parametrize("body", [None, [], "session_hash", 5])
def test_what_is_no_object_is_left_to_gradio(body):
    assert session_in_body("/gradio_api/queue/join", body) is None


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("heartbeat/a b", "", "'a b'"),
        ("heartbeat/", "", "''"),
        ("heartbeat/a/b", "", "'a/b'"),
        ("queue/data", "session_hash=", "''"),
        ("queue/data", "session_hash=ok&session_hash=%0a", "'\\n'"),
    ],
)
def test_a_session_in_an_address_is_looked_at_too(path, query, name):
    refusal = Refusal(400, f"session_hash is {name}: {EXPECTED}")
    assert session_in_address(f"/gradio_api/{path}", query) == refusal


def test_addresses_without_a_session_and_with_a_usual_one_pass():
    assert session_in_address("/gradio_api/heartbeat/k3j9x0q7v1a", "") is None
    assert session_in_address("/gradio_api/queue/data", "session_hash=k3j9x0q7v1a") is None
    assert session_in_address("/", "session_hash=") is None


@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/data", "/gradio_api/upload_progress"])
def test_an_address_with_more_fields_than_any_has_is_refused(app, path):
    before = len(app.log)
    answer = ask(app, "GET", f"{path}?{'x=1&' * 150}")
    assert answer.status == 400
    sentence = "the address has 151 fields: expected at most 100"
    assert json.loads(answer.text)["detail"] == sentence
    assert "Traceback" not in app.log[before:]


def test_a_hundred_fields_pass_and_no_more():
    assert fields_refusal("&".join(["x=1"] * 100)) is None
    sentence = "the address has 101 fields: expected at most 100"
    assert fields_refusal("&".join(["x=1"] * 101)) == Refusal(400, sentence)
    assert fields_refusal("") is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("queue/join", ""),
        ("queue/join", "no word"),
        ("queue/join", None),
        ("call/composite", ""),
        ("call/composite", ["no word"]),
    ],
)
def test_odd_sessions_leave_the_queue_to_the_others(app, path, name):
    body = {"data": [None], "fn_index": 0, "session_hash": name}
    refused = {post(app, path, body).status for _ in range(6)}
    assert refused == {400}
    assert json.loads(health(app).text) == {"ok": True}
    event = json.loads(post(app, "call/segments", {"data": [None]}).text)["event_id"]
    answer = ask(app, "GET", f"/gradio_api/call/segments/{event}").text
    assert "event: error" in answer
    assert "image is None: expected an uploaded file" in answer


def test_a_refusal_is_one_line_of_the_log(app):
    before = len(app.log.splitlines())
    post(app, "call/composite", {"data": [], "session_hash": "line\nbreak"})
    (line,) = app.log.splitlines()[before:]
    assert "refused POST '/gradio_api/call/composite' with 400" in line
