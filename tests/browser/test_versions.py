"""Several edited versions on the page: each edit pastes its own."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.walk import Walk

pytestmark = pytest.mark.server
SIZE_HW = (240, 360)
LEFT, RIGHT = (30, 40, 130, 140), (220, 90, 320, 190)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A photo and two edited versions of it, one with another left, one with another right."""
    rough = np.random.default_rng(4).integers(40, 220, (24, 36, 3), np.uint8)
    photo = cv2.resize(rough, SIZE_HW[::-1], interpolation=cv2.INTER_CUBIC)
    paths = []
    for name, box in (("photo", None), ("swapped", LEFT), ("graded", RIGHT)):
        pixels = photo.copy()
        if box is not None:
            x1, y1, x2, y2 = box
            pixels[y1:y2, x1:x2] = 255 - photo[y1:y2, x1:x2]
        paths.append(tmp_path / f"{name}.png")
        Image.fromarray(pixels).save(paths[-1])
    return paths


def lines(walk: Walk) -> Locator:
    return walk.part("edits").locator(".edit")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.array(picture)


def test_each_edit_takes_its_own_edited_version(walk: Walk, files: list[Path], tmp_path: Path):
    photo, swapped, graded = files
    walk.upload_photo(photo)
    walk.upload("reference", swapped, graded)
    cards = walk.part("reference-card").locator("li")
    expect(cards).to_have_count(2)
    expect(cards.nth(0)).to_contain_text("For edit 1")
    expect(cards.nth(1)).to_contain_text("Not used")
    walk.says("2 of 2 areas chosen")
    walk.rule.fill("@label = swapped")
    walk.says("1 of 2 areas chosen")
    walk.part("edits").get_by_role("button", name="Add an edit").click()
    expect(lines(walk)).to_have_count(2)
    expect(walk.part("version").get_by_label("graded.png")).to_be_checked()
    expect(cards.nth(1)).to_contain_text("For edit 2")
    walk.rule.fill("@label = graded")
    expect(lines(walk).nth(0)).to_contain_text("swapped.png")
    expect(lines(walk).nth(1)).to_contain_text("graded.png 1 of 2 areas")
    walk.set_number("feather", 0)
    walk.rests()
    was, one, two = map(pixels, files)
    expected = was.copy()
    x1, y1, x2, y2 = RIGHT
    expected[y1:y2, x1:x2] = two[y1:y2, x1:x2]
    result = walk.download(tmp_path)
    inner = (slice(LEFT[1] + 9, LEFT[3] - 9), slice(LEFT[0] + 9, LEFT[2] - 9))
    assert np.array_equal(result[inner], one[inner])
    assert np.array_equal(result[:, 180:], expected[:, 180:])
    recipe = json.loads(walk.take("take-recipe", tmp_path).read_text(encoding="utf-8"))
    assert [mark["name"] for mark in recipe["more_references"]] == ["graded.png"]
    assert [edit["options"]["version"] for edit in recipe["edits"]] == [1, 2]


def test_where_one_is_removed_its_edit_waits_and_the_other_stays(walk: Walk, files: list[Path]):
    photo, swapped, graded = files
    walk.upload_photo(photo)
    walk.upload("reference", swapped)
    walk.says("1 of 1 area chosen")
    walk.part("edits").get_by_role("button", name="Add an edit").click()
    expect(lines(walk)).to_have_count(2)
    walk.upload("reference", graded)
    expect(lines(walk).nth(1)).to_contain_text("graded.png")
    walk.part("reference-card").get_by_role("button", name="Remove swapped.png").click()
    expect(lines(walk).nth(0)).to_contain_text("Say what happens")
    expect(walk.part("reference-card")).to_contain_text("graded.png")
    expect(walk.part("remove-reference")).to_be_visible()
    lines(walk).nth(0).locator(".edit-open").click()
    expect(walk.part("version").get_by_label("None yet")).to_be_checked()
    walk.upload("reference", swapped)
    expect(lines(walk).nth(0)).to_contain_text("swapped.png")
    walk.part("undo").click()
    expect(lines(walk).nth(0)).to_contain_text("Say what happens")
