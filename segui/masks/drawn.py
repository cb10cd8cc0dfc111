"""The strokes of what was painted, as lines: in a PNG beside its pixels, and drawn at any size.

What is painted on a copy of a large photo has edges as coarse as that copy's pixels. Its PNG has
the lines too, in a text of its own. The pixels are what counts: lines are believed where they give
the same at the picture's own size: there they are drawn at the photo's. What was filled, loaded,
or drawn by another program stays as it is, and is scaled.
"""

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.json_reading import read_json

KEYWORD: Final = "segui-strokes"
MOST_BYTES: Final = 600_000  # of the text
MOST_STROKES: Final = 3000
_MOST_FILE_BYTES: Final = 16_000_000
_MOST_PX: Final = 4096  # of a brush, and as far as a point may lie outside
_MOST_WORK: Final = 5e9  # pixels that are written, some of them many times
_FINE: Final = 2  # points a pixel and axis by which an edge is measured
_FIXED: Final = 4  # binary digits of a part of a fine pixel
_FLAT: Final = 0.1  # fine pixels by which a bend may differ from its chords
_BRUSH, _OUTLINE = 0, 1
_HARD: Final = 100
_LEAST_CORE_PX: Final = 0.75  # as the painter has it: a soft brush paints at least that wholly,
_LEAST_RIM_PX: Final = 1.0  # and fades for at least that
_RIM_PX: Final = 24.0  # a rim of so many pixels can be made larger: half of one is not seen in it
_UNLIKE: Final = 40  # levels; browsers differ by less at an edge
_FAINT: Final = 2
_NEAR: Final = np.ones((3, 3), np.uint8)

Plane = NDArray[np.uint8]
Line = NDArray[np.float64]
Span = tuple[slice, slice]


@dataclass(frozen=True, eq=False)
class Drawn:
    """One stroke.

    Args:
        points: (n, 2) float64, x and y in pixels of the picture that it was painted on, from its
            upper left corner.
        size: The brush's diameter, px of that picture.
        hardness: Of its edge, 0..100.
        erases: Whether it takes away.
        fills: Whether it is an outline, which is filled.
    """

    points: Line
    size: float
    hardness: float
    erases: bool
    fills: bool


def strokes_of(path: Path) -> tuple[Drawn, ...]:
    """The strokes that a PNG has beside its pixels; none where it has none.

    Args:
        path: The file, which can be read.
    """
    if path.stat().st_size > _MOST_FILE_BYTES:
        return ()  # no painter's
    return read_drawn(text_in(path.read_bytes()))


def text_in(data: bytes) -> str:
    """What a PNG has as its strokes; empty where that is nothing.

    Args:
        data: The whole file.
    """
    at = 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : end - 4]
        if kind == b"IDAT":
            return ""
        keyword, _, text = body.partition(b"\0")
        is_sound = zlib.crc32(data[at + 4 : end - 4]).to_bytes(4, "big") == data[end - 4 : end]
        if kind == b"tEXt" and keyword == KEYWORD.encode() and is_sound:
            return text.decode("latin-1")
        at = end
    return ""


def read_drawn(text: str) -> tuple[Drawn, ...]:
    """The strokes that a text says; none where it says anything else.

    Args:
        text: JSON, a list for each stroke in its order: 0 for a brush or 1 for an outline, 0 or 1
            for one that takes away, the brush's size, its hardness, and x and y of each point.
    """
    try:
        said = read_json(text, "strokes", max_bytes=MOST_BYTES) if text else []
        if not isinstance(said, list) or len(said) > MOST_STROKES:
            return ()
        return tuple(_stroke(item) for item in said)
    except (InputError, TypeError, ValueError, OverflowError):
        return ()  # the pixels are there all the same


def as_text(strokes: Sequence[Drawn]) -> str:
    """Strokes as ``read_drawn`` takes them."""
    return json.dumps(
        [
            [
                int(stroke.fills),
                int(stroke.erases),
                stroke.size,
                stroke.hardness,
                *np.ravel(stroke.points).tolist(),
            ]
            for stroke in strokes
        ],
        separators=(",", ":"),
    )


