"""Painting a mask by mouse, finger and keys, against discs and capsules from their formula."""

import base64
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from segui.ui.browser.assets import asset
from segui.ui.browser.scripts import joined
from tests.browser.pages import Tabs

STYLES = asset("styles.css") + asset("painter.css")
WIDTH, HEIGHT = 320, 200
BRUSH = 24
FINE = 8  # the oracle looks at 8 x 8 points of each pixel
EDGE = 85  # of 255: Chromium draws arcs as a few flat curves, up to a third of a pixel inside them
AREA = 0.015  # how far the painted area as a whole may be off
REST_MS = 400

HTML = f"""<!DOCTYPE html><html lang="en"><head><title>painter</title>
<meta name="viewport" content="width=device-width"><style>{STYLES}</style></head>
<body style="margin: 0"><div class="viewer">
  <div class="viewer-bar"><button type="button">Result</button></div>
  <div class="painter-bar" role="toolbar" aria-label="Painting" hidden></div>
  <div class="viewer-stage"><div class="viewer-scroll">
    <div class="viewer-sheet" style="--aspect: {WIDTH / HEIGHT}">
      <div class="painter-host"></div>
    </div>
  </div></div>
</div></body></html>"""

MAKE = f"""({{size, initial}}) => {{
  globalThis.heard = [];
  globalThis.painter = {joined("painter/painter.js")}.makePainter({{
    host: document.querySelector('.painter-host'), bar: document.querySelector('.painter-bar'),
    width: size[0], height: size[1], initial, onDone: (mask) => heard.push(mask),
  }});
}}"""


def pixels_of(data_uri: str) -> np.ndarray:
    assert data_uri.startswith("data:image/png;base64,")
    with Image.open(io.BytesIO(base64.b64decode(data_uri.partition(",")[2]))) as image:
        return np.array(image.convert("L"))


def uri_of(mask: np.ndarray) -> str:
    data = io.BytesIO()
    Image.fromarray(mask).save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


# ---- the formula -------------------------------------------------------------------------------
Point = tuple[float, float]


