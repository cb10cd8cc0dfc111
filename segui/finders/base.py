"""What every finder is: a picture in, segments with labels and confidences out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.checks import is_number, is_whole
from segui.errors import InputError, shown
from segui.geometry import Box
from segui.options import default_of, option_range, option_values
from segui.segments.cutting import CropOptions, crop_regions, find_outlines
from segui.segments.planes import TiledPlane
from segui.segments.segment import Segment, Segments
from segui.segments.stored import StoredMask

Pixels = NDArray[np.uint8]
FaceArea = Literal["ellipse", "box", "head"]
Candidate = Literal["best", "smallest", "middle", "largest"]
FACE_AREAS = option_values("face_area")


class Point(NamedTuple):
    """A place that was clicked.

    Args:
        x: From the photo's left, px.
        y: From its top, px.
        is_wanted: Whether what is there is looked for, or is not to be part of it.
    """

    x: int
    y: int
    is_wanted: bool = True


@dataclass(frozen=True)
class Asked:
    """What is looked for, and how what is found is cut out; each finder looks at what it needs.

    Args:
        confidence: The least confidence of what is kept, 0..1.
        face_area: What of a face is the segment: the ``ellipse`` of the face, the detector's
            ``box``, or the whole ``head``.
        smallest_face: The smallest face that is looked for, px; 0 fits the picture.
        tolerance: How far a colour may be from the one that was clicked, 0..100.
        connected: Whether only what hangs together with a point is found, or all of that colour.
        points: What was clicked.
        boxes: Where something is to be found, xyxy px.
        cut: How what is found is cut out.
        candidate: Which of several answers of a model is taken: the ``best``, the ``smallest``,
            the ``middle`` or the ``largest``.
        words: What is looked for by words.

    Raises:
        InputError: A value is out of its range.
    """

    confidence: float = default_of("confidence")
    face_area: FaceArea = default_of("face_area")
    smallest_face: int = default_of("smallest_face")
    tolerance: float = default_of("tolerance")
    connected: bool = default_of("connected")
    points: tuple[Point, ...] = ()
    boxes: tuple[Box, ...] = ()
    cut: CropOptions = field(default_factory=CropOptions)
    candidate: Candidate = default_of("candidate")
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the ranges."""
        for name in ("confidence", "tolerance", "smallest_face"):
            least, most = option_range(name)
            value = getattr(self, name)
            if not is_number(value) or not least <= value <= most:
                raise InputError(f"{name} is {shown(value)}: expected {least} to {most}")
        if not is_whole(self.smallest_face):
            raise InputError(
                f"smallest_face is {self.smallest_face}: expected a whole number of px"
            )
        for name in ("face_area", "candidate"):
            value = getattr(self, name)
            if value not in option_values(name):
                expected = ", ".join(map(repr, option_values(name)))
                raise InputError(f"{name} is {shown(value)}: expected one of {expected}")

    def least(self, usual: float) -> float:
        """The least confidence, for a model that is less sure of what it finds than others are.

        Args:
            usual: What such models are asked for where nothing is said of it, 0..1.
        """
        return usual if self.confidence == default_of("confidence") else self.confidence


@runtime_checkable
class Finder(Protocol):
    """Anything that finds segments in a picture."""

    def find(self, picture: Pixels, asked: Asked) -> Segments:
        """The segments, in reading order; none where nothing was found.

        Args:
            picture: (H, W, 3 or 4) uint8, RGB or RGBA.
            asked: What is looked for.

        Raises:
            InputError: The picture is of another kind, or what is asked for says too little.
        """
        ...


@dataclass(frozen=True, eq=False)
class Area:
    """One thing that was found.

    Args:
        box: The part of the picture that ``levels`` covers, xyxy px, inside the picture.
        levels: (h, w) uint8, how much of each pixel belongs to it, 255 all.
        label: What it is.
        confidence: How sure the finder is, 0..1.
        found: Where the thing itself was seen, where that is not the mask's own box.
    """

    box: Box
    levels: Pixels
    label: str
    confidence: float = 1.0
    found: Box | None = None


