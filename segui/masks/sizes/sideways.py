"""Masks that do not lie as the photo does: on their side, upside down or mirrored.

Of one that lies on its side its size says so, of another one its outlines alone.
"""

from collections.abc import Callable
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from segui.geometry import Box
from segui.images.pictures import size_text
from segui.masks.files import MaskFile
from segui.masks.notes import Note, Offer
from segui.masks.sizes.padding import PaddedError, offers_to_lay, planes_of, ways_with_empty_bars
from segui.masks.sizes.photo_edges import place_by_edges, turn_by_edges

Side = Literal["right", "left"]

QUARTERS: Final[dict[Side, int]] = {"right": -1, "left": 1}  # as numpy counts them
_OFFERS: Final[dict[Side, Offer]] = {
    "right": Offer("Turn it to the right", "turn_masks", "right"),
    "left": Offer("Turn it to the left", "turn_masks", "left"),
}
_LOOKED_AT_PX: Final = (
    1024  # the longer side of what edges are compared on, or less than twice that
)
_OVER: Final[dict[str, Callable[[NDArray[Any]], NDArray[Any]]]] = {
    "half": lambda plane: plane[::-1, ::-1],
    "mirror": lambda plane: plane[:, ::-1],
}
_BETTER: Final = {
    "half": Note(
        "its edges fit the photo's once it is turned by 180 degrees, and not as it lies",
        Offer("Turn it by 180 degrees", "turn_masks", "half"),
    ),
    "mirror": Note(
        "its edges fit the photo's once it is mirrored, left for right, and not as it lies",
        Offer("Mirror it", "turn_masks", "mirror"),
    ),
}


def turned_over(mask: MaskFile, pixels: NDArray[np.uint8] | None) -> Note | None:
    """What is said of a mask that seems to be upside down or mirrored; None where it does not.

    Args:
        mask: A mask of the photo's proportions.
        pixels: The photo, (H, W, 3 or 4) uint8, where its edges may be asked.
    """
    if pixels is None:
        return None
    every = max(1, max(mask.size_hw) // _LOOKED_AT_PX)
    marked = np.asarray(planes_of(mask)[::every, ::every] != 0)
    return _BETTER.get(turn_by_edges(marked, _OVER, pixels))


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
