"""What the values of a mask file mean: the rules of ``mask_kind``, on arrays alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import cv2
import numpy as np

from segui.errors import InputError
from segui.images.opening import grey_to_8_bit
from segui.masks.blends import Cleaned, without_blends
from segui.masks.edges import is_fading_edge
from segui.masks.floor import floor_of, without_floor
from segui.masks.greyish import greyish
from segui.masks.notes import AS_EXACT, AS_FULL, AS_LABELS, AS_SOFT, INVERT, Note, leave_out
from segui.masks.numbers import FULL_VALUES, are_numbers, have_ground, is_noise, rim_of
from segui.masks.video import BLACK, WHITE, has_video_range, on_full_range

MaskKind = Literal["auto", "soft", "labels", "exact", "full"]
ReadAs = Literal["soft", "hard", "labels"]

MOST_LABELS = 4096
# A flat colour saved as JPEG comes back as a few dozen; a real label map does not have 64 of them
# that are exact to the last bit.
_MOST_LOSSY_COLOURS = 64
_NEARLY_GREY = 16
_SURELY_LABELS = 32
_LOW_VALUES = 64
_MOST_BLENDS = 300_000  # colours: a photo has more, and is no map
_GROUND_SHARE = 0.5
_LEAST_SIDE = 8  # px: of less, nothing is around anything
_GROUND_SHARE_OF_ALL = 0.2  # where nothing else is without a label
_SAME = 3  # levels that lossy steps change
_MOST_LOSSY_BLACK = 10  # levels of what JPEG makes of black beside colours
_MOST_BESIDE_A_RIM = 254
_MOST_OF_ONE = 128  # beside white: brighter ones are opacity
_BITS = (10, 12, 14)  # that cameras and scanners write into files of 16
_EITHER = "its values could be opacity too: ask for soft if it is one mask"
_FADING = "edges that fade make labels of their own: ask for soft if it is one mask"
VOID = -1
NUMBERED = ("labels", "exact")  # asked for as labels, with blends given away or not


@dataclass(frozen=True, eq=False)
class Reading:
    """What the values of one file mean.

    Args:
        kind: ``soft``, ``hard`` (soft, of 0 and 255 alone) or ``labels``.
        source: What was read: ``grey``, ``alpha``, ``palette`` or ``colours``.
        notes: What was decided, the first one beginning with "read".
        soft: (H, W) uint8, 255 selected; None for labels.
        labels: (H, W) int16 or int32, 0 nothing, `VOID` neither; None otherwise.
        names: A name for each label value.
        is_turned: Whether what is transparent was selected, as more than half is opaque.
    """

    kind: ReadAs
    source: str
    notes: tuple[str, ...]
    soft: np.ndarray | None = None
    labels: np.ndarray | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    is_turned: bool = False


@dataclass(frozen=True)
class MaskRequest:
    """How a file is to be read.

    Args:
        kind: ``auto`` or what the caller insists on.
        name: The file's name, for messages.
        is_lossy: Whether its format changes values on saving: exact values then mean nothing.
        is_full: Whether the largest value that its type holds is full, whatever its values show.
    """

    kind: MaskKind
    name: str
    is_lossy: bool = False
    is_full: bool = False

    @classmethod
    def of(cls, kind: MaskKind, name: str, *, is_lossy: bool) -> "MaskRequest":
        """How a visitor asks for it: ``full`` is soft, with the type's own scale."""
        is_full = kind == "full"
        return cls("soft" if is_full else kind, name, is_lossy, is_full)


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
        return without_faint(_soft(values, present=None), is_lossy=True)
    whole = _whole_numbers(values)
    if whole is None:
        if asked.kind in NUMBERED:
            raise InputError(f"{asked.name} has values that are not whole: they cannot be labels")
        return without_faint(_soft(values, present=None))
    occurring = present_values(whole)
    present = occurring[occurring > 0]
    if asked.kind in NUMBERED:
        return _forced_labels(whole, present, asked)
    labels_or_hard = _hard(whole, occurring) or _numbered(whole, present)
    return labels_or_hard or without_faint(_soft(values, present))


