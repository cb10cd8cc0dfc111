"""Names for the labels of label maps, from legends beside them and from texts within them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from segui.errors import InputError
from segui.images.embedded_text import PNG_SIGNATURE, embedded_texts
from segui.json_reading import read_json
from segui.masks.files import MaskFile
from segui.masks.legends.reading import Legend, legend_of_json, legend_of_text
from segui.masks.pixels.colour_codes import channels_of

_MOST_LEVELS: Final = 4  # of a channel, by which a label's colour differs from its legend's
_MOST_CHUNK_BYTES: Final = 1_000_000
# what programs say of a picture; other words are a legend's own
_OF_THE_PICTURE: Final = frozenset({
    "title", "author", "artist", "description", "copyright", "creation time", "software", "source",
    "disclaimer", "warning", "comment", "comments", "parameters", "prompt", "seed", "steps",
    "model", "width", "height", "version", "date", "page", "layer",
})  # fmt: skip


@dataclass(frozen=True)
class NamedLegend:
    """A legend and what messages call it.

    Args:
        source: A file's name, or "its own text".
        legend: The names.
    """

    source: str
    legend: Legend


def named_by(
    mask: MaskFile, legends: Sequence[NamedLegend], as_labels: Callable[[], MaskFile]
) -> MaskFile:
    """A mask with the names that legends have for its labels; the first that knows one counts.

    A grey mask of which a legend names every value is a label map, whatever it was read as.

    Args:
        mask: The mask as it was read.
        legends: All that may name its labels.
        as_labels: Reads it as a label map.
    """
    if not legends:
        return mask
    labels = mask
    if mask.labels is None:
        if mask.source != "grey":
            return mask
        try:
            labels = as_labels()
        except InputError:
            return mask  # so many values are no numbers of objects
    found = _names(labels, legends)
    if not found or (mask.labels is None and len(found) < len(labels.names)):
        return mask
    notes = labels.notes
    if mask.labels is None:
        notes = (*notes, "a legend names all of its values: ask for soft if it is one mask")
    sources = dict.fromkeys(source for _, source in found.values())
    count = f"{len(found)} of its {len(labels.names)} labels"
    if len(found) == len(labels.names):
        count = "its labels" if len(found) > 1 else "its label"
    verb = "is" if count == "its label" else "are"
    names = {**labels.names, **{value: name for value, (name, _) in found.items()}}
    notes = (*notes, f"{count} {verb} named by {' and '.join(sources)}")
    return replace(labels, names=names, notes=notes, has_own_names=True)


def _names(mask: MaskFile, legends: Sequence[NamedLegend]) -> Mapping[int, tuple[str, str]]:
    """Each label value that a legend names: its name, and which legend's that is."""
    found: dict[int, tuple[str, str]] = {}
    nearly = [_by_near_colours(mask.colours, each.legend.by_colour) for each in legends]
    for value, text in mask.names.items():
        number = int(text) if mask.source != "colours" and text.isdecimal() else -1
        for each, by_near_colours in zip(legends, nearly, strict=True):
            name = each.legend.name_of(number, mask.colours.get(value))
            name = by_near_colours.get(value) if name is None else name
            if name is not None:
                found[value] = name, each.source
                break
    return found


def _by_near_colours(own: Mapping[int, int], named: Mapping[int, str]) -> Mapping[int, str]:
    """Names of labels by colours that hardly differ from theirs, and that no label has.

    Formats with losses, and canvases, change a colour's last levels.

    Args:
        own: The colour of each label value.
        named: The name of each colour of a legend.
    """
    known = {*own.values()}
    free = [colour for colour in named if colour not in known]
    if not free:
        return {}
    channels, found = channels_of(np.array(free)).astype(int), {}
    for value, colour in own.items():
        apart = np.abs(channels - channels_of(np.array([colour]))).max(axis=1)
        if colour not in named and apart.min() <= _MOST_LEVELS:
            found[value] = named[free[int(apart.argmin())]]
    return found


def legend_within(path: Path) -> NamedLegend | None:
    """The legend that a PNG carries in its text chunks; None where it carries none.

    Raises:
        InputError: A text in it is broken or too large.
    """
    with path.open("rb") as stream:
        if stream.read(len(PNG_SIGNATURE)) != PNG_SIGNATURE:
            return None
        data = PNG_SIGNATURE + stream.read()
    found = embedded_texts(data, None, max_bytes=_MOST_CHUNK_BYTES)
    texts = {name: text.decode("utf-8", "replace") for name, text in found.items()}
    legends = [legend for name, text in texts.items() if (legend := _legend_of_chunk(name, text))]
    others = {name: text for name, text in texts.items() if not _is_of_the_picture(name)}
    if not legends and (legend := legend_of_json(others, path.name)) is not None:
        legends = [legend]  # a chunk for each label: "1", "car"
    return NamedLegend("its own text", legends[0]) if legends else None


def _is_of_the_picture(keyword: str) -> bool:
    return keyword.strip().casefold() in _OF_THE_PICTURE


def _legend_of_chunk(keyword: str, text: str) -> Legend | None:
    """The legend that one text is; what programs note of themselves is none.

    In a text about the picture two names are a legend at least, and nothing else stands with them:
    "Layer 7" or "page 1 of 3" names no label.
    """
    try:
        if text.lstrip().startswith(("{", "[")):
            return legend_of_json(read_json(text, "a text", max_bytes=len(text)), "a text")
        legend = legend_of_text(text, "a text", lines_are_names=False)
    except InputError:
        return None
    if legend is None or not _is_of_the_picture(keyword):
        return legend
    lines = sum(bool(line.strip()) for line in text.splitlines())
    return legend if len(legend) >= max(2, lines) else None
