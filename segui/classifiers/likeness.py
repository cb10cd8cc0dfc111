"""Like these: areas judged by how much they look like some that were chosen and some that were not.

Nearest means over colour, texture and shape; what the examples differ in counts most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.classifiers.base import Crop, Scores
from segui.classifiers.catalogue import LIKE_THESE
from segui.classifiers.colour import TERMS, name_colours
from segui.errors import InputError

LABELS: Final = ("like", "unlike")
NO_EXAMPLES: Final = (
    "Include some areas by hand, and leave some out: the others are compared with those."
)
_SIDE_PX: Final = 96  # of what is looked at of a segment: its size is a number of its own
_HARD: Final = 128
_SCALES: Final = (1, 2, 4)  # px, over which a texture is looked for
_ALL: Final = 1_000_000  # the examples are among what is scored: all of it comes at once
# How far numbers of one kind lie apart by chance: less says nothing of two segments.
_COLOUR_NOISE: Final = 0.04
_TEXTURE_NOISE: Final = 0.25
_SHAPE_NOISE: Final = 0.12
_NAMED: Final = 0.15  # what all of a thing's having another colour name comes to

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class LikeThese:
    """Scores segments as ``like`` and ``unlike`` some of them; the two add up to 1.

    Args:
        examples: By its place among the crops that are scored together, from 0, whether a segment
            is one of those that are looked for. Where none is given, nothing is known; where all
            are of one kind, the other kind is what is left.
    """

    examples: Mapping[int, bool] = field(default_factory=dict)

    name = LIKE_THESE
    labels = LABELS
    context = "bbox"
    batch_size = _ALL
    compares = True

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever asks should know."""
        return () if self.examples else (NO_EXAMPLES,)

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """How like and unlike the examples each crop is.

        Args:
            crops: All of a picture, each cut to its segment's box; the examples are among them.

        Returns:
            For each crop, in order, a score in [0, 1] for ``like`` and for ``unlike``: 1 and 0 for
            an example of what is looked for, 0 and 1 for one of the others. Without examples no
            score at all.

        Raises:
            InputError: An example is not among the crops, or a mask is not of its crop's size.
        """
        for place in self.examples:
            if not 0 <= place < len(crops):
                raise InputError(
                    f"an example is at {place}: expected a place among {len(crops)} crops"
                )
        if not self.examples or not crops:
            return [{} for _ in crops]
        features = np.stack([features_of(crop) for crop in crops])
        like = likeness(features, self.examples)
        return [{"like": float(value), "unlike": float(1 - value)} for value in like]


def likeness(features: Numbers, examples: Mapping[int, bool]) -> Numbers:
    """How much each row is like the examples, by the distance to the means of both kinds.

    Args:
        features: (n, k), in units of what differs by chance.
        examples: By row, whether it is one of those that are looked for; at least one.

    Returns:
        (n,) in 0..1.
    """
    yes = [place for place, is_wanted in examples.items() if is_wanted]
    no = [place for place, is_wanted in examples.items() if not is_wanted]
    rest = [place for place in range(len(features)) if place not in examples]
    means = [features[part or rest or [*yes, *no]].mean(axis=0) for part in (yes, no)]
    # what the kinds do not differ in by more than chance has no weight
    weights = np.maximum(np.square(means[0] - means[1]) - 1, 0) / (1 + _spread(features, yes, no))
    to_yes, to_no = (np.sqrt(np.square(features - mean) @ weights) for mean in means)
    both = to_yes + to_no
    like = np.divide(to_no, both, out=np.full(len(features), 0.5), where=both > 0)
    like[yes], like[no] = 1, 0
    return np.asarray(like, np.float64)


