"""SAM on the page: what is clicked or framed, by models of the list and by their repo ids."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.app_server import AppServer, running_app
from tests.browser.counted import marker
from tests.browser.looking_app import ANSWERED, LOOKED
from tests.browser.shapes import name_model, visitor_with_shapes
from tests.browser.walk import Walk
from tests.classifiers.hub_server import Repo, running_hub
from tests.finders.tiny_sam import tiny_sam, tiny_sam2

pytestmark = pytest.mark.server
OF_THE_LIST = "facebook/sam2.1-hiera-tiny"
BY_NAME = "org/sam"
HINT = "Click what you want, or draw a box around it. Alt and a click takes away."
WHERE = (0.3, 0.4)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app whose hub has a SAM 2 of the list and a SAM, and which counts what they do."""
    folder = tmp_path_factory.mktemp("looking")
    with running_hub() as hub:
        hub.repos[OF_THE_LIST] = saved(folder / "sam2", tiny_sam2)
        hub.repos[BY_NAME] = saved(folder / "sam", tiny_sam)
        variables = {**hub.environment(folder / "hub"), "SEGUI_DEVICE": "cpu"}
        with running_app(folder, "tests/browser/looking_app.py", **variables) as server:
            yield server


def saved(folder: Path, make: Callable[[], Any]) -> Repo:
    make().save_pretrained(folder)
    return Repo(folder)


@pytest.fixture
def visitor(
    browser: Browser, app: AppServer, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Walk]:
    """A visitor with a photo that nobody else has."""
    seed = sum(map(ord, request.node.name))
    with visitor_with_shapes(browser, app, tmp_path, seed) as walk:
        yield walk


def choose_sam(visitor: Walk) -> None:
    visitor.pick("finder", "By a model")
    visitor.part("finder-repo").locator("input").click()
    visitor.page.get_by_role("option", name="What is clicked or framed, SAM 2.1").click()


def calls(app: AppServer, name: str) -> int:
    return app.log.count(marker(name))


def marks(visitor: Walk, kind: str) -> Any:
    return visitor.page.locator(f".found-{kind}")


def waits_for_marks(visitor: Walk) -> None:
    expect(visitor.page.locator(".found-hint")).to_have_text(HINT)


def test_a_model_of_the_list_takes_clicks_and_boxes(visitor: Walk, app: AppServer):
    looked, answered = calls(app, LOOKED), calls(app, ANSWERED)
    choose_sam(visitor)
    waits_for_marks(visitor)
    visitor.click_at(*WHERE)
    visitor.says("1 of 1 area chosen")
    expect(marks(visitor, "dot")).to_have_count(1)
    expect(visitor.part("notes")).to_contain_text(f"found by {OF_THE_LIST}, commit ")
    assert calls(app, LOOKED) - looked == 1
    assert calls(app, ANSWERED) - answered == 1
    before = visitor.outline(1).get_attribute("d")
    visitor.page.keyboard.down("Alt")
    visitor.click_at(0.7, 0.7)
    visitor.page.keyboard.up("Alt")
    expect(marks(visitor, "dot.is-away")).to_have_count(1)
    expect(visitor.outline(1)).not_to_have_attribute("d", before or "")
    visitor.stroke((0.55, 0.5), (0.9, 0.95))
    expect(marks(visitor, "box:not(.is-drawn)")).to_have_count(1)
    visitor.says("2 of 2 areas chosen")
    # it looks at a photo once, and answers to each mark
    assert calls(app, LOOKED) - looked == 1


def test_a_model_of_the_list_says_what_it_costs_and_once_it_was_fetched_less(visitor: Walk):
    choose_sam(visitor)
    waits_for_marks(visitor)
    expect(visitor.part("finder-repo")).to_contain_text("Licence: Apache-2.0.")
    visitor.part("finder-repo").locator("input").click()
    options = visitor.page.get_by_role("option")
    here = options.filter(has_text="What is clicked or framed, SAM 2.1, 5 s (Apache-2.0)")
    expect(here).to_have_count(1)
    cost = "Everything, 190 MB to fetch once, then 2.9 s (other; MIT upstream)"
    expect(options.filter(has_text=cost)).to_have_count(1)


def test_a_model_named_by_its_repo_id_says_that_it_wants_marks(visitor: Walk, app: AppServer):
    looked = calls(app, LOOKED)
    name_model(visitor, BY_NAME)
    waits_for_marks(visitor)
    expect(visitor.part("problem")).to_have_text(
        "Click on the photo what you want, or draw a box around it."
    )
    visitor.click_at(*WHERE)
    visitor.says("1 of 1 area chosen")
    expect(visitor.part("problem")).not_to_contain_text("Click on the photo")
    waits_for_marks(visitor)
    visitor.part("undo").click()
    expect(marks(visitor, "dot")).to_have_count(0)
    waits_for_marks(visitor)
    assert calls(app, LOOKED) - looked == 1


def test_a_model_that_takes_marks_is_told_by_keys_too(visitor: Walk):
    choose_sam(visitor)
    waits_for_marks(visitor)
    visitor.sheet.focus()
    visitor.page.keyboard.press("Shift+ArrowLeft")
    visitor.page.keyboard.press("Enter")
    visitor.says("1 of 1 area chosen")
    visitor.page.keyboard.press("Shift+Enter")
    visitor.page.keyboard.press("Shift+ArrowRight")
    visitor.page.keyboard.press("Shift+ArrowDown")
    visitor.page.keyboard.press("Enter")
    expect(marks(visitor, "box:not(.is-drawn)")).to_have_count(1)


def answer(visitor: Walk, name: str) -> Any:
    return visitor.page.locator(f"[data-answer={name}]")


def test_one_of_three_outlines_is_chosen_by_a_key_and_asks_the_model_nothing(
    visitor: Walk, app: AppServer
):
    choose_sam(visitor)
    waits_for_marks(visitor)
    tray = visitor.page.get_by_role("group", name="Outlines to choose from")
    expect(tray).to_be_hidden()
    visitor.click_at(*WHERE)
    visitor.says("1 of 1 area chosen")
    expect(tray).to_be_visible()
    taken = tray.locator("[aria-pressed=true]")
    expect(taken).to_have_count(1)
    done = calls(app, LOOKED), calls(app, ANSWERED)
    other = next(
        name
        for name in ("smallest", "middle", "largest")
        if answer(visitor, name).get_attribute("aria-pressed") == "false"
    )
    expect(answer(visitor, other)).to_have_text(re.compile(rf"^{other.title()}: \d+(\.\d)? %$"))
    before = visitor.outline(1).get_attribute("d") or ""
    answer(visitor, other).focus()
    visitor.page.keyboard.press("Enter")
    expect(answer(visitor, other)).to_have_attribute("aria-pressed", "true")
    expect(answer(visitor, other)).to_be_focused()
    expect(taken).to_have_count(1)
    expect(visitor.outline(1)).not_to_have_attribute("d", before)
    expect(visitor.part("candidate").get_by_role("radio", checked=True)).to_have_value(other)
    visitor.page.keyboard.press("Enter")  # once more takes the best again
    expect(visitor.part("candidate").get_by_role("radio", checked=True)).to_have_value("best")
    expect(visitor.outline(1)).to_have_attribute("d", before)
    assert (calls(app, LOOKED), calls(app, ANSWERED)) == done
    visitor.page.locator("[data-found=clear]").click()
    expect(tray).to_be_hidden()
