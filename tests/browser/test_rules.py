"""The rule on the page: built by choices, dragged, written by clicks, and what cannot be read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.app_server import AppServer
from tests.browser.tiles import Oracle
from tests.browser.visit import bring_tiles, visit
from tests.browser.walk import Walk


@pytest.fixture(scope="module")
def shared(browser: Browser, app: AppServer, folder: Path) -> Iterator[Walk]:
    """A visitor with six areas, what is chosen of them inverted."""
    with visit(browser, app) as walk:
        bring_tiles(walk, folder, "mask")
        yield walk


@pytest.fixture
def visitor(shared: Walk) -> Walk:
    """The same with all areas chosen, as at first."""
    shared.rule.fill("*")
    shared.says("6 of 6 areas chosen")
    return shared


def label(walk: Walk, name: str) -> Locator:
    """One of the builder's controls."""
    return walk.part("builder").get_by_label(name, exact=True)


def test_a_rule_is_built_by_choices_and_dragged(visitor: Walk, oracle: Oracle):
    label(visitor, "Name").select_option("blue")
    expect(visitor.rule).to_have_value("blue > 50%")
    visitor.lists("filtered", 2, 3)
    label(visitor, "Comparison").select_option("is at most")
    expect(visitor.rule).to_have_value("blue <= 50%")
    visitor.lists("filtered", 1, 4, 5, 6)
    label(visitor, "Comparison").select_option("is more than")
    visitor.lists("filtered", 2, 3)

    threshold = label(visitor, "Threshold of blue")
    threshold.focus()
    for _ in range(15):  # area 3 is blue by three fifths
        threshold.press("ArrowRight")
    expect(visitor.rule).to_have_value("blue > 65%")
    visitor.lists("filtered", 2)
    visitor.sees(oracle.result(oracle.chosen("blue > 65%")))
    threshold.press("Home")
    expect(visitor.rule).to_have_value("blue > 0%")
    visitor.lists("filtered", 2, 3)

    visitor.part("builder").get_by_role("button", name="and…", exact=True).click()
    label(visitor, "Name to add").select_option("red")
    label(visitor, "Comparison to add").select_option("is more than")
    visitor.part("builder").get_by_role("button", name="Add", exact=True).click()
    expect(visitor.rule).to_have_value("blue > 0% and red > 50%")
    visitor.says("0 of 6 areas chosen")
    label(visitor, "Threshold of red").press("Home")
    expect(visitor.rule).to_have_value("blue > 0% and red > 0%")
    visitor.lists("filtered", 3)
    expect(visitor.part("builder").locator(".builder-row")).to_have_count(2)
    visitor.sees(oracle.result(oracle.chosen("blue > 0% and red > 0%")))


def test_a_dot_of_the_plot_is_its_area(visitor: Walk):
    label(visitor, "Name").select_option("blue")
    visitor.lists("filtered", 2, 3)
    visitor.part("builder").get_by_title(re.compile("^Area 3: 60")).click()
    expect(visitor.part("detail").get_by_label("Area 3", exact=True)).to_be_visible()
    expect(visitor.card(3)).to_have_class(re.compile(r"\bselected\b"))


SCREENS = [{"viewport": {"width": width, "height": 844}} for width in (360, 390, 1440)]


@pytest.mark.parametrize("page", SCREENS, indirect=True, ids=["360", "390", "1440"])
def test_no_name_of_the_colours_and_no_fact_of_an_area_is_cut(newcomer: Walk):
    newcomer.show("edits")
    lists = newcomer.part("labels").locator(".chips")
    if not lists.first.is_visible():
        newcomer.unfold("Which areas")
    expect(lists.first).to_be_visible()
    cut = lists.evaluate_all("all => all.map((one) => one.scrollHeight - one.clientHeight)")
    assert cut
    assert max(cut) <= 0


def chip(walk: Walk, name: str) -> Locator:
    """A name found, or a property, to be clicked."""
    words = re.compile(rf"^{re.escape(name)}( \d\.\d\d)?$")
    return walk.part("labels").get_by_role("button", name=words)


def put_caret(walk: Walk, place: int) -> None:
    walk.rule.focus()
    walk.rule.evaluate("(box, place) => box.setSelectionRange(place, place)", place)


