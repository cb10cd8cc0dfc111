"""Finders from the hub by their names, kept loaded for all sessions beside classifiers."""

from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from segui.errors import ClassifierError, InputError, shown
from segui.finders.models.hub import FinderConfig, HubFinder
from segui.models.files import check_allowed, local_folder
from segui.models.finder_catalogue import FINDER_CATALOGUE, OWN_MODEL, finder_entry
from segui.options import option_values
from segui.settings import Settings


def check_name(name: str) -> None:
    """Refuse what is no finder's name.

    Args:
        name: A way's, a catalogue's, or a repo id, which has a stroke in it.

    Raises:
        InputError: It is none.
    """
    ways = [each for each in option_values("finder") if each and each != OWN_MODEL]
    known = [*ways, *(entry.name for entry in FINDER_CATALOGUE)]
    if name not in known and "/" not in name:
        raise InputError(
            f"finder is {shown(name)}: expected one of {', '.join(map(repr, known))}, or the repo "
            f"id of a model such as {FINDER_CATALOGUE[0].repo_id!r}"
        )


class Keeping(Protocol):
    """Keeps models within a budget, as ``segui.classifiers.model_cache.ModelCache`` does."""

    def keep(self, key: Hashable, make: Callable[[Callable[[], None]], Any]) -> Any:
        """What a key is for, made at the first need; given what it is to call once loaded."""
        ...

    def device_for(self, wish: str) -> str:
        """Where a model runs: ``auto``, ``gpu`` or ``cpu``."""
        ...


class FinderShelf:
    """Gives the same finder for the same name, so that a model is loaded once.

    Args:
        settings: Where local models may lie, and which ones are allowed.
        keeping: Keeps them; None keeps none.
    """

    def __init__(self, settings: Settings, keeping: Keeping | None = None) -> None:
        self._settings = settings
        self._keeping = keeping

    def get(self, name: str) -> HubFinder:
        """The finder of a name; nothing is fetched or loaded yet.

        Args:
            name: A catalogue's name, a repo id, or a folder below the models folder.

        Raises:
            InputError: The name is none.
            ClassifierError: The folder is not there, or not allowed.
        """
        entry = finder_entry(name)
        repo_id, revision = (name, None) if entry is None else (entry.repo_id, entry.revision)
        folder = None if entry is not None else _allowed_folder(name, self._settings)
        if folder is None:
            limited = not self._settings.manual_models
            check_allowed(repo_id, self._settings.allowed_models, limited=limited)
        device, keeping = self._settings.device, self._keeping
        if keeping is not None:
            device = keeping.device_for(device)
        config = FinderConfig(repo_id, folder, device, revision, self._settings.max_model_mb)
        make = partial(HubFinder, config)
        finder: HubFinder = make() if keeping is None else keeping.keep(("finder", config), make)
        return finder


def _allowed_folder(name: str, settings: Settings) -> Path | None:
    """The folder below the models folder that a name means; None where it is a repo's."""
    check_name(name)
    top = settings.models_dir
    folder = local_folder(name, models_dir=top, allow_local=top is not None)
    if folder is None and not settings.manual_models:
        raise ClassifierError(
            "models of one's own choice are off here: pick one of the list, or ask whoever runs "
            "this page to set SEGUI_MANUAL_MODELS"
        )
    return folder
