"""Each segment as a picture of its own, cut out of the photo, in one ZIP file."""

import zipfile
from pathlib import Path
from typing import BinaryIO, Final, get_args
from unicodedata import category, normalize

import numpy as np
import torch
from numpy.typing import NDArray

from segui.archives import zip_entry
from segui.backend.opacity import Placement, place
from segui.backend.paste_checks import check_options, feather_px
from segui.errors import InputError
from segui.images.pictures import encode_png
from segui.options import PxOrShare
from segui.pipeline import Scene
from segui.segments.segment import scale_segments
from segui.selection import Selection, Side

_SIDES: tuple[str, ...] = get_args(Side)
_MAX_NAME_CHARACTERS: Final = 60
_UNNAMED: Final = "segment"


def cutouts_zip(
    scene: Scene,
    selection: Selection,
    feather: PxOrShare,
    alpha: int,
    edge: str,
    target: str | Path | BinaryIO,
    side: str = "filtered",
) -> None:
    """Write each segment of a side as a picture of its own, cut out of the photo.

    The colours are the photo's, not those of the edit: a cut-out is there to be laid on
    something else. Its opacity is what a paste of this one segment would replace, times the
    photo's own; what is fully transparent has no colour, or any program could bring it back.
    Segments are made one after the other.

    Args:
        scene: The picture.
        selection: What was chosen.
        feather: Softness of the edge, px, 0..500, or a share of each segment, such as ``2%``.
        alpha: Opacity, 0..255.
        edge: One of the edges of a paste.
        target: The ZIP file, replaced when it exists; or a file opened for writing bytes.
        side: Which segments: ``filtered``, ``remained`` or ``review``.

    Raises:
        InputError: There is no such side, none is on it, or an option is out of its range.
    """
    check_options(feather, alpha, edge)
    if side not in _SIDES:
        raise InputError(f"side is {side!r}: expected one of {', '.join(_SIDES)}")
    if side not in selection.sides:
        raise InputError(f"no segment is {side}: there is nothing to cut out")
    size_hw = scene.photo.size_hw
    items = scale_segments(selection.segments, size_hw).items
    digits = max(3, len(str(len(items))))
    with zipfile.ZipFile(target, "w") as archive:
        for number, (item, where) in enumerate(zip(items, selection.sides, strict=True), 1):
            placement = place(item, feather_px(feather, item), edge, size_hw, beyond=True)
            if where != side or placement is None:
                continue
            pixels = _cutout(scene.photo.pixels, placement, alpha)
            entry = zip_entry(f"{number:0{digits}}-{file_name(item.label)}.png")
            archive.writestr(entry, encode_png(pixels, icc_profile=scene.photo.icc_profile))


def file_name(label: str) -> str:
    """A label as part of a file's name that every system takes, at most 60 characters.

    >>> file_name("a/b: c"), file_name("../.."), file_name("v1.2.")
    ('a_b_c', 'segment', 'v1.2')
    """
    composed = normalize("NFC", label)
    kept = "".join(c if category(c)[0] in "LMN" or c in "-." else "_" for c in composed)
    words = "_".join(word for word in kept.split("_") if word)
    return words[:_MAX_NAME_CHARACTERS].strip("._-") or _UNNAMED


def _cutout(photo: NDArray[np.uint8], placement: Placement, alpha: int) -> NDArray[np.uint8]:
    """RGBA of the part of the photo where a segment is not quite transparent."""
    opacity = next(placement.opacities(range(1), 1, torch.device("cpu"))).numpy() * (alpha / 255)
    pixels = photo[placement.target.slices]
    own = pixels[..., 3] if pixels.shape[2] == 4 else np.uint8(255)
    kept = np.clip(opacity * own, 0, 255).round().astype(np.uint8)
    return np.dstack([pixels[..., :3] * (kept > 0)[..., None], kept])
