import pytest

from segui.settings import Settings
from segui.ui.guard.guard import guard_options
from segui.ui.guard.headers import SafeHeaders, content_policy
from tests.ui.guard.programs import ask


@pytest.mark.parametrize("path", ["/", "/config", "/health", "/gradio_api/nothing", "/theme.css"])
def test_every_answer_says_what_it_is_and_tells_others_nothing(app, path):
    headers = ask(app, "GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_a_page_has_a_policy_and_other_answers_have_none(app):
    page = ask(app, "GET", "/").headers
    assert page["content-security-policy"] == content_policy(on_space=False)
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
    assert first.kwargs == {"policy": content_policy(on_space=on_space)}
