"""What a visitor does on the page and sees there."""

import base64
import io
import mimetypes
import re
import time
from pathlib import Path

import numpy as np
from PIL import Image
from playwright import sync_api as playwright
from playwright.sync_api import Locator, Page, Request, expect

from segui.ui.layout.choices import EFFECT_GROUPS
from segui.ui.layout.ids import TAKES
from segui.ui.layout.takes import GROUPS
from segui.ui.view.percent import to_page
from tests.browser.pages import PATIENCE_MS

QUIET_LOOKS = 3  # at which a page asks and waits for nothing: it has all that it wants
MOST_PICTURES = 100  # that may come before the one that is waited for
JPEG_ERROR = 3.0  # mean difference that a preview's JPEG may have, of 255
_PICTURE = "#result .viewer-after"
# the address of the picture, once it is shown and another one than before
_OTHER_SOURCE = """([selector, old]) => {
  const image = document.querySelector(selector);
  return image && !image.hidden && image.src && image.src !== old && image.src;
}"""
# for what the page waits, once two frames have been drawn and all that was due is done
_WAITS = """() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(
  () => tell(window.waitsFor()))))"""
_TOGETHER = """(element, files) => {
  const carried = new DataTransfer();
  for (const [name, type, data] of files) {
    const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
    carried.items.add(new File([bytes], name, {type}));
  }
  for (const kind of ['dragenter', 'dragover', 'drop']) {
    const options = {bubbles: true, cancelable: true, composed: true, dataTransfer: carried};
    element.dispatchEvent(new DragEvent(kind, options));
  }
}"""


