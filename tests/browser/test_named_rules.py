"""Rules with names, and opacity that follows each area, on the page."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from segui.edits import read_edits
from tests.app_server import AppServer
from tests.browser.test_studio import FRAME_MS, Asked
from tests.browser.tiles import Oracle
from tests.browser.visit import bring_tiles, visit
from tests.browser.walk import Walk


@pytest.fixture
def timed(browser: Browser, app: AppServer, folder: Path) -> Iterator[Walk]:
    """A visitor with six areas, whose page has a clock that can be stopped."""
    with visit(browser, app, is_timed=True) as walk:
        bring_tiles(walk, folder, "mask")
        yield walk


# unfolds a section and writes into its box in the very moment in which the box can be written in
WRITE_AT_ONCE = """async ([title, selector, text]) => {
  const seen = () => {
    const box = document.querySelector(selector);
    return box?.checkVisibility() ? box : null;
  };
  const shown = new Promise((resolve) => {
    const look = () => { if (seen()) resolve(); };
    new MutationObserver(look).observe(document.body, {
      childList: true, subtree: true, attributes: true,
    });
  });
  const heads = [...document.querySelectorAll('.label-wrap:not(.open)')];
  heads.find((head) => head.textContent.includes(title)).click();
  await shown;
  seen().value = text;
  seen().dispatchEvent(new Event('input', {bubbles: true}));
}"""


def named(walk: Walk) -> Locator:
    return walk.part("rules").locator("textarea")


def test_a_rule_with_a_name_is_used_dragged_and_missed(visitor: Walk):
    visitor.unfold("Rules with names")
    named(visitor).fill("reddish = red > 30%\nother = not reddish")
    visitor.rule.fill("reddish")
    visitor.lists("filtered", 1, 3, 5)
    expect(visitor.part("named-rules")).to_contain_text("Rules with names (2)")
    expect(visitor.card(3)).to_contain_text("reddish is true (red 40")
    chip = visitor.part("labels").get_by_role("button", name="other", exact=True)
    chip.click()
    expect(visitor.rule).to_have_value("reddish and other")
    visitor.rule.fill("reddish")
    threshold = visitor.part("builder").get_by_label("Threshold of reddish: red", exact=True)
    threshold.focus()
    for _ in range(20):
        threshold.press("ArrowRight")
    expect(named(visitor)).to_have_value("reddish = red > 50%\nother = not reddish")
    expect(visitor.rule).to_have_value("reddish")
    visitor.lists("filtered", 1, 5)

    named(visitor).fill("reddish = red > 50%\nother = (red")
    trouble = visitor.part("rules-error")
    expect(trouble).to_contain_text("Line 2, column 9: of the rule 'other': this parenthesis")
    expect(named(visitor)).to_have_attribute("aria-invalid", "true")
    named(visitor).fill("")
    expect(trouble).to_contain_text("Not used: the rule could not be read any more: 'reddish'")
    visitor.lists("filtered", 1, 5)
    visitor.rule.fill("red > 30%")
    visitor.lists("filtered", 1, 3, 5)
    expect(trouble).to_be_empty()


def test_what_is_folded_at_first_is_there_from_the_start(newcomer: Walk):
    expect(newcomer.page.locator(".folded-at-first")).not_to_have_count(0)
    expect(newcomer.page.locator(".folded-at-first > .label-wrap.open")).to_have_count(0)
    for field in ("#rules textarea", "#crop-factor input[type=number]", "#take-psd", "#help p"):
        expect(newcomer.page.locator(field).first).to_be_attached()
        expect(newcomer.page.locator(field).first).to_be_hidden()


def test_what_is_written_as_soon_as_its_section_unfolds_stays(newcomer: Walk):
    rules = "reddish = red > 30%"
    newcomer.page.evaluate(WRITE_AT_ONCE, ["Rules with names", "#rules textarea", rules])
    expect(newcomer.part("named-rules")).to_contain_text("Rules with names (1)")
    newcomer.rests()
    expect(named(newcomer)).to_have_value(rules)


def test_opacity_follows_each_area_and_asks_nothing_while_a_slider_moves(
    timed: Walk, oracle: Oracle, tmp_path: Path
):
    fade = "20%..60% of red"
    timed.part("fade").locator("textarea, input").fill(fade)
    expect(timed.card(3)).to_contain_text("opacity 50%: red 40%")  # red by two fifths
    expected = result(oracle, fade)
    timed.sees(expected(5))
    slider = timed.slide("feather")
    slider.focus()
    timed.rests()
    asked = Asked(timed.page)
    timed.page.clock.pause_at(time.time() + 3600)
    for value in range(6, 21):
        slider.press("ArrowRight")
        expect(slider).to_have_value(str(value))
        timed.page.clock.run_for(FRAME_MS)
    expect(timed.page.locator(".viewer-live")).to_be_visible()
    assert asked.urls == []
    timed.page.clock.resume()
    timed.sees(expected(20))
    np.testing.assert_array_equal(timed.download(tmp_path), expected(20))

    timed.part("fade").locator("textarea, input").fill("20%..60 of red")
    expect(timed.part("fade")).to_contain_text(
        "Not used: column 1: of 20%..60 one is in percent alone: did you mean 20%..60%?."
    )
    timed.sees(expected(20))


def result(oracle: Oracle, fade: str):
    def of(feather: int) -> np.ndarray:
        edits = read_edits([{"effect": "invert", "fade": fade, "feather": feather}])
        return oracle.edited(edits)

    return of


def test_the_box_of_rules_with_names_has_its_title_once(visitor: Walk):
    visitor.unfold("Rules with names")
    titles = visitor.part("named-rules").get_by_text("Rules with names", exact=True)
    seen = [one for one in titles.all() if (box := one.bounding_box()) and box["width"] > 1]
    expect(visitor.part("rules").get_by_label("Rules with names")).to_be_visible()
    assert len(seen) == 1
