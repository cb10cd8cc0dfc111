"""Faces, by a detector: large ones at once, small ones in tiles.

The one whose weights come in a package sees a square of 192 px and finds what takes some 9 % of its
side; others see and find other sizes. A picture is looked at as a whole, then in tiles of about a
third of its longer side; first of all made smaller, where a face that fills it is too large for the
detector. Where no face was found by then, or one that is nearly too small to be found, it is looked
at in tiles small enough for ``LEAST_FACE_PX``: where people stand that far away, others stand
farther. What was seen so small is looked at once more from near by.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.finders.base import Area, Asked, FaceArea, Pixels, check_picture, on_white, segments_of
from segui.finders.face_net import Floats, Net, face_net
from segui.finders.face_tiles import Level, corners, levels_of
from segui.geometry import Box
from segui.models.packaged import FULL_RANGE_FACES
from segui.segments.segment import Segments

LABEL: Final = "face"
_NEARLY_TOO_SMALL: Final = 3.0  # times the smallest face that could be found so far
_MOST_OVERLAP: Final = 0.3  # of two boxes, over what they cover together: more is the same face
_MOST_INSIDE: Final = 0.7  # of the smaller box, that lies in the larger one
_HINT: Final = 0.15  # the confidence from which a small face is worth a second look
_MOST_HINTS: Final = 1000  # that are looked at again, the surest first: each takes some 10 ms
_CLOSE: Final = 5.0  # faces side by side in the square of a second look
_CUT_SHARE: Final = 0.05  # of a face beyond its tile, with which another tile knows better
# width and height of the ellipse in sides of the box, and how far its centre lies above the box's
_ELLIPSES: Final[dict[FaceArea, tuple[float, float, float]]] = {
    "ellipse": (1.0, 1.3, 0.12),
    "head": (1.5, 1.9, 0.25),
}

Boxes = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Faces:
    """What was seen: (n, 4) xyxy px of the photo, (n,) scores, (n,) whether a tile cut it."""

    boxes: Boxes
    scores: Floats
    is_cut: NDArray[np.bool_]


_NONE: Final = _Faces(np.zeros((0, 4)), np.zeros(0, np.float32), np.zeros(0, np.bool_))


class FaceFinder:
    """Finds faces.

    Args:
        net: The detector's network; None is the one of this process.
        stop: Called before each tile; what it raises ends the work, and is raised.
    """

    name = "faces"

    def __init__(self, net: Net | None = None, stop: Callable[[], None] = lambda: None) -> None:
        self._net = net
        self._stop = stop

    @property
    def reason(self) -> str:
        """Why faces cannot be found here, and what would bring it; empty where they can."""
        return "" if self._net is not None else FULL_RANGE_FACES.reason

    def find(self, picture: Pixels, asked: Asked) -> Segments:
        """The faces of a picture, each with the label ``face`` and the detector's confidence.

        Args:
            picture: (H, W, 3 or 4) uint8; what is transparent is seen on white.
            asked: ``confidence``, ``face_area`` and ``smallest_face`` count.

        Raises:
            InputError: The picture is of another kind, or the weights are not there.
            ClassifierError: The weights are not the known ones.
        """
        check_picture(picture)
        if self.reason:
            raise InputError(f"faces cannot be found here: {self.reason}")
        size_hw = (picture.shape[0], picture.shape[1])
        return segments_of(
            self.areas(on_white(picture), asked, asked.confidence), size_hw, asked.cut
        )

    def areas(self, picture: Pixels, asked: Asked, confidence: float) -> list[Area]:
        """The faces as areas, which may overlap.

        Args:
            picture: (H, W, 3) uint8.
            asked: ``face_area`` and ``smallest_face`` count.
            confidence: The least that counts, 0..1.
        """
        faces = self._seen(picture, asked.smallest_face, confidence)
        size_hw = (picture.shape[0], picture.shape[1])
        areas = [
            _area(box, float(score), asked.face_area, size_hw)
            for box, score in zip(faces.boxes, faces.scores, strict=True)
        ]
        return [area for area in areas if area is not None]

    @cached_property
    def _detector(self) -> Net:
        return self._net or face_net()

    def _seen(self, picture: Pixels, smallest_px: int, confidence: float) -> _Faces:
        """Each face once, as far as it has to be looked for."""
        usual, finest = levels_of(max(picture.shape[:2]), smallest_px, self._detector.sees)
        small = picture
        found = _NONE
        for level in reversed(usual):  # what is small already is made smaller soon
            small = _shrunk(small, max(picture.shape[:2]), level)
            found = _joined(found, self._in_tiles(small, picture.shape, level, confidence))
        found = _merged(found)
        if finest is None:
            return found
        sides = found.boxes[:, 2] - found.boxes[:, 0]
        limit_px = usual[-1].smallest_px * _NEARLY_TOO_SMALL
        if sides.size and sides.min() >= limit_px and not smallest_px:
            return found
        small = _shrunk(picture, max(picture.shape[:2]), finest)
        hints = self._in_tiles(small, picture.shape, finest, min(_HINT, confidence))
        return _merged(_joined(found, self._checked(picture, _new(hints, found), confidence)))

    def _checked(self, picture: Pixels, hints: _Faces, confidence: float) -> _Faces:
        """What of some small faces is seen from near by too, and how."""
        net, found = self._detector, _NONE
        side_px = net.sees.side_px
        for box in hints.boxes[np.argsort(-hints.scores, kind="stable")[:_MOST_HINTS]]:
            self._stop()
            x, y = (box[:2] + box[2:]) / 2
            radius = (box[2] - box[0]) * _CLOSE / 2
            place = Box(round(x - radius), round(y - radius), round(x + radius), round(y + radius))
            inside = place.clip((picture.shape[0], picture.shape[1]))
            factor = max(inside.size_hw) / side_px
            size_wh = (max(1, round(inside.width / factor)), max(1, round(inside.height / factor)))
            part = cv2.resize(picture[inside.slices], size_wh, interpolation=cv2.INTER_AREA)
            scores, boxes = net.look(_square(np.asarray(part), side_px), confidence)
            placed = boxes.astype(np.float64) * factor + np.array([inside.x1, inside.y1] * 2)
            is_it = _is_same(box, placed)
            found = _joined(found, _Faces(placed[is_it], scores[is_it], np.zeros(sum(is_it), bool)))
        return found

    def _in_tiles(
        self, small: Pixels, shape: tuple[int, ...], level: Level, confidence: float
    ) -> _Faces:
        """What is seen in the tiles of a level; flat ones are passed over."""
        net, found = self._detector, _NONE
        side_px, size_wh = net.sees.side_px, (small.shape[1], small.shape[0])
        factors = np.array([shape[1] / size_wh[0], shape[0] / size_wh[1]] * 2)
        for x, y in corners(size_wh, level):
            part = small[y : y + side_px, x : x + side_px]
            self._stop()
            if np.ptp(part) == 0:
                continue
            scores, boxes = net.look(_square(part, side_px), confidence)
            if len(scores):
                placed = boxes.astype(np.float64) + np.array([x, y] * 2)
                is_cut = _cut(placed, Box(x, y, x + side_px, y + side_px), size_wh)
                found = _joined(found, _Faces(placed * factors, scores, is_cut))
        return found


def _shrunk(picture: Pixels, side_px: int, level: Level) -> Pixels:
    """A picture, or a smaller one of it, so small that a level's tile has the network's side."""
    factor = level.sees.side_px / level.tile_px * side_px / max(picture.shape[:2])
    size_wh = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    return np.asarray(cv2.resize(picture, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def _square(part: Pixels, side_px: int) -> Pixels:
    """A part of at most the network's side in the upper left of a black square."""
    square = np.zeros((side_px, side_px, 3), np.uint8)
    square[: part.shape[0], : part.shape[1]] = part
    return square