def segments_of(areas: Iterable[Area], size_hw: tuple[int, int], cut: CropOptions) -> Segments:
    """Segments of what was found, which may overlap.

    Args:
        areas: What was found.
        size_hw: The picture's height and width.
        cut: How they are cut out.

    Returns:
        Segments in reading order; ``left_out`` has the boxes of those that are too small.
    """
    bounded = [(area, _bounds(area)) for area in areas]
    bounded = [(area, bbox) for area, bbox in bounded if not bbox.is_empty]
    bounded.sort(key=lambda one: (one[1].y1, one[1].x1))
    large = [(area, bbox) for area, bbox in bounded if min(bbox.size_hw) > cut.drop_size]
    small = [bbox for _, bbox in bounded if min(bbox.size_hw) <= cut.drop_size]
    if not large:
        return Segments(size_hw, (), small)
    edges = crop_regions(np.array([bbox for _, bbox in large], np.int64), size_hw, cut.crop_factor)
    crops = [Box(*row) for row in edges.tolist()]
    items = [
        _segment(area, bbox, crop, cut) for (area, bbox), crop in zip(large, crops, strict=True)
    ]
    return Segments(size_hw, items, small)


def check_picture(picture: Any) -> None:
    """Refuse what is no picture.

    Raises:
        InputError: It is none.
    """
    if not isinstance(picture, np.ndarray) or picture.dtype != np.uint8:
        kind = picture.dtype if isinstance(picture, np.ndarray) else type(picture).__name__
        raise InputError(f"the picture is {kind}: expected an array of uint8")
    if picture.ndim != 3 or picture.shape[2] not in {3, 4} or not picture.size:
        raise InputError(f"the picture is {picture.shape}: expected (H, W, 3 or 4)")


def check_points(points: Iterable[Point], size_hw: tuple[int, int]) -> None:
    """Refuse points that lie outside of a picture.

    Raises:
        InputError: One does.
    """
    for number, point in enumerate(points):
        if not (0 <= point.x < size_hw[1] and 0 <= point.y < size_hw[0]):
            raise InputError(
                f"points[{number}] is at {point.x}, {point.y}: expected a place inside of the "
                f"picture of {size_hw[1]} x {size_hw[0]} px"
            )


def on_white(picture: Pixels) -> Pixels:
    """A picture without its alpha: what is transparent is seen on white; RGB stays as it is."""
    if picture.shape[2] == 3:
        return picture
    alpha = picture[..., 3:].astype(np.uint16)
    mixed = (picture[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return mixed.astype(np.uint8)


def _bounds(area: Area) -> Box:
    """The smallest box around an area's pixels, in the picture; empty where it has none."""
    x, y, width, height = cv2.boundingRect(area.levels)
    return Box(x, y, x + width, y + height).shift(area.box.x1, area.box.y1)


def _segment(area: Area, bbox: Box, crop: Box, cut: CropOptions) -> Segment:
    inside = bbox.intersect(crop)
    levels = _filled(area.levels[bbox.relative_to(area.box).slices], cut)
    kept = levels[inside.relative_to(bbox).slices]
    source = StoredMask(
        crop.size_hw, None, inside.relative_to(crop), (TiledPlane.of(np.ascontiguousarray(kept)),)
    )
    return Segment.of_source(
        source, crop, bbox, label=area.label, confidence=area.confidence, found=area.found
    )


def _filled(levels: Pixels, cut: CropOptions) -> Pixels:
    """The levels with their box or their outlines filled, where that was asked for."""
    if cut.bbox_fill:
        return np.full_like(levels, 255)
    if not cut.contour_fill:
        return levels
    canvas = np.zeros_like(levels)
    outlines: Sequence[Any] = find_outlines(np.ascontiguousarray(levels))
    return np.asarray(cv2.drawContours(canvas, outlines, -1, 255, cv2.FILLED), np.uint8)
