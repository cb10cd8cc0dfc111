"""What the values of a grey mask mean: a soft edge, a hard mask, or numbers of objects."""

from dataclasses import replace
from functools import partial

import numpy as np

from segui.errors import InputError
from segui.images.arrays import LEAST_SIGNED, grey_to_8_bit
from segui.masks.greys.edges import is_fading_edge
from segui.masks.greys.faint import without_faint
from segui.masks.greys.floats import read_floats
from segui.masks.greys.grey_blends import Sharp, without_grey_blends
from segui.masks.greys.numbers import (
    FULL_VALUES,
    are_numbers,
    have_ground,
    is_noise,
    present_values,
    rim_of,
)
from segui.masks.ground import ground_of_numbers
from segui.masks.notes import AS_EXACT, AS_FULL, AS_LABELS, AS_SOFT, Note
from segui.masks.pixels.blends import are_cores
from segui.masks.pixels.flat import count_values
from segui.masks.pixels.strips import bands, changed
from segui.masks.reading import (
    LOSSY_LEVELS,
    MOST_LABELS,
    NUMBERED,
    SURELY_LABELS,
    VOID,
    MaskRequest,
    Reading,
    labels_note,
)

_LOW_VALUES = 64
_MOST_BESIDE_A_RIM = 254
_FEWEST_SCALED = 3  # values: two, and what scaling puts between
_FADING_PX = 8  # that edges between numbers may fade by, where numbers are asked for
_MOST_SCALED = 128  # brighter ones may be opacity, with its edges
_SEEN_PX = 400
_FEWEST_GROUNDS, _MOST_GROUNDS = 4, 12  # black among them
_STEP_OF_CLASSES = 12  # levels: an edge fades by less
_MOST_OF_ONE = 128  # beside white: brighter ones are opacity
_BITS = (10, 12, 14)  # that cameras and scanners write into files of 16
_MOST_WHOLE = np.iinfo(np.int32).max // 2  # of floats
_EITHER = "its values could be opacity too: ask for soft if it is one mask"


def read_grey(values: np.ndarray, asked: MaskRequest) -> Reading:
    """Labels when the non-zero values are 1..n without a gap, hard when only 1, otherwise soft.

    A file that can hold 255 or 65535 may use it for void beside 1..n. Values that reach the
    type's largest without a gap, or that change by small steps like a soft edge, are soft.

    Two values are a hard mask, but for 0 and one of 64 or more in 8 bits, which is opacity. Numbers
    with gaps are labels where each covers ground of its own and would be odd as opacity; a thin rim
    of 255 or 65535 around them is void. Of what is soft, a faint floor is cut.

    Args:
        values: (H, W) bool, uint8, uint16, int32 or float32.
        asked: How to read it.

    Raises:
        InputError: Labels are asked for and the values are no whole numbers or too many.
    """
    if values.dtype == np.bool_:
        if asked.kind in NUMBERED:
            return _labels_of_values(values.astype(np.uint8), np.array([1]), (), "grey")
        soft = np.where(values, np.uint8(255), np.uint8(0))
        return Reading("hard", "grey", ("read as a hard mask: it is black and white",), soft)
    if asked.kind == "soft":
        return _soft(values, present=None, is_full=asked.is_full)
    if asked.is_lossy and asked.kind == "auto":
        reading = without_faint(_soft(values, present=None), is_lossy=True)
        return replace(reading, notes=(*reading.notes, *_lossy_notes(values, reading.soft)))
    whole = _whole_numbers(values)
    if whole is None:
        if asked.kind in NUMBERED:
            raise InputError(f"{asked.name} has values that are not whole: they cannot be labels")
        return without_faint(_soft_of_floats(values))
    is_float = values.dtype.kind == "f"
    if values.itemsize > whole.itemsize and values.min(initial=0) >= LEAST_SIGNED:
        values = whole  # in half the memory it says the same
    occurring = present_values(whole)
    present = occurring[occurring > 0]
    if asked.kind in NUMBERED:
        return _forced_labels(whole, present, asked)
    labels_or_hard = _hard(whole, occurring) or _numbered(whole, present)
    if labels_or_hard is not None:
        return labels_or_hard
    return without_faint(
        _soft(values.astype(np.float32, copy=False) if is_float else values, present)
    )


def read_greyish(grey: np.ndarray, spread: int, asked: MaskRequest) -> Reading:
    """A grey mask of colours that hardly are any, as ``greyish`` finds it.

    Args:
        grey: (H, W) uint8.
        spread: By how many levels its channels differ.
        asked: How to read it.
    """
    reading = read_grey(grey, replace(asked, is_lossy=asked.is_lossy or spread > LOSSY_LEVELS))
    levels = "1 level" if spread == 1 else f"{spread} levels"
    said = f"its channels differ by up to {levels}, here and there: noise, and no colours"
    return replace(reading, notes=(*reading.notes, Note(said, AS_EXACT)))


