"""Models of a hub on the page, which the test trains: their own names, and any words."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from segui.classifiers.making import find_entry
from tests.app_server import running_app
from tests.browser.pages import PATIENCE_MS, fresh_page
from tests.browser.test_progress import TILES, ask, open_with_tiles
from tests.browser.walk import Walk
from tests.classifiers.hub_server import Repo, running_hub
from tests.classifiers.tiny_vit import LABELS, Recipe, train_face_model
from tests.trained import trained

CLIP = "openai/clip-vit-base-patch32"
FACES = "org/faces"


@pytest.fixture(scope="module")
def faces_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    hardly = Recipe(pictures=100, epochs=1)  # what it says does not matter here
    return trained(tmp_path_factory.mktemp("faces") / "model", train_face_model, hardly)


@pytest.fixture
def line() -> Iterator[threading.Event]:
    """The line to the hub: weights come while it is set."""
    event = threading.Event()
    event.set()
    yield event
    event.set()


@pytest.fixture
def visitor(
    browser: Browser, clip_model_dir: Path, faces_dir: Path, tmp_path: Path, line: threading.Event
) -> Iterator[Walk]:
    """A visitor of an app whose hub is the test's own."""

    def pause(sent: int) -> None:
        if sent:
            line.wait(PATIENCE_MS / 1000)

    with running_hub() as hub:
        commit = find_entry(CLIP).revision or ""
        hub.repos[CLIP] = Repo(clip_model_dir, tags=(commit,), pause=pause)
        hub.repos[FACES] = Repo(faces_dir, pause=pause)
        variables = hub.environment(tmp_path / "hub")
        with running_app(tmp_path, **variables) as app, fresh_page(browser, app.url) as page:
            yield Walk(page)


def look_for(visitor: Walk, words: str) -> None:
    names = visitor.part("names").locator("input, textarea")
    names.fill(words)
    names.press("Enter")


def open_with_clip(visitor: Walk, folder: Path) -> None:
    """A photo of twenty tiles, and CLIP to judge them."""
    open_with_tiles(visitor, folder)
    visitor.part("classifier").locator("input").click()
    visitor.page.get_by_role("option", name=CLIP).click()
    expect(visitor.part("problem")).to_contain_text("Say what to look for")
    expect(visitor.part("classifier-note")).to_contain_text("605 MB to fetch once")


def test_a_download_tells_its_bytes_and_can_be_stopped(
    visitor: Walk, tmp_path: Path, line: threading.Event
):
    open_with_clip(visitor, tmp_path)
    line.clear()
    look_for(visitor, "red, blue")
    status = visitor.part("status")
    expect(status).to_contain_text(re.compile(rf"Fetching {CLIP}: \d+\.\d MB of \d+\.\d MB…"))
    visitor.part("cancel").click()
    expect(visitor.part("problem")).to_contain_text("Stopped: no area was judged")
    line.set()
    look_for(visitor, "red, blue, green")
    expect(visitor.part("labels")).to_contain_text("green")
    expect(visitor.part("problem")).not_to_contain_text("Stopped")


def test_any_words_choose_areas(visitor: Walk, tmp_path: Path):
    open_with_clip(visitor, tmp_path)
    look_for(visitor, "red, blue")
    expect(visitor.part("labels")).to_contain_text("blue")
    visitor.pick("context", "Its box")  # with its surroundings, each tile has others around it
    visitor.write_rule("red > blue")
    expect(visitor.part("status")).to_contain_text(f"10 of {TILES} areas chosen")
    # a word that nobody listed is asked for because the rule names it
    visitor.write_rule("green < red")
    expect(visitor.part("status")).to_contain_text(re.compile(r"\d+ of 20 areas chosen"))
    expect(visitor.part("labels")).to_contain_text("green")


def test_any_model_for_words_is_named_by_its_repo_id(visitor: Walk, tmp_path: Path):
    open_with_tiles(visitor, tmp_path)
    visitor.part("classifier").locator("input").click()
    visitor.page.get_by_role("option", name="Manual CLIP or SigLIP").click()
    expect(visitor.part("problem")).to_contain_text("Name a repo of the Hugging Face hub")
    repo = visitor.part("repo").locator("input, textarea")
    repo.fill(CLIP)
    repo.press("Enter")
    expect(visitor.part("problem")).to_contain_text("Say what to look for")
    look_for(visitor, "red, blue")
    expect(visitor.part("labels")).to_contain_text("blue")
    visitor.pick("context", "Its box")
    visitor.write_rule("red > blue")
    expect(visitor.part("status")).to_contain_text(f"10 of {TILES} areas chosen")
    expect(visitor.part("classifier-note")).to_contain_text("Scores share 1 among the names")


def test_the_names_that_a_model_knows_are_there_before_its_weights(
    visitor: Walk, tmp_path: Path, line: threading.Event
):
    open_with_tiles(visitor, tmp_path)
    dimmed = visitor.part("filtered").locator("img").first.get_attribute("src")
    line.clear()
    ask(visitor, FACES)
    labels = visitor.part("labels")
    expect(labels).to_contain_text("Names it knows")
    for label in LABELS:
        expect(labels).to_contain_text(label)
    expect(visitor.part("status")).to_contain_text("Fetching")
    line.set()
    expect(labels).to_contain_text("Names found")
    # the pictures are now those that the model was given
    shown = visitor.part("filtered").locator("img").first
    expect(shown).not_to_have_attribute("src", dimmed or "")
