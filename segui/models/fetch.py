"""A repo's files from the hub, into huggingface_hub's cache; those that are needed, no others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from segui.errors import ClassifierError
from segui.models import files as model_files
from segui.models import hub_troubles
from segui.models.arrivals import Arrivals, StoppedError, watched
from segui.models.loading import Progress
from segui.models.model_bytes import check_read_whole, check_room, check_size

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo

_HUB_SECONDS = 10.0
_HUB_SECONDS_WITH_A_COPY = 3.0
_PIECE_BYTES = 2**16

Lone = Callable[[Iterable[str]], str | None]


def fetch_config(repo_id: str, revision: str | None = None, *, max_mb: float | None = None) -> Path:
    """The folder of a repo's snapshot, with its config in it.

    Args:
        repo_id: The repo on the hub.
        revision: Branch, tag or commit; None is the main branch.
        max_mb: Most MB (a million bytes) that it may have; None is no limit.

    Raises:
        InputError: The revision cannot be one.
        ClassifierError: The hub refuses, or cannot be reached while there is no copy here; the
            config is too large; its download broke off.
    """
    model_files.check_revision(revision)
    info = _ask(repo_id, revision)
    if isinstance(info, Path):
        return info
    check = partial(check_size, repo_id, max_mb)
    check(_sizes(info).get(model_files.CONFIG, 0))
    _check_read_whole(repo_id, _sizes(info), (model_files.CONFIG,))
    folder = _download(repo_id, model_files.CONFIG, info.sha, Arrivals(check)).parent
    if cached_folder(repo_id, revision) is None:
        _remember(folder, revision)
    return folder


def fetch_model(
    repo_id: str,
    revision: str | None = None,
    *,
    max_mb: float | None = None,
    progress: Progress | None = None,
    check: Callable[[Path], object] | None = None,
    extras: Sequence[str] = (),
    lone: Lone | None = None,
) -> Path:
    """The folder of a repo's snapshot, with all that loading needs in it.

    What the hub lists is looked at before anything is fetched, but for the small index of weights
    in several files. A whole copy of a commit that was asked for by its hash is taken as it is.
    What was fetched before an end is kept: a later call fetches the other files.

    Args:
        repo_id: The repo on the hub.
        revision: Branch, tag or commit; None is the main branch.
        max_mb: Most MB (a million bytes) that the model's files may have together, those that are
            here already included; None is no limit.
        progress: Called in this thread with the bytes that are here and the bytes in all (at
            least 1), ten times a second while something is fetched and once at the end; not when
            the hub cannot be reached or need not be asked. What it raises ends the fetch at once
            and is raised unchanged: that is how to cancel.
        check: Called, in another thread, with the folder when the config is in it and before the
            weights are fetched; what it raises ends the fetch and is raised unchanged.
        extras: Files that are fetched as well where the repo has them, such as a tokenizer's.
        lone: Of the names of files the one that is a whole model by itself, or None. Where a repo
            has no config and such a file, that alone is fetched, and ``check`` is not called.

    Raises:
        InputError: The revision cannot be one.
        ClassifierError: The hub refuses, or cannot be reached while there is no copy here; the
            repo has no config or no safetensors weights; it is larger than ``max_mb`` or than the
            room on the disk; a file that is read whole is too large; a download broke off.
    """
    model_files.check_revision(revision)
    whole = _whole_copy(repo_id, revision, extras) or _lone_copy(repo_id, revision, lone)
    if whole is not None:
        return whole
    info = _ask(repo_id, revision, lone)
    if isinstance(info, Path):
        if lone is not None and lone_file(info, lone):
            return info
        if not any((info / file).exists() for file in (model_files.WEIGHTS, model_files.INDEX)):
            raise hub_troubles.OutOfReachError(
                f"{repo_id!r} is only partly on this machine and the hub cannot be reached"
            )
        return info
    limit = partial(check_size, repo_id, max_mb)
    files = _wanted(info, repo_id, extras, limit, lone)
    limit(sum(files.values()))
    _check_read_whole(repo_id, files, files)
    check_room(repo_id, _missing(repo_id, files, info.sha), _cache())
    arrivals = Arrivals(limit)
    folder = watched(
        partial(_download_all, repo_id, files, info.sha, arrivals, check),
        arrivals,
        partial(_report, arrivals, max(1, sum(files.values())), progress),
    )
    _remember(folder, revision)
    return folder


def cached_folder(repo_id: str, revision: str | None = None) -> Path | None:
    """The folder of a repo's snapshot when an earlier fetch left one; asks no network.

    Raises:
        InputError: The revision cannot be one.
    """
    model_files.check_revision(revision)
    path = _cached(repo_id, model_files.CONFIG, revision)
    return path.parent if path else None


def is_here(repo_id: str, revision: str | None = None, *, lone: Lone | None = None) -> bool:
    """Whether a model's weights, which are fetched last, are on this machine; asks no network.

    Args:
        repo_id: The repo on the hub.
        revision: Branch, tag or commit; None is the main branch.
        lone: As of ``fetch_model``.

    Raises:
        InputError: The revision cannot be one.
    """
    model_files.check_revision(revision)
    last = (model_files.WEIGHTS, model_files.INDEX)
    if any(_cached(repo_id, file, revision) is not None for file in last):
        return True
    folder = None if lone is None else _snapshot(repo_id, revision)
    return folder is not None and lone is not None and lone_file(folder, lone) is not None


def commit_of(folder: Path) -> str | None:
    """The commit of a snapshot's folder, which is its name; None of any other folder.

    >>> commit_of(Path("models--org--faces/snapshots/" + "0123456789" * 4))
    '0123456789012345678901234567890123456789'
    >>> commit_of(Path("models/faces"))
    """
    is_snapshot = folder.parent.name == "snapshots" and model_files.is_commit(folder.name)
    return folder.name if is_snapshot else None


def _whole_copy(repo_id: str, revision: str | None, extras: Sequence[str]) -> Path | None:
    """The folder of a commit that is here with nothing missing: the hub need not be asked."""
    if revision is None or not model_files.is_commit(revision):
        return None
    folder = cached_folder(repo_id, revision)
    if folder is None or not (folder / model_files.PROCESSORS[0]).exists():
        return None
    # One is enough: all that the repo has come before the weights.
    if extras and not any((folder / file).exists() for file in extras):
        return None
    try:
        model_files.check_folder(folder, repo_id)
    except ClassifierError:  # fetched again, or said then
        return None
    return folder


def lone_file(folder: Path, lone: Lone) -> str | None:
    """The file of a folder without a config that is a whole model by itself; None where none is."""
    if (folder / model_files.CONFIG).is_file():
        return None
    return lone(sorted(path.name for path in folder.iterdir() if path.is_file()))


def _lone_copy(repo_id: str, revision: str | None, lone: Lone | None) -> Path | None:
    """The folder of a commit that is here with the one file that is the model."""
    if lone is None or revision is None or not model_files.is_commit(revision):
        return None
    folder = _snapshot(repo_id, revision)
    return folder if folder is not None and lone_file(folder, lone) else None


def _cache() -> Path:
    """Where huggingface_hub keeps what it fetched."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE).expanduser()


