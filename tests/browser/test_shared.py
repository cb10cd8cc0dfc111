"""A page that many tests use: as new for each of them, or another one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.app_server import AppServer
from tests.browser.pages import PATIENCE_MS, Tabs
from tests.browser.shared import SharedPage
from tests.browser.visit import bring_tiles
from tests.browser.walk import Walk

ELEMENTS = 1_800  # the opened page has some 1,550


@pytest.fixture(scope="module")
def lender(browser: Browser, app: AppServer) -> Iterator[SharedPage]:
    page = SharedPage(browser, app.url)
    yield page
    page.close()


@pytest.fixture
def patient(browser: Browser, app: AppServer) -> Iterator[SharedPage]:
    """One that never takes another page because the processors are busy."""
    page = SharedPage(browser, app.url, PATIENCE_MS)
    yield page
    page.close()


def test_whatever_was_done_on_it_a_page_is_as_new_for_the_next_one(
    patient: SharedPage, folder: Path
):
    with patient.lent() as first:
        bring_tiles(first, folder, "mask")
        first.set_number("feather", 30)
        first.set_number("grow", 3)
        first.write_rule("red > 20%")
        first.put("Leave out", 1)
        first.view("Areas").click()
        first.unfold("All areas in a table")
    with patient.lent() as second:
        assert second.page is first.page
        expect(second.number("feather")).not_to_have_value("30")
        expect(second.number("grow")).to_have_value("0")
        expect(second.rule).to_have_value("red > 50%")
        expect(second.view("Result")).to_have_attribute("aria-pressed", "true")
        expect(second.part("status")).to_contain_text("4 of 12 areas chosen")
        second.lists("filtered", 4, 6, 7, 11)


def test_it_is_as_new_though_there_was_a_photo_of_ones_own_to_go_back_to(
    patient: SharedPage, folder: Path
):
    with patient.lent() as first:
        first.upload_photo(folder / "tiles.png")
        first.rests()
        first.example("Pixelate what matches")
        expect(first.part("mine")).to_be_visible()
    with patient.lent() as second:
        assert second.page is first.page
        expect(second.part("mine")).to_be_hidden()


def test_a_page_that_cannot_be_as_new_is_not_lent_again(lender: SharedPage):
    with lender.lent() as first:
        first.page.evaluate("document.body.append('something new')")
    with lender.lent() as second:
        assert second.page is not first.page
        assert first.page.is_closed()


def test_what_a_page_complains_of_fails_the_test_that_has_it_and_no_other(lender: SharedPage):
    def complain() -> None:
        with lender.lent() as walk:
            walk.page.evaluate("console.error('of this test')")

    with pytest.raises(AssertionError, match="of this test"):
        complain()
    with lender.lent() as walk:
        expect(walk.part("download")).to_be_enabled()


def test_what_the_page_is_told_is_not_drawn_besides(walk: Walk):
    assert walk.page.evaluate("document.querySelectorAll('*').length") < ELEMENTS


def test_empty_pages_that_are_alike_are_of_one_context_and_each_is_new(tabs: Tabs):
    with tabs.opened(viewport={"width": 300, "height": 200}) as first:
        first.set_content("<p>left behind</p>")
        first.evaluate("() => { window.left = 1; }")
    with tabs.opened(viewport={"width": 300, "height": 200}) as second:
        assert second.context is first.context
        assert first.is_closed()
        assert second.evaluate("() => [typeof left, document.body.innerText]") == ["undefined", ""]
    with tabs.opened(viewport={"width": 300, "height": 200}, has_touch=True) as other:
        assert other.context is not first.context
        assert other.evaluate("() => navigator.maxTouchPoints") > 0


def test_a_page_rests_once_nothing_more_is_to_come(tabs: Tabs, app: AppServer):
    later = """() => setTimeout(() => fetch('/health')
      .then(() => setTimeout(() => { document.body.textContent = 'all of it' }, 400)), 600)"""
    stopped = "() => clearTimeout(setTimeout(() => { document.body.textContent = 'never' }, 900))"
    with tabs.opened(base_url=app.url) as page:
        walk = Walk(page)
        page.goto("/health")
        page.evaluate(later)
        page.evaluate(stopped)
        walk.rests()
        assert page.locator("body").text_content() == "all of it"
