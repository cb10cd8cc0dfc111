"""The photo and each edit above it as layers of a PSD file, with masks, opacity and blend modes."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import torch

from segui.backend.blending import NORMAL, blend
from segui.backend.effect_table import CUT_OUT
from segui.edits import Edit, EditStep, edit_steps
from segui.geometry import Box
from segui.pipeline import Scene
from segui.rendering import edited
from segui.selection import Selection
from segui.takeaway.laid_over import (
    OPAQUE,
    ROWS,
    Pixels,
    check_nothing_hidden,
    layer_over,
    name_of,
    reach_of,
    weights_of,
)
from segui.takeaway.psd import (
    BLENDS,
    GROUP_BEGIN,
    GROUP_END,
    NO_PIXELS,
    NOTHING,
    Plan,
    PsdLayer,
    PsdWriter,
)

_PHOTO: Final = "photo"
_GROUP_BEGIN: Final = "</Layer group>"  # what programs write there
_NEAR: Final = 1  # levels by which a layer with a blend mode of its own may give something else


def psd_file(
    scene: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    target: str | Path | BinaryIO,
    *,
    device: str = "auto",
) -> None:
    """Write the photo, and above it each edit that is made as a layer with a mask and an opacity.

    Laid over each other, the layers give the result to within 1 of 255, or 2 where several edits of
    little opacity lie over each other. A program that rounds to whole levels in the end alone, and
    not after each layer, may be off by one more there. Where the format has an edit's blend mode
    and gives the same by it, the layer is what was blended; else it is what the edit left there. A
    cut-out is a layer of what it left, and those below it are there but not shown. What is
    transparent is the mask of a group. An edit that reaches no pixel is a layer without any. One
    layer is held at a time, beside the picture before and after it.

    Args:
        scene: The picture and its segments.
        edits: What happens, in order.
        selections: What ``choose_for_edits`` gave for them.
        target: The file, replaced when it exists; or one opened for writing bytes, at its start,
            that can be sought in.
        device: Where to compute: ``auto``, ``gpu`` or ``cpu``.

    Raises:
        InputError: An edit hides something, which the layers would give away, or has nothing to
            paste; or the picture is too large for the format.
    """
    check_nothing_hidden(edits)
    if isinstance(target, (str, Path)):
        with Path(target).open("wb") as file:
            _write(scene, edits, selections, file, device)
    else:
        _write(scene, edits, selections, target, device)


def _write(
    scene: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    file: BinaryIO,
    device: str,
) -> None:
    size_hw, last = scene.photo.size_hw, scene.photo.pixels
    plans = _plans([edit for edit in edits if edit.enabled], has_alpha=last.shape[2] == 4)
    writer = PsdWriter(file, size_hw, plans, scene.photo.icc_profile)
    group = _begin(writer, _PHOTO, last)
    shown = last[..., :3]
    for step in edit_steps(scene, edits, selections, device=device):
        last = step.pixels
        if step.edit.paste.effect == CUT_OUT:
            _end(writer, group)
            writer.hide_all()
            group, shown = _begin(writer, name_of(step.edit), last), last[..., :3]
        else:
            layer, shown = _layer_of(step, shown, device)
            writer.add(layer)
    _end(writer, group)
    writer.finish(last)


def _plans(made: Sequence[Edit], *, has_alpha: bool) -> list[Plan]:
    """What is written, as ``_write`` does it."""
    begin = Plan(_GROUP_BEGIN, section=GROUP_BEGIN)
    group = _PHOTO if has_alpha else None
    plans = [*([begin] if has_alpha else []), Plan(_PHOTO)]
    for edit in made:
        if edit.paste.effect != CUT_OUT:
            plans.append(Plan(name_of(edit), has_mask=True))
            continue
        if group is not None:
            plans.append(Plan(group, has_mask=True, section=GROUP_END))
        group = name_of(edit)
        plans += [begin, Plan(group)]
    if group is not None:
        plans.append(Plan(group, has_mask=True, section=GROUP_END))
    return plans


def _begin(writer: PsdWriter, name: str, pixels: Pixels) -> tuple[str, Pixels] | None:
    """Write what other layers lie on.

    What is transparent is the mask of a group with all that lies on it: programs do not agree on
    what lies over something half transparent.

    Returns:
        The group's name and its mask; None where nothing is transparent.
    """
    is_group = pixels.shape[2] == 4
    if is_group:
        writer.add(PsdLayer(_GROUP_BEGIN, NOTHING, NO_PIXELS, section=GROUP_BEGIN))
    height, width = pixels.shape[:2]
    writer.add(PsdLayer(name, Box.of_size((height, width)), pixels[..., :3]))
    return (name, pixels[..., 3]) if is_group else None


def _end(writer: PsdWriter, group: tuple[str, Pixels] | None) -> None:
    if group is not None:
        name, mask = group
        writer.add(PsdLayer(name, NOTHING, NO_PIXELS, mask, section=GROUP_END))


def _layer_of(step: EditStep, before: Pixels, device: str) -> tuple[PsdLayer, Pixels]:
    """An edit's layer, and what it gives with those below, (H, W, 3)."""
    paste, name = step.edit.paste, name_of(step.edit)
    opacity = paste.alpha if paste.effect_on == "filtered" else OPAQUE
    weights = weights_of(step, is_opaque=opacity < OPAQUE)
    box = reach_of(weights) if opacity else NOTHING
    place = box.slices
    blended = _blended(step, before, weights, box, opacity, device)
    if blended is not None:
        colours, shown = blended
        return PsdLayer(name, box, colours, weights[place], opacity, paste.blend), shown
    layer, shown = layer_over(before, step.pixels, weights, box, opacity)
    if opacity < OPAQUE and _differ(shown, step.pixels, box):
        # areas lie over each other: together they cover more than one opacity can say
        opacity, weights = OPAQUE, weights_of(step)
        layer, shown = layer_over(before, step.pixels, weights, box)
    return PsdLayer(name, box, layer[..., :3], weights[place], opacity), shown


