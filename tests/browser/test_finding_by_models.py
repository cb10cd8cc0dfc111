"""A model of a hub that finds, on the page: fetched, named, judged, and its failures said."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, expect

from segui.models.finder_catalogue import EDGE_CATALOGUE, FINDER_CATALOGUE
from tests.app_server import AppServer, running_app
from tests.browser.shapes import name_model, visitor_with_shapes
from tests.browser.walk import Walk
from tests.classifiers.hub_server import HubServer, Repo, running_hub
from tests.finders.test_hub_finder import saved_with_words
from tests.finders.tiny_sam3 import tiny_sam3
from tests.finders.tiny_vitmatte import vitmatte_repo
from tests.finders.tiny_words import Tiny, tiny_clipseg, tiny_owlv2
from tests.finders.tiny_yunet import seeing_red, yunet

pytestmark = pytest.mark.server
SHAPES = "org/shapes"


@pytest.fixture(scope="module")
def hub(shapes_model_dir: Path) -> Iterator[HubServer]:
    """A hub with a model that was trained to find discs and squares."""
    with running_hub() as hub:
        hub.repos[SHAPES] = Repo(shapes_model_dir)
        yield hub


@pytest.fixture(scope="module")
def app(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app whose hub is the test's own."""
    folder = tmp_path_factory.mktemp("models")
    with running_app(folder, **hub.environment(folder / "hub")) as server:
        yield server


@pytest.fixture
def visitor(browser: Browser, app: AppServer, tmp_path: Path) -> Iterator[Walk]:
    """A visitor with a photo of a disc and a square."""
    with visitor_with_shapes(browser, app, tmp_path, seed=77) as walk:
        yield walk


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


class Gate:
    """Holds up a repo's weights behind their first piece, until it is opened."""

    numbers = count()

    def __init__(self) -> None:
        self.name = f"org/slow-{next(self.numbers)}"
        self._is_open = Event()

    def open(self) -> None:
        self._is_open.set()

    def pause(self, sent: int) -> None:
        if sent:
            self._is_open.wait(60)


@pytest.fixture
def gate(hub: HubServer) -> Iterator[Gate]:
    """The weights of a model that nobody has fetched yet stop after 16 kB."""
    gate = Gate()
    hub.repos[gate.name] = replace(hub.repos[SHAPES], pause=gate.pause)
    yield gate
    gate.open()


def test_bytes_are_told_while_a_model_is_fetched(visitor: Walk, gate: Gate, hub: HubServer):
    name_model(visitor, gate.name)
    size = sum(map(len, hub.repos[gate.name].files.values())) / 1e6
    expect(visitor.page.locator(".viewer-busy")).to_have_text(
        re.compile(rf"^Fetching {gate.name}: 0(\.\d)? MB of {size:.1f} MB…$")
    )
    expect(visitor.part("cancel")).to_be_visible()
    gate.open()
    visitor.says("2 of 2 areas chosen")
    expect(visitor.page.locator(".viewer-busy")).to_have_text("")
    expect(visitor.part("cancel")).to_be_hidden()


def test_a_fetch_is_cancelled_and_another_way_finds(visitor: Walk, gate: Gate):
    name_model(visitor, gate.name)
    expect(visitor.page.locator(".viewer-busy")).to_contain_text(f"Fetching {gate.name}")
    visitor.part("cancel").click()
    expect(visitor.page.locator(".viewer-busy")).to_have_text("")
    visitor.says("Now say where the areas are")
    expect(visitor.part("cancel")).to_be_hidden()
    expect(visitor.part("finder-repo").locator("input")).to_have_value("")
    visitor.pick("finder", "Colours")
    visitor.says("areas chosen")
    gate.open()
    name_model(visitor, gate.name)
    visitor.says("2 of 2 areas chosen")


