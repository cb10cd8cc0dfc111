"""The picture's frame on a page of its own: what each message does, and what a hand does."""

import base64
import io
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from segui.ui.browser.assets import asset
from segui.ui.layout.frame import TEMPLATE, viewer_script
from segui.ui.view.messages import FrameMessage
from tests.browser.pages import Complaints, Tabs

SIZE, PREVIEW = [1000, 500], [500, 250]
HTML = f"""<!DOCTYPE html><html lang="en"><head><title>frame</title>
<meta name="viewport" content="width=device-width">
<style>{asset("styles.css")}{asset("painter.css")} body {{ margin: 0; }}</style></head>
<body><div id="result">{TEMPLATE}</div><div style="height: 900px"></div></body></html>"""
START = """(script) => {
  globalThis.heard = [];
  globalThis.segui = {listen: (take) => { globalThis.say = take; }};
  const run = new Function('element', 'trigger', 'props', 'server', 'upload', 'watch', script);
  run(document.querySelector('#result'), (name, data) => heard.push([name, data]));
}"""
# what becomes of the frame from now on, each attribute with what it was before
RECORD = """() => {
  globalThis.changes = [];
  const note = (records) => {
    for (const {type, target, attributeName: name, oldValue} of records) {
      const now = type === 'attributes' ? target.getAttribute(name) : target.childNodes.length;
      if (type !== 'attributes' || oldValue !== now) {
        changes.push(`${target.className} ${name}: ${oldValue} -> ${now}`);
      }
    }
  };
  globalThis.observer = new MutationObserver(note);
  observer.observe(document.querySelector('#result'), {
    subtree: true, childList: true, attributes: true, attributeOldValue: true, characterData: true,
  });
  globalThis.changed = () => { note(observer.takeRecords()); return changes; };
}"""


def picture(colour: tuple[int, int, int], width: int = PREVIEW[0], height: int = PREVIEW[1]) -> str:
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


PHOTO, RESULT, OTHER = picture((200, 30, 30)), picture((30, 200, 30)), picture((30, 30, 200))
PASTE = {
    "feather": 5, "alpha": 255, "edge": "smooth",
    "effect": "grey", "effect_on": "filtered", "strength": None, "colour": "#000000",
}  # fmt: skip
LAYER = {
    "number": 1, "box": [50, 50, 150, 150], "crop": [0, 0, 500, 250], "crop_hw": [500, 1000],
    "mask": picture((255, 255, 255), 100, 100),
}  # fmt: skip
LIVE = {
    "key": 7, "reach": None, "width": PREVIEW[0], "height": PREVIEW[1], "scale": 0.5,
    "edit": RESULT, "swap": False, "layers": [LAYER],
}  # fmt: skip
LOOK = {
    "key": 1,
    "box": [0, 0, 400, 300],
    "after": picture((9, 9, 9), 400, 300),
    "before": picture((99, 9, 9), 400, 300),
}
VIEW: dict[str, Any] = {
    "photo": PHOTO,
    "result": RESULT,
    "size": SIZE,
    "preview": PREVIEW,
    "shapes": [
        {"n": 1, "a": 40000, "x": 100, "y": 100, "d": "M50 50L150 50L150 150L50 150Z"},
        {"n": 2, "a": 40000, "x": 400, "y": 100, "d": "M350 50L450 50L450 150L350 150Z"},
    ],
    "sides": ["filtered", "remained"],
    "hand": [False, False],
    "numbers": [1],
    "selected": 0,
    "left_out": {"key": 0, "boxes": []},
    "paste": PASTE,
    "live": LIVE,
    "look": None,
    "painted": {"mask": "", "told": 0},
    "layers": [],
    "base": None,
    "busy": "",
    "stale": "",
    "marks": {"way": "", "points": [], "boxes": [], "answers": []},
}
NO_AREAS = {"result": "", "shapes": [], "sides": [], "hand": [], "numbers": [], "live": {}}
NO_PHOTO = {**NO_AREAS, "photo": "", "size": None, "preview": None}