def _differ(one: Pixels, other: Pixels, box: Box) -> bool:
    """Whether colours are further from each other somewhere than rounding brings them."""
    rows = range(box.y1, box.y2, ROWS)
    parts = ((slice(y1, min(y1 + ROWS, box.y2)), slice(box.x1, box.x2)) for y1 in rows)
    return any(
        np.abs(one[part][..., :3].astype(np.int16) - other[part][..., :3]).max() > _NEAR
        for part in parts
    )


def _blended(
    step: EditStep, before: Pixels, weights: Pixels, box: Box, opacity: int, device: str
) -> tuple[Pixels, Pixels] | None:
    """What an edit blends, and what it gives by the format's own blend mode.

    Returns:
        Colours, (h, w, 3), and the picture; None where a program would show another picture, as of
        what was made to fit in, or of what is transparent below.
    """
    paste = step.edit.paste
    if paste.blend == NORMAL or paste.blend not in BLENDS or box.is_empty:
        return None
    unblended = replace(paste, blend=NORMAL)
    source = edited(step.scene, step.selection.filtered, unblended, device)[box.slices][..., :3]
    source = source * (weights[box.slices][..., None] > 0)
    shown = before.copy()
    for y1 in range(box.y1, box.y2, ROWS):
        part = slice(y1, min(y1 + ROWS, box.y2)), slice(box.x1, box.x2)
        below = before[part].astype(np.float32)
        own = source[y1 - box.y1 : y1 - box.y1 + below.shape[0]].astype(np.float32)
        mixed = blend(_tensor(below), _tensor(own), paste.blend)[0].numpy() * OPAQUE
        weight = weights[part][..., None].astype(np.float32) * np.float32(opacity / OPAQUE**2)
        shown[part] = np.rint(np.clip(below + weight * (mixed - below), 0, OPAQUE))
    return None if _differ(shown, step.pixels, box) else (source, shown)


def _tensor(levels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(levels / np.float32(OPAQUE))[None]