def without_faint(reading: Reading, *, is_lossy: bool = False) -> Reading:
    """A soft mask without the faint floor under it, and what was cut; the same where none is.

    Args:
        reading: A soft mask.
        is_lossy: Whether its format rings at edges.
    """
    if reading.soft is not None and has_video_range(reading.soft):
        said = f"its black is {BLACK} and its white {WHITE}, as in video: both were made full"
        notes = (*reading.notes, Note(said, AS_SOFT))
        reading = replace(reading, soft=on_full_range(reading.soft), notes=notes)
    if reading.soft is None or not (floor := floor_of(reading.soft, is_lossy=is_lossy)):
        return reading
    said = f"what is faint, up to {floor} of 255, is no soft edge and was cut"
    soft = without_floor(reading.soft, floor)
    faint = np.asarray(cv2.threshold(reading.soft, floor, 0, cv2.THRESH_TOZERO_INV)[1], np.uint8)
    may_be_numbers = not is_lossy and (
        have_ground(faint, present_values(faint)[1:]) or _are_few_with_ground(reading.soft)
    )
    offers = (AS_SOFT, AS_LABELS) if may_be_numbers else (AS_SOFT,)
    return replace(reading, soft=soft, notes=(*reading.notes, Note(said, *offers)))


def _are_few_with_ground(levels: np.ndarray) -> bool:
    """Whether below white there are some values alone, which cover ground of their own."""
    present = present_values(levels)
    numbers = present[(present > 0) & (present < 255)]
    return 2 <= numbers.size <= _SURELY_LABELS and have_ground(levels, numbers)


def _hard(whole: np.ndarray, present: np.ndarray) -> Reading | None:
    """Two values: the larger one is selected, unless it is opacity, of 8 bits on black."""
    if present.tolist() == [1]:
        present = np.array([0, 1])
    if present.size != 2:
        return None
    low, high = present.tolist()
    is_noise_of_one = low > 0 and high - low <= _SAME
    if is_noise_of_one or (whole.dtype == np.uint8 and low == 0 and high >= _LOW_VALUES):
        return None
    soft = np.where(whole == high, np.uint8(255), np.uint8(0))
    note = f"read as a hard mask: its values are {low} and {high}"
    offers = () if (low, high) == (0, 1) else (AS_SOFT,)
    return Reading("hard", "grey", (Note(note, *offers),), soft)


def _numbered(whole: np.ndarray, present: np.ndarray) -> Reading | None:
    """Labels, where the values are numbers of objects or classes; else None."""
    if _is_faint(whole, present) and is_fading_edge(whole, present):
        return None
    numbered, void = _split_void(present)
    if 2 <= numbered.size <= MOST_LABELS and _are_labels(whole, numbered):
        if void and is_noise(whole, numbered):
            return None
        may_be_floor = void and numbered.size <= _SAME and whole.dtype == np.uint8
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
    if others.size > _SURELY_LABELS and whole.dtype == np.uint8 and _is_gradient(whole, highest):
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
    ranks = np.searchsorted(present, whole, side="right").astype(np.uint16)
    if not have_ground(ranks, np.arange(1, present.size + 1)):
        return None
    return _labels_of_values(whole, present, (), "grey")


def _is_floor_of_all(whole: np.ndarray, present: np.ndarray) -> bool:
    """Whether nothing is black, and white is more than a rim: the rest is what black became."""
    return bool(whole.min() > 0) and rim_of(whole, present) is None


def read_palette(
    indices: np.ndarray, palette_rgb: np.ndarray, transparent: frozenset[int]
) -> Reading:
    """Each index a label; 0, transparent indices and a lone 255 after a gap are nothing.

    Index 0 is a label where the file makes others transparent instead, and 0 is not black.

    Args:
        indices: (H, W) uint8.
        palette_rgb: (256 or fewer, 3) uint8.
        transparent: The indices that are fully transparent.
    """
    present = set(present_values(indices).tolist())
    hidden = present & transparent
    numbered = sorted(present - hidden - {0})
    void: tuple[int, ...] = ()
    if len(numbered) > 1 and numbered[-1] == 255 and numbered[-2] != 254:
        void = (numbered.pop(),)
    lookup = np.zeros(256, np.int16)  # half the memory of a large map
    lookup[numbered] = numbered
    lookup[list(void)] = VOID
    names = {value: str(value) for value in numbered}
    zero_is_black = len(palette_rgb) == 0 or not palette_rgb[0].any()
    if 0 in present - hidden and hidden and not zero_is_black:
        lookup[0] = 256  # 0 itself would mean nothing, and 256 is no index
        names[256] = "0"
    labels = lookup[indices]
    notes = [_labels_note(len(names), void), *_ground_of_numbers(labels, names)]
    greys = palette_rgb[[value for value in present if value < len(palette_rgb)]]
    if len(names) > 1 and not np.ptp(greys, axis=1).any():
        notes.append("its palette is all grey: ask for soft if it is one mask")
    return Reading("labels", "palette", tuple(notes), labels=labels, names=names)