def _cut(boxes: Boxes, tile: Box, size_wh: tuple[int, int]) -> NDArray[np.bool_]:
    """Which boxes reach beyond their tile where the picture goes on."""
    room = (boxes[:, 2] - boxes[:, 0]) * _CUT_SHARE
    cut = (boxes[:, 0] < tile.x1 - room) & (tile.x1 > 0)
    cut |= (boxes[:, 1] < tile.y1 - room) & (tile.y1 > 0)
    cut |= (boxes[:, 2] > tile.x2 + room) & (tile.x2 < size_wh[0])
    cut |= (boxes[:, 3] > tile.y2 + room) & (tile.y2 < size_wh[1])
    return np.asarray(cut, np.bool_)


def _joined(one: _Faces, other: _Faces) -> _Faces:
    return _Faces(
        np.concatenate([one.boxes, other.boxes]),
        np.concatenate([one.scores, other.scores]),
        np.concatenate([one.is_cut, other.is_cut]),
    )


def _merged(seen: _Faces) -> _Faces:
    """Each face once: the surest of its boxes, one that no tile cut before all that were."""
    order = np.lexsort((-seen.scores, seen.is_cut))
    kept: list[int] = []
    for place in order.tolist():
        if not kept or not _is_same(seen.boxes[place], seen.boxes[kept]).any():
            kept.append(place)
    return _Faces(seen.boxes[kept], seen.scores[kept], seen.is_cut[kept])


