"""How many pixels the mask files of a photo have together: each is held at the photo's size."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from segui.amounts import allowed, rounded_up
from segui.errors import SumError
from segui.images.limits import ReadLimits
from segui.masks.files import MaskFile

SizeOf = Callable[[Path], tuple[int, int]]
_MAP_TIMES: Final = 4  # a label takes four bytes, a level of a soft mask one


class Together:
    """Counts the pixels of masks while they are read one after the other.

    Args:
        pixels: How many each file that is to be read has at least.
        limits: The most megapixels of all.

    Raises:
        SumError: There are more, before anything is read.
    """

    def __init__(self, pixels: Mapping[Path, int], limits: ReadLimits) -> None:
        self._pixels = pixels
        self._most = limits.max_mask_megapixels
        self._sum = sum(pixels.values())
        if self._sum > self._most * 1e6:
            raise SumError(
                f"{len(pixels)} mask files have {rounded_up(self._sum / 1e6)} megapixels "
                f"together, each at least as many as the photo: at most "
                f"{allowed(self._most)} are read"
            )

    def add(self, path: Path, masks: Sequence[MaskFile]) -> None:
        """Count what a file turned out to hold in place of what its header said.

        Args:
            path: The file.
            masks: Its masks, at the photo's size.

        Raises:
            SumError: All have too many by now, those that are not read yet as their headers say.
        """
        found = sum(_held(mask) for mask in masks)
        self._sum += max(0, found - self._pixels[path])
        if self._sum > self._most * 1e6:
            raise SumError(
                f"the mask files have more than {allowed(self._most)} megapixels "
                "together, those of a label map four times: at most as many are read"
            )


def _held(mask: MaskFile) -> int:
    height, width = mask.size_hw
    return height * width * (1 if mask.labels is None else _MAP_TIMES)


def together(
    pictures: Sequence[Path],
    texts: Sequence[Path],
    photo_hw: tuple[int, int],
    size_of: SizeOf,
    max_megapixels: float,
    limits: ReadLimits,
) -> Together:
    """The count for all files of a photo, of which none is decoded yet.

    Args:
        pictures: Mask files that are pictures.
        texts: Annotations, which have at least one map of the photo's size.
        photo_hw: Height and width of the photo.
        size_of: Gives a picture's width and height by its header; asked only where the files could
            be too large together, since each costs some milliseconds.
        max_megapixels: The largest picture, in millions of pixels.
        limits: The most megapixels of all.

    Raises:
        SumError: There are more.
        InputError: A header cannot be read, or a picture is too large by itself.
    """
    least = photo_hw[0] * photo_hw[1]
    largest = max(least, max_megapixels * 1e6)
    fits = len(pictures) * largest + len(texts) * least <= limits.max_mask_megapixels * 1e6
    pixels = dict.fromkeys((*pictures, *texts), least)
    if not fits:
        for path in pictures:
            width, height = size_of(path)
            pixels[path] = max(least, width * height)
    return Together(pixels, limits)
