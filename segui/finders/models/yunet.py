"""YuNet: a small detector of small faces, from a file that OpenCV reads once it was gone through.

Source: the network's heads and what they mean are as in OpenCV's own
https://github.com/opencv/opencv/blob/4.x/modules/objdetect/src/face_detect.cpp: in each cell of
three grids two shares, of which the root of the product is the score, and a box from the cell's
corner.
"""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.errors import ClassifierError, SumError
from segui.finders.base import Area, Asked, Pixels
from segui.finders.face_net import Floats, Seen, Sees
from segui.finders.face_tiles import most_tiles
from segui.finders.faces import FaceFinder
from segui.finders.models.loaded import Loaded
from segui.models.model_bytes import check_file
from segui.models.onnx_file import OnnxGraph, read_onnx
from segui.models.onnx_shapes import Shape, shapes_of

USUAL: Final = 0.9  # the least confidence, as OpenCV has it where nothing is said of it
SMALLEST_SHARE: Final = 0.025  # 16 px of 640: it is trained for faces of 10 to 300 px
LARGEST_SHARE: Final = 0.47
_SIDE_PX: Final = 640  # where a file leaves it open
_LEAST_SIDE_PX, _MOST_SIDE_PX = 64, 1024
_STRIDES: Final = (8, 16, 32)
_HEADS: Final = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
_MOST_LOG: Final = 10.0  # of a side in cells, beyond which there is no picture
_MOST_OVERLAP: Final = 0.3  # of two boxes of one square: more is the same face
_MOST_SEEN: Final = 1000  # in one square, the surest first
_MOST_FOUND: Final = 30_000  # in all of a picture's squares, several times each
_MOST_TILES: Final = 1000  # each takes some 40 ms


class YuNet:
    """The network; threads take turns, since OpenCV's serves one at a time.

    Args:
        path: Its file.
        name: What the user calls it.

    Raises:
        ClassifierError: The file is too large, cut off, damaged, no YuNet, or asks for more than
            a network of that kind does.
    """

    def __init__(self, path: Path, name: str) -> None:
        check_file(path, name)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ClassifierError(f"{name!r} is not whole: {path.name} is missing") from error
        self.size_bytes = len(content)
        self._name = name
        graph = read_onnx(content, path.name, name)
        self._input, side_px = _input_of(graph, path.name, name)
        self._outputs = graph.outputs
        self.sees = Sees(side_px, SMALLEST_SHARE, LARGEST_SHARE)
        _check_heads(graph, {self._input: (1, 3, side_px, side_px)}, path.name, name)
        try:
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
        except (cv2.error, MemoryError) as error:
            raise ClassifierError(f"{name!r} is broken: OpenCV cannot read {path.name}") from error
        self._lock = Lock()

    def look(self, square: NDArray[np.uint8], confidence: float) -> Seen:
        """The faces in a square, each once.

        Args:
            square: (side, side, 3) uint8, RGB.
            confidence: The least that counts, 0..1.

        Raises:
            ClassifierError: The network puts out other numbers than its file says.
        """
        blob = cv2.dnn.blobFromImage(square, swapRB=True)
        with self._lock:
            self._net.setInput(blob, self._input)
            planes = self._net.forward(self._outputs)  # OpenCV 5 gives all of them or one
        said = dict(zip(self._outputs, planes, strict=True))
        seen = [self._of_grid(said, stride, confidence) for stride in _STRIDES]
        scores = np.concatenate([one.scores for one in seen])
        boxes = np.concatenate([one.boxes for one in seen])
        return _once(scores, boxes)

    def _of_grid(self, said: Mapping[str, Any], stride: int, confidence: float) -> Seen:
        """What is seen in the cells of one size."""
        side = self.sees.side_px // stride
        cls, obj, box = (
            np.asarray(said[f"{head}_{stride}"], np.float32).reshape(-1, _HEADS[head])
            for head in ("cls", "obj", "bbox")
        )
        if not len(cls) == len(obj) == len(box) == side * side:
            raise ClassifierError(f"{self._name!r} puts out other numbers than its file says")
        shares = np.clip(np.nan_to_num(cls[:, 0]), 0, 1) * np.clip(np.nan_to_num(obj[:, 0]), 0, 1)
        scores = np.sqrt(shares)
        is_seen = (scores >= confidence) & np.isfinite(box).all(axis=1)
        places = np.flatnonzero(is_seen & (np.abs(box) <= self.sees.side_px).all(axis=1))
        rows, columns = np.divmod(places, side)
        centres = (np.stack([columns, rows], axis=1) + box[places, :2]) * stride
        halves = np.exp(np.minimum(box[places, 2:], _MOST_LOG)) * stride / 2
        boxes = np.hstack([centres - halves, centres + halves])
        return Seen(scores[places].astype(np.float32), boxes.astype(np.float32))


