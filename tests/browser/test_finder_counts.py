"""The buttons of finding say how many areas each would find, and whoever presses one gets them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from skimage import data

from tests.app_server import AppServer, running_app
from tests.browser.pages import fresh_page
from tests.browser.walk import Walk

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The app as it is by itself."""
    with running_app(tmp_path_factory.mktemp("counting"), SEGUI_COUNT_FINDS="1") as server:
        yield server


@pytest.fixture
def counted(browser: Browser, counting: AppServer) -> Iterator[Walk]:
    with fresh_page(browser, counting.url) as page:
        walk = Walk(page)
        walk.open()
        yield walk


def photo(folder: Path, name: str, *faces: np.ndarray) -> Path:
    path = folder / name
    Image.fromarray(np.concatenate(faces, axis=1)).save(path)
    return path


def test_each_photo_has_its_own_counts_and_a_press_finds_as_many(counted: Walk, tmp_path: Path):
    own, one = counted, data.astronaut()
    buttons = own.part("finder")
    counted.upload_photo(photo(tmp_path, "group.png", one, one[:, ::-1]))
    faces = buttons.get_by_role("radio", name="Faces · 2", exact=True)
    expect(faces).to_be_visible()
    colours = buttons.get_by_text("Colours · ")
    expect(colours).to_be_visible()
    number = int(colours.inner_text().split("· ")[1].replace(",", ""))
    faces.check()
    own.says("2 of 2 areas chosen")
    expect(faces).to_be_checked()
    buttons.get_by_role("radio", name=f"Colours · {number:,}", exact=True).check()
    own.says(f"{number} of {number} areas chosen")
    buttons.get_by_role("radio", name="No", exact=True).check()
    counted.upload_photo(photo(tmp_path, "cup.png", data.coffee()))
    expect(buttons.get_by_role("radio", name="No faces", exact=True)).to_be_visible()
    expect(buttons.get_by_text("Faces · 2")).to_have_count(0)
