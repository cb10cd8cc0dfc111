"""The face detector's network: a square of 192 px in, boxes of faces out.

Source: MediaPipe's full-range face detection (Apache-2.0), whose file a package brings. Its inputs,
outputs and anchors are as its model card and its graph have them.
"""

from functools import cache
from threading import Lock
from typing import Any, Final, NamedTuple, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.models.packaged import FULL_RANGE_FACES

SIDE_PX: Final = 192
SMALLEST_SHARE: Final = 0.09  # of the square's side, that a face has to have to be found
_GRID: Final = 48
_CELL_PX: Final = SIDE_PX / _GRID
_SCORES: Final = "reshaped_classifier_face_4"
_BOXES: Final = "reshaped_regressor_face_4"
_MOST_LOGIT: Final = 80.0  # exp of more has no room in float32

Floats = NDArray[np.float32]


class Sees(NamedTuple):
    """What a network of faces is shown, and which faces it finds in that.

    Args:
        side_px: The side of the square that it is shown.
        smallest_share: Of that side, what the smallest face has to have to be found.
        largest_share: Of that side, what the largest face may have.
    """

    side_px: int
    smallest_share: float
    largest_share: float = 1.0


FULL_RANGE: Final = Sees(SIDE_PX, SMALLEST_SHARE)


class Seen(NamedTuple):
    """What was seen in a square.

    Args:
        scores: (n,) float32, how sure the detector is of each, 0..1.
        boxes: (n, 4) float32, xyxy px of the square; they may reach beyond it.
    """

    scores: Floats
    boxes: Floats


class Net(Protocol):
    """A network that finds faces in a square; threads may share one."""

    @property
    def sees(self) -> Sees:
        """What it is shown, and which faces it finds in that."""

    def look(self, square: NDArray[np.uint8], confidence: float) -> Seen:
        """The faces in a square, perhaps several times each.

        Args:
            square: (side, side, 3) uint8, RGB.
            confidence: The least that counts, 0..1.
        """


class FaceNet:
    """The network, read once; threads take turns, since OpenCV's serves one at a time.

    Raises:
        ClassifierError: The weights are not there, or not the known ones.
    """

    sees = FULL_RANGE

    def __init__(self) -> None:
        content = np.frombuffer(FULL_RANGE_FACES.read(), np.uint8)
        self._net = cv2.dnn.readNetFromTFLite(content)
        self._lock = Lock()

    def look(self, square: NDArray[np.uint8], confidence: float) -> Seen:
        """The faces in a square, one upon the other as they were seen.

        Args:
            square: (192, 192, 3) uint8, RGB.
            confidence: The least that counts, 0..1.
        """
        mean: Any = (127.5, 127.5, 127.5)
        blob = cv2.dnn.blobFromImage(square, 1 / 127.5, mean=mean)
        with self._lock:
            logits = self._forward(blob, _SCORES).reshape(-1)
            scores = 1 / (1 + np.exp(-np.clip(logits, -_MOST_LOGIT, _MOST_LOGIT)))
            places = np.flatnonzero(scores >= confidence)
            if not places.size:  # as in most squares, whose boxes are not asked for
                return Seen(np.zeros(0, np.float32), np.zeros((0, 4), np.float32))
            raw = self._forward(blob, _BOXES).reshape(len(logits), -1)[places]
        rows, columns = np.divmod(places, _GRID)
        centres = np.stack([columns, rows], axis=1) * _CELL_PX + _CELL_PX / 2 + raw[:, :2]
        boxes = np.hstack([centres - raw[:, 2:4] / 2, centres + raw[:, 2:4] / 2])
        return Seen(scores[places].astype(np.float32), boxes.astype(np.float32))

    def _forward(self, blob: Any, name: str) -> Floats:
        """One output; OpenCV 5 refuses to give both at once."""
        self._net.setInput(blob)
        return np.asarray(self._net.forward(name), np.float32)


@cache
def face_net() -> FaceNet:
    """The network of this process, read when it is first asked for."""
    return FaceNet()
