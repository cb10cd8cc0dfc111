"""The page's components are described once, however many sessions there are."""

from typing import Any

import gradio as gr
import pytest
from gradio.state_holder import SessionState

from segui.ui.guard.described import describe_once
from tests.ui.loops import closing_loops


@pytest.fixture
def page() -> Any:
    with closing_loops(), gr.Blocks() as demo:
        gr.Number(3, label="Grow")
        gr.HTML("<p>", elem_id="status")
        gr.JSON({"a": 1}, visible="hidden")
    return demo


def counted(page: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The components that are described from now on."""
    asked: list[int] = []
    for number, block in page.blocks.items():
        plain = block.get_config

        def describing(*given: Any, number: int = number, plain: Any = plain) -> Any:
            asked.append(number)
            return plain(*given)

        monkeypatch.setattr(block, "get_config", describing)
    return asked


def test_each_session_has_what_gradio_says(page):
    expected = SessionState(page).config_values
    describe_once(page)
    assert [SessionState(page).config_values for _ in range(2)] == [expected] * 2


def test_a_component_is_described_once_for_all_sessions(page, monkeypatch):
    describe_once(page)
    asked = counted(page, monkeypatch)
    for _ in range(5):
        SessionState(page)
    assert sorted(asked) == sorted(page.blocks)


def test_what_one_session_is_told_no_other_one_has(page):
    describe_once(page)
    one, other = SessionState(page), SessionState(page)
    number = next(key for key, block in page.blocks.items() if isinstance(block, gr.Number))
    one._update_value_in_config(number, 8)
    assert one.config_values[number]["props"]["value"] == 8
    assert other.config_values[number]["props"]["value"] == 3
    assert SessionState(page).config_values[number]["props"]["value"] == 3


def test_a_component_of_one_sessions_own_is_described_for_it_alone(page):
    describe_once(page)
    SessionState(page)
    number = next(key for key, block in page.blocks.items() if isinstance(block, gr.Number))
    config = SessionState(page).blocks_config
    own = gr.Number(3, label="Shrink", render=False)
    assert config.config_for_block(number, [], own)["props"]["label"] == "Shrink"
    assert SessionState(page).config_values[number]["props"]["label"] == "Grow"


def test_the_page_itself_is_told_as_before(page):
    before = page.get_config_file()
    describe_once(page)
    assert page.get_config_file()["components"] == before["components"]
