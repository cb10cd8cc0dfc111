"""Colour and light of what is pasted, made like the photo's beside the outline."""

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Marks = NDArray[np.bool_]

# How wide the band is on either side of the outline: of the shorter side, and its ends in px.
BAND_SHARE: Final = 1 / 12
BAND_PX: Final = (3, 32)
# A spread is changed by no more than this: of a plain ground it would be nearly anything.
MOST_SPREAD: Final = 2.0
LEAST_SPREAD: Final = np.float32(1e-3)
FEWEST_PX: Final = 16


class Match(NamedTuple):
    """What makes colours alike: ``(v - own) spread + wanted`` in CIELAB, channel by channel.

    Args:
        own: The mean of what is pasted, (3,) float32.
        wanted: The photo's mean.
        spread: By how much differences from the mean grow.
    """

    own: Floats
    wanted: Floats
    spread: Floats

    def of(self, colours: Bytes) -> Bytes:
        """(h, w, 3) sRGB, matched."""
        moved = self.wanted - self.own * self.spread
        matched = cv2.transform(_lab(colours), np.column_stack((np.diag(self.spread), moved)))
        rgb = cv2.cvtColor(np.asarray(matched, np.float32), cv2.COLOR_Lab2RGB)
        return np.asarray(cv2.convertScaleAbs(rgb, alpha=255), np.uint8)


def band_px(box: Box) -> int:
    """How wide the band beside an outline is, for a segment of that box."""
    least, most = BAND_PX
    return min(max(round(BAND_SHARE * min(box.size_hw)), least), most)


def band(inside: Marks, width_px: int) -> Marks:
    """The pixels beside an outline, on both sides of it.

    Args:
        inside: (h, w); where it ends with the array, there is no outline.
        width_px: How far from the outline.
    """
    marks = inside.astype(np.uint8)
    kernel = np.ones((2 * width_px + 1, 2 * width_px + 1), np.uint8)
    grown, shrunk = cv2.dilate(marks, kernel), cv2.erode(marks, kernel)
    return np.asarray(grown > shrunk)


def match(photo: Bytes, pasted: Bytes, counted: Marks) -> Match | None:
    """What makes pasted colours like the photo's where it is counted.

    The mean and the standard deviation of each channel of CIELAB there become the photo's
    (Reinhard and others 2001, in a space whose differences are those that are seen).

    Args:
        photo: (h, w, 3) sRGB.
        pasted: (h, w, 3) sRGB.
        counted: (h, w).

    Returns:
        None where too few pixels are counted to say anything.
    """
    marks = counted.astype(np.uint8)
    if cv2.countNonZero(marks) < FEWEST_PX:
        return None
    wanted, theirs = _mean_and_spread(photo, marks)
    own, spread = _mean_and_spread(pasted, marks)
    # where neither varies there is nothing to be made alike
    grown = np.where(spread < LEAST_SPREAD, 1, theirs / np.maximum(spread, LEAST_SPREAD))
    limited = grown.clip(1 / MOST_SPREAD, MOST_SPREAD).astype(np.float32)
    return Match(own, wanted, limited)


def _mean_and_spread(colours: Bytes, marks: Bytes) -> tuple[Floats, Floats]:
    mean, spread = cv2.meanStdDev(_lab(colours), mask=marks)
    return np.asarray(mean, np.float32).ravel(), np.asarray(spread, np.float32).ravel()


def _lab(colours: Bytes) -> Floats:
    floats = np.multiply(colours, np.float32(1 / 255), dtype=np.float32)
    return np.asarray(cv2.cvtColor(floats, cv2.COLOR_RGB2Lab), np.float32)
