"""A real browser for the page's tests."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.app_server import AppServer
from tests.browser.chromium import find

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"]
PATIENCE_MS = 60_000  # two cores may be shared with other work; no test waits that long by design

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or the one that ``CHROMIUM`` names."""
    path = os.environ.get("CHROMIUM") or find()
    assert path, "no Chromium: set CHROMIUM to the path of one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Complaints:
    """What a page did that no page should do: errors in its console, requests to other hosts."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("console", lambda said: self._add(said.type == "error", f"console: {said.text}"))
        page.on("pageerror", lambda error: self._add(True, f"script: {error}"))
        page.on("request", self._check_host)

    def _add(self, is_wrong: bool, sentence: str) -> None:
        if is_wrong:
            self.found.append(sentence)

    def _check_host(self, request: Request) -> None:
        parts = urlsplit(request.url)
        outside = parts.scheme not in ("blob", "data") and parts.hostname != "127.0.0.1"
        self._add(outside, f"request: {request.url}")


@pytest.fixture
def complaints() -> list[Complaints]:
    """Those of each page of the test."""
    return []


@pytest.fixture
def page(
    browser: Browser, app: AppServer, complaints: list[Complaints], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page of a fresh context; parametrize it indirectly with options of ``new_context``."""
    options = {"viewport": {"width": 1440, "height": 1000}, **getattr(request, "param", {})}
    context = browser.new_context(base_url=app.url, reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints.append(Complaints(page))
    yield page
    context.close()
    found = [sentence for each in complaints for sentence in each.found]
    assert found == []
