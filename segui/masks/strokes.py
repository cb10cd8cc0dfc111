"""What was painted on a mask file: it changes the pixels that were touched, and no other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from segui.errors import InputError
from segui.images.limits import ReadLimits
from segui.images.opening import DEFAULT_LIMITS, open_image, refusing_broken
from segui.images.pictures import is_copy_of, size_text
from segui.masks.drawn import at_size, strokes_of
from segui.masks.files import NOTHING_MARKED, MaskFile
from segui.masks.greys.numbers import present_values

PAINTED: Final = "painted"  # the label of what was painted where a map has none
_HALF: Final = 128  # a pixel of a label map has one label or none: by the larger share


@dataclass(frozen=True, eq=False)
class Strokes:
    """Strokes at the photo's size, as a picture that lies over a mask.

    Args:
        added: (H, W) uint8, how much of each pixel is selected by them; at most ``cover``.
        cover: (H, W) uint8, how much of what was there before is covered; 0 where no stroke was.
    """

    added: np.ndarray
    cover: np.ndarray


def read_strokes(
    path: str | Path,
    size_hw: tuple[int, int],
    *,
    max_megapixels: float = 50.0,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> Strokes:
    """Read strokes that were painted on a smaller copy of a mask, at the photo's size.

    Args:
        path: A grey picture with an alpha channel: white paints, black takes away, and what is
            transparent was not touched. Where it has its strokes beside its pixels, and they are
            the same, they are drawn anew.
        size_hw: Height and width of the photo.
        max_megapixels: Largest picture, in millions of pixels, by the file's header.
        limits: What else its decode may take.

    Raises:
        InputError: The file cannot be read, has no alpha channel, or other proportions than the
            photo.
    """
    opened = open_image(path, max_megapixels=max_megapixels, limits=limits)
    if not opened.image.has_transparency_data:
        raise InputError(
            f"{opened.name} has the mode {opened.image.mode}: strokes need an alpha channel, which "
            "says what they touch"
        )
    with refusing_broken(opened.name):
        rgba = opened.image.convert("RGBA")
        grey, alpha = np.array(rgba.convert("L")), np.array(rgba.getchannel("A"))
    height, width = alpha.shape
    if not is_copy_of((height, width), size_hw):
        raise InputError(
            f"the strokes are {size_text((height, width))}, the photo {size_text(size_hw)}: "
            "their proportions must match"
        )
    # grey times alpha: what a transparent pixel would be must not bleed into its neighbours
    added = ((grey.astype(np.uint16) * alpha + 127) // 255).astype(np.uint8)
    fine = at_size((added, alpha), strokes_of(Path(path)), size_hw)
    return Strokes(*(fine or (_at_size(added, size_hw), _at_size(alpha, size_hw))))


def with_strokes(mask: MaskFile, strokes: Strokes) -> MaskFile:
    """A mask after strokes were painted on it.

    A soft mask is covered by them in proportion. In a label map, what is taken away has no label;
    what is painted where none was gets that of the nearest area that it touches, else the new
    label "painted".

    Args:
        mask: The mask, at the photo's size.
        strokes: What was painted on it, at the same size.

    Returns:
        The same object where nothing was touched. Pixels that no stroke touches keep their value.
    """
    at = _touched(strokes.cover)
    if at is None:
        return mask
    kept = tuple(note for note in mask.notes if note != NOTHING_MARKED)
    notes: tuple[str, ...] = (*kept, "it was painted on")
    if mask.labels is None:
        after = _soft_after(mask, strokes, at)
    else:
        labels, told = _labels_after(mask.labels, strokes, at)
        names = _names_after(labels, mask.names)
        after, notes = replace(mask, labels=labels, names=names), (*notes, *told)
    values = after.soft if after.labels is None else after.labels
    is_empty = values is None or not values.any()
    return replace(after, notes=(*notes, NOTHING_MARKED) if is_empty else notes)


def _at_size(values: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    height, width = size_hw
    if values.shape == size_hw:
        return values
    shrinks = values.size > height * width
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, (width, height), interpolation=how), np.uint8)


def _touched(cover: np.ndarray) -> tuple[slice, slice] | None:
    """The rows and columns in which strokes are."""
    x, y, width, height = cv2.boundingRect(cover)
    return (slice(y, y + height), slice(x, x + width)) if width else None


def _covered(values: np.ndarray, cover: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Levels 0..255 under strokes; where nothing covers, the very same."""
    left = values.astype(np.uint16) * (255 - cover.astype(np.uint16))
    return np.asarray(np.minimum((left + 127) // 255 + added, 255), np.uint8)


def _soft_after(mask: MaskFile, strokes: Strokes, at: tuple[slice, slice]) -> MaskFile:
    before = np.zeros(strokes.cover.shape, np.uint8) if mask.soft is None else mask.soft
    soft = before.copy()
    soft[at] = _covered(before[at], strokes.cover[at], strokes.added[at])
    # the edge of a brush is soft, whatever it paints on
    return replace(mask, kind="soft", soft=soft)


def _labels_after(
    before: np.ndarray, strokes: Strokes, at: tuple[slice, slice]
) -> tuple[np.ndarray, tuple[str, ...]]:
    cover, added = strokes.cover[at], strokes.added[at]
    full = np.full(cover.shape, 255, np.uint8)
    stays = _covered(full, cover, added) >= _HALF
    labels = before.copy()
    labels[at] = np.where(stays, before[at], 0)
    fresh = np.zeros(before.shape, np.uint8)
    fresh[at] = (added >= _HALF) & (before[at] == 0)
    near = _with_a_border(fresh)
    if near is None:
        return labels, ()
    filled, told = _filled(labels[near], fresh[near], int(before.max()) + 1)
    labels[near] = filled
    return labels, told


def _with_a_border(marked: np.ndarray) -> tuple[slice, slice] | None:
    """The rows and columns of what is marked and of its neighbours."""
    x, y, width, height = cv2.boundingRect(marked)
    if not width:
        return None
    return slice(max(0, y - 1), y + height + 1), slice(max(0, x - 1), x + width + 1)


def _filled(
    labels: np.ndarray, fresh: np.ndarray, new_label: int
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels for what was painted where none was: of the nearest pixel that it touches."""
    near = np.ones((3, 3), np.uint8)
    labelled = labels != 0
    seeds = labelled & (cv2.dilate(fresh, near) > 0)
    count, patches = cv2.connectedComponents(fresh, connectivity=8)
    touching = np.zeros(count, bool)
    touching[patches[(fresh > 0) & (cv2.dilate(labelled.astype(np.uint8), near) > 0)]] = True
    nearest = _nearest_label(labels, seeds) if seeds.any() else np.zeros_like(labels)
    joins = touching[patches]
    painted = fresh > 0
    filled = np.where(painted, np.where(joins, nearest, new_label), labels).astype(labels.dtype)
    alone = int((~touching[1:]).sum())
    told = []
    if touching[1:].any():
        told.append("what was painted joins the label that it touches")
    if alone:
        patch = "1 patch of paint touches" if alone == 1 else f"{alone} patches of paint touch"
        told.append(f"{patch} no label: the new label is “{PAINTED}”")
    return filled, tuple(told)


def _nearest_label(labels: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Of each pixel, the label of the seed that is nearest."""
    first, *others = np.unique(labels[seeds]).tolist()
    if not others:  # distances take long
        return np.full_like(labels, first)
    _, places = cv2.distanceTransformWithLabels(
        (~seeds).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    of_place = np.zeros(int(places.max()) + 1, labels.dtype)
    of_place[places[seeds]] = labels[seeds]
    return np.asarray(of_place[places])


def _names_after(labels: np.ndarray, names: Mapping[int, str]) -> dict[int, str]:
    present = present_values(labels).tolist()
    return {value: names.get(value, PAINTED) for value in present if value}
