"""Small pictures to look at: numbered outlines over the photo, and a thumbnail a segment."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from segui.geometry import Box
from segui.image_writing import over_checkerboard, shrink
from segui.segments import HARD_LEVEL, Segment, Segments
from segui.selection import Side

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

PREVIEW_PX = 1024
THUMBNAIL_PX = 256


@dataclass(frozen=True)
class Stroke:
    """How the outline of one side is drawn: told apart by more than its colour.

    Args:
        colour: Of the line and the number's badge.
        ink: Of the number.
        width_px: Of the line.
        dash_px: Length of a dash and of the gap after it; 0 is a full line.
    """

    colour: Colour
    ink: Colour
    width_px: int
    dash_px: int


STROKES: dict[Side, Stroke] = {
    "filtered": Stroke((22, 163, 74), (255, 255, 255), 3, 0),
    "remained": Stroke((226, 232, 240), (15, 23, 42), 2, 7),
    "review": Stroke((250, 176, 5), (15, 23, 42), 2, 3),
}
_HALO: Colour = (15, 23, 42)


def draw_segments(
    pixels: Pixels, segments: Segments, sides: Sequence[Side], max_side: int = PREVIEW_PX
) -> Pixels:
    """The photo, shrunk, with an outline and a number for each segment.

    Args:
        pixels: The photo, (H, W, 3 or 4).
        segments: What to outline; their size is the photo's.
        sides: Where each one went.
        max_side: The longer side of the result, px, at most the photo's own.

    Returns:
        (h, w, 3) uint8.
    """
    small = shrink(pixels, max_side)
    canvas = over_checkerboard(small) if small.shape[2] == 4 else small.copy()
    factor = small.shape[1] / pixels.shape[1]
    drawn = list(zip(segments.items, sides, range(1, len(sides) + 1), strict=True))
    # what was chosen comes last: its full line lies over the dashes of the others
    drawn.sort(key=lambda row: row[1] == "filtered")
    for item, side, _ in drawn:
        _outline(canvas, outlines(item, factor), STROKES[side])
    picture = Image.fromarray(canvas)
    _badges(picture, [(item, STROKES[side], number) for item, side, number in drawn], factor)
    return np.asarray(picture)


def outlines(segment: Segment, factor: float) -> list[NDArray[np.int32]]:
    """A segment's outer contours in a picture scaled by ``factor``, each (n, 1, 2) of x and y."""
    content = segment.content
    if content.is_empty:
        return []
    mask = segment.read_mask(content)
    flat = mask if mask.ndim == 2 else mask.max(axis=0)
    width, height = (max(1, round(side * factor)) for side in (content.width, content.height))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(flat, (width, height), interpolation=method)
    marked = (scaled >= min(HARD_LEVEL, float(scaled.max()) / 2)).astype(np.uint8)
    corner = (round(content.x1 * factor), round(content.y1 * factor))
    found, _ = cv2.findContours(marked, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=corner)
    return [np.asarray(contour, np.int32) for contour in found]


def edge_point(segment: Segment, size_hw: tuple[int, int]) -> tuple[int, int]:
    """A point of a segment's edge, x and y: the one farthest inside the picture of four.

    Args:
        segment: The segment.
        size_hw: The picture's height and width, px.
    """
    content = segment.content
    if content.is_empty:
        return segment.bbox.x1, segment.bbox.y1
    mask = segment.read_mask(content)
    marked = (mask if mask.ndim == 2 else mask.max(axis=0)) >= min(HARD_LEVEL, float(mask.max()))
    row, column = content.height // 2, content.width // 2
    across, down = np.flatnonzero(marked[row]), np.flatnonzero(marked[:, column])
    points = [(content.x1 + int(x), content.y1 + row) for x in _ends(across)]
    points += [(content.x1 + column, content.y1 + int(y)) for y in _ends(down)]
    if not points:
        ys, xs = np.nonzero(marked)
        points = [(content.x1 + int(xs[0]), content.y1 + int(ys[0]))]
    height, width = size_hw
    return max(points, key=lambda point: _room(point, width, height))


def _ends(places: NDArray[np.intp]) -> NDArray[np.intp]:
    return places[[0, -1]] if len(places) else places


def _room(point: tuple[int, int], width: int, height: int) -> int:
    """How far a point lies from the picture's border, px."""
    x, y = point
    return min(x, y, width - 1 - x, height - 1 - y)


def thumbnail(
    pixels: Pixels, segment: Segment, max_side: int = THUMBNAIL_PX, dim: float = 0.45
) -> Pixels:
    """A segment's crop region, what is not the segment dimmed.

    Args:
        pixels: The photo, (H, W, 3 or 4), that the crop regions lie in.
        segment: The segment.
        max_side: The longer side of the result, px.
        dim: How much darker the surroundings are, 0..1.

    Returns:
        (h, w, 3) uint8.
    """
    region = segment.crop_region.clip((pixels.shape[0], pixels.shape[1]))
    if region.is_empty:
        return np.zeros((1, 1, 3), np.uint8)
    small = shrink(np.ascontiguousarray(pixels[region.slices]), max_side)
    shown = over_checkerboard(small) if small.shape[2] == 4 else small
    mask = segment.read_mask(region)
    flat = mask if mask.ndim == 2 else mask.max(axis=0)
    size_wh = (shown.shape[1], shown.shape[0])
    light = 1 - dim * (1 - cv2.resize(flat, size_wh, interpolation=cv2.INTER_AREA))
    return np.asarray(np.rint(shown * light[..., None]).clip(0, 255), np.uint8)


def _outline(canvas: Pixels, contours: Sequence[NDArray[np.int32]], stroke: Stroke) -> None:
    """Draw a light line on a dark one, so that it shows on any photo."""
    for contour in contours:
        if stroke.dash_px:
            step = 2 * stroke.dash_px
            lines = [contour[at : at + stroke.dash_px] for at in range(0, len(contour), step)]
            closed = False
        else:
            lines, closed = [contour], True
        for width, colour in ((stroke.width_px + 2, _HALO), (stroke.width_px, stroke.colour)):
            cv2.polylines(canvas, lines, closed, colour, width, cv2.LINE_AA)


def _badges(
    picture: Image.Image, rows: Sequence[tuple[Segment, Stroke, int]], factor: float
) -> None:
    """Number each segment at the middle of its box; many small ones get small numbers."""
    size = 18 if len(rows) <= 60 else 12
    font = ImageFont.load_default(size)
    pen = ImageDraw.Draw(picture)
    for segment, stroke, number in rows:
        box = Box(*(round(edge * factor) for edge in segment.bbox))
        text = str(number)
        left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
        half_w, half_h = (right - left) / 2 + size / 3, size * 0.72
        x = min(max((box.x1 + box.x2) / 2, half_w), picture.width - half_w)
        y = min(max((box.y1 + box.y2) / 2, half_h), picture.height - half_h)
        pen.rounded_rectangle(
            (x - half_w, y - half_h, x + half_w, y + half_h),
            radius=half_h,
            fill=stroke.colour,
            outline=_HALO,
        )
        pen.text((x - (left + right) / 2, y - (top + bottom) / 2), text, stroke.ink, font=font)