def _hard(whole: np.ndarray, present: np.ndarray) -> Reading | None:
    """Two values: the larger one is selected, unless it is opacity, of 8 bits on black."""
    if present.tolist() == [1]:
        present = np.array([0, 1])
    if present.size != 2:
        return None
    low, high = present.tolist()
    is_noise_of_one = low > 0 and high - low <= LOSSY_LEVELS
    if is_noise_of_one or (whole.dtype == np.uint8 and low == 0 and high >= _LOW_VALUES):
        return None
    soft = changed(whole, lambda rows: np.where(rows == high, 255, 0), np.uint8)
    note = f"read as a hard mask: its values are {low} and {high}"
    offers = () if (low, high) == (0, 1) else (AS_SOFT,)
    return Reading("hard", "grey", (Note(note, *offers),), soft)


def _numbered(whole: np.ndarray, present: np.ndarray) -> Reading | None:
    """Labels, where the values are numbers of objects or classes, scaled or not; else None."""
    sharp = _sharp(whole, present)
    numbers = present if sharp is None else _above_0(sharp.values)
    may_fade = 2 * numbers.size > present.size and _is_faint(whole, present)
    if may_fade and is_fading_edge(whole, present):
        return None
    if sharp is not None:
        reading = _as_numbers(sharp.values, numbers)
        if reading is not None:
            return replace(reading, notes=(*reading.notes, _blends_note(sharp)))
    return _as_numbers(whole, present)


def _sharp(whole: np.ndarray, present: np.ndarray) -> Sharp | None:
    """Numbers without what scaling put between them; None where they may be opacity as well."""
    if present.size < _FEWEST_SCALED or not _may_be_scaled(whole, int(present[-1])):
        return None
    sharp = without_grey_blends(whole)
    if sharp is None:
        return None
    highest = int(_above_0(sharp.values)[-1])
    return sharp if _may_be_scaled(sharp.values, highest) else None


def _may_be_scaled(values: np.ndarray, highest: int) -> bool:
    """Whether the highest value is none that opacity has where it is full, or nearly."""
    if values.dtype == np.uint8:
        return highest < _MOST_SCALED
    return values.dtype == np.uint16 and highest not in FULL_VALUES


