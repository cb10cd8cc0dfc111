"""What transparency means in a mask file: the mask itself, or where there is nothing."""

from dataclasses import replace

import cv2
import numpy as np

from segui.masks.colours.colour_maps import as_grey, most_colours, read_colours
from segui.masks.colours.greyish import greyish
from segui.masks.colours.paint import is_one_paint
from segui.masks.colours.picture_colours import FEWEST, is_picture
from segui.masks.greys.floor import floor_of, without_floor
from segui.masks.greys.grey_values import read_grey
from segui.masks.greys.numbers import present_values
from segui.masks.notes import AS_LABELS, AS_SOFT, INVERT, Note
from segui.masks.pixels.colour_codes import colours_of
from segui.masks.pixels.strips import Strips, bands, changed
from segui.masks.reading import NUMBERED, MaskKind, MaskRequest, Reading

CUT_OUT = "its colours are a picture's, and no labels"
TURNED = "transparent is selected, as more than half is opaque"
_OPAQUE = 250
_FLIPPED = 3  # levels of a channel
_BRIGHT = 64
_ODD_SHARE = 0.002  # of a picture
_ODD_TOGETHER = 16  # pixels: what hangs together more than that somebody selected


def read_with_alpha(colours: Strips, alpha: np.ndarray, asked: MaskRequest) -> Reading:
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


def _read_seen(colours: Strips, alpha: np.ndarray, asked: MaskRequest) -> Reading:
    """The colours where they are seen."""

    def where_seen(rows: np.ndarray, where: slice) -> np.ndarray:
        rows = np.ascontiguousarray(rows)
        return np.asarray(cv2.bitwise_and(rows, rows, mask=alpha[where]), np.uint8)

    seen = colours.mapped(where_seen)
    if _has_colours(seen):
        grey = as_grey(seen, is_lossy=asked.is_lossy)
        if grey is None and asked.kind == "auto" and (found := greyish(seen)):
            grey, _ = found
        if grey is None:
            return _colours_with_alpha(seen, alpha, asked)
    else:
        grey = seen.whole()
    is_of_many = asked.kind == "auto" and present_values(grey).size > FEWEST
    if is_of_many and is_picture(Strips.of_array(grey), alpha, has_shades=False):
        return _with_note(read_alpha(alpha, asked.kind), Note(CUT_OUT, AS_SOFT, AS_LABELS))
    if asked.kind in NUMBERED or not cv2.countNonZero(cv2.inRange(alpha, 1, 254)):
        return _with_note(read_grey(grey, asked), "what is transparent is nothing")
    soft = np.asarray(cv2.multiply(grey, alpha, scale=1 / 255), np.uint8)
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
        labels = changed(soft, lambda rows: rows >= 128, np.int16)
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
    # more than so many together are as many within rows of that number, and those within a band
    for band in bands(odd.shape, around=_ODD_TOGETHER):
        _, _, stats, _ = cv2.connectedComponentsWithStats(odd[band.seen], connectivity=8)
        if stats[1:, cv2.CC_STAT_AREA].max(initial=0) > _ODD_TOGETHER:
            return 0
    return count


def _read_beside_odd(colours: Strips, odd: str, asked: MaskRequest) -> Reading:
    """By the colours, as if all were opaque; where they hold no mask, nothing is marked."""
    is_photo = _has_colours(colours) and colours_of(colours).size > most_colours(asked)
    if _is_uniform(colours, None) or (is_photo and asked.kind == "auto"):
        nothing = np.zeros(colours.size_hw, np.uint8)
        said = f"read as no mask: it is opaque but for {odd}"
        return Reading("soft", "alpha", (Note(said, AS_SOFT),), nothing)
    return _with_note(_read_opaque(colours, asked), f"it is opaque but for {odd}: ignored")


def _read_opaque(colours: Strips, asked: MaskRequest) -> Reading:
    if _has_colours(colours):
        return read_colours(colours, asked)
    return read_grey(colours.whole(), asked)


def _has_colours(colours: Strips) -> bool:
    return colours.rows(0, 1).ndim == 3


def _colours_with_alpha(seen: Strips, alpha: np.ndarray, asked: MaskRequest) -> Reading:
    if asked.kind == "soft":
        return read_alpha(alpha, asked.kind)
    if asked.kind == "auto" and colours_of(seen).size > most_colours(asked):
        return _with_note(read_alpha(alpha, asked.kind), "its colours are too many for labels")
    is_of_picture = asked.kind == "auto" and is_picture(seen, alpha)
    reading = read_colours(seen, asked)
    if is_of_picture and len(reading.names) > FEWEST:
        return _with_note(read_alpha(alpha, asked.kind), Note(CUT_OUT, AS_LABELS))
    return _with_note(reading, "what is transparent is nothing")


def _is_uniform(colours: Strips, where: np.ndarray | None) -> bool:
    """Whether all pixels, or those ``where``, have one colour."""
    height, width = colours.size_hw
    row, column = divmod(0 if where is None else int(where.argmax()), width)
    first = colours.rows(row, row + 1)[0, column]
    # canvases flip low bits of what they show; what is darker may be numbers
    flipped = _FLIPPED if where is not None and first.max() >= _BRIGHT else 0

    def differs(rows: np.ndarray, at: slice) -> bool:
        unlike = np.abs(rows.astype(np.int16) - first) > flipped if flipped else rows != first
        if unlike.ndim == 3:
            unlike = unlike[..., 0] | unlike[..., 1] | unlike[..., 2]
        return bool((unlike if where is None else unlike & where[at]).any())

    some = range(0, height, 1 + height // 16)  # most pictures that vary show it in a few rows
    if any(differs(colours.rows(at, at + 1), slice(at, at + 1)) for at in some):
        return False
    return not any(differs(rows, band.own) for band, rows in colours.bands())


def _with_note(reading: Reading, note: str) -> Reading:
    return replace(reading, notes=(*reading.notes, note))
