"""What the painter tells has its strokes as lines too, which the engine draws at full size."""

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from segui.masks.drawn import read_drawn, text_in
from segui.masks.files import read_painted
from segui.session.paintings import read_painting
from tests.browser.pages import fresh_page
from tests.browser.test_painter import HEIGHT, HTML, WIDTH, Painter, uri_of

FACTOR = 5
FULL_HW = (HEIGHT * FACTOR, WIDTH * FACTOR)
START, END = (60.0, 50.0), (220.0, 140.0)


@pytest.fixture
def painter(browser: Browser) -> Iterator[Painter]:
    with fresh_page(browser, viewport={"width": 1100, "height": 800}) as page:
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.clock.install()
        page.set_content(HTML)
        painter = Painter(page)
        painter.make()
        yield painter
        assert wrong == []


def told(painter: Painter) -> bytes:
    painter.rest()
    return base64.b64decode(painter.heard[-1].partition(",")[2])


def kinds(painter: Painter) -> list[tuple[bool, bool]]:
    """Of each stroke that was told, whether it is an outline and whether it takes away."""
    return [(one.fills, one.erases) for one in read_drawn(text_in(told(painter)))]


def at_full_size(painter: Painter, folder: Path) -> np.ndarray:
    """What the engine makes of what the page sends, 0..1."""
    told(painter)
    checked = read_painting(painter.heard[-1])
    assert checked is not None
    (folder / "painted.png").write_bytes(checked)
    soft = read_painted(folder / "painted.png", FULL_HW).soft
    assert soft is not None
    return soft / 255


def capsule(start: tuple[float, float], end: tuple[float, float], size: float) -> np.ndarray:
    """How far each pixel of the full size is inside of a straight stroke, px; below 0 outside."""
    y, x = np.mgrid[: FULL_HW[0], : FULL_HW[1]] + 0.5
    (x1, y1), (x2, y2) = (np.array(point) * FACTOR for point in (start, end))
    length_2 = (x2 - x1) ** 2 + (y2 - y1) ** 2 or 1
    share = (((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length_2).clip(0, 1)
    far = np.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1))
    return size * FACTOR / 2 - far


def assert_sharp(mask: np.ndarray, inside: np.ndarray, where: slice | tuple = np.s_[:]) -> None:
    """It is painted to within a pixel and a half of the edge that the formula gives."""
    assert (mask[where][inside[where] > 1.5] == 1).all()
    assert (mask[where][inside[where] < -1.5] == 0).all()


def test_a_stroke_has_the_photos_own_edge(painter: Painter, tmp_path: Path):
    painter.size(12)
    painter.stroke(START, END)
    assert_sharp(at_full_size(painter, tmp_path), capsule(START, END, 12))


def test_a_dot_and_what_is_taken_away_do_too(painter: Painter, tmp_path: Path):
    painter.size(60)
    painter.stroke((150.0, 90.0))
    painter.size(9)
    painter.stroke(START, END, button="right")
    inside = np.minimum(capsule((150, 90), (150, 90), 60), -capsule(START, END, 9))
    assert_sharp(at_full_size(painter, tmp_path), inside)
    assert kinds(painter) == [(False, False), (False, True)]


def test_an_outline_does_too(painter: Painter, tmp_path: Path):
    painter.page.keyboard.press("o")
    corners = [(60.0, 40.0), (240.0, 50.0), (150.0, 170.0)]
    painter.stroke(*corners, steps=20)
    mask = at_full_size(painter, tmp_path)
    inside = np.full(FULL_HW, np.inf)
    y, x = (np.mgrid[: FULL_HW[0], : FULL_HW[1]] + 0.5) / FACTOR
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        inside = np.minimum(inside, cross / np.hypot(x2 - x1, y2 - y1) * FACTOR)
    # at its corners it is as round as the pointer's path is bent
    away = np.ones(FULL_HW, bool)
    for left, top in corners:
        away &= np.hypot(x - left, y - top) > 12
    assert_sharp(mask, inside, away)
    assert kinds(painter) == [(True, False)]


def test_a_soft_brush_fades_as_it_did(painter: Painter, tmp_path: Path):
    painter.page.get_by_label("Hardness").fill("40")
    painter.size(60)
    painter.stroke((150.0, 90.0))
    far = 150 - capsule((150, 90), (150, 90), 60)
    out = ((far - 60) / 90).clip(0, 1)
    found = at_full_size(painter, tmp_path)
    assert np.abs(found - (1 - out * out * (3 - 2 * out))).max() < 0.04


def test_what_is_undone_has_no_line_and_what_is_done_again_has_one(painter: Painter):
    painter.stroke((50.0, 50.0), (90.0, 50.0))
    painter.stroke((50.0, 120.0), (90.0, 120.0), button="right")  # nothing is there
    painter.stroke((150.0, 50.0), (190.0, 50.0))
    assert kinds(painter) == [(False, False), (False, False)]
    painter.page.keyboard.press("Control+z")
    assert kinds(painter) == [(False, False)]
    painter.page.keyboard.press("Control+y")
    assert kinds(painter) == [(False, False), (False, False)]
    painter.button("Clear").click()
    painter.stroke((150.0, 50.0), (190.0, 50.0), (190.0, 90.0))
    assert kinds(painter) == [(False, False)]
    painter.page.keyboard.press("Control+z")
    painter.page.keyboard.press("Control+z")
    assert kinds(painter) == [(False, False), (False, False)]


def test_a_filled_ring_is_whole_and_its_rim_sharp(painter: Painter, tmp_path: Path):
    painter.size(10)
    ring = [(150 + 60 * np.cos(turn), 90 + 60 * np.sin(turn)) for turn in np.linspace(0, 6.4, 60)]
    painter.stroke(*ring, steps=2)
    painter.page.keyboard.press("f")
    painter.stroke((150.0, 90.0))
    mask = at_full_size(painter, tmp_path)
    assert (mask[capsule((150, 90), (150, 90), 120) > 0] == 1).all()
    # a mouse points at whole pixels of the screen, and not at each of them
    outer = capsule((150, 90), (150, 90), 130)
    assert (mask[outer < -7] < 0.02).all()
    assert np.count_nonzero((mask > 0.05) & (mask < 0.95)) < 2 * np.count_nonzero(
        np.abs(outer) < 0.5
    )


def test_what_was_told_goes_on_where_it_is_loaded_again(painter: Painter):
    painter.stroke((50.0, 50.0), (90.0, 50.0))
    told(painter)
    painter.call("dispose()")
    uri = painter.heard[-1]
    painter.make(initial=uri)
    painter.page.wait_for_function("() => !painter.isEmpty")
    painter.stroke((150.0, 50.0), (190.0, 50.0))
    assert kinds(painter) == [(False, False), (False, False)]
    first = read_drawn(text_in(base64.b64decode(uri.partition(",")[2])))
    again = read_drawn(text_in(told(painter)))
    np.testing.assert_array_equal(again[0].points, first[0].points)


def test_a_mask_without_lines_is_loaded_as_ever(painter: Painter):
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[20:60, 30:90] = 255
    painter.call("dispose()")
    painter.make(initial=uri_of(mask))
    painter.page.wait_for_function("() => !painter.isEmpty")
    painter.stroke((150.0, 150.0), (190.0, 150.0))
    assert kinds(painter) == [(False, False)]