def read_colours(colours: np.ndarray, asked: MaskRequest) -> Reading:
    """Grey when all channels agree; else each colour a label named by its hex, black nothing.

    Args:
        colours: (H, W, 3) uint8 RGB.
        asked: How to read it.

    Raises:
        InputError: There are more colours than a label map has.
    """
    grey = as_grey(colours, is_lossy=asked.is_lossy)
    if grey is not None:
        return read_grey(grey, asked)
    if asked.kind == "auto" and (found := greyish(colours)):
        return read_greyish(*found, asked)
    if asked.kind == "soft":
        brightness = np.asarray(cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY), np.uint8)
        return Reading(
            "soft", "colours", ("read as a soft mask: the brightness of its colours",), brightness
        )
    codes, present = colour_codes(colours)
    if asked.kind == "exact" or present.size > _MOST_BLENDS:
        cleaned, left = None, present
    else:
        cleaned, left = _cleaned_colours(codes, present)
    nearly_black = _nearly_black(cleaned, present, left, asked)
    left = left[left != nearly_black]
    if left.size > most_colours(asked):
        raise InputError(_too_many_colours(asked, present.size))
    if cleaned is None:
        lookup = np.zeros(1 << 24, np.uint16)
        lookup[left] = np.arange(1, left.size + 1)
        labels = lookup[codes].astype(np.int32)
    else:
        numbers = np.zeros(present.size + 1, np.int32)
        numbers[np.searchsorted(present, left) + 1] = np.arange(1, left.size + 1)
        labels = numbers[cleaned.index]
    names = {number: f"{code:06x}" for number, code in enumerate(left.tolist(), start=1)}
    notes = (_labels_note(left.size), *_cleaned_notes(cleaned), *_black_notes(nearly_black))
    notes = (*notes, *ground_notes(labels, names))
    if left.size > 256:
        notes = (*notes, Note(_FADING, AS_SOFT))
    return Reading("labels", "colours", notes, labels=labels, names=names)


def read_greyish(grey: np.ndarray, spread: int, asked: MaskRequest) -> Reading:
    """A grey mask of colours that hardly are any, as ``greyish`` finds it.

    Args:
        grey: (H, W) uint8.
        spread: By how many levels its channels differ.
        asked: How to read it.
    """
    reading = read_grey(grey, replace(asked, is_lossy=asked.is_lossy or spread > _SAME))
    levels = "1 level" if spread == 1 else f"{spread} levels"
    said = f"its channels differ by up to {levels}, here and there: noise, and no colours"
    return replace(reading, notes=(*reading.notes, Note(said, AS_EXACT)))


def _too_many_colours(asked: MaskRequest, count: int) -> str:
    if asked.is_lossy:
        return (
            f"{asked.name} has {count} colours, as its format changes them on saving: "
            "save the label map as PNG, or ask for soft to read its brightness"
        )
    return (
        f"{asked.name} has {count} colours, more than the {MOST_LABELS} labels that "
        "a mask may have: ask for soft to read its brightness"
    )


def _cleaned_colours(codes: np.ndarray, present: np.ndarray) -> tuple[Cleaned, np.ndarray]:
    """The picture by the numbers of its colours, black 0, without blends; and the colours left."""
    lookup = np.zeros(1 << 24, np.uint16 if present.size < 1 << 16 else np.int32)
    lookup[present] = np.arange(1, present.size + 1)
    all_codes = np.concatenate([[0], present])
    colours = np.stack([all_codes >> 16, all_codes >> 8 & 255, all_codes & 255], axis=1)
    cleaned = without_blends(lookup[codes], colours.astype(np.uint8))
    if not cleaned.blended and not cleaned.noisy:
        return cleaned, present
    left = present_values(cleaned.index)
    return cleaned, all_codes[left[left > 0]]


