"""Where a session's files lie, so that no session finds another's and none stays behind."""

import hashlib
import secrets
import shutil
import tempfile
import time
import weakref
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from threading import Lock
from urllib.parse import quote
from uuid import uuid4

_PREFIX = "segui-"
_UPLOADS = "uploads"
PICTURES = "pictures"
_YOUNG_SECONDS = 60
_MOST_SETS = 6  # of pictures of a session's areas
_STALE_SECONDS = 7 * 24 * 3600
FILE_URL = "gradio_api/file="  # relative to the page, so that it works behind a proxy's prefix


class Folders:
    """A folder for each session below one for this process, which goes when the process does.

    Args:
        parent: Where the process's folder is made; the server must be willing to serve from it.
    """

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        # a browser chooses its session's name: with this, nobody can tell a folder from it
        self._secret = secrets.token_bytes(16)
        self._lock = Lock()
        self._root: Path | None = None

    @property
    def root(self) -> Path:
        """The process's own folder, made at the first need."""
        with self._lock:
            if self._root is None:
                self._parent.mkdir(parents=True, exist_ok=True)
                _remove_stale(self._parent)
                self._root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self._parent))
                weakref.finalize(self, remove_folder, self._root)
            return self._root

    def of(self, session: str) -> Path:
        """The folder of a session, made if it is not there."""
        folder = self.root / self._name(session)
        folder.mkdir(parents=True, exist_ok=True)  # the root too: who tidies up may have swept it
        return folder

    def shared(self) -> Path:
        """The folder of what is everybody's: the examples."""
        folder = self.root / "examples"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def remove_empty(self) -> None:
        """Remove the empty file that Gradio makes of each upload, and never looks at again."""
        young = time.time() - _YOUNG_SECONDS
        for path in self._parent.glob("tmp*"):
            with suppress(FileNotFoundError):  # another session's turn
                known = path.lstat()
                if S_ISREG(known.st_mode) and not known.st_size and known.st_mtime < young:
                    path.unlink()

    def remove(self, session: str) -> None:
        """Remove all that a session left."""
        if self._root is not None:
            remove_folder(self._root / self._name(session))

    def _name(self, session: str) -> str:
        return hashlib.blake2b(session.encode(), key=self._secret, digest_size=16).hexdigest()


def _remove_stale(parent: Path) -> None:
    """Remove what processes left behind that were killed long ago."""
    for folder in parent.glob(f"{_PREFIX}*"):
        if time.time() - _changed(folder) > _STALE_SECONDS:
            remove_folder(folder)


def remove_folder(folder: Path | None) -> None:
    """Remove a folder and what is in it, if it is still there."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def keep(path: Path, folder: Path) -> Path:
    """The session's own copy of an upload: the upload itself may be cleared away by its age."""
    own = fresh_folder(folder / _UPLOADS) / path.name
    shutil.copyfile(path, own)
    return own


def tidy(folder: Path, needed: Collection[Path | None]) -> None:
    """Remove what a session has left behind while it went on.

    Args:
        folder: The session's.
        needed: The uploads and pictures that still matter. One of the last minute may not be among
            them yet.
    """
    young = time.time() - _YOUNG_SECONDS
    holding = {parent for path in needed if path is not None for parent in path.parents}
    for upload in _by_age(folder / _UPLOADS):
        if _changed(upload) < young and upload not in holding:
            remove_folder(upload)
    # several options set at once make several sets: a browser may still be fetching the first
    sets = [pictures for pictures in _by_age(folder / PICTURES) if pictures not in holding]
    for place, pictures in enumerate(sets[:-2]):
        if place < len(sets) - _MOST_SETS or _changed(pictures) < young:
            remove_folder(pictures)


def remove_old(folder: Path) -> None:
    """Remove the folders in one that were not changed in the last minute."""
    young = time.time() - _YOUNG_SECONDS
    for old in _by_age(folder):
        if _changed(old) < young:
            remove_folder(old)


def _by_age(folder: Path) -> list[Path]:
    try:
        found = list(folder.iterdir())
    except FileNotFoundError:
        return []
    return sorted(found, key=_changed)


def _changed(path: Path) -> float:
    """When it was changed; what another clean-up of the same folder has removed is the oldest."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def fresh_folder(folder: Path) -> Path:
    """A new folder below one, with a name that nobody can guess."""
    made = folder / uuid4().hex
    made.mkdir(parents=True)
    return made


def url_of(path: Path) -> str:
    """Where the browser finds a file."""
    return FILE_URL + quote(path.as_posix())
