"""Classifiers that are kept loaded for all sessions, the last few asked for."""

from collections import OrderedDict
from threading import Lock

from segui.classifiers.base import Classifier
from segui.classifiers.catalogue import make_classifier
from segui.settings import Settings
from segui.ui.choices import ClassifierChoice

KEPT = 2  # each one holds a model's weights


class Shelf:
    """Gives the same classifier for the same choice, so that a model is loaded once.

    Args:
        settings: Where local models may lie.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
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
                self._kept[key] = make_classifier(
                    key.name,
                    repo_id=key.repo_id,
                    device=key.device,
                    models_dir=self._settings.models_dir,
                )
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]