def covered(inside: np.ndarray) -> np.ndarray:
    """The share of each pixel that is inside, 0..255, from a grid of finer points."""
    rows, columns = (length // FINE for length in inside.shape)
    return inside.reshape(rows, FINE, columns, FINE).mean(axis=(1, 3)) * 255


def fine_grid(width: int = WIDTH, height: int = HEIGHT) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[: height * FINE, : width * FINE]
    return (x + 0.5) / FINE, (y + 0.5) / FINE


def within(start: Point, end: Point, radius: float) -> np.ndarray:
    """Which fine points are at most a radius from the straight line between two points."""
    x, y = fine_grid()
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length_2 = along_x**2 + along_y**2
    share = ((x - start[0]) * along_x + (y - start[1]) * along_y) / (length_2 or 1)
    share = share.clip(0, 1)
    distance = np.hypot(x - start[0] - share * along_x, y - start[1] - share * along_y)
    return distance <= radius


def capsule(start: Point, end: Point, size: float = BRUSH) -> np.ndarray:
    return covered(within(start, end, size / 2))


def polygon(points: list[Point]) -> np.ndarray:
    image = Image.new("1", (WIDTH * FINE, HEIGHT * FINE))
    ImageDraw.Draw(image).polygon([(x * FINE, y * FINE) for x, y in points], fill=1)
    return covered(np.array(image))


def assert_agrees(mask: np.ndarray, expected: np.ndarray) -> None:
    assert mask.shape == expected.shape
    assert np.abs(mask - expected).max() <= EDGE
    assert mask.sum(dtype=float) == pytest.approx(expected.sum(), rel=AREA)


# ---- the one who paints ------------------------------------------------------------------------
# at one moment: between two keys a busy machine may rest for longer than the painter waits
BACK_AND_FORTH = """() => {
  const press = (key) => document.querySelector('.painter-paint').dispatchEvent(
    new KeyboardEvent('keydown', {key, ctrlKey: true, bubbles: true, cancelable: true}));
  press('z');
  press('y');
}"""


class Painter:
    """A page with a painter; points are in pixels of the mask."""

    def __init__(self, page: Page, shown: float = 1.0) -> None:
        self.page = page
        self.paper = page.locator(".painter-paint")
        self.shown = shown

    def make(self, size: tuple[int, int] = (WIDTH, HEIGHT), initial: str = "") -> None:
        style = f"width: {size[0] * self.shown}px; max-width: none"
        sheet = self.page.locator(".viewer-sheet")
        sheet.evaluate("(sheet, style) => { sheet.style.cssText += ';' + style; }", style)
        self.page.evaluate(MAKE, {"size": size, "initial": initial})
        self.call("open()")
        self.size(BRUSH)

    def call(self, what: str) -> Any:
        return self.page.evaluate(f"() => painter.{what}")

    def size(self, px: int) -> None:
        self.page.get_by_label("Brush size").fill(str(px))

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=True)

    def at(self, point: Point) -> Point:
        box = self.paper.bounding_box()
        assert box is not None
        return box["x"] + point[0] * self.shown, box["y"] + point[1] * self.shown

    def stroke(self, *points: Point, button: Any = "left", steps: int = 6) -> None:
        self.page.mouse.move(*self.at(points[0]))
        self.page.mouse.down(button=button)
        for point in points[1:]:
            self.page.mouse.move(*self.at(point), steps=steps)
        self.page.mouse.up(button=button)

    @property
    def heard(self) -> list[str]:
        heard: list[str] = self.page.evaluate("() => heard")
        return heard

    def told(self, count: int = 1) -> np.ndarray | None:
        """What was told last, once so much was told; None where nothing is painted."""
        self.page.wait_for_function("(count) => heard.length >= count", arg=count)
        assert len(self.heard) == count
        return pixels_of(self.heard[-1]) if self.heard[-1] else None

    def mask(self, count: int = 1) -> np.ndarray:
        mask = self.told(count)
        assert mask is not None
        return mask

    def last(self) -> np.ndarray:
        """What is painted at last; on a busy machine some of it may have been told before."""
        self.rest()
        return pixels_of(self.heard[-1])

    def rest(self) -> None:
        """As much of the page's time as it takes until a change would have been told."""
        self.page.clock.run_for(3 * REST_MS)


@pytest.fixture
def page(tabs: Tabs, request: pytest.FixtureRequest) -> Iterator[Page]:
    options = {"viewport": {"width": 1100, "height": 800}, **getattr(request, "param", {})}
    wrong: list[str] = []
    with tabs.opened(**options) as page:
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.clock.install()
        page.set_content(HTML)
        yield page
    assert wrong == []


@pytest.fixture
def painter(page: Page) -> Painter:
    painter = Painter(page)
    painter.make()
    return painter


# ---- the brush ---------------------------------------------------------------------------------
def test_a_click_paints_a_disc(painter: Painter):
    painter.stroke((100, 80))
    assert_agrees(painter.mask(), capsule((100, 80), (100, 80)))


def test_a_straight_stroke_paints_a_capsule(painter: Painter):
    painter.stroke((60, 50), (250, 140), steps=9)
    assert_agrees(painter.mask(), capsule((60, 50), (250, 140)))


@pytest.mark.parametrize("size", [5, 60, 200])
def test_the_size_is_in_pixels_of_the_mask(painter: Painter, size: int):
    painter.size(size)
    painter.stroke((150, 90), (170, 90))
    assert_agrees(painter.mask(), capsule((150, 90), (170, 90), size))


@pytest.mark.parametrize("hardness", [100, 50])
def test_the_smallest_brush_paints_and_takes_away_wherever_it_is(painter: Painter, hardness: int):
    painter.size(1)
    painter.page.get_by_label("Brush hardness").fill(str(hardness))
    box = painter.paper.bounding_box()
    assert box is not None
    for place in range(16):  # a quarter of a pixel from one to the next
        right, down = 100 + place % 4 / 4, 60 + place // 4 / 4
        at = right - box["x"] % 1, down - box["y"] % 1
        painter.stroke(at)
        painted = painter.last()
        assert painted.max() >= 128, at
        assert np.count_nonzero(painted) <= 12, at
        painter.stroke(at, button="right")
        assert painter.call("isEmpty"), at
        painter.call("load('', true)")


