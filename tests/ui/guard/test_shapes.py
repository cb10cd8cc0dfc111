import json
import time
from threading import Event, Thread

import pytest

from segui.options import default_values
from segui.ui.guard.bodies import MB
from segui.ui.guard.refusals import Refusal
from segui.ui.guard.shapes import (
    depth_refusal,
    marks_refusal,
    most_marks,
    most_values,
    values_refusal,
    writing_refusal,
)
from tests.app_server import AppServer
from tests.ui.guard.programs import JSON, ask, health

MOST = most_marks(259)
BESIDE = '"fn_index": 0, "session_hash": "crowd"}'
UNITS = ["[]", "1", "{}", '""', '{"path":"a","meta":{}}', "[[[[]]]]"]
HELD_SECONDS = 0.5  # a machine that others use; without a limit it was 0.6 to 3.5


def crowded(path: str, unit: str) -> str:
    """As many values as fit into the largest body."""
    values = ",".join([unit] * ((MB - 200) // (len(unit) + 1)))
    if path.startswith("call/v2"):
        return f'{{"image": [{values}]}}'
    return f'{{"data": [{values}], "event_data": [], {BESIDE}'


def test_more_marks_than_are_read_are_counted_and_refused():
    body = b'[{"a": 1}, [2, 3]]'
    assert marks_refusal(body, 6) is None
    sentence = "this request has 6 commas, colons and brackets: at most 5 are read"
    assert marks_refusal(body, 5) == Refusal(413, sentence)


def test_the_largest_request_of_a_page_has_half_as_many():
    name = "a, b (1, 2, 3) [4].png"
    file = {
        "path": f"/cache/{name}", "url": f"http://127.0.0.1:7860/gradio_api/file=/tmp/{name}",
        "orig_name": name, "size": 10**6, "mime_type": "image/png", "is_stream": False,
        "meta": {"_type": "gradio.FileData"},
    }  # fmt: skip
    texts = {"expression": "," * 1000, "names": ":" * 4000, "leave_out": "[" * 200}
    said = {
        "data": [{"sequence": 1, "taken": 1}, *(default_values() | texts).values()],
        "event_data": {"files": [file] * 256},
        "fn_index": 1, "session_hash": "a", "trigger_id": 2,
    }  # fmt: skip
    assert marks_refusal(json.dumps(said).encode(), MOST) is None
    assert values_refusal(said, most_values(259) * 3 // 4) is None
    assert marks_refusal(json.dumps([file] * 256).encode(), MOST // 2) is None


@pytest.mark.parametrize("nest", [lambda value: [value], lambda value: {"a": value, "b": 1}])
def test_values_that_lie_too_deep_are_refused(nest):
    value = 1
    for _ in range(50):
        value = nest(value)
    assert depth_refusal(value) is None
    sentence = "this request has values within values: at most 50 deep are read"
    assert depth_refusal(nest(value)) == Refusal(400, sentence)


def test_more_values_than_are_walked_through_are_counted_and_refused():
    said = {"a": [1, [], {}], "b": ",:[{" * 1000}
    assert values_refusal(said, 6) is None
    sentence = "this request has 6 values: at most 5 are read"
    assert values_refusal(said, 5) == Refusal(413, sentence)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("path", ["run/predict", "queue/join", "call/v2/composite"])
def test_as_many_values_as_marks_allow_are_not_passed_on(app, path, unit):
    """Gradio held its loop for 0.2 to 0.3 s at them."""
    marks = sum(unit.count(mark) for mark in ",:[{") + 1
    values = ",".join([unit] * ((MOST - 60) // marks))
    body = f'{{"data": [], "image": [{values}], "event_data": [], {BESIDE}'
    answer = ask(app, "POST", f"/gradio_api/{path}", body, JSON)
    assert answer.status == 413
    assert answer.detail.startswith("this request has ")
    assert answer.detail.endswith(f" values: at most {most_values(259)} are read")


@pytest.mark.parametrize("value", [None, 0, "[[", [], {}, [[], {}], {"a": []}])
def test_flat_values_are_not_deep(value):
    assert depth_refusal(value) is None


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        (2**64, "Integer exceeds 64-bit range"),
        (-(2**63) - 1, "Integer exceeds 64-bit range"),
        ("\ud800", "str is not valid UTF-8: surrogates not allowed"),
    ],
)
def test_what_no_answer_can_tell_again_is_refused(value, wrong):
    assert writing_refusal({"data": [2**63, -(2**63), "\U0001f600", float("nan")]}) is None
    sentence = f"this request has a value that cannot be written as JSON: {wrong}"
    assert writing_refusal({"data": [[value]]}) == Refusal(400, sentence)


def test_what_was_painted_has_next_to_none():
    painted = b'{"mask": "data:image/png;base64,' + b"A+/=" * MB + b'"}'
    assert marks_refusal(painted, 4) is None


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("path", ["run/predict", "queue/join", "call/composite", "cancel", "mcp/"])
def test_many_small_values_are_not_parsed(app, path, unit):
    answer = ask(app, "POST", f"/gradio_api/{path}", crowded(path, unit), JSON)
    assert answer.status == 413
    assert answer.detail.startswith("this request has ")
    assert answer.detail.endswith(f" commas, colons and brackets: at most {MOST} are read")
    assert json.loads(answer.text)["error"] == answer.detail


@pytest.mark.parametrize("codec", ["utf-16", "utf-32-be"])
def test_they_are_counted_however_they_are_written(app, codec):
    body = crowded("run/predict", "[]")[: MB // 5] + "]}"
    answer = ask(app, "POST", "/gradio_api/run/predict", body.encode(codec), JSON)
    assert answer.status == 413


def held(app: AppServer, path: str, body: str) -> float:
    """For how many seconds others wait at most while the server takes a body."""
    longest, is_over = 0.0, Event()

    def watch() -> None:
        nonlocal longest
        while not is_over.is_set():
            began = time.monotonic()
            ask(app, "GET", "/health")
            longest = max(longest, time.monotonic() - began)

    watching = Thread(target=watch)
    watching.start()
    ask(app, "POST", f"/gradio_api/{path}", body, JSON)
    is_over.set()
    watching.join()
    return longest


@pytest.mark.parametrize("path", ["run/predict", "call/composite", "call/v2/composite"])
def test_nobody_waits_for_them(app, path):
    health(app)
    assert min(held(app, path, crowded(path, "[]")) for _ in range(3)) < HELD_SECONDS
