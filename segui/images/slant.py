"""How an edited version lies that was turned by a few degrees, and scaled or moved with that.

An editor that straightens a horizon turns a picture, and most then crop it.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.images.features import Pixels, find_similarity, scale_of
from segui.images.placing import as_channels

_LEAST_TURN_PX: Final = 0.7  # at the end of a side: less cannot be told from noise
_MOST_DEGREES: Final = 20.0
_AVERAGED_BELOW: Final = 0.75  # of its size
_SEEN_PX: Final = 1024  # of a side: so finely features are placed


@dataclass(frozen=True, eq=False)
class Slant:
    """Where a version that was turned lies on its photo.

    Args:
        matrix: (2, 3) float64: from middles of its pixels to those of the photo's, x then y.
    """

    matrix: NDArray[np.float64]

    @property
    def degrees(self) -> float:
        """By how much it has to be turned to the right; below 0 to the left."""
        return math.degrees(math.atan2(self.matrix[1, 0], self.matrix[0, 0]))

    @property
    def scale(self) -> float:
        """Pixels of the photo for each of its own."""
        return scale_of(self.matrix)


def find_slant(photo: Pixels, edited: Pixels) -> Slant | None:
    """How a version was turned, by a few degrees at most.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: (h, w, 3 or 4) uint8, of any size.

    Returns:
        None where it was not turned, or the two have too little in common to tell.
    """
    matrix = find_similarity(photo, edited)
    if matrix is None:
        return None
    slant = Slant(matrix)
    return slant if _is_turned(slant, edited.shape) else None


def lay_slanted(edited: Pixels, photo: Pixels, slant: Slant) -> Pixels:
    """A version turned back on its photo, whose pixels stand where it does not reach.

    Args:
        edited: (h, w, 3 or 4) uint8.
        photo: (H, W, 3 or 4) uint8.
        slant: How it lies.

    Returns:
        (H, W, channels of the edited version) uint8, a new array.
    """
    size_wh = photo.shape[1], photo.shape[0]
    few, matrix = _averaged(edited, slant)
    how: Any = {"flags": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_REPLICATE}
    laid = cv2.warpAffine(few, matrix, size_wh, **how)
    inside = reached_slanted(slant, edited.shape, photo.shape)
    below = as_channels(photo, edited.shape[2])
    return np.asarray(np.where(inside[..., None], laid, below), np.uint8)


def reached_slanted(
    slant: Slant, own_hw: tuple[int, ...], size_hw: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Which of a photo's pixels a version covers that was turned: (H, W).

    Args:
        slant: How it lies.
        own_hw: Its height and width.
        size_hw: The photo's.
    """
    whole = np.full(own_hw[:2], 255, np.uint8)
    wholly = cv2.warpAffine(whole, slant.matrix, size_hw[1::-1], flags=cv2.INTER_LINEAR)
    # a pixel more: what was turned before has mixed its rim with what lay beyond it
    return np.asarray(cv2.erode(wholly, np.ones((5, 5), np.uint8), borderValue=0) == 255)


def _averaged(edited: Pixels, slant: Slant) -> tuple[Pixels, NDArray[np.float64]]:
    """A version that is to be shrunk much, at about its final size, and its matrix by then.

    A warp looks at few pixels.
    """
    if slant.scale >= _AVERAGED_BELOW:
        return edited, slant.matrix
    height, width = edited.shape[:2]
    size_wh = max(1, round(width * slant.scale)), max(1, round(height * slant.scale))
    few = np.asarray(cv2.resize(edited, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
    by = np.array([width, height]) / size_wh
    linear = slant.matrix[:, :2]
    begin = slant.matrix[:, 2] + linear @ ((by - 1) / 2)
    return few, np.column_stack([linear * by, begin])


def _is_turned(slant: Slant, own_hw: tuple[int, ...]) -> bool:
    turned = abs(slant.degrees)
    side_px = min(_SEEN_PX, max(own_hw[:2]) * max(1.0, slant.scale))
    return math.radians(turned) * side_px / 2 >= _LEAST_TURN_PX and turned <= _MOST_DEGREES
