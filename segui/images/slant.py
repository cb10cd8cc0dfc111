"""How an edited version lies that was turned by a few degrees, and scaled or moved with that.

An editor that straightens a horizon turns a picture, and most then crop it. What both show is found
by features that know no angle.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.images.placing import Pixels, as_channels

_LOOKED_AT_PX: Final = 1024  # the longer side of what features are looked for on
_FEATURES: Final = 3000
_FAR_FROM_NEXT: Final = 0.75  # of the distance to the next likely feature: else it may be either
_OFF_PX: Final = 2.0  # how far a feature may be from where the others say it is
_LEAST_PAIRS: Final = 24
_LEAST_AGREEING: Final = 0.2  # of the pairs
_LEAST_SPREAD: Final = 0.1  # of a side, their standard deviation: a moved thing is no turn of all
_LEAST_TURN_PX: Final = 0.7  # at the end of a side: less cannot be told from noise
_MOST_DEGREES: Final = 20.0
_MOST_SCALE: Final = 1.5


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
        return math.hypot(self.matrix[0, 0], self.matrix[1, 0])


def find_slant(photo: Pixels, edited: Pixels) -> Slant | None:
    """How a version was turned, by a few degrees at most.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: (h, w, 3 or 4) uint8, of any size.

    Returns:
        None where it was not turned, or the two have too little in common to tell.
    """
    (of_photo, photo_by), (of_edited, edited_by) = (_small(each) for each in (photo, edited))
    pairs = _pairs(of_edited, of_photo)
    if len(pairs) < _LEAST_PAIRS:
        return None
    # middles of pixels, of the pictures as they are
    own, its = (pairs[:, at] for at in (0, 1))
    own, its = ((each + 0.5) / by - 0.5 for each, by in ((own, edited_by), (its, photo_by)))
    off_px = _OFF_PX / min(photo_by)
    matrix, agreeing = cv2.estimateAffinePartial2D(
        own, its, method=cv2.RANSAC, ransacReprojThreshold=off_px, maxIters=4000, confidence=0.999
    )
    if matrix is None:
        return None
    agree = np.ravel(agreeing) > 0
    if np.count_nonzero(agree) < max(_LEAST_PAIRS, _LEAST_AGREEING * len(pairs)):
        return None
    height, width = photo.shape[:2]
    if np.any(its[agree].std(axis=0) < _LEAST_SPREAD * np.array([width, height])):
        return None
    slant = Slant(np.asarray(matrix, np.float64))
    return slant if _is_turned(slant, max(height, width) * min(photo_by)) else None


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
    beyond = cv2.BORDER_REPLICATE
    laid = cv2.warpAffine(edited, slant.matrix, size_wh, flags=cv2.INTER_CUBIC, borderMode=beyond)
    whole = np.full(edited.shape[:2], 255, np.uint8)
    reached = cv2.warpAffine(whole, slant.matrix, size_wh, flags=cv2.INTER_LINEAR)
    # a pixel more: what was turned before has mixed its rim with what lay beyond it
    inside = cv2.erode(reached, np.ones((5, 5), np.uint8), borderValue=0) == 255
    below = as_channels(photo, edited.shape[2])
    return np.asarray(np.where(inside[..., None], laid, below), np.uint8)


def _is_turned(slant: Slant, side_px: float) -> bool:
    turned = abs(slant.degrees)
    is_seen = math.radians(turned) * side_px / 2 >= _LEAST_TURN_PX
    return is_seen and turned <= _MOST_DEGREES and 1 / _MOST_SCALE <= slant.scale <= _MOST_SCALE


def _small(pixels: Pixels) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """A grey picture of some size, and by what its width and height were multiplied."""
    grey = cv2.cvtColor(np.ascontiguousarray(pixels[..., :3]), cv2.COLOR_RGB2GRAY)
    by = min(1.0, _LOOKED_AT_PX / max(grey.shape))
    size_wh = max(1, round(grey.shape[1] * by)), max(1, round(grey.shape[0] * by))
    small = cv2.resize(grey, size_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), np.array(size_wh) / grey.shape[::-1]


def _pairs(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Places of features that both have: (n, 2, 2), in the one and in the other, x and y."""
    finder = cv2.SIFT.create(nfeatures=_FEATURES)
    (own, own_kinds), (its, its_kinds) = (
        finder.detectAndCompute(each, None) for each in (one, other)
    )
    if min(len(own), len(its)) < _LEAST_PAIRS:
        return np.empty((0, 2, 2))
    found = cv2.BFMatcher(cv2.NORM_L2).knnMatch(own_kinds, its_kinds, k=2)
    return np.array(
        [
            (own[first.queryIdx].pt, its[first.trainIdx].pt)
            for first, second in found
            if first.distance < _FAR_FROM_NEXT * second.distance
        ]
    ).reshape(-1, 2, 2)
