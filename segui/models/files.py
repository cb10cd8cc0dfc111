"""Where a model's files are, and whether they can be used; everything short of loading them."""

import json
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from segui.errors import ClassifierError, InputError, shown
from segui.models.model_bytes import TOKENIZER_FILES, check_file
from segui.models.weights import Held, held_in

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
WEIGHTS_SUFFIX = ".safetensors"
PROCESSORS = ("preprocessor_config.json", "processor_config.json")

_REPO_ID = re.compile(r"[A-Za-z0-9_][\w.-]{0,95}(/[A-Za-z0-9_][\w.-]{0,95})?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_REVISION = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)
_LONGEST_REVISION = 100
_PROPOSALS = "refs/"
_SHARD = re.compile(r"[\w.-]+\.safetensors", re.ASCII)
_PICKLES = ("pytorch_model*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


def local_folder(
    name: str, *, models_dir: Path | None = None, allow_local: bool = True
) -> Path | None:
    """The folder that a name means, or None when it is the id of a repo on the hub.

    Args:
        name: A path or a repo id. Below ``models_dir`` a name may also be relative to it.
        models_dir: The only folder below which a local model may lie; None is anywhere.
        allow_local: False allows no local folder at all, ``models_dir`` or not.

    Raises:
        InputError: There is no name, or it is neither a path nor a possible repo id.
        ClassifierError: There is no such folder, or it is not allowed. Which of the two is not
            said of a path outside ``models_dir``.
    """
    text = name.strip()
    if not text:
        raise InputError("no model is named: expected a repo id such as 'google/vit-base'")
    if allow_local:
        folder = _below(models_dir, text) if models_dir else _folder(text)
        if folder is not None:
            return folder
    if _REPO_ID.fullmatch(text) and not text.endswith((".git", "-", ".")) and ".." not in text:
        return None
    if not _is_path(text):
        raise InputError(f"{shown(text)} is not a repo id: expected one such as 'google/vit-base'")
    if not allow_local:
        raise ClassifierError("local model folders are not allowed here: give a repo id")
    if models_dir is not None:
        raise ClassifierError(f"there is no model folder {shown(text)} below the models folder")
    raise ClassifierError(f"there is no model folder {shown(text)}")


def check_allowed(
    repo_id: str, patterns: Sequence[str], revision: str = "", *, limited: bool = False
) -> None:
    """See that a repo, and what is asked of it, is among what a deployment allows.

    Args:
        repo_id: The repo on the hub. Upper and lower case are the same, as they are there.
        patterns: Such as ``google/*``: ``*`` is any text, ``?`` any character, ``[ab]`` one of
            these. No pattern at all allows every repo.
        revision: Branch, tag or commit that is asked for; empty is none.
        limited: Whether models are limited in another way than by patterns, such as to those of
            the list.

    Raises:
        ClassifierError: No pattern fits the repo, or models are limited and the revision is one
            that anyone can add to the repo (``refs/pr/1``).

    >>> check_allowed("google/vit-base", ("google/*", "org/faces"))
    """
    name = repo_id.lower()
    if patterns and not any(fnmatchcase(name, pattern.lower()) for pattern in patterns):
        raise ClassifierError(
            f"{shown(repo_id)} is not among the models allowed here: {', '.join(patterns)}"
        )
    if (patterns or limited) and revision.strip().startswith(_PROPOSALS):
        raise ClassifierError(
            f"revision {shown(revision)} of {shown(repo_id)} is not allowed here: anyone can"
            " propose one below refs/. Take a branch, tag or commit"
        )


def check_revision(revision: str | None) -> None:
    """See that a revision is a name, and no way to another place of the cache or the hub.

    Args:
        revision: Branch, tag or commit; None is the main branch.

    Raises:
        InputError: It cannot be one.

    >>> check_revision("refs/pr/1")
    """
    if revision is None:
        return
    is_name = _REVISION.fullmatch(revision) is not None and ".." not in revision
    if not is_name or len(revision) > _LONGEST_REVISION:
        start = revision[:_LONGEST_REVISION] + "..." * (len(revision) > _LONGEST_REVISION)
        raise InputError(
            f"{start!r} is not a revision: expected a branch, tag or commit of at most"
            f" {_LONGEST_REVISION} letters, digits and . _ - /"
        )


def is_commit(revision: str) -> bool:
    """Whether a revision is a commit's whole hash, which always means the same files."""
    return _COMMIT.fullmatch(revision) is not None


def check_folder(folder: Path, name: str) -> dict[str, Any]:
    """See that a folder holds a config and whole safetensors weights.

    Args:
        folder: The model's folder.
        name: What the user calls it.

    Returns:
        The content of its config.json.

    Raises:
        ClassifierError: Something is missing, broken or too large; the sentence says what.
    """
    if not (folder / CONFIG).is_file():
        raise ClassifierError(f"{name!r} is not a model: it has no {CONFIG}")
    for file in (CONFIG, INDEX, *PROCESSORS, *TOKENIZER_FILES):
        check_file(folder / file, name)
    config = read_json_file(folder / CONFIG, name)
    # transformers loads another weights file when the config names one.
    if config.get("transformers_weights") not in (None, WEIGHTS, INDEX):
        raise ClassifierError(
            f"{name!r} keeps its weights under an unusual name, which is not opened"
        )
    held(folder, name)
    return config


def held(folder: Path, name: str) -> Held:
    """What the weights files of a folder hold, all of which are whole.

    Raises:
        ClassifierError: There are none, or one is missing or broken.
    """
    if (folder / WEIGHTS).is_file():
        files = [WEIGHTS]
    elif (folder / INDEX).is_file():
        files = shards(folder / INDEX, name)
    else:
        raise no_safetensors(name, (path.name for path in folder.iterdir()))
    return held_in((folder / file for file in files), name)


def no_safetensors(name: str, files: Iterable[str]) -> ClassifierError:
    """The error for a model of these files, none of which are safetensors weights."""
    if any(Path(file).match(pattern) for file in files for pattern in _PICKLES):
        return ClassifierError(
            f"{name!r} has its weights in pickle files only. These can run code when they are"
            " opened, so only safetensors weights are"
        )
    return ClassifierError(f"{name!r} has no weights: expected {WEIGHTS}")


def shards(index: Path, name: str) -> list[str]:
    """The names of the weights files that an index lists, sorted.

    Raises:
        ClassifierError: The index cannot be read, or names a file outside its folder.
    """
    weight_map = read_json_file(index, name).get("weight_map")
    files = set(weight_map.values()) if isinstance(weight_map, dict) else set()
    if not files or not all(isinstance(file, str) and _SHARD.fullmatch(file) for file in files):
        raise ClassifierError(f"{name!r} is broken: its {index.name} does not list weights files")
    return sorted(files)


def read_json_file(path: Path, name: str) -> dict[str, Any]:
    """Read one of a model's JSON files.

    Raises:
        ClassifierError: It is not a JSON object, or too large to be read.
    """
    check_file(path, name)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ClassifierError(f"{name!r} is broken: its {path.name} cannot be read") from error
    if not isinstance(content, dict):
        raise ClassifierError(f"{name!r} is broken: its {path.name} is not a JSON object")
    return content


def _folder(text: str) -> Path | None:
    try:
        path = Path(text).expanduser()
        return path if path.is_dir() else None
    except (OSError, ValueError, RuntimeError):  # a name too long, a NUL in it, an unknown ~user
        return None


def _below(models_dir: Path, text: str) -> Path | None:
    """The folder, when it lies below ``models_dir`` after every link and ``..`` is followed."""
    top = models_dir.resolve()
    folder = _folder(str(top / text))
    if folder is None:
        return None
    real = folder.resolve()
    return real if top in real.parents else None


def _is_path(text: str) -> bool:
    return text.startswith((".", "~")) or "/" in text or "\\" in text