def test_a_click_writes_into_the_rule_where_the_caret_is(visitor: Walk):
    rule = visitor.rule
    expect(rule).to_have_value("*")
    chip(visitor, "red").click()  # in place of everything
    expect(rule).to_have_value("red > 50%")
    visitor.lists("filtered", 1, 5)

    rule.fill("red > 10% and ")
    put_caret(visitor, len("red > 10% and "))
    chip(visitor, "blue").click()  # a condition is due
    expect(rule).to_have_value("red > 10% and blue > 50%")
    visitor.lists("filtered", 3)

    rule.fill("red > ")
    put_caret(visitor, len("red > "))
    chip(visitor, "blue").click()  # a value is due
    expect(rule).to_have_value("red > blue")
    visitor.lists("filtered", 1, 5)

    chip(visitor, "@share").click()  # after what is whole
    expect(rule).to_have_value("red > blue and @share > 1%")
    visitor.lists("filtered", 1, 5)

    rule.fill("(")
    put_caret(visitor, 1)
    chip(visitor, "green").click()
    expect(rule).to_have_value("(green > 50%")

    rule.fill("red > 50%")
    visitor.lists("filtered", 1, 5)
    put_caret(visitor, 0)
    chip(visitor, "yellow").click()
    expect(rule).to_have_value("yellow > 50% and red > 50%")
    visitor.says("0 of 6 areas chosen")


def test_the_lines_of_the_help_run_at_a_click(visitor: Walk, oracle: Oracle):
    visitor.unfold("How rules are written")
    lines = visitor.part("help").get_by_role("button")
    expect(lines.first).to_be_visible()
    rules = lines.all_inner_texts()
    assert len(rules) >= 10
    for rule in rules:
        visitor.part("help").get_by_role("button", name=rule, exact=True).click()
        expect(visitor.rule).to_have_value(rule)
        sides = oracle.selection(rule).sides
        places = [number for number, side in enumerate(sides, 1) if side == "filtered"]
        visitor.lists("filtered", *places)
        expect(visitor.part("expression-error")).to_have_text("")


def test_a_rule_that_cannot_be_read_leaves_what_the_last_one_chose(visitor: Walk, oracle: Oracle):
    expected = oracle.result(oracle.chosen("red > 50%"))
    visitor.write_rule("red > 50%")
    visitor.lists("filtered", 1, 5)
    visitor.sees(expected)
    # not from the start: "red > 50" would be a rule on the way, in force where the rest comes late
    visitor.rule.press("End")
    visitor.rule.press_sequentially(" and")
    error = visitor.part("expression-error")
    expect(error).to_contain_text("Column 14: expected a label")
    expect(error).to_contain_text("Until then the areas stay as red > 50% chose.")
    visitor.lists("filtered", 1, 5)
    expect(visitor.part("download")).to_be_enabled()
    visitor.sees(expected)


def test_a_number_that_was_meant_as_percent_is_asked_about(visitor: Walk):
    visitor.write_rule("red > 50")
    expect(visitor.part("expression-error")).to_contain_text("50%")
    visitor.says("0 of 6 areas chosen")
    visitor.write_rule("red > 50%")
    expect(visitor.part("expression-error")).to_have_text("")


def test_a_rule_that_nothing_meets_says_why_and_offers_one_that_works(visitor: Walk):
    visitor.write_rule("red > blue and green > 2%")  # not one comparison: no rule to offer
    visitor.says(
        "Nothing chosen: green > 2% alone leaves out 5 of 6 areas, red > blue leaves out 4."
    )
    visitor.rule.fill("pink > 99%")
    visitor.says("Nothing chosen: pink")
    visitor.rule.fill("gren > 50%")
    visitor.says("Nothing chosen: gren was not found. Did you mean green?")
    visitor.part("status").get_by_role("button", name="Try green > 50%", exact=True).click()
    expect(visitor.rule).to_have_value("green > 50%")
    visitor.lists("filtered", 4)
    visitor.says("1 of 6 areas chosen")


def test_a_rule_that_is_typed_in_place_of_another_one_is_undone_alone(visitor: Walk):
    for rule in ("blue > 50%", "green > 50%"):
        visitor.rule.click()
        visitor.write_rule(rule)
        visitor.rule.press("Tab")
        visitor.rests()
    visitor.part("labels").get_by_role("button", name=re.compile("yellow")).click()
    expect(visitor.rule).to_have_value(re.compile("yellow"))
    visitor.rests()
    for rule in ("green > 50%", "blue > 50%", "*"):
        visitor.part("undo").click()
        expect(visitor.rule).to_have_value(rule)
