import gc
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from segui.classifiers.base import Crop, Scores
from segui.classifiers.catalogue import find_entry
from segui.classifiers.colour import ColourNames
from segui.classifiers.hub import HubConfig
from segui.classifiers.memory import CachedClassifier, ScoreCache
from segui.classifiers.open_vocabulary import OpenVocabulary
from segui.errors import ClassifierError, InputError
from segui.settings import Settings
from segui.ui import named_models
from segui.ui import shelf as shelf_module
from segui.ui.layout.choices import ClassifierChoice
from segui.ui.shelf import KEPT, Shelf
from tests.classifiers.hub_server import HubServer, Repo
from tests.classifiers.test_memory import crop
from tests.classifiers.tiny_clip import LOOKS
from tests.stand_ins.in_process import FakeSpaces

MANUAL = "Manual repo id"
CLIP = "openai/clip-vit-base-patch32"
MB = 10**6


class Weights:
    """What takes memory; its parts hold each other, as a model's may."""

    def __init__(self) -> None:
        self.itself = self


class Model:
    """A classifier of 10 MB, once it is loaded."""

    def __init__(self, repo_id: str) -> None:
        self.name = repo_id
        self.weights: Weights | None = None
        self.asked = 0

    @property
    def identity(self) -> str:
        return self.name

    @property
    def size_bytes(self) -> int:
        return 0 if self.weights is None else 10 * MB

    def load(self, progress: Any = None) -> None:
        self.weights = self.weights or Weights()

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        self.asked += len(crops)
        return [{self.name: 0.5} for _ in crops]


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    make = named_models.make_classifier

    def make_model(name: str, **options: Any) -> Any:
        return Model(options["repo_id"]) if name == MANUAL else make(name, **options)

    monkeypatch.setattr(named_models, "make_classifier", make_model)


def choice(repo_id: str, device: str = "auto") -> ClassifierChoice:
    return ClassifierChoice(MANUAL, repo_id, device)


def loaded(shelf: Shelf, repo_id: str) -> "weakref.ref[Weights]":
    """Have a model loaded; what tells whether its weights are still in memory."""
    classifier: Any = shelf.get(choice(repo_id))
    classifier.load()
    return weakref.ref(classifier.weights)


def alive(models: Sequence["weakref.ref[Weights]"]) -> list[bool]:
    return [model() is not None for model in models]


def test_the_same_choice_is_the_same_classifier() -> None:
    shelf = Shelf(Settings())
    assert shelf.get(choice("org/one")) is shelf.get(choice(" org/one "))
    assert shelf.get(choice("org/one")) is not shelf.get(choice("org/two"))


def test_without_a_gpu_every_device_is_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    shelf = Shelf(Settings(), models_mb=10)
    cpu: Any = shelf.get(choice("org/1", "cpu"))
    assert shelf.get(choice("org/1")) is cpu
    wished: Any = shelf.get(choice("org/1", "gpu"))
    assert wished.classifier is cpu.classifier
    assert cpu.notes == ()
    assert wished.notes == ("There is no GPU here: the classifier runs on the CPU.",)


def test_with_a_gpu_it_is_another_model_on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    shelf = Shelf(Settings())
    assert shelf.get(choice("org/1")) is shelf.get(choice("org/1", "gpu"))
    cpu: Any = shelf.get(choice("org/1", "cpu"))
    auto: Any = shelf.get(choice("org/1"))
    assert cpu.classifier is not auto.classifier


def test_a_start_with_a_classifier_that_is_none_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Shelf(Settings(classifier="google/vit"))
    sentence = str(caught.value)
    assert sentence.startswith("SEGUI_CLASSIFIER is 'google/vit': expected one of 'Colour names', ")
    assert sentence.endswith(", 'Manual repo id'")


def test_what_is_built_in_answers_by_itself() -> None:
    assert isinstance(Shelf(Settings()).get(ClassifierChoice("Colour names")), ColourNames)


def test_the_last_used_models_stay_within_the_budget() -> None:
    shelf = Shelf(Settings(), models_mb=25)
    one, two = loaded(shelf, "org/1"), loaded(shelf, "org/2")
    assert alive([one, two]) == [True, True]
    loaded(shelf, "org/1")
    three = loaded(shelf, "org/3")
    assert alive([one, two, three]) == [True, False, True]
    four = loaded(shelf, "org/4")
    assert alive([one, three, four]) == [False, True, True]


def test_a_model_larger_than_the_budget_stays_until_the_next() -> None:
    shelf = Shelf(Settings(), models_mb=5)
    one = loaded(shelf, "org/1")
    assert alive([one]) == [True]
    shelf.get(choice("org/2"))
    assert alive([one]) == [True]
    two = loaded(shelf, "org/2")
    assert alive([one, two]) == [False, True]


