"""Areas on the page: looked at, moved by hand, painted, left out, and masks that cannot be used."""

import base64
import io
import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Route, expect

from tests.browser import tiles
from tests.browser.tiles import Oracle, middle_of
from tests.browser.walk import JPEG_ERROR, Walk, difference, read_picture

RED = "red > 50%"
FILES = "**/gradio_api/file=**"


@pytest.fixture
def bare(walk: Walk, folder: Path) -> Walk:
    """A visitor with a photo alone, whose edit will be to invert it."""
    walk.upload_photo(folder / "tiles.png")
    walk.pick("effect", "Invert")
    return walk


@pytest.fixture
def visitor(bare: Walk, folder: Path) -> Walk:
    """A visitor with six areas, all of them inverted."""
    bare.upload_masks(folder / "mask.png")
    bare.says("6 of 6 areas chosen")
    return bare


# ---- looking at an area ------------------------------------------------------------------------
def shows(walk: Walk, number: int) -> None:
    """Wait until an area, and no other one, is looked at wherever it is on the page."""
    is_selected = r"\bselected\b"
    expect(walk.part("detail").get_by_label(f"Area {number}", exact=True)).to_be_visible()
    for places, one in (
        ("#result .viewer-areas path:not(.halo).selected", walk.outline(number)),
        (".area-card.selected", walk.card(number)),
        ("#table tr.selected", walk.row(number)),
    ):
        expect(walk.page.locator(places)).to_have_count(1)
        assert one.evaluate(f"one => /{is_selected}/.test(one.getAttribute('class'))")
    for button in (walk.card(number).locator(".pick"), walk.row(number).get_by_role("button")):
        expect(button).to_have_attribute("aria-pressed", "true")


def shows_none(walk: Walk) -> None:
    expect(walk.part("detail")).to_have_text("")
    expect(walk.page.locator("[data-number].selected")).to_have_count(0)
    expect(walk.part("inset").locator("img")).to_have_count(0)


def test_no_card_shows_an_area_of_another_photo_while_its_own_picture_is_on_its_way(
    visitor: Walk, folder: Path, tmp_path: Path
):
    held, is_over = list[Route](), list[bool]()
    pictures = [visitor.card(number).locator("img") for number in range(1, tiles.TILES + 1)]
    addresses = [str(picture.get_attribute("src")) for picture in pictures]
    former = [seen_of(picture) for picture in pictures]
    visitor.page.route(FILES, lambda route: route.continue_() if is_over else held.append(route))
    with Image.open(folder / "tiles.png") as photo:
        Image.fromarray(255 - np.array(photo)).save(tmp_path / "other.png")
    visitor.upload_photo(tmp_path / "other.png")
    for picture, address in zip(pictures, addresses, strict=True):
        expect(picture).not_to_have_attribute("src", address)
    for picture, before in zip(pictures, former, strict=True):
        with Image.open(io.BytesIO(picture.screenshot())) as shot:
            assert difference(np.array(shot.convert("RGB")), before) > JPEG_ERROR
    is_over.append(True)
    for route in held:
        route.continue_()
    for picture, before in zip(pictures, former, strict=True):
        assert difference(seen_of(picture), before) > JPEG_ERROR


def seen_of(picture: Locator) -> np.ndarray:
    """What a card shows of its area, once that is there."""
    picture.scroll_into_view_if_needed()
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    with Image.open(io.BytesIO(picture.screenshot())) as shot:
        return np.array(shot.convert("RGB"))


def test_an_area_is_picked_in_the_photo_on_its_card_or_in_the_table(visitor: Walk, oracle: Oracle):
    visitor.unfold("All areas in a table")
    visitor.view("Areas").click()
    visitor.click_at(*middle_of(3))
    shows(visitor, 3)
    detail = visitor.part("detail")
    for text in ("340, 20 to 460, 140", "120 x 120 px", "14,400 px, 9.4% of the photo", "Chosen"):
        expect(detail).to_contain_text(text)
    bars = detail.get_by_role("group", name="Scores").locator("li")
    expect(bars.first).to_contain_text("blue")
    expect(bars.first).to_contain_text("0.60")
    expect(detail.locator(".reason")).to_have_text(oracle.selection().reasons[2])

    visitor.card(5).locator(".pick").click()
    shows(visitor, 5)
    visitor.row(1).get_by_role("button", name="1", exact=True).click()
    shows(visitor, 1)
    detail.get_by_role("button", name="Close").click()
    shows_none(visitor)
    visitor.card(2).locator(".pick").click()
    shows(visitor, 2)
    visitor.card(2).locator(".pick").click()  # a second click closes it again
    shows_none(visitor)


