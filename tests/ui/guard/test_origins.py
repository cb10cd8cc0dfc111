import pytest

from segui.ui.guard.origins import Names, host_refusal, origin_refusal
from tests.ui.guard.programs import ask, post

HOME = Names("127.0.0.1")
EXPECTED = "expected localhost, or a name of SEGUI_ALLOWED_HOSTS"
SPACE = Names("0.0.0.0", on_space=True)  # noqa: S104
OPEN = Names("0.0.0.0")  # noqa: S104


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:7860", "127.0.0.1:1", "[::1]:7860", "[::1]", "localhost.:65535"],
)
def test_a_server_at_home_is_asked_by_its_own_names(host):
    assert host_refusal({"host": host}, HOME) is None


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "localhost.evil", "", "[x"],
)
def test_any_other_name_is_refused(host):
    refusal = host_refusal({"host": host}, HOME)
    assert refusal is not None
    assert refusal.status == 403
    assert refusal.sentence == f"this server is not called {host!r}: {EXPECTED}"


NO_PLACES = [
    "evil@localhost",
    "a:b@localhost:1",
    "localhost:80:80",
    "localhost:99999",
    "localhost:8a",
    "localhost:-1",
    "localhost:\u0663",
    "localhost/evil",
    "localhost?evil",
    "localhost#evil",
    "localhost,evil",
    "localhost evil",
    "evil\\@localhost",
    "[::1]evil",
    "[::1]:x",
    "[::1",
    "[localhost]",
    "[::1%eth0]",
    "999.1.1.1",
]


@pytest.mark.parametrize("host", NO_PLACES)
def test_what_is_no_name_and_port_is_refused_by_every_server(host):
    refusal = host_refusal({"host": host}, HOME)
    assert refusal is not None
    assert (refusal.status, refusal.sentence.partition(": ")[2]) == (403, EXPECTED)
    expected = "expected a name or an address, with a port at most"
    for names in (OPEN, SPACE):
        refusal = host_refusal({"host": host}, names)
        assert refusal is not None
        assert (refusal.status, refusal.sentence.rpartition(": ")[2]) == (400, expected)


def test_a_server_for_all_is_asked_without_a_name_by_old_programs():
    assert host_refusal({}, OPEN) is None


@pytest.mark.parametrize(
    "origin", ["http://evil@localhost:1", "http://localhost:1/x", "//a", "a:b"]
)
def test_an_origin_is_a_scheme_and_a_place_and_nothing_else(origin):
    assert origin_refusal("POST", {"host": "localhost:1", "origin": origin}, HOME) is not None


def test_names_can_be_added():
    names = Names("127.0.0.1", ("photos.example.org", "*.Example.com"))
    for host in ("photos.example.org", "a.b.example.com:443", "localhost", "my_app.example.com"):
        assert host_refusal({"host": host}, names) is None
    for host in ("example.com", "photos.example.org.evil", "badexample.com"):
        assert host_refusal({"host": host}, names) is not None


def test_a_server_for_all_has_any_name_until_a_setting_says_which():
    assert host_refusal({"host": "192.168.1.5:7860"}, OPEN) is None
    assert host_refusal({"host": "somebody-segui.hf.space"}, SPACE) is None
    named = Names(OPEN.host, ("photos.example.org",))
    assert host_refusal({"host": "192.168.1.5:7860"}, named) is not None


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://127.0.0.1:7860", "127.0.0.1:7860"),
        ("https://Photos.example.org", "photos.example.org"),
        (None, "127.0.0.1:7860"),
    ],
)
def test_its_own_pages_and_programs_may_send(origin, host):
    headers = {"host": host} | ({"origin": origin} if origin else {})
    assert origin_refusal("POST", headers, OPEN) is None


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:9",
        "http://localhost:7860",
        "null",
        "",
        "x",
        "http://[x",
    ],
)
def test_other_pages_may_not(origin):
    headers = {"host": "127.0.0.1:7860", "origin": origin, "x-forwarded-host": "evil.example"}
    refusal = origin_refusal("POST", headers, HOME)
    assert refusal is not None
    assert refusal.status == 403
    assert refusal.sentence == (
        f"a page of {origin!r} may send nothing here: expected one of this server's own"
    )
    assert origin_refusal("GET", headers, HOME) is None


def test_a_spaces_proxy_says_by_which_name_it_was_asked():
    headers = {"host": "10.0.0.1:7860", "origin": "https://somebody-segui.hf.space"}
    forwarded = {**headers, "x-forwarded-host": "somebody-segui.hf.space"}
    assert origin_refusal("POST", forwarded, SPACE) is None
    assert origin_refusal("POST", headers, SPACE) is not None
    assert origin_refusal("POST", forwarded, OPEN) is not None
    other = {**headers, "origin": "http://evil.example", "x-forwarded-host": "evil.example"}
    assert origin_refusal("POST", other, SPACE) is not None


def test_a_proxys_name_may_send_where_a_setting_has_it():
    names = Names("127.0.0.1", ("photos.example.org",))
    headers = {"host": "127.0.0.1:7860", "origin": "https://photos.example.org"}
    assert origin_refusal("POST", headers, names) is None


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info"])
def test_a_page_that_calls_itself_this_machine_gets_nothing(app, path):
    answer = ask(app, "GET", path, headers={"Host": "evil.example"})
    assert (answer.status, answer.detail) == (
        403,
        f"this server is not called 'evil.example': {EXPECTED}",
    )


def test_nothing_of_another_page_is_kept(app):
    head = b'--s\r\nContent-Disposition: form-data; name="files"; filename="foreign.txt"\r\n\r\n'
    body = head + b"abc\r\n--s--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=s", "Origin": "http://evil.example"}
    answer = ask(app, "POST", "/gradio_api/upload", body, headers)
    assert answer.status == 403
    assert not list(app.cache.rglob("foreign.txt"))
    for path in ("call/segments", "queue/join", "run/predict"):
        assert post(app, path, {"data": [None]}, Origin="null").status == 403
    assert post(app, "call/segments", {"data": [None]}, Origin=app.url).status == 200
