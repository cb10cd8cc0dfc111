"""A finder's files from the hub or a folder, checked as far as that goes without loading them."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segui.errors import ClassifierError
from segui.models import fetch
from segui.models import files as model_files
from segui.models.loading import Progress
from segui.models.lone_files import yunet_file
from segui.models.model_bytes import TOKENIZER_FILES

if TYPE_CHECKING:
    from segui.finders.models.families import Family


@dataclass(frozen=True)
class FinderConfig:
    """Which model, and how it is run.

    Args:
        name: A repo id on the hub, or a folder.
        folder: The folder where it is a local model, else None.
        device: ``auto``, ``gpu`` or ``cpu``.
        revision: Branch, tag or commit of the repo; None is its main branch.
        max_mb: Most MB that are fetched; None is no limit.
    """

    name: str
    folder: Path | None = None
    device: str = "auto"
    revision: str | None = None
    max_mb: float | None = None

    def __post_init__(self) -> None:
        """Check what stands in a place of the cache."""
        model_files.check_revision(self.revision)


@dataclass(frozen=True, eq=False)
class Files:
    """A model's files that are here, checked as far as that goes without loading them.

    Args:
        folder: Where they are.
        family: Of which family the model is.
        described: Its config.
        revision: The commit that was fetched; None of a local folder.
        alone: The one file that is the model, where it has no config.
    """

    folder: Path
    family: "Family"
    described: Any
    revision: str | None
    alone: str = ""


def fetched(config: FinderConfig, progress: Progress) -> Files:
    """Have a model's files here; what is wrong by its config is said before weights are fetched.

    Args:
        config: Which model.
        progress: Told how many bytes of how many are here.

    Raises:
        ClassifierError: They cannot be had, or are no finder's.
    """
    name = config.name
    folder = config.folder or fetch.fetch_model(
        name,
        config.revision,
        max_mb=config.max_mb,
        progress=progress,
        check=partial(_read_family, name=name),
        extras=TOKENIZER_FILES,
        lone=yunet_file,
    )
    revision = None if config.folder else fetch.commit_of(folder)
    alone = fetch.lone_file(folder, yunet_file)
    if alone is not None:
        return Files(folder, _family_of_faces(), None, revision, alone)
    model_files.check_folder(folder, name)
    return Files(folder, *_read_family(folder, name), revision)


def _family_of_faces() -> "Family":
    from segui.finders.models.families import FACES

    return FACES


def _read_family(folder: Path, name: str) -> "tuple[Family, Any]":
    """Of which family a model is, and its config.

    Raises:
        ClassifierError: It is of none, or broken.
    """
    from segui.finders.models.families import family_of
    from segui.models.reading import read_config

    described = read_config(folder, name)
    content = model_files.read_json_file(folder / model_files.CONFIG, name)
    named = content.get("architectures")
    saved_as = (
        tuple(one for one in named if isinstance(one, str)) if isinstance(named, list) else ()
    )
    family = family_of(described.model_type, saved_as)
    if family is None:
        what = saved_as[0] if saved_as else described.model_type
        raise ClassifierError(
            f"{name!r} does not find areas: it is a {what}, expected a model that detects, "
            "segments, cuts out what is clicked or finds by words"
        )
    return family, described
