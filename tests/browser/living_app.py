"""The app, which says in its log how many pixels of which sizes are alive.

Started by the tests in place of ``app.py``: what a session leaves in the memory cannot be seen
from outside.
"""

import logging
import sys
import threading
import time
import weakref
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from segui.images import pictures as images

LOOK_SECONDS = 0.5
_LOG = logging.getLogger("living")
_plain_check = images.Picture.__post_init__


def said(sizes: Counter[tuple[int, int]]) -> str:
    """The text that a change leaves in the log: each size once, in order."""
    return f"<alive {' '.join(f'{height}x{width}' for height, width in sorted(sizes))}>"


class Living:
    """The sizes of pictures whose pixels are still held by anybody, in whatever they are."""

    def __init__(self) -> None:
        self._sizes: Counter[tuple[int, int]] = Counter()
        self._known: set[int] = set()
        self._lock = threading.RLock()  # a picture may die while another is noted

    def note(self, picture: images.Picture) -> None:
        owner: Any = picture.pixels
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        with self._lock:
            if id(owner) in self._known:
                return
            self._known.add(id(owner))
            self._sizes[picture.size_hw] += 1
        weakref.finalize(owner, self._forget, id(owner), picture.size_hw).atexit = False

    def _forget(self, name: int, size_hw: tuple[int, int]) -> None:
        with self._lock:
            self._known.discard(name)
            self._sizes[size_hw] -= 1

    def tell(self) -> None:
        """Say what is alive, each time that it is something else."""
        last = ""
        while True:
            with self._lock:
                now = said(+self._sizes)
            if now != last:
                _LOG.warning(now)
            last = now
            time.sleep(LOOK_SECONDS)


def main() -> None:
    living = Living()

    def noted(picture: images.Picture) -> None:
        _plain_check(picture)
        living.note(picture)

    images.Picture.__post_init__ = noted
    threading.Thread(target=living.tell, daemon=True).start()
    import app

    app.main()


if __name__ == "__main__":
    main()
