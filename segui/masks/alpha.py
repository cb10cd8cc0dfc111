"""What transparency means in a mask file: the mask itself, or where there is nothing."""

from dataclasses import replace

import cv2
import numpy as np

from segui.masks.colour_maps import as_grey, colour_codes, most_colours, read_colours
from segui.masks.floor import floor_of, without_floor
from segui.masks.grey_values import read_grey
from segui.masks.greyish import greyish
from segui.masks.notes import AS_SOFT, INVERT, Note
from segui.masks.paint import is_one_paint
from segui.masks.reading import NUMBERED, MaskKind, MaskRequest, Reading

TURNED = "transparent is selected, as more than half is opaque"
_OPAQUE = 250
_FLIPPED = 3  # levels of a channel
_BRIGHT = 64
_ODD_SHARE = 0.002  # of a picture
_ODD_TOGETHER = 16  # pixels: what hangs together more than that somebody selected


def read_with_alpha(colours: np.ndarray, alpha: np.ndarray, asked: MaskRequest) -> Reading:
    """The alpha channel when it alone varies; else the colours, with alpha 0 as nothing.

    Colours count only where they are seen. Grey times opacity is a soft mask; of a photo's
    colours, too many for labels, the alpha is read.

    Args:
        colours: (H, W) or (H, W, 3) uint8.
        alpha: (H, W) uint8.
        asked: How to read it.

    Raises:
        InputError: Labels are asked for and there are too many.
    """
    lowest, highest = int(alpha.min()), int(alpha.max())
    if lowest < highest and (odd := _odd_pixels(alpha)):
        return _read_beside_odd(colours, "1 odd pixel" if odd == 1 else f"{odd} odd pixels", asked)
    if _OPAQUE <= lowest < highest:
        return _read_beside_odd(colours, "its lowest bits", asked)
    if asked.kind == "auto" and (floor := floor_of(alpha)):
        alpha = without_floor(alpha, floor)  # a painted layer may be 1 where nothing was painted
    if lowest == highest:
        if lowest == 0 and _is_uniform(colours, None):
            return Reading("soft", "alpha", ("read from transparency",), np.zeros_like(alpha))
        reading = _read_opaque(colours, asked)
        if lowest == 255:
            return reading
        return _with_note(reading, "its transparency is the same everywhere and was ignored")
    if _is_uniform(colours, None) or _is_uniform(colours, alpha > 0):
        return read_alpha(alpha, asked.kind)
    if is_one_paint(colours, alpha):
        return read_alpha(alpha, asked.kind)
    return _read_seen(colours, alpha, asked)


def _read_seen(colours: np.ndarray, alpha: np.ndarray, asked: MaskRequest) -> Reading:
    """The colours where they are seen."""
    seen = np.asarray(cv2.bitwise_and(colours, colours, mask=alpha), np.uint8)
    if seen.ndim == 3:
        grey = as_grey(seen, is_lossy=asked.is_lossy)
        if grey is None and asked.kind == "auto" and (found := greyish(seen)):
            grey, _ = found
        if grey is None:
            return _colours_with_alpha(seen, alpha, asked)
        seen = grey
    if asked.kind in NUMBERED or not ((alpha > 0) & (alpha < 255)).any():
        return _with_note(read_grey(seen, asked), "what is transparent is nothing")
    soft = np.asarray(cv2.multiply(seen, alpha, scale=1 / 255), np.uint8)
    return Reading("soft", "grey", ("read as a soft mask: grey times opacity",), soft)


def read_alpha(alpha: np.ndarray, kind: MaskKind) -> Reading:
    """Opaque is selected, unless more than half is opaque: then transparent is.

    Args:
        alpha: (H, W) uint8; from 128 a pixel counts as opaque.
        kind: ``labels`` makes one label "1" of what is selected, else the mask is soft.
    """
    is_turned = bool(2 * np.count_nonzero(alpha >= 128) > alpha.size)
    if is_turned:
        soft = np.asarray(255 - alpha, np.uint8)
        note = TURNED
    else:
        soft = alpha.copy()
        note = "opaque is selected"
    if kind in NUMBERED:
        labels = (soft >= 128).astype(np.int32)
        note = f"read as labels from transparency: {note}"
        names = {1: "1"}
        return Reading("labels", "alpha", (note,), None, labels, names, is_turned)
    said = Note(f"read from transparency: {note}", INVERT)
    return Reading("soft", "alpha", (said,), soft, is_turned=is_turned)


def _odd_pixels(alpha: np.ndarray) -> int:
    """How many pixels are not opaque where all others are, if they are no selection; else 0."""
    odd = (alpha < _OPAQUE).astype(np.uint8)
    count = cv2.countNonZero(odd)
    if not 0 < count <= _ODD_SHARE * alpha.size:
        return 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(odd, connectivity=8)
    return count if stats[1:, cv2.CC_STAT_AREA].max(initial=0) <= _ODD_TOGETHER else 0


def _read_beside_odd(colours: np.ndarray, odd: str, asked: MaskRequest) -> Reading:
    """By the colours, as if all were opaque; where they hold no mask, nothing is marked."""
    is_photo = colours.ndim == 3 and colour_codes(colours)[1].size > most_colours(asked)
    if _is_uniform(colours, None) or (is_photo and asked.kind == "auto"):
        nothing = np.zeros(colours.shape[:2], np.uint8)
        said = f"read as no mask: it is opaque but for {odd}"
        return Reading("soft", "alpha", (Note(said, AS_SOFT),), nothing)
    return _with_note(_read_opaque(colours, asked), f"it is opaque but for {odd}: ignored")


def _read_opaque(colours: np.ndarray, asked: MaskRequest) -> Reading:
    return read_colours(colours, asked) if colours.ndim == 3 else read_grey(colours, asked)


def _colours_with_alpha(seen: np.ndarray, alpha: np.ndarray, asked: MaskRequest) -> Reading:
    if asked.kind == "soft":
        return read_alpha(alpha, asked.kind)
    _, present = colour_codes(seen)
    if asked.kind == "auto" and present.size > most_colours(asked):
        return _with_note(read_alpha(alpha, asked.kind), "its colours are too many for labels")
    return _with_note(read_colours(seen, asked), "what is transparent is nothing")


def _is_uniform(colours: np.ndarray, where: np.ndarray | None) -> bool:
    """Whether all pixels, or those ``where``, have one colour."""
    first = np.unravel_index(0 if where is None else int(where.argmax()), colours.shape[:2])
    every = 1 + len(colours) // 16
    for step in (every, 1):  # most pictures that vary show it in a few rows
        differs = colours[::step] != colours[first]
        # canvases flip low bits of what they show; what is darker may be numbers
        if where is not None and colours[first].max() >= _BRIGHT:
            differs = np.abs(colours[::step].astype(np.int16) - colours[first]) > _FLIPPED
        if differs.ndim == 3:
            differs = differs[..., 0] | differs[..., 1] | differs[..., 2]
        if (differs if where is None else differs & where[::step]).any():
            return False
    return True


def _with_note(reading: Reading, note: str) -> Reading:
    return replace(reading, notes=(*reading.notes, note))
