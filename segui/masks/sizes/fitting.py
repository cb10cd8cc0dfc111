"""Mask files of another size than the photo: turned, scaled, or refused with what to do."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.images.lying import DONE, upright
from segui.images.pictures import aspect_agrees, is_copy_of, size_text
from segui.masks.drawn import Drawn, at_size
from segui.masks.files import MaskFile, resized
from segui.masks.greys.numbers import present_values
from segui.masks.notes import Note, Offer
from segui.masks.sizes.lying import WHERE
from segui.masks.sizes.padding import (
    AS_PADDED,
    STRETCHED,
    PaddedError,
    Padding,
    offers_to_lay,
    ways_with_empty_bars,
    without_padding,
)
from segui.masks.sizes.sideways import QUARTERS, side_of, turned_over

Turn = Literal["auto", "none", "right", "left", "half", "mirror", "exif"]

_TURNED: Final = {
    "right": "it was turned by 90 degrees to the right",
    "left": "it was turned by 90 degrees to the left",
    "half": "it was turned by 180 degrees",
    "mirror": "it was mirrored, left for right",
}
_AS_THE_PHOTO: Final = Offer("Turn it as the photo was", "turn_masks", "exif")
_BACK: Final = (Offer("Leave it as it is", "turn_masks", "auto"),)
_QUARTERS: Final = dict([*QUARTERS.items(), ("half", 2)])
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})  # EXIF orientations that change width and height
_DRAWN: Final = "what was painted was drawn anew, as its strokes say"


def fit_mask(
    mask_file: MaskFile,
    size_hw: tuple[int, int],
    *,
    scale: bool = False,
    turn: Turn = "auto",
    orientation: int = 1,
    strokes: Callable[[], Sequence[Drawn]] = tuple,
    is_inverted: bool = False,
    padding: Padding = "auto",
    pixels: NDArray[np.uint8] | None = None,
) -> MaskFile:
    """Make sure that a mask has the photo's size; what is done for it is said in its notes.

    One of the photo's proportions, to within 2 %, is scaled: soft masks smoothly, labels by the
    nearest pixel, hard masks smoothly and hard again.

    Args:
        mask_file: The mask.
        size_hw: Height and width of the photo.
        scale: Whether to stretch a mask of other proportions too, instead of refusing it.
        turn: ``auto`` turns a mask that has the size of the photo on its side as the camera's
            note turned the photo, or as the photo's edges say; ``none`` never does; ``right``,
            ``left`` (by 90 degrees) and ``half`` turn every mask, ``mirror`` swaps left and right,
            and ``exif`` does with every mask what the camera's note did with the photo.
        orientation: The EXIF orientation by which the photo was turned, 1 to 8.
        strokes: Gives the lines that the mask was painted with. They are asked for where it is to
            be scaled as it lies; where its pixels agree, they are drawn anew at the photo's size.
        is_inverted: Whether the mask selects what the strokes left.
        padding: How one of other proportions came to them, as ``without_padding`` takes it;
            ``stretch`` stretches it back whatever ``scale`` is.
        pixels: The photo, (H, W, 3 or 4) uint8, whose edges may say where it lies in the mask.

    Returns:
        The same object when the sizes agree and nothing is to be turned.

    Raises:
        InputError: The proportions differ, or the mask lies on its side, or may be padded, and
            nothing says which way.
    """
    if turn not in get_args(Turn):
        raise InputError(f"turn is {turn!r}: expected {', '.join(get_args(Turn))}")
    mask = without_padding(
        _turned(mask_file, size_hw, turn, orientation, padding, pixels),
        size_hw,
        padding,
        pixels,
        may_stretch=scale,
    )
    if mask.size_hw == size_hw:
        return mask
    sizes = f"from {size_text(mask.size_hw)} to {size_text(size_hw)}"
    if not aspect_agrees(mask.size_hw, size_hw):
        if not scale and padding != "stretch":
            raise PaddedError(
                f"the mask {mask.stem} is {size_text(mask.size_hw)}, the photo "
                f"{size_text(size_hw)}: their proportions must match. Save it at the photo's size; "
                "a mask of a part of the photo needs the rest around it",
                (STRETCHED,),
            )
        note = Note(f"it was stretched {sizes}: their proportions differ", *AS_PADDED)
    else:
        is_copy = is_copy_of(mask.size_hw, size_hw) or is_copy_of(size_hw, mask.size_hw)
        share = _stretch(mask.size_hw, size_hw)
        how = "" if is_copy else f", which stretches it by {share:.1%}"
        others = () if padding == "stretch" else ways_with_empty_bars(mask, size_hw)
        note = Note(f"it was scaled {sizes}{how}", *offers_to_lay(others))
    scaled = replace(mask, notes=(*mask.notes, note))
    if mask.soft is not None and mask.soft is mask_file.soft and is_copy_of(mask.size_hw, size_hw):
        fine = _drawn_anew(mask.soft, strokes(), size_hw, is_inverted)
        if fine is not None:
            return replace(scaled, kind="soft", soft=fine, notes=(*scaled.notes, _DRAWN))
    return _scaled(scaled, size_hw)


def _drawn_anew(
    soft: np.ndarray, strokes: Sequence[Drawn], size_hw: tuple[int, int], is_inverted: bool
) -> np.ndarray | None:
    """A painting at the photo's size, by its strokes; None where they say nothing of it."""
    painted = np.asarray(255 - soft, np.uint8) if is_inverted else soft
    drawn = at_size((painted,), strokes, size_hw)
    if drawn is None:
        return None
    return np.asarray(255 - drawn[0], np.uint8) if is_inverted else drawn[0]