def test_a_model_in_use_is_freed_when_its_user_is_done() -> None:
    shelf = Shelf(Settings(), models_mb=15)
    used = shelf.get(choice("org/1"))
    one = loaded(shelf, "org/1")
    loaded(shelf, "org/2")
    assert alive([one]) == [True]
    assert used.score([crop(1)]) == [{"org/1": 0.5}]
    del used
    gc.collect()
    assert alive([one]) == [False]


def test_being_asked_is_use() -> None:
    shelf = Shelf(Settings(), models_mb=25)
    first = shelf.get(choice("org/1"))
    one, two = loaded(shelf, "org/1"), loaded(shelf, "org/2")
    first.score([crop(1)])
    del first
    loaded(shelf, "org/3")
    assert alive([one, two]) == [True, False]


def test_names_that_were_asked_for_long_ago_are_forgotten() -> None:
    shelf = Shelf(Settings())
    first = shelf.get(choice("org/one"))
    for number in range(KEPT):
        shelf.get(choice(f"org/other{number}"))
    assert shelf.get(choice("org/one")) is not first


def test_a_model_whose_name_is_forgotten_is_freed() -> None:
    shelf = Shelf(Settings(), models_mb=1000)
    one = loaded(shelf, "org/1")
    for number in range(KEPT):
        shelf.get(choice(f"org/other{number}"))
    assert alive([one]) == [False]


class Words:
    """An open vocabulary of 10 MB, once it is loaded."""

    def __init__(self, name: str) -> None:
        self.model = Model(name)

    @property
    def size_bytes(self) -> int:
        return self.model.size_bytes

    def asked(self, labels: Sequence[str], template: str) -> "AskedWords":
        return AskedWords(self)


class AskedWords:
    def __init__(self, vocabulary: Words) -> None:
        self.vocabulary, self.identity = vocabulary, vocabulary.model.name
        self.score, self.load = vocabulary.model.score, vocabulary.model.load

    @property
    def size_bytes(self) -> int:
        return self.vocabulary.size_bytes


@pytest.fixture
def vocabularies(monkeypatch: pytest.MonkeyPatch) -> list["weakref.ref[Words]"]:
    """All vocabularies that were made."""
    made = []

    def make(name: str, **options: Any) -> Words:
        words = Words(f"{name} at {options['revision']}")
        made.append(weakref.ref(words))
        return words

    monkeypatch.setattr(shelf_module, "make_vocabulary", make)
    return made


def loaded_words(shelf: Shelf, revision: str, names: Sequence[str]) -> "weakref.ref[Weights]":
    asked: Any = shelf.get(ClassifierChoice(CLIP, names=tuple(names), revision=revision))
    asked.load()
    return weakref.ref(asked.vocabulary.model.weights)


def test_a_vocabulary_counts_though_all_its_lists_are_forgotten(
    vocabularies: list["weakref.ref[Words]"],
) -> None:
    shelf = Shelf(Settings(), models_mb=25)
    first = loaded_words(shelf, "a", ["red"])
    second = loaded_words(shelf, "b", ["red"])
    for number in range(KEPT + 1):
        shelf.get(ClassifierChoice(CLIP, names=(f"word {number}",), revision="b"))
    third = loaded_words(shelf, "c", ["red"])
    assert alive([first, second, third]) == [False, True, True]
    assert len(vocabularies) == 3
    fourth = loaded(shelf, "org/1")
    assert alive([second, third, fourth]) == [False, True, True]


def test_lists_of_one_vocabulary_are_one_model_in_the_budget(
    vocabularies: list["weakref.ref[Words]"],
) -> None:
    shelf = Shelf(Settings(), models_mb=25)
    one = loaded(shelf, "org/1")
    words = [loaded_words(shelf, "a", [f"word {number}"]) for number in range(5)]
    assert alive([one, *words]) == [True] * 6
    assert len(vocabularies) == 1


def test_a_vocabulary_of_each_revision_is_kept_within_a_number(
    vocabularies: list["weakref.ref[Words]"],
) -> None:
    shelf = Shelf(Settings(), models_mb=1e6)
    for number in range(KEPT + 6):
        loaded_words(shelf, f"{number}", ["red"])
    gc.collect()
    assert [made() is not None for made in vocabularies] == [False] * 6 + [True] * KEPT


def test_scores_outlive_their_model_and_are_the_same_on_each_device() -> None:
    shelf = Shelf(Settings(), models_mb=5)
    shelf.get(choice("org/1")).score([crop(1)])
    loaded(shelf, "org/2")
    again: Any = shelf.get(choice("org/1"))
    cpu: Any = shelf.get(choice("org/1", "cpu"))
    assert again.score([crop(1)]) == cpu.score([crop(1)]) == [{"org/1": 0.5}]
    assert (again.asked, cpu.asked) == (0, 0)


