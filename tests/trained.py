"""Keeps the tiny models that tests train, so that a checkout trains each of them once.

They lie beside pytest's own cache, each under a hash of all that makes it what it is: the sources
that train it, what they are told, and the packages that they use.
"""

import hashlib
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock

CACHE = Path(__file__).parents[1] / ".pytest_cache" / "tiny-models"
SOURCES = tuple(sorted((Path(__file__).parent / "classifiers").glob("tiny_*.py")))
PACKAGES = ("numpy", "opencv-python-headless", "scikit-image", "tokenizers", "torch")
PACKAGES += ("transformers",)


def trained(folder: Path, train: Callable[..., Path], *how: Any, cache: Path = CACHE) -> Path:
    """Copy a model from the cache; train it first if it is not there.

    Args:
        folder: Where to put it; not there yet.
        train: Saves a model in the folder that it is given first.
        how: What else it is given; what is equal must be written alike.
        cache: Where models are kept.

    Returns:
        The folder.
    """
    kept = cache / f"{train.__name__}-{_digest(train, how)}"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f"{kept.name}.lock"):  # of two test processes one trains
        if not kept.is_dir():
            _keep(kept, train, how)
    return Path(shutil.copytree(kept, folder))


def _keep(kept: Path, train: Callable[..., Path], how: tuple[Any, ...]) -> None:
    """Train beside it, then rename: half a model is never found."""
    with tempfile.TemporaryDirectory(dir=kept.parent) as half:
        made = Path(half) / "model"
        train(made, *how)
        made.rename(kept)


def _digest(train: Callable[..., Path], how: tuple[Any, ...]) -> str:
    said = [repr(how), platform.python_version(), platform.machine()]
    said += [f"{name} {version(name)}" for name in PACKAGES]
    contents = [line.encode() for line in said] + [path.read_bytes() for path in SOURCES]
    own = Path(str(sys.modules[train.__module__].__file__))
    contents += [] if own in SOURCES else [own.read_bytes()]
    parts = b"".join(hashlib.sha256(content).digest() for content in contents)
    return hashlib.sha256(parts).hexdigest()[:16]
