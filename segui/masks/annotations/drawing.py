"""What annotations draw of one picture, within its limits, whatever format they are of."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from segui.errors import InputError, shown
from segui.images.limits import ReadLimits, check_megapixels
from segui.images.opening import DEFAULT_LIMITS
from segui.masks.annotations.layers import Piece, Sketch
from segui.masks.annotations.outlines import polygon_piece
from segui.masks.reading import MOST_LABELS

_MOST_POINTS: Final = 1_000_000  # of a file, run lengths among them
_MOST_CROSSINGS: Final = 10_000_000  # of a file's outlines with rows of pixels
_MOST_TIMES: Final = 16  # as many pixels as the picture has are looked at
_MOST_PLACE: Final = 1_000_000  # px
_MOST_SIDE: Final = 1_000_000
_MOST_NAME: Final = 200
_MOST_LEFT_OUT: Final = 10 * MOST_LABELS  # each takes some 20 us to look at
NO_OUTLINE: Final = "no outline, but a point, a line or the like"
_EMPTY: Final = "empty or outside of the picture"


@dataclass(frozen=True)
class AnnotationRequest:
    """How annotations are to be read.

    Args:
        name: The file's name.
        photo_name: The photo's, by which it is found among several.
        size_hw: The photo's height and width, for those that do not say theirs.
        max_megapixels: The largest picture.
        limits: How pictures that stand in it are decoded.
        is_merged: Whether all areas of one label are one.
        is_joined: Whether all areas are one.
        invert: Whether what is in no area is selected.
        class_names: What YOLO's classes are called, by their numbers from 0.
    """

    name: str
    photo_name: str
    size_hw: tuple[int, int]
    max_megapixels: float
    limits: ReadLimits = DEFAULT_LIMITS
    is_merged: bool = False
    is_joined: bool = False
    invert: bool = False
    class_names: Mapping[int, str] = field(default_factory=dict)


@dataclass
class Drawing:
    """What is drawn of one file, within its limits.

    Args:
        asked: How it is to be read.
        size_hw: The picture's height and width.
        points: How many points and run lengths there were so far.
        crossings: How many rows of pixels outlines crossed so far.
        pixels: How many pixels were looked at so far.
        left_out: How many parts are no area, by why.
        notes: What else a person should know.
        areas: The label and the parts of each area, by its key. Nothing is drawn before all of
            them are known, and known not to be too many.
    """

    asked: AnnotationRequest
    size_hw: tuple[int, int]
    points: int = 0
    crossings: float = 0.0
    pixels: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    areas: dict[Any, tuple[str, list[Sketch]]] = field(default_factory=dict)

    def add(self, key: Any, label: str, piece: Sketch | None) -> None:
        """One part of an area; those of one key are one area.

        Raises:
            InputError: There are too many, or they are too large together.
        """
        if piece is None:
            self.leave_out(_EMPTY)
            return
        self.count_pixels(math.prod(piece.box.size_hw))
        if key not in self.areas and len(self.areas) == MOST_LABELS:
            raise InputError(f"{self.asked.name} has more than {MOST_LABELS} areas")
        self.areas.setdefault(key, (label, []))[1].append(piece)

    def leave_out(self, why: str) -> None:
        """One part is no area.

        Raises:
            InputError: So many are none that looking at all takes long.
        """
        self.left_out[why] += 1
        if self.left_out.total() > _MOST_LEFT_OUT:
            raise InputError(
                f"{self.asked.name} has more than {_MOST_LEFT_OUT} parts that are no areas, such "
                "as points: at most as many are looked at"
            )

    def drawn(self, pieces: Iterable[Sketch]) -> list[Piece]:
        """Parts of an area as they are drawn, without those that are empty."""
        drawn = [piece.drawn() for piece in pieces]
        marked = [piece for piece in drawn if piece.pixels.any()]
        if empty := len(drawn) - len(marked):
            self.left_out[_EMPTY] += empty
        return marked

    def count_pixels(self, pixels: int) -> None:
        """Some more are to be looked at.

        Raises:
            InputError: They are too many, with those before.
        """
        self.pixels += pixels
        height, width = self.size_hw
        if self.pixels > _MOST_TIMES * height * width:
            raise InputError(
                f"{self.asked.name} has areas of more than {_MOST_TIMES} times the picture"
            )

    def count(self, points: int) -> None:
        """Some more points or run lengths are to be read.

        Raises:
            InputError: They are too many, with those before.
        """
        self.points += points
        if self.points > _MOST_POINTS:
            raise InputError(
                f"{self.asked.name} has more than {_MOST_POINTS} points and run lengths"
            )

    def polygon(self, points: np.ndarray) -> Sketch | None:
        """What an outline has inside.

        Raises:
            InputError: The file's outlines go up and down so often that it would take too long.
        """
        heights = np.clip(points[:, 1], 0, self.size_hw[0])
        self.crossings += float(np.abs(np.diff(heights, append=heights[:1])).sum()) + len(points)
        if self.crossings > _MOST_CROSSINGS:
            raise InputError(
                f"{self.asked.name} has outlines that cross more than {_MOST_CROSSINGS} rows of "
                "pixels: at most as many are drawn"
            )
        return polygon_piece(points, self.size_hw)

    def rectangle(self, one: np.ndarray, other: np.ndarray) -> Sketch | None:
        """What lies between two corners."""
        corners = [one, (other[0], one[1]), other, (one[0], other[1])]
        return self.polygon(np.array(corners, np.float64))

    def outline(self, value: Any) -> np.ndarray:
        """Points as pairs, or as one list of x and y in turn; (n, 2) float64.

        Raises:
            InputError: They are none, or too many.
        """
        items: list[Any] = value if isinstance(value, list) else [None]
        if items and not isinstance(items[0], list):
            items = [items[place : place + 2] for place in range(0, len(items), 2)]
        self.count(len(items))
        for item in items:
            if not isinstance(item, list) or len(item) < 2 or not all(map(_is_place, item[:2])):
                raise InputError(f"{self.asked.name} has {shown(item)} where a point should be")
        return np.array([item[:2] for item in items], np.float64).reshape(-1, 2)


def size_of(height: Any, width: Any, asked: AnnotationRequest) -> tuple[int, int]:
    """The size that a file says of its picture; the photo's where it says none.

    Raises:
        InputError: It is no size, or larger than allowed.
    """
    if height is None or width is None:
        return asked.size_hw
    for side in (height, width):
        if isinstance(side, bool) or not isinstance(side, int) or not 0 < side <= _MOST_SIDE:
            raise InputError(f"{asked.name} says that a side of its picture is {shown(side)}")
    named = f"{asked.name}'s picture"
    check_megapixels((width, height), asked.max_megapixels, named, asked.limits.shrink)
    return height, width


def name_of(value: Any) -> str:
    """A label that can be shown, short; "object" where there is none."""
    text = str(value) if isinstance(value, str | int) else ""
    clean = "".join(each for each in text.strip() if each.isprintable())
    return clean[:_MOST_NAME] or "object"


def _is_place(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) <= _MOST_PLACE  # NaN is not