def _nearly_black(
    cleaned: Cleaned | None, present: np.ndarray, left: np.ndarray, asked: MaskRequest
) -> int:
    """The colour that noise made of black, if it is the ground; 0 where there is none.

    Args:
        cleaned: The picture by the numbers of the colours present, from 1; black is 0.
        present: (n,) the colours.
        left: (k,) those that are labels.
        asked: How it is read.
    """
    if cleaned is None or left.size < 2 or not (cleaned.noisy or asked.is_lossy):
        return 0
    channels = np.stack([left >> 16, left >> 8 & 255, left & 255], axis=1)
    most = _MOST_LOSSY_BLACK if asked.is_lossy else _SAME
    dark = left[channels.max(axis=1) <= most]
    if dark.size != 1:
        return 0
    index, number = cleaned.index, int(np.searchsorted(present, dark[0])) + 1
    edge = np.concatenate([index[0], index[-1], index[:, 0], index[:, -1]])
    return int(dark[0]) if 2 * np.count_nonzero(edge == number) >= edge.size else 0


def _black_notes(nearly_black: int) -> tuple[Note, ...]:
    if not nearly_black:
        return ()
    return (Note(f"{nearly_black:06x} is what became of black, and nothing", AS_EXACT),)


def _cleaned_notes(cleaned: Cleaned | None) -> tuple[Note, ...]:
    notes = []
    if cleaned is not None and cleaned.blended:
        notes.append(
            Note(
                f"its edges fade: {cleaned.blended} pixels between two colours went to the nearer "
                "one",
                AS_EXACT,
                AS_SOFT,
            )
        )
    if cleaned is not None and cleaned.noisy:
        notes.append(
            Note(
                f"noise: {cleaned.noisy} pixels that hardly differ from a label were given to it",
                AS_EXACT,
            )
        )
    return tuple(notes)


def ground_notes(
    labels: np.ndarray, names: Mapping[int, str], rest: str = "what is black"
) -> tuple[Note, ...]:
    """What to say where one label covers most of a map, and all around: it may be the ground.

    Where each pixel has a label, it need not be most of it.

    Args:
        labels: (H, W) int32.
        names: Of each label.
        rest: What has no label is called so.
    """
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    values, counts = np.unique(edge, return_counts=True)
    value = int(values[counts.argmax()])
    if value <= 0 or 2 * int(counts.max()) < edge.size:
        return ()
    share = np.count_nonzero(labels == value) / labels.size
    if share < _GROUND_SHARE_OF_ALL or share == 1:
        return ()
    if share < _GROUND_SHARE and np.count_nonzero(labels) < labels.size:
        return ()
    name = names[value]
    if len(names) == 1:
        said = f"its one label {name} is {share:.0%} of it: invert if {rest} is meant"
        return (Note(said, INVERT),)
    said = f"{share:.0%} of it is the label {name}, which may be the ground: it can be left out"
    return (Note(said, leave_out(name), INVERT),)


def _ground_of_numbers(labels: np.ndarray, names: Mapping[int, str]) -> tuple[Note, ...]:
    if min(labels.shape) < _LEAST_SIDE:
        return ()
    return ground_notes(labels, names, "what has no label")


def inverted(reading: Reading, asked: MaskRequest) -> Reading:
    """What was not selected; of labels, all that had none becomes the one label "rest".

    What was white may be faint then: its floor is cut as black's was.

    Args:
        reading: As the file was read.
        asked: How.
    """
    if reading.soft is not None:
        note = "inverted: what was not selected is"
        soft = np.asarray(255 - reading.soft, np.uint8)
        turned = replace(reading, soft=soft, notes=(*reading.notes, note))
        cuts = asked.kind == "auto" and reading.kind == "soft" and reading.source != "alpha"
        return without_faint(turned, is_lossy=asked.is_lossy) if cuts else turned
    labels = np.asarray(reading.labels == 0, np.int32)
    note = 'inverted: what had no label is the one label "rest"'
    names = {1: "rest"} if labels.any() else {}
    notes = (*reading.notes, note)
    return replace(reading, notes=notes, labels=labels, names=names)


