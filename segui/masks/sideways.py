"""Masks that lie on their side, as their size says: turned which way, or padded after all."""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box
from segui.images.pictures import size_text
from segui.masks.files import MaskFile
from segui.masks.notes import Note, Offer
from segui.masks.padding import PaddedError, offers_to_lay, planes_of, ways_with_empty_bars
from segui.masks.photo_edges import place_by_edges

Side = Literal["right", "left"]

QUARTERS: Final[dict[Side, int]] = {"right": -1, "left": 1}  # as numpy counts them
_OFFERS: Final[dict[Side, Offer]] = {
    "right": Offer("Turn it to the right", "turn_masks", "right"),
    "left": Offer("Turn it to the left", "turn_masks", "left"),
}


def side_of(
    mask: MaskFile, size_hw: tuple[int, int], pixels: NDArray[np.uint8] | None
) -> tuple[Side, Note] | None:
    """Which way to turn a mask that has the photo's size on its side, and what is said of that.

    Args:
        mask: The mask.
        size_hw: Height and width of the photo.
        pixels: The photo, (H, W, 3 or 4) uint8, where its edges may be asked.

    Returns:
        None where it was padded: it is not turned.

    Raises:
        PaddedError: Nothing says which way.
    """
    planes = planes_of(mask)
    padded = ways_with_empty_bars(mask, size_hw)
    value = padded[0].value_in(planes) if padded else planes.dtype.type(0)
    marked = np.asarray(planes != value)
    if pixels is not None and marked.any():
        turned = [np.ascontiguousarray(np.rot90(marked, QUARTERS[side])) for side in QUARTERS]
        places = [(one, Box.of_size((one.shape[0], one.shape[1]))) for one in turned]
        places += [(marked, lying.photo) for lying in padded]
        found = place_by_edges(places, pixels)
        if found is not None:
            sides = tuple(QUARTERS)
            return (sides[found], _said(sides[found])) if found < len(sides) else None
    offers = offers_to_lay(padded)
    other = f", or how it was padded by {offers[0].option}" if offers else ""
    raise PaddedError(
        f"the mask {mask.stem} is {size_text(mask.size_hw)}, the photo {size_text(size_hw)}: "
        f"it lies on its side. Say which way to turn the masks: right or left{other}",
        (*_OFFERS.values(), *offers),
    )


def _said(side: Side) -> Note:
    others = (offer for other, offer in _OFFERS.items() if other != side)
    return Note(
        f"it lies on its side: it was turned by 90 degrees to the {side}, its edges fit so", *others
    )