class Walk:
    """A visitor of the page, by the ids of its elements."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._open: set[Request] = set()
        self._begun = 0
        page.on("request", self._begins)
        page.on("requestfinished", self._ends)
        page.on("requestfailed", self._ends)

    def _begins(self, request: Request) -> None:
        if "heartbeat" not in request.url:  # which never ends
            self._open.add(request)
            self._begun += 1

    def _ends(self, request: Request) -> None:
        self._open.discard(request)

    @property
    def is_answered(self) -> bool:
        """Whether nothing is on its way that the page has asked for."""
        return not self._open

    def rests(self) -> None:
        """Wait until the page has all that it asks for by itself: some of it is not to be seen."""
        patience = time.monotonic() + PATIENCE_MS / 1000
        looks = 0
        while looks < QUIET_LOOKS:
            begun = self._begun
            waits = self.page.evaluate(_WAITS)
            is_quiet = not waits and not self._open and begun == self._begun
            looks = looks + 1 if is_quiet else 0
            asked = [request.url for request in self._open]
            assert time.monotonic() < patience, f"the page still waits for {asked or waits}"

    def open(self, path: str = "/") -> None:
        """Open the page and wait until its example is there."""
        self.page.goto(path)
        expect(self.part("status")).to_contain_text("4 of 12 areas chosen")
        self.source()

    def part(self, name: str) -> Locator:
        return self.page.locator(f"#{name}")

    def show(self, name: str) -> None:
        """Open one of a phone's sheets, by its name; a wider screen has all of it in view."""
        opener = self.page.locator(f'#bar [data-sheet="{name}"]')
        if opener.is_visible() and opener.get_attribute("aria-expanded") != "true":
            opener.click()

    def example(self, name: str) -> None:
        """Pick an example of the menu, by its title."""
        menu = self.part("examples")
        menu.locator("summary").click()
        menu.get_by_role("button", name=name).click()

    def upload(self, name: str, *paths: Path) -> None:
        field = self.part(name).locator("input[type=file]")
        field.set_input_files([str(path) for path in paths])

    def drop(self, *paths: Path, onto: str = ".viewer-stage") -> None:
        """Let several files go on the picture, or elsewhere."""
        files = [
            [
                path.name,
                mimetypes.guess_type(path.name)[0] or "",
                base64.b64encode(path.read_bytes()).decode(),
            ]
            for path in paths
        ]
        self.page.locator(onto).first.evaluate(_TOGETHER, files)

    def upload_photo(self, path: Path) -> None:
        """Give a photo and wait until the page shows it."""
        self.upload("photo", path)
        expect(self.part("photo-card")).to_contain_text(path.name)

    def upload_masks(self, *paths: Path) -> None:
        """Give masks and wait until the page has found the areas."""
        self.upload("masks", *paths)
        expect(self.part("notes")).to_contain_text(paths[-1].name)

    def pick(self, name: str, choice: str) -> None:
        """Choose one of a group of radio buttons."""
        chosen = self.part(name).get_by_label(choice, exact=True)
        if name == "finder":  # which says what it costs beside it, or how many it finds
            costs = re.compile(rf"^{choice}(,| ·|$)")
            chosen = self.part(name).get_by_role("radio", name=costs)
        if name == "effect" and not chosen.is_visible():
            value = chosen.get_attribute("value")
            group = next(title for title, names in EFFECT_GROUPS.items() if value in names)
            self.page.get_by_role("button", name=group, exact=True).click()
        chosen.check()

    @property
    def rule(self) -> Locator:
        """The box of the rule."""
        return self.part("expression").locator("textarea, input")

    def write_rule(self, text: str) -> None:
        """Type a rule in place of the one that is there."""
        self.rule.press("ControlOrMeta+a")
        self.rule.press_sequentially(text)

    def set_number(self, name: str, value: float) -> None:
        self.part(name).locator("input[type=number]").fill(str(value))

    def set_opacity(self, alpha: int) -> None:
        """The opacity as the engine counts it; its box takes percent."""
        self.set_number("alpha", to_page("alpha", alpha))

    def number(self, name: str) -> Locator:
        return self.part(name).locator("input[type=number]")

    def slide(self, name: str) -> Locator:
        return self.part(name).locator("input[type=range]")

    def unfold(self, title: str) -> None:
        """Open what is folded away."""
        head = self.page.locator("button.label-wrap", has_text=title)
        if "open" not in (head.get_attribute("class") or "").split():
            head.click()

    def reach(self, name: str) -> Locator:
        """What can be taken away, by its button; the group that has it is opened."""
        for title, kinds in GROUPS.items():
            if name in [TAKES[kind] for kind in kinds]:
                self.unfold(title)
        return self.part(name)

    def says(self, text: str) -> None:
        """Wait until the line below the picture says something."""
        expect(self.part("status")).to_contain_text(text)

    # ---- the picture ------------------------------------------------------------------------
    @property
    def sheet(self) -> Locator:
        """The picture as it lies in its frame, over which one may point and paint."""
        return self.part("result").locator(".viewer-sheet")

    def view(self, name: str) -> Locator:
        """One of the buttons above the picture."""
        return self.part("result").get_by_role("button", name=name, exact=True)

    def click_at(self, x: float, y: float) -> None:
        """Click in the picture, by shares of its width and height."""
        self.sheet.scroll_into_view_if_needed()
        box = self.sheet.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])

    def stroke(self, *points: tuple[float, float]) -> None:
        """Draw with the mouse through points, by shares of the picture's width and height."""
        self.sheet.scroll_into_view_if_needed()
        box = self.sheet.bounding_box()
        assert box is not None
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        mouse = self.page.mouse
        mouse.move(*places[0])
        mouse.down()
        for place in places[1:]:
            mouse.move(*place, steps=4)
        mouse.up()

    def seen_at(self, x: float, y: float) -> np.ndarray:
        """The colour on the screen at a place of the picture: the mean of a few pixels."""
        with Image.open(io.BytesIO(self.sheet.screenshot())) as shot:
            pixels = np.array(shot.convert("RGB")).astype(float)
        row, column = int(y * pixels.shape[0]), int(x * pixels.shape[1])
        near = pixels[max(0, row - 3) : row + 4, max(0, column - 3) : column + 4]
        return np.asarray(near.mean(axis=(0, 1)))

    # ---- areas ------------------------------------------------------------------------------
    def outline(self, number: int) -> Locator:
        return self.part("result").locator(f".viewer-areas path:not(.halo)[data-number='{number}']")

    def card(self, number: int) -> Locator:
        return self.page.locator(f".area-card[data-number='{number}']")

    def row(self, number: int) -> Locator:
        return self.part("table").locator(f"tr[data-number='{number}']")

    def put(self, word: str, number: int) -> None:
        """Include, leave out or undo an area on its card."""
        name = f"{word} area {number}"
        self.card(number).get_by_role("button", name=name, exact=True).click()

    def lists(self, side: str, *numbers: int) -> None:
        """Wait until a list has these areas and no others."""
        places = [self.part(side).locator(f".area-card[data-number='{n}']") for n in numbers]
        for place in places:
            expect(place).to_have_count(1)
        expect(self.part(side).locator(".area-card")).to_have_count(len(numbers))

    def source(self, other_than: str = "") -> str:
        """The address of the picture that the page shows, once it is another one."""
        found = self.page.wait_for_function(_OTHER_SOURCE, arg=[_PICTURE, other_than])
        return str(found.json_value())

    def sees(self, expected: np.ndarray) -> None:
        """Wait until the picture is the expected one, as exactly as its preview can be."""
        source, off = "", float("inf")
        for _ in range(MOST_PICTURES):
            try:
                source = self.source(other_than=source)
            except playwright.TimeoutError:
                break
            off = difference(read_picture(self.page, source), expected)
            if off < JPEG_ERROR:
                return
        raise AssertionError(f"the picture came to rest off by {off:.1f} of 255")

    def take(self, name: str, folder: Path) -> Path:
        """The file that one of the buttons below the picture gives."""
        self.reach(name)
        expect(self.part(name)).to_be_enabled()
        with self.page.expect_download() as waiting:
            self.part(name).click()
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def download(self, folder: Path) -> np.ndarray:
        """The pixels of the file that the download button gives."""
        path = self.take("download", folder)
        assert path.suffix == ".png"
        with Image.open(path) as image:
            return np.array(image)


def difference(one: np.ndarray | None, other: np.ndarray) -> float:
    """The mean difference of two pictures, infinite where their sizes differ or one is gone."""
    if one is None or one.shape != other.shape:
        return float("inf")
    return float(np.abs(one.astype(float) - other).mean())


def read_picture(page: Page, source: str) -> np.ndarray | None:
    """The pixels of a picture by its address; None where another has taken its place by now."""
    if source.startswith("data:"):
        data = base64.b64decode(source.partition(",")[2])
    else:
        answer = page.request.get(source)
        if not answer.ok:
            return None
        data = answer.body()
    with Image.open(io.BytesIO(data)) as picture:
        return np.array(picture.convert("RGB"))