def test_a_table_that_is_unfolded_later_marks_the_area_too(visitor: Walk):
    visitor.card(4).locator(".pick").click()
    expect(visitor.part("detail").get_by_label("Area 4", exact=True)).to_be_visible()
    visitor.unfold("All areas in a table")
    shows(visitor, 4)


def test_the_edge_of_the_area_is_seen_at_full_size(visitor: Walk, oracle: Oracle):
    visitor.card(5).locator(".pick").click()
    image = visitor.part("inset").locator("img")
    expect(image).to_be_visible()
    expect(image).to_have_attribute("alt", "The edge of area 5 in the result")
    x, y = found_in(oracle.result(), piece_of(visitor))
    size = piece_of(visitor).shape
    assert image.evaluate("image => [image.naturalHeight, image.naturalWidth]") == [*size[:2]]
    inside = oracle.mask(oracle.chosen(by_hand=dict.fromkeys((1, 2, 3, 4, 6), "remained")))
    part = inside[y : y + size[0], x : x + size[1]]
    assert part.min() == 0, "outside of the area"
    assert part.max() == 255, "inside of the area"

    before = image.get_attribute("src")
    visitor.set_number("feather", 40)
    expect(image).not_to_have_attribute("src", before or "")
    found_in(oracle.result(feather=40), piece_of(visitor))


def piece_of(walk: Walk) -> np.ndarray:
    source = walk.part("inset").locator("img").get_attribute("src")
    return read_picture(walk.page, source or "")


def found_in(whole: np.ndarray, piece: np.ndarray) -> tuple[int, int]:
    """Where a piece of a picture lies in it, x and y."""
    squares = cv2.matchTemplate(whole, piece, cv2.TM_SQDIFF)
    _, _, (x, y), _ = cv2.minMaxLoc(squares)
    same = whole[y : y + piece.shape[0], x : x + piece.shape[1]]
    assert np.abs(same.astype(float) - piece).mean() < JPEG_ERROR
    return x, y


# ---- by hand -----------------------------------------------------------------------------------
def test_an_area_is_put_in_or_out_by_hand_whatever_the_rule_says(
    bare: Walk, folder: Path, tmp_path: Path
):
    bare.upload_masks(folder / "speck.png")
    bare.says("6 of 6 areas chosen")
    engine = Oracle(folder, ("speck",))
    bare.write_rule(RED)
    bare.lists("filtered", 1, 5)
    bare.put("Include", 4)
    bare.lists("filtered", 1, 4, 5)
    bare.put("Leave out", 5)
    bare.lists("filtered", 1, 4)
    bare.lists("remained", 2, 3, 5, 6)
    for number in (4, 5):
        expect(bare.card(number).locator(".tag")).to_have_text("by hand")
    expected = engine.result(engine.chosen(RED, by_hand={4: "filtered", 5: "remained"}))
    bare.sees(expected)
    np.testing.assert_array_equal(bare.download(tmp_path), expected)

    bare.write_rule("blue > 50%")
    bare.lists("filtered", 2, 3, 4)
    bare.unfold("More options for areas")
    bare.set_number("drop-size", 5)
    bare.says("3 of 7 areas chosen")  # the speck is the first of them now: the others move up
    bare.lists("filtered", 3, 4, 5)
    expect(bare.page.locator(".area-card .tag")).to_have_count(2)
    engine = Oracle(folder, ("speck",), drop_size=5)
    chosen = engine.chosen("blue > 50%", by_hand={5: "filtered", 6: "remained"})
    bare.sees(engine.result(chosen))

    bare.put("Undo", 5)
    bare.lists("filtered", 3, 4)
    bare.put("Undo", 6)
    expect(bare.page.locator(".area-card .tag")).to_have_count(0)
    expected = engine.result(engine.chosen("blue > 50%"))
    bare.sees(expected)
    np.testing.assert_array_equal(bare.download(tmp_path), expected)


