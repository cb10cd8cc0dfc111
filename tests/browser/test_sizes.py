"""The page on a phone and on a wide screen, with long names and with many areas."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.app_server import running_app
from tests.browser.pages import fresh_page
from tests.browser.walk import Walk

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 2560, "height": 1300}}
MOST_OF_A_PHONE = 0.4
LEAST_TAP_PX = 32
LEAST_ROOM_PX = 8
# by the words of the bar at the foot of a phone, what each of its buttons opens
BAR = {"Find": "steps", "Edits": "steps", "Areas": "sides", "Save": "save"}
SHEETS = tuple(dict.fromkeys(BAR.values()))
STEPS = ("Photo", "Find areas", "Edits", "What happens", "Which areas")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# what a finger has to meet, and is seen lower than so many pixels; a box is ticked by its label
TOO_LOW = """(least) => {
  const seen = (one) => {
    const own = one.getBoundingClientRect(), around = one.parentElement.getBoundingClientRect();
    const isCut = getComputedStyle(one.parentElement).overflowY === 'hidden';
    return isCut ? Math.min(own.bottom, around.bottom) - Math.max(own.top, around.top) : own.height;
  };
  return [...document.querySelectorAll(
    'button, select, textarea, input[type=number], input[type=range],'
    + 'label:has(input[type=radio]), label:has(input[type=checkbox])')]
  .filter((one) => one.checkVisibility() && !one.closest('footer'))
  .map((one) => [seen(one), one])
  .filter(([height]) => height > 0 && height < least)
  .map(([height, one]) => `${one.outerHTML.slice(0, 120)}: ${height}`);
}"""

ZOOMED = {"viewport": {"width": 720, "height": 500}, "device_scale_factor": 2}
zoomed = pytest.mark.parametrize("page", [ZOOMED], ids=["zoomed"], indirect=True)
phone = pytest.mark.parametrize("page", [PHONE], ids=["phone"], indirect=True)
wide = pytest.mark.parametrize("page", [WIDE], ids=["wide"], indirect=True)


@pytest.fixture
def walk(page: Page) -> Walk:
    """A visitor whose page is open, with its example."""
    visitor = Walk(page)
    visitor.open()
    return visitor


def box(part: Locator) -> dict[str, float]:
    found = part.bounding_box()
    assert found is not None, f"{part} is not shown"
    return {**found, "bottom": found["y"] + found["height"], "right": found["x"] + found["width"]}


def step(walk: Walk, name: str) -> Locator:
    return walk.page.locator("#steps > .step").filter(has=walk.page.locator(f"text=/^{name}$/"))


def head(step: Locator) -> Locator:
    return step.locator("> .label-wrap")


def sheet_of(name: str) -> str:
    """The sheet of a phone that has one of the steps."""
    return "find" if name in ("Photo", "Find areas") else "edits"


def open_step(walk: Walk, name: str) -> None:
    """Open one of the steps by a tap and wait until it is the only one."""
    walk.show(sheet_of(name))
    if "open" not in (head(step(walk, name)).get_attribute("class") or "").split():
        head(step(walk, name)).tap()
    is_open = walk.page.locator("#steps > .step > .label-wrap.open")
    expect(is_open).to_have_count(1)
    expect(is_open).to_contain_text(name)


def opener(walk: Walk, name: str) -> Locator:
    """The button of the bar at the foot that opens a sheet."""
    return walk.page.locator("#bar").get_by_role("button", name=name, exact=True)


def shown(walk: Walk) -> list[str]:
    """The sheets that are in view."""
    return [name for name in SHEETS if walk.part(name).is_visible()]


@pytest.fixture
def phone_walk(walk: Walk) -> Walk:
    """A visitor by phone, once all steps are closed."""
    expect(walk.page.locator("#steps > .step > .label-wrap.open")).to_have_count(0)
    return walk


@phone
def test_on_a_phone_one_step_is_open_and_in_view(phone_walk: Walk):
    page = phone_walk.page
    for name in reversed(STEPS):
        open_step(phone_walk, name)
        page.wait_for_function(
            """() => {
              const head = document.querySelector('.label-wrap.open').getBoundingClientRect();
              const sheet = document.querySelector('#steps').getBoundingClientRect();
              const bar = document.querySelector('#bar').getBoundingClientRect();
              return head.top >= sheet.top && head.bottom <= sheet.bottom
                && sheet.bottom <= bar.top + 1;
            }"""
        )


@phone
def test_on_a_phone_the_picture_stays_in_view_above_every_sheet(phone_walk: Walk, pictures: Path):
    result = phone_walk.part("result")
    phone_walk.upload_photo(pictures / "photo.png")  # square: as high as it may be
    for name, holder in BAR.items():
        opener(phone_walk, name).tap()
        expect(phone_walk.part(holder)).to_be_visible()
        expect(result).to_be_in_viewport(ratio=1)
        assert shown(phone_walk) == [holder]
        assert box(result)["y"] == pytest.approx(0, abs=1)
        assert box(result)["height"] <= MOST_OF_A_PHONE * 844
        assert box(result)["bottom"] <= box(phone_walk.part(holder))["y"]


@zoomed
def test_at_200_percent_all_of_the_picture_is_above_a_sheet_though_something_is_in_the_way(
    walk: Walk, pictures: Path
):
    walk.upload_photo(pictures / "photo.png")
    walk.show("find")
    walk.pick("finder", "Colours")
    expect(walk.part("problem")).to_contain_text("Nothing to paste yet")
    walk.page.wait_for_function(
        """() => {
          const [problem, result, sheet] = ['problem', 'result', 'steps']
            .map((id) => document.getElementById(id).getBoundingClientRect());
          return problem.top >= 0 && problem.bottom <= result.top && result.bottom <= sheet.top;
        }"""
    )


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": 1000, "height": 800}}], ids=["narrow"], indirect=True
)
def test_the_line_of_help_beside_a_number_leaves_room_before_it(walk: Walk):
    walk.pick("effect", "Blur")
    expect(walk.part("strength")).to_contain_text("24 px for this photo")
    room = """(block) => {
      const line = document.createRange();
      line.selectNodeContents(block.querySelector('.info-text'));
      const number = block.querySelector('input[type=number]').getBoundingClientRect();
      return number.left - line.getBoundingClientRect().right;
    }"""
    assert walk.part("strength").evaluate(room) >= LEAST_ROOM_PX


@phone
def test_on_a_phone_a_sheet_is_closed_as_it_was_opened_or_drawn_down_or_by_escape(phone_walk: Walk):
    page, save = phone_walk.page, opener(phone_walk, "Save")
    for close in (
        save.tap,
        lambda: swipe(page, from_y=400, to_y=560),
        lambda: page.keyboard.press("Escape"),
    ):
        assert shown(phone_walk) == []
        save.tap()
        expect(save).to_have_attribute("aria-expanded", "true")
        assert shown(phone_walk) == ["save"]
        close()
        expect(save).to_have_attribute("aria-expanded", "false")
    expect(save).to_be_focused()


def swipe(page: Page, from_y: int, to_y: int) -> None:
    """Draw one finger down the middle of the screen."""
    session = page.context.new_cdp_session(page)
    for kind, points in (
        ("touchStart", [{"x": 195, "y": from_y}]),
        ("touchMove", [{"x": 195, "y": to_y}]),
        ("touchEnd", []),
    ):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@phone
def test_on_a_phone_what_is_drawn_within_a_sheet_does_not_close_it(phone_walk: Walk):
    opener(phone_walk, "Areas").tap()
    sides = phone_walk.part("sides")
    sides.evaluate("(one) => { one.scrollTop = 300; }")
    swipe(phone_walk.page, from_y=400, to_y=560)
    phone_walk.page.wait_for_function("document.querySelector('#sides').scrollTop < 300")
    assert shown(phone_walk) == ["sides"]


@phone
def test_on_a_phone_an_area_that_is_tapped_is_told_of_and_its_label_goes_into_the_rule(
    phone_walk: Walk,
):
    phone_walk.page.locator(".viewer-areas path[data-number='4']:not(.halo)").first.tap()
    expect(phone_walk.part("detail")).to_contain_text("4 Chosen")
    assert shown(phone_walk) == ["sides"]
    phone_walk.part("detail").locator(".chip").first.tap()
    expect(phone_walk.part("expression").locator("textarea")).to_be_focused()
    assert shown(phone_walk) == ["steps"]


# how far an open list lies below its box, or the box below its list: less than 0 where they overlap
APART = """() => {
  const box = document.querySelector('#classifier input').getBoundingClientRect();
  const list = document.querySelector('#classifier [role=listbox]').getBoundingClientRect();
  return Math.max(list.top - box.bottom, box.top - list.bottom);
}"""


@phone
def test_on_a_phone_an_open_list_stays_at_its_box_while_its_sheet_is_scrolled(phone_walk: Walk):
    open_step(phone_walk, "Which areas")
    chosen = phone_walk.part("classifier").get_by_role("combobox")
    chosen.scroll_into_view_if_needed()
    chosen.tap()
    page = phone_walk.page
    page.wait_for_function(f"({APART})() > -2")
    before = box(phone_walk.part("classifier"))["y"]
    page.evaluate("() => { document.querySelector('#steps').scrollTop += 40; }")
    page.wait_for_function(f"({APART})() > -2")
    assert box(phone_walk.part("classifier"))["y"] != before


@phone
def test_on_a_phone_a_sheet_of_steps_that_are_all_closed_opens_one(phone_walk: Walk):
    is_open = phone_walk.page.locator("#steps > .step > .label-wrap.open")
    expect(is_open).to_have_count(0)
    for name, first in (("Edits", "What happens"), ("Find", "Find areas")):
        opener(phone_walk, name).tap()
        expect(is_open).to_have_count(1)
        expect(is_open).to_contain_text(first)


@phone
def test_on_a_phone_the_link_past_the_steps_opens_what_saves(phone_walk: Walk):
    phone_walk.page.get_by_role("link", name="Skip to the download").press("Enter")
    expect(phone_walk.part("download")).to_be_focused()
    expect(opener(phone_walk, "Save")).to_have_attribute("aria-expanded", "true")


@phone
def test_on_a_phone_a_bar_opened_by_keys_goes_on_in_its_sheet(phone_walk: Walk):
    opener(phone_walk, "Areas").press("Enter")
    assert phone_walk.part("sides").evaluate("(one) => one.contains(document.activeElement)")


@phone
def test_on_a_phone_the_bar_at_the_foot_covers_nothing_at_the_end(phone_walk: Walk):
    phone_walk.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    bar = box(phone_walk.part("bar"))
    assert bar["bottom"] == pytest.approx(844, abs=1)
    assert box(phone_walk.page.locator("footer"))["bottom"] <= bar["y"]
    for name, holder in BAR.items():
        opener(phone_walk, name).tap()
        sheet = phone_walk.part(holder)
        sheet.evaluate("(one) => { one.scrollTop = one.scrollHeight; }")
        last = sheet.locator("> :visible").last
        foot = phone_walk.part("download") if holder == "save" else phone_walk.part("bar")
        assert box(last)["bottom"] <= box(foot)["y"]


@phone
def test_on_a_phone_everything_to_tap_is_high_enough(phone_walk: Walk):
    assert phone_walk.page.evaluate(TOO_LOW, LEAST_TAP_PX) == []
    for name in STEPS:
        open_step(phone_walk, name)
        for more in step(phone_walk, name).locator(".more > .label-wrap").all():
            more.tap()
        expect(step(phone_walk, name).locator(".label-wrap:not(.open)")).to_have_count(0)
        assert phone_walk.page.evaluate(TOO_LOW, LEAST_TAP_PX) == []
    for name in ("Areas", "Save"):
        opener(phone_walk, name).tap()
        assert phone_walk.page.evaluate(TOO_LOW, LEAST_TAP_PX) == []


@phone
def test_on_a_phone_the_painter_takes_the_whole_screen(phone_walk: Walk):
    page = phone_walk.page
    open_step(phone_walk, "Find areas")
    phone_walk.part("paint").tap()
    expect(page.locator(".painter-bar")).to_be_visible()
    viewer = box(page.locator(".viewer"))
    assert [viewer[side] for side in ("x", "y", "right", "bottom")] == [0, 0, 390, 844]
    assert page.evaluate(TOO_WIDE) <= 0
    expect(phone_walk.part("bar")).not_to_be_visible()
    middle = box(page.locator("canvas.painter-paint"))
    page.touchscreen.tap(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    page.get_by_role("button", name="Done", exact=True).tap()
    expect(page.locator(".painter-bar")).not_to_be_visible()
    expect(phone_walk.part("mask-list")).to_contain_text("What you painted")


@pytest.fixture
def wordy(
    browser: Browser, face_model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    """A visitor by phone of an app whose model has a label of 60 letters."""
    models = tmp_path_factory.mktemp("models")
    shutil.copytree(face_model_dir, models / "wordy")
    about = json.loads((models / "wordy" / "config.json").read_text())
    names = {place: letter * 60 for place, letter in zip(about["id2label"], "WM", strict=False)}
    about["id2label"] |= names
    about["label2id"] = {name: int(place) for place, name in about["id2label"].items()}
    (models / "wordy" / "config.json").write_text(json.dumps(about))
    folder = tmp_path_factory.mktemp("app with a wordy model")
    variables = {"SEGUI_MODELS_DIR": str(models), "SEGUI_DEVICE": "cpu"}
    with running_app(folder, **variables) as app, fresh_page(browser, app.url, **PHONE) as page:
        walk = Walk(page)
        walk.open()
        yield walk


def test_long_names_do_not_make_the_page_wider(wordy: Walk, pictures: Path, tmp_path: Path):
    long = tmp_path / f"{'m' * 76}.png"
    shutil.copy(pictures / "mask.png", long)
    wordy.upload_photo(pictures / "photo.png")
    wordy.upload("masks", long)
    expect(wordy.part("notes")).to_contain_text(long.name)
    open_step(wordy, "Which areas")
    wordy.part("classifier").locator("input").tap()
    wordy.page.get_by_role("option", name="Manual repo id").tap()
    repo = wordy.part("repo").locator("input, textarea")
    repo.fill("wordy")
    repo.press("Enter")
    expect(wordy.part("labels")).to_contain_text("W" * 60)
    expect(wordy.part("filtered").locator(".area-card")).to_have_count(2)
    wordy.show("areas")
    wordy.part("filtered").locator(".pick").first.tap()
    expect(wordy.part("detail")).to_contain_text("W" * 60)
    opener(wordy, "Areas").tap()
    wordy.page.get_by_role("button", name="All areas in a table").tap()
    for name in STEPS:
        open_step(wordy, name)
        assert wordy.page.evaluate(TOO_WIDE) <= 0


@wide
def test_a_wide_screen_is_used(walk: Walk):
    steps, picture, sides = (box(walk.part(name)) for name in ("steps", "result", "sides"))
    assert steps["right"] < picture["x"]
    assert picture["right"] < sides["x"]
    assert picture["width"] > 0.5 * 2560
    assert sides["right"] - steps["x"] > 0.9 * 2560
    cards = walk.part("remained").locator(".area-card")
    assert box(cards.nth(0))["y"] == box(cards.nth(1))["y"], "cards stand side by side"
    assert box(walk.part("download"))["bottom"] < 1300, "the result and its button are in view"


def overlaps(boxes: list[dict[str, float]]) -> list[tuple[int, int]]:
    """Which of some boxes cover each other by more than a few pixels."""
    spare = 4
    return [
        (n, m)
        for n, one in enumerate(boxes)
        for m, other in enumerate(boxes[:n])
        if min(one["right"], other["right"]) - max(one["x"], other["x"]) > spare
        and min(one["bottom"], other["bottom"]) - max(one["y"], other["y"]) > spare
    ]


def tiles(folder: Path) -> tuple[Path, Path]:
    """A photo of 20 x 10 tiles, and a label map in which each is an area."""
    rows, columns = np.indices((400, 800)) // 40
    numbers = (1 + columns + 20 * rows).astype(np.uint8)
    gap = (np.indices((400, 800)) % 40 < 4).any(axis=0)
    labels = np.where(gap, 0, numbers)
    photo = np.stack([labels, 255 - labels, labels // 2], axis=2).astype(np.uint8)
    paths = folder / "tiles.png", folder / "labels.png"
    Image.fromarray(photo).save(paths[0])
    Image.fromarray(labels.astype(np.uint8)).save(paths[1])
    return paths


@pytest.mark.parametrize(
    "page",
    [{"viewport": {"width": 1440, "height": 1000}}, PHONE],
    ids=["desk", "phone"],
    indirect=True,
)
def test_two_hundred_areas_can_be_worked_on(walk: Walk, tmp_path: Path):
    photo, labels = tiles(tmp_path)
    walk.upload_photo(photo)
    walk.upload("masks", labels)
    walk.page.evaluate(
        "document.querySelectorAll('.label-wrap:not(.open)').forEach(b => b.click())"
    )
    walk.show("find")
    walk.pick("mask-kind", "Labels")
    expect(walk.part("status")).to_contain_text("200 of 200 areas chosen")
    expect(walk.part("filtered").locator(".area-card")).to_have_count(200)
    assert walk.page.evaluate(TOO_WIDE) <= 0
    walk.show("areas")
    walk.part("filtered").locator("[data-of='150']").click()
    expect(walk.part("status")).to_contain_text("199 of 200 areas chosen")
    expect(walk.part("remained").locator(".area-card")).to_have_count(1)
    walk.show("edits")
    walk.write_rule("@index <= 20")
    expect(walk.part("status")).to_contain_text("20 of 200 areas chosen")
    walk.part("result").get_by_role("button", name="Areas", exact=True).click()
    numbers = walk.part("result").locator(".viewer-marks span")
    assert overlaps([box(number) for number in numbers.all() if number.is_visible()]) == []


def drawn_by_finger(page: Page, *points: tuple[float, float]) -> None:
    """A finger put down at the first of some places of the page, drawn to the others and lifted."""
    session = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(points):
        kind = "touchMove" if number else "touchStart"
        place = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        session.send("Input.dispatchTouchEvent", place)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# where a finger goes, by shares of the photo
FINGER = {
    "What is clicked": [(0.195, 0.664)],
    "What is in a box": [(0.14, 0.03), (0.2, 0.3), (0.31, 0.5)],
}


@phone
@pytest.mark.parametrize("way", FINGER)
def test_on_a_phone_areas_are_found_by_a_finger_on_the_photo(
    phone_walk: Walk, group: Path, way: str
):
    phone_walk.upload_photo(group)
    phone_walk.says("Now say where the areas are")
    open_step(phone_walk, "Find areas")
    phone_walk.pick("finder", way)
    opener(phone_walk, "Find").tap()
    expect(phone_walk.page.locator(".found-hint")).to_be_visible()
    phone_walk.sheet.scroll_into_view_if_needed()
    photo = box(phone_walk.sheet)
    places = [
        (photo["x"] + x * photo["width"], photo["y"] + y * photo["height"]) for x, y in FINGER[way]
    ]
    drawn_by_finger(phone_walk.page, *places)
    phone_walk.says("1 of 1 area chosen")