@pytest.mark.parametrize("shown", [0.5, 2.0])
def test_a_picture_shown_at_another_size_is_painted_where_the_pointer_is(page: Page, shown: float):
    painter = Painter(page, shown)
    painter.make()
    painter.stroke((80, 60), (200, 60))
    assert_agrees(painter.mask(), capsule((80, 60), (200, 60)))


def test_a_stroke_may_leave_the_picture(painter: Painter):
    painter.stroke((300, 100), (400, 100))
    assert_agrees(painter.mask(), capsule((300, 100), (400, 100)))


def test_a_bend_is_round_and_stays_between_its_ends(painter: Painter):
    painter.stroke((60, 60), (160, 60), (160, 150), steps=1)
    mask = painter.mask()
    corners = np.maximum(capsule((60, 60), (160, 60)), capsule((160, 60), (160, 150)))
    assert mask[60, 60] == mask[150, 160] == 255
    assert mask[60, 160] == 0, "the corner is cut"
    hull = polygon([(60, 60), (160, 60), (160, 150)])
    assert (mask[(corners == 0) & (hull == 0)] <= EDGE).all()


def test_shift_and_click_draws_a_straight_line_from_the_last_point(painter: Painter):
    painter.stroke((50, 50))
    first = painter.mask()
    painter.page.keyboard.down("Shift")
    painter.stroke((200, 150))
    painter.page.keyboard.up("Shift")
    assert_agrees(first, capsule((50, 50), (50, 50)))
    assert_agrees(painter.mask(2), capsule((50, 50), (200, 150)))


# ---- taking away -------------------------------------------------------------------------------
@pytest.mark.parametrize("way", ["tool", "right button"])
def test_the_eraser_takes_away(painter: Painter, way: str):
    painter.stroke((60, 100), (260, 100))
    painted = painter.mask()
    painter.size(10)
    if way == "tool":
        painter.button("Erase").click()
        painter.stroke((160, 60), (160, 140))
    else:
        painter.stroke((160, 60), (160, 140), button="right")
    left = painted * (1 - capsule((160, 60), (160, 140), 10) / 255)
    assert_agrees(painter.mask(2), left)


def test_all_erased_is_nothing_painted(painter: Painter):
    painter.stroke((100, 100))
    assert painter.told() is not None
    painter.size(60)
    painter.stroke((100, 100), button="right")
    assert painter.told(2) is None
    assert painter.call("isEmpty")


def test_erasing_where_nothing_is_tells_nothing_and_cannot_be_undone(painter: Painter):
    painter.stroke((100, 100), (200, 100), button="right")
    painter.rest()
    assert painter.heard == []
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "true")


# ---- the outline -------------------------------------------------------------------------------
TRIANGLE: list[Point] = [(60, 150), (160, 40), (260, 150)]


def test_an_outline_is_filled(painter: Painter):
    painter.button("Outline").click()
    painter.stroke(*TRIANGLE, (60, 150), steps=40)
    mask, expected = painter.mask(), polygon(TRIANGLE)
    # its corners are a little round
    away = np.ones_like(mask, bool)
    for x, y in TRIANGLE:
        away &= ~(within((x, y), (x, y), 8)[::FINE, ::FINE])
    assert np.abs(mask - expected)[away].max() <= EDGE


def test_an_open_outline_is_closed_by_a_straight_line(painter: Painter):
    painter.button("Outline").click()
    painter.stroke(*TRIANGLE, steps=40)
    assert painter.mask()[145, 160] == 255
    assert painter.mask()[156, 160] == 0


def test_an_outline_with_the_right_button_takes_away(painter: Painter):
    painter.size(200)
    painter.stroke((160, 100))
    before = painter.mask()
    painter.button("Outline").click()
    painter.stroke(*TRIANGLE, (60, 150), button="right", steps=40)
    after = painter.mask(2)
    assert after[120, 160] == 0
    assert after[20, 160] == before[20, 160] == 255


