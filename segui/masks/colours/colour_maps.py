"""What the colours of a mask mean: each is a label, or they are hardly any and it is grey."""

from dataclasses import replace

import cv2
import numpy as np

from segui.errors import InputError
from segui.masks.colours.earlier_losses import had_losses
from segui.masks.colours.greyish import brightness, greyish, one_cast
from segui.masks.colours.losses import without_losses
from segui.masks.greys.grey_values import read_grey, read_greyish
from segui.masks.greys.numbers import present_values
from segui.masks.greys.photographed import photographed_range_of
from segui.masks.ground import ground_notes
from segui.masks.notes import AS_EXACT, AS_SOFT, Note
from segui.masks.pixels.blends import Cleaned, without_blends
from segui.masks.pixels.colour_codes import Fewer, channels_of, colours_of, few_enough, numbered
from segui.masks.pixels.strips import Strips, looked_up
from segui.masks.reading import LOSSY_LEVELS, MOST_LABELS, MaskRequest, Reading, labels_note

# A flat colour saved as JPEG comes back as a few dozen; a real label map does not have 64 of them
# that are exact to the last bit.
_MOST_LOSSY_COLOURS = 64
_NEARLY_GREY = 16
_MOST_BLENDS = 300_000  # colours: a photo has more, and is no map
_MOST_LOSSY_BLACK = 10  # levels of what JPEG makes of black beside colours
_ABOUT_LOSSES = {  # why colours changed, and what does not change them
    "format": ("its format changes colours on saving", "A PNG"),
    "palette": ("its colours were made few on saving", "A PNG without a palette"),
    "earlier": ("it was saved with losses once, as JPEG or WebP", "The map before that"),
}
_AS_BRIGHTNESS = "read as a soft mask: the brightness of its colours"
_FADING = "edges that fade make labels of their own: ask for soft if it is one mask"


