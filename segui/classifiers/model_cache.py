"""Classifiers that are kept loaded for all sessions, and their scores."""

import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from segui.classifiers.base import Classifier
from segui.classifiers.catalogue import CATALOGUE
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.making import make_vocabulary
from segui.classifiers.memory import CachedClassifier, ScoreCache
from segui.classifiers.named import Deployment, allowed_folder, make_named
from segui.errors import InputError

if TYPE_CHECKING:
    from segui.classifiers.open_vocabulary import OpenVocabulary

KEPT = 64  # names that somebody once asked for; what is not loaded takes next to nothing
MODELS_MB = 4000.0


class Lending(Protocol):
    """Turns models into such that are asked in another process, where a GPU is lent."""

    def classifier(self, choice: ClassifierChoice, here: Classifier) -> Classifier:
        """A classifier that scores there, if it is one that runs a model.

        Args:
            choice: Which one.
            here: The same one in this process.
        """

    def vocabulary(
        self, choice: ClassifierChoice, folder: Path | None, max_mb: float | None
    ) -> "OpenVocabulary":
        """An open vocabulary whose crops are looked at there.

        Args:
            choice: Which one.
            folder: The folder of a local model; None of one from the hub.
            max_mb: Most MB that are fetched for it.
        """

    def finder(self, here: Any, make_room: Callable[[], None]) -> Any:
        """A model that finds there.

        Args:
            here: The same one in this process.
            make_room: Called when it is loaded here, before it is used.
        """


class CacheKey(NamedTuple):
    """What tells classifiers apart.

    Args:
        choice: Which one, on the device that is there for it.
        notes: What there is to say about that.
    """

    choice: ClassifierChoice
    notes: tuple[str, ...] = ()