class Frame:
    """A frame, what is said to it and what it tells."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.n = 0
        page.set_content(HTML)
        page.evaluate(START, viewer_script())

    def says(self, **message: Any) -> None:
        """A message of the server's."""
        self.n += 1
        self.page.evaluate("(message) => say(message)", {"n": self.n, **message})

    def says_itself(self, **message: Any) -> None:
        """A message of the page's own."""
        self.page.evaluate(
            "(detail) => document.dispatchEvent(new CustomEvent('segui-say', {detail}))", message
        )

    def heard(self, name: str) -> list[Any]:
        told = self.page.evaluate("(name) => heard.filter((one) => one[0] === name)", name)
        return [data for _, data in told]

    def hears(self, name: str, count: int) -> Any:
        """Wait for so many events of a kind. The last one's data."""
        self.page.wait_for_function(
            "([name, count]) => heard.filter((one) => one[0] === name).length === count",
            arg=[name, count],
        )
        return self.heard(name)[-1]

    def looks_closer(self) -> None:
        """Wait until it has asked for what is in view, at full size."""
        self.page.wait_for_function("() => heard.some(([name]) => name === 'look')")

    def part(self, name: str) -> Locator:
        return self.page.locator(f".viewer-{name}")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def shows(self, name: str) -> None:
        expect(self.button(name)).to_have_attribute("aria-pressed", "true")

    def is_made(self) -> None:
        """Wait until the browser can draw by itself."""
        expect(self.part("stage")).to_have_attribute("data-live", "canvas")

    def records(self) -> None:
        self.page.evaluate(RECORD)

    def changed(self) -> list[str]:
        """What has changed in the frame since it is recorded."""
        self.page.wait_for_timeout(300)  # longer than anything that the frame puts off
        changes: list[str] = self.page.evaluate("() => changed()")
        return changes


@pytest.fixture
def frame(tabs: Tabs, request: pytest.FixtureRequest) -> Iterator[Frame]:
    """A frame with a photo, two areas and a result."""
    options = {"viewport": {"width": 1000, "height": 900}, **getattr(request, "param", {})}
    with tabs.opened(**options) as page:
        complaints = Complaints(page)
        frame = Frame(page)
        frame.says(**VIEW)
        frame.is_made()
        yield frame
        assert complaints.found == []


def test_the_view_of_these_tests_has_every_key_that_the_server_may_send():
    assert {*VIEW} == {*FrameMessage.__annotations__} - {"n", "draft"}


# ---- what is new -------------------------------------------------------------------------------
def test_what_is_said_again_changes_nothing(frame: Frame):
    frame.says(selected=1, left_out={"key": 3, "boxes": [[10, 10, 14, 14]]}, stale="Old", busy="…")
    frame.button("300 %").click()
    frame.hears("look", 1)
    frame.says(look=LOOK)
    frame.button("Compare").click()
    frame.part("scroll").evaluate("(one) => { one.scrollLeft = 40; one.scrollTop = 30; }")
    frame.hears("look", 2)
    frame.page.wait_for_timeout(1700)  # until the outline points no longer
    frame.records()
    before = frame.page.evaluate("() => heard.length")
    again = {**VIEW, "selected": 1, "stale": "Old", "busy": "…", "look": LOOK}
    frame.says(**again | {"left_out": {"key": 3, "boxes": [[10, 10, 14, 14]]}})
    frame.says(**again | {"left_out": {"key": 3, "boxes": [[10, 10, 14, 14]]}})
    assert frame.changed() == []
    assert frame.page.evaluate("() => heard.length") == before
    place = frame.part("scroll").evaluate("(one) => [one.scrollLeft, one.scrollTop]")
    assert place == [40, 30]


def test_what_is_not_named_stays(frame: Frame):
    frame.says(selected=2)
    expect(frame.part("after")).to_have_attribute("src", RESULT)
    expect(frame.page.locator(".viewer-areas path:not(.halo)")).to_have_count(2)
    expect(frame.page.locator(".viewer-marks .selected")).to_have_text("2")


