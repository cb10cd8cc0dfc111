"""Models where a GPU is lent: the files that were fetched here are the ones that judge there."""

import json
from pathlib import Path
from shutil import copytree

import pytest
from PIL import Image

from segui.classifiers.base import Crop
from segui.classifiers.hub import HubClassifier, HubConfig
from segui.errors import ClassifierError
from segui.settings import Settings
from segui.ui.layout.choices import ClassifierChoice
from segui.ui.shelf import Shelf
from segui.ui.spaces.lending import Key, is_wanted
from tests.classifiers.hub_server import HubServer, Repo
from tests.stand_ins.in_process import FakeSpaces

MANUAL = "Manual repo id"
FACES = ClassifierChoice(MANUAL, "org/faces")
CROPS = [
    Crop(Image.new("RGB", (20, 30), colour), Image.new("L", (20, 30), 255))
    for colour in ((200, 160, 140), (10, 60, 220))
]


@pytest.fixture(autouse=True)
def _on_zero_gpu(monkeypatch: pytest.MonkeyPatch, spaces: FakeSpaces) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")


@pytest.fixture
def other_model(tmp_path: Path, face_model_dir: Path) -> Path:
    """The face classifier with its two labels the other way round."""
    folder = copytree(face_model_dir, tmp_path / "other")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    labels = config["id2label"]
    config["id2label"] = {"0": labels["1"], "1": labels["0"]}
    config["label2id"] = {label: int(place) for place, label in config["id2label"].items()}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def test_the_commit_that_was_fetched_judges_though_the_repo_moves_on(
    hub: HubServer, spaces: FakeSpaces, face_model_dir: Path, other_model: Path
) -> None:
    fetched = hub.repos["org/faces"].commit
    faces = Shelf(Settings()).get(FACES)
    faces.load()
    hub.repos["org/faces"] = Repo(other_model)
    assert hub.repos["org/faces"].commit != fetched

    expected = HubClassifier(HubConfig("faces", face_model_dir, "cpu")).score(CROPS)
    assert faces.score(CROPS) == [pytest.approx(each, abs=1e-6) for each in expected]
    assert [key for key, *_ in spaces.calls] == [Key(MANUAL, "org/faces", fetched)]
    assert faces.identity == Key(MANUAL, "org/faces", fetched)


def test_nothing_is_asked_of_the_hub_while_the_gpu_is_held(
    hub: HubServer, spaces: FakeSpaces
) -> None:
    faces = Shelf(Settings()).get(FACES)
    faces.load()
    asked = len(hub.asked)
    faces.score(CROPS)
    assert len(spaces.calls) == 1
    assert len(hub.asked) == asked


def test_what_is_fetched_there_is_held_to_the_limit_too(
    hub: HubServer, spaces: FakeSpaces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the other process has another disk, or the cache was emptied."""
    size = sum(len(data) for data in hub.repos["org/faces"].files.values())
    faces = Shelf(Settings(max_model_mb=1 + size // 10**6)).get(FACES)
    faces.load()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "empty"))
    commit = hub.repos["org/faces"].commit
    hub.repos["org/faces"] = Repo(
        hub.repos["org/faces"].folder, tags=(commit,), stated={"model.safetensors": 10**12}
    )
    with pytest.raises(ClassifierError, match=r"^'org/faces' is 1,000,\d\d\d MB: at most \d+ MB"):
        faces.score(CROPS)
    assert len(spaces.calls) == 1


def test_a_local_model_judges_from_the_folder_that_was_allowed(
    spaces: FakeSpaces, face_model_dir: Path
) -> None:
    faces = Shelf(Settings(models_dir=face_model_dir.parent)).get(
        ClassifierChoice(MANUAL, face_model_dir.name)
    )
    expected = HubClassifier(HubConfig("faces", face_model_dir, "cpu")).score(CROPS)
    assert faces.score(CROPS) == [pytest.approx(each, abs=1e-6) for each in expected]
    key = Key(MANUAL, face_model_dir.name, folder=str(face_model_dir.resolve()))
    assert [asked for asked, *_ in spaces.calls] == [key]


def test_elsewhere_nothing_is_lent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_wanted()
    monkeypatch.setenv("SPACES_ZERO_GPU", "")
    assert not is_wanted()
