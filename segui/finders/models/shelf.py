"""Finders from the hub by their names, kept loaded for all sessions beside classifiers."""

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, Protocol

from segui.errors import ClassifierError, InputError, shown
from segui.finders.models.fetched import FinderConfig
from segui.finders.models.hub import HubFinder
from segui.models.files import check_allowed, check_revision, local_folder
from segui.models.finder_catalogue import (
    EDGE_CATALOGUE,
    FINDER_CATALOGUE,
    OWN_MODEL,
    finder_entry,
    finder_needs,
    parted_name,
)
from segui.options import option_values
from segui.settings import Settings


def check_name(name: str) -> None:
    """Refuse what is no finder's name.

    Args:
        name: A way's, a catalogue's, or a repo id, which has a stroke in it; a model's perhaps
            with ``@`` and a branch, tag or commit.

    Raises:
        InputError: It is none.
    """
    ways = [each for each in option_values("finder") if each and each != OWN_MODEL]
    known = [*ways, *(entry.name for entry in FINDER_CATALOGUE)]
    plain, revision = parted_name(name)
    check_revision(revision)
    if plain not in known and "/" not in name:
        raise InputError(
            f"finder is {shown(name)}: expected one of {', '.join(map(repr, known))}, or the repo "
            f"id of a model such as {FINDER_CATALOGUE[0].repo_id!r}"
        )


def check_outliner(name: str) -> None:
    """Refuse what is no name of a model that could cut out what is in boxes.

    Args:
        name: A catalogue's, or a repo id; empty is none.

    Raises:
        InputError: It is none.
    """
    plain, revision = parted_name(name)
    check_revision(revision)
    if name and "/" not in name and finder_needs(plain) != "marks":
        known = [repr(entry.name) for entry in FINDER_CATALOGUE if entry.needs == "marks"]
        raise InputError(
            f"outlined_by is {shown(name)}: expected one of {', '.join(known)}, or the repo id of "
            "a model that is clicked at"
        )


def check_softener(name: str) -> None:
    """Refuse what is no name of a model that could soften edges.

    Args:
        name: A catalogue's, or a repo id; empty is none.

    Raises:
        InputError: It is none.
    """
    plain, revision = parted_name(name)
    check_revision(revision)
    known = [entry.name for entry in EDGE_CATALOGUE]
    if name and "/" not in name and plain not in known:
        raise InputError(
            f"edges_by is {shown(name)}: expected one of {', '.join(map(repr, known))}, or the "
            f"repo id of a model such as {EDGE_CATALOGUE[0].repo_id!r}"
        )


class Keeping(Protocol):
    """Keeps models within a budget, as ``segui.classifiers.model_cache.ModelCache`` does."""

    def keep(self, key: Hashable, make: Callable[[Callable[[], None]], Any]) -> Any:
        """What a key is for, made at the first need; given what it is to call once loaded."""
        ...

    def device_for(self, wish: str) -> str:
        """Where a model runs: ``auto``, ``gpu`` or ``cpu``."""
        ...

    def lent(self, finder: Any, make_room: Callable[[], None]) -> Any:
        """A model as it is asked where a GPU is lent; elsewhere it stays what it is."""
        ...

    def kept(self) -> Sequence[Any]:
        """Those that are kept, loaded or not, the one that was used last first."""
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
            name: A catalogue's name or a repo id, both perhaps with ``@`` and a branch, tag or
                commit; or a folder below the models folder.

        Raises:
            InputError: The name is none.
            ClassifierError: The folder is not there, or not allowed.
        """
        entry, (plain, revision) = finder_entry(name), parted_name(name)
        folder = None if entry is not None else _allowed_folder(name, self._settings)
        if folder is not None:
            repo_id, revision = name, None
        else:
            repo_id = plain if entry is None else entry.repo_id
            revision = revision or (entry.revision if entry is not None else None)
            limited, allowed = not self._settings.manual_models, self._settings.allowed_models
            check_allowed(repo_id, allowed, revision or "", limited=limited)
        device, keeping = self._settings.device, self._keeping
        if keeping is not None:
            device = keeping.device_for(device)
        config = FinderConfig(repo_id, folder, device, revision, self._settings.max_model_mb)
        if keeping is None:
            return HubFinder(config)

        def make(make_room: Callable[[], None]) -> Any:
            return keeping.lent(HubFinder(config, make_room), make_room)

        finder: HubFinder = keeping.keep(("finder", config), make)
        return finder

    def outliner(self, name: str) -> HubFinder | None:
        """What cuts out what another model has found in boxes; None where nothing is at hand.

        Args:
            name: A model that is clicked at; empty is one that is loaded.

        Raises:
            InputError: The name is none.
            ClassifierError: The folder is not there, or not allowed.
        """
        if name:
            return self.get(name)
        kept = () if self._keeping is None else self._keeping.kept()
        loaded = (one for one in kept if isinstance(one, HubFinder) and one.needs == "marks")
        return next(loaded, None)


def _allowed_folder(name: str, settings: Settings) -> Path | None:
    """The folder below the models folder that a name means; None where it is a repo's."""
    check_name(name)
    top, (plain, revision) = settings.models_dir, parted_name(name)
    folder = local_folder(plain, models_dir=top, allow_local=top is not None)
    if folder is not None and revision is not None:
        raise InputError(f"{shown(plain)} is a folder: it has no revision {shown(revision)}")
    if folder is None and not settings.manual_models:
        raise ClassifierError(
            "models of one's own choice are off here: pick one of the list, or ask whoever runs "
            "this page to set SEGUI_MANUAL_MODELS"
        )
    return folder