def _in_8_bits(whole: np.ndarray, present: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The values and those above 0, as 8 bits hold them."""
    if whole.dtype == np.uint8:
        return whole, present
    factor = min(1.0, 254 / int(present[-1]))
    small = changed(whole, lambda rows: np.rint(rows * np.float32(factor)), np.uint8)
    return small, _above_0(small)


def _above_0(values: np.ndarray) -> np.ndarray:
    present = present_values(values)
    return present[present > 0]


def _blends_note(sharp: Sharp) -> Note:
    said = f"its edges fade: {sharp.given} pixels between two values went to the nearer one"
    return Note(said, AS_EXACT, AS_SOFT)


def _as_numbers(whole: np.ndarray, present: np.ndarray) -> Reading | None:
    """Labels, where the values as they are are numbers; else None."""
    numbered, void = _split_void(present)
    if 2 <= numbered.size <= MOST_LABELS and _are_labels(whole, numbered):
        if void and is_noise(whole, numbered):
            return None
        may_be_floor = void and numbered.size <= LOSSY_LEVELS and whole.dtype == np.uint8
        if may_be_floor and _is_floor_of_all(whole, present):
            return None
        return _labels_of_values(whole, numbered, void, "grey")
    highest = int(present[-1]) if present.size else 0
    if not 2 <= present.size <= MOST_LABELS:
        return None
    if highest > np.iinfo(np.uint16).max:
        return _large_numbers(whole, present)
    rim = rim_of(whole, present) if present.size <= _MOST_BESIDE_A_RIM else None
    others = present[present != rim]
    is_one = rim is not None and others.size == 1 and int(others[0]) < _MOST_OF_ONE
    if others.size > SURELY_LABELS and whole.dtype == np.uint8 and _is_gradient(whole, highest):
        return None
    if not is_one and not are_numbers(whole, others):
        return None
    reading = _labels_of_values(whole, others, () if rim is None else (rim,), "grey")
    return replace(reading, notes=(*reading.notes, Note(_EITHER, AS_SOFT)))


def _is_faint(whole: np.ndarray, present: np.ndarray) -> bool:
    """Whether all values are as low as a brush of little opacity leaves them."""
    return bool(whole.dtype == np.uint8 and present.size and present[-1] < _LOW_VALUES)


def _large_numbers(whole: np.ndarray, present: np.ndarray) -> Reading | None:
    """Labels of more than 16 bits: no soft mask has so few values, each with ground of its own."""
    ranks = changed(whole, lambda rows: np.searchsorted(present, rows, side="right"), np.uint16)
    if not have_ground(ranks, np.arange(1, present.size + 1)):
        return None
    return _labels_of_values(whole, present, (), "grey")


def _is_floor_of_all(whole: np.ndarray, present: np.ndarray) -> bool:
    """Whether nothing is black, and white is more than a rim: the rest is what black became."""
    return bool(whole.min() > 0) and rim_of(whole, present) is None


def _forced_labels(whole: np.ndarray, present: np.ndarray, asked: MaskRequest) -> Reading:
    """Each value is a label, but for those that only edges have, where these are let go of."""
    is_small = whole.dtype in (np.uint8, np.uint16)
    sharp = (
        without_grey_blends(whole, 1, _FADING_PX) if asked.kind != "exact" and is_small else None
    )
    if sharp is not None:
        reading = _each_as_label(sharp.values, _above_0(sharp.values), asked)
        return replace(reading, notes=(*reading.notes, _blends_note(sharp)))
    return _each_as_label(whole, present, asked)


def _each_as_label(whole: np.ndarray, present: np.ndarray, asked: MaskRequest) -> Reading:
    numbered, void = _split_void(present)
    if numbered.size > MOST_LABELS:
        raise InputError(
            f"{asked.name} has {numbered.size} values, more than the {MOST_LABELS} labels that "
            "a mask may have: ask for soft"
        )
    return _labels_of_values(whole, numbered, void, "grey")


def _labels_of_values(
    values: np.ndarray, numbered: np.ndarray, void: tuple[int, ...], source: str
) -> Reading:
    is_small = not numbered.size or int(numbered[-1]) <= np.iinfo(np.int16).max
    labels = np.empty(values.shape, np.int16 if is_small else np.int32)
    for band in bands(values.shape):
        rows = labels[band.own]
        rows[...] = values[band.own]
        for value in void:
            rows[values[band.own] == value] = VOID
    names = {value: str(value) for value in numbered.tolist()}
    notes = (labels_note(len(names), void), *ground_of_numbers(labels, names))
    return Reading("labels", source, notes, labels=labels, names=names)


def _split_void(present: np.ndarray) -> tuple[np.ndarray, tuple[int, ...]]:
    """The label values, and 255 or 65535 when it stands apart from 1..n."""
    rest, last = present[:-1], int(present[-1]) if present.size else 0
    is_apart = rest.size > 0 and last in FULL_VALUES and last != rest.size + 1
    if is_apart and int(rest[-1]) == rest.size:
        return rest, (last,)
    return present, ()


def _are_labels(values: np.ndarray, numbered: np.ndarray) -> bool:
    """Whether values are 1..n and no soft mask that happens to use each of them."""
    if int(numbered[-1]) != numbered.size:
        return False
    if values.dtype != np.uint8 or numbered.size <= SURELY_LABELS:
        return True
    return numbered.size < 255 and not _is_gradient(values, numbered.size)


def _is_gradient(values: np.ndarray, n: int) -> bool:
    """Whether neighbours differ as in a soft edge: nearly everywhere, or by small steps both ways.

    Numbered regions have the same value inside, and unlike numbers above and below. A picture of
    few pixels for each value cannot be a soft mask that uses them all by chance.
    """
    if np.count_nonzero(values) < 16 * n:
        return False
    every = 1 + values.size // 1_000_000
    equal_shares, small_shares = [], []
    for lines in (values[::every], values[:, ::every].T):
        left, right = lines[:, :-1], lines[:, 1:]
        # n itself may be what a brush's opacity ends at: its plateau says nothing
        inside = (left > 0) & (left < n) & (right > 0) & (right < n)
        steps = np.abs(left[inside].astype(np.int16) - right[inside])
        unequal = steps[steps > 0]
        equal_shares.append(1 - unequal.size / max(1, steps.size))
        small_shares.append(np.count_nonzero(unequal <= 2) / max(1, unequal.size))
    return bool(min(equal_shares) < 0.5 or min(small_shares) > 0.75)


def _soft(values: np.ndarray, present: np.ndarray | None, *, is_full: bool = False) -> Reading:
    """A soft mask; with ``present``, a hint where the values look like numbers of objects."""
    notes = ["read as a soft mask"]
    highest = values.max(initial=0)
    if is_full:
        notes.append("its values are taken by the scale of its type")
    elif values.dtype.kind in "ui" and values.dtype != np.uint8:
        bits = next((bits for bits in range(9, 16) if highest in _full_of(bits)), 0)
        bits = bits or next((bits for bits in _BITS if highest < 1 << bits), 16)
        if highest <= 255:
            values = changed(values, lambda rows: np.clip(rows, 0, 255), np.uint8)
            said = f"its values end at {int(highest)} and are read as 8-bit"
            notes.append(Note(said, AS_FULL))
        elif bits < 16:
            values = changed(values, partial(_scaled, full=(1 << bits) - 1), np.uint8)
            factor = 1 << (16 - bits)
            said = f"its values end at {int(highest)} and are read as {bits}-bit: times {factor}"
            notes.append(Note(said, AS_FULL))
        else:
            notes.append("its values are scaled to 8 bits")
    elif present is not None and 1 < highest < _LOW_VALUES:
        notes.append(
            Note(
                f"its values end at {int(highest)}: ask for labels if they are numbers of objects",
                AS_LABELS,
            )
        )
    elif present is not None and present.size == 1 and highest < 255:
        notes.append(
            Note(
                f"all that is marked is {int(highest)}, {highest / 255:.0%} opacity: ask for "
                "labels if it is a hard mask",
                AS_LABELS,
            )
        )
    elif present is not None:
        notes += _ground_notes(values)
    soft = grey_to_8_bit(values)
    return Reading("soft", "grey", tuple(notes), soft.copy() if soft is values else soft)


def _soft_of_floats(values: np.ndarray) -> Reading:
    if values.dtype.kind != "f":
        return _soft(values, present=None)
    floats = read_floats(values)
    return Reading("soft", "grey", ("read as a soft mask", *floats.notes), floats.soft)


def _lossy_notes(values: np.ndarray, soft: np.ndarray | None) -> tuple[Note, ...]:
    """What is said where the values of a lossy file may be numbers all the same."""
    highest = 0 if soft is None else int(soft.max(initial=0))
    if not 0 < highest < _LOW_VALUES:
        return _ground_notes(values, spread=LOSSY_LEVELS)
    said = (
        f"its values end at {highest} of 255, and saving has changed them: "
        "give it as PNG if they are numbers of objects"
    )
    return (Note(said),)


def _ground_notes(values: np.ndarray, spread: int = 0) -> tuple[Note, ...]:
    """What is said where a soft mask's values may be numbers all the same."""
    grounds = _grounds(values, spread) if values.dtype == np.uint8 else ()
    if not grounds:
        return ()
    each = ", ".join(map(str, grounds))
    said = f"its values {each} cover ground: ask for labels if they are numbers of objects"
    return (Note(said, AS_LABELS),)


def _grounds(values: np.ndarray, spread: int) -> tuple[int, ...]:
    """The values that cover ground of their own on black, if they are as many as classes are.

    Two are what a mask may have in any case, and steps of an edge that fades are small.

    Args:
        values: (H, W) uint8, looked at every so many pixels.
        spread: By how many levels saving has changed what was one value: the most frequent is it.
    """
    every = max(1, min(values.shape) // _SEEN_PX)
    counts = count_values(np.ascontiguousarray(values[::every, ::every]))
    cores = np.flatnonzero(are_cores(counts))
    runs = np.split(cores, np.flatnonzero(np.diff(cores) > spread) + 1)
    grounds = np.array([run[counts.pixels[run].argmax()] for run in runs if run.size])
    if not _FEWEST_GROUNDS <= grounds.size <= _MOST_GROUNDS or grounds[0] > 0:
        return ()
    is_apart = np.diff(grounds).min() >= _STEP_OF_CLASSES
    return tuple(grounds[1:].tolist()) if is_apart else ()


def _scaled(rows: np.ndarray, *, full: int) -> np.ndarray:
    scaled = np.rint(np.maximum(rows, 0) * np.float32(255 / full))
    return np.asarray(np.minimum(scaled, 255))


def _full_of(bits: int) -> tuple[int, int]:
    """What full opacity may be in so many bits: Photoshop's 15 bits end at 32768."""
    return (1 << bits) - 1, 1 << bits


def _whole_numbers(values: np.ndarray) -> np.ndarray | None:
    """The values as whole numbers of at least 0, or None when some are not whole."""
    if values.dtype.kind == "u":
        return values
    # infinite or nan where one value is
    least, most = float(values.min(initial=0)), float(values.max(initial=0))
    if values.dtype.kind == "f" and not (np.isfinite(least) and most <= _MOST_WHOLE):
        return None
    if values.dtype == np.int32 and least >= 0 and most > np.iinfo(np.uint16).max:
        return values
    whole = np.empty(values.shape, np.uint16 if most <= np.iinfo(np.uint16).max else np.int32)
    for band in bands(values.shape):
        rows = np.maximum(values[band.own], 0)
        if values.dtype.kind == "f" and not (rows == np.trunc(rows)).all():
            return None
        whole[band.own] = rows
    return whole
