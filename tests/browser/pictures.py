"""Take README's pictures of the page anew: ``python -m tests.browser.pictures``.

The photo that is found in, chosen and edited is scikit-image's astronaut: NASA's, in the public
domain.
"""

import io
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright
from skimage import data

from tests import app_server
from tests.app_server import ROOT, AppServer, running_app
from tests.browser.chromium import ARGUMENTS, find
from tests.browser.pages import fresh_page
from tests.browser.walk import Walk

SIZE = {"width": 1440, "height": 960}
QUALITY = 88


def opened(page: Page, _folder: Path) -> None:
    """The page as everybody finds it."""
    walk = Walk(page)
    walk.open()
    walk.rests()


def found(page: Page, folder: Path) -> None:
    """One's own photo: the head was found, and all else is blurred."""
    photo = folder / "astronaut.png"
    Image.fromarray(data.astronaut()).save(photo)
    walk = Walk(page)
    walk.open()
    walk.upload_photo(photo)
    walk.part("finder").get_by_label("Faces").check()
    walk.says("1 of 1 area chosen")
    walk.pick("face-area", "The whole head")
    walk.pick("effect", "Blur")
    walk.pick("effect-on", "Everything else")
    expect(walk.part("edits")).to_contain_text("Blur on all but the area")
    walk.view("Result").click()
    walk.rests()
    page.mouse.move(0, 0)
    walk.part("edits").scroll_into_view_if_needed()


def edited(page: Page, _folder: Path) -> None:
    """A second edit, and an area picked."""
    walk = Walk(page)
    walk.open("/?__theme=dark")
    walk.part("edits").get_by_role("button", name="Add an edit", exact=True).click()
    walk.rests()
    walk.rule.fill("blue > 50%")
    walk.pick("effect", "Invert")
    expect(walk.part("edits")).to_contain_text("Invert 1 of 12 areas")
    walk.card(5).locator("img").click()
    walk.rests()
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")


PICTURES: Mapping[str, Callable[[Page, Path], None]] = {
    "page-light.jpg": opened,
    "page-found.jpg": found,
    "page-dark.jpg": edited,
}


def take(app: AppServer, folder: Path, path: str) -> None:
    """Take each picture in a browser of its own.

    Args:
        app: The app.
        folder: For the photo.
        path: The browser's.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for name, walked in PICTURES.items():
            with fresh_page(browser, app.url, viewport=SIZE, color_scheme="light") as page:
                walked(page, folder)
                with Image.open(io.BytesIO(page.screenshot())) as shot:
                    shot.convert("RGB").save(ROOT / "docs" / name, quality=QUALITY)
        browser.close()


def main() -> int:
    """Take them; 1 where there is no browser."""
    path = find()
    if path is None:
        sys.stderr.write("there is no Chromium: set CHROMIUM to the path of one\n")
        return 1
    app_server.may_start = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running_app(folder, SEGUI_COUNT_FINDS="1") as app:
            take(app, folder, path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
