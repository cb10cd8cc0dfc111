"""The photo and each edit above it as layers of an OpenRaster file, which painting programs open.

The format: https://www.openraster.org/baseline/file-layout-spec.html
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final
from xml.sax.saxutils import quoteattr

from segui.archives import zip_entry
from segui.backend.effect_table import CUT_OUT
from segui.edits import Edit, EditStep, edit_steps
from segui.geometry import Box
from segui.images.pictures import encode_png, shrink
from segui.pipeline import Scene
from segui.selection import Selection
from segui.takeaway.laid_over import (
    Pixels,
    check_nothing_hidden,
    layer_over,
    name_of,
    reach_of,
    weights_of,
)

_MIMETYPE: Final = "image/openraster"
_THUMBNAIL_PX: Final = 256  # the most that the format allows
_PHOTO: Final = "photo"
_OVER: Final = "svg:src-over"
# what is transparent below stays so: an edit changes colours alone
_ATOP: Final = "svg:src-atop"


@dataclass(frozen=True)
class _Entry:
    """A layer as the file lists it.

    Args:
        name: What a person reads.
        source: Where in the file its picture lies.
        box: Its place in the picture, px.
        mixed: How it is laid on what is below.
        is_shown: Whether it is seen.
    """

    name: str
    source: str
    box: Box
    mixed: str = _OVER
    is_shown: bool = True


def layers_file(
    scene: Scene,
    edits: Sequence[Edit],
    selections: Sequence[Selection],
    target: str | Path | BinaryIO,
    *,
    device: str = "auto",
) -> None:
    """Write the photo, and above it each edit that is made as a layer with a soft mask.

    Laid over each other, the layers give the result to within 1 of 255. A layer's colours are
    what the edit left there, so that they look right below any other layer; its opacity is how
    much of each pixel the edit replaced. A cut-out is a layer of what it left, and those below it
    are there but not shown. An edit that reaches no pixel has no layer. One layer is held at a
    time, beside the picture before and after it.

    Args:
        scene: The picture and its segments.
        edits: What happens, in order.
        selections: What ``choose_for_edits`` gave for them.
        target: The file, replaced when it exists; or one opened for writing bytes.
        device: Where to compute: ``auto``, ``gpu`` or ``cpu``.

    Raises:
        InputError: An edit hides something, which the layers would give away, or has nothing to
            paste.
    """
    check_nothing_hidden(edits)
    profile, size_hw = scene.photo.icc_profile, scene.photo.size_hw
    entries = [_Entry(_PHOTO, "data/000-photo.png", Box.of_size(size_hw))]
    shown = last = scene.photo.pixels
    with zipfile.ZipFile(target, "w") as archive:

        def put(name: str, pixels: Pixels) -> None:
            archive.writestr(zip_entry(name), encode_png(pixels, icc_profile=profile))

        archive.writestr(zip_entry("mimetype"), _MIMETYPE)  # first and as it is
        put(entries[0].source, shown)
        for step in edit_steps(scene, edits, selections, device=device):
            last = step.pixels
            entry, layer, shown = _layer_of(step, shown, f"data/{len(entries):03d}")
            if entry is None:
                continue
            put(entry.source, layer)
            if step.edit.paste.effect == CUT_OUT:
                entries = [replace(below, is_shown=False) for below in entries]
            entries.append(entry)
        archive.writestr(zip_entry("stack.xml"), _stack(entries, size_hw))
        put("mergedimage.png", last)
        put("Thumbnails/thumbnail.png", shrink(last, _THUMBNAIL_PX))


def _layer_of(step: EditStep, before: Pixels, source: str) -> tuple[_Entry | None, Pixels, Pixels]:
    """An edit's layer.

    Args:
        step: The edit, as it was made.
        before: (H, W, 3 or 4), what the layers below give.
        source: How its picture's name begins.

    Returns:
        How it is listed, None where it would be empty; its pixels, (h, w, 3 or 4); and what it
        gives with those below.
    """
    name, source = name_of(step.edit), f"{source}-edit-{step.number}.png"
    if step.edit.paste.effect == CUT_OUT:
        whole = Box.of_size(step.scene.photo.size_hw)
        return _Entry(name, source, whole), step.pixels, step.pixels
    weights = weights_of(step)
    box = reach_of(weights)
    if box.is_empty:
        return None, before, before
    layer, shown = layer_over(before, step.pixels, weights, box)
    mixed = _ATOP if before.shape[2] == 4 else _OVER
    return _Entry(name, source, box, mixed), layer, shown


def _stack(entries: Sequence[_Entry], size_hw: tuple[int, int]) -> str:
    """The list of layers, the uppermost first."""
    height, width = size_hw
    layers = "".join(
        f"  <layer name={quoteattr(entry.name)} src={quoteattr(entry.source)} "
        f'x="{entry.box.x1}" y="{entry.box.y1}" opacity="1.0" '
        f'visibility="{"visible" if entry.is_shown else "hidden"}" '
        f'composite-op="{entry.mixed}"/>\n'
        for entry in reversed(entries)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<image version="0.0.5" w="{width}" h="{height}">\n'
        f" <stack>\n{layers} </stack>\n</image>\n"
    )
