"""The page, as a visitor uses it in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, Page, expect

import segui
from segui.backend.effects import apply_effect
from segui.classifiers.colour import ColourNames
from segui.ui.view.percent import from_page
from tests.app_server import AppServer, running_app
from tests.browser.counted import marker
from tests.browser.counting_app import CHOSEN, JUDGED, PAINTED
from tests.browser.pages import Complaints, fresh_page
from tests.browser.walk import Walk

EXAMPLES = Path(__file__).parents[2] / "examples"
FACE_ALONE = "pink + brown + orange > 50% and @y < 100"


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.array(image.convert("RGB"))


class Engine:
    """The same work by the engine alone."""

    def __init__(self, pictures: Path) -> None:
        self.photo = torch.from_numpy(pixels(pictures / "photo.png"))[None]
        self.edited = torch.from_numpy(pixels(pictures / "edited.png"))[None]
        with Image.open(pictures / "mask.png") as mask:
            self.areas = segui.segments_from_mask(torch.from_numpy(np.array(mask)))

    def chosen(self, expression: str) -> segui.Segments:
        return segui.classify(ColourNames(), self.areas, expression, self.photo).filtered

    def pasted(self, expression: str = "*", effect: str | None = None, **how: Any) -> np.ndarray:
        edit = self.edited if effect is None else apply_effect(self.photo, effect)
        result = segui.paste(self.photo, self.chosen(expression), reference=edit, **how)
        return result[0].numpy()


@pytest.fixture
def engine(pictures: Path) -> Engine:
    return Engine(pictures)


@pytest.fixture
def worked(walk: Walk, pictures: Path, engine: Engine) -> Walk:
    """A visitor with a photo and masks of their own, both areas inverted."""
    walk.upload_photo(pictures / "photo.png")
    walk.upload_masks(pictures / "mask.png")
    walk.pick("effect", "Invert")
    walk.sees(engine.pasted(effect="invert"))
    return walk


# who asks for a frame of this page, where a function that runs before its scripts counts it
_ASKED = """(() => {
  const plain = window.requestAnimationFrame;
  let asked = 0;
  window.requestAnimationFrame = (work) => plain((now) => { asked += 1; work(now); });
  window.askedIn = (frames) => new Promise((done) => {
    const begun = asked;
    const go = (left) => (left ? plain(() => go(left - 1)) : done(asked - begun));
    go(frames);
  });
})()"""


def test_a_page_at_rest_asks_for_no_frames(page: Page):
    page.add_init_script(_ASKED)
    Walk(page).open()
    page.wait_for_function("async () => await window.askedIn(30) === 0", polling=100)


def test_the_page_opens_on_an_example_already_worked(walk: Walk, tmp_path: Path):
    photo = pixels(EXAMPLES / "balloons" / "photo.jpg")
    expect(walk.part("photo-card")).to_contain_text("Example")
    expect(walk.part("filtered").locator(".area-card")).to_have_count(4)
    expect(walk.part("remained").locator(".area-card")).to_have_count(8)
    result = walk.download(tmp_path)
    assert result.shape == photo.shape
    is_grey = np.ptp(result, axis=2) == 0
    assert 0.5 < is_grey.mean() < 0.99  # all but the red balloons


def test_every_area_has_its_picture_number_and_reason(walk: Walk):
    cards = walk.part("remained").locator(".area-card")
    expect(cards.first).to_contain_text("> 50% is false")
    loaded = cards.first.locator("img").evaluate("image => image.decode().then(() => true)")
    assert loaded


def test_a_photo_and_a_mask_of_ones_own_give_the_engines_result_to_the_pixel(
    worked: Walk, engine: Engine, tmp_path: Path
):
    worked.write_rule(FACE_ALONE)
    expect(worked.part("status")).to_contain_text("1 of 2 areas chosen")
    worked.set_number("feather", 20)
    worked.set_opacity(200)
    expected = engine.pasted(FACE_ALONE, "invert", feather=20, alpha=200)
    worked.sees(expected)
    np.testing.assert_array_equal(worked.download(tmp_path), expected)


def test_an_edited_version_is_pasted_where_the_mask_is(
    walk: Walk, pictures: Path, engine: Engine, tmp_path: Path
):
    walk.upload_photo(pictures / "photo.png")
    walk.upload_masks(pictures / "mask.png")
    walk.upload("reference", pictures / "edited.png")
    walk.sees(engine.pasted())
    np.testing.assert_array_equal(walk.download(tmp_path), engine.pasted())


def test_without_masks_the_areas_are_where_the_edited_version_differs(
    walk: Walk, pictures: Path, engine: Engine
):
    edited = engine.photo[0].numpy().copy()
    edited[200:260, 300:380] = 255 - edited[200:260, 300:380]
    Image.fromarray(edited).save(pictures / "one place.png")
    walk.upload_photo(pictures / "photo.png")
    walk.upload("reference", pictures / "one place.png")
    expect(walk.part("status")).to_contain_text("1 of 1 area chosen")
    expect(walk.part("notes")).to_contain_text("where the edited version differs")


def test_sliders_follow_the_keyboard(worked: Walk, engine: Engine, tmp_path: Path):
    slider = worked.slide("feather")
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    expect(slider).to_have_value("10")
    worked.sees(engine.pasted(effect="invert", feather=10))
    result = worked.download(tmp_path)
    np.testing.assert_array_equal(result, engine.pasted(effect="invert", feather=10))


def test_sliders_follow_the_mouse(worked: Walk, engine: Engine, tmp_path: Path):
    slider = worked.slide("alpha")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    worked.page.mouse.move(box["x"] + box["width"] - 3, middle)
    worked.page.mouse.down()
    worked.page.mouse.move(box["x"] + box["width"] / 2, middle, steps=8)
    worked.page.mouse.up()
    percent = int(slider.input_value())
    assert 40 < percent < 60
    alpha = from_page({"alpha": percent})["alpha"]
    worked.sees(engine.pasted(effect="invert", alpha=alpha))
    result = worked.download(tmp_path)
    np.testing.assert_array_equal(result, engine.pasted(effect="invert", alpha=alpha))


def test_many_quick_moves_end_with_the_last_one(worked: Walk, engine: Engine, tmp_path: Path):
    for value in (80, 3, 55, 0, 90, 30):
        worked.slide("feather").fill(str(value))
    worked.sees(engine.pasted(effect="invert", feather=30))
    result = worked.download(tmp_path)
    np.testing.assert_array_equal(result, engine.pasted(effect="invert", feather=30))


def test_an_expressions_error_shows_its_caret_below_the_box(worked: Walk, engine: Engine):
    worked.write_rule("red >")
    error = worked.part("expression-error")
    expect(error).to_contain_text("Column 6: expected a label, a number or '(' after '>'")
    lines = error.locator("pre").inner_text().split("\n")
    assert lines[0].rstrip() == "red >"
    assert lines[1] == "     ^"
    worked.write_rule("@label = A")
    expect(error).to_have_text("")
    worked.sees(engine.pasted(effect="invert"))


def test_a_rule_may_be_pasted_and_shortened(worked: Walk):
    worked.rule.fill("brown > 50%")  # without a key: as by the clipboard, or by dropping text
    expect(worked.part("status")).to_contain_text("1 of 2 areas chosen")
    worked.rule.fill("brown > 99%")
    expect(worked.part("status")).to_contain_text("0 of 2 areas chosen")
    worked.rule.press("End")
    for _ in range(3):
        worked.rule.press("Backspace")
    expect(worked.rule).to_have_value("brown > ")
    expect(worked.part("expression-error")).to_contain_text("Column 9: expected")


def test_a_rule_that_nothing_meets_says_why(worked: Walk, engine: Engine):
    worked.write_rule("green > 99%")
    expect(worked.part("status")).to_contain_text("0 of 2 areas chosen")
    expect(worked.part("status")).to_contain_text(re.compile(r"green is at most [\d.]+%? here"))
    worked.sees(engine.photo[0].numpy())


def test_a_preset_becomes_the_rule(worked: Walk):
    worked.part("preset").locator("input").click()
    worked.page.get_by_role("option", name="blue > 50%", exact=True).click()
    expect(worked.rule).to_have_value("blue > 50%")
    expect(worked.part("status")).to_contain_text("0 of 2 areas chosen")


def test_a_name_found_becomes_a_rule_by_a_click(worked: Walk):
    worked.part("labels").get_by_role("button", name=re.compile("^brown")).click()
    expect(worked.rule).to_have_value("brown > 50%")


def test_a_broken_photo_is_told_and_changes_nothing(
    worked: Walk, pictures: Path, engine: Engine, tmp_path: Path
):
    (tmp_path / "broken.png").write_bytes((pictures / "photo.png").read_bytes()[:5000])
    worked.upload("photo", tmp_path / "broken.png")
    sentence = "Broken.png is damaged or incomplete: it cannot be read."
    expect(worked.part("problem")).to_have_text(re.compile(sentence, re.IGNORECASE))
    expect(worked.part("photo-card")).to_contain_text("photo.png")
    worked.set_number("feather", 40)
    worked.sees(engine.pasted(effect="invert", feather=40))
    expect(worked.part("problem")).to_have_text("")


def test_a_text_in_place_of_a_photo_is_told(walk: Walk, tmp_path: Path):
    (tmp_path / "notes.png").write_text("not an image")
    walk.upload("photo", tmp_path / "notes.png")
    expect(walk.part("problem")).to_contain_text("not an image that can be read")
    expect(walk.part("photo-card")).to_contain_text("Example")
    expect(walk.page.locator(".viewer-busy")).to_have_text("")  # and not "Reading the photo…"


def test_a_mask_of_another_size_is_told_with_both_sizes(walk: Walk, pictures: Path):
    walk.upload_photo(pictures / "cat.png")
    walk.upload("masks", pictures / "mask.png")
    expect(walk.part("problem")).to_contain_text("512 x 512")
    expect(walk.part("problem")).to_contain_text("451 x 300")


def test_starting_over_clears_the_example(walk: Walk):
    walk.part("fresh").click()
    expect(walk.part("photo-card")).to_have_text("")
    expect(walk.part("filtered").locator(".area-card")).to_have_count(0)
    expect(walk.rule).to_have_value("*")
    expect(walk.part("masks")).not_to_contain_text("balloons")
    expect(walk.part("download")).to_be_disabled()
    # quiet letters on the colour of what is on could not be read
    fit = walk.page.get_by_role("button", name="Fit", exact=True)
    expect(fit).to_be_disabled()
    expect(fit).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_another_example_takes_the_first_ones_place(walk: Walk):
    walk.example("Pixelate what matches")
    expect(walk.part("status")).to_contain_text("5 of 20 areas chosen")
    expect(walk.rule).to_have_value("blue > 50%")


def test_two_visitors_have_each_their_own_picture(
    browser: Browser, worked: Walk, app: AppServer, engine: Engine, complaints: list[Complaints]
):
    with fresh_page(browser, app.url) as page:
        complaints.append(Complaints(page))
        Walk(page).open()
    worked.set_number("feather", 0)
    worked.sees(engine.pasted(effect="invert", feather=0))


@pytest.mark.parametrize(
    "page",
    [
        {"viewport": {"width": 390, "height": 844}},
        {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
        {"viewport": {"width": 1024, "height": 768}},
        {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    ],
    ids=["phone", "dark phone", "tablet", "dark desktop"],
    indirect=True,
)
def test_nothing_is_wider_than_the_window(newcomer: Walk):
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert newcomer.page.evaluate(width) <= 0


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], ids=["dark"], indirect=True)
def test_the_dark_theme_is_dark(newcomer: Walk):
    light = """() => {
      const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
      return (r + g + b) / 3;
    }"""
    assert newcomer.page.evaluate(light) < 80


@pytest.fixture(scope="module")
def counting_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The app, which says in its log what it does."""
    folder = tmp_path_factory.mktemp("counting app")
    with running_app(folder, "tests/browser/counting_app.py") as server:
        yield server


