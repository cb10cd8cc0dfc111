"""What is said, asked or opened where nobody looks comes into view."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import tiles
from tests.browser.walk import Walk

LOW = {"width": 1280, "height": 700}
PHONE = {"width": 390, "height": 844}
TO_THE_END = "(one) => { one.scrollTop = one.scrollHeight; }"
# how far an element's outline is from the edges of what scrolls it, px; below 0 it is cut off
ROOM = """(one) => {
  const inner = one.getBoundingClientRect();
  const outer = document.querySelector('#middle').getBoundingClientRect();
  return Math.min(inner.top - outer.top, outer.bottom - inner.bottom) - 4;
}"""


@pytest.fixture
def low(visitor: Walk) -> Walk:
    """A visitor whose picture's column has to be scrolled."""
    visitor.page.set_viewport_size(LOW)
    return visitor


@pytest.fixture
def asked(low: Walk) -> Walk:
    """A visitor who is asked, by keys, whether what is not hidden may be given away."""
    low.pick("effect", "Hide")
    low.lists("filtered", *range(1, tiles.TILES + 1))
    low.set_opacity(128)
    low.part("ask-download").focus()
    low.page.keyboard.press("Enter")
    expect(low.part("question")).to_be_visible()
    return low


def test_a_sentence_is_seen_by_whoever_has_scrolled_past_its_place(low: Walk, tmp_path: Path):
    low.part("middle").evaluate(TO_THE_END)
    odd = tmp_path / "odd.json"
    odd.write_text('{"last_node_id": 1}', "utf-8")
    low.drop(odd)
    expect(low.part("problem").locator("p")).to_be_in_viewport(ratio=1)


def test_on_a_phone_a_sentence_is_seen_above_an_open_sheet(visitor: Walk, tmp_path: Path):
    visitor.page.set_viewport_size(PHONE)
    visitor.show("find")
    odd = tmp_path / "odd.json"
    odd.write_text('{"last_node_id": 1}', "utf-8")
    visitor.drop(odd)
    expect(visitor.part("problem").locator("p")).to_be_in_viewport(ratio=1)


def test_a_question_is_seen_with_both_its_answers(asked: Walk):
    for answer in ("go-back", "download-anyway"):
        expect(asked.part(answer)).to_be_in_viewport(ratio=1)
        assert asked.part(answer).evaluate(ROOM) >= 0


def test_escape_is_the_answer_no_and_the_focus_goes_back(asked: Walk):
    asked.page.keyboard.press("Tab")
    expect(asked.part("go-back")).to_be_focused()
    asked.page.keyboard.press("Escape")
    expect(asked.part("question")).to_be_hidden()
    expect(asked.part("ask-download")).to_be_focused()


def test_an_answer_by_keys_leaves_the_focus_at_the_download(asked: Walk):
    asked.page.keyboard.press("Tab")
    asked.page.keyboard.press("Enter")
    expect(asked.part("question")).to_be_hidden()
    expect(asked.part("ask-download")).to_be_focused()


def test_a_group_that_is_opened_below_the_picture_is_seen_whole(low: Walk):
    low.part("middle").evaluate(TO_THE_END)
    low.unfold("For datasets")
    expect(low.part("take-yolo")).to_be_visible()
    for taken in ("take-coco", "take-yolo", "take-scores"):
        expect(low.part(taken)).to_be_in_viewport(ratio=1)
