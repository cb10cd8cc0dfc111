"""What a file was taken for is said on the page, and one click takes it otherwise."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from skimage.data import astronaut

from tests.app_server import AppServer
from tests.browser.visit import visit
from tests.browser.walk import Walk

SIZE_WH = (512, 512)
DISC = (300, 180, 60)  # x, y and radius, px
SHIFT_XY = (9, 6)
ALIGN, COUNT_CAST = (
    "Align the edited version with the photo",
    "Count what changed all over as an edit",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real photo, a map of it with a ground, and edited versions that lie or look otherwise."""
    folder = tmp_path_factory.mktemp("otherwise")
    photo = astronaut()
    Image.fromarray(photo).save(folder / "photo.png")
    edited = photo.copy()
    rows, columns = np.mgrid[: SIZE_WH[1], : SIZE_WH[0]]
    disc = np.hypot(columns - DISC[0], rows - DISC[1]) < DISC[2]
    edited[disc] = 255 - photo[disc]
    x, y = SHIFT_XY
    moved = np.pad(edited, ((y, 0), (x, 0), (0, 0)), mode="edge")[: SIZE_WH[1], : SIZE_WH[0]]
    Image.fromarray(moved).save(folder / "moved.png")
    Image.fromarray(np.rot90(edited, 2)).save(folder / "half.png")
    small = edited[::2, ::2]
    Image.fromarray(small[:, ::-1]).save(folder / "mirrored.png")
    boxed = np.pad(small, ((0, 0), (100, 100), (0, 0)))
    Image.fromarray(np.rot90(boxed)).save(folder / "boxed.png")
    warm = edited * (1.06, 1.0, 0.86) + (10, 3, 0)
    Image.fromarray(np.clip(warm, 0, 255).astype(np.uint8)).save(folder / "warm.png")
    labels = np.full((*SIZE_WH, 3), (200, 200, 205), np.uint8)
    labels[40:200, 60:220], labels[260:420, 250:450] = (220, 30, 30), (30, 60, 220)
    Image.fromarray(labels).save(folder / "map.png")
    return folder


@pytest.fixture(scope="module")
def walk(browser: Browser, app: AppServer, folder: Path) -> Iterator[Walk]:
    with visit(browser, app) as walk:
        walk.upload_photo(folder / "photo.png")
        yield walk


def otherwise(walk: Walk, words: str) -> None:
    """Click what is offered beside a note."""
    walk.part("notes").get_by_role("button", name=words, exact=True).click()


def test_a_ground_of_a_colour_is_left_out_by_the_button_beside_its_note(walk: Walk, folder: Path):
    walk.pick("effect", "Invert")
    walk.upload_masks(folder / "map.png")
    walk.says("3 of 3 areas chosen")
    otherwise(walk, "Leave out c8c8cd")
    walk.says("2 of 2 areas chosen")
    walk.part("undo").click()
    walk.says("3 of 3 areas chosen")
    walk.part("mask-list").get_by_role("button", name="Remove").first.click()
    expect(walk.part("mask-list").locator("li")).to_have_count(0)


def test_a_click_beside_what_is_said_of_one_file_is_for_that_file(walk: Walk, folder: Path):
    other = folder / "other.png"
    other.write_bytes((folder / "map.png").read_bytes())
    walk.upload_masks(folder / "map.png", other)
    walk.says("6 of 6 areas chosen")
    otherwise(walk, "Leave out c8c8cd: other.png")
    walk.says("5 of 5 areas chosen")
    expect(walk.part("notes")).to_contain_text("other.png: left out: c8c8cd")
    otherwise(walk, "Take it back: other.png")
    walk.says("6 of 6 areas chosen")
    walk.part("mask-list").get_by_role("button", name="Remove all").click()
    expect(walk.part("mask-list").locator("li")).to_have_count(0)


def test_an_edited_version_beside_its_place_is_put_back_by_one_click(walk: Walk, folder: Path):
    walk.upload("reference", folder / "moved.png")
    expect(walk.part("notes")).to_contain_text("it lies 9 px too far right and 6 px too low")
    expect(walk.page.get_by_label(COUNT_CAST)).to_be_hidden()
    walk.page.get_by_label(ALIGN).check()
    walk.says("1 of 1 area chosen")
    expect(walk.part("notes")).to_contain_text("it was moved by 9 px to the left and 6 px up")
    walk.page.get_by_label(ALIGN).uncheck()
    walk.part("remove-reference").click()
    expect(walk.part("reference-card")).not_to_contain_text("moved.png")


def test_one_that_is_turned_is_put_back_by_the_button_beside_what_is_said(walk: Walk, folder: Path):
    walk.upload("reference", folder / "half.png")
    expect(walk.part("notes")).to_contain_text("would be once turned by 180 degrees")
    otherwise(walk, "Put it back")
    expect(walk.part("notes")).to_contain_text("it was turned by 180 degrees")
    expect(walk.page.get_by_label(ALIGN)).to_be_checked()
    walk.says("1 of 1 area chosen")
    walk.page.get_by_label(ALIGN).uncheck()
    walk.part("remove-reference").click()
    expect(walk.part("reference-card")).not_to_contain_text("half.png")


@pytest.mark.parametrize(
    ("name", "fits", "done"),
    [
        (
            "mirrored.png",
            "it fits once mirrored, left for right.",
            "it was mirrored, left for right",
        ),
        (
            "boxed.png",
            "it fits once turned by 90 degrees to the right, without what lies around the photo in",
            "it was turned by 90 degrees to the right",
        ),
    ],
)
def test_one_of_another_size_says_how_it_fits_and_one_click_fits_it(
    walk: Walk, folder: Path, name: str, fits: str, done: str
):
    walk.upload("reference", folder / name)
    problem = walk.part("problem")
    expect(problem).to_contain_text(fits)
    problem.get_by_role("button", name="Fit it to the photo").click()
    expect(walk.part("notes")).to_contain_text(done)
    expect(problem).not_to_contain_text("must match")
    walk.part("undo").click()
    expect(problem).to_contain_text(fits)
    walk.part("remove-reference").click()
    expect(walk.part("reference-card")).not_to_contain_text(name)


def test_a_change_of_all_colours_is_counted_by_one_click(walk: Walk, folder: Path):
    walk.upload("reference", folder / "warm.png")
    expect(walk.part("notes")).to_contain_text("a change of all colours is not counted")
    walk.says("1 of 1 area chosen")
    expect(walk.page.get_by_label(ALIGN)).to_be_hidden()
    walk.page.get_by_label(COUNT_CAST).check()
    expect(walk.part("notes")).not_to_contain_text("a change of all colours is not counted")
    expect(walk.part("notes")).to_contain_text("areas: where the edited version differs")
