"""The page in a real browser: what a visitor waits for."""

import io
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

from benchmarks import compositing, growth, starting, visitors
from benchmarks.pages import (
    GRID,
    RED_AREAS,
    RESULT,
    Timed,
    Visitor,
    chromium,
    drawn_mask,
    drawn_photo,
    visiting,
    write_mask,
    write_photo,
)
from benchmarks.report import Row
from benchmarks.serving import Server, serving
from benchmarks.timing import medians
from segui.images.pictures import encode_jpeg, read_picture
from segui.previews.thumbnails import PREVIEW_PX
from tests.browser.counted import marker
from tests.browser.counting_app import JUDGED

AREAS = GRID[0] * GRID[1]
MOVES = 40
FROM_TO = 0.1, 0.9
TRIES = 20
STEADY_MS = 75  # half of what a held slider may take until it rests: both clocks stagger
ROUNDS = 10
UPLOADS = 5
LIVE_MS = 20_000
FRAME_MS = compositing.FRAME_MS
RESULT_MS = 250
RULE_MS = 300
UPLOAD_BOUND = 3
COUNTING_APP = "tests/browser/counting_app.py"
RULES = {"red > 50%": RED_AREAS, "blue > 50%": AREAS - RED_AREAS}

_EXACT = "() => document.querySelector('#result .viewer-live').hidden"
_DRAWING = """() =>
  ['webgl', 'canvas'].includes(document.querySelector('.viewer-stage').dataset.live)"""
_CHOSEN = """({chosen, areas}) => {
  const count = (selector) => document.querySelectorAll(selector).length;
  return count('#filtered .area-card') === chosen && count('#table tr.side-filtered') === chosen
    && count('#result .viewer-areas path.side-filtered:not(.halo)') === chosen
    && document.querySelector('#status').textContent.includes(`${chosen} of ${areas} areas chosen`);
}"""