def test_of_another_photo_nothing_stays_of_the_former_ones_areas(frame: Frame):
    frame.says(stale="Old", selected=1)
    frame.says(**NO_AREAS, photo=OTHER, stale="", selected=0)
    expect(frame.part("after")).to_have_attribute("src", OTHER)
    expect(frame.page.locator(".viewer-areas path")).to_have_count(0)
    expect(frame.part("stale")).to_be_hidden()
    expect(frame.button("Result")).to_be_disabled()
    expect(frame.part("stage")).to_have_attribute("data-live", "server")


def test_a_message_that_was_overtaken_is_not_taken(frame: Frame):
    frame.says(stale="second")
    for late in (frame.n, frame.n - 1):
        frame.page.evaluate("(message) => say(message)", {"n": late, "stale": "first"})
    expect(frame.part("stale")).to_have_text("second")
    frame.says(stale="third")
    expect(frame.part("stale")).to_have_text("third")


def test_what_the_page_says_itself_is_always_taken(frame: Frame):
    frame.says_itself(stale="one")
    frame.says(stale="two")
    frame.says_itself(stale="one")
    expect(frame.part("stale")).to_have_text("one")


# ---- what was left out -------------------------------------------------------------------------
def test_what_was_left_out_is_shown_each_time_that_it_is_asked_for(frame: Frame):
    boxes = [[10, 10, 14, 14], [20, 20, 24, 26]]
    drawn = frame.page.locator(".viewer-areas .left-out")
    frame.says(left_out={"key": 1, "boxes": boxes})
    frame.shows("Areas")
    expect(drawn).to_have_count(2)
    frame.button("Result").click()
    frame.says(left_out={"key": 1, "boxes": boxes})
    frame.shows("Result")
    frame.says(left_out={"key": 2, "boxes": boxes})
    frame.shows("Areas")
    expect(drawn).to_have_count(2)


def test_outlines_that_are_drawn_anew_leave_what_was_left_out(frame: Frame):
    frame.says(left_out={"key": 1, "boxes": [[10, 10, 14, 14]]})
    frame.says(shapes=VIEW["shapes"][:1])
    expect(frame.page.locator(".viewer-areas .left-out")).to_have_count(1)


# ---- what is being done ------------------------------------------------------------------------
def test_what_the_server_does_is_done_when_it_says_so(frame: Frame):
    frame.says(busy="Finding the areas…")
    frame.says(selected=1)
    expect(frame.part("busy")).to_have_text("Finding the areas…")
    frame.says(busy="")
    expect(frame.part("busy")).to_have_text("")


def test_what_the_page_does_is_done_with_the_next_message(frame: Frame):
    frame.says_itself(busy="Reading the photo…")
    expect(frame.part("busy")).to_have_text("Reading the photo…")
    frame.says(selected=1)
    expect(frame.part("busy")).to_have_text("")
    frame.says_itself(busy="Writing the file…")
    frame.says_itself()
    expect(frame.part("busy")).to_have_text("")


# ---- pasting -----------------------------------------------------------------------------------
def draft(frame: Frame, feather: int) -> None:
    """Move a slider, and wait until it rests and is drawn."""
    rests = len(frame.heard("rest"))
    frame.says_itself(draft={"feather": feather, "alpha": 255, "edge": "smooth"})
    expect(frame.part("live")).to_be_visible()
    frame.hears("rest", rests + 1)


def test_a_result_of_before_does_not_cover_what_is_drawn(frame: Frame):
    draft(frame, 20)
    frame.says(result=RESULT, paste=PASTE, selected=1)
    expect(frame.part("live")).to_be_visible()
    frame.says(result=OTHER, paste={**PASTE, "feather": 20})
    expect(frame.part("live")).to_be_hidden()
    expect(frame.part("after")).to_have_attribute("src", OTHER)


def test_a_result_that_looks_the_same_is_one_all_the_same(frame: Frame):
    draft(frame, 20)
    frame.says(result=RESULT, paste={**PASTE, "feather": 20})
    expect(frame.part("live")).to_be_hidden()


def test_another_way_of_pasting_is_seen_in_the_result(frame: Frame):
    frame.button("Areas").click()
    frame.says(result=OTHER, sides=["remained", "filtered"])
    frame.shows("Areas")
    frame.says(result=RESULT, paste={**PASTE, "effect": "blur"})
    frame.shows("Result")
    frame.button("Areas").click()
    frame.says(result=RESULT, paste={**PASTE, "effect": "blur"}, selected=2)
    frame.shows("Areas")


