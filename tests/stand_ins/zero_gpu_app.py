"""The app with every model asked where the GPU is, as on a Space with ZeroGPU."""

import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

import app
from segui.classifiers.base import Classifier
from segui.ui import shelf
from segui.ui.zero_gpu import LentClassifier, fetching, scoring_on_gpu

make_classifier = shelf.make_classifier


class Key(NamedTuple):
    """A classifier's names, as plain text."""

    name: str
    repo_id: str


def make(key: Key) -> Classifier:
    models = Path(os.environ["SEGUI_MODELS_DIR"])
    return make_classifier(key.name, repo_id=key.repo_id, models_dir=models)


score = scoring_on_gpu(make)


def lend(name: str, **options: Any) -> Classifier:
    here = make_classifier(name, **options)
    if not hasattr(here, "config"):
        return here
    return LentClassifier(Key(name, options["repo_id"]), here, score, fetching(here.config))


if __name__ == "__main__":
    shelf.make_classifier = lend
    app.main()