def test_what_the_rule_cannot_decide_is_asked(visitor: Walk, oracle: Oracle):
    rule = "red > 50% or cat > 50%"
    visitor.write_rule(rule)
    visitor.says("2 of 6 areas chosen")
    visitor.pick("on-unknown", "Ask me")
    visitor.says("2 of 6 areas chosen, 4 to review")
    visitor.lists("review", 2, 3, 4, 6)
    expect(visitor.part("review")).to_contain_text("To review")
    for number in (2, 3, 4, 6):
        acts = visitor.card(number).locator(".card-acts button")
        expect(acts).to_have_text(["Include", "Leave out"])
    visitor.put("Include", 3)
    visitor.put("Leave out", 6)
    visitor.lists("review", 2, 4)
    by_hand = {3: "filtered", 6: "remained"}
    visitor.sees(oracle.result(oracle.chosen(rule, "review", by_hand)))


# ---- painting ----------------------------------------------------------------------------------
def painted_in(walk: Walk, folder: Path) -> Path:
    """What was painted, as the recipe has it: a picture of its own."""
    recipe = json.loads(walk.take("take-recipe", folder).read_text(encoding="utf-8"))
    path = folder / "painted.png"
    path.write_bytes(base64.b64decode(recipe["painted"]))
    return path


def grey(path: Path) -> np.ndarray:
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return np.array(image.convert("L"))


def paint(walk: Walk, *points: tuple[float, float]) -> None:
    """One stroke, from opening the tools to closing them."""
    walk.part("paint").click()
    walk.stroke(*points)
    walk.page.get_by_role("toolbar", name="Painting").get_by_role("button", name="Done").click()


