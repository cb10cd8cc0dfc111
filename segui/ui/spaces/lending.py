"""Models that are asked where ZeroGPU lends a GPU; elsewhere nothing of this is imported."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from segui.classifiers.base import Classifier
from segui.classifiers.choice import ClassifierChoice
from segui.classifiers.making import find_entry, make_vocabulary
from segui.classifiers.named import make_named
from segui.errors import ClassifierError
from segui.settings import Settings

if TYPE_CHECKING:
    from segui.classifiers.open_vocabulary import OpenVocabulary
    from segui.finders.models.hub import HubFinder
    from segui.ui.spaces.finding_there import LentFinderModel


class LentModel(NamedTuple):
    """A model's names, as plain text for another process.

    Args:
        name: The catalogue's name.
        repo_id: What the user calls it, where the user names it.
        revision: The commit whose files are here; empty of a local folder.
        folder: The folder of a local model; empty where there is none.
    """

    name: str
    repo_id: str
    revision: str = ""
    folder: str = ""


def is_wanted() -> bool:
    """Whether a GPU is lent here."""
    if not os.environ.get("SPACES_ZERO_GPU"):
        return False
    from segui.ui.spaces.zero_gpu import is_zero_gpu

    return is_zero_gpu()


def lending_of(settings: Settings) -> "GpuLending | None":
    """What a model cache is given: None where no GPU is lent.

    A function that asks for a GPU must be there before the page is served.

    Args:
        settings: For the largest model that is fetched.
    """
    return GpuLending(settings) if is_wanted() else None


class GpuLending:
    """Turns models into such that are asked where the GPU is, as a ``ModelCache`` wants it.

    Args:
        settings: For the largest model that is fetched.
    """

    def __init__(self, settings: Settings) -> None:
        from segui.ui.spaces.finding_there import finding_on_gpu
        from segui.ui.spaces.zero_gpu import Judge, looking, on_gpu, scoring

        def make_there(key: LentModel) -> Judge:
            how: dict[str, Any] = {
                "device": "auto",
                "revision": key.revision or None,
                "max_mb": settings.max_model_mb,
            }
            folder = Path(key.folder) if key.folder else None
            if find_entry(key.name).kind == "open vocabulary":
                named: dict[str, Any] = {"repo_id": key.repo_id, "folder": folder}
                return looking(make_vocabulary(key.name, **named, **how))
            return scoring(make_named(key.name, key.repo_id, folder, **how))

        self._ask = on_gpu(make_there)
        self._find = finding_on_gpu(partial(_finder_there, settings.max_model_mb))

    def classifier(self, choice: ClassifierChoice, here: Classifier) -> Classifier:
        """A classifier that scores there, if it is one that runs a model.

        Args:
            choice: Which one.
            here: The same one in this process.
        """
        from segui.ui.spaces.lent import LentClassifier, fetching

        config = getattr(here, "config", None)
        if config is None:
            return here
        folder = "" if config.folder is None else str(config.folder)

        def key_at(commit: str | None) -> LentModel:
            return LentModel(choice.name, choice.repo_id, commit or "", folder)

        return LentClassifier(key_at, here, self._ask, fetching(config))

    def finder(self, here: "HubFinder", make_room: Callable[[], None]) -> "HubFinder":
        """A model that finds there.

        Args:
            here: The same one in this process.
            make_room: Called when it is loaded here, before it is used.
        """
        from segui.ui.spaces.lent_finder import LentFinder

        return LentFinder(here.config, make_room, self._find)

    def vocabulary(
        self, choice: ClassifierChoice, folder: Path | None, max_mb: float | None
    ) -> "OpenVocabulary":
        """An open vocabulary whose crops are looked at there.

        It reads texts here, on the CPU: that takes less time than waiting for a GPU does.

        Args:
            choice: Which one.
            folder: The folder of a local model.
            max_mb: Most MB that are fetched for it.
        """
        from segui.ui.spaces.lent import LentLooker

        def key_at(commit: str | None) -> LentModel:
            local = "" if folder is None else str(folder)
            return LentModel(choice.name, choice.repo_id, commit or choice.revision, local)

        return make_vocabulary(
            choice.name,
            repo_id=choice.repo_id,
            folder=folder,
            device="cpu",
            revision=choice.revision or None,
            max_mb=max_mb,
            looker=LentLooker(key_at, self._ask),
        )


def _finder_there(max_mb: float | None, key: "LentFinderModel") -> "HubFinder":
    """The finder of a key, where the GPU is."""
    from segui.finders.models.fetched import FinderConfig
    from segui.finders.models.hub import HubFinder

    folder = Path(key.folder) if key.folder else _fetched_folder(key)
    return HubFinder(FinderConfig(key.repo_id, folder, "auto", key.revision or None, max_mb))


def _fetched_folder(key: "LentFinderModel") -> Path | None:
    """Where the files are that were fetched before: the hub is not asked while a GPU waits.

    None where they are not, as in a process with another disk: there they are fetched.
    """
    from segui.models.fetch import cached_folder
    from segui.models.files import check_folder

    folder = cached_folder(key.repo_id, key.revision or None)
    if folder is None:
        return None
    try:
        check_folder(folder, key.repo_id)
    except ClassifierError:
        return None
    return folder
