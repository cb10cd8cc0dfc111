"""A disk that is full, as the system sees it: no file may grow beyond a few bytes."""

from collections.abc import Iterator
from contextlib import contextmanager

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

import pytest

limits_files = pytest.mark.skipif(resource is None, reason="this system limits no file's size")
ROOM_BYTES = 100


@contextmanager
def full_disk(room_bytes: int = ROOM_BYTES) -> Iterator[None]:
    """Let no file of this process grow beyond some bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
