from urllib.parse import urlsplit

import pytest

from tests.ui.guard.programs import JSON, ask

OTHERS = [
    "http://localhost:9999",
    "http://127.0.0.1:9999",
    "http://0.0.0.0:9999",
    "https://evil.example",
    "null",
    "",
]
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-a"}


def shared(headers: dict[str, str]) -> list[str]:
    return [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize("origin", OTHERS)
@pytest.mark.parametrize("path", ["/", "/config", "/health", "/gradio_api/info", "/theme.css"])
def test_no_other_page_may_read_an_answer(app, path, origin):
    assert shared(ask(app, "GET", path, headers={"Origin": origin}).headers) == []


@pytest.mark.parametrize("origin", OTHERS)
@pytest.mark.parametrize("path", ["/config", "/gradio_api/queue/join", "/gradio_api/upload"])
def test_no_other_page_is_told_that_it_may_send(app, path, origin):
    answer = ask(app, "OPTIONS", path, headers={"Origin": origin, **PREFLIGHT})
    assert shared(answer.headers) == []


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/nothing"])
def test_a_refusal_is_not_shared_either(app, path):
    answer = ask(app, "POST", path, "{}", {**JSON, "Origin": OTHERS[0]})
    assert (answer.status, shared(answer.headers)) == (403, [])


def test_a_name_that_is_made_to_mean_this_machine_shares_nothing(app):
    headers = {"Host": "evil.example", "Origin": "http://evil.example:1"}
    assert shared(ask(app, "GET", "/config", headers=headers).headers) == []


def test_the_servers_own_page_reads_its_answers(app):
    for method, more in (("GET", {}), ("OPTIONS", PREFLIGHT)):
        answer = ask(app, method, "/config", headers={"Origin": app.url, **more})
        assert answer.status == 200
        assert answer.headers["access-control-allow-origin"] == app.url
    port = urlsplit(app.url).port
    other = ask(app, "GET", "/config", headers={"Origin": f"http://localhost:{port}"})
    assert shared(other.headers) == []  # to a browser that is another page
