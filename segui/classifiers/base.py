"""What every classifier is: crops in, a score for each label out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PIL import Image

Scores = dict[str, float]


@dataclass(frozen=True)
class Crop:
    """What a classifier is shown of one segment.

    Args:
        image: The crop region's pixels, mode RGB.
        mask: The segment's mask, mode L, of the same size; 255 is the segment.
    """

    image: Image.Image
    mask: Image.Image


@runtime_checkable
class Classifier(Protocol):
    """Anything that scores crops. One call gets all crops of a picture and batches as it likes."""

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """Scores for each crop, in order: every label that the classifier knows, each in [0, 1]."""
        ...
