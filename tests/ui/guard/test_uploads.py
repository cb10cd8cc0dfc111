"""Uploads: how many files one request may bring, and how many bytes of them all."""

import json
from pathlib import Path

import pytest

from segui.storing import Room
from segui.ui.guard.bodies import MB
from segui.ui.guard.disk import DiskRoom
from segui.ui.guard.refusals import Refusal
from segui.ui.guard.shares import UploadShares
from segui.ui.guard.uploads import Parts, Uploading
from tests.coroutines import run
from tests.ui.guard.programs import ask

FORM = {"Content-Type": "multipart/form-data; boundary=sep"}
HOW = "several uploads may have more"
MANY = f"this upload has more than 259 files: at most 259 are taken at once; {HOW}"
LARGE = f"this upload has {{}}: at most 400 MB are taken at once; {HOW}"


def parts(count: int, name: str = "a.bin") -> bytes:
    head = f'--sep\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return (head.encode() + b"x\r\n") * count + b"--sep--\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_parts_are_counted_however_they_come(size):
    body, counted = parts(12), Parts(b"--sep")
    for start in range(0, len(body), size):
        counted.add(body[start : start + size])
    assert counted.count == 12


def test_what_lies_within_a_file_is_no_part():
    counted = Parts(b"--sep")
    counted.add(parts(3).replace(b"x\r\n", b"-sep --se\r\n-s"))
    assert counted.count == 3


