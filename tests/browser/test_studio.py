"""The picture on the page: sliders, zoom, before and after; what is kept, what is left behind."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.app_server import AppServer, running_app
from tests.browser import tiles
from tests.browser.pages import PATIENCE_MS
from tests.browser.tiles import Oracle, middle_of
from tests.browser.visit import bring_tiles, visit
from tests.browser.walk import Walk, difference, read_picture

SCALE = 5  # of a photo so large that its preview is a smaller one
FRAME_MS = 20
CLOSE_ERROR = 2.0  # mean, of 255: it is a JPEG of high quality
COLOUR_ERROR = 12.0  # of a place on the screen: JPEG, and the browser's own scaling


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same at five times the size."""
    folder = tmp_path_factory.mktemp("large tiles")
    tiles.draw(folder, SCALE)
    return folder


# ---- sliders -----------------------------------------------------------------------------------
class Asked:
    """What a page has asked the server for."""

    def __init__(self, page: Page) -> None:
        self.urls: list[str] = []
        page.on("request", self._add)

    def _add(self, request: Request) -> None:
        if "/gradio_api/" in request.url and "heartbeat" not in request.url:
            self.urls.append(request.url)


@pytest.fixture
def timed(browser: Browser, app: AppServer, folder: Path) -> Iterator[Walk]:
    """The same visitor, whose page has a clock that can be stopped."""
    with visit(browser, app, is_timed=True) as walk:
        bring_tiles(walk, folder, "mask")
        yield walk


def test_a_slider_that_moves_asks_the_server_nothing(timed: Walk, oracle: Oracle, tmp_path: Path):
    timed.sees(oracle.result())
    stage, live = timed.page.locator("#result .viewer-stage"), timed.page.locator(".viewer-live")
    expect(stage).to_have_attribute("data-live", re.compile("webgl|2d|canvas|cpu|gl"))
    slider = timed.slide("feather")
    slider.focus()
    timed.rests()
    asked = Asked(timed.page)
    timed.page.clock.pause_at(time.time() + 3600)  # no slider rests while time stands still
    for value in range(6, 26):
        slider.press("ArrowRight")
        expect(slider).to_have_value(str(value))
        timed.page.clock.run_for(FRAME_MS)
    expect(live).to_be_visible()
    assert int(stage.get_attribute("data-draws") or 0) > 1
    assert asked.urls == []
    timed.page.clock.resume()
    timed.sees(oracle.result(feather=25))
    expect(live).to_be_hidden()
    assert asked.urls
    np.testing.assert_array_equal(timed.download(tmp_path), oracle.result(feather=25))


def test_a_feather_beyond_the_slider_can_be_typed(visitor: Walk, oracle: Oracle, tmp_path: Path):
    visitor.set_number("feather", 300)
    expected = oracle.result(feather=300)
    visitor.sees(expected)
    expect(visitor.number("feather")).to_have_value("300")
    np.testing.assert_array_equal(visitor.download(tmp_path), expected)


