"""A visit that several tests share, where opening the page anew for each would take too long."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.app_server import AppServer
from tests.browser.pages import Complaints, fresh_page
from tests.browser.walk import Walk


@contextmanager
def visit(browser: Browser, app: AppServer, *, is_timed: bool = False) -> Iterator[Walk]:
    """Open the page in a browser of its own, and find no errors in it when it is left.

    Args:
        browser: The browser.
        app: The app.
        is_timed: Whether the page's clock can be stopped.
    """
    with fresh_page(browser, app.url) as page:
        complaints = Complaints(page)
        if is_timed:
            page.clock.install()
        walk = Walk(page)
        walk.open()
        yield walk
    assert complaints.found == [], complaints.found


def bring_tiles(walk: Walk, folder: Path, *masks: str) -> None:
    """Give the photo of the tiles, and masks of them; what is chosen gets inverted."""
    walk.upload_photo(folder / "tiles.png")
    walk.pick("effect", "Invert")
    if masks:
        walk.upload_masks(*(folder / f"{name}.png" for name in masks))
        expect(walk.part("download")).to_be_enabled()
