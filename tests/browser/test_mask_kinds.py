"""Kinds of mask files that are easily misread: what the page says of each, and its areas."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from tests.app_server import AppServer
from tests.browser.visit import visit
from tests.browser.walk import Walk
from tests.mask_kinds import HEIGHT, KINDS, SIDE, draw_photo, save


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kinds")
    draw_photo(folder / "photo.png")
    return folder


@pytest.fixture(scope="module")
def walk(browser: Browser, app: AppServer, folder: Path) -> Iterator[Walk]:
    with visit(browser, app) as walk:
        walk.upload_photo(folder / "photo.png")
        walk.pick("effect", "Invert")
        yield walk


@pytest.fixture(autouse=True)
def without_masks(walk: Walk) -> Iterator[None]:
    yield
    walk.part("mask-list").get_by_role("button", name="Remove").first.click()
    expect(walk.part("mask-list").locator("li")).to_have_count(0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_said_and_its_areas_are_those_that_were_drawn(walk: Walk, folder: Path, kind):
    draw, name, said, count, box = KINDS[kind]
    (folder / kind).mkdir(exist_ok=True)
    draw(folder / kind / name)
    walk.upload_masks(folder / kind / name)
    walk.says(f"{count} of {count} area{'s' if count > 1 else ''} chosen")
    expect(walk.part("notes")).to_contain_text(said)
    assert first_box(walk) == pytest.approx(box, abs=9)


def first_box(walk: Walk) -> tuple[float, ...]:
    """Where the first outline lies, px of the photo."""
    inside = walk.outline(1).evaluate(
        """path => { const box = path.getBBox(), all = path.ownerSVGElement.viewBox.baseVal;
           return [box.x, box.y, box.width, box.height, all.width] }"""
    )
    return tuple(each * SIDE / inside[4] for each in inside[:4])


def test_a_mask_that_may_be_padded_or_stretched_has_a_button_for_each(walk: Walk, folder: Path):
    (folder / "either").mkdir()
    square = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(square, (60, 240), 30, 255, -1)  # nothing of the photo is there
    save(folder / "either" / "m.png", square)
    walk.upload("masks", folder / "either" / "m.png")
    trouble = walk.page.get_by_role("alert").filter(has_text="it may be padded")
    expect(trouble).to_contain_text("or stretched. Say which by padded_masks")
    trouble.get_by_role("button", name="It lies in the middle", exact=True).click()
    expect(walk.part("notes")).to_contain_text("in the middle of it, as asked for")
    walk.says("1 of 1 area chosen")
    assert first_box(walk) == pytest.approx((30, 240 - (SIDE - HEIGHT) // 2 - 30, 61, 61), abs=4)
    walk.part("notes").get_by_role("button", name="It was stretched", exact=True).click()
    expect(walk.part("notes")).to_contain_text("it was stretched from 512 x 512 to 512 x 340")
    walk.part("undo").click()
    expect(walk.part("notes")).to_contain_text("in the middle of it, as asked for")
