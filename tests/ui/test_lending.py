"""Models where a GPU is lent: the files that were fetched here are the ones that judge there."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from PIL import Image

from segui.classifiers.base import Crop
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.hub import HubClassifier, HubConfig
from segui.classifiers.making import find_entry
from segui.classifiers.model_cache import ModelCache
from segui.classifiers.open_vocabulary import OpenVocabulary
from segui.errors import ClassifierError
from segui.settings import Settings
from segui.ui.spaces.lending import LentModel, is_wanted, lending_of
from tests.classifiers.hub_server import HubServer, Repo, reaching, running_hub
from tests.classifiers.tiny_clip import LOOKS, train_clip_model
from tests.stand_ins.in_process import FakeSpaces

MANUAL = "Manual repo id"
CLIP = "openai/clip-vit-base-patch32"
FACES = ClassifierChoice(MANUAL, "org/faces")
CROPS = [
    Crop(Image.new("RGB", (20, 30), colour), Image.new("L", (20, 30), 255))
    for colour in ((200, 160, 140), (10, 60, 220))
]


@pytest.fixture(autouse=True)
def _on_zero_gpu(monkeypatch: pytest.MonkeyPatch, spaces: FakeSpaces) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")


@pytest.fixture
def hub(tmp_path: Path, face_model_dir: Path) -> Iterator[HubServer]:
    with running_hub() as server, reaching(server, tmp_path / "hub-cache"):
        server.repos["org/faces"] = Repo(face_model_dir)
        yield server


def cache(settings: Settings | None = None) -> ModelCache:
    """A page's classifiers, as they are where a GPU is lent."""
    settings = settings or Settings()
    return ModelCache(settings, lending=lending_of(settings))


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
    faces = cache().get(FACES)
    faces.load()
    hub.repos["org/faces"] = Repo(other_model)
    assert hub.repos["org/faces"].commit != fetched

    expected = HubClassifier(HubConfig("faces", face_model_dir, "cpu")).score(CROPS)
    assert faces.score(CROPS) == [pytest.approx(each, abs=1e-6) for each in expected]
    assert [key for key, *_ in spaces.calls] == [LentModel(MANUAL, "org/faces", fetched)]
    assert faces.identity == LentModel(MANUAL, "org/faces", fetched)