def test_yunet_of_the_list_finds_faces_with_their_controls(
    visitor: Walk, hub: HubServer, tmp_path: Path
):
    entry = next(one for one in FINDER_CATALOGUE if one.name == "YuNet")
    (tmp_path / "faces").mkdir()
    file = tmp_path / "faces" / "face_detection_yunet_2023mar.onnx"
    file.write_bytes(yunet(seeing_red()).file())
    hub.repos[entry.repo_id] = Repo(tmp_path / "faces")
    name_model(visitor, entry.name)
    expect(visitor.part("status")).to_contain_text(re.compile(r"[1-9]\d* of \d+ areas? chosen"))
    expect(visitor.part("notes")).to_contain_text(f"found by {entry.repo_id}, commit ")
    expect(visitor.card(1)).to_contain_text("face")
    expect(visitor.part("face-area")).to_be_visible()
    expect(visitor.part("smallest-face")).to_be_visible()
    expect(visitor.part("outlined-by")).to_be_hidden()


def test_vitmatte_of_the_list_softens_edges_and_the_page_says_how_far_it_is(
    visitor: Walk, hub: HubServer, tmp_path: Path
):
    (entry,) = EDGE_CATALOGUE
    opened = Event()
    repo = vitmatte_repo(tmp_path / "edges")
    hub.repos[entry.repo_id] = replace(repo, pause=lambda sent: sent and opened.wait(60))
    visitor.part("finder").get_by_role("radio", name=re.compile("^Colours")).check()
    visitor.says("areas chosen")
    visitor.unfold("More options for areas")
    expect(visitor.part("edges-by")).to_be_hidden()
    visitor.set_number("refine-edges", 6)
    expect(visitor.part("edges-by")).to_be_visible()
    box = visitor.part("edges-by").locator("input")
    box.fill(entry.name)
    box.press("Enter")
    expect(visitor.page.locator(".viewer-busy")).to_contain_text(f"Fetching {entry.name}: ")
    opened.set()
    expect(visitor.part("notes")).to_contain_text(f"edges softened by {entry.repo_id}, commit ")
    visitor.says("areas chosen")
    visitor.set_number("refine-edges", 0)
    expect(visitor.part("notes")).not_to_contain_text("edges softened")
    expect(visitor.part("edges-by")).to_be_visible()  # what is said can be taken back


def test_a_gated_model_says_what_to_do_before_anything_is_fetched(
    visitor: Walk, hub: HubServer, tmp_path: Path
):
    entry = next(one for one in FINDER_CATALOGUE if one.gated)
    files = saved_with_words(tmp_path / "words", tiny_sam3())
    hub.repos[entry.repo_id] = replace(files, gated=True)
    name_model(visitor, entry.name)
    visitor.part("words").locator("textarea, input").fill("disc")
    visitor.part("words").locator("textarea, input").press("Enter")
    expect(visitor.part("problem")).to_contain_text(
        f"'{entry.repo_id}' is gated: its owner asks for an agreement first. Agree at "
        f"huggingface.co/{entry.repo_id}, then start this server with HF_TOKEN, your token"
    )


@pytest.mark.parametrize(
    "make", [tiny_clipseg, tiny_owlv2, tiny_sam3], ids=["CLIPSeg", "OWLv2", "SAM 3"]
)
def test_words_find_by_a_model_of_the_list(
    visitor: Walk, hub: HubServer, tmp_path: Path, make: Callable[[], Tiny]
):
    entry = next(one for one in FINDER_CATALOGUE if make.__name__[5:] in one.repo_id)
    hub.repos[entry.repo_id] = saved_with_words(tmp_path / "words", make())
    visitor.pick("finder", "By a model")
    expect(visitor.part("words")).to_be_hidden()
    name_model(visitor, entry.name)
    expect(visitor.part("words")).to_be_visible()
    visitor.says("Now say where the areas are")
    visitor.set_number("confidence", 0.05)
    visitor.part("words").locator("textarea, input").fill("dog, red car")
    visitor.part("words").locator("textarea, input").press("Enter")
    expect(visitor.part("status")).to_contain_text(re.compile(r"[1-9]\d* of \d+ areas? chosen"))
    expect(visitor.part("notes")).to_contain_text(f"found by {entry.repo_id}, commit ")
    expect(visitor.part("filtered")).to_contain_text(re.compile("dog|red car"))
