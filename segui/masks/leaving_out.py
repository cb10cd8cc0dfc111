"""Labels of a mask file that are left out as no areas: which are meant, and what is said of it."""

from dataclasses import replace

import numpy as np

from segui.masks.files import MaskFile
from segui.masks.label_lists import names_in
from segui.masks.notes import Note, Offer, offers_of


def without_labels(mask: MaskFile, leave_out: str) -> MaskFile:
    """A label map without the labels that are left out.

    A label is meant by its name, or by what it is in the file: its number or its colour, which its
    notes call it by before a legend has named it.

    Args:
        mask: Any mask; what has no labels stays as it is.
        leave_out: Labels with commas between; one that has a comma stands in double quotes.
    """
    asked = {*names_in(leave_out), leave_out.strip()}
    others = asked - {*mask.names.values()}
    gone = [
        value
        for value, name in mask.names.items()
        if name in asked or _of_file(mask, value) in others
    ]
    if mask.labels is None or not gone:
        return mask
    labels = np.where(np.isin(mask.labels, gone), np.int32(0), mask.labels)
    names = {value: name for value, name in mask.names.items() if value not in gone}
    said = ", ".join(mask.names[value] for value in gone)
    left = tuple(
        note for note in mask.notes if all(o.option != "leave_out" for o in offers_of(note))
    )
    note = Note(f"left out: {said}", Offer("Take it back", "leave_out", ""))
    return replace(mask, labels=labels, names=names, notes=(*left, note))


def _of_file(mask: MaskFile, value: int) -> str:
    """What a label is in its file: the number, or the colour as it is written in hex."""
    if mask.source == "colours" and value in mask.colours:
        return f"{mask.colours[value]:06x}"
    return str(value)