class ModelCache:
    """Gives the same classifier for the same choice, so that a model is loaded once.

    Models are kept by least recent use within their budget, and so are their names within a number.
    One that has to go is freed as soon as nobody works with it any more; its scores stay. An open
    vocabulary is one model, whatever it is asked for.

    Args:
        settings: Where local models may lie, and which ones are allowed.
        models_mb: What the weights of all models may take in memory, MB; the one that was used
            last stays though it is larger.
        scores: What models said, for all sessions; None is a new one.
        lending: Where a GPU is lent, what asks for one: make it before the page is served. None is
            anywhere else.

    Raises:
        InputError: ``models_mb`` is not above 0, or the settings' classifier is none of those there
            are.
    """

    def __init__(
        self,
        settings: Deployment,
        *,
        models_mb: float = MODELS_MB,
        scores: ScoreCache | None = None,
        lending: Lending | None = None,
    ) -> None:
        if not models_mb > 0:
            raise InputError(f"models_mb is {models_mb}: expected a number above 0")
        check_default(settings)
        self._settings = settings
        self._budget_bytes = models_mb * 1e6
        self._scores = ScoreCache() if scores is None else scores
        self._lock = Lock()
        # both by least recent use; what is forgotten of models is forgotten of classifiers as well
        self._models: OrderedDict[Hashable, Any] = OrderedDict()
        self._kept: OrderedDict[CacheKey, Classifier] = OrderedDict()
        self._lending = lending

    def get(self, choice: ClassifierChoice) -> Classifier:
        """The classifier of a choice; nothing is downloaded or loaded yet.

        Raises:
            InputError: A repo id is missing, or is none.
            ClassifierError: A local folder is not there, or not allowed.
        """
        key = self._key(choice)
        with self._lock:
            model = self._model(key.choice)
            if key not in self._kept:
                self._kept[key] = self._made(key, model)
            self._kept.move_to_end(key)
            classifier = self._kept[key]
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            was_loaded = self._forget(list(self._models)[:-KEPT])
        if was_loaded:
            gc.collect()  # a model's parts may hold each other
        return classifier

    def keep(self, key: Hashable, make: Callable[[Callable[[], None]], Any]) -> Any:
        """Another model, such as a finder's, that shares the budget with classifiers'.

        Args:
            key: What tells it from all others.
            make: Makes it, with ``size_bytes``; given what it is to call once it is loaded.
        """
        with self._lock:
            if key not in self._models:
                self._models[key] = make(partial(self._make_room, key))
            self._models.move_to_end(key)
            model = self._models[key]
            was_loaded = self._forget(list(self._models)[:-KEPT])
        if was_loaded:
            gc.collect()
        return model

    def lent(self, finder: Any, make_room: Callable[[], None]) -> Any:
        """A model that finds, as it is asked where a GPU is lent; elsewhere it stays what it is.

        Args:
            finder: The model in this process, not loaded yet.
            make_room: What it is to call once it is loaded.
        """
        return finder if self._lending is None else self._lending.finder(finder, make_room)

    def kept(self) -> tuple[Any, ...]:
        """All models that are kept, loaded or not, the one that was used last first."""
        with self._lock:
            return tuple(reversed(self._models.values()))

    def device_for(self, wish: str) -> str:
        """Where another model runs: a CPU, where a GPU is lent to classifiers.

        Args:
            wish: ``auto``, ``gpu`` or ``cpu``.
        """
        return wish if self._lending is None else "cpu"

    def _key(self, choice: ClassifierChoice) -> CacheKey:
        plain = choice.model_key
        if plain.is_built_in:
            return CacheKey(plain)
        if self._lending is not None:  # where a GPU is lent, the device is not a choice
            return CacheKey(replace(plain, device="auto"))
        # it imports torch, which any model needs
        from segui.models.running import pick_device

        device, notes = pick_device(plain.device)
        return CacheKey(replace(plain, device="cpu" if device == "cpu" else "gpu"), notes)

    def _model(self, choice: ClassifierChoice) -> Any:
        """The model behind a choice, which is the one that was used last from now on."""
        name = model_of(choice)
        if name not in self._models:
            self._models[name] = self._make_model(name)
        self._models.move_to_end(name)
        return self._models[name]

    def _make_model(self, name: ClassifierChoice) -> Any:
        folder = allowed_folder(name, self._settings)
        max_mb, revision = self._settings.max_model_mb, name.revision or None
        if name.is_open:
            if self._lending is not None:
                return self._lending.vocabulary(name, folder, max_mb)
            return make_vocabulary(
                name.name,
                repo_id=name.repo_id,
                folder=folder,
                device=name.device,
                revision=revision,
                max_mb=max_mb,
            )
        here = make_named(
            name.name, name.repo_id, folder, device=name.device, revision=revision, max_mb=max_mb
        )
        return here if self._lending is None else self._lending.classifier(name, here)

    def _made(self, key: CacheKey, model: Any) -> Classifier:
        """The classifier with the memory of all sessions, if it is one that can be told apart."""
        choice = key.choice
        classifier: Classifier = (
            model.asked(choice.names, choice.template) if choice.is_open else model
        )
        if not hasattr(classifier, "identity"):
            return classifier
        make_room = partial(self._make_room, model_of(choice))
        return CachedClassifier(classifier, self._scores, make_room, key.notes)

    def _make_room(self, name: Hashable) -> None:
        """A model is loaded and about to be used: free those that there is no room for."""
        with self._lock:
            if name in self._models:
                self._models.move_to_end(name)
            sizes = {other: _size_bytes(model) for other, model in self._models.items()}
            too_much = sum(sizes.values()) - self._budget_bytes
            dropped = []
            for other in [other for other, size in sizes.items() if size and other != name]:
                if too_much <= 0:
                    break
                dropped.append(other)
                too_much -= sizes[other]
            was_loaded = self._forget(dropped)
        if was_loaded:
            gc.collect()

    def _forget(self, names: Iterable[Hashable]) -> bool:
        """Keep models no longer, nor what asks them; whether there were weights among them."""
        models = {name: self._models.pop(name) for name in names}
        for key in [key for key in self._kept if model_of(key.choice) in models]:
            del self._kept[key]
        return any(_size_bytes(model) for model in models.values())


def model_of(choice: ClassifierChoice) -> ClassifierChoice:
    """The name of the model behind a choice: an open vocabulary's lists share one."""
    return replace(choice, names=(), template="{}") if choice.is_open else choice


def check_default(settings: Deployment) -> None:
    """See that a visitor can start with the classifier that the settings name.

    Raises:
        InputError: There is none of this name; the sentence lists those there are.
    """
    names = [entry.name for entry in CATALOGUE]
    if settings.classifier not in names:
        known = ", ".join(map(repr, names))
        raise InputError(f"SEGUI_CLASSIFIER is {settings.classifier!r}: expected one of {known}")


def _size_bytes(model: Any) -> int:
    return int(getattr(model, "size_bytes", 0))
