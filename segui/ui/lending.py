"""Models that are asked where ZeroGPU lends a GPU; elsewhere nothing of this is imported."""

import os
from collections.abc import Callable
from typing import NamedTuple

from segui.classifiers.base import Classifier
from segui.classifiers.catalogue import make_classifier
from segui.settings import Settings
from segui.ui.choices import ClassifierChoice


class Key(NamedTuple):
    """A classifier's names, as plain text for another process."""

    name: str
    repo_id: str
    revision: str = ""


def is_wanted() -> bool:
    """Whether a GPU is lent here."""
    if not os.environ.get("SPACES_ZERO_GPU"):
        return False
    from segui.ui.zero_gpu import is_zero_gpu  # torch comes with it

    return is_zero_gpu()


def lending(settings: Settings) -> Callable[[ClassifierChoice, Classifier], Classifier]:
    """What turns a classifier into one that is asked where the GPU is.

    Args:
        settings: Where local models may lie.
    """
    from segui.ui.zero_gpu import LentClassifier, fetching, scoring_on_gpu

    def make_there(key: Key) -> Classifier:
        return make_classifier(
            key.name,
            repo_id=key.repo_id,
            device="auto",
            models_dir=settings.models_dir,
            revision=key.revision or None,
        )

    score = scoring_on_gpu(make_there)

    def lend(choice: ClassifierChoice, here: Classifier) -> Classifier:
        config = getattr(here, "config", None)
        if config is None:
            return here
        return LentClassifier(
            Key(choice.name, choice.repo_id, choice.revision), here, score, fetching(config)
        )

    return lend
