"""A picture from ComfyUI, given to the page for the workflow that it carries."""

import json
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import expect

from tests.browser import tiles
from tests.browser.tiles import Oracle
from tests.browser.walk import Walk
from tests.browser.workflows import PROMPT, RULE

# as it stood on the screen, with the values of its widgets in their order
WORKFLOW = {
    "nodes": [
        {
            "id": 7,
            "type": "SEGSPaste",
            "mode": 0,
            "inputs": [],
            "outputs": [],
            "widgets_values": [21, 99],
        }
    ],
    "links": [],
    "version": 0.4,
}
QUEUED = "read from the picture's prompt: what it was made by"


def write(path: Path, **carried: object) -> Path:
    """A PNG that carries texts, as ComfyUI saves its results."""
    texts = PngInfo()
    for name, value in carried.items():
        texts.add_text(name, json.dumps(value))
    Image.new("RGB", (64, 48), (90, 120, 60)).save(path, pnginfo=texts)
    return path


def bring(walk: Walk, path: Path) -> None:
    walk.unfold("Open a recipe")
    walk.upload("settings-file", path)


def test_what_a_picture_was_made_by_sets_the_controls(visitor: Walk, folder: Path, tmp_path: Path):
    bring(visitor, write(tmp_path / "made.png", prompt=PROMPT, workflow=WORKFLOW))
    notes = visitor.part("settings-notes")
    expect(notes).to_contain_text(QUEUED)
    expect(notes).to_contain_text("node 4 (SEGSPaste): took feather 12, alpha 200")
    visitor.unfold("More options for areas")
    values = {"feather": "12", "alpha": "78.4", "drop-size": "30", "crop-factor": "1.5"}
    for name, value in values.items():
        expect(visitor.number(name)).to_have_value(value)
    expect(visitor.rule).to_have_value(RULE)
    expect(visitor.part("edge").get_by_label("Same as ComfyUI")).to_be_checked()
    expect(visitor.part("photo-card")).to_contain_text("tiles.png")  # it gave no photo
    engine = Oracle(folder, crop_factor=1.5, drop_size=30, order="contour")
    chosen = engine.chosen(RULE)
    assert 0 < len(chosen.items) < tiles.TILES
    visitor.sees(engine.result(chosen, edge="impact", feather=12, alpha=200))


def test_what_was_on_the_screen_counts_where_nothing_was_queued(visitor: Walk, tmp_path: Path):
    bring(visitor, write(tmp_path / "saved.png", workflow=WORKFLOW))
    notes = visitor.part("settings-notes")
    expect(notes).to_contain_text("read from the picture's workflow")
    expect(notes).to_contain_text("node 7 (SEGSPaste): took feather 21, alpha 99")
    expect(visitor.number("feather")).to_have_value("21")
    expect(visitor.number("alpha")).to_have_value("39")  # percent of 255


def test_a_picture_without_a_workflow_changes_nothing(visitor: Walk, tmp_path: Path):
    visitor.set_number("feather", 17)
    bring(visitor, write(tmp_path / "plain.png", parameters="a photo of a cat"))
    expect(visitor.part("problem")).to_contain_text("the picture carries no ComfyUI workflow")
    expect(visitor.number("feather")).to_have_value("17")
    expect(visitor.rule).to_have_value("*")


def test_a_picture_that_becomes_the_photo_offers_the_workflow_that_it_carries(
    walk: Walk, tmp_path: Path
):
    made = write(tmp_path / "made.png", prompt=PROMPT, workflow=WORKFLOW)
    walk.drop(made)
    expect(walk.part("photo-card")).to_contain_text("made.png")
    said = walk.part("problem")
    expect(said).to_contain_text("made.png carries a ComfyUI workflow.")
    expect(walk.number("feather")).not_to_have_value("12")
    said.get_by_role("button", name="Take its settings").click()
    expect(said).to_contain_text("Taken: the settings of the workflow in made.png.")
    expect(walk.number("feather")).to_have_value("12")
    expect(walk.part("photo-card")).to_contain_text("made.png")
    # what it did is unfolded: nobody has to look for it
    expect(walk.part("settings-notes")).to_contain_text(QUEUED)
    expect(walk.part("settings-notes")).to_be_visible()


def test_a_result_that_is_dropped_with_its_photo_offers_its_workflow_too(
    walk: Walk, tmp_path: Path
):
    pixels = np.random.default_rng(3).integers(0, 256, (48, 64, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    texts = PngInfo()
    texts.add_text("prompt", json.dumps(PROMPT))
    Image.fromarray(255 - pixels).save(tmp_path / "result.png", pnginfo=texts)
    walk.drop(tmp_path / "photo.png", tmp_path / "result.png")
    expect(walk.part("problem")).to_contain_text(
        "Taken: photo.png as the photo; result.png as the edited version. "
        "result.png carries a ComfyUI workflow."
    )
    expect(walk.page.get_by_role("button", name="Take its settings")).to_be_visible()


def test_a_picture_that_carries_none_offers_none(walk: Walk, tmp_path: Path):
    walk.drop(write(tmp_path / "plain.png", parameters="a photo of a cat"))
    expect(walk.part("photo-card")).to_contain_text("plain.png")
    walk.rests()
    expect(walk.page.get_by_role("button", name="Take its settings")).to_have_count(0)
