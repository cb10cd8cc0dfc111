"""Photos of men out of a source package's own tests, read without unpacking or running anything."""

import hashlib
import io
import sys
import tarfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ARCHIVE: Final = Path(sys.prefix) / "portraits" / "face_recognition-1.3.0.tar.gz"
SHA256: Final = "5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec"
FOLDER: Final = "face_recognition-1.3.0/tests/test_images"


def is_fetched() -> bool:
    """Whether the package is here; ``make .venv/test-installed`` fetches it."""
    return ARCHIVE.is_file()


def portrait(name: str) -> NDArray[np.uint8]:
    """A photo of the package, (H, W, 3) uint8.

    Args:
        name: The file's name among its own tests.
    """
    content = ARCHIVE.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        file = archive.extractfile(f"{FOLDER}/{name}")
        assert file is not None
        return np.asarray(Image.open(file).convert("RGB"))
