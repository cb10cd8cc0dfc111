import json
import socket
from urllib.parse import urlsplit

import pytest
from starlette.datastructures import Headers

from segui.ui.guard.called import believed
from segui.ui.guard.origins import Names
from tests.ui.guard.programs import ask

OPEN = Names("0.0.0.0")  # noqa: S104
HOME = Names("127.0.0.1", ("photos.example.org",))
SPACE = Names("0.0.0.0", on_space=True)  # noqa: S104
HOST = "10.0.0.1:7860"
PROXY = ("10.0.0.9",)


def said(names, proxies=(), host=HOST, **headers):
    raw = [(b"host", host.encode())] if host is not None else []
    raw += [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "client": ("10.0.0.9", 1), "headers": raw}
    return Headers(raw=believed(scope, names, proxies))


@pytest.mark.parametrize(
    "name", ["evil.example", "\u00ff", "[", "evil@photos.example.org", "", ","]
)
@pytest.mark.parametrize("names", [OPEN, HOME, SPACE])
def test_a_client_does_not_say_what_a_server_is_called(name, names):
    found = said(names, x_forwarded_host=name)
    assert found.get("x-forwarded-host") is None
    assert found["host"] == HOST


@pytest.mark.parametrize(
    ("names", "host"),
    [
        (OPEN, HOST),
        (HOME, "photos.example.org"),
        (HOME, "Photos.example.org:8443"),
        (SPACE, "somebody-segui.hf.space"),
    ],
)
def test_a_name_that_the_server_has_anyway_is_taken_from_everyone(names, host):
    assert said(names, x_forwarded_host=host)["x-forwarded-host"] == host
    assert said(names, x_forwarded_host=f"evil, {host}")["x-forwarded-host"] == host


def test_a_named_proxy_says_it_and_what_stands_before_its_word_may_be_made_up():
    for proxies in (PROXY, ("*",)):
        found = said(OPEN, proxies, x_forwarded_host="evil.example, photos.example.com")
        assert found["x-forwarded-host"] == "photos.example.com"
        assert said(OPEN, proxies, x_forwarded_host="[").get("x-forwarded-host") is None
    assert said(OPEN, ("10.0.0.8",), x_forwarded_host="a.example").get("x-forwarded-host") is None


def test_what_only_gradios_other_server_may_say_nobody_says():
    assert said(OPEN, ("*",), x_gradio_server="http://evil").get("x-gradio-server") is None


@pytest.mark.parametrize(
    ("scheme", "expected"), [("https", "https"), ("https, http", "https"), ("javascript", None)]
)
def test_a_scheme_is_one_of_two(scheme, expected):
    assert said(OPEN, x_forwarded_proto=scheme).get("x-forwarded-proto") == expected


def test_a_request_without_a_name_has_an_empty_one():
    assert said(OPEN, host=None)["host"] == ""


def test_headers_that_say_nothing_of_it_stay():
    assert said(OPEN, x_forwarded_for="1.2.3.4", accept="*/*").raw == [
        (b"host", HOST.encode()),
        (b"x-forwarded-for", b"1.2.3.4"),
        (b"accept", b"*/*"),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Host": "\u00ff"},
        {"X-Gradio-Server": "javascript:alert(1)"},
    ],
)
@pytest.mark.parametrize("path", ["/config", "/gradio_api/info", "/"])
def test_a_page_is_told_the_servers_own_name(app, path, headers):
    answer = ask(app, "GET", path, headers=headers)
    assert answer.status == 200
    assert "evil" not in answer.text
    assert "javascript:alert" not in answer.text
    if path == "/config":
        assert json.loads(answer.text)["root"] == app.url


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_a_page_without_a_servers_name_is_refused_in_a_sentence(app, method):
    place = urlsplit(app.url)
    head = f"Origin: {app.url}\r\nAccess-Control-Request-Method: POST"
    with socket.create_connection((place.hostname, place.port), timeout=60) as connection:
        connection.sendall(f"{method} /gradio_api/info HTTP/1.0\r\n{head}\r\n\r\n".encode())
        answer = connection.makefile("rb").read()
    # a preflight is answered before, with nothing that a page could read
    assert answer.startswith(b"HTTP/1.1 200" if method == "OPTIONS" else b"HTTP/1.1 403")
    assert b"access-control" not in answer
