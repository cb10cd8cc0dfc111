"""Files that a page says were uploaded: what it says may be anything."""

from collections.abc import Iterator

import httpx
import pytest

from tests.app_server import AppServer
from tests.events import post, send

pytestmark = pytest.mark.server


@pytest.fixture
def client(app: AppServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, timeout=60) as client:
        send(client, "hostile", "load")
        yield client


@pytest.mark.parametrize("field", ["photo", "reference", "settings", "masks"])
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, "no file was given: expected at least one"),
        ("photo.png", "no file was given: expected at least one"),
        ({"files": []}, "no file was given: expected at least one"),
        (
            {"files": "photo.png"},
            "files is &#x27;photo.png&#x27;: expected a list of uploaded files",
        ),
        ({"files": [7]}, "files[0] is 7: expected an uploaded file"),
        ({"files": [{}]}, "files[0] is an object: expected an uploaded file"),
        ({"files": [{}] * 257}, "files has 257 files: at most 256 are read"),
    ],
)
def test_what_is_no_upload_is_said(client: httpx.Client, field: str, said: object, expected: str):
    message = send(client, "hostile", field, said)
    assert expected in message["parts"]["problem"]["value"]


@pytest.mark.parametrize("path", ["/etc/passwd", "photo.png", "a\0b", "x" * 5000, "/etc/../etc"])
@pytest.mark.parametrize("field", ["photo", "reference", "settings", "masks"])
def test_a_path_that_is_no_upload_is_refused(client: httpx.Client, field: str, path: str):
    answer = post(client, "hostile", field, {"files": [{"path": path}]})
    assert answer.status_code == 400
    assert "there is no upload" in answer.text


@pytest.mark.parametrize("address", ["http://127.0.0.1/a.png", "HTTPS://example.org/a.png"])
def test_an_address_is_refused(client: httpx.Client, address: str):
    answer = post(client, "hostile", "photo", {"files": [{"path": address}]})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("this server fetches no addresses")


def test_nothing_of_that_is_a_surprise_to_the_server(client: httpx.Client, app: AppServer):
    send(client, "hostile", "masks", {"files": [None]})
    post(client, "hostile", "masks", {"files": [{"path": "/etc/passwd"}]})
    assert "Traceback" not in app.log