def features_of(crop: Crop) -> Numbers:
    """Numbers that say how a segment looks, in units of what differs by chance.

    Args:
        crop: Cut to the segment's box.

    Returns:
        Colours (mean and spread of lightness and the two opponent colours, shares of eleven
        names), textures (how much it varies over 1, 2 and 4 px), and shape (how large, wide,
        full and round it is).

    Raises:
        InputError: The mask is not of the crop's size.
    """
    if crop.image.size != crop.mask.size:
        raise InputError(
            f"the crop is {crop.image.width} x {crop.image.height}, its mask {crop.mask.width} x "
            f"{crop.mask.height}: their sizes must match"
        )
    mask = np.asarray(crop.mask) >= _HARD
    pixels = np.asarray(crop.image.convert("RGB"))
    if not mask.any():
        mask = np.ones(mask.shape, np.bool_)
    small, inside = _small(pixels, mask)
    return np.concatenate(
        [
            _colours(small, inside) / _COLOUR_NOISE,
            _textures(small, inside) / _TEXTURE_NOISE,
            _shape(mask) / _SHAPE_NOISE,
        ]
    )


def _spread(features: Numbers, yes: Sequence[int], no: Sequence[int]) -> Numbers:
    """How far examples of one kind lie apart from each other, in the mean of both kinds."""
    parts = [features[list(part)].var(axis=0) for part in (yes, no) if part]
    return np.asarray(np.mean(parts, axis=0), np.float64)


def _small(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> tuple[Any, NDArray[np.bool_]]:
    """A crop of a size that takes no time, and which of its pixels are the segment's."""
    height, width = mask.shape
    factor = min(1.0, _SIDE_PX / max(height, width))
    size_wh = (max(1, round(width * factor)), max(1, round(height * factor)))
    small = cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA)
    share = cv2.resize(mask.astype(np.float32), size_wh, interpolation=cv2.INTER_AREA)
    inside = np.asarray(share) > 0.99
    return small, inside if inside.any() else np.asarray(share) > 0


def _colours(small: Any, inside: NDArray[np.bool_]) -> Numbers:
    lab = cv2.cvtColor(np.asarray(small, np.float32) / 255, cv2.COLOR_RGB2LAB)
    own = np.asarray(lab, np.float64)[inside] / 100
    shares = np.bincount(name_colours(np.asarray(small, np.uint8))[inside], minlength=len(TERMS))
    # a share's root: a thing that is a tenth red differs from one that is not red at all; with
    # little weight, since two shades may have different names
    named = np.sqrt(shares / inside.sum()) * _NAMED
    return np.concatenate([own.mean(axis=0), own.std(axis=0), named])


def _textures(small: Any, inside: NDArray[np.bool_]) -> Numbers:
    grey = cv2.cvtColor(np.asarray(small, np.float32) / 255, cv2.COLOR_RGB2GRAY)
    energies = []
    for scale in _SCALES:
        side = 2 * scale + 1
        smooth = cv2.boxFilter(grey, -1, (side, side), borderType=cv2.BORDER_REFLECT)
        # beside its edge the surroundings would count
        square = np.ones((side, side), np.uint8)
        inner = cv2.erode(inside.astype(np.uint8), square, borderValue=0) > 0
        part = inner if inner.any() else inside
        energies.append(float(np.square(np.asarray(grey) - smooth)[part].mean()))
    return np.asarray(np.log10(np.array(energies) + 1e-4) / 2, np.float64)


def _shape(mask: NDArray[np.bool_]) -> Numbers:
    height, width = mask.shape
    area = float(mask.sum())
    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = np.concatenate([outline.reshape(-1, 2) for outline in outlines])
    hull = max(area, float(cv2.contourArea(cv2.convexHull(points))))
    length = sum(cv2.arcLength(outline, closed=True) for outline in outlines)
    round_ = min(1.0, 4 * np.pi * area / max(1.0, float(length) ** 2))
    return np.array(
        [
            np.log(area) / 4,
            abs(np.log(width / height)) / 2,
            np.log(width / height) / 4,
            area / (height * width),
            area / hull,
            round_,
        ]
    )
