"""A model of the user's own on the page: a folder below the models folder, asked for by name."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, expect

from segui import paste, segments_from_mask
from tests.app_server import running_app
from tests.browser.pages import fresh_page
from tests.browser.walk import Walk


@pytest.fixture
def visitor(
    browser: Browser, face_model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    """A visitor of an app that may read the folder of the trained model."""
    folder = tmp_path_factory.mktemp("app-with-models")
    models = {"SEGUI_MODELS_DIR": str(face_model_dir.parent), "SEGUI_DEVICE": "cpu"}
    with running_app(folder, **models) as app, fresh_page(browser, app.url) as page:
        yield Walk(page)


def choose_model(visitor: Walk, name: str) -> None:
    """Pick the manual entry, and write the model's name into the box that then shows."""
    box = visitor.part("classifier").locator("input")
    box.click()
    visitor.page.get_by_role("option", name="Manual repo id").click()
    repo = visitor.part("repo").locator("input, textarea")
    repo.fill(name)
    repo.press("Enter")


def test_a_trained_model_chooses_the_face_on_a_real_photo(
    visitor: Walk, pictures: Path, face_model_dir: Path, tmp_path: Path
):
    visitor.open()
    visitor.part("fresh").click()
    visitor.upload_photo(pictures / "photo.png")
    visitor.upload_masks(pictures / "mask.png")
    visitor.pick("effect", "Invert")
    visitor.page.get_by_role("button", name="Options for areas").click()
    visitor.set_number("crop-factor", 1)
    choose_model(visitor, face_model_dir.name)
    expect(visitor.part("labels")).to_contain_text("face")
    visitor.write_rule("face > 0.5")
    expect(visitor.part("status")).to_contain_text("1 of 2 areas chosen")
    expect(visitor.part("filtered")).to_contain_text("> 0.5 is true")

    photo = torch.from_numpy(np.array(Image.open(pictures / "photo.png")))[None]
    areas = segments_from_mask(torch.from_numpy(np.array(Image.open(pictures / "mask.png"))))
    face = areas.of(areas.items[:1])
    expected = paste(photo, face, reference=255 - photo)[0].numpy()
    assert np.array_equal(visitor.download(tmp_path), expected)
