"""What is done by keys alone: stops, links past what stands first, and the list of keys."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walk import Walk

pytestmark = pytest.mark.server
MOST_STOPS = 12
# how many stops by Tab a group of choices is: those that can be reached, by the browser's own rule
STOPS = """() => {
  const groups = [...document.querySelectorAll('fieldset')].filter((one) => one.checkVisibility());
  return groups.map((group) => {
    const radios = [...group.querySelectorAll('input[type=radio]')];
    return [group.id, new Set(radios.map((one) => one.name)).size, radios.length];
  });
}"""
FOCUSED = "(one) => one === document.activeElement || one.contains(document.activeElement)"
# where Tab goes on from is what had the focus last
START = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
}"""


# a phone, and a page of 1440 px at 200 %
SMALL = [{"width": 390, "height": 844}, {"width": 720, "height": 500}]
# what has the focus, and what lies over its middle or is where it cannot be seen; empty is nothing
OVER_FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const shown = one.closest('label:has(> input[type=radio])') ?? one;
  const {left, top, width, height} = shown.getBoundingClientRect();
  const found = document.elementFromPoint(left + width / 2, top + height / 2);
  const name = one.getAttribute('aria-label') ?? one.textContent.trim();
  const isSeen = found && (shown.contains(found) || found.contains(shown));
  return [name, isSeen ? '' : found?.id || found?.className || found?.tagName || 'out of view'];
}"""

# what the page does about what has the focus, it does before it is drawn
DRAWN = "() => new Promise((then) => requestAnimationFrame(() => setTimeout(then)))"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def stops_to(page: Page, goal: Locator, follows: str = "") -> int:
    """How often Tab is pressed from the start until something has the focus.

    Args:
        page: The page.
        goal: What is to have it.
        follows: The link past what stands first that is taken on the way.
    """
    page.evaluate(START)
    for count in range(1, 10 * MOST_STOPS):
        press(page, "Tab")
        if follows and page.locator(":focus").inner_text() == follows:
            press(page, "Enter")
        if goal.evaluate(FOCUSED):
            return count
    raise AssertionError(f"Tab does not reach {goal}")


def test_a_group_of_choices_is_one_stop(walk: Walk):
    groups = walk.page.evaluate(STOPS)
    assert {"finder", "effect", "edge", "blend"} <= {id_ for id_, _, _ in groups}
    assert [id_ for id_, names, _ in groups if names != 1] == []
    walk.page.locator("#effect input:checked").focus()
    press(walk.page, "Tab")
    expect(walk.page.locator("#effect input:focus")).to_have_count(0)
    press(walk.page, "Shift+Tab")
    expect(walk.page.locator("#effect input:focus")).to_have_value("grey")


@pytest.mark.parametrize("group", ["effect", "format"])
def test_the_line_of_the_focus_is_round_the_whole_choice(walk: Walk, group: str):
    dot = walk.page.locator(f"#{group} input:checked")
    dot.focus()
    press(walk.page, "Tab", "Shift+Tab")
    expect(dot).to_be_focused()
    choice = walk.page.locator(f"#{group} label:has(input:checked)")
    expect(choice).to_have_css("outline-style", "solid")
    expect(choice).to_have_css("outline-width", "2px")
    expect(dot).to_have_css("outline-style", "none")


def test_arrows_choose_in_a_group(walk: Walk):
    walk.page.locator("#effect-on input:checked").focus()
    press(walk.page, "ArrowUp")
    expect(walk.page.locator("#effect-on input:focus")).to_have_value("filtered")
    expect(walk.part("edits")).not_to_contain_text("on all but")
    expect(walk.page.locator("#effect-on input:checked")).to_have_count(1)
    press(walk.page, "ArrowDown")
    expect(walk.part("edits")).to_contain_text("on all but 4 of 12 areas")


def test_a_choice_made_elsewhere_is_the_groups_one_choice(walk: Walk):
    walk.part("privacy").click()
    expect(walk.page.locator("#effect input:checked")).to_have_value("hide")
    walk.part("undo").click()
    expect(walk.page.locator("#effect input:checked")).to_have_value("grey")
    expect(walk.page.locator("#effect input:checked")).to_have_count(1)


def test_the_download_is_reached_in_twelve_stops(walk: Walk):
    download = walk.part("download")
    past = stops_to(walk.page, download, follows="Skip to the picture")
    assert past <= MOST_STOPS
    assert stops_to(walk.page, download, follows="Skip to the download") == 2


def test_a_link_past_the_steps_leads_to_the_picture(walk: Walk):
    link = walk.page.get_by_role("link", name="Skip to the picture")
    expect(link).not_to_be_in_viewport()
    walk.page.evaluate(START)
    press(walk.page, "Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    press(walk.page, "Enter")
    expect(walk.page.locator("#result [data-mode=result]")).to_be_focused()
    assert "#" not in walk.page.url


def test_the_keys_are_listed_and_the_focus_goes_back(walk: Walk):
    keys = walk.page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_hidden()
    walk.part("paint").focus()
    press(walk.page, "?")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("Undo")
    press(walk.page, "Escape")
    expect(keys).to_be_hidden()
    expect(walk.part("paint")).to_be_focused()
    button = walk.page.get_by_role("button", name="Keys")
    button.focus()
    press(walk.page, "Enter")
    expect(keys).to_be_visible()
    keys.get_by_role("button", name="Close").click()
    expect(keys).to_be_hidden()
    expect(button).to_be_focused()


def test_a_question_mark_in_a_text_is_the_texts(walk: Walk):
    walk.rule.focus()
    press(walk.page, "End", "?")
    expect(walk.rule).to_have_value("red > 50%?")
    expect(walk.page.get_by_role("dialog", name="Keys")).to_be_hidden()


def passed(page: Page, key: str) -> list[tuple[str, str]]:
    """All stops from where the focus is on, each with what lies over it."""
    found = []
    for _ in range(10 * MOST_STOPS):
        press(page, key)
        page.evaluate(DRAWN)
        stop = page.evaluate(OVER_FOCUS)
        if stop is None:
            break
        found.append((stop[0], stop[1]))
    return found


@pytest.mark.parametrize("size", SMALL, ids=["phone", "200 %"])
def test_nothing_lies_over_what_has_the_focus_on_a_small_page(newcomer: Walk, size: dict[str, int]):
    page = newcomer.page
    page.set_viewport_size(size)
    newcomer.unfold("All areas in a table")
    expect(newcomer.row(12)).to_be_visible()
    newcomer.rests()  # what is drawn anew has no focus for a moment
    page.evaluate(START)
    for key in ("Tab", "Shift+Tab"):  # past the end one comes back
        stops = passed(page, key)
        assert {"Find", "Save", "Keys"} <= {name for name, _ in stops}
        assert [(name, over) for name, over in stops if over] == []


@pytest.mark.parametrize("size", SMALL, ids=["phone", "200 %"])
@pytest.mark.parametrize("sheet", ["Find", "Edits", "Areas", "Save"])
def test_a_sheet_is_opened_gone_through_and_left_by_keys(
    newcomer: Walk, sheet: str, size: dict[str, int]
):
    page = newcomer.page
    page.set_viewport_size(size)
    button = page.locator("#bar").get_by_role("button", name=sheet)
    button.focus()
    press(page, "Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    newcomer.rests()
    found = []
    while stop := page.evaluate(OVER_FOCUS):
        found.append(tuple(stop))
        press(page, "Tab")
        page.evaluate(DRAWN)
    assert [(name, over) for name, over in found if over] == []
    assert found[-1][0] != found[0][0]
    if button.get_attribute("aria-expanded") != "true":
        button.focus()
        press(page, "Enter")
    page.locator("#steps, #sides, #save").locator("button:visible").first.focus()
    press(page, "Escape")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()


@pytest.mark.parametrize("size", SMALL, ids=["phone", "200 %"])
def test_a_list_of_choices_is_left_without_the_sheet_that_it_is_in(
    newcomer: Walk, size: dict[str, int]
):
    page = newcomer.page
    page.set_viewport_size(size)
    sheet = page.locator("#bar").get_by_role("button", name="Edits")
    sheet.focus()
    press(page, "Enter")
    expect(sheet).to_have_attribute("aria-expanded", "true")
    first, second = (newcomer.part(name).locator("input") for name in ("classifier", "preset"))
    first.focus()
    press(page, "Tab")
    expect(second).to_be_focused()
    page.evaluate(DRAWN)
    expect(sheet).to_have_attribute("aria-expanded", "true")
    press(page, "ArrowDown")
    expect(second).to_have_attribute("aria-expanded", "true")
    press(page, "Escape")
    expect(second).to_have_attribute("aria-expanded", "false")
    expect(second).to_be_focused()
    expect(sheet).to_have_attribute("aria-expanded", "true")
    press(page, "Escape")
    expect(sheet).to_have_attribute("aria-expanded", "false")
    expect(sheet).to_be_focused()
