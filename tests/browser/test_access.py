"""The page for everybody: what axe finds on it, and all of it by keys alone."""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api as playwright
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
GRAVE = {"serious", "critical"}
OPEN_ALL = """() => {
  for (const head of document.querySelectorAll('.label-wrap:not(.open)')) head.click();
}"""
MOST_TABS = 250
NOTHING_TO_PASTE = "Nothing to paste yet: say what happens, or add an edited version."
ANYTHING = re.compile(".*")
PRESSES, BETWEEN_PRESSES_MS = 20, 1000
# what has the focus: its label or text, the id round it, whether a line round it is drawn
FOCUSED = """() => {
  const one = document.activeElement;
  const hasLine = (part) => part && getComputedStyle(part).outlineStyle !== 'none'
    && parseFloat(getComputedStyle(part).outlineWidth) >= 1;
  // an invisible divider, a box in a frame, a dot, a field's button: it is on what they stand in
  const frame = one.closest('.viewer-stage, label:has(> input[type=radio]), .wrap, .drop');
  return {
    isBody: one === document.body,
    isSeen: one.matches(':focus-visible') && Boolean(hasLine(one) || hasLine(frame)),
    name: one.getAttribute('aria-label') ?? one.textContent.trim(),
  };
}"""
IS_FOCUSED = "(one) => one === document.activeElement || one.contains(document.activeElement)"


def open_all(walk: Walk) -> None:
    for _ in range(2):  # the outer ones first
        walk.page.evaluate(OPEN_ALL)
    expect(walk.page.locator(".label-wrap:not(.open)")).to_have_count(0)


def pick_an_area(walk: Walk) -> None:
    walk.show("areas")
    walk.part("filtered").locator(".pick").first.click()
    expect(walk.part("detail").locator(".bars li").first).to_be_visible()
    expect(walk.part("inset").locator("img")).to_be_visible()


def look_at_areas(walk: Walk) -> None:
    walk.part("result").get_by_role("button", name="Areas", exact=True).click()
    expect(walk.page.locator(".shows-areas")).to_have_count(1)


def save(walk: Walk) -> None:
    walk.show("save")
    expect(walk.reach("take-recipe")).to_be_visible()


def list_keys(walk: Walk) -> None:
    walk.page.get_by_role("button", name="Keys").click()
    expect(walk.page.get_by_role("dialog", name="Keys")).to_be_visible()


def paint(walk: Walk) -> None:
    walk.page.keyboard.press("Escape")  # whatever lies over the page
    walk.show("find")
    walk.part("paint").click()
    expect(walk.page.locator(".painter-bar")).to_be_visible()


def paint_on_a_file(walk: Walk) -> None:
    walk.page.evaluate("() => document.querySelector('#mask-list [data-paint]').click()")
    expect(walk.page.get_by_label("Paint on").locator("option:checked")).to_have_text(
        "balloons.png"
    )
    walk.page.locator(".painter-look summary").click()
    expect(walk.page.get_by_label("Overlay colour")).to_be_visible()


def write_a_wrong_rule(walk: Walk) -> None:
    walk.show("edits")
    walk.write_rule("red > (")
    expect(walk.part("expression-error")).to_contain_text("Column 7")


def stop_painting_and_clear(walk: Walk) -> None:
    walk.page.locator(".painter-paint").focus()
    clear(walk)


def clear(walk: Walk) -> None:
    walk.page.keyboard.press("Escape")
    expect(walk.page.locator(".painter-bar")).not_to_be_visible()
    walk.part("fresh").click()
    expect(walk.part("download")).to_be_disabled()
    expect(walk.part("photo-card")).to_have_text("")


# one after the other on one page
STATES: dict[str, Callable[[Walk], None]] = {
    "an area picked": pick_an_area,
    "areas": look_at_areas,
    "everything open": open_all,
    "saving": save,
    "a wrong rule": write_a_wrong_rule,
    "the keys": list_keys,
    "painting": paint,
    "painting on a file": paint_on_a_file,
    "empty": stop_painting_and_clear,
}
LOOKS = [
    {"color_scheme": "light", "viewport": {"width": width, "height": height}}
    for width, height in ((1440, 1000), (390, 844))
]
# all that a theme changes are colours: in the dark one, what axe says of these alone
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
ARE_STILL = """(isDark) => document.body.classList.contains('dark') === isDark
  && document.getAnimations().every((one) => one.playState !== 'running')"""


