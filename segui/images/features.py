"""How an edited version lies on its photo, by features that know no size and no angle.

They find what was cropped and scaled to any size, and what was turned by a few degrees on top.
"""

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_LOOKED_AT_PX: Final = 1024  # the longer side of what features are looked for on
_FEATURES: Final = 3000
_FAR_FROM_NEXT: Final = 0.75  # of the distance to the next likely feature: else it may be either
_OFF_PX: Final = 2.0  # how far a feature may be from where the others say it is
_LEAST_PAIRS: Final = 24
_LEAST_AGREEING: Final = 0.2  # of the pairs
_LEAST_SPREAD: Final = 0.1  # of a side, their standard deviation: a moved thing is no turn of all
_MOST_SCALE: Final = 6.0
_STRAIGHT_PX: Final = 2.0  # from one end of a side to the other: what is off by more was turned


def find_similarity(photo: Pixels, edited: Pixels) -> NDArray[np.float64] | None:
    """What a version's pixels have to be scaled, turned and moved by to lie on its photo.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: (h, w, 3 or 4) uint8, of any size.

    Returns:
        (2, 3): from middles of its pixels to those of the photo's, x then y. None where the two
        have too little in common to tell.
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
    spread = own[agree].std(axis=0) / np.array(edited.shape[1::-1])
    if np.any(spread < _LEAST_SPREAD):
        return None
    found = np.asarray(matrix, np.float64)
    return found if 1 / _MOST_SCALE <= scale_of(found) <= _MOST_SCALE else None


def find_straight(photo: Pixels, edited: Pixels) -> tuple[float, float, float] | None:
    """What a version has to be scaled by, and where it then begins on its photo, x and y in px.

    Args:
        photo: (H, W, 3 or 4) uint8.
        edited: (h, w, 3 or 4) uint8, of any size.

    Returns:
        None where it was turned, or the two have too little in common to tell.
    """
    matrix = find_similarity(photo, edited)
    if matrix is None or abs(matrix[1, 0]) * max(edited.shape[:2]) > _STRAIGHT_PX:
        return None
    scale = scale_of(matrix)
    # from middles of pixels to where they begin
    left, top = (matrix[:, 2] + (1 - scale) / 2).tolist()
    return scale, left, top


def scale_of(matrix: NDArray[np.float64]) -> float:
    """Pixels of the photo for each of a version's own."""
    return math.hypot(matrix[0, 0], matrix[1, 0])


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
