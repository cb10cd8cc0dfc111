import re
from base64 import b64encode
from hashlib import sha256

import pytest

from segui.settings import Settings
from segui.ui.browser.assets import asset
from segui.ui.events import link_script
from segui.ui.guard.guard import guard_options
from segui.ui.guard.headers import SafeHeaders, content_policy, hashes_of
from tests.coroutines import run
from tests.ui.guard.programs import ask


@pytest.mark.parametrize("path", ["/", "/config", "/health", "/gradio_api/nothing", "/theme.css"])
def test_every_answer_says_what_it_is_and_tells_others_nothing(app, path):
    headers = ask(app, "GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_a_page_has_a_policy_and_other_answers_have_none(app):
    page = ask(app, "GET", "/", headers={"Accept-Encoding": "br, gzip"})
    policy = page.headers["content-security-policy"]
    assert re.sub(r" 'sha256-[^']+'", "", policy) == content_policy(on_space=False)
    assert "content-security-policy" not in ask(app, "GET", "/config").headers


def test_at_home_nothing_comes_from_elsewhere_and_nobody_frames_the_page():
    policy = content_policy(on_space=False)
    assert "http" not in policy
    assert policy.endswith("frame-ancestors 'self'")
    assert "object-src 'none'" in policy


def test_a_space_is_framed_by_the_hubs_page():
    policy = content_policy(on_space=True)
    assert policy.endswith("frame-ancestors 'self' https://huggingface.co https://*.hf.space")


@pytest.mark.parametrize(("space", "on_space"), [("somebody/segui", True), (" ", False)])
def test_a_space_is_known_by_its_id(monkeypatch, space, on_space):
    monkeypatch.setenv("SPACE_ID", space)
    first = guard_options(Settings())["middleware"][0]
    assert first.cls is SafeHeaders
    assert first.kwargs == {"on_space": on_space, "added": (), "first": ""}


def named(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_scripts_of_a_page_are_named_one_by_one_and_no_other_runs(app):
    page = ask(app, "GET", "/")
    policy = page.headers["content-security-policy"]
    (scripts,) = (part for part in policy.split("; ") if part.startswith("script-src"))
    within = re.findall(r"<script(?: data-gradio-mode)?>(.*?)</script>", page.text, re.DOTALL)
    assert len(within) == 6
    assert within[0] == asset("idle.js"), "Gradio keeps the function that asks for a frame"
    assert {named(text) for text in (*within, link_script())} == {
        word for word in scripts.split() if word.startswith("'sha256")
    }
    assert "'unsafe-inline'" not in scripts


@pytest.mark.parametrize(
    ("page", "scripts"),
    [
        ("<script>a()</script><p>b()</p><SCRIPT type=module>\nc()</SCRIPT >", ["a()", "\nc()"]),
        ("<script>a()</script><script>a()</script>", ["a()"]),
        ("<script src='a.js'></script><script defer src = a.js></script>", []),
        ("<script>a()\r\nb()\rc()</script>", ["a()\nb()\nc()"]),
        ("<scripts>a()</scripts><p onclick='a()'>", []),
    ],
)
def test_a_script_is_known_by_its_text(page, scripts):
    assert [*hashes_of(page.encode())] == [named(text) for text in scripts]


def passed_on(*pieces: bytes, first: str = "", **headers: str) -> tuple[dict[str, str], bytes]:
    """The headers and the text of a page that comes in pieces."""

    async def app(scope, receive, send):
        named = {"content-type": "text/html; charset=utf-8", **headers}
        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    sent = []

    async def send(message):
        sent.append(message)

    run(SafeHeaders(app, on_space=False, first=first)({"type": "http"}, None, send))
    start, *bodies = sent
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return told, b"".join(message.get("body", b"") for message in bodies)


def test_a_page_that_comes_in_pieces_is_passed_on_whole_with_its_policy():
    headers, page = passed_on(b"<script>le", b"t x = 1</scr", b"ipt>")
    assert page == b"<script>let x = 1</script>"
    assert headers["content-security-policy"] == content_policy(
        on_space=False, scripts=[named("let x = 1")]
    )


def test_a_script_stands_before_all_others_of_a_page():
    headers, page = passed_on(b"<he", b"ad><script>b()</script>", first="a()", content_length="29")
    assert page == b"<head><script>a()</script><script>b()</script>"
    assert headers["content-length"] == str(len(page))
    assert headers["content-security-policy"] == content_policy(
        on_space=False, scripts=[named("a()"), named("b()")]
    )


def test_the_answer_to_head_keeps_the_length_of_the_page():
    headers, page = passed_on(first="a()", content_length="29")
    assert page == b""
    assert headers["content-length"] == "29"