def find_faces(loaded: Loaded, picture: Pixels, asked: Asked, _: Any) -> list[Area]:
    """The faces of a picture, by a YuNet that is loaded."""
    net = _Counting(loaded.model, loaded.name)
    areas = FaceFinder(net, loaded.effort.go_on).areas(picture, asked, asked.least(USUAL))
    loaded.effort.check_areas([area.box for area in areas])
    return areas


def check_tiles(loaded: Loaded, picture: Pixels, asked: Asked) -> None:
    """Refuse to look for faces so small that the picture would have too many parts.

    Raises:
        SumError: It would.
    """
    size_hw = (picture.shape[0], picture.shape[1])
    tiles = most_tiles(size_hw, asked.smallest_face, loaded.model.sees)
    if tiles > _MOST_TILES:
        raise SumError(
            f"faces of {asked.smallest_face} px in a photo of {size_hw[1]} x {size_hw[0]} would be "
            f"looked for in {tiles} parts of it: at most {_MOST_TILES} are looked at. "
            "Larger faces, or a smaller photo, take fewer"
        )


class _Counting:
    """The network for one picture: what sees faces everywhere is no detector of faces."""

    def __init__(self, net: YuNet, name: str) -> None:
        self._net = net
        self._name = name
        self._count = 0
        self.sees = net.sees

    def look(self, square: NDArray[np.uint8], confidence: float) -> Seen:
        seen = self._net.look(square, confidence)
        self._count += len(seen.scores)
        if self._count > _MOST_FOUND:
            raise ClassifierError(
                f"{self._name!r} saw {self._count:,} faces: at most {_MOST_FOUND:,} are told "
                "apart. A higher confidence has fewer"
            )
        return seen


def _input_of(graph: OnnxGraph, file: str, name: str) -> tuple[str, int]:
    """What the network's one input is called, and the side of the square that it is given."""
    said = list(graph.inputs.items())
    if len(said) == 1:
        ((called, shape),) = said
        sides = {side for side in shape[2:] if side is not None}
        side = next(iter(sides)) if sides else _SIDE_PX
        is_square = len(sides) <= 1 and side % _STRIDES[-1] == 0
        is_rgb = len(shape) == 4 and shape[0] in {1, None} and shape[1] in {3, None}
        if is_square and is_rgb and _LEAST_SIDE_PX <= side <= _MOST_SIDE_PX:
            return called, side
    listed = ", ".join(
        " x ".join("?" if one is None else str(one) for one in shape) for _, shape in said
    )
    raise ClassifierError(
        f"{name!r} is no YuNet: {file} takes {listed or 'nothing'}, expected one picture of "
        f"1 x 3 x {_SIDE_PX} x {_SIDE_PX}"
    )


def _check_heads(graph: OnnxGraph, inputs: dict[str, Shape], file: str, name: str) -> None:
    """See that all heads are there, in the shapes that they have."""
    shapes = shapes_of(graph, inputs, file, name)
    ((_, _, side, _),) = inputs.values()
    for stride in _STRIDES:
        for head, count in _HEADS.items():
            called, cells = f"{head}_{stride}", (side // stride) ** 2
            if called not in graph.outputs or called not in shapes:
                raise ClassifierError(
                    f"{name!r} is no YuNet: {file} does not put out {called!r}, expected 12 heads "
                    "from 'cls_8' to 'kps_32'"
                )
            if shapes[called] != (1, cells, count):
                raise ClassifierError(
                    f"{name!r} is no YuNet: {called!r} of {file} is {shapes[called]}, expected "
                    f"{(1, cells, count)}"
                )


def _once(scores: Floats, boxes: Floats) -> Seen:
    """Each face once: the surest of the boxes that overlap."""
    surest = np.argsort(-scores, kind="stable")[:_MOST_SEEN]
    scores, boxes = scores[surest], boxes[surest]
    left, kept = np.ones(len(scores), bool), []
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    for place in range(len(scores)):
        if not left[place]:
            continue
        kept.append(place)
        low = np.maximum(boxes[place, :2], boxes[:, :2])
        high = np.minimum(boxes[place, 2:], boxes[:, 2:])
        both = np.prod(np.maximum(high - low, 0), axis=1)
        left &= both <= _MOST_OVERLAP * (areas[place] + areas - both)
    return Seen(scores[kept], boxes[kept])
