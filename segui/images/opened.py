"""A picture that was decoded, by whomever: what all that reads pictures begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PIL import Image

if TYPE_CHECKING:  # who decodes and nothing else needs no arrays
    import numpy as np


class Raster(Protocol):
    """Decoded pixels, as an image or as an array: whichever is wanted, the other costs nothing."""

    @property
    def mode(self) -> str:
        """The file's own mode, by Pillow's names."""
        ...

    @property
    def info(self) -> Mapping[Any, Any]:
        """What Pillow says of the file; ``icc_profile`` and ``transparency`` are always told."""
        ...

    @property
    def image(self) -> Image.Image:
        """The pixels as Pillow has them."""
        ...

    def array(self) -> np.ndarray:
        """The pixels as ``np.array`` has them, to be kept."""
        ...


@dataclass(frozen=True, eq=False)
class PillowRaster:
    """Pixels that were decoded in this process.

    Args:
        image: The pixels as Pillow has them.
    """

    image: Image.Image

    @property
    def mode(self) -> str:
        """As of ``Raster``, like all that follows."""
        return self.image.mode

    @property
    def info(self) -> Mapping[Any, Any]:
        """All that Pillow says."""
        return self.image.info

    def array(self) -> np.ndarray:
        """A new array."""
        from segui.images.arrays import as_array

        return as_array(self.image)


@dataclass(frozen=True, eq=False)
class OpenedImage:
    """A decoded file, turned upright.

    Args:
        raster: The pixels, in the file's own mode.
        name: The file's name without its folder, for messages.
        bits: Bits of one channel in the file, as far as more than 8 are known of.
        is_lossy: Whether the file's format changes values on saving (JPEG and its kin).
        notes: What a person should know of the file, one sentence each.
        orientation: The EXIF orientation by which the pixels were turned, 1 to 8; 1 is none.
        camera_data: What may be passed on of what a camera noted; see ``kept_camera_data``.
        by_xmp: The orientation that its XMP data says, 1 to 8; None where that says nothing.
    """

    raster: Raster
    name: str
    bits: int
    is_lossy: bool
    notes: tuple[str, ...]
    orientation: int = 1
    camera_data: bytes | None = None
    by_xmp: int | None = None

    @property
    def image(self) -> Image.Image:
        """The pixels as Pillow has them."""
        return self.raster.image