def at_size(
    small: Sequence[Plane], strokes: Sequence[Drawn], size_hw: tuple[int, int]
) -> tuple[Plane, ...] | None:
    """What was painted, at the photo's size, as far as its strokes are what its pixels show.

    Args:
        small: (h, w) uint8, as it was painted: how much of each pixel is selected, and, if that is
            wanted, how much of what was there before is covered.
        strokes: What it was painted with, in order.
        size_hw: Height and width of the photo.

    Returns:
        The same planes, (H, W); None where strokes say nothing of it, or would take too long.
    """
    own_hw = small[0].shape
    factor = max(size_hw) / max(own_hw)
    if not strokes or factor <= 1 or _work_of(strokes, factor) > _MOST_WORK:
        return None
    factors = size_hw[1] / own_hw[1], size_hw[0] / own_hw[0]
    drawn = _drawn(strokes, size_hw, factors, len(small))
    unlike = np.zeros(own_hw, bool)
    for one, other in zip(small, drawn, strict=True):
        unlike |= _is_unlike(one, _averaged(other, own_hw))
    around = cv2.dilate(unlike.astype(np.uint8), _NEAR)
    is_unlike = cv2.resize(around, size_hw[::-1], interpolation=cv2.INTER_NEAREST)
    for one, other in zip(small, drawn, strict=True):
        scaled = cv2.resize(one, size_hw[::-1], interpolation=cv2.INTER_LINEAR)
        cv2.copyTo(scaled, is_unlike, other)
    return drawn


def _is_unlike(shown: Plane, drawn: Plane) -> NDArray[np.bool_]:
    """Where two pictures of one size differ, or one has paint and the other none nearby."""
    differs = cv2.absdiff(shown, drawn) > _UNLIKE
    for one, other in ((shown, drawn), (drawn, shown)):
        differs |= (one > _FAINT) & (cv2.dilate(other, _NEAR) == 0)
    return np.asarray(differs, bool)


def _stroke(item: object) -> Drawn:
    """One stroke of a text.

    Raises:
        ValueError: It is none.
        TypeError: Neither.
    """
    if not isinstance(item, list) or len(item) < 6 or len(item) % 2:
        raise ValueError
    kind, erases, size, hardness, *places = item
    numbers = np.array(item, np.float64)
    points = np.array(places, np.float64).reshape(-1, 2)
    is_known = kind in (_BRUSH, _OUTLINE) and erases in (0, 1)
    if not is_known or not np.isfinite(numbers).all() or np.abs(points).max() > 2 * _MOST_PX:
        raise ValueError
    if not (0 < size <= _MOST_PX and 0 <= hardness <= _HARD):
        raise ValueError
    return Drawn(points, float(size), float(hardness), bool(erases), bool(kind == _OUTLINE))


def _work_of(strokes: Sequence[Drawn], factor: float) -> float:
    """How many pixels are written for strokes, roughly."""
    work = 0.0
    for stroke in strokes:
        wide = stroke.size * factor
        sides = np.ptp(stroke.points, axis=0) * factor + wide
        work += 8 * float(sides.prod())
        if not stroke.fills:
            bends = np.abs(np.diff(stroke.points, axis=0)).sum(axis=1) * factor + wide
            work += float(bends.sum()) * wide * _FINE**2
    return work


def _drawn(
    strokes: Sequence[Drawn], size_hw: tuple[int, int], factors: tuple[float, float], count: int
) -> tuple[Plane, ...]:
    planes = tuple(np.zeros(size_hw, np.uint8) for _ in range(count))
    for stroke in strokes:
        found = _opacity_of(stroke, size_hw, factors)
        if found is None:
            continue
        at, opacity = found
        left = cv2.subtract(255, opacity)  # type: ignore[call-overload]
        for place, plane in enumerate(planes):
            if stroke.erases and place == 0:
                plane[at] = cv2.multiply(plane[at], left, scale=1 / 255)
            else:
                plane[at] = 255 - cv2.multiply(255 - plane[at], left, scale=1 / 255)
    return planes


def _opacity_of(
    stroke: Drawn, size_hw: tuple[int, int], factors: tuple[float, float]
) -> tuple[Span, Plane] | None:
    """Where a stroke is, and how opaque its pixels are there; None where it is nowhere."""
    factor = (factors[0] + factors[1]) / 2
    points = stroke.points * factors
    is_soft = not stroke.fills and stroke.hardness < _HARD
    core = max(_LEAST_CORE_PX, stroke.size / 2 * stroke.hardness / 100)
    reach = max(stroke.size / 2, core + _LEAST_RIM_PX) if is_soft else stroke.size / 2
    at = _span(points, 1 if stroke.fills else reach * factor + 1, size_hw)
    if at is None or (stroke.fills and len(points) < 3):
        return None
    rows, columns = at
    points = points - (columns.start, rows.start)
    own_hw = rows.stop - rows.start, columns.stop - columns.start
    if stroke.fills:
        return at, _filled(points, own_hw)
    if is_soft:
        return at, _faded(points, core * factor, reach * factor, own_hw)
    return at, _swept(points, reach * factor, own_hw)


def _span(points: Line, reach: float, size_hw: tuple[int, int]) -> Span | None:
    """The rows and columns that points reach."""
    low, high = np.floor(points.min(axis=0) - reach), np.ceil(points.max(axis=0) + reach)
    left, top = (max(0, int(value)) for value in low)
    right, bottom = (
        min(length, int(value)) for value, length in zip(high, size_hw[::-1], strict=True)
    )
    return (slice(top, bottom), slice(left, right)) if left < right and top < bottom else None


