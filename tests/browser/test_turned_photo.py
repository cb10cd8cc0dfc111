"""A photo that lies otherwise than its file says is turned on the page by one click."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.app_server import AppServer
from tests.browser.visit import visit
from tests.browser.walk import Walk

SIZE_WH = (400, 200)
DISC = (80, 60, 40)  # x, y and radius, px, as the file has it
RIGHT, HALF = 6, 3  # as EXIF counts


@pytest.fixture
def walk(browser: Browser, app: AppServer, tmp_path: Path) -> Iterator[Walk]:
    """A photo of which EXIF and XMP say otherwise how it lies, and a mask of the stored file."""
    rows, columns = np.mgrid[: SIZE_WH[1], : SIZE_WH[0]]
    disc = np.hypot(columns - DISC[0], rows - DISC[1]) < DISC[2]
    pixels = np.where(disc[..., None], (200, 30, 30), (90, 120, 90)).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = RIGHT
    xmp = f'<x tiff:Orientation="{HALF}"/>'.encode()
    Image.fromarray(pixels).save(tmp_path / "photo.jpg", quality=95, exif=exif, xmp=xmp)
    Image.fromarray(disc.astype(np.uint8) * 255).save(tmp_path / "mask.png")
    with visit(browser, app) as walk:
        walk.upload_photo(tmp_path / "photo.jpg")
        walk.upload_masks(tmp_path / "mask.png")
        yield walk


def expect_size(walk: Walk, width: int, height: int) -> None:
    expect(walk.part("photo-card")).to_contain_text(f"{width} x {height}")


def test_a_button_turns_the_photo_and_another_turns_it_back(walk: Walk) -> None:
    expect_size(walk, 200, 400)
    button = walk.part("notes").get_by_role("button", name="Turn it by its XMP data", exact=True)
    button.click()
    expect_size(walk, 400, 200)
    expect(walk.part("notes")).to_contain_text("it is turned as its XMP data says")
    back = walk.part("notes").get_by_role("button", name="Turn it as its file says", exact=True)
    back.click()
    expect_size(walk, 200, 400)
