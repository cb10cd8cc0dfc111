"""The picture's frame: moving it, and picking what lies in it."""

import pytest
from playwright.sync_api import Locator, Request, expect

from tests.browser.walk import Walk

# x, y and number of an area that also lies 30 px to each side of there
OVER_AN_AREA = """() => {
  const view = document.querySelector('.viewer-scroll').getBoundingClientRect();
  const numberAt = (x, y) =>
    document.elementFromPoint(x, y)?.closest('.viewer-areas path')?.dataset.number;
  for (let y = view.top + 60; y < view.bottom - 60; y += 10) {
    for (let x = view.left + 60; x < view.right - 60; x += 10) {
      const number = numberAt(x, y);
      const near = [[-30, 0], [30, 0], [0, -30], [0, 30]];
      if (number && near.every(([right, down]) => numberAt(x + right, y + down) === number)) {
        return [x, y, Number(number)];
      }
    }
  }
  return null;
}"""


@pytest.fixture
def close(walk: Walk) -> Walk:
    """A visitor who looks at the areas closely."""
    walk.view("Areas").click()
    walk.view("300 %").click()
    return walk


def scroll_of(walk: Walk) -> Locator:
    return walk.page.locator(".viewer-scroll")


def shown(walk: Walk) -> Locator:
    """The area that is looked at."""
    return walk.part("detail").locator("section.detail")


def over_an_area(walk: Walk) -> tuple[float, float, int]:
    """A point of the screen under which an area lies with some room around it, and its number."""
    found = walk.page.evaluate(OVER_AN_AREA)
    assert found, "no area is in view"
    x, y, number = found
    return x, y, int(number)


def areas_picked(walk: Walk) -> list[int]:
    """The numbers of the areas that are picked from now on, as the server is told."""
    numbers: list[int] = []

    def note(request: Request) -> None:
        if "/run/predict" in request.url:
            data = request.post_data_json["event_data"] or {}
            numbers.extend([data["number"]] if "number" in data else [])

    walk.page.on("request", note)
    return numbers


def test_a_picture_that_is_moved_picks_no_area(close: Walk):
    x, y, _ = over_an_area(close)
    before = scroll_of(close).evaluate("one => one.scrollLeft")
    picked = areas_picked(close)
    close.page.mouse.move(x, y)
    close.page.mouse.down()
    close.page.mouse.move(x - 20, y, steps=4)
    close.page.mouse.up()
    after = scroll_of(close).evaluate("one => one.scrollLeft")
    assert after - before == pytest.approx(20, abs=1)
    x, y, number = over_an_area(close)
    close.page.mouse.click(x, y)
    expect(shown(close)).to_have_attribute("aria-label", f"Area {number}")
    assert picked == [number]


def test_a_hand_that_shakes_a_little_still_picks(close: Walk):
    x, y, number = over_an_area(close)
    close.page.mouse.move(x, y)
    close.page.mouse.down()
    close.page.mouse.move(x - 2, y + 1)
    close.page.mouse.up()
    expect(shown(close)).to_have_attribute("aria-label", f"Area {number}")