def _snapshot(repo_id: str, revision: str | None) -> Path | None:
    """The folder in which the files of a revision lie that are here; None where none does.

    Source: https://huggingface.co/docs/huggingface_hub/guides/manage-cache.
    """
    from huggingface_hub.file_download import repo_folder_name

    name = repo_folder_name(repo_id=repo_id, repo_type="model")
    top, commit = _cache() / name, revision or "main"
    try:
        if not model_files.is_commit(commit):
            commit = (top / "refs" / commit).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    folder = top / "snapshots" / commit
    return folder if model_files.is_commit(commit) and folder.is_dir() else None


def _ask(repo_id: str, revision: str | None, lone: Lone | None = None) -> "ModelInfo | Path":
    """What the hub says of a repo, or where its copy is here when the hub does not answer."""
    from huggingface_hub import HfApi

    folder = cached_folder(repo_id, revision)
    if folder is None and lone is not None:
        alone = _snapshot(repo_id, revision)
        folder = alone if alone is not None and lone_file(alone, lone) else None
    seconds = _HUB_SECONDS if folder is None else _HUB_SECONDS_WITH_A_COPY
    try:
        info = HfApi().model_info(repo_id, revision=revision, timeout=seconds, files_metadata=True)
    except Exception as error:
        refusal = hub_troubles.refusal(error, repo_id, revision)
        if refusal is not None:
            raise refusal from error
        if folder is None:
            raise hub_troubles.no_answer(error, repo_id) from error
        return folder
    is_alone = lone is not None and lone(sorted(_sizes(info))) is not None
    if model_files.CONFIG not in _sizes(info) and not is_alone:
        raise ClassifierError(f"{repo_id!r} is not a model: it has no {model_files.CONFIG}")
    return info


def _sizes(info: "ModelInfo") -> dict[str, int]:
    """The bytes of each file that the hub lists, 0 where it does not say."""
    return {file.rfilename: file.size or 0 for file in info.siblings or ()}


