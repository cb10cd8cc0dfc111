"""Classifiers that are kept loaded for all sessions, and what they said."""

import gc
from collections import OrderedDict
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from segui.classifiers.base import Classifier
from segui.classifiers.catalogue import (
    MANUAL,
    find_entry,
    make_classifier,
    make_vocabulary,
)
from segui.classifiers.memory import CachedClassifier, ScoreCache
from segui.classifiers.model_files import check_allowed
from segui.errors import ClassifierError, InputError
from segui.settings import Settings
from segui.ui.choices import ClassifierChoice
from segui.ui.lending import Lending, is_wanted

if TYPE_CHECKING:
    from segui.classifiers.open_vocabulary import OpenVocabulary

KEPT = 64  # names that somebody once asked for; what is not loaded takes next to nothing
MODELS_MB = 4000.0


class Shelf:
    """Gives the same classifier for the same choice, so that a model is loaded once.

    Models are kept by least recent use within their budget. One that has to go is freed as soon as
    nobody works with it any more; its scores stay.

    Args:
        settings: Where local models may lie.
        models_mb: What the weights of all models may take in memory, MB; the one that was used
            last stays though it is larger.
        scores: What models said, for all sessions; None is a new one.

    Raises:
        InputError: ``models_mb`` is not above 0.
    """

    def __init__(
        self, settings: Settings, *, models_mb: float = MODELS_MB, scores: ScoreCache | None = None
    ) -> None:
        if not models_mb > 0:
            raise InputError(f"models_mb is {models_mb}: expected a number above 0")
        self._settings = settings
        self._budget_bytes = models_mb * 1e6
        self._scores = ScoreCache() if scores is None else scores
        self._lock = Lock()
        self._kept: OrderedDict[ClassifierChoice, Classifier] = OrderedDict()
        self._vocabularies: dict[ClassifierChoice, OpenVocabulary] = {}
        # a function that asks for a GPU must be there before the page is served
        self._lending = Lending(settings) if is_wanted() else None

    def get(self, choice: ClassifierChoice) -> Classifier:
        """The classifier of a choice; nothing is downloaded or loaded yet.

        Raises:
            InputError: A repo id is missing.
            ClassifierError: A local folder is not there, or not allowed.
        """
        key = self._key(choice)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._remembering(key, self._make(key))
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]

    def _key(self, choice: ClassifierChoice) -> ClassifierChoice:
        """What tells classifiers apart: where a GPU is lent, the device is not a choice."""
        key = choice.model_key
        return key if self._lending is None else replace(key, device="auto")

    def _make(self, key: ClassifierChoice) -> Classifier:
        settings = self._settings
        repo_id = find_entry(key.name).repo_id or key.repo_id
        check_allowed_here(key, repo_id, settings)
        if key.is_open:
            return self._vocabulary(key).asked(key.names, key.template)
        here = make_classifier(
            key.name,
            repo_id=key.repo_id,
            device=key.device,
            models_dir=settings.models_dir,
            revision=key.revision or None,
            max_mb=settings.max_model_mb,
        )
        return here if self._lending is None else self._lending.classifier(key, here)

    def _vocabulary(self, key: ClassifierChoice) -> "OpenVocabulary":
        """One for all lists of names: it keeps what it saw."""
        plain = model_of(key)
        if plain not in self._vocabularies:
            self._vocabularies[plain] = self._make_vocabulary(key)
        return self._vocabularies[plain]

    def _make_vocabulary(self, key: ClassifierChoice) -> "OpenVocabulary":
        max_mb = self._settings.max_model_mb
        if self._lending is not None:
            return self._lending.vocabulary(key, max_mb)
        return make_vocabulary(
            key.name, device=key.device, revision=key.revision or None, max_mb=max_mb
        )

    def _remembering(self, key: ClassifierChoice, classifier: Classifier) -> Classifier:
        """The classifier with the memory of all sessions, if it is one that can be told apart."""
        if not hasattr(classifier, "identity"):
            return classifier
        return CachedClassifier(classifier, self._scores, partial(self._make_room, key))

    def _make_room(self, key: ClassifierChoice) -> None:
        """A model is loaded and about to be used: free those that there is no room for."""
        dropped = False
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            sizes = {
                other: int(getattr(classifier, "size_bytes", 0))
                for other, classifier in self._kept.items()
            }
            # an open vocabulary is one model, whatever it is asked for
            models = {model_of(other): size for other, size in sizes.items() if size}
            for model in [model for model in models if model != model_of(key)]:
                if sum(models.values()) <= self._budget_bytes:
                    break
                del models[model]
                self._vocabularies.pop(model, None)
                for other in [other for other in self._kept if model_of(other) == model]:
                    del self._kept[other]
                dropped = True
        if dropped:
            gc.collect()  # a model's parts may hold each other


def model_of(key: ClassifierChoice) -> ClassifierChoice:
    """The key of the model behind a classifier: an open vocabulary's lists share one."""
    return replace(key, names=(), template="{}") if key.is_open else key


def check_allowed_here(key: ClassifierChoice, repo_id: str, settings: Settings) -> None:
    """Refuse a model that this deployment does not want to load.

    Raises:
        ClassifierError: It is none of those allowed, or nobody may name one.
    """
    folder = settings.models_dir
    is_local = folder is not None and bool(repo_id) and (folder / repo_id).is_dir()
    if key.name == MANUAL and not settings.manual_models and not is_local:
        raise ClassifierError(
            "models of one's own choice are off here: pick one of the list, or ask whoever runs "
            "this page to set SEGUI_ALLOWED_MODELS"
        )
    if repo_id and settings.allowed_models and not is_local:
        check_allowed(repo_id, settings.allowed_models)