def read_colours(colours: Strips, asked: MaskRequest) -> Reading:
    """Grey when all channels agree; else each colour a label named by its hex, black nothing.

    Args:
        colours: (H, W, 3) uint8 RGB; it is let go of once its colours have numbers.
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
        soft = colours.mapped(lambda rows, _where: brightness(rows)).whole()
        return Reading("soft", "colours", (_AS_BRIGHTNESS,), soft)
    present = colours_of(colours)
    count = present.size
    may_be_photographed = asked.kind == "auto" and count > _MOST_LOSSY_COLOURS
    if may_be_photographed and (grey_mask := _photographed(colours, asked)):
        return grey_mask
    if asked.kind == "exact" or count > _MOST_BLENDS:
        cleaned, left = None, present
    else:
        fewer = few_enough(colours, present)
        present = fewer.present
        cleaned, left = _cleaned_colours(fewer, asked)
    nearly_black = _nearly_black(cleaned, present, left, asked)
    left = left[left != nearly_black]
    if left.size > most_colours(asked):
        raise InputError(_too_many_colours(asked, count))
    if cleaned is None:
        labels = numbered(colours, left, np.int16)
    else:
        numbers = np.zeros(present.size + 1, np.int16)
        numbers[np.searchsorted(present, left) + 1] = np.arange(1, left.size + 1)
        labels = looked_up(numbers, cleaned.index)
    names = {number: f"{code:06x}" for number, code in enumerate(left.tolist(), start=1)}
    of_cleaning = _cleaned_notes(cleaned, asked)
    notes = (labels_note(left.size), *of_cleaning, *_black_notes(nearly_black))
    notes = (*notes, *ground_notes(labels, names))
    if left.size > 256:
        notes = (*notes, Note(_FADING, AS_SOFT))
    return Reading("labels", "colours", notes, labels=labels, names=names)


def _photographed(colours: Strips, asked: MaskRequest) -> Reading | None:
    """A grey mask photographed in light of some colour; None where it is something else."""
    grey = one_cast(colours)
    if grey is None or photographed_range_of(grey) is None:
        return None
    reading = read_grey(grey, replace(asked, is_lossy=True))
    said = "its colours are one cast over grey, and only their brightness counts"
    return replace(reading, source="colours", notes=(*reading.notes, Note(said, AS_EXACT)))


def as_grey(colours: Strips, *, is_lossy: bool) -> np.ndarray | None:
    """One channel when all three agree, nearly for a lossy format; else None.

    Args:
        colours: (H, W, 3) uint8.
        is_lossy: Whether small differences are the format's doing.
    """
    tolerance = _NEARLY_GREY if is_lossy else 0
    if _differ(colours.some(), tolerance):  # most colour maps show it in a few rows
        return None
    if any(_differ(rows, tolerance) for _, rows in colours.bands()):
        return None
    if tolerance:
        return colours.mapped(lambda rows, _where: brightness(rows)).whole()
    return colours.mapped(lambda rows, _where: rows[..., 0]).whole()


def most_colours(asked: MaskRequest) -> int:
    """How many colours a label map of that format may have."""
    return _MOST_LOSSY_COLOURS if asked.is_lossy else MOST_LABELS


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


def _cleaned_colours(fewer: Fewer, asked: MaskRequest) -> tuple[Cleaned, np.ndarray]:
    """The picture by the numbers of its colours, black 0, without blends; and the colours left."""
    present = fewer.present
    index = numbered(fewer.colours, present, np.uint8 if present.size < 1 << 8 else np.uint16)
    all_codes = np.concatenate([[0], present])
    is_blend = np.concatenate([[False], fewer.are_rounded])
    colours = channels_of(all_codes)
    may_have_lost = asked.is_lossy or asked.is_of_few or had_losses(index, colours)
    found = without_losses(index, colours) if may_have_lost else None
    if found:
        cleaned = Cleaned(found.index, lost=found.changed)
    else:
        cleaned = without_blends(index, colours, is_blend)
        if asked.is_lossy:
            cleaned = replace(cleaned, blended=0, lost=cleaned.blended)
    if not (cleaned.blended or cleaned.noisy or cleaned.lost):
        return cleaned, present
    left = present_values(cleaned.index)
    return cleaned, all_codes[left[left > 0]]


def _nearly_black(
    cleaned: Cleaned | None, present: np.ndarray, left: np.ndarray, asked: MaskRequest
) -> int:
    """The colour that noise or losses made of black, if it is the ground; 0 where there is none.

    Args:
        cleaned: The picture by the numbers of the colours present, from 1; black is 0.
        present: (n,) the colours.
        left: (k,) those that are labels.
        asked: How it is read.
    """
    if cleaned is None or left.size < 2 or not (cleaned.noisy or cleaned.lost or asked.is_lossy):
        return 0
    most = _MOST_LOSSY_BLACK if cleaned.lost or asked.is_lossy else LOSSY_LEVELS
    dark = left[channels_of(left).max(axis=1) <= most]
    if dark.size != 1:
        return 0
    if cleaned.lost and int(channels_of(dark).max()) <= LOSSY_LEVELS:
        return int(dark[0])
    index, number = cleaned.index, int(np.searchsorted(present, dark[0])) + 1
    edge = np.concatenate([index[0], index[-1], index[:, 0], index[:, -1]])
    return int(dark[0]) if 2 * np.count_nonzero(edge == number) >= edge.size else 0


def _black_notes(nearly_black: int) -> tuple[Note, ...]:
    if not nearly_black:
        return ()
    return (Note(f"{nearly_black:06x} is what became of black, and nothing", AS_EXACT),)


def _cleaned_notes(cleaned: Cleaned | None, asked: MaskRequest) -> tuple[Note, ...]:
    if cleaned is None:
        return ()
    notes = []
    if cleaned.lost:
        why, keeps = _ABOUT_LOSSES[_losses_of(asked)]
        said = (
            f"{why}: {cleaned.lost} pixels went to the label most like them, and labels that "
            f"hardly differ are one. {keeps} keeps them apart"
        )
        notes.append(Note(said, AS_EXACT, AS_SOFT))
    if cleaned.blended:
        count = cleaned.blended
        said = f"its edges fade: {count} pixels between two colours went to the nearer one"
        notes.append(Note(said, AS_EXACT, AS_SOFT))
    if cleaned.noisy:
        said = f"noise: {cleaned.noisy} pixels that hardly differ from a label were given to it"
        notes.append(Note(said, AS_EXACT))
    return tuple(notes)


def _losses_of(asked: MaskRequest) -> str:
    return "format" if asked.is_lossy else "palette" if asked.is_of_few else "earlier"


def _differ(colours: np.ndarray, tolerance: int) -> bool:
    """Whether red and green, or green and blue, do by more than that anywhere."""
    red, green, blue = (np.ascontiguousarray(colours[..., channel]) for channel in range(3))
    if tolerance == 0:
        return not (np.array_equal(red, green) and np.array_equal(green, blue))
    apart = (cv2.absdiff(*pair) for pair in ((red, green), (green, blue)))
    return any(int(each.max(initial=0)) > tolerance for each in apart)