# ---- filling, and a soft edge -------------------------------------------------------------------
def test_fill_fills_what_is_enclosed_without_a_seam_and_erasing_takes_a_piece_away(
    painter: Painter,
):
    corners = [(60, 50), (200, 50), (200, 150), (60, 150), (60, 50)]
    painter.size(10)
    painter.page.get_by_label("Brush hardness").fill("30")
    painter.stroke(*corners, steps=8)
    ring = painter.mask()
    assert ring[100, 130] == 0
    painter.stroke((290, 100))
    painter.told(2)
    painter.button("Fill").click()
    painter.stroke((130, 100))
    filled = painter.mask(3)
    assert (filled[55:146, 65:196] == 255).all()
    outside = np.ones_like(ring, bool)
    outside[50:151, 60:201] = False
    np.testing.assert_array_equal(filled[outside], painter_mask_before(painter, 2)[outside])
    painter.stroke((290, 100), button="right")
    assert not painter.mask(4)[:, 260:].any()
    painter.button("Undo").click()
    np.testing.assert_array_equal(painter.mask(5), filled)


def painter_mask_before(painter: Painter, count: int) -> np.ndarray:
    return pixels_of(painter.heard[count - 1])


@pytest.mark.parametrize("hardness", [0, 60])
def test_a_softer_brush_fades_from_its_core_to_its_rim(painter: Painter, hardness: int):
    painter.size(80)
    painter.page.get_by_label("Brush hardness").fill(str(hardness))
    painter.stroke((100, 100), (220, 100), steps=5)
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    far = np.hypot(x - x.clip(100, 220), y - 100)
    core = max(0.75, 40 * hardness / 100)
    out = ((far - core) / (40 - core)).clip(0, 1)
    expected = 255 * (1 - out * out * (3 - 2 * out))
    assert np.abs(painter.mask() - expected).max() <= 2


# ---- where the corners are -----------------------------------------------------------------------
ZOOMED = [
    {
        "device_scale_factor": zoom,
        "viewport": {"width": int(1100 / zoom), "height": int(800 / zoom)},
    }
    for zoom in (0.8, 1.5)
]


@pytest.mark.parametrize("page", ZOOMED, ids=["80 %", "150 %"], indirect=True)
def test_a_dot_in_each_corner_lands_in_the_corner(page: Page):
    zoom = page.evaluate("() => devicePixelRatio")
    for css in (1, zoom):
        page.evaluate("(zoom) => { document.documentElement.style.zoom = zoom; }", css)
        for photo in ((3000, 4000), (4000, 100)):
            mask = with_dots_in_the_corners(page, photo)
            for row in (0, -1):
                assert (mask[row, [0, -1]] == 255).all(), (css, photo)
            assert not mask[:, 40:-40].any(), (css, photo)
            assert len(mask) < 50 or not mask[40:-40].any(), (css, photo)


def with_dots_in_the_corners(page: Page, photo: tuple[int, int]) -> np.ndarray:
    """What is painted by four clicks as near to the corners as one can point."""
    factor = 1024 / max(photo)
    size = round(photo[0] * factor), round(photo[1] * factor)
    aspect = f"one => one.style.setProperty('--aspect', {photo[0] / photo[1]})"
    for part in (".viewer-stage", ".viewer-sheet"):
        page.locator(part).evaluate(aspect)
    page.evaluate(MAKE, {"size": size, "initial": ""})
    painter = Painter(page)
    painter.call("open()")
    painter.size(24)
    box = painter.paper.bounding_box()
    assert box is not None
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    for x in (math.ceil(box["x"]), math.floor(right) - 1):  # a mouse points at whole pixels
        for y in (math.ceil(box["y"]), math.floor(bottom) - 1):
            page.mouse.click(x, y)
    mask = painter.last()
    assert mask.shape == size[::-1]
    painter.call("dispose()")
    return mask


# ---- steps back --------------------------------------------------------------------------------
def test_undo_to_nothing_tells_nothing_painted(painter: Painter):
    painter.stroke((100, 80))
    assert painter.told() is not None
    painter.button("Undo").click()
    assert painter.told(2) is None
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "true")


