"""Classifiers that are kept loaded for all sessions, and what they said."""

import gc
from collections import OrderedDict
from functools import partial
from threading import Lock

from segui.classifiers.base import Classifier
from segui.classifiers.catalogue import make_classifier
from segui.classifiers.memory import CachedClassifier, ScoreCache
from segui.errors import InputError
from segui.settings import Settings
from segui.ui.choices import ClassifierChoice

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

    def get(self, choice: ClassifierChoice) -> Classifier:
        """The classifier of a choice; nothing is downloaded or loaded yet.

        Raises:
            InputError: A repo id is missing.
            ClassifierError: A local folder is not there, or not allowed.
        """
        key = choice.key
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._remembering(key, self._make(key))
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]

    def _make(self, key: ClassifierChoice) -> Classifier:
        return make_classifier(
            key.name,
            repo_id=key.repo_id,
            device=key.device,
            models_dir=self._settings.models_dir,
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
            for other in [other for other, size in sizes.items() if size and other != key]:
                if sum(sizes.values()) <= self._budget_bytes:
                    break
                del self._kept[other], sizes[other]
                dropped = True
        if dropped:
            gc.collect()  # a model's parts may hold each other
