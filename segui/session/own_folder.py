"""A folder of this process's own, locked while it lives: by that, what a killed one left is known.

A lock goes with its process, however that ends. Where nothing can be locked, as on Windows, a
folder's age has to do.
"""

import os
import shutil
import tempfile
import time
import weakref
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has none
    fcntl = None  # type: ignore[assignment]

PREFIX = "segui-"
LOCK = "lock"
_NEW = f"new-{PREFIX}"  # its name until it is locked: who tidies up looks at the others
_NEW_SECONDS = 60
_STALE_SECONDS = 7 * 24 * 3600  # without locks


class OwnFolder:
    """A folder that is there as long as this object, at most as long as its process.

    What others left behind below the same parent is removed first.

    Args:
        parent: Where it is made; other processes may have theirs there.

    Raises:
        OSError: It cannot be written there.
    """

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        remove_left_behind(parent)
        new = Path(tempfile.mkdtemp(prefix=_NEW, dir=parent))
        self._locks = [_locked(new)]
        self._path = new.rename(parent / new.name.replace(_NEW, PREFIX, 1))
        # a forked child has nothing of its parent's to remove
        self._end = weakref.finalize(self, _remove, self._path, self._locks, os.getpid())

    @property
    def path(self) -> Path:
        """The folder; who tidies up the whole system may have swept it away: it is made again."""
        if not (self._path / LOCK).exists():
            self._path.mkdir(parents=True, exist_ok=True)
            self._locks.append(_locked(self._path))
        return self._path

    def remove(self) -> None:
        """Remove it now; who has this registered for the end keeps it until then."""
        self._end()


def remove_left_behind(parent: Path) -> None:
    """Remove the folders of processes that did not come to it themselves, such as killed ones."""
    for folder in parent.glob(f"{PREFIX}*"):
        if _is_left(folder):
            remove_folder(folder)
    for folder in parent.glob(f"{_NEW}*"):  # of one that was killed before it had its name
        if time.time() - changed_at(folder) > _NEW_SECONDS and _is_left(folder):
            remove_folder(folder)


def remove_folder(folder: Path | None) -> None:
    """Remove a folder and what is in it, if it is still there."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def changed_at(path: Path) -> float:
    """When it was changed; what another clean-up of the same folder has removed is the oldest."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _locked(folder: Path) -> int:
    """Lock a folder; where that cannot be, its lock is there and says nothing."""
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    if fcntl is not None:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        os.close(lock)  # an open file cannot be removed there, nor its folder named anew
        lock = -1
    return lock


def _remove(folder: Path, locks: list[int], owner: int) -> None:
    if os.getpid() != owner:
        return
    remove_folder(folder)
    for lock in locks:
        with suppress(OSError):
            os.close(lock)


def _is_left(folder: Path) -> bool:
    """Whether nobody holds it any more."""
    if fcntl is None:
        return time.time() - changed_at(folder) > _STALE_SECONDS
    try:
        lock = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return True  # of an older version, or half removed
    except OSError:
        return False  # another account's
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return time.time() - changed_at(folder) > _STALE_SECONDS
    finally:
        os.close(lock)
    return True
