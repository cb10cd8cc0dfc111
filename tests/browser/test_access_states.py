"""What axe finds in states that come with one's own files: many areas, a refusal, a question."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_access import AXE, LOOKS, grave
from tests.browser.walk import Walk

MANY = 60
SIDE = 240


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a photo, a mask of 60 areas, and an edited version of half its size."""
    folder = tmp_path_factory.mktemp("many")
    down, across = np.mgrid[:SIDE, :SIDE]
    pixels = np.stack([across, down, 255 - across], axis=2).astype(np.uint8)
    Image.fromarray(pixels).save(folder / "photo.png")
    mask = np.zeros((SIDE, SIDE), np.uint8)
    for place in range(MANY):
        row, column = divmod(place, 10)
        mask[30 * row + 5 : 30 * row + 20, 24 * column + 4 : 24 * column + 18] = 255
    Image.fromarray(mask).save(folder / "mask.png")
    edited = Image.fromarray(pixels[..., ::-1].copy()).resize((SIDE // 2, SIDE // 2))
    edited.save(folder / "edited.png")
    return folder


def bring(walk: Walk, many: Path) -> None:
    walk.drop(many / "photo.png", many / "mask.png")
    expect(walk.part("filtered").locator(".area-card")).to_have_count(MANY)
    walk.show("areas")
    walk.view("Areas").click()
    expect(walk.page.locator(".shows-areas")).to_have_count(1)


def ask(walk: Walk, _: Path) -> None:
    walk.show("edits")
    walk.pick("effect", "Hide")
    walk.set_opacity(128)
    walk.show("save")
    walk.part("ask-download").click()
    expect(walk.part("question")).to_be_visible()


def refuse(walk: Walk, many: Path) -> None:
    walk.part("go-back").click()
    expect(walk.part("question")).to_be_hidden()
    walk.page.keyboard.press("Escape")
    walk.drop(many / "photo.png", many / "edited.png", many / "mask.png")
    scale = walk.part("problem").get_by_role("button", name="Fit it to the photo")
    expect(scale).to_be_visible()


def paint(walk: Walk, _: Path) -> None:
    walk.part("problem").get_by_role("button", name="Fit it to the photo").click()
    expect(walk.part("filtered").locator(".area-card").first).to_be_attached()
    walk.show("find")
    walk.part("paint").click()
    expect(walk.page.locator(".painter-bar")).to_be_visible()
    walk.stroke((0.1, 0.95), (0.3, 0.95))


STATES = {"sixty areas": bring, "a question": ask, "a refusal": refuse, "painting": paint}


@pytest.mark.parametrize("page", LOOKS, ids=["desk", "phone"], indirect=True)
def test_axe_finds_nothing_grave_with_files_of_ones_own(newcomer: Walk, many: Path):
    newcomer.page.evaluate(AXE)
    found = {}
    for state, reach in STATES.items():
        reach(newcomer, many)
        found[state] = grave(newcomer)
    assert {state: wrong for state, wrong in found.items() if wrong} == {}
