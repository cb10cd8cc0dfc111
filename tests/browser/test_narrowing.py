"""What was found, narrowed on the page; its edges; and more that are like what was chosen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.walk import Walk

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def discs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of red and blue discs on white, of two sizes."""
    path = tmp_path_factory.mktemp("photos") / "discs.png"
    image = Image.new("RGB", (600, 300), "white")
    for place, colour in enumerate(["crimson", "royalblue", "crimson", "royalblue", "crimson"]):
        radius = 50 if place < 3 else 30
        x = 70 + place * 115
        ImageDraw.Draw(image).ellipse([x - radius, 150 - radius, x + radius, 150 + radius], colour)
    image.save(path)
    return path


@pytest.fixture
def own(walk: Walk, discs: Path) -> Iterator[Walk]:
    walk.upload_photo(discs)
    walk.pick("finder", "Colours")
    walk.says("6 of 6 areas chosen")
    yield walk
    walk.part("fresh").click()


def test_labels_are_kept_by_a_click_and_the_largest_by_a_number(own: Walk):
    notes = own.part("notes")
    expect(notes).to_contain_text("found: 3 red, 2 blue, 1 white")
    notes.get_by_role("button", name="Only red").click()
    own.says("3 of 3 areas chosen")
    expect(own.part("keep-labels").locator("input, textarea")).to_have_value("red")
    notes.get_by_role("button", name="blue too").click()
    own.says("5 of 5 areas chosen")
    own.set_number("largest", 3)
    own.says("3 of 3 areas chosen")
    own.set_number("largest", 0)
    notes.get_by_role("button", name="All of them").click()
    own.says("6 of 6 areas chosen")


def test_more_like_what_was_included_are_chosen(own: Walk):
    own.part("classifier").locator("input").click()
    own.page.get_by_role("option", name="Like these").click()
    expect(own.page.get_by_text("Include some areas by hand")).to_be_visible()
    own.write_rule("like > unlike")
    own.says("0 of 6 areas chosen")
    own.put("Include", 2)  # red, as 4 and 6; 3 and 5 are blue, and 1 is the white around them
    own.says("3 of 6 areas chosen")
    own.lists("filtered", 2, 4, 6)
    own.put("Undo", 2)
    own.says("0 of 6 areas chosen")  # each has its place in the lists again
    own.put("Include", 3)
    own.lists("filtered", 3, 5)