def test_each_of_many_steps_comes_back_exactly(painter: Painter):
    for step in range(24):
        painter.stroke((10 + 12 * step, 40), (20 + 12 * step, 160), steps=2)
    last = painter.last()
    for _ in range(23):
        painter.page.keyboard.press("Control+z")
    assert_agrees(painter.last(), capsule((10, 40), (20, 160)))
    for _ in range(23):
        painter.page.keyboard.press("Control+Shift+Z")
    assert np.array_equal(painter.last(), last)
    told = len(painter.heard)
    painter.page.evaluate(BACK_AND_FORTH)
    painter.rest()
    assert len(painter.heard) == told, "there and back is no change"


def test_a_new_stroke_ends_what_could_be_done_again(painter: Painter):
    painter.stroke((100, 80))
    painter.button("Undo").click()
    expect(painter.button("Redo")).to_have_attribute("aria-disabled", "false")
    painter.stroke((200, 80))
    expect(painter.button("Redo")).to_have_attribute("aria-disabled", "true")
    assert_agrees(painter.mask(), capsule((200, 80), (200, 80)))


def test_clear_can_be_undone(painter: Painter):
    painter.stroke((100, 80), (180, 120))
    before = painter.mask()
    painter.button("Clear").click()
    assert painter.told(2) is None
    painter.button("Undo").click()
    assert np.array_equal(painter.mask(3), before)


# ---- when it is told ---------------------------------------------------------------------------
def test_nothing_is_told_during_a_stroke(painter: Painter):
    painter.stroke((50, 50))
    painter.page.mouse.move(*painter.at((100, 100)))
    painter.page.mouse.down()
    # a busy machine may have told of the first stroke before the second began
    told = painter.heard
    painter.page.mouse.move(*painter.at((150, 100)), steps=3)
    painter.rest()
    assert painter.heard == told
    painter.page.mouse.up()
    both = np.maximum(capsule((50, 50), (50, 50)), capsule((100, 100), (150, 100)))
    assert_agrees(painter.last(), both)


def test_closing_tells_at_once(painter: Painter):
    painter.stroke((50, 50))
    heard = painter.page.evaluate("() => { painter.close(); return heard.length; }")
    assert heard == 1
    painter.rest()
    assert len(painter.heard) == 1


# ---- keys --------------------------------------------------------------------------------------
def test_space_paints_where_the_ring_is(painter: Painter):
    painter.paper.focus()
    for _ in range(3):
        painter.page.keyboard.press("ArrowRight")
    painter.page.keyboard.press("Shift+ArrowUp")
    painter.page.keyboard.press("Space")
    place = (WIDTH / 2 + 3 * 4, HEIGHT / 2 - 32)
    assert_agrees(painter.mask(), capsule(place, place))


def test_space_held_with_arrows_paints_a_line_with_sharp_turns(painter: Painter):
    painter.paper.focus()
    painter.page.keyboard.down("Space")
    for key in ("ArrowRight", "ArrowDown"):
        painter.page.keyboard.press(f"Shift+{key}")
    painter.rest()
    assert painter.heard == []
    painter.page.keyboard.up("Space")
    corner = (WIDTH / 2 + 32, HEIGHT / 2)
    turn = within((WIDTH / 2, HEIGHT / 2), corner, BRUSH / 2)
    turn |= within(corner, (corner[0], corner[1] + 32), BRUSH / 2)
    assert_agrees(painter.mask(), covered(turn))


def test_keys_choose_tools_and_sizes(painter: Painter):
    painter.paper.focus()
    pressed = painter.page.locator(".painter-bar [aria-pressed=true]")
    for key, names in (
        ("o", ["Paint", "Outline"]), ("e", ["Erase", "Outline"]), ("f", ["Erase", "Fill"]),
        ("e", ["Paint", "Fill"]), ("e", ["Erase", "Fill"]), ("b", ["Erase", "Brush"]),
        ("p", ["Paint", "Brush"]), ("l", ["Paint", "Outline"]),
    ):  # fmt: skip
        painter.page.keyboard.press(key)
        expect(pressed).to_have_text(names)
    painter.page.keyboard.press("]")
    expect(painter.page.get_by_label("Brush size")).to_have_value("26")
    painter.page.keyboard.press("[")
    painter.page.keyboard.press("[")
    expect(painter.page.get_by_label("Brush size")).to_have_value("21")


