import json
import re
from pathlib import Path
from typing import Any

import pytest

from segui.ui.guard.calls import Known, call_refusal
from segui.ui.guard.faults import sentence_of
from segui.ui.guard.files import Uploads
from segui.ui.guard.refusals import Refusal
from tests.ui.guard.programs import JSON, ask, post

FILE = {"_type": "gradio.FileData"}
HOW = "upload it to /gradio_api/upload and send the path that it gives"
# what a body may be sent to, on the page's behalf or a program's; a guard knows each of them
LOOKED_AT = re.compile(
    r"/login|/gradio_api/(?:reset|cancel|upload|queue/join|(?:run|api|call|call/v2)/{api_name})"
)
ENDPOINTS = "expected one of 'composite', 'segments'"


@pytest.fixture
def known(tmp_path: Path) -> Known:
    return Known({"composite": 4, "segments": 2}, {0: 0, 1: 3, 7: 1}, Uploads(tmp_path, 4))


def refused(path: str, body: Any, known: Known) -> tuple[int, str] | None:
    found = call_refusal(f"/gradio_api/{path}", body, known)
    return (found.status, found.sentence) if found else None


@pytest.mark.parametrize("path", ["call/nothing", "call/v2/nothing/", "call/", "call/predict"])
def test_an_endpoint_that_there_is_not_is_refused(known, path):
    found = call_refusal(f"/gradio_api/{path}", {"data": []}, known)
    name = path.split("/")[-1] or path.split("/")[-2]
    name = "" if path == "call/" else name
    assert found == Refusal(404, f"there is no endpoint {name!r}: {ENDPOINTS}")


@pytest.mark.parametrize("path", ["queue/join", "run/predict", "api/anything/"])
@pytest.mark.parametrize(
    ("number", "told"),
    [(-1, "-1"), (2, "2"), (10**30, str(10**30)), (True, "True"), ("1", "'1'"), (None, "None")],
)
def test_an_event_that_there_is_not_is_refused(known, path, number, told):
    sentence = f"fn_index is {told}: expected the number of an event, up to 7"
    assert refused(path, {"data": [], "fn_index": number}, known) == (404, sentence)


def test_too_few_values_are_refused(known):
    assert refused("queue/join", {"data": [1], "fn_index": 1}, known) == (
        400,
        "data has 1 value: expected 3",
    )
    assert refused("run/predict", {"data": [], "fn_index": 7}, known) == (
        400,
        "data has 0 values: expected 1",
    )
    assert refused("call/composite", {"data": []}, known) == (
        400,
        "data has no values: expected at least the image",
    )
    assert refused("queue/join", {"data": [1, 2, 3], "fn_index": 1}, known) is None
    assert refused("queue/join", {"data": [], "fn_index": 0}, known) is None


def test_too_many_values_are_refused(known):
    for path in ("queue/join", "run/predict", "api/anything"):
        sentence = "data has 4 values: expected 3"
        assert refused(path, {"data": [[]] * 4, "fn_index": 1}, known) == (400, sentence)
        sentence = "data has 1 value: expected 0"
        assert refused(path, {"data": [None], "fn_index": 0}, known) == (400, sentence)
    sentence = "data has 5 values: expected at most 4"
    assert refused("call/composite", {"data": [1] * 5}, known) == (400, sentence)
    assert refused("call/composite", {"data": [1] * 4}, known) is None
    sentence = "data has 3 values: expected at most 2"
    assert refused("call/segments/", {"data": [1] * 3}, known) == (400, sentence)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("call/composite", lambda files: {"data": [None, files]}),
        ("call/v2/composite", lambda files: {"image": files[0], "masks": files[1:]}),
        ("queue/join", lambda files: {"data": [files], "fn_index": 7}),
        ("run/predict", lambda files: {"data": [0], "fn_index": 7, "event_data": {"a": files}}),
    ],
)
def test_too_many_files_are_refused_before_one_of_them_is_looked_at(
    known, tmp_path, path, body, monkeypatch
):
    file = tmp_path / "a.png"
    file.write_bytes(b"")
    files = [{"path": str(file), "meta": FILE}] * 5
    assert refused(path, body(files[1:]), known) is None
    monkeypatch.setattr(Path, "resolve", None)
    sentence = "this request names 5 files: at most 4 are read"
    assert refused(path, body(files), known) == (413, sentence)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../etc/passwd", "", "a\0b", "x" * 5000, "file:///etc/passwd"]
)
@pytest.mark.parametrize("within", [lambda file: [file], lambda file: [{"a": [1, file]}]])
def test_a_path_that_was_never_uploaded_is_refused(known, path, within):
    data = within({"path": path, "meta": FILE})
    shown = repr(path[:60] + "..." * (len(path) > 60))
    expected = (400, f"there is no upload {shown}: {HOW}")
    assert refused("call/composite", {"data": data}, known) == expected
    assert refused("call/v2/segments", {"image": data}, known) == expected
    assert refused("run/predict", {"data": data, "fn_index": 7}, known) == expected


