"""An open vocabulary on the page: any words, of a small CLIP that the test trains."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from segui.classifiers.catalogue import find_entry
from tests.app_server import running_app
from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_progress import TILES, draw
from tests.browser.walk import Walk
from tests.classifiers.hub_server import Repo, running_hub
from tests.classifiers.tiny_clip import train_clip_model

CLIP = "openai/clip-vit-base-patch32"


@pytest.fixture(scope="module")
def clip_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_clip_model(tmp_path_factory.mktemp("clip") / "model")


@pytest.fixture
def visitor(browser: Browser, clip_dir: Path, tmp_path: Path) -> Iterator[Walk]:
    """A visitor of an app whose hub is the test's own."""
    with running_hub() as hub:
        hub.repos[CLIP] = Repo(clip_dir, tags=(find_entry(CLIP).revision or "",))
        with running_app(tmp_path, **hub.environment(tmp_path / "hub")) as server:
            context = browser.new_context(base_url=server.url, reduced_motion="reduce")
            context.set_default_timeout(PATIENCE_MS)
            yield Walk(context.new_page())
            context.close()


def test_any_words_choose_areas(visitor: Walk, tmp_path: Path):
    visitor.open()
    photo, mask = draw(tmp_path)
    visitor.part("fresh").click()
    visitor.upload_photo(photo)
    visitor.upload_masks(mask)
    expect(visitor.part("status")).to_contain_text(f"{TILES} of {TILES} areas chosen")
    visitor.part("classifier").locator("input").click()
    visitor.page.get_by_role("option", name=CLIP).click()
    expect(visitor.part("problem")).to_contain_text("Say what to look for")
    names = visitor.part("names").locator("input, textarea")
    names.fill("red, blue")
    names.press("Enter")
    expect(visitor.part("labels")).to_contain_text("blue")
    visitor.pick("context", "Its box")  # with its surroundings, each tile has others around it
    visitor.write_rule("red > blue")
    expect(visitor.part("status")).to_contain_text(f"10 of {TILES} areas chosen")
    # a word that nobody listed is asked for because the rule names it
    visitor.write_rule("green < red")
    expect(visitor.part("status")).to_contain_text(re.compile(r"\d+ of 20 areas chosen"))
    expect(visitor.part("labels")).to_contain_text("green")