def _new(hints: _Faces, known: _Faces) -> _Faces:
    """Each of the faces once that are not known yet."""
    once = _merged(hints)
    is_new = np.array([not _is_same(box, known.boxes).any() for box in once.boxes], np.bool_)
    return _Faces(once.boxes[is_new], once.scores[is_new], once.is_cut[is_new])


def _is_same(box: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Which of other boxes are of the same face."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    both = np.prod(np.maximum(high - low, 0), axis=1)
    own, their = np.prod(box[2:] - box[:2]), np.prod(others[:, 2:] - others[:, :2], axis=1)
    overlaps = both > _MOST_OVERLAP * (own + their - both)
    return np.asarray(overlaps | (both > _MOST_INSIDE * np.minimum(own, their)), np.bool_)


def _area(box: Boxes, score: float, kind: FaceArea, size_hw: tuple[int, int]) -> Area | None:
    """A face's area; None where nothing of it lies in the picture."""
    x1, y1, x2, y2 = box.tolist()
    found = Box(round(x1), round(y1), round(x2), round(y2)).clip(size_hw)
    if found.is_empty:
        return None
    if kind == "box":
        return Area(found, np.full(found.size_hw, 255, np.uint8), LABEL, score, found)
    wide, high, up = _ELLIPSES[kind]
    side_x, side_y = x2 - x1, y2 - y1
    centre = ((x1 + x2) / 2, (y1 + y2) / 2 - up * side_y)
    radii = (wide * side_x / 2, high * side_y / 2)
    around = Box(
        math.floor(centre[0] - radii[0]) - 1,
        math.floor(centre[1] - radii[1]) - 1,
        math.ceil(centre[0] + radii[0]) + 1,
        math.ceil(centre[1] + radii[1]) + 1,
    ).clip(size_hw)
    return Area(around, _ellipse(around, centre, radii), LABEL, score, found)


def _ellipse(box: Box, centre: tuple[float, float], radii: tuple[float, float]) -> Pixels:
    """How much of each pixel of a box lies in an ellipse, its edge one pixel wide."""
    rows = (np.arange(box.y1, box.y2) + 0.5 - centre[1])[:, None] / radii[1]
    columns = (np.arange(box.x1, box.x2) + 0.5 - centre[0])[None] / radii[0]
    inside = (1 - np.sqrt(rows * rows + columns * columns)) * min(radii) + 0.5
    return np.asarray(np.rint(np.clip(inside, 0, 1) * 255), np.uint8)