# ---- looking at the picture --------------------------------------------------------------------
def looks_like(walk: Walk, place: tuple[float, float], colour: np.ndarray) -> None:
    """Wait until a place of the picture has a colour."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while np.abs(walk.seen_at(*place) - colour).max() > COLOUR_ERROR:
        assert time.monotonic() < deadline, f"{walk.seen_at(*place)} is not {colour}"


def colour_at(pixels: np.ndarray, place: tuple[float, float]) -> np.ndarray:
    height, width = pixels.shape[:2]
    row, column = round(place[1] * height), round(place[0] * width)
    return np.asarray(pixels[row - 3 : row + 4, column - 3 : column + 4].mean(axis=(0, 1)))


def test_before_and_after_are_compared_by_a_divider(visitor: Walk, oracle: Oracle):
    result, photo = oracle.result(), oracle.photo
    left, right = middle_of(4), middle_of(6)
    visitor.sees(result)
    looks_like(visitor, left, colour_at(result, left))
    visitor.view("Compare").click()
    looks_like(visitor, left, colour_at(photo, left))
    looks_like(visitor, right, colour_at(result, right))
    divider = visitor.part("result").get_by_label("Divider between before and after")
    divider.press("End")
    expect(divider).to_have_value("100")
    looks_like(visitor, right, colour_at(photo, right))
    divider.press("Home")
    looks_like(visitor, left, colour_at(result, left))
    for _ in range(3):
        divider.press("ArrowRight")
    expect(divider).to_have_value("3")
    visitor.view("Result").click()
    expect(divider).to_be_hidden()


def test_the_original_is_seen_while_its_button_is_held(visitor: Walk, oracle: Oracle):
    result, photo, place = oracle.result(), oracle.photo, middle_of(2)
    visitor.sees(result)
    looks_like(visitor, place, colour_at(result, place))
    visitor.view("Hold: original").hover()
    visitor.page.mouse.down()
    looks_like(visitor, place, colour_at(photo, place))
    visitor.page.mouse.up()
    looks_like(visitor, place, colour_at(result, place))
    visitor.view("Hold: original").focus()
    visitor.page.keyboard.down("Space")
    looks_like(visitor, place, colour_at(photo, place))
    visitor.page.keyboard.up("Space")
    looks_like(visitor, place, colour_at(result, place))


def part_of(image: Locator) -> tuple[float, float, float, float]:
    """Which part of the picture an image lies on, by shares: x1, y1, x2, y2."""
    x, y, width, height = image.evaluate(
        "({style}) => [style.left, style.top, style.width, style.height].map(parseFloat)"
    )
    return x / 100, y / 100, (x + width) / 100, (y + height) / 100


def sees_closely(walk: Walk, whole: np.ndarray) -> tuple[int, int, int, int]:
    """Wait until the part in view is the expected one, a pixel each; which part that is, xyxy."""
    look = walk.page.locator("#result .viewer-look")
    expect(look).to_be_visible()
    deadline, off = time.monotonic() + PATIENCE_MS / 1000, float("inf")
    while time.monotonic() < deadline:
        shares, source = part_of(look), look.get_attribute("src")
        seen = read_picture(walk.page, source or "")
        x1, x2 = (round(share * whole.shape[1]) for share in shares[::2])
        y1, y2 = (round(share * whole.shape[0]) for share in shares[1::2])
        expected = whole[y1:y2, x1:x2]
        off = difference(seen, expected)
        if off < CLOSE_ERROR:
            return x1, y1, x2, y2
        walk.page.wait_for_function(
            "([old]) => document.querySelector('#result .viewer-look').src !== old", arg=[source]
        )
    raise AssertionError(f"the picture is off by {off:.1f} of 255")


def test_at_100_percent_each_pixel_of_the_photo_is_one_on_the_screen(page: Page, large: Path):
    walk, engine = Walk(page), Oracle(large)
    walk.open()
    bring_tiles(walk, large, "mask")
    walk.view("100 %").click()
    width = engine.photo.shape[1]
    x1, y1, x2, y2 = sees_closely(walk, engine.result())
    assert 0 < x2 - x1 < width, "a part, not all of it"
    box = page.locator("#result .viewer-look").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (x2 - x1, y2 - y1)

    scroll = page.get_by_role("region", name="The picture at 100 %: arrow keys move it")
    scroll.evaluate("one => { one.scrollLeft = 0; one.scrollTop = 0; }")
    look = page.locator("#result .viewer-look")
    expect(look).to_have_attribute("style", re.compile(r"left: 0%; top: 0%"))
    assert sees_closely(walk, engine.result())[:2] == (0, 0)
    walk.set_number("feather", 30)
    sees_closely(walk, engine.result(feather=30))

    walk.view("Fit").click()
    expect(look).to_be_hidden()
    stage, sheet = page.locator("#result .viewer-stage").bounding_box(), walk.sheet.bounding_box()
    assert stage is not None
    assert sheet is not None
    assert sheet["width"] <= stage["width"]


# ---- what is kept, and what is not ---------------------------------------------------------------
def test_a_page_that_is_loaded_anew_has_all_as_it_was(visitor: Walk, tmp_path: Path):
    visitor.set_number("grow", 4)
    visitor.write_rule("blue > 40%")
    visitor.lists("filtered", 2, 3)
    visitor.put("Leave out", 3)
    visitor.lists("filtered", 2)
    visitor.part("paint").click()
    visitor.stroke((0.4, 0.45), (0.6, 0.45))
    painting = visitor.page.get_by_role("toolbar", name="Painting")
    painting.get_by_role("button", name="Done").click()
    expect(visitor.part("mask-list")).to_contain_text("What you painted")
    visitor.rests()
    before = visitor.download(tmp_path)
    number = visitor.page.locator(".area-card").count()
    for _ in range(2):
        visitor.page.reload()
        expect(visitor.part("problem")).to_contain_text(
            "Your photo is back, with all that you did to it."
        )
        expect(visitor.part("photo-card")).to_contain_text("tiles.png")
        expect(visitor.part("mask-list")).to_contain_text("mask.png")
        expect(visitor.part("mask-list")).to_contain_text("What you painted")
        expect(visitor.rule).to_have_value("blue > 40%")
        expect(visitor.number("grow")).to_have_value("4")
        expect(visitor.page.locator(".area-card")).to_have_count(number)
        np.testing.assert_array_equal(visitor.download(tmp_path), before)
    visitor.part("undo").click()
    expect(visitor.part("mask-list")).not_to_contain_text("What you painted")
    visitor.lists("filtered", 2)


def test_another_tab_has_the_options_and_leaves_the_photo_where_it_is(visitor: Walk, folder: Path):
    visitor.pick("on-unknown", "Include")
    visitor.set_number("feather", 31)
    visitor.sees(Oracle(folder).result(feather=31))
    context = visitor.page.context
    # a copied tab has all that the first one has stored
    stored = visitor.page.evaluate("() => ({...sessionStorage})")
    for kept in ({}, stored):
        with context.new_page() as other:
            other.add_init_script(
                f"Object.entries({json.dumps(kept)}).forEach(([name, one]) => "
                "sessionStorage.setItem(name, one))"
            )
            walk = Walk(other)
            other.goto("/")
            expect(walk.number("feather")).to_have_value("31")
            expect(walk.part("photo-card")).to_have_text("")
            expect(walk.page.locator(".viewer-empty")).to_have_text(
                "Drop a photo here, or click to choose one."
            )
            expect(walk.part("problem")).to_contain_text("Your options are as you left them")
            if not kept:
                expect(walk.part("problem")).not_to_contain_text("not kept")
    expect(visitor.part("photo-card")).to_contain_text("tiles.png")
    visitor.set_number("feather", 5)
    visitor.sees(Oracle(folder).result())


def test_options_are_kept_longer_than_ones_own_photo(
    browser: Browser, folder: Path, tmp_path: Path
):
    with (
        running_app(tmp_path, SEGUI_LEAVE_SECONDS="1") as server,
        visit(browser, server) as walk,
    ):
        bring_tiles(walk, folder, "mask")
        walk.write_rule("blue > 40%")
        walk.lists("filtered", 2, 3)
        walk.set_number("feather", 31)
        walk.sees(Oracle(folder).result(Oracle(folder).chosen("blue > 40%"), feather=31))
        walk.rests()
        walk.page.goto("about:blank")
        nothing_is_left(server)
        walk.page.goto("/")
        expect(walk.part("problem")).to_contain_text(
            "Your options are as you left them. Your photo was not kept: add it again."
        )
        expect(walk.rule).to_have_value("blue > 40%")
        expect(walk.number("feather")).to_have_value("31")
        expect(walk.part("effect").get_by_label("Invert", exact=True)).to_be_checked()
        expect(walk.part("photo-card")).to_have_text("")
        expect(walk.page.locator(".area-card")).to_have_count(0)


def test_a_page_whose_session_is_lost_says_that_its_picture_is_of_before(visitor: Walk):
    def elsewhere(route: Route) -> None:
        sent = {**route.request.post_data_json, "session_hash": "another"}
        route.continue_(post_data=json.dumps(sent))

    visitor.page.route("**/run/predict*", elsewhere)
    visitor.set_number("feather", 9)
    expect(visitor.part("problem")).to_contain_text("your pictures are gone from it")
    stale = visitor.page.locator(".viewer-stale")
    expect(stale).to_have_text("The picture is of before: the server has lost it.")
    for button in ("download", "take-mask", "take-recipe", "take-project"):
        expect(visitor.reach(button)).to_be_disabled()
    visitor.page.unroute_all()


def left(server: AppServer) -> list[Path]:
    """The files that the server has of visitors."""
    found = server.cache.glob("segui-*/segui-*/*/*/*/*")
    return [path for path in found if path.is_file() and "examples" not in path.parts]


def nothing_is_left(server: AppServer) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while left(server) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left(server) == []


def test_an_example_comes_back_with_what_was_changed_of_it(page: Page, tmp_path: Path):
    walk = Walk(page)
    walk.open()
    walk.example("Pixelate what matches")
    walk.says("5 of 20 areas chosen")
    before = walk.source()
    walk.set_number("feather", 42)
    walk.source(other_than=before)
    first = walk.download(tmp_path)
    page.reload()
    walk.says("5 of 20 areas chosen")
    expect(walk.number("feather")).to_have_value("42")
    expect(walk.part("photo-card")).to_contain_text("Example")
    expect(walk.part("download")).to_be_enabled()
    np.testing.assert_array_equal(walk.download(tmp_path), first)


def test_a_page_that_was_closed_leaves_nothing_behind(
    browser: Browser, folder: Path, tmp_path: Path
):
    with running_app(tmp_path, SEGUI_LEAVE_SECONDS="1") as server:
        with visit(browser, server) as walk:
            bring_tiles(walk, folder, "mask")
            assert {"tiles.png", "mask.png"} <= {path.name for path in left(server)}
        nothing_is_left(server)