def test_a_drawn_result_leaves_with_its_photo(frame: Frame):
    draft(frame, 20)
    frame.says(photo=OTHER)
    expect(frame.part("live")).to_be_hidden()


def test_the_server_is_told_whether_the_page_shows_already_what_the_sliders_say(frame: Frame):
    draft(frame, 20)
    assert frame.heard("rest")[-1]["drawn"] is True
    frame.says(result=RESULT, paste={**PASTE, "feather": 20})
    frame.says(live={})  # nothing to draw with
    frame.says_itself(draft={"feather": 30, "alpha": 255, "edge": "smooth"})
    assert frame.hears("rest", 2)["drawn"] is False


def test_what_is_drawn_with_is_asked_for_once_for_each_key(frame: Frame):
    frame.says(live={"key": 8})
    frame.hears("live", 1)
    frame.says(live={"key": 8})
    frame.says(live={**LIVE, "key": 8})
    frame.is_made()
    frame.says(live={"key": 9})
    frame.hears("live", 2)
    frame.says(live={})
    expect(frame.part("stage")).to_have_attribute("data-live", "server")


def test_a_close_look_is_asked_for_again_after_another_result(frame: Frame):
    frame.button("100 %").click()
    frame.hears("look", 1)
    frame.says(look=LOOK)
    expect(frame.part("look")).to_be_visible()
    frame.says(result=OTHER)
    expect(frame.part("look")).to_be_hidden()
    frame.hears("look", 2)
    frame.says(look={**LOOK, "key": 2})
    expect(frame.part("look")).to_be_visible()


# ---- painting ----------------------------------------------------------------------------------
def paint(frame: Frame, count: int = 1) -> str:
    """One dab. The mask that is told."""
    if not frame.page.locator(".painter-paint").is_visible():
        frame.page.evaluate("() => document.dispatchEvent(new CustomEvent('segui-paint'))")
    box = frame.page.locator(".painter-paint").bounding_box()
    assert box is not None
    frame.page.mouse.click(box["x"] + 100 * count, box["y"] + 100)
    told = frame.hears("painted", count)
    assert told["told"] == count
    return str(told["painted"])


def content_of(uri: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))) as image:
        return np.array(image.convert("LA"))


FILES = [
    {"layer": name, "name": f"{name}.png", "strokes": "", "told": 0} for name in ("face", "hand")
]


def paint_on(frame: Frame, layer: str, base: str) -> None:
    """Open a mask file to paint on, as the button in the list of masks does."""
    frame.page.evaluate(
        "(layer) => document.dispatchEvent(new CustomEvent('segui-paint', {detail: {layer}}))",
        layer,
    )
    assert frame.hears("layer", len(frame.heard("layer")) or 1) == {"layer": layer}
    frame.says(base={"layer": layer, "mask": base, "trouble": ""})
    expect(frame.page.locator(".painter-trouble")).to_be_hidden()


def test_a_mask_file_is_painted_on_and_only_what_is_touched_is_told(frame: Frame):
    frame.says(layers=FILES)
    paint_on(frame, "face", picture((255, 255, 255)))
    box = frame.page.locator(".painter-paint").bounding_box()
    assert box is not None
    scale = PREVIEW[0] / box["width"]
    frame.page.mouse.click(box["x"] + 100, box["y"] + 100, button="right")
    told = frame.hears("painted", 1)
    assert (told["layer"], told["told"]) == ("face", 1)
    strokes = content_of(told["painted"])
    assert strokes.shape[:2] == (PREVIEW[1], PREVIEW[0])
    assert strokes[round(100 * scale), round(100 * scale)].tolist() == [0, 255]
    assert (strokes[:, 300:, 1] == 0).all(), "all the rest is as the file has it"

    # the other file has strokes of its own, and the mask of one's own has none
    frame.page.get_by_label("Paint on").select_option("hand")
    frame.says(base={"layer": "hand", "mask": picture((0, 0, 0)), "trouble": ""})
    expect(frame.page.locator(".painter-trouble")).to_be_hidden()
    frame.page.mouse.click(box["x"] + 300, box["y"] + 100)
    assert frame.hears("painted", 2)["layer"] == "hand"
    frame.says(layers=[{**FILES[0], "strokes": told["painted"], "told": 1}, FILES[1]])
    undo_is_possible(frame, True)

    # what is told of it wipes it: the file is as it was given, and its button goes dead
    frame.page.get_by_label("Paint on").select_option("face")
    undo_is_possible(frame, True)
    frame.says(layers=[{**FILES[0], "told": 1}, {**FILES[1], "told": 1}])
    undo_is_possible(frame, False)
    # a file that is gone is no layer any more
    frame.says(layers=[])
    expect(frame.page.locator(".painter-layer")).to_be_hidden()