def test_an_upload_is_taken_and_one_that_is_gone_is_named_by_its_endpoint(known, tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    there = {"path": str(tmp_path / "a.png"), "meta": FILE}
    gone = {"path": str(tmp_path / "b.png"), "meta": FILE}
    assert refused("run/predict", {"data": [there], "fn_index": 7}, known) is None
    assert refused("call/composite", {"data": [gone]}, known) is None
    assert refused("run/predict", {"data": [gone], "fn_index": 7}, known) is not None


def test_a_link_out_of_the_folder_is_no_upload(known, tmp_path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    data = [{"path": str(tmp_path / "link"), "meta": FILE}]
    assert refused("call/composite", {"data": data}, known) is not None


ADDRESSES = ["http://h/x", "HTTP://h/x", "https:/x", "Https:x", "http:"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_address_is_fetched_wherever_it_stands(known, path):
    file = {"path": path, "meta": FILE}
    refusal = (400, "this server fetches no addresses: download the file and upload it")
    assert refused("call/composite", {"data": [file]}, known) == refusal
    assert refused("call/composite", {"data": [None, None, None, {"grow": file}]}, known) == refusal
    assert refused("call/v2/composite", {"image": None, "grow": [file]}, known) == refusal
    assert refused("run/predict", {"data": [file], "fn_index": 7}, known) == refusal
    event = {"data": [0], "fn_index": 7, "event_data": {"files": [{"path": path}]}}
    assert refused("run/predict", event, known) == refusal


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("meta", 0, "meta is 0: Input should be a valid dictionary"),
        ("meta", None, "meta is None: Input should be a valid dictionary"),
        ("meta", {"_type": 1}, "meta._type is 1: Input should be 'gradio.FileData'"),
        ("meta", {}, "meta._type is missing"),
        ("size", [], "size is a list: Input should be a valid integer"),
        ("url", 0, "url is 0: Input should be a valid string"),
        ("orig_name", {}, "orig_name is an object: Input should be a valid string"),
        ("mime_type", 1.5, "mime_type is 1.5: Input should be a valid string"),
        ("is_stream", None, "is_stream is None: Input should be a valid boolean"),
        ("orig_name", ["x" * 9999], "orig_name is a list: Input should be a valid string"),
        ("size", "x" * 9999, f"size is '{'x' * 60}...': Input should be a valid integer"),
    ],
    ids=str,
)
def test_a_file_that_gradio_would_fail_at_is_refused(known, tmp_path, field, value, wrong):
    file = {"path": str(tmp_path / "a.png"), "meta": FILE, field: value}
    for path, body in (
        ("call/composite", {"data": [[file]]}),
        ("call/v2/segments", {"image": file}),
        ("queue/join", {"data": [file], "fn_index": 7}),
    ):
        found = refused(path, body, known)
        assert found is not None
        sentence = found[1].removesuffix(", unable to parse string as an integer")
        assert (found[0], sentence) == (
            400,
            f"a file is not described as its upload gives it: {wrong}",
        )


def test_a_named_call_needs_the_image(known):
    sentence = "image is missing: expected an uploaded file"
    assert refused("call/v2/composite", {}, known) == (400, sentence)
    assert refused("call/v2/segments", {"grow": 1}, known) == (400, sentence)


@pytest.mark.parametrize("body", [None, [], "x", {"data": [[[]]]}])
def test_what_is_no_call_is_left_alone(known, body):
    assert refused("upload", body, known) is None
    assert refused("cancel", body, known) is None


@pytest.mark.parametrize("path", ["component_server", "process_recording", "vibe-edit"])
def test_what_the_page_does_not_ask_for_is_closed(app, path):
    answer = post(app, path, {"data": [], "component_id": 0, "session_hash": "a", "fn_name": "x"})
    assert (answer.status, answer.detail) == (404, "there is no such address here")


def test_every_address_that_takes_something_is_looked_at_or_closed(app):
    listed = json.loads(ask(app, "GET", "/openapi.json").text)["paths"]
    taking = [path.rstrip("/") for path, methods in listed.items() if "post" in methods]
    unknown = {path for path in taking if not LOOKED_AT.fullmatch(path)}
    assert unknown
    for path in unknown:
        answer = ask(app, "POST", re.sub(r"{.*?}", "x", path), b'{"data": []}', JSON)
        assert (path, answer.status) == (path, 404)
        assert (path, answer.detail) == (path, "there is no such address here")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("path", ["deep_link?session_hash=a", "dev/reload", "dev/reload/"])
def test_what_keeps_a_sessions_values_or_never_ends_is_closed(app, method, path):
    answer = ask(app, method, f"/gradio_api/{path}")
    assert answer.status == 404
    assert method == "HEAD" or answer.detail == "there is no such address here"


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("call/nothing", {"data": []}, 404),
        ("call/v2/nothing", {}, 404),
        ("run/predict", {"data": [], "fn_index": -1, "session_hash": "a"}, 404),
        ("queue/join", {"data": [], "fn_index": 99999, "session_hash": "a"}, 404),
        ("run/nothing", {"data": [], "session_hash": "a"}, 404),
        ("call/composite", {"data": []}, 400),
        ("call/composite", {"data": [None] * 100}, 400),
        ("call/composite", {"data": [None, [{"path": "x", "meta": FILE}] * 260]}, 413),
        ("call/composite", {"data": [{"path": "/etc/passwd", "meta": FILE}]}, 400),
        ("call/v2/composite", {"image": {"path": "no\nline", "meta": FILE}}, 400),
        ("call/v2/composite", {"nothing": "x" * 100_000}, 400),
    ],
    ids=str,
)
def test_the_server_says_it_in_a_sentence_and_one_line_of_the_log(app, path, said, status):
    before = len(app.log.splitlines())
    answer = post(app, path, said)
    assert answer.status == status
    assert len(answer.detail) < 300
    said = [line for line in app.log.splitlines()[before:] if not line.startswith("* ")]
    assert len(said) <= 1


