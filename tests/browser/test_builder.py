"""The rule builder on a page of its own: what a hand does to it, and what it sends."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app_server import AppServer, running_app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    folder = tmp_path_factory.mktemp("builder")
    with running_app(folder, "tests/browser/builder_app.py") as server:
        yield server


class Builder:
    """The piece, and the box and the log beside it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator("#builder .builder")
        self.line = page.get_by_role("group", name="The rule in one line")
        self.more = page.get_by_role("group", name="Another condition")
        self.name = page.get_by_label("Name", exact=True)
        self.sign = page.get_by_label("Comparison", exact=True)
        self.rows = page.locator(".builder-row")
        self.rule = page.locator("#rule textarea, #rule input")

    def threshold(self, label: str = "red") -> Locator:
        return self.page.get_by_label(f"Threshold of {label}", exact=True)

    def join(self, word: str) -> Locator:
        return self.page.get_by_role("button", name=f"{word}…", exact=True)

    def log(self) -> list[Any]:
        text = self.page.locator("#log textarea").input_value()
        return [json.loads(line) for line in text.splitlines()]

    def types(self, rule: str) -> None:
        self.rule.fill(rule)
        self.rule.press("Enter")

    def says(self, rule: str) -> None:
        expect(self.rule).to_have_value(rule)

    def dots(self, side: str, row: int = 0) -> Locator:
        return self.rows.nth(row).locator(f".builder-dot.side-{side}")

    def mark(self, row: int = 0) -> str:
        """Where the line over the strip stands."""
        style = self.rows.nth(row).locator(".builder-mark").evaluate("mark => mark.style.left")
        return str(style)


@pytest.fixture
def built(page: Page) -> Builder:
    page.goto("/")
    piece = Builder(page)
    expect(piece.root).to_be_visible()
    expect(page.locator("#log textarea")).to_have_value("")
    return piece


def test_a_simple_rule_is_shown_as_a_line_and_a_strip(built: Builder):
    expect(built.name).to_have_value("red")
    expect(built.sign).to_have_value(">")
    expect(built.line).to_contain_text("50%")
    expect(built.rows).to_have_count(1)
    expect(built.threshold()).to_have_value("50")
    assert built.mark() == "50%"
    expect(built.dots("filtered")).to_have_count(4)
    expect(built.dots("remained")).to_have_count(6)
    plot = built.page.get_by_role("img", name="Scores of red: 4 chosen, 6 left out", exact=True)
    expect(plot).to_be_visible()
    expect(built.page.get_by_title("Area 10: 90%, chosen", exact=True)).to_be_visible()


def test_an_odd_name_is_chosen_as_any_other(built: Builder):
    options = built.name.locator("option").all_inner_texts()
    assert options == [
        "choose a name", "red", "green", "sky blue", '""', "tabby, tabby cat", "and",
        "caf\u00e9", "cafe\u0301 (2)",
    ]  # fmt: skip
    for option, written in (
        ('""', '""'),
        ("tabby, tabby cat", '"tabby, tabby cat"'),
        ("and", '"and"'),
        ("cafe\u0301 (2)", "cafe\u0301"),
    ):
        built.name.select_option(label=option)
        built.says(f"{written} > 50%")
        expect(built.threshold(written)).to_have_value("50")
        expect(built.name.locator("option:checked")).to_have_text(option)
    built.join("or").click()
    built.page.get_by_label("Name to add").select_option(label='""')
    built.more.get_by_role("button", name="Add").click()
    built.says('cafe\u0301 > 50% or "" >= 50%')


def test_another_name_or_comparison_is_another_rule(built: Builder):
    built.name.select_option("sky blue")
    built.says('"sky blue" > 50%')
    built.sign.select_option("is at most")
    built.says('"sky blue" <= 50%')
    assert built.log() == [
        ["rule", {"label": "sky blue", "sign": ">", "value": 0.5}],
        ["rule", {"label": "sky blue", "sign": "<=", "value": 0.5}],
    ]
    expect(built.threshold('"sky blue"')).to_have_value("50")


def test_a_threshold_moves_with_the_keyboard(built: Builder):
    built.threshold().focus()
    for _ in range(3):
        built.page.keyboard.press("ArrowRight")
    built.says("red > 53%")
    expect(built.line).to_contain_text("53%")
    built.page.keyboard.press("Home")
    built.says("red > 0%")
    expect(built.dots("filtered")).to_have_count(9)
    expect(built.page.locator("#log textarea")).to_have_value(
        re.compile(r'\["threshold", \{"index": 0, "value": 0, "final": true\}\]\s*$')
    )