def test_a_mask_file_that_cannot_be_read_says_so_and_takes_no_stroke(frame: Frame):
    frame.says(layers=FILES)
    frame.page.evaluate(
        "() => document.dispatchEvent(new CustomEvent('segui-paint', {detail: {layer: 'face'}}))"
    )
    trouble = frame.page.locator(".painter-trouble")
    expect(trouble).to_have_text("Fetching the mask…")
    frame.says(base={"layer": "face", "mask": "", "trouble": "its size is another one"})
    expect(trouble).to_have_text("This mask cannot be painted on: its size is another one")
    frame.page.locator(".painter-paint").click()
    undo_is_possible(frame, False)


def test_while_painting_the_wheel_zooms_and_space_moves_the_picture(frame: Frame):
    paint(frame)
    scroll = frame.page.locator(".viewer-scroll")
    box = scroll.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = frame.page.mouse
    mouse.move(x, y)
    for _ in range(4):
        mouse.wheel(0, -200)
    expect(frame.page.locator(".viewer-stage")).to_have_class(re.compile(r"\bzoomed\b"))
    before = scroll.evaluate("one => one.scrollLeft")
    frame.button("Brush").focus()  # a tool that was clicked keeps the focus
    mouse.move(x + 1, y)
    frame.page.keyboard.down("Space")
    mouse.down()
    mouse.move(x - 39, y, steps=4)
    mouse.up()
    frame.page.keyboard.up("Space")
    assert scroll.evaluate("one => one.scrollLeft") == pytest.approx(before + 40, abs=2)
    assert len(frame.heard("painted")) == 1, "nothing was painted"
    # the same point of the picture is painted, at whatever size it is seen
    sheet = frame.page.locator(".viewer-sheet").bounding_box()
    assert sheet is not None
    mouse.click(x, y)
    content = content_of(frame.hears("painted", 2)["painted"])[..., 0]
    row = (y - sheet["y"]) / sheet["height"] * PREVIEW[1]
    column = (x - sheet["x"]) / sheet["width"] * PREVIEW[0]
    assert content[int(row), int(column)] == 255
    for _ in range(9):
        frame.page.keyboard.press("-")
    expect(frame.page.locator(".viewer-stage")).not_to_have_class(re.compile(r"\bzoomed\b"))


def undo_is_possible(frame: Frame, is_possible: bool) -> None:
    expect(frame.button("Undo")).to_have_attribute("aria-disabled", str(not is_possible).lower())


def test_what_the_server_had_before_a_stroke_does_not_take_it_away(frame: Frame):
    first = paint(frame)
    frame.says(painted={"mask": picture((255, 255, 255)), "told": 0})
    paint(frame, 2)
    frame.says(painted={"mask": first, "told": 1})
    frame.page.wait_for_timeout(300)
    undo_is_possible(frame, True)
    frame.button("Undo").click()
    assert frame.hears("painted", 3)["painted"] == first


def test_ones_own_painting_that_comes_back_leaves_the_steps(frame: Frame):
    frame.says(painted={"mask": paint(frame), "told": 1})
    frame.page.wait_for_timeout(300)
    undo_is_possible(frame, True)
    expect(frame.page.locator(".painter-bar")).to_be_visible()


def test_what_the_server_makes_of_it_is_shown_once_it_has_heard_all(frame: Frame):
    paint(frame)
    frame.says(painted={"mask": "", "told": 1})
    undo_is_possible(frame, False)
    paint(frame, 2)
    frame.page.wait_for_timeout(300)
    undo_is_possible(frame, True)


