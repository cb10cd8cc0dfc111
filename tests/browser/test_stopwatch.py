"""What the page's benchmarks measure with, on pages that take a known time."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.compositing import KINDS, draws, preview_data
from benchmarks.pages import Visitor, drawn_mask, drawn_photo, write_mask, write_photo
from tests.browser.pages import PATIENCE_MS

DELAY_MS = 150
DOT, OTHER_DOT = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'>"
    f"<rect width='1' height='1' fill='{colour}'/></svg>"
    for colour in ("red", "blue")
)
# what is typed is said, and shown as another picture, after a while
PAPER = f"""
<div id="rule"><input></div><p id="said"></p><img id="shown" src="{DOT}">
<div id="feather"><input type="range" min="0" max="100" value="50" style="width: 400px"></div>
<div class="viewer-stage"></div>
<script>
  globalThis.moves = 0;
  document.querySelector('#rule input').addEventListener('input', (event) => setTimeout(() => {{
    document.querySelector('#said').textContent = event.target.value;
    document.querySelector('#shown').src = event.target.value === 'same' ? "{DOT}" : "{OTHER_DOT}";
  }}, {DELAY_MS}));
  document.querySelector('#feather').addEventListener('input', (event) => {{
    moves++;
    document.querySelector('#said').textContent = event.target.value;
  }});
</script>
"""
TYPED = ("input", "#rule")
SAID = "(text) => document.querySelector('#said').textContent === text"
ALWAYS = "() => true"


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.set_content(PAPER)
    visitor = Visitor(page)
    visitor.take_stopwatch()
    yield visitor
    context.close()


def test_it_runs_from_the_event_until_what_is_wanted_is_there(visitor: Visitor):
    start = time.perf_counter()
    timed = visitor.timed(lambda: visitor.page.fill("#rule input", "red"), TYPED, SAID, "red")
    assert DELAY_MS - 1 <= timed.ms <= 1000 * (time.perf_counter() - start)
    assert timed.events == 1


def test_a_later_event_starts_it_again(visitor: Visitor):
    def act() -> None:
        visitor.page.fill("#rule input", "blue")
        visitor.page.wait_for_function(f"({SAID})('blue')")
        visitor.page.fill("#rule input", "red")

    start = time.perf_counter()
    timed = visitor.timed(act, TYPED, ALWAYS, picture="#shown")
    assert timed.events == 2
    assert timed.pause >= DELAY_MS - 1
    assert timed.ms + timed.pause <= 1000 * (time.perf_counter() - start)


def test_the_same_picture_again_is_no_new_one(visitor: Visitor):
    def act() -> None:
        visitor.page.fill("#rule input", "same")
        visitor.page.wait_for_function(f"({SAID})('same')")
        assert visitor.page.evaluate("stopwatch.said") is None
        visitor.page.fill("#rule input", "another")

    timed = visitor.timed(act, TYPED, ALWAYS, picture="#shown", is_new=True)
    assert timed.events == 2
    assert timed.ms >= DELAY_MS - 1


def test_a_drag_is_as_many_moves_as_the_slider_notices(visitor: Visitor):
    def act() -> None:
        let_go = visitor.drag("feather", 0.1, 0.9, 20)
        let_go()

    last = "() => Number(document.querySelector('#said').textContent) > 85"
    timed = visitor.timed(act, ("input", "#feather"), last)
    assert timed.events == visitor.page.evaluate("moves")
    assert 1 < timed.events <= 21  # the press moves it too
    assert 85 < int(visitor.slide("feather").input_value()) < 95


def test_each_redraw_is_seen_with_what_it_took(visitor: Visitor):
    page = visitor.page
    redraw = """([count, ms]) => {
      const stage = document.querySelector('.viewer-stage');
      stage.dataset.draws = count;
      stage.dataset.drawMs = ms.toFixed(2);
    }"""
    page.evaluate(redraw, [1, 7.0])
    page.evaluate("stopwatch.countDraws()")
    for count, took in ((2, 3.5), (3, 3.5), (4, 9.25)):
        page.evaluate(redraw, [count, took])
    assert page.evaluate("stopwatch.draws()") == {"count": 3, "took": [3.5, 3.5, 9.25]}


def test_only_what_leaves_the_browser_is_a_request(visitor: Visitor):
    page = visitor.page
    page.route("http://127.0.0.1:9/**", lambda route: route.fulfill(body="here"))
    page.evaluate("fetch('http://127.0.0.1:9/data', {mode: 'no-cors'}).then(() => true)")
    page.evaluate("fetch('data:text/plain,here').then(() => true)")
    assert visitor.requests == ["http://127.0.0.1:9/data"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_redraw_on_the_blank_page_is_timed(browser: Browser, tmp_path: Path, kind: str):
    size_wh = (400, 300)
    photo = write_photo(tmp_path / "photo.jpg", drawn_photo(size_wh))
    data = preview_data(photo, write_mask(tmp_path / "areas.png", drawn_mask(size_wh)), tmp_path)
    assert len(data["layers"]) == 12
    took = draws(browser, {**data, "prefer": kind}, moves=3)
    assert len(took) == 3
    assert all(0 < ms < PATIENCE_MS for ms in took)
