"""How an edited version was turned or mirrored, by what it and its photo show."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from segui.images.features import Pixels
from segui.images.pictures import shrink
from segui.images.placing import likeness

_SMALL_PX: Final = 512  # the longer side of what turns are tried on
_LEAST_LIKENESS: Final = 0.4  # of details, that a turned picture and its photo have
_MORE_LIKE: Final = 1.5  # times as much like as when it is not turned

WAYS: Final[Mapping[str, Callable[[Pixels], Pixels]]] = {
    "turned by 180 degrees": lambda pixels: np.rot90(pixels, 2),
    "mirrored, left for right": lambda pixels: pixels[:, ::-1],
    "mirrored, top for bottom": lambda pixels: pixels[::-1],
    "turned by 90 degrees to the left": lambda pixels: np.rot90(pixels, 1),
    "turned by 90 degrees to the right": lambda pixels: np.rot90(pixels, 3),
    "mirrored, then turned by 90 degrees to the left": lambda pixels: np.rot90(pixels[:, ::-1], 1),
    "mirrored, then turned by 90 degrees to the right": lambda pixels: np.rot90(pixels[:, ::-1], 3),
}


def way_back(picture: Pixels, photo: Pixels, alike: float | None = None) -> str:
    """How a picture has to be turned to be like the photo; empty where no way makes it so.

    Args:
        picture: (h, w, 3 or 4) uint8.
        photo: (H, W, 3 or 4) uint8.
        alike: How much alike they are as the picture lies; None finds out.
    """
    small, of_photo = (shrink(pixels, _SMALL_PX) for pixels in (picture, photo))
    before = likeness(of_photo, small) if alike is None else alike
    most, best = max(_LEAST_LIKENESS, _MORE_LIKE * before), ""
    for how in WAYS:
        like = likeness(of_photo, turned(small, how))
        if like > most:
            most, best = like, how
    return best


def turned(pixels: Pixels, how: str) -> Pixels:
    """A picture turned in one of the ways, a new array.

    Args:
        pixels: (h, w, 3 or 4) uint8.
        how: One of ``WAYS``.
    """
    return np.ascontiguousarray(WAYS[how](pixels))