# ---- zoom --------------------------------------------------------------------------------------
def view(frame: Frame) -> dict[str, float]:
    """Where the sheet lies in the window, and how many pixels wide one of the photo's is."""
    box = frame.part("sheet").bounding_box()
    assert box is not None
    return {**box, "factor": box["width"] / SIZE[0]}


def point_at(frame: Frame, x: float, y: float) -> tuple[float, float]:
    """Which of the photo's pixels is at a point of the window."""
    seen = view(frame)
    return (x - seen["x"]) / seen["factor"], (y - seen["y"]) / seen["factor"]


def turn(frame: Frame, px: float, times: int = 1) -> None:
    """Turn the wheel with Ctrl held."""
    frame.page.keyboard.down("Control")
    for _ in range(times):
        frame.page.mouse.wheel(0, px)
        frame.page.wait_for_timeout(20)
    frame.page.keyboard.up("Control")


def page_zoom(frame: Frame) -> float:
    scale: float = frame.page.evaluate("() => visualViewport.scale * devicePixelRatio")
    return scale


@pytest.mark.parametrize("place", [(0.3, 0.4), (0.8, 0.7)])
def test_a_wheel_with_ctrl_zooms_around_the_pointer(frame: Frame, place: tuple[float, float]):
    fit = view(frame)
    x, y = fit["x"] + place[0] * fit["width"], fit["y"] + place[1] * fit["height"]
    frame.page.mouse.move(x, y)
    under, factor = point_at(frame, x, y), fit["factor"]
    for _ in range(8):
        turn(frame, -20)
        assert view(frame)["factor"] > factor
        factor = view(frame)["factor"]
        assert point_at(frame, x, y) == pytest.approx(under, abs=2)
    assert factor > 3
    for _ in range(6):
        turn(frame, 20)
        assert point_at(frame, x, y) == pytest.approx(under, abs=2)
    frame.looks_closer()


def test_a_wheel_zooms_no_further_than_eight_times_and_back_to_all_of_it(frame: Frame):
    fit = view(frame)
    frame.page.mouse.move(fit["x"] + 300, fit["y"] + 200)
    turn(frame, -100, 20)
    assert view(frame)["factor"] == pytest.approx(8)
    expect(frame.part("scroll")).to_have_attribute(
        "aria-label", "The picture at 800 %: arrow keys move it"
    )
    turn(frame, 100, 20)
    assert view(frame) == fit
    frame.shows("Fit")
    expect(frame.part("scroll")).not_to_have_attribute("tabindex", "0")
    assert page_zoom(frame) == 1


def test_a_small_turn_as_of_a_trackpad_is_a_small_step(frame: Frame):
    fit = view(frame)
    frame.page.mouse.move(fit["x"] + 300, fit["y"] + 200)
    turn(frame, -4)
    assert view(frame)["factor"] == pytest.approx(fit["factor"] * np.exp(0.04), rel=1e-3)
    turn(frame, -400)
    assert view(frame)["factor"] < fit["factor"] * 1.5


SAFARI = """(stage, [name, scale, clientX, clientY]) => {
  const event = new Event(name, {bubbles: true, cancelable: true});
  stage.dispatchEvent(Object.assign(event, {scale, clientX, clientY}));
  return event.defaultPrevented;
}"""


def test_two_fingers_on_a_trackpad_zoom_in_safari_too(frame: Frame):
    fit, stage = view(frame), frame.part("stage")
    x, y = fit["x"] + 0.3 * fit["width"], fit["y"] + 0.4 * fit["height"]
    under = point_at(frame, x, y)
    assert stage.evaluate(SAFARI, ["gesturestart", 1, x, y])
    for scale in (1.5, 2.5):
        assert stage.evaluate(SAFARI, ["gesturechange", scale, x, y])
        assert view(frame)["factor"] == pytest.approx(fit["factor"] * scale)
        assert point_at(frame, x, y) == pytest.approx(under, abs=2)