def test_nothing_is_asked_of_the_hub_while_the_gpu_is_held(
    hub: HubServer, spaces: FakeSpaces
) -> None:
    faces = cache().get(FACES)
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
    faces = cache(Settings(max_model_mb=1 + size // 10**6)).get(FACES)
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
    faces = cache(Settings(models_dir=face_model_dir.parent)).get(
        ClassifierChoice(MANUAL, face_model_dir.name)
    )
    expected = HubClassifier(HubConfig("faces", face_model_dir, "cpu")).score(CROPS)
    assert faces.score(CROPS) == [pytest.approx(each, abs=1e-6) for each in expected]
    key = LentModel(MANUAL, face_model_dir.name, folder=str(face_model_dir.resolve()))
    assert [asked for asked, *_ in spaces.calls] == [key]


def test_elsewhere_nothing_is_lent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_wanted()
    assert lending_of(Settings()) is not None
    monkeypatch.setenv("SPACES_ZERO_GPU", "")
    assert not is_wanted()
    assert lending_of(Settings()) is None


# Open vocabularies.


@pytest.fixture
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tiny CLIP, which the catalogue's is for this test."""
    folder = tmp_path_factory.mktemp("words")
    model = train_clip_model(folder / "clip")
    with running_hub() as hub, reaching(hub, folder / "cache"):
        hub.repos[CLIP] = Repo(model, tags=(str(find_entry(CLIP).revision),))
        yield model


def patches() -> list[Crop]:
    return [
        Crop(Image.new("RGB", (20, 30), colour), Image.new("L", (20, 30), 255))
        for colour in (*LOOKS.values(), (90, 120, 40), (200, 180, 170))
    ]


@pytest.mark.long
def test_an_open_vocabulary_is_shown_crops_where_the_gpu_is_and_each_once(
    spaces: FakeSpaces, words: Path
) -> None:
    plain = OpenVocabulary(HubConfig("clip", words, device="cpu"))
    models, crops = cache(), patches()
    for names in (("red", "blue"), ("white", "red", "green")):
        asked = models.get(ClassifierChoice(CLIP, names=names))
        expected = plain.asked(names, "a photo of {}").score(crops)
        assert asked.score(crops) == [pytest.approx(each, abs=1e-6) for each in expected]
    assert len(spaces.calls) == 1
    key, shown, seconds = spaces.calls[0]
    assert (len(shown), seconds) == (len(crops), 26)
    assert (key.name, key.repo_id, len(key.revision)) == (CLIP, "", 40)
    models.get(ClassifierChoice(CLIP, names=("red",))).score(crops[:1])
    assert len(spaces.calls) == 1
    models.get(ClassifierChoice(CLIP, names=("red",))).score(crops[:1])
    assert len(spaces.calls) == 1


@pytest.mark.long
def test_an_open_vocabulary_that_the_user_names_is_lent_by_that_name(
    spaces: FakeSpaces, words: Path
) -> None:
    plain = OpenVocabulary(HubConfig("clip", words, device="cpu"))
    crops, names = patches(), ("red", "blue")
    asked = cache().get(ClassifierChoice("Manual CLIP or SigLIP", CLIP, names=names))
    expected = plain.asked(names, "a photo of {}").score(crops)
    assert asked.score(crops) == [pytest.approx(each, abs=1e-6) for each in expected]
    key, _, _ = spaces.calls[0]
    assert (key.name, key.repo_id, key.folder) == ("Manual CLIP or SigLIP", CLIP, "")
    assert len(key.revision) == 40


@pytest.mark.long
def test_an_open_vocabulary_of_the_deployments_own_folder_is_lent_from_there(
    spaces: FakeSpaces, words: Path
) -> None:
    models = cache(Settings(models_dir=words.parent, manual_models=False))
    asked = models.get(ClassifierChoice("Manual CLIP or SigLIP", words.name, names=("red", "blue")))
    assert [set(each) for each in asked.score(patches()[:1])] == [{"red", "blue"}]
    key, _, _ = spaces.calls[0]
    assert (key.revision, key.folder) == ("", str(words.resolve()))


@pytest.mark.long
def test_a_vocabularys_files_are_there_before_a_gpu_is_asked_for(
    spaces: FakeSpaces, words: Path
) -> None:
    told: list[tuple[int, int]] = []
    asked: Any = cache().get(ClassifierChoice(CLIP, names=("red",)))
    asked.load(lambda *step: told.append(step))
    size = sum(path.stat().st_size for path in words.iterdir())
    assert told[-1] == (size, size)
    assert spaces.calls == []


@pytest.mark.long
def test_words_are_read_on_the_cpu_whatever_device_is_chosen(
    spaces: FakeSpaces, words: Path
) -> None:
    models = cache()
    for device in ("auto", "gpu", "cpu"):
        asked: Any = models.get(ClassifierChoice(CLIP, device=device, names=("red",)))
        asked.score(patches())
        assert asked.vocabulary.config.device == "cpu"
    assert len(spaces.calls) == 1


@pytest.mark.long
def test_a_gpu_that_cannot_be_had_is_said_and_asked_for_again(
    spaces: FakeSpaces, words: Path
) -> None:
    spaces.refusal = "No GPU was available after 60s."
    asked = cache().get(ClassifierChoice(CLIP, names=("red", "blue")))
    with pytest.raises(ClassifierError) as refused:
        asked.score(patches())
    assert str(refused.value) == (
        "this Space's GPU could not be had: No GPU was available after 60s"
    )
    spaces.refusal = ""
    assert asked.score(patches())[0]["red"] > 0.8
