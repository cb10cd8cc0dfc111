"""Gender by face: female or male by the looks of a face, by a network that a package brings."""

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from segui.classifiers.base import Crop, Scores
from segui.classifiers.catalogue import GENDER_BY_FACE
from segui.errors import ClassifierError
from segui.models.packaged import GENDER

LABELS: Final = ("Female", "Male")  # in the order of the network's output
_SIDE_PX: Final = 32
_MEAN_RGB: Final = (122.782, 117.001, 104.298)
# of the height, that a face's middle lies below that of a mask from the hair to the chin
_BELOW: Final = 0.05


class GenderByFace:
    """Scores a face as female and male; the two add up to 1.

    It judges by looks in one picture, and cannot know anyone's gender. It was trained on faces from
    brow to chin: with a fifth around them it is wrong now and then, with two fifths often. So it
    looks at what the finder took for the face, and at the segment's box where none did, whatever
    context its user asks for.

    Source: the network is ``gender-v1`` of dlib-models (CC0-1.0), whose file a package brings; its
    input is as dlib makes it: 32 x 32 px, less the means of red, green and blue, over 256.
    """

    name = GENDER_BY_FACE
    labels = LABELS
    context = "found"

    def __init__(self) -> None:
        self._lock = Lock()  # OpenCV's network serves one thread at a time

    def score(self, crops: Sequence[Crop]) -> list[Scores]:
        """How female and how male each face looks.

        Args:
            crops: What to look at, each a face.

        Returns:
            For each crop, in order, a score in [0, 1] for ``Female`` and for ``Male``.

        Raises:
            ClassifierError: The weights are not there, or not the known ones.
        """
        return [self._scores(_square(crop.image)) for crop in crops]

    def _scores(self, face: NDArray[np.float32]) -> Scores:
        with self._lock:
            self._net.setInput(face)
            answer = np.asarray(self._net.forward(), np.float64).reshape(-1)
        if len(answer) != len(LABELS) or not np.isfinite(answer).all():
            raise ClassifierError(
                f"{self.name} answered {answer.tolist()!r:.80}: expected two numbers"
            )
        values = np.clip(answer, 0, 1).tolist()
        return dict(zip(LABELS, values, strict=True))

    @cached_property
    def _net(self) -> Any:
        content = np.frombuffer(GENDER.read(), np.uint8)
        return cv2.dnn.readNetFromONNX(content)


def _square(image: Image.Image) -> NDArray[np.float32]:
    """What the network gets of a picture: its largest square, (1, 3, 32, 32) float32.

    A face's box is square but where the picture's border cuts it. A mask that somebody drew from
    the hair to the chin is higher than wide; its face lies a little below its middle.
    """
    pixels = np.asarray(image.convert("RGB"))
    height, width = pixels.shape[:2]
    side = min(height, width)
    top = min(height - side, round((height - side) / 2 + _BELOW * height))
    left = (width - side) // 2
    face = pixels[top : top + side, left : left + side]
    small = cv2.resize(face, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    values = (np.asarray(small, np.float32) - np.array(_MEAN_RGB, np.float32)) / np.float32(256)
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])
