"""Pictures with a palette, read: as label maps by their indices, or by colours and opacities."""

from dataclasses import replace

import numpy as np

from segui.masks.alpha import read_with_alpha
from segui.masks.colours.colour_maps import read_colours
from segui.masks.colours.few_colours import (
    BLACK_AND_WHITE,
    FADES,
    counts_by_opacity,
    is_black_and_white,
    why_by_colour,
)
from segui.masks.colours.picture_colours import FEWEST, is_picture
from segui.masks.greys.numbers import present_values
from segui.masks.ground import ground_of_numbers
from segui.masks.notes import AS_EXACT, Note
from segui.masks.pixels.strips import Strips, looked_up
from segui.masks.reading import VOID, MaskRequest, Reading, labels_note


def read_palette_image(
    strips: Strips, palette_rgb: np.ndarray, opacity: np.ndarray, asked: MaskRequest
) -> Reading:
    """A picture with a palette: a label map by its indices, or what its colours or opacities say.

    Args:
        strips: Its indices, uint8; (h, w, 2) where each pixel has an opacity of its own.
        palette_rgb: (n, 3) uint8.
        opacity: (256,) uint8: how opaque each index is.
        asked: What it is to be taken for; ``exact`` are its indices in any case.
    """
    if strips.rows(0, 1).ndim == 3:
        of_seen = strips.mapped(
            lambda rows, _where: np.where(rows[..., 1] > 0, rows[..., 0], np.uint8(0))
        )
        return read_palette(of_seen.taken(), palette_rgb, frozenset())
    transparent = frozenset(np.flatnonzero(opacity == 0).tolist())
    indices = Strips.of_array(strips.taken())  # whoever reads them can let go of them
    if asked.kind == "exact":
        return read_palette(indices.all_rows(), palette_rgb, transparent)
    present = present_values(indices.all_rows())

    def coloured(colours: np.ndarray) -> Strips:
        most = len(colours) - 1  # there are indices that have no colour
        return indices.mapped(lambda rows, _where: colours[np.minimum(rows, most)])

    if counts_by_opacity(palette_rgb, opacity, present):
        alpha = indices.mapped(lambda rows, _where: opacity[rows])
        return _by_colour(read_with_alpha(coloured(palette_rgb), alpha.whole(), asked), FADES)
    seen = np.array([value for value in present.tolist() if value not in transparent], int)
    if asked.kind == "auto" and not transparent and is_black_and_white(palette_rgb, seen):
        return _by_colour(read_colours(coloured(palette_rgb), asked), BLACK_AND_WHITE)
    why = why_by_colour(indices.all_rows(), palette_rgb, seen, is_opaque=not transparent)
    if not why:
        if asked.kind == "auto" and transparent and seen.size > FEWEST:
            is_clear = np.isin(indices.all_rows(), [*transparent])
            opaque = np.where(is_clear, np.uint8(0), np.uint8(255))
            if is_picture(coloured(palette_rgb), opaque):
                return _by_colour(read_with_alpha(coloured(palette_rgb), opaque, asked), FADES)
        return read_palette(indices.all_rows(), palette_rgb, transparent)
    of_seen_ones = palette_rgb.copy()
    of_seen_ones[list(transparent & {*range(len(palette_rgb))})] = 0
    of_few = replace(asked, is_of_few=True)
    return _by_colour(read_colours(coloured(of_seen_ones), of_few), why)


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
    labels = looked_up(lookup, indices)
    notes = [labels_note(len(names), void), *ground_of_numbers(labels, names)]
    greys = palette_rgb[[value for value in present if value < len(palette_rgb)]]
    if len(names) > 1 and not np.ptp(greys, axis=1).any():
        notes.append("its palette is all grey: ask for soft if it is one mask")
    return Reading("labels", "palette", tuple(notes), labels=labels, names=names)


def _by_colour(reading: Reading, why: str) -> Reading:
    return replace(reading, notes=(*reading.notes, Note(why, AS_EXACT)))
