"""Areas that are found in one's own photo, on the page."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from skimage import data

from tests.browser.walk import Walk

pytestmark = pytest.mark.server
CLICK_HINT = "Click what you want. Alt and a click takes away."
FACE = (0.43, 0.22)  # where the astronaut's face is, by shares of her photo
SUIT = (0.195, 0.664)  # and her suit, by shares of the group's


@pytest.fixture
def own(walk: Walk, group: Path) -> Iterator[Walk]:
    walk.upload_photo(group)
    walk.says("Now say where the areas are")
    yield walk
    walk.part("fresh").click()  # the finder is an option, and would stay


def pick_way(own: Walk, choice: str, hint: str) -> None:
    """Choose a way that waits for marks, and wait until the picture takes them."""
    own.pick("finder", choice)
    expect(own.page.locator(".found-hint")).to_have_text(hint)


def test_all_faces_are_found_and_hidden_in_four_actions(own: Walk, group: Path, tmp_path: Path):
    own.pick("finder", "Faces")  # the photo was the first
    own.says("2 of 2 areas chosen")
    own.part("privacy").click()
    expect(own.part("edits")).to_contain_text("Hide 2 of 2 areas")
    check_hidden(own.download(tmp_path), np.asarray(Image.open(group)), FACE)


def check_hidden(
    picture: np.ndarray, photo: np.ndarray, *faces: tuple[float, float], below: int = 400
) -> None:
    """See that nothing is left of some faces, by shares of one half, and that the rest stays."""
    for x, y in ((int(x * 512), int(y * 512)) for x, y in faces):
        place = np.s_[y - 20 : y + 20, x - 20 : x + 20]
        assert np.abs(picture[place].astype(int) - photo[place].astype(int)).mean() > 10
    assert np.array_equal(picture[below:], photo[below:])


def test_one_painted_area_stays_and_all_else_turns_grey_in_five_actions(
    own: Walk, group: Path, tmp_path: Path
):
    own.part("paint").click()  # the photo was the first
    own.stroke((0.15, 0.25), (0.3, 0.25))
    own.pick("effect", "Grey")
    own.pick("effect-on", "Everything else")
    own.says("1 of 1 area chosen")
    own.rests()
    expect(own.part("expression")).not_to_be_visible()  # nobody has asked for a rule
    picture, photo = own.download(tmp_path), np.asarray(Image.open(group))
    height, width = photo.shape[:2]
    y, left, right = height // 4, int(0.16 * width), int(0.29 * width)
    assert np.array_equal(picture[y, left:right], photo[y, left:right])
    is_grey = (picture == picture[..., :1]).all(axis=2)
    assert is_grey[height // 2 :].all()
    assert is_grey[:, width // 2 :].all()


def test_each_way_says_what_it_costs_and_can_be_chosen_by_it(own: Walk):
    ways = own.part("finder").get_by_role("radio")
    costs = ["No", "Faces, 0.1 s", "Colours, 0.3 s", "What is clicked, 0.05 s"]
    for place, name in enumerate([*costs, "What is in a box, 0.5 s", "By a model"]):
        expect(ways.nth(place)).to_have_accessible_name(name)
    ways.nth(1).check()
    own.says("2 of 2 areas chosen")


def test_the_suit_stays_orange_and_all_else_turns_grey_in_four_clicks(
    own: Walk, group: Path, tmp_path: Path
):
    clicks = [
        lambda: pick_way(own, "What is clicked", CLICK_HINT),
        lambda: own.click_at(*SUIT),
        lambda: own.part("background").get_by_role("checkbox").check(),
        lambda: own.pick("effect", "Grey"),
    ]
    for click in clicks:
        click()
        own.rests()
    own.says("1 of 1 area chosen")
    photo = np.asarray(Image.open(group))
    picture = own.download(tmp_path)
    x, y = int(SUIT[0] * photo.shape[1]), int(SUIT[1] * photo.shape[0])
    assert np.array_equal(picture[y, x], photo[y, x])
    is_grey = (picture == picture[..., :1]).all(axis=2)
    assert is_grey[:60].all()
    assert 0.5 < is_grey.mean() < 0.98


def test_a_face_is_judged_and_hidden_where_no_hub_is_in_reach(
    own: Walk, group: Path, tmp_path: Path
):
    own.pick("finder", "Faces")
    own.says("2 of 2 areas chosen")
    own.part("classifier").locator("input").click()
    own.page.get_by_role("option", name="Gender by face").click()
    own.write_rule("#Female > #Male")
    expect(own.card(1)).to_contain_text("Female")
    own.says("2 of 2 areas chosen")
    own.part("privacy").click()
    expect(own.part("edits")).to_contain_text("Hide 2 of 2 areas")
    turned = 2 - FACE[0], FACE[1]
    check_hidden(own.download(tmp_path), np.asarray(Image.open(group)), FACE, turned)
    own.write_rule("@label = face and @confidence > 80% and #Male > #Female")
    own.says("0 of 2 areas chosen")


def test_the_controls_of_a_way_of_finding_are_there_with_it(own: Walk):
    for name in ("confidence", "face-area", "tolerance", "background"):
        expect(own.part(name)).not_to_be_visible()
    own.pick("finder", "Faces")
    expect(own.part("confidence")).to_be_visible()
    expect(own.part("tolerance")).not_to_be_visible()
    own.pick("finder", "What is clicked")
    expect(own.part("tolerance")).to_be_visible()
    expect(own.part("confidence")).not_to_be_visible()


def test_what_is_clicked_becomes_an_area_and_is_taken_back_by_undo(own: Walk):
    pick_way(own, "What is clicked", CLICK_HINT)
    own.says("Now say where the areas are")
    own.click_at(*SUIT)
    expect(own.page.locator(".found-dot")).to_have_count(1)
    own.says("1 of 1 area chosen")
    own.click_at(0.95, 0.05)
    expect(own.page.locator(".found-dot")).to_have_count(2)
    own.part("undo").click()
    expect(own.page.locator(".found-dot")).to_have_count(1)
    own.page.locator("[data-found=clear]").click()
    expect(own.page.locator(".found-dot")).to_have_count(0)
    own.says("Now say where the areas are")


def test_a_place_is_marked_by_keys_too(own: Walk):
    pick_way(own, "What is clicked", CLICK_HINT)
    own.sheet.focus()
    for _ in range(4):
        own.page.keyboard.press("Shift+ArrowDown")
    own.page.keyboard.press("Shift+ArrowLeft")
    expect(own.page.locator(".found-cross")).to_have_count(1)
    own.page.keyboard.press("Enter")
    own.says("1 of 1 area chosen")
    own.page.keyboard.press("Alt+Enter")
    expect(own.page.locator(".found-dot.is-away")).to_have_count(1)


def test_what_a_box_is_drawn_around_becomes_an_area(own: Walk):
    pick_way(own, "What is in a box", "Draw a box around a thing.")
    own.stroke((0.14, 0.03), (0.31, 0.5))
    expect(own.page.locator(".found-box:not(.is-drawn)")).to_have_count(1)
    own.says("1 of 1 area chosen")


def test_a_recipe_finds_again(own: Walk, group: Path, tmp_path: Path):
    own.pick("finder", "What is clicked")
    own.click_at(0.3, 0.75)
    own.says("1 of 1 area chosen")
    recipe = own.take("take-recipe", tmp_path)
    own.part("fresh").click()
    expect(own.part("photo-card")).to_have_text("")
    own.upload_photo(group)
    own.unfold("Open a recipe")
    own.upload("settings-file", recipe)
    expect(own.page.locator(".found-dot")).to_have_count(1)
    own.says("1 of 1 area chosen")


def test_where_nothing_is_found_that_is_said(own: Walk, tmp_path: Path):
    cat = tmp_path / "cat.png"
    Image.fromarray(data.chelsea()).save(cat)
    own.upload_photo(cat)
    own.pick("finder", "Faces")
    own.says("No areas were found")
    own.says("No faces were found")
