import gc
import weakref
from collections.abc import Sequence
from typing import Any

import pytest

from segui.classifiers import model_cache, named
from segui.classifiers.base import Crop, Scores
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.colour import ColourNames
from segui.classifiers.memory import CachedClassifier, ScoreCache
from segui.classifiers.model_cache import KEPT, ModelCache
from segui.errors import InputError
from segui.settings import Settings
from tests.classifiers.test_memory import crop

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
    make = named.make_classifier

    def make_model(name: str, **options: Any) -> Any:
        return Model(options["repo_id"]) if name == MANUAL else make(name, **options)

    monkeypatch.setattr(named, "make_classifier", make_model)


def choice(repo_id: str, device: str = "auto") -> ClassifierChoice:
    return ClassifierChoice(MANUAL, repo_id, device)


def loaded(models: ModelCache, repo_id: str) -> "weakref.ref[Weights]":
    """Have a model loaded; what tells whether its weights are still in memory."""
    classifier: Any = models.get(choice(repo_id))
    classifier.load()
    return weakref.ref(classifier.weights)


def alive(models: Sequence["weakref.ref[Weights]"]) -> list[bool]:
    return [model() is not None for model in models]


def test_the_same_choice_is_the_same_classifier() -> None:
    models = ModelCache(Settings())
    assert models.get(choice("org/one")) is models.get(choice(" org/one "))
    assert models.get(choice("org/one")) is not models.get(choice("org/two"))


def test_without_a_gpu_every_device_is_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    models = ModelCache(Settings(), models_mb=10)
    cpu: Any = models.get(choice("org/1", "cpu"))
    assert models.get(choice("org/1")) is cpu
    wished: Any = models.get(choice("org/1", "gpu"))
    assert wished.classifier is cpu.classifier
    assert cpu.notes == ()
    assert wished.notes == ("There is no GPU here: the classifier runs on the CPU.",)


def test_with_a_gpu_it_is_another_model_on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    models = ModelCache(Settings())
    assert models.get(choice("org/1")) is models.get(choice("org/1", "gpu"))
    cpu: Any = models.get(choice("org/1", "cpu"))
    auto: Any = models.get(choice("org/1"))
    assert cpu.classifier is not auto.classifier


def test_a_start_with_a_classifier_that_is_none_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        ModelCache(Settings(classifier="google/vit"))
    sentence = str(caught.value)
    assert sentence.startswith("SEGUI_CLASSIFIER is 'google/vit': expected one of 'Colour names', ")
    assert sentence.endswith(", 'Manual repo id'")


def test_what_is_built_in_answers_by_itself() -> None:
    assert isinstance(ModelCache(Settings()).get(ClassifierChoice("Colour names")), ColourNames)


@pytest.mark.long
def test_the_last_used_models_stay_within_the_budget() -> None:
    models = ModelCache(Settings(), models_mb=25)
    one, two = loaded(models, "org/1"), loaded(models, "org/2")
    assert alive([one, two]) == [True, True]
    loaded(models, "org/1")
    three = loaded(models, "org/3")
    assert alive([one, two, three]) == [True, False, True]
    four = loaded(models, "org/4")
    assert alive([one, three, four]) == [False, True, True]


@pytest.mark.long
def test_a_model_larger_than_the_budget_stays_until_the_next() -> None:
    models = ModelCache(Settings(), models_mb=5)
    one = loaded(models, "org/1")
    assert alive([one]) == [True]
    models.get(choice("org/2"))
    assert alive([one]) == [True]
    two = loaded(models, "org/2")
    assert alive([one, two]) == [False, True]


@pytest.mark.long
def test_a_model_in_use_is_freed_when_its_user_is_done() -> None:
    models = ModelCache(Settings(), models_mb=15)
    used = models.get(choice("org/1"))
    one = loaded(models, "org/1")
    loaded(models, "org/2")
    assert alive([one]) == [True]
    assert used.score([crop(1)]) == [{"org/1": 0.5}]
    del used
    gc.collect()
    assert alive([one]) == [False]


