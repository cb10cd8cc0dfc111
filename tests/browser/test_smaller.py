"""A photo with more pixels than the server allows is offered smaller, on the page."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.app_server import AppServer, running_app
from tests.browser.pages import Complaints, fresh_page
from tests.browser.walk import Walk

pytestmark = pytest.mark.server
OFFER = "Open it at 1788 x 1118"


@pytest.fixture(scope="module")
def small_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app that opens photos of 2 megapixels at most."""
    folder = tmp_path_factory.mktemp("app for small photos")
    with running_app(folder, SEGUI_MAX_MEGAPIXELS="2") as server:
        yield server


@pytest.fixture
def walk(browser: Browser, small_app: AppServer) -> Iterator[Walk]:
    """A visitor of that app."""
    with fresh_page(browser, small_app.url) as page:
        complaints = Complaints(page)
        visitor = Walk(page)
        visitor.open()
        yield visitor
    assert complaints.found == []


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a photo of 3.6 megapixels and a mask of its size."""
    folder = tmp_path_factory.mktemp("large")
    down, across = np.mgrid[:1500, :2400]
    pixels = np.stack([across / 10, down / 6, 255 - across / 10], axis=2).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "large.jpg", quality=95)
    mask = np.zeros((1500, 2400), np.uint8)
    mask[300:900, 400:1200] = 255
    Image.fromarray(mask).save(folder / "mask.png")
    return folder


def test_a_photo_that_is_too_large_is_opened_smaller_by_one_click(
    walk: Walk, large: Path, tmp_path: Path
):
    walk.upload("photo", large / "large.jpg")
    problem = walk.part("problem")
    expect(problem).to_contain_text("2400 x 1500, 3.6 megapixels: at most 2 are read")
    expect(walk.part("photo-card")).not_to_contain_text("large.jpg")
    problem.get_by_role("button", name=OFFER).click()
    expect(walk.part("photo-card")).to_contain_text("large.jpg")
    expect(walk.part("photo-card")).to_contain_text("1788 x 1118")
    expect(problem).to_be_hidden()
    walk.upload_masks(large / "mask.png")
    walk.says("1 of 1 area chosen")
    expect(walk.part("notes")).to_contain_text("2400 x 1500, opened at 1788 x 1118")
    walk.pick("effect", "Grey")
    assert walk.download(tmp_path).shape[:2] == (1118, 1788)
    # from now on others are opened so too, until that is undone or turned off
    expect(walk.part("shrink").get_by_role("checkbox")).to_be_checked()


def test_that_is_one_step_which_can_be_undone(walk: Walk, large: Path):
    walk.upload("photo", large / "large.jpg")
    walk.part("problem").get_by_role("button", name=OFFER).click()
    expect(walk.part("photo-card")).to_contain_text("large.jpg")
    walk.part("undo").click()
    walk.says("4 of 12 areas chosen")
    expect(walk.part("shrink")).to_be_hidden()
    walk.part("redo").click()
    expect(walk.part("photo-card")).to_contain_text("1788 x 1118")


def test_where_it_is_turned_off_again_the_photo_is_not_opened_and_that_is_offered_anew(
    walk: Walk, large: Path
):
    walk.upload("photo", large / "large.jpg")
    walk.part("problem").get_by_role("button", name=OFFER).click()
    expect(walk.part("photo-card")).to_contain_text("1788 x 1118")
    walk.part("shrink").get_by_role("checkbox").click()
    walk.part("problem").get_by_role("button", name=OFFER).click()
    expect(walk.part("photo-card")).to_contain_text("1788 x 1118")
    expect(walk.part("problem")).to_be_hidden()


def test_photo_and_mask_dropped_together_are_both_opened_smaller(walk: Walk, large: Path):
    walk.drop(large / "large.jpg", large / "mask.png")
    walk.part("problem").get_by_role("button", name=OFFER).click()
    walk.says("1 of 1 area chosen")
    expect(walk.part("photo-card")).to_contain_text("1788 x 1118")


def test_what_was_dropped_together_is_undone_together(walk: Walk, large: Path):
    walk.drop(large / "large.jpg", large / "mask.png")
    walk.part("problem").get_by_role("button", name=OFFER).click()
    walk.says("1 of 1 area chosen")
    walk.part("undo").click()
    walk.says("4 of 12 areas chosen")
    expect(walk.part("shrink")).to_be_hidden()


def test_a_project_of_such_a_photo_opens_as_it_was(walk: Walk, large: Path, tmp_path: Path):
    walk.drop(large / "large.jpg", large / "mask.png")
    walk.part("problem").get_by_role("button", name=OFFER).click()
    walk.says("1 of 1 area chosen")
    project = walk.take("take-project", tmp_path)
    walk.part("fresh").click()
    expect(walk.part("shrink")).to_be_hidden()
    walk.drop(project)
    walk.says("1 of 1 area chosen")
    expect(walk.part("photo-card")).to_contain_text("1788 x 1118")