def test_two_shelves_can_share_their_scores() -> None:
    scores = ScoreCache()
    Shelf(Settings(), scores=scores).get(choice("org/1")).score([crop(1)])
    other: Any = Shelf(Settings(), scores=scores).get(choice("org/1"))
    other.score([crop(1)])
    assert isinstance(other, CachedClassifier)
    assert other.asked == 0


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Shelf(Settings(), models_mb=0)
    assert str(caught.value) == "models_mb is 0: expected a number above 0"


# Where a GPU is lent.


@pytest.fixture
def words(hub: HubServer, clip_model_dir: Path) -> Path:
    """The tiny CLIP, which the catalogue's is for this test."""
    hub.repos[CLIP] = Repo(clip_model_dir, tags=(str(find_entry(CLIP).revision),))
    return clip_model_dir


@pytest.fixture
def lending(monkeypatch: pytest.MonkeyPatch, spaces: FakeSpaces) -> Shelf:
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    return Shelf(Settings())


def patches() -> list[Crop]:
    return [
        Crop(Image.new("RGB", (20, 30), colour), Image.new("L", (20, 30), 255))
        for colour in (*LOOKS.values(), (90, 120, 40), (200, 180, 170))
    ]


def test_an_open_vocabulary_is_shown_crops_where_the_gpu_is_and_each_once(
    lending: Shelf, spaces: FakeSpaces, words: Path
) -> None:
    plain = OpenVocabulary(HubConfig("clip", words, device="cpu"))
    crops = patches()
    for names in (("red", "blue"), ("white", "red", "green")):
        asked = lending.get(ClassifierChoice(CLIP, names=names))
        expected = plain.asked(names, "a photo of {}").score(crops)
        assert asked.score(crops) == [pytest.approx(each, abs=1e-6) for each in expected]
    assert len(spaces.calls) == 1
    key, shown, seconds = spaces.calls[0]
    assert (len(shown), seconds) == (len(crops), 26)
    assert (key.name, key.repo_id, len(key.revision)) == (CLIP, "", 40)
    lending.get(ClassifierChoice(CLIP, names=("red",))).score(crops[:1])
    assert len(spaces.calls) == 1
    lending.get(ClassifierChoice(CLIP, names=("red",))).score(crops[:1])
    assert len(spaces.calls) == 1


def test_an_open_vocabulary_that_the_user_names_is_lent_by_that_name(
    lending: Shelf, spaces: FakeSpaces, words: Path
) -> None:
    plain = OpenVocabulary(HubConfig("clip", words, device="cpu"))
    crops, names = patches(), ("red", "blue")
    asked = lending.get(ClassifierChoice("Manual CLIP or SigLIP", CLIP, names=names))
    expected = plain.asked(names, "a photo of {}").score(crops)
    assert asked.score(crops) == [pytest.approx(each, abs=1e-6) for each in expected]
    key, _, _ = spaces.calls[0]
    assert (key.name, key.repo_id, key.folder) == ("Manual CLIP or SigLIP", CLIP, "")
    assert len(key.revision) == 40


def test_an_open_vocabulary_of_the_deployments_own_folder_is_lent_from_there(
    monkeypatch: pytest.MonkeyPatch, spaces: FakeSpaces, words: Path
) -> None:
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    shelf = Shelf(Settings(models_dir=words.parent, manual_models=False))
    asked = shelf.get(ClassifierChoice("Manual CLIP or SigLIP", words.name, names=("red", "blue")))
    assert [set(each) for each in asked.score(patches()[:1])] == [{"red", "blue"}]
    key, _, _ = spaces.calls[0]
    assert (key.revision, key.folder) == ("", str(words.resolve()))


def test_a_vocabularys_files_are_there_before_a_gpu_is_asked_for(
    lending: Shelf, spaces: FakeSpaces, words: Path
) -> None:
    told: list[tuple[int, int]] = []
    asked: Any = lending.get(ClassifierChoice(CLIP, names=("red",)))
    asked.load(lambda *step: told.append(step))
    size = sum(path.stat().st_size for path in words.iterdir())
    assert told[-1] == (size, size)
    assert spaces.calls == []


def test_words_are_read_on_the_cpu_whatever_device_is_chosen(
    lending: Shelf, spaces: FakeSpaces, words: Path
) -> None:
    for device in ("auto", "gpu", "cpu"):
        asked: Any = lending.get(ClassifierChoice(CLIP, device=device, names=("red",)))
        asked.score(patches())
        assert asked.vocabulary.config.device == "cpu"
    assert len(spaces.calls) == 1


def test_a_gpu_that_cannot_be_had_is_said_and_asked_for_again(
    lending: Shelf, spaces: FakeSpaces, words: Path
) -> None:
    spaces.refusal = "No GPU was available after 60s."
    asked = lending.get(ClassifierChoice(CLIP, names=("red", "blue")))
    with pytest.raises(ClassifierError) as refused:
        asked.score(patches())
    assert str(refused.value) == (
        "this Space's GPU could not be had: No GPU was available after 60s"
    )
    spaces.refusal = ""
    assert asked.score(patches())[0]["red"] > 0.8
