"""What may be read: how large, how many times over, and which formats; and who decodes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from segui.errors import InputError

if TYPE_CHECKING:  # the settings are read before Pillow is needed
    from PIL import Image

    from segui.images.opened import OpenedImage
    from segui.images.profiles import Converted, State


class Decoder(Protocol):
    """Whoever turns a file into pixels."""

    def open(
        self, stream: BinaryIO, name: str, max_megapixels: float, limits: ReadLimits
    ) -> OpenedImage:
        """The decoded file, turned upright.

        Args:
            stream: The file, from its beginning; it has at least one byte.
            name: Its name without its folder, for messages.
            max_megapixels: Largest picture, in millions of pixels, by its header.
            limits: What else its decode may take.

        Raises:
            InputError: The file is broken, no image, or larger than allowed.
        """
        ...

    def size(
        self, stream: BinaryIO, name: str, max_megapixels: float, limits: ReadLimits
    ) -> tuple[int, int]:
        """Its width and height, by its header alone; otherwise as ``open``."""
        ...

    def examine(self, profile: bytes) -> State:
        """Whether a colour profile for RGB can be used; see ``profiles.examine``.

        Raises:
            InputError: It broke whoever looked at it.
        """
        ...

    def convert(
        self, image: Image.Image, source: bytes | None, target: bytes | None, *, always: bool
    ) -> Converted:
        """Colours in another profile; see ``profiles.convert``.

        Raises:
            ProfileError: A profile cannot be read, or does not fit.
            InputError: It broke whoever converted by it.
        """
        ...


@dataclass(frozen=True)
class ReadLimits:
    """What a decode may take, and where it is done.

    Args:
        max_scan_megapixels: Most scans of a JPEG times its megapixels. A scan takes at least 1 ms
            for each megapixel, however few bytes it has; a progressive photo has 10 or so.
        rare_formats: Whether formats are read that hardly anyone uses, by code that hardly anyone
            has tried: JPEG 2000, PPM, TGA, ICO, BMP without its header, and TIFF in tiles.
        decoder: Who decodes; None does it in the process that asks.
        max_text_mb: Largest file of text beside masks, in MB: annotations, names of labels.
        max_mask_megapixels: Most megapixels of all mask files of a photo, each of which has at
            least as many as the photo; those of label maps count four times.
    """

    max_scan_megapixels: float = 2000.0
    rare_formats: bool = False
    decoder: Decoder | None = None
    max_text_mb: float = 20.0
    max_mask_megapixels: float = 2000.0


def check_megapixels(size_wh: tuple[int, int], max_megapixels: float, name: str) -> None:
    """Refuse a picture with more pixels than allowed.

    Raises:
        InputError: It has more; the sentence gives both numbers.
    """
    width, height = size_wh
    megapixels = width * height / 1e6
    if megapixels > max_megapixels:
        raise InputError(
            f"{name} is {width} x {height}, {short_megapixels(megapixels)} megapixels: "
            f"at most {short_megapixels(max_megapixels)} are read"
        )


def short_megapixels(megapixels: float) -> str:
    """Megapixels for a sentence: one digit behind the point, or three that count."""
    return f"{megapixels:.1f}".removesuffix(".0") if megapixels >= 0.1 else f"{megapixels:.3g}"