def _turned(
    mask: MaskFile,
    size_hw: tuple[int, int],
    turn: Turn,
    orientation: int,
    padding: Padding,
    pixels: NDArray[np.uint8] | None,
) -> MaskFile:
    if turn == "mirror":
        done = _map_planes(mask, lambda values: values[:, ::-1])
        return replace(done, notes=(*mask.notes, f"{_TURNED[turn]}, as asked for"))
    if turn == "exif":
        return _as_the_photo(mask, orientation)
    if turn in _QUARTERS:
        done = _map_planes(mask, lambda values: np.rot90(values, _QUARTERS[turn]))
        return replace(done, notes=(*mask.notes, f"{_TURNED[turn]}, as asked for"))
    if turn == "none":
        return mask
    if not _lies_on_its_side(mask.size_hw, size_hw):
        return _with_what_is_seen(_with_what_exif_says(mask, size_hw, orientation), mask, pixels)
    if orientation not in _SIDEWAYS:
        side = None if padding in WHERE else side_of(mask, size_hw, pixels)
        if side is None:
            return mask
        way, said = side
        done = _map_planes(mask, lambda values: np.rot90(values, _QUARTERS[way]))
        return replace(done, notes=(*mask.notes, said))
    done = _map_planes(mask, lambda values: upright(values, orientation))
    note = f"it is {size_text(mask.size_hw)}, as the camera stored the photo: it was turned with it"
    return replace(done, notes=(*mask.notes, note))


def _as_the_photo(mask: MaskFile, orientation: int) -> MaskFile:
    """A mask of what the camera stored, turned and mirrored as the photo was."""
    if orientation not in DONE:
        note = Note("the photo was not turned: neither was this", *_BACK)
        return replace(mask, notes=(*mask.notes, note))
    done = _map_planes(mask, lambda values: upright(values, orientation))
    note = Note(f"it was {DONE[orientation]}, as the photo was", *_BACK)
    return replace(done, notes=(*mask.notes, note))


def _with_what_exif_says(mask: MaskFile, size_hw: tuple[int, int], orientation: int) -> MaskFile:
    """What to say where a mask of what the camera stored has the size of one that is upright."""
    is_alike = orientation in DONE and (
        orientation not in _SIDEWAYS or is_copy_of(mask.size_hw[::-1], size_hw)
    )
    if not is_alike or mask.orientation == orientation:
        return mask
    said = (
        f"the photo was {DONE[orientation]} on opening, and this was not: its size says nothing. "
        "If it was made of the photo as it is stored, turn it too"
    )
    return replace(mask, notes=(*mask.notes, Note(said, _AS_THE_PHOTO)))


def _with_what_is_seen(
    noted: MaskFile, mask: MaskFile, pixels: NDArray[np.uint8] | None
) -> MaskFile:
    """That it seems to be upside down or mirrored, where nothing was said of how it lies."""
    of_photo = None if pixels is None else (pixels.shape[0], pixels.shape[1])
    if noted is not mask or of_photo is None or not aspect_agrees(mask.size_hw, of_photo):
        return noted
    note = turned_over(mask, pixels)
    return mask if note is None else replace(mask, notes=(*mask.notes, note))


def _lies_on_its_side(mask_hw: tuple[int, int], size_hw: tuple[int, int]) -> bool:
    """Whether a mask has the photo's proportions once it is turned, and not as it is."""
    on_its_side = mask_hw[::-1]
    if not aspect_agrees(mask_hw, size_hw):
        return aspect_agrees(on_its_side, size_hw)
    # of a photo that is nearly square both ways agree: the one that is exact to a pixel counts
    return is_copy_of(on_its_side, size_hw) and not is_copy_of(mask_hw, size_hw)


def _stretch(mask_hw: tuple[int, int], size_hw: tuple[int, int]) -> float:
    """How much more one side grows than the other, as a part."""
    by_height, by_width = size_hw[0] / mask_hw[0], size_hw[1] / mask_hw[1]
    return max(by_height, by_width) / min(by_height, by_width) - 1


def _scaled(mask: MaskFile, size_hw: tuple[int, int]) -> MaskFile:
    if mask.labels is None:
        return replace(mask, soft=_scale_soft(mask, size_hw))
    labels = resized(mask.labels, size_hw, cv2.INTER_NEAREST_EXACT)
    left = set(present_values(labels).tolist())
    names = {value: name for value, name in mask.names.items() if value in left}
    notes = mask.notes
    if lost := len(mask.names) - len(names):
        notes = (*notes, f"{lost} of its labels were too small to be left")
    return replace(mask, labels=labels, names=names, notes=notes)


def _scale_soft(mask: MaskFile, size_hw: tuple[int, int]) -> np.ndarray:
    """Averaged where both sides shrink, else bilinear; a hard mask is made hard again."""
    shrinks = all(new <= old for new, old in zip(size_hw, mask.size_hw, strict=True))
    values = mask.soft if mask.soft is not None else np.zeros(mask.size_hw, np.uint8)
    scaled = resized(values, size_hw, cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    if mask.kind == "hard":
        return np.where(scaled >= 128, np.uint8(255), np.uint8(0))
    return scaled


def _map_planes(mask: MaskFile, change: Callable[[np.ndarray], np.ndarray]) -> MaskFile:
    soft = None if mask.soft is None else np.ascontiguousarray(change(mask.soft))
    labels = None if mask.labels is None else np.ascontiguousarray(change(mask.labels))
    return replace(mask, soft=soft, labels=labels)
