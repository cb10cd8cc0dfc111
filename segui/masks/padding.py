"""Masks that were padded, as models pad a photo to a square: which part of them lies on the photo.

The photo was scaled until it fitted, and bars fill the rest: on both sides of it, or below or to
the right of it. A mask that was stretched has the same size. Bars have one value throughout, but
the margin of a stretched mask may too: the photo's edges say where the mask's run along them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.geometry import Box
from segui.images.pictures import aspect_agrees, size_text
from segui.images.writing import shrink
from segui.masks.files import MaskFile
from segui.masks.notes import Note, Offer

Padding = Literal["auto", "centre", "corner", "stretch"]

_OPTION: Final = "padded_masks"
_OFFERS: Final = {
    "centre": Offer("It lies in the middle", _OPTION, "centre"),
    "corner": Offer("It lies at the upper left", _OPTION, "corner"),
    "stretch": Offer("It was stretched", _OPTION, "stretch"),
}
AS_PADDED: Final = (_OFFERS["centre"], _OFFERS["corner"])
_WHERE: Final = {"centre": "in the middle", "corner": "at the upper left"}
_LEAST_BAR_PX: Final = 2
_BLED_PX: Final = 1  # of a bar, into which rounding and a filter may carry what is beside it
_LOOKED_AT_PX: Final = 512
_CLEARLY: Final = 1.3  # times as much of the photo's edges
_LEAST_EDGE: Final = 1.2  # times as much as the photo has on the whole

Planes = NDArray[np.uint8] | NDArray[np.int32]


class PaddedError(InputError):
    """A mask that may be padded or stretched, where nothing says which.

    Args:
        sentence: What is refused.
        offers: What it may be taken for.
    """

    def __init__(self, sentence: str, offers: tuple[Offer, ...]) -> None:
        """Keep the offers beside the sentence."""
        super().__init__(sentence)
        self.offers = offers


@dataclass(frozen=True)
class _Bars:
    """Where the photo lies in a mask, and which parts of it are bars."""

    photo: Box
    bars: tuple[Box, ...]


def without_padding(
    mask: MaskFile,
    size_hw: tuple[int, int],
    padding: Padding,
    pixels: NDArray[np.uint8] | None = None,
    *,
    may_stretch: bool = False,
) -> MaskFile:
    """What of a mask lies on the photo; the same object where it is not padded.

    Args:
        mask: A mask of any size.
        size_hw: Height and width of the photo.
        padding: ``auto`` finds out; ``centre`` and ``corner`` say where the photo lies in masks
            of other proportions, and ``stretch`` that they were stretched.
        pixels: The photo, (H, W, 3 or 4) uint8, where its edges may be asked.
        may_stretch: Whether it is taken for a stretched one where nothing says which it is.

    Raises:
        PaddedError: It may be padded or stretched, and nothing says which.
        InputError: ``padding`` is none of the four.
    """
    if padding not in get_args(Padding):
        raise InputError(f"{_OPTION} is {padding!r}: expected {', '.join(get_args(Padding))}")
    if padding == "stretch" or aspect_agrees(mask.size_hw, size_hw):
        return mask
    planes = mask.soft if mask.labels is None else mask.labels
    assert planes is not None  # noqa: S101  a mask has one of the two
    ways = {way: _bars(mask.size_hw, size_hw, way) for way in _WHERE}
    if padding != "auto":
        return _cut(mask, ways[padding].photo, padding, "as asked for")
    possible = [way for way in ways if _may_be(mask.size_hw, size_hw, planes, ways[way])]
    if not possible:
        return mask
    first = ways[possible[0]]
    value = _value_of(planes, first.bars[0])
    marked = planes != value
    if value or not marked.any():  # nothing but bars has such a value all along
        return _cut(mask, first.photo, possible[0], "its bars are empty")
    place = _by_edges(marked, [ways[way].photo for way in possible], pixels)
    if place is not None and place < len(possible):
        way = possible[place]
        return _cut(mask, ways[way].photo, way, "its bars are empty and its edges fit so")
    if place is not None or may_stretch:
        return mask
    raise PaddedError(_which(mask, size_hw, possible), tuple(_OFFERS[w] for w in _ways(possible)))


def _ways(possible: Sequence[str]) -> tuple[str, ...]:
    return (*possible, "stretch")


def _which(mask: MaskFile, size_hw: tuple[int, int], possible: Sequence[str]) -> str:
    places = " or ".join(_WHERE[way] for way in possible)
    *words, last = _ways(possible)
    return (
        f"the mask {mask.stem} is {size_text(mask.size_hw)}, the photo {size_text(size_hw)}: "
        f"it may be padded, with the photo {places}, or stretched. Say which by {_OPTION}: "
        f"{', '.join(words)} or {last}"
    )


def _may_be(
    mask_hw: tuple[int, int], size_hw: tuple[int, int], planes: Planes, bars: _Bars
) -> bool:
    """Whether a mask may be padded so: to a square, or to a canvas as large as the photo."""
    is_usual = mask_hw[0] == mask_hw[1] or bars.photo.size_hw == size_hw
    return is_usual and _are_empty(planes, bars.bars)


def _bars(mask_hw: tuple[int, int], size_hw: tuple[int, int], way: str) -> _Bars:
    (height, width), (full_height, full_width) = mask_hw, size_hw
    scale = min(height / full_height, width / full_width)
    inner_h = min(height, max(1, round(full_height * scale)))
    inner_w = min(width, max(1, round(full_width * scale)))
    top, left = ((height - inner_h) // 2, (width - inner_w) // 2) if way == "centre" else (0, 0)
    photo = Box(left, top, left + inner_w, top + inner_h)
    around = (
        Box(0, 0, width, top - _BLED_PX),
        Box(0, photo.y2 + _BLED_PX, width, height),
        Box(0, 0, left - _BLED_PX, height),
        Box(photo.x2 + _BLED_PX, 0, width, height),
    )
    return _Bars(photo, tuple(bar for bar in around if not bar.is_empty))


def _are_empty(planes: Planes, bars: Sequence[Box]) -> bool:
    """Whether all of the bars have one value, and are wide enough to say anything."""
    if not bars or min(min(bar.size_hw) for bar in bars) < _LEAST_BAR_PX:
        return False
    value = _value_of(planes, bars[0])
    return all(bool((planes[bar.slices] == value).all()) for bar in bars)


def _value_of(planes: Planes, bar: Box) -> Any:
    return planes[bar.y1, bar.x1]


def _by_edges(
    marked: NDArray[np.bool_], places: Sequence[Box], pixels: NDArray[np.uint8] | None
) -> int | None:
    """Under which of the places the mask's edges are the photo's; the last number is "stretched".

    None where that is not clear.
    """
    if pixels is None:
        return None
    small = cv2.cvtColor(shrink(pixels[..., :3], _LOOKED_AT_PX), cv2.COLOR_RGB2GRAY)
    light = cv2.GaussianBlur(small.astype(np.float32), (0, 0), 1)
    slopes = cv2.magnitude(*(cv2.Sobel(light, cv2.CV_32F, *way) for way in ((1, 0), (0, 1))))
    mean = float(slopes.mean())
    if mean == 0:
        return None
    whole = Box.of_size((marked.shape[0], marked.shape[1]))
    found = [_along(marked[place.slices], np.asarray(slopes)) / mean for place in (*places, whole)]
    best, second = sorted(found)[:-3:-1]
    is_clear = best >= _CLEARLY * second and best >= _LEAST_EDGE
    return found.index(best) if is_clear else None


def _along(marked: NDArray[np.bool_], slopes: NDArray[np.float32]) -> float:
    """How steep the photo is along a mask's edges, on the whole; 0 where it has none."""
    height, width = slopes.shape
    laid = cv2.resize(marked.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    inside = np.asarray(laid > 0.5, np.uint8)
    edge = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    return float(slopes[edge].mean()) if edge.any() else 0.0


def _cut(mask: MaskFile, place: Box, way: str, why: str) -> MaskFile:
    said = (
        f"it is {size_text(mask.size_hw)}, padded: the photo is the {size_text(place.size_hw)} "
        f"{_WHERE[way]} of it, {why}"
    )
    others = tuple(offer for name, offer in _OFFERS.items() if name != way)
    soft, labels = (
        None if plane is None else np.ascontiguousarray(plane[place.slices])
        for plane in (mask.soft, mask.labels)
    )
    return replace(mask, soft=soft, labels=labels, notes=(*mask.notes, Note(said, *others)))