def test_a_dragged_threshold_stays_under_the_hand_and_its_last_place_is_sent(built: Builder):
    box = built.threshold().bounding_box()
    assert box
    width, top = box["width"] - 16, box["y"] + 9
    mouse = built.page.mouse
    mouse.move(box["x"] + 8 + width * 0.5, top)
    mouse.down()
    for percent in range(50, 81):
        mouse.move(box["x"] + 8 + width * percent / 100, top)
        expect(built.threshold()).to_have_value(str(percent))
        assert built.mark() == f"{percent}%"
    built.says("red > 80%")
    expect(built.threshold()).to_have_value("80")
    mouse.up()
    built.says("red > 80%")
    expect(built.dots("filtered")).to_have_count(1)
    expect(built.page.locator("#log textarea")).to_have_value(
        re.compile(r'"value": 0\.8, "final": true\}\]\s*$')
    )
    assert {name for name, _ in built.log()} == {"threshold"}
    values = [data["value"] for _, data in built.log()]
    assert values == sorted(values)


@pytest.mark.parametrize("word", ["and", "or"])
def test_another_condition_is_joined(built: Builder, word: str):
    built.join(word).click()
    added = built.page.get_by_label("Name to add")
    expect(added).to_have_value("green")
    expect(added).to_be_focused()
    built.page.get_by_label("Comparison to add").select_option("is less than")
    built.page.get_by_role("button", name="Add", exact=True).click()
    built.says(f"red > 50% {word} green < 50%")
    expect(built.more).to_be_hidden()
    expect(built.join(word)).to_be_focused()
    expect(built.rows).to_have_count(2)
    expect(built.root).to_contain_text("The rule says more than this line can")
    expect(built.name).to_have_value("")
    built.threshold("green").fill("20")
    built.says(f"red > 50% {word} green < 20%")
    assert built.log()[0] == [
        "join",
        {"word": word, "label": "green", "sign": "<", "value": 0.5},
    ]


def test_a_condition_that_is_not_wanted_is_put_away(built: Builder):
    built.join("and").click()
    expect(built.join("and")).to_have_attribute("aria-expanded", "true")
    built.page.keyboard.press("Escape")
    expect(built.more).to_be_hidden()
    expect(built.join("and")).to_have_attribute("aria-expanded", "false")
    assert built.log() == []


def test_a_dot_says_which_area_it_is(built: Builder):
    built.page.get_by_title("Area 4: 30%, left out", exact=True).click()
    expect(built.page.locator("#log textarea")).to_have_value('["select", {"number": 4}]\n')


def test_the_builder_follows_a_rule_that_is_typed(built: Builder):
    built.types("0.2 < red <= 0.75 or green > 1%")
    expect(built.rows).to_have_count(3)
    expect(built.page.get_by_label("Threshold of red (2)", exact=True)).to_have_value("75")
    assert built.mark(1) == "75%"
    built.types("green < 30%")
    expect(built.name).to_have_value("green")
    expect(built.threshold("green")).to_have_value("30")


def test_while_a_rule_cannot_be_read_nothing_can_be_joined_to_it(built: Builder):
    built.join("or").click()
    built.types("red >")
    expect(built.join("and")).to_be_disabled()
    expect(built.more).to_be_hidden()
    expect(built.rows).to_have_count(1)
    expect(built.threshold()).to_have_count(1)
    expect(built.threshold()).to_be_hidden()


def test_the_undecided_look_otherwise(built: Builder):
    built.types("violet > 1% or red > 80%")
    expect(built.dots("review", row=1)).to_have_count(9)
    expect(built.dots("filtered", row=1)).to_have_count(1)


def test_before_there_are_scores_there_is_nothing(built: Builder):
    built.page.locator("#empty").click()
    expect(built.root).to_be_hidden()


@pytest.mark.parametrize(
    "page", [{"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 700}}], indirect=True
)
def test_every_dot_is_in_its_strip_on_any_page(built: Builder):
    strip = built.page.locator(".builder-strip").bounding_box()
    assert strip
    for dot in built.page.locator(".builder-dot").all():
        box = dot.bounding_box()
        assert box
        assert strip["x"] - 5 <= box["x"] <= strip["x"] + strip["width"] + 5
        assert strip["y"] - 1 <= box["y"] <= strip["y"] + strip["height"] - 15
    width = built.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0


def test_a_long_name_beside_its_strip_is_not_cut(built: Builder):
    built.types('"tabby, tabby cat" > 2%')
    name = built.rows.locator(".builder-name")
    expect(name).to_have_text('"tabby, tabby cat"')
    cut = "one => [one.scrollWidth > one.clientWidth, one.scrollHeight > one.clientHeight]"
    assert name.evaluate(cut) == [False, False]