def test_only_what_changed_is_done_again(
    page: Page, counting_app: AppServer, pictures: Path, engine: Engine
):
    def counts() -> tuple[int, int]:
        return counting_app.log.count(marker(JUDGED)), counting_app.log.count(marker(CHOSEN))

    walk = Walk(page)
    walk.open(counting_app.url)
    walk.upload_photo(pictures / "photo.png")
    walk.upload_masks(pictures / "mask.png")
    walk.pick("effect", "Invert")
    walk.sees(engine.pasted(effect="invert"))
    judged, chosen = counts()
    assert judged >= 2, "the example and the photo of one's own were judged"

    walk.write_rule(FACE_ALONE)
    walk.sees(engine.pasted(FACE_ALONE, "invert"))
    assert counts()[0] == judged, "a new expression asked the classifier"
    assert counts()[1] > chosen

    judged, chosen = counts()
    painted = counting_app.log.count(marker(PAINTED))
    walk.set_number("feather", 33)
    walk.sees(engine.pasted(FACE_ALONE, "invert", feather=33))
    walk.set_opacity(100)
    walk.sees(engine.pasted(FACE_ALONE, "invert", feather=33, alpha=100))
    assert counts() == (judged, chosen), "a new feather or alpha asked more than the paste"
    assert counting_app.log.count(marker(PAINTED)) > painted
