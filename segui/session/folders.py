"""Where a session's files lie, so that no session finds another's and none stays behind."""

import hashlib
import secrets
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from threading import Lock
from urllib.parse import quote
from uuid import uuid4

from segui.session.own_folder import OwnFolder, changed_at, remove_folder
from segui.storing import storing, whole

UPLOADS = "uploads"
PICTURES = "pictures"
_YOUNG_SECONDS = 60
_LEFT_SECONDS = 24 * 3600  # the first file of an upload waits for the last one, over any line
_MOST_SETS = 6  # of pictures of a session's areas
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
        self._own: OwnFolder | None = None

    @property
    def root(self) -> Path:
        """The process's own folder, made at the first need."""
        with self._lock, storing():
            if self._own is None:
                self._own = OwnFolder(self._parent)
            return self._own.path

    def of(self, session: str) -> Path:
        """The folder of a session, made if it is not there."""
        folder = self.root / self._name(session)
        with storing():
            folder.mkdir(exist_ok=True)
        return folder

    def shared(self) -> Path:
        """The folder of what is everybody's: the examples."""
        folder = self.root / "examples"
        with storing():
            folder.mkdir(exist_ok=True)
        return folder

    def remove_untouched(self) -> None:
        """Remove what is left of uploads where that could not be removed when they were broken off.

        Of one that still comes the first files are not touched any more.
        """
        young = time.time() - _LEFT_SECONDS
        for path in self._parent.glob("tmp*"):
            with suppress(OSError):  # it is gone by now, or another account's
                known = path.lstat()
                if S_ISREG(known.st_mode) and known.st_mtime < young:
                    path.unlink()

    def remove(self, session: str) -> None:
        """Remove all that a session left."""
        if self._own is not None:
            remove_folder(self._own.path / self._name(session))

    def _name(self, session: str) -> str:
        return hashlib.blake2b(session.encode(), key=self._secret, digest_size=16).hexdigest()


def keep(path: Path, folder: Path) -> Path:
    """The session's own name for an upload: the upload itself may be cleared away by its age.

    It takes no room: one upload can be given again and again. Neither is ever written to.
    """
    own = fresh_folder(folder / UPLOADS) / path.name
    try:
        own.hardlink_to(path)
    except OSError:  # a file system that gives no file a second name
        with whole(own) as part:
            shutil.copyfile(path, part)
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
    for upload in _by_age(folder / UPLOADS):
        if changed_at(upload) < young and upload not in holding:
            remove_folder(upload)
    # several options set at once make several sets: a browser may still be fetching the first
    sets = [pictures for pictures in _by_age(folder / PICTURES) if pictures not in holding]
    for place, pictures in enumerate(sets[:-2]):
        if place < len(sets) - _MOST_SETS or changed_at(pictures) < young:
            remove_folder(pictures)


def remove_old(folder: Path) -> None:
    """Remove the folders in one that were not changed in the last minute."""
    young = time.time() - _YOUNG_SECONDS
    for old in _by_age(folder):
        if changed_at(old) < young:
            remove_folder(old)


def _by_age(folder: Path) -> list[Path]:
    try:
        found = list(folder.iterdir())
    except FileNotFoundError:
        return []
    return sorted(found, key=changed_at)


def fresh_folder(folder: Path) -> Path:
    """A new folder below one, with a name that nobody can guess."""
    made = folder / uuid4().hex
    with storing():
        made.mkdir(parents=True)
    return made


def url_of(path: Path) -> str:
    """Where the browser finds a file."""
    return FILE_URL + quote(path.as_posix())
