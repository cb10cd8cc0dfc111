"""Models that find where a GPU is lent: fetched here, asked there once, and cut out as anywhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segui.classifiers.model_cache import ModelCache
from segui.errors import ClassifierError, InputError, SumError
from segui.finders.base import Asked, Point
from segui.finders.finding import find_way
from segui.finders.models.effort import Effort
from segui.finders.models.shelf import FinderShelf
from segui.geometry import Box
from segui.segments.cutting import CropOptions
from segui.session.results import Stopped
from segui.settings import Settings
from segui.ui.spaces import lent_finder
from segui.ui.spaces.finding_there import LentFinderModel, Question, finding_s
from segui.ui.spaces.lending import lending_of
from tests.classifiers.hub_server import HubServer, Repo, reaching, running_hub
from tests.finders.test_hub_finder import saved, saved_with_words
from tests.finders.test_yunet import FILE
from tests.finders.tiny_sam import tiny_sam2
from tests.finders.tiny_sam3 import tiny_sam3
from tests.finders.tiny_vitmatte import vitmatte_repo
from tests.finders.tiny_words import tiny_owlv2
from tests.finders.tiny_yunet import seeing_red, yunet
from tests.stand_ins.in_process import FakeSpaces

SETTINGS = Settings()
PHOTO = np.random.default_rng(3).integers(0, 256, (90, 61, 3), np.uint8)
ASKED = {
    "org/segments": Asked(confidence=0.0),
    "org/instance": Asked(confidence=0.0),
    "org/boxes": Asked(confidence=0.0),
    "org/sam3": Asked(confidence=0.01, words=("red", "blue")),
    "org/owlv2": Asked(confidence=0.0, words=("red", "blue")),
}


@pytest.fixture(scope="module")
def repos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Repo]:
    folder = tmp_path_factory.mktemp("repos")
    tiny_sam2().save_pretrained(folder / "clicks")
    return {
        "org/segments": saved(folder / "segments", "segformer"),
        "org/instance": saved(folder / "instance", "mask2former"),
        "org/boxes": saved(folder / "boxes", "yolos"),
        "org/sam3": saved_with_words(folder / "sam3", tiny_sam3()),
        "org/owlv2": saved_with_words(folder / "owlv2", tiny_owlv2()),
        "org/clicks": Repo(folder / "clicks"),
    }


@pytest.fixture
def hub(tmp_path: Path, repos: dict[str, Repo]) -> Iterator[HubServer]:
    with running_hub() as server, reaching(server, tmp_path / "hub-cache"):
        server.repos.update(repos)
        yield server


@pytest.fixture(autouse=True)
def _on_zero_gpu(monkeypatch: pytest.MonkeyPatch, spaces: FakeSpaces) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")


def shelf(settings: Settings = SETTINGS) -> FinderShelf:
    """A page's finders, as they are where a GPU is lent."""
    return FinderShelf(settings, ModelCache(settings, lending=lending_of(settings)))


def told(segments: Any) -> list[Any]:
    return [
        (item.label, item.confidence, item.bbox, item.found, item.read_mask(item.bbox).tolist())
        for item in segments.items
    ]


@pytest.mark.long
@pytest.mark.parametrize("name", ASKED)
def test_what_is_found_where_the_gpu_is_is_what_is_found_here(
    hub: HubServer, spaces: FakeSpaces, name: str
) -> None:
    here = FinderShelf(Settings(device="cpu")).get(name)
    expected = told(here.find(PHOTO, ASKED[name]))
    there = shelf().get(name)
    assert told(there.find(PHOTO, ASKED[name])) == expected
    assert expected
    (call,) = spaces.calls
    assert call[0] == LentFinderModel(name, hub.repos[name].commit)
    assert there.revision == hub.repos[name].commit
    assert there.needs == here.needs
    assert there.gives_boxes == here.gives_boxes
    assert there.size_bytes == 0


@pytest.mark.long
def test_files_are_fetched_while_no_gpu_waits_and_bytes_are_told(
    hub: HubServer, spaces: FakeSpaces
) -> None:
    steps: list[tuple[int, int]] = []
    way = find_way("org/segments", shelf(), lambda *step: steps.append(step))
    assert steps[-1][0] == steps[-1][1] > 40_000
    assert spaces.calls == []
    asked = len(hub.asked)
    way.make(lambda: None).find(PHOTO, Asked(confidence=0.0))
    assert len(spaces.calls) == 1
    assert len(hub.asked) == asked


@pytest.mark.long
def test_where_the_gpu_has_another_disk_the_same_commit_is_fetched_there(
    hub: HubServer, spaces: FakeSpaces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = shelf().get("org/segments")
    there.load()
    commit, asked = hub.repos["org/segments"].commit, len(hub.asked)
    hub.repos["org/segments"] = replace(hub.repos["org/segments"], tags=(commit,))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "empty"))
    assert there.find(PHOTO, Asked(confidence=0.0)).items
    assert len(hub.asked) > asked


@pytest.mark.long
def test_what_was_found_is_cut_out_otherwise_and_found_anew_only_for_another_question(
    hub: HubServer, spaces: FakeSpaces
) -> None:
    there = shelf().get("org/segments")
    found = there.find(PHOTO, Asked(confidence=0.0))
    wide = there.find(PHOTO, Asked(confidence=0.0, cut=CropOptions(crop_factor=9)))
    assert [item.bbox for item in wide.items] == [item.bbox for item in found.items]
    assert len(spaces.calls) == 1
    there.find(PHOTO[::-1], Asked(confidence=0.0))
    there.find(PHOTO, Asked(confidence=0.1))
    assert len(spaces.calls) == 3


