"""Where a model's files are, and whether they can be used; everything short of loading them."""

import json
import re
import struct
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from segui.errors import ClassifierError, InputError

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
PROCESSORS = ("preprocessor_config.json", "processor_config.json")

_REPO_ID = re.compile(r"[A-Za-z0-9_][\w.-]{0,95}(/[A-Za-z0-9_][\w.-]{0,95})?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
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
        raise InputError(f"{text!r} is not a repo id: expected one such as 'google/vit-base'")
    if not allow_local:
        raise ClassifierError("local model folders are not allowed here: give a repo id")
    if models_dir is not None:
        raise ClassifierError(f"there is no model folder {text!r} below the models folder")
    raise ClassifierError(f"there is no model folder {text!r}")


def check_allowed(repo_id: str, patterns: Sequence[str]) -> None:
    """See that a repo is among those that a deployment allows.

    Args:
        repo_id: The repo on the hub. Upper and lower case are the same, as they are there.
        patterns: Such as ``google/*``: ``*`` is any text, ``?`` any character, ``[ab]`` one of
            these. No pattern at all allows every repo.

    Raises:
        ClassifierError: No pattern fits the repo.

    >>> check_allowed("google/vit-base", ("google/*", "org/faces"))
    """
    name = repo_id.lower()
    if patterns and not any(fnmatchcase(name, pattern.lower()) for pattern in patterns):
        raise ClassifierError(
            f"{repo_id!r} is not among the models allowed here: {', '.join(patterns)}"
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
        ClassifierError: Something is missing or broken; the sentence says what.
    """
    if not (folder / CONFIG).is_file():
        raise ClassifierError(f"{name!r} is not a model: it has no {CONFIG}")
    config = read_json(folder / CONFIG, name)
    # transformers loads another weights file when the config names one.
    if config.get("transformers_weights") not in (None, WEIGHTS, INDEX):
        raise ClassifierError(
            f"{name!r} keeps its weights under an unusual name, which is not opened"
        )
    if (folder / WEIGHTS).is_file():
        weights = [WEIGHTS]
    elif (folder / INDEX).is_file():
        weights = shards(folder / INDEX, name)
    else:
        raise no_safetensors(name, (path.name for path in folder.iterdir()))
    for file in weights:
        _check_weights(folder / file, name)
    return config


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
    weight_map = read_json(index, name).get("weight_map")
    files = set(weight_map.values()) if isinstance(weight_map, dict) else set()
    if not files or not all(isinstance(file, str) and _SHARD.fullmatch(file) for file in files):
        raise ClassifierError(f"{name!r} is broken: its {index.name} does not list weights files")
    return sorted(files)


def read_json(path: Path, name: str) -> dict[str, Any]:
    """Read one of a model's JSON files.

    Raises:
        ClassifierError: It is not a JSON object.
    """
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


def _check_weights(path: Path, name: str) -> None:
    """See that a safetensors file is as long as its header says.

    Source: the format's description, https://github.com/huggingface/safetensors: eight bytes of
    header length, a JSON header with each tensor's ``data_offsets``, then the data.
    """
    if not path.is_file():
        raise ClassifierError(f"{name!r} is not whole: {path.name} is missing")
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            # A damaged length must not be read for: it may be in the exabytes.
            header = json.loads(file.read(min(length, size)))
        ends = [tensor["data_offsets"][1] for key, tensor in header.items() if key[:2] != "__"]
        whole = size == 8 + length + max(ends)
    except (OSError, LookupError, TypeError, AttributeError, ValueError, struct.error) as error:
        raise _cut_off(path, name) from error
    if not whole:
        raise _cut_off(path, name)


def _cut_off(path: Path, name: str) -> ClassifierError:
    return ClassifierError(
        f"{name!r} is broken: {path.name} is cut off or damaged. Fetch it once more"
    )
