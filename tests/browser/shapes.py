"""A visitor of the page with a photo of a disc and a square, who has a model find in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from tests.app_server import AppServer
from tests.browser.pages import fresh_page
from tests.browser.walk import Walk
from tests.finders.tiny_shapes import scene


@contextmanager
def visitor_with_shapes(
    browser: Browser, app: AppServer, folder: Path, seed: int
) -> Iterator[Walk]:
    """A visitor whose photo is another one for each seed; nothing is found in it yet."""
    photo = folder / "shapes.png"
    Image.fromarray(scene(np.random.default_rng(seed), side=384)[0]).save(photo)
    with fresh_page(browser, app.url) as page:
        walk = Walk(page)
        walk.open()
        walk.upload_photo(photo)
        walk.says("Now say where the areas are")
        yield walk


def name_model(visitor: Walk, name: str) -> None:
    """Have a model find, by its name or repo id."""
    visitor.pick("finder", "By a model")
    box = visitor.part("finder-repo").locator("input")
    box.fill(name)
    box.press("Enter")
