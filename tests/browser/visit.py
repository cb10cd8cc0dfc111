"""A visit that several tests share, where opening the page anew for each would take too long."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.app_server import AppServer
from tests.browser import conftest
from tests.browser.walk import Walk


@contextmanager
def visit(browser: Browser, app: AppServer, *, is_timed: bool = False) -> Iterator[Walk]:
    """Open the page in a browser of its own, and find no errors in it when it is left.

    Args:
        browser: The browser.
        app: The app.
        is_timed: Whether the page's clock can be stopped.
    """
    size = {"width": 1440, "height": 1000}
    context = browser.new_context(base_url=app.url, reduced_motion="reduce", viewport=size)
    context.set_default_timeout(conftest.PATIENCE_MS)
    page = context.new_page()
    complaints = conftest.Complaints(page)
    if is_timed:
        page.clock.install()
    walk = Walk(page)
    try:
        walk.open()
        yield walk
    finally:
        context.close()
    assert complaints.found == [], complaints.found


def bring_tiles(walk: Walk, folder: Path, *masks: str) -> None:
    """Give the photo of the tiles, and masks of them; what is chosen gets inverted."""
    walk.upload_photo(folder / "tiles.png")
    walk.pick("effect", "Invert")
    if masks:
        walk.upload_masks(*(folder / f"{name}.png" for name in masks))
        expect(walk.part("download")).to_be_enabled()