@pytest.mark.long
def test_a_model_that_is_clicked_at_answers_here(hub: HubServer, spaces: FakeSpaces) -> None:
    asked = Asked(points=(Point(30, 40),), boxes=(Box(5, 5, 25, 60),))
    models = shelf()
    clicks = models.get("org/clicks")
    here = FinderShelf(Settings(device="cpu")).get("org/clicks")
    assert told(clicks.find(PHOTO, asked)) == told(here.find(PHOTO, asked))
    assert [one.name for one in clicks.offered(PHOTO, asked)] == ["smallest", "middle", "largest"]
    assert clicks.size_bytes > 0
    assert models.outliner("") is clicks
    assert spaces.calls == []


@pytest.mark.long
def test_boxes_that_were_found_there_are_cut_out_here(hub: HubServer, spaces: FakeSpaces) -> None:
    asked = Asked(confidence=0.0)
    how: Any = {"outlined_by": "org/clicks"}
    way = find_way("org/boxes", shelf(), **how)
    here = find_way("org/boxes", FinderShelf(Settings(device="cpu")), **how)
    found = told(way.make(lambda: None).find(PHOTO, asked))
    assert found == told(here.make(lambda: None).find(PHOTO, asked))
    assert len(spaces.calls) == 1


def test_no_gpu_is_asked_for_where_there_are_no_words(hub: HubServer, spaces: FakeSpaces) -> None:
    with pytest.raises(InputError) as raised:
        shelf().get("org/sam3").find(PHOTO, Asked())
    assert str(raised.value) == "words is empty: expected what to look for, such as dog, red car"
    assert spaces.calls == []


@pytest.mark.long
def test_what_the_model_refuses_there_is_refused_here_in_its_words(
    hub: HubServer, spaces: FakeSpaces
) -> None:
    few = Effort(max_megapixels=1e-9)
    here, there = FinderShelf(Settings(device="cpu")), shelf()
    sentences = []
    for models in (here, there):
        with pytest.raises(SumError) as raised:
            models.get("org/segments").find(PHOTO, Asked(confidence=0.0), few)
        sentences.append(str(raised.value))
    assert sentences[0] == sentences[1]
    assert len(spaces.calls) == 1


def test_a_gpu_that_cannot_be_had_is_said_and_asked_for_again(
    hub: HubServer, spaces: FakeSpaces
) -> None:
    spaces.refusal = "You have exceeded your GPU quota."
    there = shelf().get("org/segments")
    with pytest.raises(ClassifierError) as refused:
        there.find(PHOTO, Asked(confidence=0.0))
    assert str(refused.value) == (
        "this Space's GPU could not be had: You have exceeded your GPU quota"
    )
    spaces.refusal = ""
    assert there.find(PHOTO, Asked(confidence=0.0)).items


def test_nobody_asks_for_a_gpu_for_one_who_has_gone(hub: HubServer, spaces: FakeSpaces) -> None:
    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        shelf().get("org/segments").find(PHOTO, Asked(confidence=0.0), Effort(stop))
    assert spaces.calls == []


def test_a_photo_that_is_too_large_to_be_sent_is_refused(
    hub: HubServer, spaces: FakeSpaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lent_finder, "MAX_BYTES", 5e6)
    with pytest.raises(InputError) as raised:
        shelf().get("org/segments").find(np.zeros((2000, 1000, 3), np.uint8), Asked())
    assert str(raised.value) == (
        "the photo has 6 MB: at most 5 are sent to where the GPU is. A smaller photo has less"
    )
    assert spaces.calls == []


@pytest.mark.parametrize(
    ("size_hw", "words", "seconds"),
    [
        ((1, 1), (), 26),
        ((1000, 2000), (), 26),
        ((3000, 4000), ("a", "b"), 33),
        ((2, 10**8), (), 120),
    ],
)
def test_a_searchs_time_grows_with_the_photo_and_its_words_up_to_two_minutes(
    size_hw: tuple[int, int], words: tuple[str, ...], seconds: int
) -> None:
    asked = Question(size_hw, b"", Asked(words=words), wants_boxes=False, max_megapixels=1.0)
    assert finding_s(LentFinderModel("org/finds"), asked) == seconds


def test_a_folder_of_ones_own_is_lent_from_there(
    hub: HubServer, spaces: FakeSpaces, repos: dict[str, Repo]
) -> None:
    folder = repos["org/segments"].folder
    there = shelf(replace(SETTINGS, models_dir=folder.parent)).get(folder.name + "/")
    assert there.find(PHOTO, Asked(confidence=0.0)).items
    (call,) = spaces.calls
    assert call[0] == LentFinderModel(folder.name + "/", "", str(folder.resolve()))


@pytest.mark.long
def test_faces_by_opencv_and_edges_are_asked_for_here(hub: HubServer, tmp_path: Path) -> None:
    (tmp_path / "faces").mkdir()
    (tmp_path / "faces" / FILE).write_bytes(yunet(seeing_red()).file())
    hub.repos["org/faces"] = Repo(tmp_path / "faces")
    hub.repos["org/edges"] = vitmatte_repo(tmp_path / "edges")
    here, there = FinderShelf(SETTINGS), shelf()
    red = PHOTO.copy()
    red[30:60, 20:40] = (220, 20, 20)
    found = [told(one.get("org/faces").find(red, Asked())) for one in (here, there)]
    assert found[0] == found[1] != []
    mask = np.zeros(PHOTO.shape[:2], np.uint8)
    mask[30:60, 20:40] = 255
    softened = [one.get("org/edges").soften(PHOTO, mask, 5) for one in (here, there)]
    np.testing.assert_array_equal(*softened)
    assert (softened[0] != mask).any()
