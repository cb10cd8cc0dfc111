"""What transparency means in a mask file: the mask itself, or where there is nothing."""

from dataclasses import replace

import cv2
import numpy as np

from segui.masks.kinds import (
    NUMBERED,
    MaskKind,
    MaskRequest,
    Reading,
    as_grey,
    colour_codes,
    most_colours,
    read_colours,
    read_grey,
)


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
    if lowest == highest:
        if lowest == 0 and _is_uniform(colours, None):
            return Reading("soft", "alpha", ("read from transparency",), np.zeros_like(alpha))
        reading = _read_opaque(colours, asked)
        if lowest == 255:
            return reading
        return _with_note(reading, "its transparency is the same everywhere and was ignored")
    if _is_uniform(colours, None) or _is_uniform(colours, alpha > 0):
        return read_alpha(alpha, asked.kind)
    seen = np.asarray(cv2.bitwise_and(colours, colours, mask=alpha), np.uint8)
    if seen.ndim == 3:
        grey = as_grey(seen, is_lossy=asked.is_lossy)
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
    opaque = np.count_nonzero(alpha >= 128)
    if 2 * opaque > alpha.size:
        soft = np.asarray(255 - alpha, np.uint8)
        note = "transparent is selected, as more than half is opaque"
    else:
        soft = alpha.copy()
        note = "opaque is selected"
    if kind in NUMBERED:
        labels = (soft >= 128).astype(np.int32)
        note = f"read as labels from transparency: {note}"
        return Reading("labels", "alpha", (note,), labels=labels, names={1: "1"})
    return Reading("soft", "alpha", (f"read from transparency: {note}",), soft)


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
        if differs.ndim == 3:
            differs = differs[..., 0] | differs[..., 1] | differs[..., 2]
        if (differs if where is None else differs & where[::step]).any():
            return False
    return True


def _with_note(reading: Reading, note: str) -> Reading:
    return replace(reading, notes=(*reading.notes, note))
