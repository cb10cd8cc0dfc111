"""What has to lie over a picture to give it with an edit: layers, for whatever file has them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from segui.backend.effect_table import HIDE
from segui.edits import Edit, EditStep
from segui.errors import InputError
from segui.geometry import Box
from segui.rendering import mask_image

Pixels = NDArray[np.uint8]

OPAQUE: Final = 255
ROWS: Final = 256  # of the picture that are computed with at once, in float32
_MOST_NAME_CHARACTERS: Final = 120


def check_nothing_hidden(
    edits: Sequence[Edit], what: str = "layers", where: str = "in the photo below them"
) -> None:
    """Refuse a file that would give away what an edit hides.

    Args:
        edits: What happens.
        what: The file, as it is called.
        where: In which part of it all is seen.

    Raises:
        InputError: An edit that is made hides something.
    """
    for number, edit in enumerate(edits, 1):
        if edit.enabled and edit.paste.effect == HIDE:
            of_several = f" by edit {number}" if len(edits) > 1 else ""
            raise InputError(
                f"the {what} would have all that is hidden{of_several} {where}: "
                "take the picture itself away"
            )


def name_of(edit: Edit) -> str:
    """An edit's name, or its rule, without control characters."""
    text = edit.name or edit.rule
    written = "".join(c for c in text if c.isprintable())
    return written[:_MOST_NAME_CHARACTERS] or edit.paste.effect


def weights_of(step: EditStep, *, is_opaque: bool = False) -> Pixels:
    """How much of each pixel an edit replaces, (H, W).

    Args:
        step: The edit, as it was made.
        is_opaque: As if the opacity of what is pasted were 255.
    """
    options = step.edit.paste
    asked = replace(options, alpha=OPAQUE) if is_opaque else options
    covered = mask_image(step.scene, step.selection.filtered, asked)
    return covered if options.effect_on == "filtered" else np.uint8(255) - covered


def reach_of(weights: Pixels) -> Box:
    """The box around all that is not 0; an empty one where nothing is."""
    rows, columns = np.flatnonzero(weights.any(axis=1)), np.flatnonzero(weights.any(axis=0))
    if not len(rows):
        return Box(0, 0, 0, 0)
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def layer_over(
    before: Pixels, after: Pixels, weights: Pixels, box: Box, opacity: int = OPAQUE
) -> tuple[Pixels, Pixels]:
    """What has to lie over one picture to give another.

    Args:
        before: (H, W, 3 or 4), what the layers below give.
        after: The same with an edit.
        weights: (H, W), the layer's own opacity, pixel by pixel.
        box: Where it lies, px.
        opacity: What the weights are made less by, 0..255.

    Returns:
        Its pixels, (h, w, 4), whose alpha are the weights; and what it gives with those below.
    """
    layer = np.empty((*box.size_hw, 4), np.uint8)
    shown = before.copy()
    for y1 in range(box.y1, box.y2, ROWS):
        part = slice(y1, min(y1 + ROWS, box.y2)), slice(box.x1, box.x2)
        weight = weights[part][..., None].astype(np.float32) * np.float32(opacity / OPAQUE**2)
        below = before[part][..., :3].astype(np.float32)
        change = after[part][..., :3] - below
        # so that no rounding, of the weight or of layers below, is carried on
        colours = below + np.divide(change, weight, out=np.zeros_like(change), where=weight > 0)
        colours = np.rint(np.clip(colours, 0, 255))
        shown[part][..., :3] = np.rint(below + weight * (colours - below))
        rows_of_layer = layer[y1 - box.y1 : y1 - box.y1 + below.shape[0]]
        rows_of_layer[..., :3] = colours * (weight > 0)
        rows_of_layer[..., 3] = weights[part]
    return layer, shown