def asked(body: list[bytes], *, most_bytes=10**6, most_files=9, headers=(), shares=None, room=None):
    """What is answered by the guard, and how much of the body was read."""
    read, answers = [], []

    async def receive():
        read.append(body.pop(0))
        return {"type": "http.request", "body": read[-1], "more_body": bool(body)}

    async def send(message):
        answers.append(message)

    async def app(scope, receive, send):
        more = True
        while more:
            more = (await receive())["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"[]"})

    scope = {
        "type": "http", "method": "POST", "path": "/gradio_api/upload",
        "headers": [(b"content-type", FORM["Content-Type"].encode()), *headers],
    }  # fmt: skip
    shares = shares or UploadShares(10**9, 600)
    room = room or DiskRoom(Room(Path("no such folder"), 10**9))
    guard = Uploading(app, most_bytes, most_files, shares, room)
    run(guard(scope, receive, send))
    statuses = [said["status"] for said in answers if said["type"] == "http.response.start"]
    assert len(statuses) == 1
    return statuses[0], b"".join(read)


def test_as_many_files_as_are_allowed_pass():
    assert asked([parts(9)])[0] == 200


def test_one_more_is_refused_as_soon_as_it_comes():
    status, read = asked([parts(1).removesuffix(b"--sep--\r\n")] * 20)
    assert (status, read.count(b"--sep")) == (413, 11), "the eleventh ends the tenth"


def test_bytes_are_counted_as_they_come():
    status, read = asked([parts(1)[:-9], *[b"x" * 1000] * 99], most_bytes=5000)
    assert (status, len(read) <= 6000) == (413, True)


def test_one_that_says_it_is_too_large_is_not_read():
    status, read = asked([b"x"], most_bytes=10, headers=[(b"content-length", b"11")])
    assert (status, read) == (413, b"")


def scope_of(client: str) -> dict:
    return {"type": "http", "client": (client, 5000), "headers": []}


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_client_has_a_share_of_the_disk_for_as_long_as_uploads_are_kept():
    clock = Clock()
    shares = UploadShares(10 * MB, 600, now=clock)
    here, elsewhere = scope_of("198.51.100.7"), scope_of("203.0.113.9")
    assert shares.refusal(here, 10 * MB) is None
    shares.add(here, 4 * MB)
    clock.seconds += 300
    shares.add(here, 6 * MB)
    assert shares.refusal(here, 0) is None
    sentence = "10 MB are taken from one client within 600 s: go on in 320 s"
    assert shares.refusal(here, 1) == Refusal(429, sentence, retry_seconds=320)
    assert shares.refusal(elsewhere, 10 * MB) is None
    clock.seconds += 319
    assert shares.refusal(here, 1) is not None
    clock.seconds += 1
    assert shares.refusal(here, 4 * MB) is None
    assert shares.refusal(here, 4 * MB + 1) is not None


def test_what_is_larger_than_a_share_is_never_taken_and_told_so():
    shares = UploadShares(10 * MB, 600)
    assert shares.refusal_of_one(10 * MB, is_whole=True) is None
    sentence = "this upload has {}: at most 10 MB are taken from one client in 600 s"
    refused = shares.refusal_of_one(10 * MB + 1, is_whole=True)
    assert refused == Refusal(413, sentence.format("10.1 MB"))
    refused = shares.refusal_of_one(10 * MB + 1, is_whole=False)
    assert refused == Refusal(413, sentence.format("more than 10 MB"))


def test_only_so_many_clients_are_counted(monkeypatch):
    monkeypatch.setattr("segui.ui.guard.shares._MOST_CLIENTS", 2)
    shares = UploadShares(1, 600)
    for number in (1, 2, 3):
        shares.add(scope_of(f"198.51.100.{number}"), 2)
    refused = [shares.refusal(scope_of(f"198.51.100.{number}"), 1) for number in (1, 2, 3)]
    assert [each is not None for each in refused] == [False, True, True]


def test_what_one_client_brings_is_counted_over_all_its_uploads():
    shares = UploadShares(3000, 600)
    body = [parts(1)[:-9], b"x" * 1000]
    assert asked([*body], shares=shares)[0] == 200
    assert asked([*body], shares=shares)[0] == 200
    status, read = asked([*body, b"x" * 1000], shares=shares)
    assert (status, len(read) < 2000) == (429, True), "it ends as soon as the share is used up"


def test_a_small_file_counts_more_than_its_bytes():
    shares = UploadShares(5 * 64 * 1024 + 5000, 600)
    assert asked([parts(3)], shares=shares)[0] == 200
    assert asked([parts(3)], shares=shares)[0] == 429


def test_an_upload_that_says_it_is_larger_than_what_is_left_is_not_read():
    headers = [(b"content-length", b"3001")]
    status, read = asked([b"x"], headers=headers, shares=UploadShares(3000, 600))
    assert (status, read) == (413, b"")  # of which no waiting makes less


def test_what_is_no_upload_is_not_counted():
    async def app(scope, receive, send):
        await send("passed")

    sent = []

    async def send(message):
        sent.append(message)

    guard = Uploading(app, 0, 0, UploadShares(0, 600), DiskRoom(Room(Path("no such folder"), 0)))
    for scope in ({"type": "lifespan"}, {"type": "http", "method": "GET", "path": "/x"}):
        run(guard({"headers": [], **scope}, None, send))
    assert sent == ["passed"] * 2


def test_many_files_in_one_request_are_refused_and_leave_nothing(app):
    before = {path for path in app.cache.rglob("*") if path.is_file()}
    answer = ask(app, "POST", "/gradio_api/upload", [parts(2000, "many.bin")], FORM)
    assert (answer.status, answer.detail) == (413, MANY)
    assert {path for path in app.cache.rglob("*") if path.is_file()} <= before


def test_more_bytes_than_are_taken_are_refused_before_they_are_read(app):
    headers = {**FORM, "Content-Length": str(500 * MB)}
    answer = ask(app, "POST", "/gradio_api/upload", b"", headers)
    assert (answer.status, answer.detail) == (413, LARGE.format("500 MB"))


def test_as_many_masks_as_a_picture_may_have_come_in_one_request(app):
    answer = ask(app, "POST", "/gradio_api/upload", parts(256), FORM)
    assert answer.status == 200
    assert len(json.loads(answer.text)) == 256


def test_a_boundary_that_is_longer_than_any_is_refused_by_a_sentence(app):
    def sent(count: int):
        mark = "b" * count
        body = parts(1).replace(b"--sep", b"--" + mark.encode())
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return ask(app, "POST", "/gradio_api/upload", body, headers)

    assert sent(70).status == 200
    told = "the boundary of this upload has 71 characters: at most 70"
    assert (sent(71).status, sent(71).detail) == (400, told)
    assert sent(5000).status == 400
    assert "Traceback" not in app.log