def test_escape_closes_and_gives_the_focus_back(page: Page):
    painter = Painter(page)
    page.get_by_role("button", name="Result").focus()
    painter.make()
    expect(painter.button("Brush")).to_be_visible()
    painter.paper.press("Escape")
    assert not painter.call("isOpen")
    expect(painter.button("Brush")).to_be_hidden()
    expect(painter.paper).to_be_hidden()
    expect(page.get_by_role("button", name="Result")).to_be_focused()


def test_done_closes(painter: Painter):
    painter.button("Done").click()
    assert not painter.call("isOpen")
    expect(painter.page.locator(".viewer.painter-open")).to_have_count(0)


# ---- fingers -----------------------------------------------------------------------------------
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


class Fingers:
    """Fingers on the picture, as the browser gets them from a touch screen."""

    def __init__(self, painter: Painter) -> None:
        self.painter = painter
        self.session = painter.page.context.new_cdp_session(painter.page)

    def say(self, kind: str, *points: Point) -> None:
        touches = []
        for number, point in enumerate(points):
            x, y = self.painter.at(point)
            touches.append({"x": x, "y": y, "id": number})
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


@pytest.fixture
def phone(page: Page) -> Painter:
    painter = Painter(page)
    painter.make()
    return painter


on_a_phone = pytest.mark.parametrize("page", [PHONE], indirect=True)


@on_a_phone
def test_one_finger_paints(phone: Painter):
    fingers = Fingers(phone)
    fingers.say("touchStart", (80, 80))
    for x in (120, 160, 200):
        fingers.say("touchMove", (x, 80))
    fingers.say("touchEnd")
    assert_agrees(phone.mask(), capsule((80, 80), (200, 80)))


@on_a_phone
def test_two_fingers_paint_nothing(phone: Painter):
    fingers = Fingers(phone)
    fingers.say("touchStart", (80, 80))
    fingers.say("touchMove", (85, 80))
    fingers.say("touchStart", (85, 80), (200, 80))
    fingers.say("touchMove", (60, 80), (240, 80))
    fingers.say("touchMove", (40, 80), (260, 80))
    fingers.say("touchEnd", (40, 80))
    fingers.say("touchMove", (140, 150))
    fingers.say("touchEnd")
    phone.rest()
    assert phone.heard == []
    assert phone.call("isEmpty")
    fingers.say("touchStart", (100, 100))
    fingers.say("touchEnd")
    assert_agrees(phone.mask(), capsule((100, 100), (100, 100)))


@on_a_phone
def test_a_second_finger_late_in_a_stroke_ends_it(phone: Painter):
    fingers = Fingers(phone)
    fingers.say("touchStart", (80, 80))
    for x in (120, 160, 200):
        fingers.say("touchMove", (x, 80))
    fingers.say("touchStart", (200, 80), (100, 150))
    fingers.say("touchMove", (200, 150), (100, 180))
    fingers.say("touchEnd")
    assert_agrees(phone.mask(), capsule((80, 80), (200, 80)))


@on_a_phone
def test_on_a_phone_it_takes_the_whole_screen(page: Page):
    page.evaluate(MAKE, {"size": (WIDTH, HEIGHT), "initial": ""})
    page.evaluate("() => painter.open()")
    viewer = page.locator(".viewer").bounding_box()
    assert viewer == {"x": 0, "y": 0, "width": 390, "height": 780}
    modes, paper, tools = (
        page.locator(name).bounding_box()
        for name in (".viewer-bar", ".painter-paint", ".painter-bar")
    )
    assert modes
    assert paper
    assert tools
    assert modes["y"] + modes["height"] <= paper["y"]
    assert paper["y"] + paper["height"] <= tools["y"]
    assert tools["y"] + tools["height"] <= 780
    assert paper["width"] / paper["height"] == pytest.approx(WIDTH / HEIGHT, rel=0.01)
    assert paper["width"] > 350
    for part in page.locator(".painter-bar :is(button, input, summary):visible").all():
        box = part.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44


