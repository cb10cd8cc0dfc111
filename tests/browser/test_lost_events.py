"""An event whose answer does not come is sent again: no page rests on a picture of before."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Route, expect

from tests.app_server import AppServer
from tests.browser.pages import fresh_page
from tests.browser.walk import Walk

EVENTS = "**/gradio_api/run/predict*"
UNREACHABLE = "The server cannot be reached: it is asked again…"
FULL = "The server takes no more at the moment: it is asked again…"

Loss = Callable[[Route], None]


def cut(route: Route) -> None:
    route.abort()


def answered_in_vain(route: Route) -> None:
    """The server does it, and nobody hears of that."""
    route.fetch()
    route.abort()


def refused(status: int, **headers: str) -> Loss:
    return lambda route: route.fulfill(status=status, body="<html>no</html>", headers=headers)


LOSSES = {
    "cut": (cut, UNREACHABLE),
    "answered in vain": (answered_in_vain, UNREACHABLE),
    "a proxy without its server": (refused(502), UNREACHABLE),
    "a proxy that waited for too long": (refused(504), UNREACHABLE),
    "a full server": (refused(503), FULL),
    "a client that asks too often": (refused(429, **{"retry-after": "1"}), FULL),
}


@pytest.fixture
def visitor(browser: Browser, app: AppServer) -> Iterator[Walk]:
    """A visitor whose browser may complain of its network."""
    with fresh_page(browser, app.url) as page:
        walk = Walk(page)
        walk.open()
        walk.rests()
        yield walk


def lose(walk: Walk, loss: Loss, times: int) -> list[str]:
    """Lose the next events, so many times; the list grows with each."""
    lost: list[str] = []

    def route(route: Route) -> None:
        if len(lost) < times:
            lost.append(route.request.post_data or "")
            loss(route)
        else:
            route.continue_()

    walk.page.route(EVENTS, route)
    return lost


@pytest.mark.parametrize(("loss", "said"), LOSSES.values(), ids=LOSSES)
def test_what_was_typed_counts_though_its_event_was_lost(visitor: Walk, loss: Loss, said: str):
    lost = lose(visitor, loss, 2)
    busy = visitor.page.locator(".viewer-busy")
    visitor.page.evaluate(
        """() => {
          const busy = document.querySelector('.viewer-busy');
          window.said = [];
          new MutationObserver(() => window.said.push(busy.textContent))
            .observe(busy, {childList: true, characterData: true, subtree: true});
        }"""
    )
    visitor.rule.fill("blue > 50%")
    expect(visitor.part("status")).to_contain_text("1 of 12 areas chosen")
    expect(visitor.rule).to_have_value("blue > 50%")
    expect(busy).to_have_text("")
    assert said in visitor.page.evaluate("window.said")
    assert len(lost) == 2
    assert lost[0] == lost[1]  # as it was


@pytest.mark.parametrize("loss", [cut, answered_in_vain])
def test_a_click_that_comes_twice_is_done_once(visitor: Walk, loss: Loss):
    visitor.pick("effect", "Blur")
    visitor.rests()
    visitor.pick("effect", "Invert")
    visitor.rests()
    lost = lose(visitor, loss, 1)
    visitor.part("undo").click()
    expect(visitor.page.locator("#effect input:checked")).to_have_value("blur")
    visitor.rests()
    assert len(lost) == 1
    expect(visitor.page.locator("#effect input:checked")).to_have_value("blur")


def test_clicks_are_done_in_their_order_though_the_first_was_lost(visitor: Walk):
    bodies: list[str] = []

    def lose_the_first(route: Route) -> None:
        """What is sent after it would come through."""
        bodies.append(route.request.post_data or "")
        if bodies[-1] == bodies[0] and bodies.count(bodies[0]) <= 2:
            route.abort()
        else:
            route.continue_()

    visitor.page.route(EVENTS, lose_the_first)
    visitor.rule.fill("blue > 50%")
    visitor.page.wait_for_function("document.querySelector('.viewer-busy').textContent !== ''")
    visitor.part("undo").evaluate("(button) => { button.disabled = false; button.click(); }")
    visitor.rests()
    expect(visitor.rule).to_have_value("red > 50%")
    expect(visitor.part("status")).to_contain_text("4 of 12 areas chosen")
    visitor.rests()
    assert bodies.count(bodies[0]) == 3
    expect(visitor.rule).to_have_value("red > 50%")


@pytest.mark.parametrize("loss", [cut, answered_in_vain])
def test_the_picture_is_right_where_every_event_is_lost_once(
    visitor: Walk, loss: Loss, pictures: Path
):
    seen: set[str] = set()

    def lose_first(route: Route) -> None:
        body = route.request.post_data or ""
        if body in seen:
            route.continue_()
        else:
            seen.add(body)
            loss(route)

    visitor.page.route(EVENTS, lose_first)
    visitor.upload_photo(pictures / "photo.png")
    visitor.upload_masks(pictures / "mask.png")
    visitor.pick("effect", "Invert")
    visitor.set_number("feather", 0)
    photo, mask = (np.asarray(Image.open(pictures / name)) for name in ("photo.png", "mask.png"))
    inverted = np.where(mask[..., None] == 255, 255 - photo, photo)
    visitor.sees(inverted)
    visitor.rests()
    visitor.sees(inverted)
    expect(visitor.page.locator(".viewer-busy")).to_have_text("")


@pytest.mark.parametrize("loss", [cut, answered_in_vain])
def test_a_photo_is_taken_once_though_its_event_was_lost(visitor: Walk, loss: Loss, pictures: Path):
    lost = lose(visitor, loss, 1)
    visitor.upload_photo(pictures / "photo.png")
    visitor.rests()
    assert len(lost) == 1
    visitor.part("undo").click()  # what is taken twice is undone by two
    expect(visitor.part("status")).to_contain_text("4 of 12 areas chosen")
