"""A repo's files from the hub, into huggingface_hub's cache; those that are needed, no others."""

from pathlib import Path
from typing import TYPE_CHECKING

from segui.classifiers import model_files
from segui.errors import ClassifierError

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo

_HUB_SECONDS = 10.0


def fetch_config(repo_id: str, revision: str | None = None) -> Path:
    """The folder of a repo's snapshot, with its config in it.

    Args:
        repo_id: The repo on the hub.
        revision: Branch, tag or commit; None is the main branch.

    Raises:
        ClassifierError: The hub refuses, or cannot be reached while there is no copy here.
    """
    info = _ask(repo_id, revision)
    if isinstance(info, Path):
        return info
    return _download(repo_id, model_files.CONFIG, info.sha).parent


def fetch_model(repo_id: str, revision: str | None = None) -> Path:
    """The folder of a repo's snapshot, with all that loading needs in it.

    What the hub lists is looked at before anything is fetched.

    Args:
        repo_id: The repo on the hub.
        revision: Branch, tag or commit; None is the main branch.

    Raises:
        ClassifierError: The hub refuses, or cannot be reached while there is no copy here; the
            repo has no config or no safetensors weights; a download broke off.
    """
    info = _ask(repo_id, revision)
    if isinstance(info, Path):
        if not any((info / file).exists() for file in (model_files.WEIGHTS, model_files.INDEX)):
            raise ClassifierError(
                f"{repo_id!r} is only partly on this machine and the hub cannot be reached"
            )
        return info
    listed = {file.rfilename for file in info.siblings or ()}
    wanted = [file for file in model_files.PROCESSORS if file in listed]
    if model_files.WEIGHTS in listed:
        wanted.append(model_files.WEIGHTS)
    elif model_files.INDEX in listed:
        index = _download(repo_id, model_files.INDEX, info.sha)
        wanted += model_files.shards(index, repo_id)
    else:
        raise model_files.no_safetensors(repo_id, listed)
    folder = _download(repo_id, model_files.CONFIG, info.sha).parent
    for file in wanted:
        _download(repo_id, file, info.sha)
    return folder


def cached_folder(repo_id: str, revision: str | None = None) -> Path | None:
    """The folder of a repo's snapshot when an earlier fetch left one; asks no network."""
    from huggingface_hub import try_to_load_from_cache

    path = try_to_load_from_cache(repo_id, model_files.CONFIG, revision=revision)
    return Path(path).parent if isinstance(path, str) else None


def _ask(repo_id: str, revision: str | None) -> "ModelInfo | Path":
    """What the hub says of a repo, or where its copy is here when the hub does not answer."""
    from huggingface_hub import HfApi

    try:
        info = HfApi().model_info(repo_id, revision=revision, timeout=_HUB_SECONDS)
    except Exception as error:
        refusal = _refusal(error, repo_id, revision)
        if refusal is not None:
            raise refusal from error
        folder = cached_folder(repo_id, revision)
        if folder is None:
            raise ClassifierError(
                f"{repo_id!r} is not on this machine and the hub cannot be reached"
            ) from error
        return folder
    if model_files.CONFIG not in {file.rfilename for file in info.siblings or ()}:
        raise ClassifierError(f"{repo_id!r} is not a model: it has no {model_files.CONFIG}")
    return info


def _download(repo_id: str, file: str, commit: str | None) -> Path:
    from huggingface_hub import hf_hub_download

    try:
        return Path(hf_hub_download(repo_id, file, revision=commit))
    except Exception as error:
        refusal = _refusal(error, repo_id, commit)
        raise refusal or ClassifierError(
            f"the download of {repo_id!r} broke off at {file}: try again"
        ) from error


def _refusal(error: Exception, repo_id: str, revision: str | None) -> ClassifierError | None:
    """The hub's own refusal as a sentence; None when the trouble is another."""
    from huggingface_hub import errors

    name = repr(repo_id)
    # The order matters: a gated repo is a kind of missing one.
    sentences: tuple[tuple[type[Exception], str], ...] = (
        (errors.GatedRepoError, f"{name} is gated: its owner asks for an agreement first"),
        (errors.DisabledRepoError, f"{name} was disabled on the hub"),
        (errors.RepositoryNotFoundError, f"there is no repo {name} on the hub, or it is private"),
        (errors.RevisionNotFoundError, f"{name} has no revision {revision!r}"),
        (errors.HFValidationError, f"{name} is not a repo id"),
    )
    for kind, sentence in sentences:
        if isinstance(error, kind):
            return ClassifierError(sentence)
    return None