# ---- masks from elsewhere ----------------------------------------------------------------------
def soft_mask() -> np.ndarray:
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return (x * 255 // (WIDTH - 1) * (y > 20)).astype(np.uint8)


def test_a_mask_given_at_the_start_comes_back_as_it_was(page: Page):
    painter = Painter(page)
    painter.make(initial=uri_of(soft_mask()))
    page.wait_for_function("() => !painter.isEmpty")
    painter.stroke((20, 190))
    dab = capsule((20, 190), (20, 190)) > 0
    assert np.array_equal(painter.mask()[~dab], soft_mask()[~dab])


def test_loading_tells_nobody_and_ends_the_history(painter: Painter):
    painter.stroke((50, 50))
    painter.told()
    assert painter.call(f"load({uri_of(soft_mask())!r})")
    painter.rest()
    assert len(painter.heard) == 1
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "true")
    assert not painter.call("isEmpty")
    assert painter.call("load('')")
    assert painter.call("isEmpty")
    painter.rest()
    assert len(painter.heard) == 1


def test_an_echo_of_what_was_told_takes_nothing_away(painter: Painter):
    painter.stroke((50, 50))
    echo = uri_of(painter.mask())  # the same pixels, in another file
    painter.stroke((150, 150))
    assert painter.call(f"load({echo!r})")
    both = np.maximum(capsule((50, 50), (50, 50)), capsule((150, 150), (150, 150)))
    assert_agrees(painter.mask(2), both)
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "false")


def two_strokes(painter: Painter) -> tuple[str, np.ndarray]:
    """Paint twice, each told: the first mask as its echo comes, and both as they are told."""
    painter.stroke((50, 50))
    first = uri_of(painter.mask())
    painter.stroke((150, 150))
    return first, painter.mask(2)


def test_a_late_echo_takes_nothing_away_from_what_was_told_since(painter: Painter):
    first, both = two_strokes(painter)
    assert painter.call(f"load({first!r})")
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "false")
    painter.button("Undo").click()
    assert uri_of(painter.mask(3)) == first
    painter.button("Redo").click()
    assert np.array_equal(painter.mask(4), both)


def test_a_late_echo_ends_no_stroke(painter: Painter):
    first, both = two_strokes(painter)
    painter.page.mouse.move(*painter.at((250, 50)))
    painter.page.mouse.down()
    painter.page.mouse.move(*painter.at((280, 50)), steps=3)
    assert painter.call(f"load({first!r})")
    painter.page.mouse.up()
    assert_agrees(painter.mask(3), np.maximum(both, capsule((250, 50), (280, 50))))


def test_what_is_told_while_an_answer_is_read_is_newer_than_it(painter: Painter):
    """Reading a picture takes a while: what was heard by all when it began is late at its end."""
    painter.stroke((50, 50))
    first = uri_of(painter.mask())
    painter.page.mouse.move(*painter.at((150, 150)))
    painter.page.evaluate(
        """async (first) => {
          const answered = painter.agree(first);
          document.querySelector('.painter-paint').dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}));
          painter.close();
          await answered;
          painter.open();
        }""",
        first,
    )
    both = np.maximum(capsule((50, 50), (50, 50)), capsule((150, 150), (150, 150)))
    assert_agrees(painter.mask(2), both)
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "false")
    painter.button("Undo").click()
    assert uri_of(painter.mask(3)) == first


def test_what_was_there_before_it_was_told_is_late_too(painter: Painter):
    _, both = two_strokes(painter)
    assert painter.call("load('')")
    painter.stroke((250, 50))
    assert_agrees(painter.mask(3), np.maximum(both, capsule((250, 50), (250, 50))))


def test_echoes_of_there_and_back_leave_the_last(painter: Painter):
    painter.stroke((50, 50))
    mask = uri_of(painter.mask())
    painter.button("Undo").click()
    assert painter.told(2) is None
    painter.button("Redo").click()
    assert uri_of(painter.mask(3)) == mask
    for echo in (mask, "", mask):
        assert painter.call(f"load({echo!r})")
        assert not painter.call("isEmpty")
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "false")


def test_a_foreign_mask_is_shown_whatever_is_on_its_way(painter: Painter):
    two_strokes(painter)
    assert painter.call(f"load({uri_of(soft_mask())!r})")
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "true")
    painter.stroke((20, 190))
    dab = capsule((20, 190), (20, 190)) > 0
    assert np.array_equal(painter.mask(3)[~dab], soft_mask()[~dab])