def grave(walk: Walk) -> list[str]:
    """What axe finds wrong in both themes, when nothing is on its way to another look any more."""
    walk.rests()
    light = found_by_axe(walk.page)
    # of a page with a list of keys over it, that list is looked at
    assert len(light["passes"]) > 15, "axe has looked at the page"
    walk.page.emulate_media(color_scheme="dark")
    dark = found_by_axe(walk.page, is_dark=True, runOnly=OF_COLOURS)
    assert dark["passes"], "axe has looked at the page's colours"
    walk.page.emulate_media(color_scheme="light")
    return [f"light: {one}" for one in worded(light)] + [f"dark: {one}" for one in worded(dark)]


def found_by_axe(page: Page, *, is_dark: bool = False, **options: Any) -> dict[str, Any]:
    page.wait_for_function(ARE_STILL, arg=is_dark)
    found: dict[str, Any] = page.evaluate(
        "(options) => axe.run(options)", {"resultTypes": ["violations"], **options}
    )
    return found


def worded(found: dict[str, Any]) -> list[str]:
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize("page", LOOKS, ids=["desk", "phone"], indirect=True)
def test_axe_finds_nothing_grave(newcomer: Walk):
    newcomer.page.evaluate(AXE)
    found = {"opened": grave(newcomer)}
    for state, reach in STATES.items():
        reach(newcomer)
        found[state] = grave(newcomer)
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_every_field_for_files_has_a_name_of_its_own(walk: Walk):
    open_all(walk)
    for name in ("Photo", "Edited version", "Masks, one file or several"):
        said = f"{name}: choose, drop or paste"
        expect(walk.page.get_by_role("button", name=said, exact=True)).to_be_visible()


# an element that was marked at the start, and what it says now: what is drawn anew is not read out
MARK_LIVE = """() => {
  for (const one of document.querySelectorAll('[aria-live], [role=status]')) one.wasThere = true;
}"""
SAYS_LIVE = """([selector, said]) => {
  const one = document.querySelector(selector), style = getComputedStyle(one);
  return one.wasThere && one.closest('[role=status]') === one && one.textContent.includes(said)
    && style.display !== 'none' && style.visibility !== 'hidden';
}"""


def read_out(walk: Walk, selector: str, said: str) -> None:
    """Wait until a place that was there from the start says something."""
    walk.page.wait_for_function(SAYS_LIVE, arg=[selector, said])


def test_what_changes_is_read_out(walk: Walk):
    for place in ("#status", "#expression-error", ".viewer-busy"):
        there = "(one) => getComputedStyle(one).display !== 'none'"
        assert walk.page.locator(place).evaluate(there), f"{place} is not there before it speaks"
    walk.page.evaluate(MARK_LIVE)
    walk.write_rule("red > 50% or blue > 50%")
    read_out(walk, "#status", "of 12 areas chosen")
    write_a_wrong_rule(walk)
    read_out(walk, "#expression-error", "Column 7")
    for place in ("#status", "#expression-error"):
        expect(walk.page.locator(place)).to_have_attribute("aria-live", "polite")


def test_a_rule_that_cannot_be_read_is_marked_and_explained(walk: Walk):
    rule, error = walk.rule, walk.part("expression-error")
    expect(rule).not_to_have_attribute("aria-invalid", "true")
    write_a_wrong_rule(walk)
    expect(rule).to_have_attribute("aria-invalid", "true")
    expect(rule).to_have_attribute("aria-describedby", "expression-error")
    walk.write_rule("red > 50%")
    expect(error).to_have_text("")
    expect(rule).not_to_have_attribute("aria-invalid", "true")
    expect(rule).not_to_have_attribute("aria-describedby", "expression-error")


# every button that cannot be pressed: its text and its title
DISABLED = """() => [...document.querySelectorAll('button:disabled')]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.textContent.trim(), one.title.trim()])"""


