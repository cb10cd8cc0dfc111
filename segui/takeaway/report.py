"""What happened, to take away: as plain data for JSON, as a table, and as one picture a segment."""

import csv
import io
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO, Final, get_args
from unicodedata import category, normalize

import numpy as np
import torch
from numpy.typing import NDArray

from segui._version import __version__
from segui.backend.opacity import Placement, place
from segui.backend.options import check_options
from segui.errors import InputError
from segui.images.pictures import encode_png
from segui.pipeline import Scene
from segui.segments.segment import scale_segments
from segui.selection import Selection, Side

_PACKAGES = ("segui", "gradio", "torch", "transformers", "pillow", "numpy")
_SIDES: tuple[str, ...] = get_args(Side)
_TABLE_HEAD: Final = (
    "number", "label", "side", "by_hand", "x1", "y1", "x2", "y2", "area", "confidence",
)  # fmt: skip
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_MAX_NAME_CHARACTERS: Final = 60
_UNNAMED: Final = "segment"
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows: equal inputs, equal bytes
_UNIX: Final = 3
_PLAIN_FILE: Final = 0o100644 << 16


def build_report(scene: Scene, selection: Selection, classifier: str) -> dict[str, Any]:
    """Every segment with its scores and its reason, and what was left out.

    Args:
        scene: The picture.
        selection: What was chosen.
        classifier: Who scored.

    Returns:
        ``image`` (width, height), ``classifier``, ``expression``, ``segments`` (each with
        ``number`` from 1, ``bbox`` and ``crop_region`` xyxy px, ``label``, ``confidence``,
        ``area`` px, ``scores``, ``filtered``, ``side``, ``reason``), ``labels``, ``left_out``
        (``count``, ``boxes``), ``notes``, ``versions``.
    """
    height, width = scene.photo.size_hw
    rows = zip(
        selection.segments.items, selection.scores, selection.sides, selection.reasons, strict=True
    )
    return {
        "image": {"width": width, "height": height},
        "classifier": classifier,
        "expression": selection.expression.text,
        "segments": [
            {
                "number": number,
                "bbox": list(item.bbox),
                "crop_region": list(item.crop_region),
                "label": item.label,
                "confidence": item.confidence,
                "area": item.area,
                "scores": {label: round(score, 6) for label, score in scores.items()},
                "filtered": side == "filtered",
                "side": side,
                "reason": reason,
            }
            for number, (item, scores, side, reason) in enumerate(rows, 1)
        ],
        "labels": selection.labels,
        "left_out": {
            "count": len(scene.segments.left_out),
            "boxes": [list(box) for box in scene.segments.left_out],
        },
        "notes": list(scene.notes),
        "versions": package_versions(),
    }


def scores_csv(selection: Selection) -> str:
    """The segments as a table for a spreadsheet, RFC 4180.

    Text that a spreadsheet would take for a formula begins with an apostrophe: labels come from
    files and models.

    Args:
        selection: What was chosen.

    Returns:
        A row a segment: ``number`` from 1, ``label``, ``side``, ``by_hand``, ``x1``, ``y1``,
        ``x2``, ``y2`` px, ``area`` px, ``confidence``, a column ``score LABEL`` for every label
        of the classifier, empty where it was not given, and ``reason``.
    """
    labels = selection.labels
    buffer = io.StringIO(newline="")
    table = csv.writer(buffer)
    table.writerow([*_TABLE_HEAD, *(_cell(f"score {label}") for label in labels), "reason"])
    rows = zip(
        selection.segments.items,
        selection.sides,
        selection.by_hand,
        selection.scores,
        selection.reasons,
        strict=True,
    )
    for number, (item, side, by_hand, scores, reason) in enumerate(rows, 1):
        table.writerow(
            [
                number,
                _cell(item.label),
                side,
                "yes" if by_hand else "no",
                *item.bbox,
                item.area,
                item.confidence,
                *(round(scores[label], 6) if label in scores else "" for label in labels),
                _cell(reason),
            ]
        )
    return buffer.getvalue()


def cutouts_zip(
    scene: Scene,
    selection: Selection,
    feather: int,
    alpha: int,
    edge: str,
    target: str | Path | BinaryIO,
    side: str = "filtered",
) -> None:
    """Write each segment of a side as a picture of its own, cut out of the photo.

    The colours are the photo's, not those of the edit: a cut-out is there to be laid on
    something else. Its opacity is what a paste of this one segment would replace, times the
    photo's own. Segments are made one after the other.

    Args:
        scene: The picture.
        selection: What was chosen.
        feather: Softness of the edge, px, 0..500.
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
            placement = place(item, feather, edge, size_hw, beyond=True)
            if where != side or placement is None:
                continue
            pixels = _cutout(scene.photo.pixels, placement, alpha)
            entry = _zip_entry(f"{number:0{digits}}-{file_name(item.label)}.png")
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


def package_versions() -> dict[str, str]:
    """The versions of what decides the pixels, as far as they are installed."""
    return {name: found for name in _PACKAGES if (found := _version(name))}


def _version(name: str) -> str | None:
    if name == "segui":  # what runs may be a checkout, beside which another version is installed
        return __version__
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _cell(text: str) -> str:
    """Text that stays text in a spreadsheet, and can be written as UTF-8."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return f"'{whole}" if whole.startswith(_FORMULA_STARTS) else whole


def _cutout(photo: NDArray[np.uint8], placement: Placement, alpha: int) -> NDArray[np.uint8]:
    """RGBA of the part of the photo where a segment is not quite transparent."""
    opacity = next(placement.opacities(range(1), 1, torch.device("cpu"))).numpy() * (alpha / 255)
    pixels = photo[placement.target.slices]
    own = pixels[..., 3] if pixels.shape[2] == 4 else np.uint8(255)
    kept = np.clip(opacity * own, 0, 255).round().astype(np.uint8)
    return np.dstack([pixels[..., :3], kept])


def _zip_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    # else Windows would be noted where it is written there; a PNG is compressed already
    entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
    return entry
