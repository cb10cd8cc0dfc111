"""A real browser for the page's tests, and what many of them begin with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.app_server import AppServer
from tests.browser import tiles
from tests.browser.chromium import ARGUMENTS, find
from tests.browser.pages import Complaints, Tabs, fresh_page
from tests.browser.shared import SharedPage
from tests.browser.tiles import Oracle
from tests.browser.visit import bring_tiles
from tests.browser.walk import Walk


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or the one that ``CHROMIUM`` names."""
    path = os.environ.get("CHROMIUM") or find()
    assert path, "no Chromium: set CHROMIUM to the path of one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Iterator[Tabs]:
    """Empty pages for what is tried without the app."""
    tabs = Tabs(browser)
    yield tabs
    tabs.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiles and their masks."""
    folder = tmp_path_factory.mktemp("tiles")
    tiles.draw(folder)
    return folder


@pytest.fixture(scope="session")
def oracle(folder: Path) -> Oracle:
    """What the engine alone makes of the tiles."""
    return Oracle(folder)


@pytest.fixture
def complaints() -> list[Complaints]:
    """Those of each page of the test."""
    return []


@pytest.fixture
def page(
    browser: Browser, app: AppServer, complaints: list[Complaints], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page of a fresh context; parametrize it indirectly with options of ``new_context``."""
    with fresh_page(browser, app.url, **getattr(request, "param", {})) as page:
        complaints.append(Complaints(page))
        yield page
    found = [sentence for each in complaints for sentence in each.found]
    assert found == []


@pytest.fixture
def newcomer(page: Page) -> Walk:
    """A visitor whose page was opened for this test alone, with its example."""
    visitor = Walk(page)
    visitor.open()
    return visitor


@pytest.fixture(scope="module")
def shared(browser: Browser, app: AppServer) -> Iterator[SharedPage]:
    """The page that the tests of one module are lent: their order is always the same."""
    page = SharedPage(browser, app.url)
    yield page
    page.close()


@pytest.fixture
def walk(shared: SharedPage) -> Iterator[Walk]:
    """A visitor whose page is open, with its example; others have used it before."""
    with shared.lent() as visitor:
        yield visitor


@pytest.fixture
def visitor(walk: Walk, folder: Path) -> Walk:
    """A visitor with the tiles' six areas, all inverted, and the values that a page begins with."""
    bring_tiles(walk, folder, "mask")
    return walk