def test_what_cannot_be_pressed_says_why(walk: Walk, pictures: Path):
    enabled = walk.view("100 %").get_attribute("title")
    clear(walk)
    open_all(walk)
    found = dict(walk.page.evaluate(DISABLED))
    assert {"Download PNG", "Mask PNG", "Paint areas", "Hold: original", "Fit"} <= set(found)
    assert [text for text, title in found.items() if not title] == []
    download = walk.part("download")
    expect(download).to_have_attribute("title", "Add a photo first")
    walk.upload_photo(pictures / "photo.png")
    expect(walk.part("paint")).to_be_enabled()
    expect(walk.part("paint")).not_to_have_attribute("title", "Add a photo first")
    expect(walk.view("100 %")).to_have_attribute("title", enabled or "")
    expect(download).to_have_attribute("title", "There are no areas yet: say where they are")
    walk.upload_masks(pictures / "mask.png")
    expect(download).to_have_attribute("title", NOTHING_TO_PASTE)
    walk.pick("effect", "Invert")
    expect(download).to_be_enabled()
    for button in ("download", "take-mask", "take-recipe"):
        expect(walk.reach(button)).not_to_have_attribute("title", ANYTHING)


class Keys:
    """A visitor without a mouse; each step checks where the focus is, and that it can be seen."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.page = walk, walk.page

    def tab_to(self, selector: str) -> None:
        """Press Tab until the first such element has the focus, and see it there."""
        goal = self.page.locator(selector).first
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if goal.evaluate(IS_FOCUSED):
                break
        assert goal.evaluate(IS_FOCUSED), f"Tab does not reach {selector}"
        assert self.focused["isSeen"], f"the focus on {selector} cannot be seen"

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, group: str, value: str) -> None:
        """Go to a group of choices and move in it by arrows until one is chosen."""
        self.tab_to(f"#{group} .wrap:has(> label)")
        for _ in range(self.page.locator(f"#{group} input").count()):
            if self.page.locator(f"#{group} input:checked:focus[value='{value}']").count():
                return
            self.press("ArrowDown")
        raise AssertionError(f"no arrow reaches {value!r} of {group}")

    @property
    def focused(self) -> dict[str, Any]:
        said: dict[str, Any] = self.page.evaluate(FOCUSED)
        return said

    def is_at(self, selector: str) -> None:
        """Wait until the focus is there, and can be seen."""
        expect(self.page.locator(f"{selector}:focus-visible")).to_have_count(1)
        assert self.focused["isSeen"]

    def choose_files(self, field: str, *paths: Path) -> None:
        self.tab_to(f"#{field} button")
        for _ in range(PRESSES):  # a page that is still being set up may miss the first one
            try:
                with self.page.expect_file_chooser(timeout=BETWEEN_PRESSES_MS) as chooser:
                    self.press("Enter")
            except playwright.TimeoutError:
                continue
            chooser.value.set_files([str(path) for path in paths])
            return
        raise AssertionError(f"Enter on {field} opens no choice of files")


@pytest.fixture
def keys(walk: Walk) -> Keys:
    return Keys(walk)


def test_all_the_work_can_be_done_by_keys(keys: Keys, pictures: Path):
    walk = keys.walk
    keys.choose_files("photo", pictures / "photo.png")
    expect(walk.part("photo-card")).to_contain_text("photo.png")
    keys.is_at("#photo button")
    keys.choose_files("masks", pictures / "mask.png")
    expect(walk.part("notes")).to_contain_text("mask.png")
    keys.is_at("#masks button")
    expect(walk.part("status")).to_contain_text("2 of 2 areas chosen")
    expect(walk.part("labels").locator(".chip").first).to_contain_text("brown")

    keys.tab_to("#expression textarea")
    keys.press("ControlOrMeta+a")
    walk.page.keyboard.type("orange > 50%")
    expect(walk.part("status")).to_contain_text("1 of 2 areas chosen")
    keys.is_at("#expression textarea")

    keys.tab_to("#effect button")
    keys.press("Tab")
    keys.press("Enter")  # the group of effects that has it
    keys.choose("effect", "invert")
    expect(walk.part("download")).to_be_enabled()
    keys.tab_to("#feather input[type=range]")
    keys.press("ArrowRight", "ArrowRight")
    expect(walk.slide("feather")).to_have_value("7")
    keys.is_at("#feather input[type=range]")

    keys.tab_to("#remained .pick")
    keys.press("Enter")
    expect(walk.part("detail")).to_contain_text("Left out")
    keys.is_at("#remained .pick")
    keys.press("Tab", "Space")
    expect(walk.part("status")).to_contain_text("2 of 2 areas chosen")
    keys.is_at("#filtered [data-of]")
    assert keys.focused["name"].startswith("Undo area")

    keys.tab_to("#download")
    with walk.page.expect_download() as waiting:
        keys.press("Enter")
    assert waiting.value.suggested_filename.endswith(".png")
    keys.is_at("#download")


def test_a_threshold_moves_by_arrows(keys: Keys):
    keys.tab_to("#builder input[type=range]")
    keys.press("ArrowRight", "ArrowRight")
    expect(keys.walk.rule).to_have_value("red > 52%")
    keys.is_at("#builder input[type=range]")


def test_before_and_after_are_divided_by_arrows(keys: Keys):
    keys.tab_to("#result [data-mode=compare]")
    keys.press("Enter")
    keys.tab_to("#result .viewer-divider")
    keys.press("ArrowLeft", "ArrowLeft")
    expect(keys.page.locator(".viewer-divider")).to_have_value("48")
    keys.is_at("#result .viewer-divider")


def test_the_picture_at_full_size_moves_by_arrows(keys: Keys):
    keys.tab_to("#result [data-zoom='1']")
    keys.press("Enter")
    keys.tab_to("#result .viewer-scroll")
    scroll = keys.page.locator(".viewer-scroll")
    before = scroll.evaluate("one => one.scrollLeft")
    keys.press("ArrowRight")
    keys.page.wait_for_function(
        "before => document.querySelector('.viewer-scroll').scrollLeft > before", arg=before
    )
    keys.is_at("#result .viewer-scroll")


def test_an_area_is_painted_by_keys(keys: Keys):
    keys.tab_to("#paint")
    keys.press("Enter")
    keys.is_at("#result canvas.painter-paint")
    keys.press("ArrowRight", "Space", "Escape")
    expect(keys.walk.part("mask-list")).to_contain_text("What you painted")
    keys.is_at("#paint")


def test_a_mask_file_is_painted_on_by_keys_and_what_was_painted_is_taken_away(keys: Keys):
    masks = keys.walk.part("mask-list")
    keys.tab_to("#mask-list [data-paint]")
    keys.press("Enter")
    keys.is_at("#result canvas.painter-paint")
    expect(keys.page.locator(".painter-trouble")).to_be_hidden()
    keys.press("e", "ArrowRight", "Space", "Escape")
    expect(masks).to_contain_text("What you painted on balloons.png")
    expect(keys.walk.part("notes")).to_contain_text("balloons.png: it was painted on")
    masks.get_by_role("button", name="Remove What you painted on balloons.png").press("Enter")
    expect(masks).not_to_contain_text("What you painted")
    expect(keys.walk.part("notes")).not_to_contain_text("it was painted on")


def test_the_focus_goes_on_where_its_button_went(keys: Keys):
    keys.tab_to("#mask-list [data-remove]")
    keys.press("Enter")
    expect(keys.walk.part("mask-list")).not_to_contain_text("balloons.png")
    keys.is_at("#masks button")


def test_a_closed_area_leaves_the_focus_on_its_card(keys: Keys):
    keys.tab_to("#remained .pick[data-number='2']")
    keys.press("Enter")
    expect(keys.walk.part("detail")).to_contain_text("Left out")
    keys.page.locator("#detail [aria-label=Close]").focus()
    keys.press("Enter")
    expect(keys.walk.part("detail")).to_have_text("")
    keys.is_at("#remained .pick[data-number='2']")


def test_a_list_of_choices_closes_when_one_goes_on_by_tab(page: Page):
    walk = Walk(page)
    walk.open()
    box = walk.part("classifier").locator("input")
    box.focus()
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).not_to_be_focused()
    assert page.evaluate("document.activeElement !== document.body")