@pytest.mark.long
def test_being_asked_is_use() -> None:
    models = ModelCache(Settings(), models_mb=25)
    first = models.get(choice("org/1"))
    one, two = loaded(models, "org/1"), loaded(models, "org/2")
    first.score([crop(1)])
    del first
    loaded(models, "org/3")
    assert alive([one, two]) == [True, False]


def test_names_that_were_asked_for_long_ago_are_forgotten() -> None:
    models = ModelCache(Settings())
    first = models.get(choice("org/one"))
    for number in range(KEPT):
        models.get(choice(f"org/other{number}"))
    assert models.get(choice("org/one")) is not first


@pytest.mark.long
def test_a_model_whose_name_is_forgotten_is_freed() -> None:
    models = ModelCache(Settings(), models_mb=1000)
    one = loaded(models, "org/1")
    for number in range(KEPT):
        models.get(choice(f"org/other{number}"))
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

    monkeypatch.setattr(model_cache, "make_vocabulary", make)
    return made


def loaded_words(models: ModelCache, revision: str, names: Sequence[str]) -> "weakref.ref[Weights]":
    asked: Any = models.get(ClassifierChoice(CLIP, names=tuple(names), revision=revision))
    asked.load()
    return weakref.ref(asked.vocabulary.model.weights)


@pytest.mark.long
def test_a_vocabulary_counts_though_all_its_lists_are_forgotten(
    vocabularies: list["weakref.ref[Words]"],
) -> None:
    models = ModelCache(Settings(), models_mb=25)
    first = loaded_words(models, "a", ["red"])
    second = loaded_words(models, "b", ["red"])
    for number in range(KEPT + 1):
        models.get(ClassifierChoice(CLIP, names=(f"word {number}",), revision="b"))
    third = loaded_words(models, "c", ["red"])
    assert alive([first, second, third]) == [False, True, True]
    assert len(vocabularies) == 3
    fourth = loaded(models, "org/1")
    assert alive([second, third, fourth]) == [False, True, True]


def test_lists_of_one_vocabulary_are_one_model_in_the_budget(
    vocabularies: list["weakref.ref[Words]"],
) -> None:
    models = ModelCache(Settings(), models_mb=25)
    one = loaded(models, "org/1")
    words = [loaded_words(models, "a", [f"word {number}"]) for number in range(5)]
    assert alive([one, *words]) == [True] * 6
    assert len(vocabularies) == 1


@pytest.mark.long
def test_a_vocabulary_of_each_revision_is_kept_within_a_number(
    vocabularies: list["weakref.ref[Words]"],
) -> None:
    models = ModelCache(Settings(), models_mb=1e6)
    for number in range(KEPT + 6):
        loaded_words(models, f"{number}", ["red"])
    gc.collect()
    assert [made() is not None for made in vocabularies] == [False] * 6 + [True] * KEPT


@pytest.mark.long
def test_scores_outlive_their_model_and_are_the_same_on_each_device() -> None:
    models = ModelCache(Settings(), models_mb=5)
    models.get(choice("org/1")).score([crop(1)])
    loaded(models, "org/2")
    again: Any = models.get(choice("org/1"))
    cpu: Any = models.get(choice("org/1", "cpu"))
    assert again.score([crop(1)]) == cpu.score([crop(1)]) == [{"org/1": 0.5}]
    assert (again.asked, cpu.asked) == (0, 0)


def test_two_caches_can_share_their_scores() -> None:
    scores = ScoreCache()
    ModelCache(Settings(), scores=scores).get(choice("org/1")).score([crop(1)])
    other: Any = ModelCache(Settings(), scores=scores).get(choice("org/1"))
    other.score([crop(1)])
    assert isinstance(other, CachedClassifier)
    assert other.asked == 0


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        ModelCache(Settings(), models_mb=0)
    assert str(caught.value) == "models_mb is 0: expected a number above 0"
