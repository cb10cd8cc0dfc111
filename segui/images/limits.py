"""What may be read: how large, how many times over, and which formats; and who decodes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, TypedDict

from segui.amounts import allowed, rounded_up
from segui.errors import InputError, LargeError
from segui.images.smaller import Shrink, most_megapixels, opened_wh

if TYPE_CHECKING:  # the settings are read before Pillow is needed
    from PIL import Image

    from segui.images.opened import OpenedImage
    from segui.images.profiles import Converted, State


MOST_SIDE_PX: Final = 65_535  # of a JPEG; each row takes time and memory of its own


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
        shrink: How a picture of up to four times the pixels that are allowed is made smaller, so
            that it has as many as are: ``average`` or ``pick``; empty refuses it.
    """

    max_scan_megapixels: float = 2000.0
    rare_formats: bool = False
    decoder: Decoder | None = None
    max_text_mb: float = 20.0
    max_mask_megapixels: float = 2000.0
    shrink: Shrink = ""

    @property
    def of_masks(self) -> ReadLimits:
        """The same for pictures whose values are not to be mixed."""
        return replace(self, shrink="pick") if self.shrink else self


class Reading(TypedDict):
    """What every reader of a picture's file takes by name."""

    max_megapixels: float
    limits: ReadLimits


def check_megapixels(
    size_wh: tuple[int, int], max_megapixels: float, name: str, shrink: Shrink = ""
) -> None:
    """Refuse a picture with more pixels than allowed, or with a longer side than a photo has.

    Raises:
        LargeError: It has more, and could be made smaller.
        InputError: It has far more, or a side of it; the sentence gives both numbers.
    """
    width, height = size_wh
    megapixels, most = width * height / 1e6, most_megapixels(max_megapixels, shrink)
    if megapixels <= most:
        if max(size_wh) > MOST_SIDE_PX:
            raise InputError(
                f"{name} is {width} x {height}: a side of at most {MOST_SIDE_PX} px is read"
            )
        return
    sentence = (
        f"{name} is {width} x {height}, {rounded_up(megapixels)} megapixels: "
        f"at most {allowed(most)} are read"
    )
    if megapixels <= most_megapixels(max_megapixels, "average"):
        raise LargeError(sentence, opened_wh(size_wh, max_megapixels))
    raise InputError(sentence)
