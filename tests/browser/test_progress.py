"""What is seen while a model takes its time, when it is stopped, and when it fails."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Response, expect

from tests.app_server import AppServer, running_app
from tests.browser.pages import PATIENCE_MS, fresh_page
from tests.browser.slow_app import GATE
from tests.browser.walk import Walk

TILES = 20
CONNECTIONS = 6  # that a browser has to one server


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file: while it is not there, the model waits."""
    return tmp_path_factory.mktemp("gate") / "open"


@pytest.fixture(scope="module")
def slow_app(tmp_path_factory: pytest.TempPathFactory, gate: Path) -> Iterator[AppServer]:
    folder = tmp_path_factory.mktemp("slow app")
    with running_app(folder, "tests/browser/slow_app.py", **{GATE: str(gate)}) as server:
        yield server


@pytest.fixture
def visitor(browser: Browser, slow_app: AppServer, tmp_path: Path, gate: Path) -> Iterator[Walk]:
    """A visitor with twenty areas, half of them red."""
    gate.unlink(missing_ok=True)
    with fresh_page(browser, slow_app.url) as page:
        walk = Walk(page)
        open_with_tiles(walk, tmp_path)
        walk.pick("effect", "Invert")
        yield walk
        gate.touch()  # nothing of this visitor is to wait any longer


def open_with_tiles(walk: Walk, folder: Path) -> None:
    """The page with twenty tiles, each an area."""
    walk.open()
    photo, mask = draw(folder)
    walk.part("fresh").click()
    walk.upload_photo(photo)
    walk.upload_masks(mask)
    expect(walk.part("status")).to_contain_text(f"{TILES} of {TILES} areas chosen")


def draw(folder: Path) -> tuple[Path, Path]:
    """A photo of red and blue tiles, and the mask of them."""
    photo, mask = np.full((200, 250, 3), 255, np.uint8), np.zeros((200, 250), np.uint8)
    for tile in range(TILES):
        y, x = tile // 5 * 50, tile % 5 * 50
        inside = (slice(y + 5, y + 45), slice(x + 5, x + 45))
        photo[inside] = (220, 10, 10) if tile % 2 else (10, 10, 220)
        mask[inside] = 255
    Image.fromarray(photo).save(folder / "tiles.png")
    Image.fromarray(mask).save(folder / "mask.png")
    return folder / "tiles.png", folder / "mask.png"


def ask(visitor: Walk, repo_id: str) -> None:
    """Choose a model by its id."""
    if not visitor.part("repo").is_visible():
        visitor.part("classifier").locator("input").click()
        visitor.page.get_by_role("option", name="Manual repo id").click()
    repo = visitor.part("repo").locator("input, textarea")
    repo.fill(repo_id)
    repo.press("Enter")


def test_what_waits_for_the_model_leaves_room_for_what_is_done_meanwhile(visitor: Walk):
    ask(visitor, "slow/silent")
    expect(visitor.part("status")).to_contain_text(f"Classifying 8 of {TILES}…")
    for feather in range(1, CONNECTIONS + 3):  # each is told to come again for the model's answer
        with visitor.page.expect_response(_says_that_sliders_rest, timeout=PATIENCE_MS):
            visitor.set_number("feather", feather)


def _says_that_sliders_rest(response: Response) -> bool:
    return '"drawn"' in (response.request.post_data or "")


def test_how_many_areas_were_judged_is_counted(visitor: Walk, gate: Path):
    ask(visitor, "slow/counted")
    expect(visitor.part("status")).to_contain_text(f"Classifying 8 of {TILES}…")
    expect(visitor.part("cancel")).to_be_visible()
    gate.touch()
    visitor.write_rule("red > 50%")
    expect(visitor.part("status")).to_contain_text(f"10 of {TILES} areas chosen")
    expect(visitor.part("cancel")).to_be_hidden()


def test_a_model_can_be_stopped_and_the_session_goes_on(visitor: Walk, gate: Path):
    ask(visitor, "slow/stopped")
    expect(visitor.part("status")).to_contain_text("Classifying 8 of")
    visitor.part("cancel").click()
    expect(visitor.part("problem")).to_contain_text("Stopped: no area was judged")
    expect(visitor.part("cancel")).to_be_hidden()
    gate.touch()
    visitor.part("classifier").locator("input").click()
    visitor.page.get_by_role("option", name="Colour names").click()
    visitor.write_rule("blue > 50%")
    expect(visitor.part("status")).to_contain_text(f"10 of {TILES} areas chosen")
    expect(visitor.part("problem")).to_have_text("")


def test_a_model_that_cannot_be_loaded_leaves_no_other_ones_scores(visitor: Walk):
    visitor.write_rule("red > 50%")
    expect(visitor.part("status")).to_contain_text(f"10 of {TILES} areas chosen")
    ask(visitor, "some/broken")
    expect(visitor.part("problem")).to_contain_text("some/broken cannot be loaded")
    expect(visitor.part("filtered").locator(".area-card")).to_have_count(0)
    visitor.write_rule("blue > 50%")  # the sentence stays while the classifier does
    expect(visitor.part("status")).to_contain_text("0 of 20 areas chosen")
    expect(visitor.part("problem")).to_contain_text("some/broken cannot be loaded")


def test_a_model_without_a_name_is_asked_for(visitor: Walk):
    visitor.part("classifier").locator("input").click()
    visitor.page.get_by_role("option", name="Manual repo id").click()
    expect(visitor.part("problem")).to_contain_text("Name a repo of the Hugging Face hub")


def test_another_visitors_page_answers_while_a_model_works(
    visitor: Walk, browser: Browser, slow_app: AppServer, gate: Path
):
    ask(visitor, "slow/turns")
    expect(visitor.part("status")).to_contain_text("Classifying 8 of")
    with fresh_page(browser, slow_app.url) as page:
        other = Walk(page)
        other.open()
        other.write_rule("blue > 50%")
        expect(other.part("status")).to_contain_text("1 of 12 areas chosen")
        ask(other, "some/quick")  # another model does not wait for the first one either
        other.write_rule("blue > 50% or red > 50%")
        expect(other.part("status")).to_contain_text("5 of 12 areas chosen")
    gate.touch()
    expect(visitor.part("status")).to_contain_text(f"{TILES} of {TILES} areas chosen")