def rows() -> list[Row]:
    """A drawn photo of 12 MP with twelve areas: uploads, sliders, results and rules; the server."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        photo = write_photo(folder / "photo.jpg", drawn_photo())
        mask = write_mask(folder / "areas.png", drawn_mask())
        data = compositing.preview_data(photo, mask, folder)
        with (
            serving(folder / "page", COUNTING_APP) as server,
            visiting(browser, server.url) as visitor,
        ):
            found = [
                *upload_rows(visitor, server, photo, mask),
                *slider_rows(visitor),
                result_row(visitor),
                *rule_rows(visitor, server),
                *several_rows(visitor),
            ]
        return [
            *found,
            *compositing.rows(browser, data),
            *growth.rows(browser, folder),
            *visitors.rows(browser, folder),
            *starting.rows(folder),
        ]


# ---- from a photo to its areas -----------------------------------------------------------------
def upload_rows(visitor: Visitor, server: Server, photo: Path, mask: Path) -> list[Row]:
    """Until areas and photo are on the screen, with the masks already there."""
    whole, after = [], []
    judged = _judged(server)
    for turn in range(UPLOADS + 1):
        visitor.starts_anew(mask)
        timed = visitor.gives_photo(photo)
        if turn:
            whole.append(timed.ms)
            after.append(timed.end - visitor.page.evaluate("stopwatch.uploaded()"))
    if _judged(server) - judged != UPLOADS + 1:
        raise RuntimeError("the app does not say in its log when it judges: it cannot be counted")
    peers = medians(
        {
            "Pillow": lambda: _preview_by_pillow(photo),
            "segui": lambda: encode_jpeg(read_picture(photo).pixels, max_side=PREVIEW_PX),
        }
    )
    areas = "to its areas on the screen / Pillow reads it and writes a preview"
    server, choice = "12 MP, from the photo on the server", "12 MP, from the photo's choice"
    return [
        Row(f"{choice} {areas}", _median(whole), peers["Pillow"], "ms", UPLOAD_BOUND),
        Row(f"{server} {areas}", _median(after), peers["Pillow"], "ms", None),
        Row(f"{server} to its areas / segui does", _median(after), peers["segui"], "ms", None),
    ]


def _preview_by_pillow(photo: Path) -> bytes:
    """The photo as an array, and a preview of it, as anyone would write it.

    The bound counts in these: in what segui's own reader takes, a faster one would raise it.
    """
    buffer = io.BytesIO()
    with Image.open(photo) as image:
        ImageOps.exif_transpose(image, in_place=True)
        np.asarray(image)
        image.thumbnail((PREVIEW_PX, PREVIEW_PX))
        image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


# ---- sliders -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Dragged:
    """What one drag of a slider made the page do.

    Args:
        moves: Input events.
        requests: Sent between the first move and the last.
        draws: Redraws in the browser.
        took_ms: Of each redraw that was seen.
        pause_ms: The longest time between two moves.
    """

    moves: int
    requests: int
    draws: int
    took_ms: tuple[float, ...]
    pause_ms: float

    @property
    def is_steady(self) -> bool:
        """Whether the hand never rested: a slider that rests is told to the server."""
        return self.pause_ms < STEADY_MS


def slider_rows(visitor: Visitor) -> list[Row]:
    """A drag of each slider over most of its length."""
    visitor.pick("effect", "Grey")
    kind = live_kind(visitor)
    found = []
    for slider in ("feather", "alpha"):
        drag = steady_drag(visitor, slider)
        took = drag.took_ms or (float("inf"),)
        moves = f"{drag.moves} moves of {slider}"
        found += [
            requests_row(moves, drag),
            Row(f"{moves}, redraws / moves", drag.draws, drag.moves, "", 1),
            Row(f"{moves}, redraw with {kind} / a frame", _median(took), FRAME_MS, "ms", 1),
            Row(f"{moves}, slowest redraw / a frame", max(took), FRAME_MS, "ms", None),
        ]
    return found


def requests_row(moves: str, drag: Dragged) -> Row:
    """What the server was asked while the slider moved, which is nothing.

    Where the hand rested the page does ask: the row says so, and is over its bound all the same.
    """
    steady = "steady" if drag.is_steady else f"unsteady in each of {TRIES} tries"
    pause = f"{steady}, the longest pause {drag.pause_ms:.0f} ms"
    return Row(f"{moves}, requests meanwhile, {pause} / moves", drag.requests, drag.moves, "", 0)


def live_kind(visitor: Visitor) -> str:
    """How the page draws what follows the sliders, once it can: ``webgl`` or ``canvas``.

    ``server`` where it has not begun to draw by itself within ``LIVE_MS``.
    """
    try:
        visitor.page.wait_for_function(_DRAWING, timeout=LIVE_MS)
    except Late:
        return "server"
    return str(visitor.page.locator(".viewer-stage").get_attribute("data-live"))


def steady_drag(visitor: Visitor, slider: str) -> Dragged:
    """A drag without a pause; on a busy machine the steadiest of a few."""
    drags = []
    for turn in range(TRIES):
        drags.append(dragged(visitor, slider, is_back=bool(turn % 2)))
        if drags[-1].is_steady:
            break
    return min(drags, key=lambda drag: drag.pause_ms)


def dragged(visitor: Visitor, slider: str, moves: int = MOVES, *, is_back: bool = False) -> Dragged:
    """One drag, and the exact result after it."""
    visitor.page.evaluate("stopwatch.countDraws()")
    meanwhile = []

    def act() -> None:
        before = len(visitor.requests)
        let_go = visitor.drag(slider, *(FROM_TO[::-1] if is_back else FROM_TO), moves)
        meanwhile.append(len(visitor.requests) - before)
        let_go()

    timed = exact_after(visitor, slider, act)
    draws = visitor.page.evaluate("stopwatch.draws()")
    took = tuple(draws["took"])
    return Dragged(timed.events, meanwhile[0], draws["count"], took, timed.pause)


def result_row(visitor: Visitor) -> Row:
    """From the last move of a short drag to the exact result on the screen."""
    times = []
    for turn in range(ROUNDS + 1):
        start = 0.1 + 0.05 * turn
        timed = exact_after(
            visitor,
            "feather",
            lambda start=start: visitor.drag("feather", start, start + 0.1, 5)(),
        )
        if turn:
            times.append(timed.ms)
    return Row(
        "from the last move to the exact result / promised", _median(times), RESULT_MS, "ms", 1
    )


def exact_after(visitor: Visitor, slider: str, act: Callable[[], object]) -> Timed:
    """From the last input event of an act to the exact result, in place of the drawn one."""
    return visitor.timed(act, ("input", f"#{slider}"), _EXACT, picture=RESULT, is_new=True)


# ---- rules -------------------------------------------------------------------------------------
def rule_rows(visitor: Visitor, server: Server) -> list[Row]:
    """From a rule's last key to status, cards, table and outlines."""
    visitor.page.get_by_role("button", name="All areas in a table").click()
    expect(visitor.part("table").locator("tbody tr")).to_have_count(AREAS)
    rules = list(RULES) * (ROUNDS // len(RULES))
    change_rule(visitor, rules[-1])
    judged = _judged(server)
    times = [change_rule(visitor, rule).ms for rule in rules]
    calls = _judged(server) - judged
    return [
        Row("from an edited rule to its areas / promised", _median(times), RULE_MS, "ms", 1),
        Row("classifier calls / edited rules", calls, len(rules), "", 0),
    ]


def several_rows(visitor: Visitor) -> list[Row]:
    """The same sliders and results with three edits, each of the twelve areas."""
    visitor.rule.fill("*")
    for count, effect in enumerate(("Blur", "Invert"), 2):
        visitor.part("edits").get_by_role("button", name="Add an edit").click()
        expect(visitor.part("edits").locator(".edit")).to_have_count(count)
        visitor.pick("effect", effect)
    expect(visitor.part("status")).to_contain_text(f"{AREAS} of {AREAS} areas chosen")
    found = [*slider_rows(visitor), result_row(visitor)]
    return [replace(row, what=f"three edits of {AREAS} areas, {row.what}") for row in found]


def change_rule(visitor: Visitor, rule: str) -> Timed:
    """Write a rule in one go, and wait until everything on the page follows it."""
    given = {"chosen": RULES[rule], "areas": AREAS}
    return visitor.timed(lambda: visitor.rule.fill(rule), ("input", "#expression"), _CHOSEN, given)


def _judged(server: Server) -> int:
    return server.log.count(marker(JUDGED))


def _median(values: Sequence[float]) -> float:
    return statistics.median(values)