def test_a_wheel_without_ctrl_moves_the_page(frame: Frame):
    fit = view(frame)
    frame.page.mouse.move(fit["x"] + 300, fit["y"] + 200)
    frame.page.mouse.wheel(0, 100)
    frame.page.wait_for_function("() => scrollY > 0")
    assert view(frame)["factor"] == fit["factor"]


def test_buttons_zoom_after_a_wheel_too(frame: Frame):
    fit = view(frame)
    frame.page.mouse.move(fit["x"] + 300, fit["y"] + 200)
    turn(frame, -20, 3)
    expect(frame.page.locator("[data-zoom][aria-pressed=true]")).to_have_count(0)
    frame.button("300 %").click()
    frame.shows("300 %")
    assert view(frame)["factor"] == pytest.approx(3)
    frame.button("Fit").click()
    frame.shows("Fit")
    assert view(frame) == fit


def test_without_a_photo_the_wheel_is_the_pages(frame: Frame):
    frame.says(**NO_PHOTO)
    went = frame.part("stage").evaluate(
        """(stage) => stage.dispatchEvent(new WheelEvent('wheel', {
             deltaY: 9, ctrlKey: true, bubbles: true, cancelable: true,
           }))"""
    )
    assert went
    expect(frame.part("stage")).not_to_have_class("zoomed")


PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
on_a_phone = pytest.mark.parametrize("frame", [PHONE], indirect=True)


class Fingers:
    """Fingers on the screen; points are in pixels of the window."""

    def __init__(self, frame: Frame) -> None:
        self.session = frame.page.context.new_cdp_session(frame.page)

    def say(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def spread(self, x: float, y: float, start: float, end: float, right: float = 0) -> None:
        """Two fingers around a point, from one distance to another; the point goes to the right."""
        self.say("touchStart", (x - start / 2, y))
        self.say("touchStart", (x - start / 2, y), (x + start / 2, y))
        for step in range(1, 9):
            apart = start + (end - start) * step / 8
            at = x + right * step / 8
            self.say("touchMove", (at - apart / 2, y), (at + apart / 2, y))
        self.say("touchEnd")


@on_a_phone
def test_two_fingers_zoom_around_the_point_between_them(frame: Frame):
    fit = view(frame)
    x, y = fit["x"] + 0.4 * fit["width"], fit["y"] + 0.5 * fit["height"]
    under = point_at(frame, x, y)
    Fingers(frame).spread(x, y, 40, 200)
    assert view(frame)["factor"] == pytest.approx(fit["factor"] * 5, rel=0.02)
    assert point_at(frame, x, y) == pytest.approx(under, abs=4)
    assert page_zoom(frame) == 1
    assert frame.heard("select") == []
    frame.looks_closer()


@on_a_phone
def test_two_fingers_take_the_picture_along(frame: Frame):
    fit = view(frame)
    x, y = fit["x"] + 0.4 * fit["width"], fit["y"] + 0.5 * fit["height"]
    Fingers(frame).spread(x, y, 40, 200)
    under = point_at(frame, x, y)
    Fingers(frame).spread(x, y, 100, 100, right=60)
    assert point_at(frame, x + 60, y) == pytest.approx(under, abs=4)


@on_a_phone
def test_two_fingers_zoom_back_to_all_of_it(frame: Frame):
    fit = view(frame)
    x, y = fit["x"] + 0.4 * fit["width"], fit["y"] + 0.5 * fit["height"]
    Fingers(frame).spread(x, y, 40, 200)
    Fingers(frame).spread(x, y, 200, 20)
    assert view(frame) == fit
    frame.shows("Fit")
    assert page_zoom(frame) == 1


@on_a_phone
def test_two_fingers_zoom_while_somebody_paints_and_paint_nothing(frame: Frame):
    frame.page.evaluate("() => document.dispatchEvent(new CustomEvent('segui-paint'))")
    box = frame.page.locator(".painter-paint").bounding_box()
    assert box is not None
    Fingers(frame).spread(box["x"] + 150, box["y"] + 60, 40, 200)
    frame.page.wait_for_timeout(600)
    assert frame.heard("painted") == []
    wider = frame.page.locator(".painter-paint").bounding_box()
    assert wider is not None
    assert wider["width"] > 2 * box["width"]
