"""The picture while a slider moves, where the browser cannot draw it: the server's follows.

The page's clock stands still in these tests and is moved on by less than the time after which a
slider rests: what the server is asked for then, it is asked for while the slider moves.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Request, Route, expect

from segui.ui.view.live import MAX_LAYERS
from tests.browser import tiles
from tests.browser.pages import PATIENCE_MS
from tests.browser.tiles import Oracle
from tests.browser.visit import bring_tiles
from tests.browser.walk import Walk

FRAME_MS = 20  # between two moves: a slider rests after 60
LISTEN_MS = (
    1500  # of real time, which a page whose clock stands still takes to hear what it is told
)
SLOW_MS = 60  # a draw takes too long above 50
DOT_PX, DOTS_APART_PX = 20, 32  # of areas that are too many
JOIN = "**/gradio_api/run/predict*"

# every draw ends with one of these, and takes the page's own time
_SLOW_DRAWS = """
globalThis.extraMs = 0;
let late = 0, isPatched = false;
const paper = CanvasRenderingContext2D.prototype;
for (const name of ['putImageData', 'drawImage']) {
  const plain = paper[name];
  paper[name] = function (...what) {
    if (!isPatched) {
      isPatched = true;
      const clock = performance, now = clock.now.bind(clock);
      Object.defineProperty(clock, 'now', {configurable: true, value: () => now() + late});
    }
    late += globalThis.extraMs;
    return plain.apply(this, what);
  };
}
"""
_NO_CANVAS = "HTMLCanvasElement.prototype.getContext = () => null;"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiles and their masks, and masks with as many areas as are drawn, and one more."""
    folder = tmp_path_factory.mktemp("tiles")
    tiles.draw(folder)
    for count in (MAX_LAYERS, MAX_LAYERS + 1):
        draw_dots(folder / f"dots{count}.png", count)
    return folder


