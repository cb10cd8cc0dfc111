"""Nothing that is to be hidden is given away unhidden without a question."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import tiles
from tests.browser.tiles import Oracle
from tests.browser.walk import Walk

RULE = "no_such_label > 50%"


@pytest.fixture
def hiding(visitor: Walk) -> Walk:
    """A visitor who hides six areas, on which nobody could decide."""
    visitor.pick("effect", "Hide")
    visitor.pick("on-unknown", "Ask me")
    visitor.rule.fill(RULE)
    visitor.lists("review", *range(1, tiles.TILES + 1))
    return visitor


def test_undecided_areas_are_named_before_the_picture_is_given_away(
    hiding: Walk, folder: Path, tmp_path: Path
):
    expect(hiding.part("download")).to_be_hidden()
    hiding.part("ask-download").click()
    expect(hiding.part("question")).to_contain_text("6 areas are undecided: 1, 2, 3, 4, 5, 6")
    hiding.part("go-back").click()
    expect(hiding.part("question")).to_be_hidden()
    hiding.part("ask-download").click()
    path = hiding.take("download-anyway", tmp_path)
    expect(hiding.part("question")).to_be_hidden()
    photo = Oracle(folder).photo
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.array(image), photo)


def test_undecided_areas_are_hidden_where_they_are_asked_about(
    hiding: Walk, folder: Path, tmp_path: Path
):
    hiding.part("ask-download").click()
    hiding.part("hide-undecided").click()
    hiding.lists("filtered", *range(1, tiles.TILES + 1))
    expect(hiding.part("question")).to_be_hidden()
    expect(hiding.part("on-unknown").get_by_label("Include", exact=True)).to_be_checked()
    oracle = Oracle(folder)
    expected = oracle.result(oracle.chosen(RULE, "filter"), effect="hide")
    np.testing.assert_array_equal(hiding.download(tmp_path), expected)
    hiding.part("undo").click()
    hiding.lists("review", *range(1, tiles.TILES + 1))


COLOUR = "(element) => getComputedStyle(element).backgroundColor"
# cards whose reason has a line that lies under one of their buttons
COVERED = """() => [...document.querySelectorAll('.area-card')].filter((card) => {
  const buttons = card.querySelector('.card-acts').getBoundingClientRect();
  const text = document.createRange();
  text.selectNodeContents(card.querySelector('.reason'));
  return [...text.getClientRects()].some((line) => line.right > buttons.left
    && line.left < buttons.right && line.bottom > buttons.top && line.top < buttons.bottom);
}).length"""


def test_on_a_phone_the_question_is_where_it_is_seen(hiding: Walk):
    hiding.page.set_viewport_size({"width": 390, "height": 844})
    hiding.show("areas")
    assert hiding.page.evaluate(COVERED) == 0
    hiding.show("save")
    hiding.part("ask-download").click()
    question = hiding.part("question")
    expect(question).to_be_in_viewport(ratio=1)
    asked, button = question.bounding_box(), hiding.part("ask-download").bounding_box()
    assert asked is not None
    assert button is not None
    assert asked["y"] + asked["height"] <= button["y"]
    hiding.part("go-back").click()
    expect(question).to_be_hidden()


def test_once_all_is_decided_nothing_is_asked(hiding: Walk, folder: Path, tmp_path: Path):
    hiding.part("ask-download").click()
    expect(hiding.part("question")).to_be_visible()
    hiding.pick("on-unknown", "Include")
    hiding.lists("filtered", *range(1, tiles.TILES + 1))
    expect(hiding.part("ask-download")).to_be_hidden()
    expect(hiding.part("question")).to_be_hidden()
    oracle = Oracle(folder)
    expected = oracle.result(oracle.chosen(RULE, "filter"), effect="hide")
    np.testing.assert_array_equal(hiding.download(tmp_path), expected)


def test_what_shines_through_is_named_before_the_picture_is_given_away(hiding: Walk):
    hiding.pick("on-unknown", "Include")
    hiding.lists("filtered", *range(1, tiles.TILES + 1))
    expect(hiding.part("download")).to_be_visible()
    hiding.set_opacity(128)
    expect(hiding.part("download")).to_be_hidden()
    hiding.part("ask-download").click()
    expect(hiding.part("question")).to_contain_text(
        "6 areas are see-through, the opacity being 50 %: 1, 2, 3, 4, 5, 6"
    )
    expect(hiding.part("hide-undecided")).to_be_hidden()
    hiding.set_opacity(255)
    expect(hiding.part("ask-download")).to_be_hidden()
    hiding.set_number("feather", 100)
    hiding.part("ask-download").click()
    expect(hiding.part("question")).to_contain_text(
        "6 areas are see-through in the middle, the soft edge being 100 px: 1, 2, 3, 4, 5, 6"
    )


def test_a_picture_in_which_something_shows_through_is_given_by_a_button_in_amber(hiding: Walk):
    amber = hiding.part("ask-download").evaluate(COLOUR)
    hiding.pick("on-unknown", "Include")
    hiding.lists("filtered", *range(1, tiles.TILES + 1))
    # at its soft edge alone, of which nobody is asked
    expect(hiding.part("problem")).to_contain_text("shows through at its edge")
    expect(hiding.part("download")).to_have_css("background-color", amber)
    hiding.part("privacy").click()
    expect(hiding.part("problem")).not_to_contain_text("shows through")
    expect(hiding.part("download")).not_to_have_css("background-color", amber)


def test_on_a_phone_the_bar_is_in_amber_where_something_shows_through(hiding: Walk):
    hiding.pick("on-unknown", "Include")
    hiding.lists("filtered", *range(1, tiles.TILES + 1))
    expect(hiding.part("problem")).to_contain_text("shows through at its edge")
    amber = hiding.part("download").evaluate(COLOUR)
    hiding.page.set_viewport_size({"width": 390, "height": 844})
    save = hiding.page.locator('#bar [data-sheet="save"]')
    expect(save).to_have_css("border-top-color", amber)
    hiding.page.evaluate("document.querySelector('#privacy button, button#privacy').click()")
    expect(hiding.part("problem")).not_to_contain_text("shows through")
    expect(save).not_to_have_css("border-top-color", amber)


def test_a_remark_hides_nothing_that_is_to_be_decided(hiding: Walk, folder: Path, tmp_path: Path):
    amber = hiding.part("ask-download").evaluate(COLOUR)
    hiding.pick("on-unknown", "Include")
    hiding.lists("filtered", *range(1, tiles.TILES + 1))
    project = hiding.take("take-project", tmp_path)
    hiding.upload("photo", project)
    problem = hiding.part("problem")
    expect(problem).to_contain_text("was opened as it was left")
    expect(problem).to_contain_text("shows through at its edge")
    expect(hiding.part("download")).to_have_css("background-color", amber)


def test_the_undecided_are_named_also_where_they_are_left_out(hiding: Walk):
    hiding.pick("on-unknown", "Leave out")
    hiding.lists("remained", *range(1, tiles.TILES + 1))
    expect(hiding.part("download")).to_be_hidden()
    hiding.part("ask-download").click()
    expect(hiding.part("question")).to_contain_text("6 areas are undecided: 1, 2, 3, 4, 5, 6")