def as_grey(colours: np.ndarray, *, is_lossy: bool) -> np.ndarray | None:
    """One channel when all three agree, nearly for a lossy format; else None.

    Args:
        colours: (H, W, 3) uint8.
        is_lossy: Whether small differences are the format's doing.
    """
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    sample = colours[:: 1 + len(colours) // 16]  # most colour maps show it in a few rows
    tolerance = _NEARLY_GREY if is_lossy else 0
    if _differ(sample[..., 0], sample[..., 1], tolerance):
        return None
    if _differ(red, green, tolerance) or _differ(green, blue, tolerance):
        return None
    if tolerance:
        return np.asarray(cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY), np.uint8)
    return np.ascontiguousarray(red)


def most_colours(asked: MaskRequest) -> int:
    """How many colours a label map of that format may have."""
    return _MOST_LOSSY_COLOURS if asked.is_lossy else MOST_LABELS


def colour_codes(colours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each pixel's colour as the number 0xRRGGBB, and those that occur, rising, without black.

    A table of all 16.7 million colours is several times faster than sorting 12 million pixels.
    """
    padded = cv2.cvtColor(np.ascontiguousarray(colours), cv2.COLOR_RGB2BGRA)
    codes = padded.view("<u4")[..., 0]
    codes &= np.uint32(0xFFFFFF)  # in place: a copy of a large map is 200 MB
    occurs = np.zeros(1 << 24, np.bool_)
    occurs[codes] = True
    occurs[0] = False
    return codes, np.flatnonzero(occurs)


def present_values(values: np.ndarray) -> np.ndarray:
    """The values that occur, rising.

    Args:
        values: (H, W), uint8, uint16, or int16 or int32 of at least 0.

    Returns:
        (n,) int64.
    """
    highest = int(values.max(initial=0))
    if highest > np.iinfo(np.uint16).max:
        return np.unique(values).astype(np.int64)
    if values.dtype.kind == "i":
        values = values.astype(np.uint16)
    # ten times faster than np.bincount, and a hundred times faster than np.unique
    counts = cv2.calcHist([values], [0], None, [highest + 1], [0, highest + 1])
    return np.flatnonzero(counts)


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
            values = np.clip(values, 0, 255).astype(np.uint8)
            said = f"its values end at {int(highest)} and are read as 8-bit"
            notes.append(Note(said, AS_FULL))
        elif bits < 16:
            full = (1 << bits) - 1
            scaled = np.rint(np.maximum(values, 0) * np.float32(255 / full))
            values = np.minimum(scaled, 255).astype(np.uint8)
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
    soft = grey_to_8_bit(values)
    return Reading("soft", "grey", tuple(notes), soft.copy() if soft is values else soft)


def _full_of(bits: int) -> tuple[int, int]:
    """What full opacity may be in so many bits: Photoshop's 15 bits end at 32768."""
    return (1 << bits) - 1, 1 << bits


def _whole_numbers(values: np.ndarray) -> np.ndarray | None:
    """The values as whole numbers of at least 0, or None when some are not whole."""
    if values.dtype.kind == "u":
        return values
    if values.dtype.kind == "f":
        if not np.isfinite(values).all() or values.max() > np.iinfo(np.int32).max // 2:
            return None
        whole = np.maximum(values, 0).astype(np.int32)
        return whole if np.array_equal(whole, np.maximum(values, 0)) else None
    return np.asarray(np.maximum(values, 0), np.int32)


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
    if values.dtype != np.uint8 or numbered.size <= _SURELY_LABELS:
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


def _forced_labels(whole: np.ndarray, present: np.ndarray, asked: MaskRequest) -> Reading:
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
    labels = values.astype(np.int16 if values.dtype.itemsize == 1 else np.int32)
    for value in void:
        labels[values == value] = VOID
    names = {value: str(value) for value in numbered.tolist()}
    notes = (_labels_note(len(names), void), *_ground_of_numbers(labels, names))
    return Reading("labels", source, notes, labels=labels, names=names)


def _labels_note(count: int, void: tuple[int, ...] = ()) -> str:
    tail = "".join(f"; {value} is void" for value in void)
    return f"read as labels: {count} of them{tail}"


def _differ(first: np.ndarray, second: np.ndarray, tolerance: int) -> bool:
    if tolerance == 0:
        return not np.array_equal(first, second)
    apart = cv2.absdiff(np.ascontiguousarray(first), np.ascontiguousarray(second))
    return int(apart.max(initial=0)) > tolerance