def _bent(points: Line) -> Line:
    """Corners of straight pieces along a line as it is painted.

    It bends at its points and runs through the middles between them, from the first to the last.
    """
    corners = [points[:1]]
    for at in range(1, len(points) - 1):
        start, bend, end = corners[-1][-1], points[at], (points[at] + points[at + 1]) / 2
        off = float(np.hypot(*(start - 2 * bend + end))) / 4
        count = min(64, max(1, math.ceil(math.sqrt(off * _FINE / _FLAT))))
        on = (np.arange(1, count + 1) / count)[:, None]
        corners.append((1 - on) ** 2 * start + 2 * (1 - on) * on * bend + on * on * end)
    if len(points) > 1:
        corners.append(points[-1:])
    return np.concatenate(corners)


def _fixed(points: Line) -> NDArray[np.int32]:
    """Places on the fine grid, as OpenCV takes them: a pixel's middle is its whole number."""
    return np.rint((points * _FINE - 0.5) * (1 << _FIXED)).astype(np.int32)


def _averaged(fine: Plane, size_hw: tuple[int, int]) -> Plane:
    return np.asarray(cv2.resize(fine, size_hw[::-1], interpolation=cv2.INTER_AREA), np.uint8)


def _swept(points: Line, radius: float, size_hw: tuple[int, int]) -> Plane:
    """What a disc covers on its way."""
    fine = np.zeros((size_hw[0] * _FINE, size_hw[1] * _FINE), np.uint8)
    corners = _simplified(_bent(points))
    # OpenCV paints the outline too, which is half a pixel more
    reach = max(radius * _FINE - 0.5, 0.0)
    along = np.diff(corners, axis=0)
    discs = _fixed(corners[_turning(along, reach)])
    for x, y in discs.tolist():
        cv2.circle(fine, (x, y), round(reach * (1 << _FIXED)), 255, -1, cv2.LINE_8, _FIXED)
    length = np.hypot(along[:, 0], along[:, 1])
    for start, way, far in zip(corners, along, length, strict=False):
        if far == 0:
            continue
        aside = np.array([-way[1], way[0]]) / far * reach / _FINE
        sides = np.stack([start + aside, start + way + aside, start + way - aside, start - aside])
        cv2.fillConvexPoly(fine, _fixed(sides), 255, cv2.LINE_8, _FIXED)
    return _averaged(fine, size_hw)


def _simplified(corners: Line) -> Line:
    """The corners without those that a straight line passes by, nearly."""
    kept = cv2.approxPolyDP(corners.astype(np.float32)[:, None], _FLAT / _FINE, False)
    return np.asarray(kept, np.float64).reshape(-1, 2)


def _turning(along: Line, reach: float) -> NDArray[np.bool_]:
    """Which corners have a disc that is seen beside the straight pieces: both ends, and bends."""
    is_seen = np.ones(len(along) + 1, bool)
    ways = along[:, 0] + 1j * along[:, 1]
    turns = np.angle(ways[1:] * ways[:-1].conj())
    is_seen[1:-1] = reach * (1 - np.cos(turns / 2)) > _FLAT
    return is_seen


def _filled(points: Line, size_hw: tuple[int, int]) -> Plane:
    fine = np.zeros((size_hw[0] * _FINE, size_hw[1] * _FINE), np.uint8)
    cv2.fillPoly(fine, [_fixed(_bent(points))], 255, cv2.LINE_8, _FIXED)
    return _averaged(fine, size_hw)


def _faded(points: Line, core: float, reach: float, size_hw: tuple[int, int]) -> Plane:
    """What a soft brush leaves on its way: whole within its core, then ever less."""
    scale = min(1.0, _RIM_PX / (reach - core))  # a wide rim is as smooth from fewer pixels
    height, width = (max(1, round(length * scale)) for length in size_hw)
    line = np.full((height, width), 255, np.uint8)
    by = np.array([width / size_hw[1], height / size_hw[0]])
    corners = _bent(np.concatenate([points, points[-1:]]))  # of one point no line is drawn
    places = np.rint((corners * by - 0.5) * (1 << _FIXED)).astype(np.int32)
    cv2.polylines(line, [places], False, 0, 1, cv2.LINE_8, _FIXED)
    far = cv2.distanceTransform(line, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) / np.float32(scale)
    out = np.clip((far - core) / (reach - core), 0, 1)
    opacity = np.rint(255 * (1 - out * out * (3 - 2 * out))).astype(np.uint8)
    if (height, width) == size_hw:
        return np.asarray(opacity, np.uint8)
    return np.asarray(cv2.resize(opacity, size_hw[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