def test_an_order_is_shown_though_it_looks_like_an_echo(painter: Painter):
    first, _ = two_strokes(painter)
    assert painter.call(f"load({first!r}, true)")
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "true")
    assert painter.call("load('', true)")
    assert painter.call("isEmpty")


def test_an_echo_that_came_is_no_excuse_for_a_later_one(painter: Painter):
    first, both = two_strokes(painter)
    assert painter.call(f"load({uri_of(both)!r})")
    assert painter.call(f"load({first!r})"), "now it comes from elsewhere"
    expect(painter.button("Undo")).to_have_attribute("aria-disabled", "true")
    painter.stroke((250, 50))
    discs = [capsule((x, 50), (x, 50)) for x in (50, 250)]
    assert_agrees(painter.mask(3), np.maximum(*discs))


def test_a_mask_of_another_size_is_scaled(painter: Painter):
    small = np.zeros((HEIGHT // 4, WIDTH // 4), np.uint8)
    small[:, : WIDTH // 8] = 255
    assert painter.call(f"load({uri_of(small)!r})")
    painter.stroke((300, 20))
    mask = painter.mask()
    assert (mask[:, : WIDTH // 2 - 4] == 255).all()
    assert (mask[60:, WIDTH // 2 + 4 :] == 0).all()


def test_what_is_no_picture_leaves_the_mask_as_it_is(painter: Painter):
    painter.stroke((50, 50))
    before = painter.mask()
    assert not painter.call("load('data:image/png;base64,AAAA')")
    painter.stroke((150, 50))
    assert np.array_equal(painter.mask(2)[:, :90], before[:, :90])


def test_another_size_scales_what_is_painted(painter: Painter):
    painter.stroke((80, 60), (200, 60))
    painter.mask()
    painter.call(f"resize({WIDTH // 2}, {HEIGHT // 2})")
    painter.rest()
    assert len(painter.heard) == 1, "the same mask"
    painter.page.keyboard.press("Shift+ArrowDown")
    painter.page.keyboard.press("Space")
    mask = painter.mask(2)
    assert mask.shape == (HEIGHT // 2, WIDTH // 2)
    assert (mask[28:32, 40:100] == 255).all()
    assert mask[30 - 9, 70] == 0


def test_nothing_is_left_behind(painter: Painter):
    painter.stroke((50, 50))
    painter.call("dispose()")
    assert painter.page.locator(".painter-host > *, .painter-bar > *").count() == 0
    painter.rest()
    assert painter.heard == []


# ---- how it looks ------------------------------------------------------------------------------
@pytest.mark.parametrize("photo", ["#ffffff", "#000000", "#0d9488"])
def test_what_is_painted_shows_on_any_photo(painter: Painter, photo: str, tmp_path: Path):
    sheet = painter.page.locator(".viewer-sheet")
    sheet.evaluate("(sheet, photo) => { sheet.style.background = photo; }", photo)
    painter.size(80)
    painter.stroke((160, 100))
    painter.told()
    painter.page.mouse.move(5, 5)
    shot = tmp_path / "shot.png"
    painter.paper.screenshot(path=shot)
    with Image.open(shot) as image:
        seen = np.array(image.convert("RGB")).astype(int)
    away = seen[100, 20]
    line = seen[100, 160 + 30 : 160 + 50]
    assert np.abs(line - away).sum(axis=1).max() > 150, "its outline"


def test_each_tool_has_a_name_and_room_for_a_finger(painter: Painter):
    names = ["Paint", "Erase", "Brush", "Outline", "Fill", "Undo", "Redo", "Clear", "Done"]
    found = [painter.button(name).bounding_box() for name in names]
    found.append(painter.page.get_by_label("Brush size").bounding_box())
    assert all(box and min(box["width"], box["height"]) >= 32 for box in found)


def test_opening_puts_the_focus_on_the_named_area(painter: Painter):
    painter.call("close()")
    painter.call("open()")
    area = painter.page.get_by_role("application", name="Painting area")
    expect(area).to_be_focused()
