"""A visitor of the page in a real browser, and a stopwatch inside that page."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from segui.images.pictures import write_png
from tests.browser.chromium import ARGUMENTS, find
from tests.browser.pages import PATIENCE_MS
from tests.browser.walk import Walk

PHOTO_WH = (4000, 3000)  # 12 MP
GRID = (4, 3)
RED_AREAS = 4
RED, BLUE, GREY = (200, 30, 30), (30, 50, 200), (128, 128, 128)
NOISE_LEVELS = 8  # of 255: what a sensor adds, so that a JPEG takes as long as a photo's
JPEG_QUALITY = 92

RESULT = "#result .viewer-after"

_STOPWATCH = (Path(__file__).parent / "stopwatch.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Timed:
    """What the stopwatch says, in ms by the page's clock.

    Args:
        start: The last event.
        end: What was wanted was there.
        events: How many such events came.
        pause: The longest time between two of them.
    """

    start: float
    end: float
    events: int
    pause: float

    @property
    def ms(self) -> float:
        """From the last event to what was wanted."""
        return self.end - self.start


class Visitor(Walk):
    """A visitor with a stopwatch."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.requests: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.url.startswith("http"):
            self.requests.append(request.url)

    def open(self, path: str = "/") -> None:
        """Open the page, wait for its example, and take the stopwatch along."""
        super().open(path)
        self.take_stopwatch()

    def take_stopwatch(self) -> None:
        """Have the stopwatch in the page."""
        self.page.evaluate(_STOPWATCH)

    def timed(
        self,
        act: Callable[[], object],
        event: tuple[str, str],
        wanted: str,
        given: Any = None,
        picture: str = "",
        *,
        is_new: bool = False,
    ) -> Timed:
        """From the last event of an act to what comes of it.

        Args:
            act: What the visitor does.
            event: The event's kind, and the selector of what it must come from.
            wanted: A function of the page that says whether it is there, in JavaScript.
            given: What that function gets.
            picture: The selector of an image that must be decoded and drawn by then.
            is_new: Whether that image must be another one than at the last event.
        """
        asked = {
            "kind": event[0], "under": event[1], "wanted": wanted, "given": given,
            "picture": picture, "isNew": is_new,
        }  # fmt: skip
        self.page.evaluate("asked => stopwatch.arm(asked)", asked)
        act()
        said = self.page.wait_for_function("stopwatch.said").json_value()
        self.page.evaluate("stopwatch.disarm()")
        return Timed(**said)

    def drag(self, name: str, start: float, end: float, moves: int) -> Callable[[], None]:
        """Take a slider's handle by the mouse.

        Args:
            name: The slider's id.
            start: Where the handle is taken, as a share of the slider's length.
            end: Where it is at last.
            moves: How many times the mouse moves.

        Returns:
            What lets go.
        """
        slider = self.slide(name)
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        if box is None:
            raise RuntimeError(f"the slider {name} is not on the page")
        middle, mouse = box["y"] + box["height"] / 2, self.page.mouse
        mouse.move(box["x"] + start * box["width"], middle)
        mouse.down()
        for move in range(1, moves + 1):
            share = start + (end - start) * move / moves
            mouse.move(box["x"] + share * box["width"], middle)
        return mouse.up

    def starts_anew(self, masks: Path) -> None:
        """An empty page, but for the masks."""
        self.part("fresh").click()
        expect(self.part("photo-card")).to_be_empty()
        self.upload("masks", masks)
        expect(self.part("mask-list")).to_contain_text(masks.name)

    def gives_photo(self, photo: Path, areas: int = GRID[0] * GRID[1]) -> Timed:
        """Add the photo, and wait until its areas and itself are on the screen."""
        return self.timed(
            lambda: self.upload("photo", photo),
            ("change", "#photo"),
            """({name, areas}) => {
                 const count = (selector) => document.querySelectorAll(selector).length;
                 return count('.area-card') === areas
                   && !document.querySelector('#result .viewer-after').hidden
                   && count('#result .viewer-areas path:not(.halo)') === areas
                   && document.querySelector('#photo-card').textContent.includes(name);
               }""",
            {"name": photo.name, "areas": areas},
            picture=RESULT,
        )


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that the tests use."""
    path = os.environ.get("CHROMIUM") or find()
    if path is None:
        raise RuntimeError("no Chromium: set CHROMIUM to the path of one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(browser: Browser, url: str) -> Iterator[Visitor]:
    """A visitor whose page is open."""
    context = browser.new_context(
        base_url=url, reduced_motion="reduce", viewport={"width": 1440, "height": 1000}
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        visitor = Visitor(context.new_page())
        visitor.open()
        yield visitor
    finally:
        context.close()


# ---- what is drawn -----------------------------------------------------------------------------
def drawn_mask(size_wh: tuple[int, int] = PHOTO_WH) -> NDArray[np.uint8]:
    """Twelve ellipses on a grid, 0 or 255."""
    mask = np.zeros(size_wh[::-1], np.uint8)
    for centre, axes in _ellipses(size_wh):
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, -1)
    return mask


def drawn_photo(size_wh: tuple[int, int] = PHOTO_WH, seed: int = 0) -> NDArray[np.uint8]:
    """Red and blue ellipses where the mask has them, on grey, with a camera's noise; RGB."""
    photo = np.full((*size_wh[::-1], 3), GREY, np.uint8)
    for number, (centre, axes) in enumerate(_ellipses(size_wh)):
        cv2.ellipse(photo, centre, axes, 0, 0, 360, RED if number < RED_AREAS else BLUE, -1)
    noise = np.empty(photo.shape, np.int16)
    cv2.setRNGSeed(seed)
    cv2.randn(noise, (0, 0, 0), (NOISE_LEVELS,) * 3)
    return np.asarray(np.clip(photo + noise, 0, 255), np.uint8)


def _ellipses(size_wh: tuple[int, int]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    width, height = size_wh[0] / GRID[0], size_wh[1] / GRID[1]
    axes = round(0.36 * width), round(0.36 * height)
    return [
        ((round((column + 0.5) * width), round((row + 0.5) * height)), axes)
        for row in range(GRID[1])
        for column in range(GRID[0])
    ]


def write_photo(path: Path, pixels: NDArray[np.uint8]) -> Path:
    """The pixels as a camera's JPEG."""
    quality = (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY)
    cv2.imwrite(str(path), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), quality)
    return path


def write_mask(path: Path, mask: NDArray[np.uint8]) -> Path:
    """The mask as a PNG."""
    write_png(path, mask)
    return path