def draw_dots(path: Path, count: int) -> None:
    """A mask for the tiles with that many small areas."""
    height, width = tiles.ROWS * tiles.CELL_PX, tiles.COLUMNS * tiles.CELL_PX
    mask = np.zeros((height, width), np.uint8)
    for number in range(count):
        y, x = (DOTS_APART_PX * place + 6 for place in divmod(number, width // DOTS_APART_PX))
        mask[y : y + DOT_PX, x : x + DOT_PX] = 255
    assert mask.sum() == 255 * count * DOT_PX**2, "all of them are on the picture"
    Image.fromarray(mask).save(path)


class Mover:
    """Moves the softness of the edge by the keyboard while the page's clock stands still.

    Args:
        walk: A visitor whose page has a clock that can be stopped.
    """

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        walk.rests()
        self._events: list[int] = []
        self._seen = self._shown()
        self._slider = walk.slide("feather")
        self._slider.focus()
        self.value = int(self._slider.input_value())
        walk.page.on("request", self._count)
        walk.page.clock.pause_at(time.time() + 3600)

    def _count(self, request: Request) -> None:
        if request.method == "POST" and "/run/predict" in request.url:
            self._events.append(request.post_data_json["fn_index"])

    @property
    def asked(self) -> int:
        """How often a picture was asked for: the page may ask besides whether it has come."""
        return self._events.count(self._events[0]) if self._events else 0

    def move(self) -> None:
        """One move, and a frame."""
        self.value += 1
        self._slider.press("ArrowRight")
        expect(self._slider).to_have_value(str(self.value))
        self.walk.page.clock.run_for(FRAME_MS)

    def moves_until_there_is_another_picture(self) -> None:
        """Never let the slider rest, until the server's picture is another one."""
        self._until_there_is_another_picture(self.move)

    def waits_for_another_picture(self) -> None:
        """Until it is there, with as little time on the page as it takes: not a frame."""
        self._until_there_is_another_picture(self._wait)

    def _wait(self) -> None:
        self.walk.page.wait_for_timeout(LISTEN_MS)  # to the server
        self.walk.page.clock.run_for(1)

    def _until_there_is_another_picture(self, act: Callable[[], None]) -> None:
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while self._shown() == self._seen:
            assert time.monotonic() < deadline, f"nothing came of {self.asked} requests"
            act()
        self._seen = self._shown()

    def _shown(self) -> str | None:
        return self.walk.page.locator("#result .viewer-after").get_attribute("src")

    def lets_go(self) -> int:
        """Let time go on. Where the slider stands."""
        self.walk.page.clock.resume()
        return self.value


def opened(page: Page, script: str, folder: Path, mask: str = "mask") -> Walk:
    """A visitor whose browser has run a script first, with masks, inverting."""
    page.add_init_script(script)
    page.clock.install()
    walk = Walk(page)
    walk.open()
    bring_tiles(walk, folder, mask)
    return walk


def held_questions(page: Page) -> list[Route]:
    """What the page asks the queue for from now on, which does not come to it."""
    held: list[Route] = []
    page.route(JOIN, lambda route: held.extend([route]))
    return held


def stage(walk: Walk) -> Locator:
    return walk.page.locator("#result .viewer-stage")


def draws(walk: Walk) -> int:
    return int(stage(walk).get_attribute("data-draws") or 0)


def test_where_nothing_can_be_drawn_the_servers_pictures_follow_the_slider(
    page: Page, folder: Path, tmp_path: Path
):
    walk, oracle = opened(page, _NO_CANVAS, folder), Oracle(folder)
    expect(stage(walk)).to_have_attribute("data-live", "server")
    walk.sees(oracle.result())
    mover = Mover(walk)
    mover.moves_until_there_is_another_picture()
    mover.moves_until_there_is_another_picture()
    assert draws(walk) == 0
    expect(page.locator(".viewer-live")).to_be_hidden()
    expected = oracle.result(feather=mover.lets_go())
    walk.sees(expected)
    np.testing.assert_array_equal(walk.download(tmp_path), expected)


def test_of_the_moves_while_the_server_draws_only_the_last_is_asked_for(page: Page, folder: Path):
    walk, oracle = opened(page, _NO_CANVAS, folder), Oracle(folder)
    walk.sees(oracle.result())
    mover = Mover(walk)
    held = held_questions(page)
    for _ in range(8):
        mover.move()
    assert (len(held), mover.asked) == (1, 1)
    held[0].continue_()
    page.unroute(JOIN)
    walk.sees(oracle.result(feather=mover.lets_go()))
    assert mover.asked == 2


def lets_go_of_the_slider_before_a_frame(walk: Walk) -> Mover:
    """A move by the pointer that ends before the browser has drawn it; no time goes by."""
    mover = Mover(walk)
    box = walk.slide("feather").bounding_box()
    assert box is not None
    mouse, y = walk.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.2, y)
    mouse.down()
    while not draws(walk):  # until a frame has just begun
        walk.page.clock.run_for(1)
        walk.page.wait_for_timeout(10)
    mouse.move(box["x"] + box["width"] * 0.4, y)
    walk.page.wait_for_timeout(LISTEN_MS)
    walk.page.clock.run_for(3)  # the page hears of it
    walk.page.wait_for_timeout(LISTEN_MS)
    mouse.up()
    mover.value = int(walk.slide("feather").input_value())
    return mover


def test_a_hand_that_lets_go_is_answered_before_its_last_move_is_drawn(page: Page, folder: Path):
    walk, oracle = opened(page, "", folder), Oracle(folder)
    walk.sees(oracle.result())
    expect(stage(walk)).to_have_attribute("data-live", re.compile("webgl|canvas"))
    walk.rests()
    held = held_questions(page)
    mover = lets_go_of_the_slider_before_a_frame(walk)
    drawn = draws(walk)
    page.clock.run_for(1)
    page.wait_for_timeout(LISTEN_MS)
    assert (mover.asked, draws(walk)) == (1, drawn)
    page.clock.run_for(FRAME_MS)
    assert (mover.asked, draws(walk)) == (1, drawn + 1)
    held[0].continue_()
    walk.sees(oracle.result(feather=mover.lets_go()))
    assert mover.asked == 1


def test_a_drawing_that_comes_after_the_exact_picture_does_not_cover_it(page: Page, folder: Path):
    walk, oracle = opened(page, "", folder), Oracle(folder)
    walk.sees(oracle.result())
    expect(stage(walk)).to_have_attribute("data-live", re.compile("webgl|canvas"))
    mover = lets_go_of_the_slider_before_a_frame(walk)
    drawn = draws(walk)
    page.clock.run_for(1)
    mover.waits_for_another_picture()
    page.clock.run_for(FRAME_MS)
    assert (mover.asked, draws(walk)) == (1, drawn)
    expect(page.locator(".viewer-live")).to_be_hidden()
    walk.sees(oracle.result(feather=mover.lets_go()))


def with_dots(page: Page, folder: Path, count: int, live: str) -> Walk:
    """A visitor with that many areas, and what draws them."""
    walk = opened(page, "", folder, f"dots{count}")
    walk.says(f"{count} of {count} areas chosen")
    walk.sees(Oracle(folder, (f"dots{count}",)).result())
    expect(stage(walk)).to_have_attribute("data-live", re.compile(live))
    return walk


def test_more_areas_than_a_browser_draws_quickly_are_drawn_by_the_server(page: Page, folder: Path):
    walk = with_dots(page, folder, MAX_LAYERS + 1, "server")
    mover = Mover(walk)
    mover.moves_until_there_is_another_picture()
    assert draws(walk) == 0


def test_as_many_as_it_draws_quickly_are_drawn_by_the_browser(page: Page, folder: Path):
    walk = with_dots(page, folder, MAX_LAYERS, "webgl|canvas")
    mover = Mover(walk)
    for _ in range(5):
        mover.move()
    assert (mover.asked, draws(walk)) == (0, 5)


def test_the_server_takes_over_from_a_browser_that_draws_slowly(
    page: Page, folder: Path, tmp_path: Path
):
    walk, oracle = opened(page, _SLOW_DRAWS, folder), Oracle(folder)
    walk.sees(oracle.result())
    expect(stage(walk)).to_have_attribute("data-live", re.compile("webgl|canvas"))
    mover = Mover(walk)
    for extra in (SLOW_MS, SLOW_MS, 0, SLOW_MS, SLOW_MS):  # three in a row are too many, not two
        page.evaluate("ms => { extraMs = ms; }", extra)
        mover.move()
        took = float(stage(walk).get_attribute("data-draw-ms") or 0)
        assert (took >= SLOW_MS) == bool(extra)
    assert (mover.asked, draws(walk)) == (0, 5)
    mover.move()
    assert (mover.asked, draws(walk)) == (0, 6)
    expect(page.locator(".viewer-live")).to_be_visible()

    mover.moves_until_there_is_another_picture()
    assert draws(walk) == 6
    expected = oracle.result(feather=mover.lets_go())
    walk.sees(expected)
    expect(page.locator(".viewer-live")).to_be_hidden()
    np.testing.assert_array_equal(walk.download(tmp_path), expected)
