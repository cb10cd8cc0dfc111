"""A model of a hub that finds, on the page: fetched, named, judged, and its failures said."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.app_server import running_app
from tests.browser.pages import fresh_page
from tests.browser.walk import Walk
from tests.classifiers.hub_server import Repo, running_hub
from tests.finders.tiny_shapes import scene

pytestmark = pytest.mark.server
SHAPES = "org/shapes"


@pytest.fixture
def visitor(browser: Browser, shapes_model_dir: Path, tmp_path: Path) -> Iterator[Walk]:
    """A visitor of an app whose hub is the test's own, with a photo of a disc and a square."""
    photo = tmp_path / "shapes.png"
    Image.fromarray(scene(np.random.default_rng(77), side=384)[0]).save(photo)
    with running_hub() as hub:
        hub.repos[SHAPES] = Repo(shapes_model_dir)
        variables = hub.environment(tmp_path / "hub")
        with running_app(tmp_path, **variables) as app, fresh_page(browser, app.url) as page:
            walk = Walk(page)
            walk.open()
            walk.upload_photo(photo)
            walk.says("Now say where the areas are")
            yield walk


def name_model(visitor: Walk, name: str) -> None:
    visitor.pick("finder", "By a model")
    box = visitor.part("finder-repo").locator("input")
    box.fill(name)
    box.press("Enter")


def test_a_model_finds_and_one_rule_asks_for_its_labels_and_the_colour(visitor: Walk):
    name_model(visitor, SHAPES)
    visitor.says("2 of 2 areas chosen")
    expect(visitor.part("notes")).to_contain_text(f"found by {SHAPES}, commit ")
    visitor.write_rule("@label = disc and red > 80%")
    visitor.says("1 of 2 areas chosen")
    expect(visitor.card(1)).to_contain_text("disc")


def test_a_model_that_is_not_there_is_said_and_another_one_can_be_named(visitor: Walk):
    name_model(visitor, "org/none")
    expect(visitor.part("problem")).to_contain_text("org/none")
    name_model(visitor, SHAPES)
    visitor.says("2 of 2 areas chosen")
    expect(visitor.part("problem")).not_to_contain_text("org/none")
