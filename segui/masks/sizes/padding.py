"""Masks that were padded, as models pad a photo to a shape: which part of them lies on the photo.

Bars fill the rest: on both sides of the photo, below or to the right of it, above or to the left.
A mask that was stretched has the same size. Bars have one value throughout, but the margin of a
stretched mask may too: the photo's edges say where the mask's run along them, and what is marked
where it is cut off.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.geometry import Box
from segui.images.pictures import aspect_agrees, is_copy_of, size_text
from segui.masks.files import MaskFile
from segui.masks.notes import Note, Offer
from segui.masks.sizes.lying import (
    WHERE,
    Lying,
    Marked,
    Planes,
    Way,
    asked_for,
    is_cut_at_bars,
    shows_bars,
    ways_in,
)
from segui.masks.sizes.photo_edges import place_by_edges

Padding = Literal["auto", "centre", "corner", "stretch", "end"]

_OPTION: Final = "padded_masks"
_OFFERS: Final = {
    "centre": Offer("It lies in the middle", _OPTION, "centre"),
    "corner": Offer("It lies at the upper left", _OPTION, "corner"),
    "end": Offer("It lies at the lower right", _OPTION, "end"),
    "stretch": Offer("It was stretched", _OPTION, "stretch"),
}
STRETCHED: Final = _OFFERS["stretch"]
AS_PADDED: Final = tuple(_OFFERS[way] for way in WHERE)
_BY_EDGES: Final = "its bars are empty and its edges fit so"
_BY_CUT: Final = "its bars are empty and what it marks is cut off at them"
_BY_BARS: Final = "its bars are empty"


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
        padding: ``auto`` finds out; ``centre``, ``corner`` (the upper left) and ``end`` (the lower
            right) say where the photo lies in masks of other proportions, and ``stretch`` that
            they were stretched.
        pixels: The photo, (H, W, 3 or 4) uint8, where its edges may be asked.
        may_stretch: Whether it is taken for a stretched one where nothing says which it is.

    Raises:
        PaddedError: It may be padded or stretched, and nothing says which.
        InputError: ``padding`` is none of these.
    """
    if padding not in get_args(Padding):
        raise InputError(f"{_OPTION} is {padding!r}: expected {', '.join(get_args(Padding))}")
    if padding == "stretch" or mask.size_hw == size_hw:
        return mask
    if padding != "auto":
        return _as_asked_for(mask, size_hw, padding)
    possible = ways_with_empty_bars(mask, size_hw)
    if not possible:
        return mask
    planes = planes_of(mask)
    value = possible[0].value_in(planes)
    found = _found(np.asarray(planes != value), possible, pixels, has_value=bool(value))
    if isinstance(found, tuple):
        return _cut(mask, *found)
    if found == "stretch" or may_stretch or aspect_agrees(mask.size_hw, size_hw):
        return mask
    raise PaddedError(_which(mask, size_hw, possible), (*offers_to_lay(possible), STRETCHED))


def _as_asked_for(mask: MaskFile, size_hw: tuple[int, int], way: Way) -> MaskFile:
    """What of a mask lies on the photo, if it is padded so; all where it is a copy of its shape."""
    lying = asked_for(way, mask.size_hw, size_hw)
    if _is_copy(mask.size_hw, size_hw):
        may_be = lying.is_rounded_up and lying.has_empty_bars(planes_of(mask))
        return _cut(mask, lying, "as asked for") if may_be else mask
    return _cut(mask, lying, "as asked for")


def _is_copy(mask_hw: tuple[int, int], size_hw: tuple[int, int]) -> bool:
    return is_copy_of(mask_hw, size_hw) or is_copy_of(size_hw, mask_hw)


def planes_of(mask: MaskFile) -> Planes:
    """The values of a mask: its opacity, or its labels.

    Args:
        mask: Any.

    Returns:
        (H, W) uint8 or int32.
    """
    planes = mask.soft if mask.labels is None else mask.labels
    assert planes is not None  # noqa: S101  a mask has one of the two
    return planes


def ways_with_empty_bars(mask: MaskFile, size_hw: tuple[int, int]) -> tuple[Lying, ...]:
    """The ways in which a photo may lie in a mask of another shape, by what its bars hold.

    A copy of the photo's proportions has none, but where it may have been filled up to a size that
    a program asks for which wants whole multiples.

    Args:
        mask: A mask of another size than the photo.
        size_hw: Height and width of the photo.
    """
    planes = planes_of(mask)
    is_copy = _is_copy(mask.size_hw, size_hw)
    return tuple(
        way
        for way in ways_in(mask.size_hw, size_hw)
        if (way.is_rounded_up or not is_copy) and way.has_empty_bars(planes)
    )


def offers_to_lay(possible: Sequence[Lying]) -> tuple[Offer, ...]:
    """What takes a mask for padded in each of some ways."""
    return tuple(_OFFERS[way] for way in dict.fromkeys(lying.way for lying in possible))


def _found(
    marked: Marked,
    possible: Sequence[Lying],
    pixels: NDArray[np.uint8] | None,
    *,
    has_value: bool,
) -> tuple[Lying, str] | Literal["stretch"] | None:
    """Which of the ways it is, and what says so; None where nothing does."""
    if not marked.any():  # empty, it is the same wherever it lies; all of it marked, it has no bars
        return "stretch" if has_value else (possible[0], _BY_BARS)
    whole = Box.of_size((marked.shape[0], marked.shape[1]))
    if pixels is not None:
        places = [*(way.photo for way in possible), whole]
        place = place_by_edges([(marked, place) for place in places], pixels)
        if place is not None:
            return "stretch" if place == len(possible) else (possible[place], _BY_EDGES)
    says, why = (shows_bars, _BY_BARS) if has_value else (is_cut_at_bars, _BY_CUT)
    said = [way for way in possible if says(marked, way)]
    return (said[0], why) if len(said) == 1 else None


def _ways(possible: Sequence[Lying]) -> tuple[str, ...]:
    return (*dict.fromkeys(lying.way for lying in possible), "stretch")


def _which(mask: MaskFile, size_hw: tuple[int, int], possible: Sequence[Lying]) -> str:
    *ways, last = _ways(possible)
    *before, place = (WHERE[way] for way in WHERE if way in ways)
    places = f"{', '.join(before)} or {place}" if before else place
    return (
        f"the mask {mask.stem} is {size_text(mask.size_hw)}, the photo {size_text(size_hw)}: "
        f"it may be padded, with the photo {places}, or stretched. Say which by {_OPTION}: "
        f"{', '.join(ways)} or {last}"
    )


def _cut(mask: MaskFile, lying: Lying, why: str) -> MaskFile:
    said = (
        f"it is {size_text(mask.size_hw)}, padded: the photo is the "
        f"{size_text(lying.photo.size_hw)} {WHERE[lying.way]} of it, {why}"
    )
    others = tuple(offer for name, offer in _OFFERS.items() if name != lying.way)
    soft, labels = (
        None if plane is None else np.ascontiguousarray(plane[lying.photo.slices])
        for plane in (mask.soft, mask.labels)
    )
    return replace(mask, soft=soft, labels=labels, notes=(*mask.notes, Note(said, *others)))
