"""Opening a picture that is larger than allowed at the largest size that is.

It needs Pillow alone: whoever decodes pictures apart does this too.
"""

from __future__ import annotations

import math
from typing import Final, Literal

from PIL import Image

# How a picture that is too large is opened: not at all; smaller, each pixel of all that it covers,
# as photos are; or smaller, each pixel one of the file's, so that numbers of labels stay numbers.
Shrink = Literal["", "average", "pick"]
# Of what is allowed, so much may be decoded to be made smaller: it has to be held for that.
SHRINK_TIMES: Final = 4.0
_ROUNDED: Final = 1e-6  # half of 1600 is 800
_AVERAGED: Final = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I", "F", "I;16")


def most_megapixels(max_megapixels: float, shrink: Shrink) -> float:
    """The largest picture that is decoded, in millions of pixels.

    Args:
        max_megapixels: The largest that is opened.
        shrink: Whether a larger one is made smaller.
    """
    return max_megapixels * SHRINK_TIMES if shrink else max_megapixels


def opened_wh(size_wh: tuple[int, int], max_megapixels: float) -> tuple[int, int]:
    """The size at which a picture is opened: its own, or the largest one of its proportions.

    Args:
        size_wh: Its width and height, px.
        max_megapixels: The largest that is opened, in millions of pixels.

    >>> opened_wh((12_000, 9_000), 50.0), opened_wh((800, 600), 50.0)
    ((8164, 6123), (800, 600))
    """
    width, height = size_wh
    most = max_megapixels * 1e6
    if width * height <= most:
        return width, height
    factor = math.sqrt(most / (width * height))
    if min(width, height) * factor >= 1:
        return int(width * factor + _ROUNDED), int(height * factor + _ROUNDED)
    return (1, min(height, int(most))) if width < height else (min(width, int(most)), 1)


def prepare(image: Image.Image, size_wh: tuple[int, int]) -> None:
    """Have as little of a picture decoded as its size asks for; a JPEG's halves cost less.

    Args:
        image: Opened, not decoded yet.
        size_wh: The width and height that it will be given, px, before it is turned.
    """
    if image.format in ("JPEG", "MPO") and image.size != size_wh:
        image.draft(None, size_wh)


def made_smaller(image: Image.Image, size_wh: tuple[int, int], shrink: Shrink) -> Image.Image:
    """A decoded picture at another size; of a palette with averages, in its colours.

    Args:
        image: It.
        size_wh: Width and height, px.
        shrink: ``average`` or ``pick``.
    """
    if image.size == size_wh:
        return image
    if shrink == "pick":
        return image.resize(size_wh, Image.Resampling.NEAREST)
    return _averageable(image).resize(size_wh, Image.Resampling.LANCZOS)


def _averageable(image: Image.Image) -> Image.Image:
    """The same colours in a mode of which a mean is the mean colour."""
    if "transparency" in image.info:
        return image.convert("LA" if image.mode == "L" else "RGBA")
    if image.mode in _AVERAGED:
        return image
    if image.mode in ("1", "La"):
        return image.convert("L" if image.mode == "1" else "LA")
    if image.mode.startswith("I;16"):
        return image.convert("I")
    return image.convert("RGBA" if image.mode in ("PA", "RGBa") else "RGB")