def test_areas_are_painted_on_a_photo_without_masks(bare: Walk, folder: Path, tmp_path: Path):
    bare.says("Now say where the areas are")
    paint(bare, (0.1, 0.25), (0.25, 0.25))
    bare.says("1 of 1 area chosen")
    expect(bare.part("mask-list")).to_contain_text("What you painted")
    painted = painted_in(bare, tmp_path)
    mask = grey(painted)
    height, width = mask.shape
    for share in (0.11, 0.17, 0.24):
        assert mask[height // 4, int(share * width)] == 255, "under the stroke"
    assert mask[:, width // 2 :].max() == 0, "away from it"
    expected = Oracle(folder, (), painted).result()
    bare.sees(expected)
    np.testing.assert_array_equal(bare.download(tmp_path), expected)

    bare.part("mask-list").get_by_role("button", name="Remove What you painted").click()
    bare.says("Now say where the areas are")
    expect(bare.part("mask-list")).not_to_contain_text("What you painted")
    expect(bare.part("download")).to_be_disabled()
    paint(bare, (0.8, 0.75), (0.9, 0.75))  # on a sheet without what was wiped off it
    bare.says("1 of 1 area chosen")
    assert grey(painted_in(bare, tmp_path))[:, : width // 2].max() == 0


def test_what_is_said_while_one_paints_does_not_move_the_picture(bare: Walk):
    bare.pick("effect", "Edited version")
    bare.part("paint").click()
    bare.rests()
    stage = bare.page.locator("#result .viewer-stage")
    before = stage.bounding_box()
    bare.stroke((0.1, 0.25), (0.25, 0.25))
    expect(bare.part("problem")).to_contain_text("Nothing to paste yet")
    assert stage.bounding_box() == before
    below = bare.part("problem").bounding_box()
    assert before is not None
    assert below is not None
    assert below["y"] >= before["y"] + before["height"]


def test_what_is_painted_joins_the_mask_files(bare: Walk, folder: Path, tmp_path: Path):
    bare.upload_masks(folder / "one.png")
    bare.says("1 of 1 area chosen")
    paint(bare, (0.8, 0.75), (0.9, 0.75))
    bare.says("2 of 2 areas chosen")
    expected = Oracle(folder, ("one",), painted_in(bare, tmp_path)).result()
    bare.sees(expected)
    np.testing.assert_array_equal(bare.download(tmp_path), expected)
    recipe = next(tmp_path.glob("*.recipe.json"))

    bare.part("mask-list").get_by_role("button", name="Remove What you painted").click()
    bare.says("1 of 1 area chosen")
    bare.unfold("Open a recipe")
    bare.upload("settings-file", recipe)
    bare.says("2 of 2 areas chosen")
    bare.sees(expected)
    np.testing.assert_array_equal(bare.download(tmp_path), expected)


# ---- left out, and out of use ------------------------------------------------------------------
def test_what_was_too_small_is_shown_on_demand(bare: Walk, folder: Path):
    bare.upload_masks(folder / "speck.png")
    bare.says("6 of 6 areas chosen")
    expect(bare.part("notes")).to_contain_text("1 region no larger than 10 px was left out")
    box = bare.part("result").locator("rect.left-out")
    expect(box).to_have_count(0)
    show = bare.part("notes").get_by_role("button", name="Show what was left out")
    show.click()
    expect(box).to_have_count(1)
    sides = box.evaluate("box => ['x', 'y', 'width', 'height'].map((n) => +box.getAttribute(n))")
    x1, y1, x2, y2 = tiles.SPECK
    assert sides == [x1, y1, x2 - x1, y2 - y1]
    expect(bare.view("Areas")).to_have_attribute("aria-pressed", "true")
    expect(box).to_be_visible()
    bare.view("Result").click()
    expect(bare.view("Result")).to_have_attribute("aria-pressed", "true")
    show.click()
    expect(bare.view("Areas")).to_have_attribute("aria-pressed", "true")


def test_a_mask_of_another_size_is_told_and_can_be_taken_away(
    visitor: Walk, folder: Path, oracle: Oracle, tmp_path: Path
):
    visitor.upload("masks", folder / "small.png")
    expect(visitor.part("problem")).to_contain_text("120 x 90")
    expect(visitor.part("problem")).to_contain_text("480 x 320")
    row = visitor.part("mask-list").locator("li", has_text="small.png")
    expect(row).to_have_attribute("title", re.compile("^Not used: "))
    expect(visitor.part("mask-list").locator("li.in-trouble")).to_have_count(1)
    says = visitor.part("result").locator(".viewer-stale")
    expect(says).to_be_visible()
    expect(says).to_contain_text("Not up to date")
    expect(visitor.sheet).to_have_css("opacity", "0.45")
    for name in ("download", "take-mask", "take-cutouts", "take-scores", "take-recipe"):
        expect(visitor.reach(name)).to_be_disabled()

    visitor.part("mask-list").get_by_role("button", name="Remove small.png").click()
    expect(visitor.part("download")).to_be_enabled()
    expect(visitor.part("problem")).to_have_text("")
    expect(says).to_be_hidden()
    expect(visitor.sheet).to_have_css("opacity", "1")
    np.testing.assert_array_equal(visitor.download(tmp_path), oracle.result())


def test_an_edited_version_of_another_size_is_scaled_by_a_button(
    visitor: Walk, folder: Path, tmp_path: Path
):
    with Image.open(folder / "tiles.png") as photo:
        photo.resize((photo.width // 2, photo.height // 2)).save(tmp_path / "half.png")
    visitor.upload("reference", tmp_path / "half.png")
    problem = visitor.part("problem")
    expect(problem).to_contain_text("240 x 160")
    problem.get_by_role("button", name="Fit it to the photo").click()
    expect(problem).not_to_contain_text("240 x 160")
    visitor.says("6 of 6 areas chosen")
    expect(visitor.part("scale").locator("input")).to_be_checked()


def test_a_name_of_the_area_that_is_looked_at_is_written_into_the_rule(visitor: Walk):
    visitor.card(3).locator(".pick").click()
    looked_at = visitor.part("detail").get_by_label("Area 3", exact=True)
    looked_at.get_by_role("button", name="blue", exact=True).click()
    expect(visitor.rule).to_have_value("blue > 50%")
    visitor.says("2 of 6 areas chosen")
    expect(looked_at).to_be_visible()


def test_the_area_whose_button_was_pressed_is_meant_though_the_list_changes_until_it_is_let_go(
    visitor: Walk,
):
    button = visitor.card(5).get_by_role("button", name="Leave out area 5", exact=True)
    button.scroll_into_view_if_needed()
    button.hover()
    visitor.page.mouse.down()
    # as where an answer comes in by which another card has come to this place
    button.evaluate("(one) => { one.dataset.of = '2'; }")
    visitor.page.mouse.up()
    visitor.lists("remained", 5)