def _wanted(
    info: "ModelInfo",
    repo_id: str,
    extras: Sequence[str],
    limit: Callable[[int], None],
    lone: Lone | None,
) -> dict[str, int]:
    """The bytes of each file that loading needs, weights last: with them, all is there."""
    sizes = _sizes(info)
    alone = None if lone is None or model_files.CONFIG in sizes else lone(sorted(sizes))
    if alone is not None:
        return {alone: sizes[alone]}
    small = (*model_files.PROCESSORS, *extras)
    files = [model_files.CONFIG, *(file for file in small if file in sizes)]
    if model_files.WEIGHTS in sizes:
        files.append(model_files.WEIGHTS)
    elif model_files.INDEX in sizes:
        limit(sizes[model_files.INDEX])
        _check_read_whole(repo_id, sizes, (model_files.INDEX,))
        index = _download(repo_id, model_files.INDEX, info.sha, Arrivals(limit))
        files += [model_files.INDEX, *model_files.shards(index, repo_id)]
    else:
        raise model_files.no_safetensors(repo_id, sizes)
    missing = [file for file in files if file not in sizes]
    if missing:
        raise ClassifierError(f"{repo_id!r} is not whole: {missing[0]} is missing")
    return {file: sizes[file] for file in files}


def _check_read_whole(repo_id: str, sizes: Mapping[str, int], files: Iterable[str]) -> None:
    for file in files:
        _check_file(repo_id, file, sizes[file])


def _check_file(repo_id: str, file: str, size: int) -> None:
    if not file.endswith(model_files.WEIGHTS_SUFFIX):
        check_read_whole(repo_id, file, size)


def _missing(repo_id: str, files: Mapping[str, int], commit: str | None) -> int:
    """The bytes of the files that are not here yet."""
    return sum(size for file, size in files.items() if not _cached(repo_id, file, commit))


def _report(arrivals: Arrivals, total: int, progress: Progress | None) -> None:
    if progress is not None:
        progress(min(arrivals.so_far, total), total)


def _download_all(
    repo_id: str,
    files: Mapping[str, int],
    commit: str | None,
    arrivals: Arrivals,
    check: Callable[[Path], object] | None,
) -> Path:
    if model_files.CONFIG not in files:
        (alone,) = files
        return _download(repo_id, alone, commit, arrivals).parent
    folder = _download(repo_id, model_files.CONFIG, commit, arrivals).parent
    # What can be known to be wrong is said before the large files come.
    model_files.read_json_file(folder / model_files.CONFIG, repo_id)
    if check is not None:
        check(folder)
    for file in (file for file in files if file != model_files.CONFIG):
        _download(repo_id, file, commit, arrivals)
    return folder


def _download(repo_id: str, file: str, commit: str | None, arrivals: Arrivals) -> Path:
    from huggingface_hub import constants, hf_hub_download

    # Its own 10 MB would show nothing for minutes on a slow line.
    constants.DOWNLOAD_CHUNK_SIZE = min(constants.DOWNLOAD_CHUNK_SIZE, _PIECE_BYTES)
    try:
        bar = arrivals.bar_class(partial(_check_file, repo_id, file))
        path = Path(hf_hub_download(repo_id, file, revision=commit, tqdm_class=bar))
        arrivals.finish(path.stat().st_size)
    except (ClassifierError, StoppedError):
        raise
    except Exception as error:
        trouble = (
            hub_troubles.refusal(error, repo_id, commit)
            or hub_troubles.asked_too_often(error, repo_id)
            or hub_troubles.disk_trouble(error, repo_id)
        )
        raise trouble or ClassifierError(
            f"the download of {repo_id!r} broke off at {file}: try again"
        ) from error
    return path


def _cached(repo_id: str, file: str, revision: str | None) -> Path | None:
    from huggingface_hub import errors, try_to_load_from_cache

    try:
        path = try_to_load_from_cache(repo_id, file, revision=revision)
    except errors.HFValidationError:  # said when the hub would be asked
        return None
    return Path(path) if isinstance(path, str) else None


def _remember(folder: Path, revision: str | None) -> None:
    """Note which commit a branch or tag was, so that its copy is found with no hub in reach.

    huggingface_hub notes it when a file is asked for by its branch; here the files are asked for
    by their commit, which cannot change between two of them.
    Source: https://huggingface.co/docs/huggingface_hub/guides/manage-cache, refs.
    """
    commit, name = commit_of(folder), revision or "main"
    if commit is None or name == commit:
        return
    ref = folder.parents[1] / "refs" / name
    try:
        ref.parent.mkdir(parents=True, exist_ok=True)
        new = ref.with_name(f"{ref.name}.{uuid4().hex}.tmp")
        new.write_text(commit, encoding="utf-8")
        new.replace(ref)
    except OSError:  # a cache that others fill and that cannot be written: the model is there
        return
