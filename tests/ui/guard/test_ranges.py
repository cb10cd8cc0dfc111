import json

import pytest

from tests.ui.guard.programs import ask

FORM = {"Content-Type": "multipart/form-data; boundary=b"}
BODY = b'--b\r\nContent-Disposition: form-data; name="files"; filename="r.png"\r\n\r\n0123456789'


@pytest.fixture(scope="module")
def address(app) -> str:
    answer = ask(app, "POST", "/gradio_api/upload", BODY + b"\r\n--b--\r\n", FORM)
    return f"/gradio_api/file={json.loads(answer.text)[0]}"


@pytest.mark.parametrize(
    "parts",
    ["0-3", "5-1", "-1", "0-0,2-2", "--1", "1-0,0-", "0-,0-", "x", "1" * 5000 + "-", "\u00b2-"],
)
def test_whoever_asks_for_a_part_with_an_end_or_several_is_given_the_whole(app, address, parts):
    answer = ask(app, "GET", address, headers={"Range": f"bytes={parts}", "Set-Cookie": "a=b"})
    assert (answer.status, answer.text) == (200, "0123456789")
    assert "set-cookie" not in answer.headers
    assert "Traceback" not in app.log


def test_a_download_that_broke_off_goes_on(app, address):
    answer = ask(app, "GET", address, headers={"Range": "bytes=7-", "Set-Cookie": "a=b"})
    assert (answer.status, answer.text) == (206, "789")
    assert "set-cookie" not in answer.headers
    assert ask(app, "GET", address, headers={"Range": "bytes=10-"}).status == 416
