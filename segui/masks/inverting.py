"""What was not selected, in place of what was."""

from dataclasses import replace

import numpy as np

from segui.masks.greys.faint import without_faint
from segui.masks.reading import MaskRequest, Reading


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