@pytest.mark.parametrize(
    "text", ["nonsense", '{"data": "x"}', "[]", "{}", '"' + "x" * 10_000 + '"']
)
def test_a_body_that_cannot_be_taken_is_not_sent_back(app, text):
    answer = ask(app, "POST", "/gradio_api/call/composite", text.encode(), JSON)
    assert answer.status == 422
    assert isinstance(answer.detail, str)
    assert len(answer.detail) < 200


def test_a_sentence_names_what_is_wrong():
    wrong = {"loc": ("body", "data"), "msg": "Input should be a valid list", "input": "x" * 99}
    assert sentence_of([wrong]) == f"data is '{'x' * 60}...': Input should be a valid list"
    assert sentence_of([{"loc": ("body", "data"), "type": "missing"}]) == "data is missing"
    assert sentence_of([]) == "the body cannot be read: "


@pytest.mark.parametrize("field", ['name="files"', 'name="files"; size=3'])
def test_an_upload_without_a_name_is_refused(app, field):
    before = len(app.log.splitlines())
    body = f"--sep\r\nContent-Disposition: form-data; {field}\r\n\r\nabc\r\n--sep--\r\n".encode()
    headers = {"Content-Type": "multipart/form-data; boundary=sep"}
    answer = ask(app, "POST", "/gradio_api/upload", body, headers)
    sentence = 'an uploaded file has no name: expected filename="..." in its part\'s header'
    assert (answer.status, answer.detail) == (400, sentence)
    assert len(app.log.splitlines()[before:]) == 1
