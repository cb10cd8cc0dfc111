"""Where the areas of a photo are: from masks, from what was painted, or from what was edited."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from segui.finders.all_over import AllOver
from segui.finders.base import Pixels
from segui.finders.difference import find_difference
from segui.finders.finishing import finished
from segui.finders.limits import check_areas, check_counts
from segui.finders.merging import merged_by_label
from segui.finders.picture_files import Inputs
from segui.finders.regions import (
    DEFAULT_LABEL,
    segments_from_labels,
    segments_from_mask,
)
from segui.finders.segment_values import SegmentOptions
from segui.finders.softening import Softener
from segui.geometry import Box
from segui.masks.files import MaskFile, read_painted
from segui.masks.notes import Note, Offer
from segui.masks.sets import Photo, read_mask_set
from segui.options import option_range
from segui.segments.cutting import merge_segments
from segui.segments.segment import Segments
from segui.settings import Settings

Progress = Callable[[int, int], None]

PAINTED = "painted"
ANY_SIZE, _ = option_range("drop_size")
NEARLY_EVERYWHERE = 0.5  # of the photo: an edit that was regraded as a whole differs like that


def segments_of_masks(
    inputs: Inputs,
    size_hw: tuple[int, int],
    options: SegmentOptions,
    limits: Settings,
    progress: Progress | None = None,
    *,
    orientation: int = 1,
    pixels: Pixels | None = None,
    softener: Softener | None = None,
) -> tuple[Segments, list[str]]:
    """The segments of all masks of a photo.

    Args:
        inputs: The files; what was painted is the last mask.
        size_hw: Height and width of the photo.
        options: How masks become segments.
        limits: The most megapixels of a mask, the most segments.
        progress: Told how many files of how many are read, and once more for each of which the
            segments are found; what it raises ends the work, and is raised.
        orientation: The EXIF orientation by which the photo was turned.
        pixels: The photo, (H, W, 3 or 4) uint8, where edges are to follow its own, or to say
            how a mask was padded.
        softener: The model that has them follow it; None goes by the colours.

    Returns:
        The segments, and what a person should know of the files.

    Raises:
        InputError: A file cannot be used, or there are too many segments.
    """
    tell = progress or _tell_nobody
    count, has_paint = len(inputs.masks), inputs.painted is not None
    photo = Photo(size_hw, orientation, inputs.image.name, pixels)
    masks, notes = read_mask_set(
        inputs.masks,
        photo,
        options.mask_set_options(),
        **limits.reading,
        is_alone=not has_paint,
        strokes=inputs.strokes,
        tell=tell,
    )
    if options.merge_labels:
        masks, said = merged_by_label(
            masks, combined=options.combined, max_megapixels=limits.max_crop_megapixels
        )
        notes += said
    _check(masks, options, limits)
    parts = []
    for mask in masks:
        tell(count, count)
        parts.append(_from_mask(mask, options))
    found = merge_segments(parts, size_hw, options.order)
    segments, said = finished(found, options, limits, pixels, softener)
    if inputs.painted is not None:
        label = "" if not masks else PAINTED
        painted = _painted(inputs.painted, size_hw, limits, label)
        part, of_part = _found_in_paint(painted, options, limits, pixels, softener)
        segments = merge_segments([segments, part], size_hw, options.order)
        check_areas(segments, options.drop_size, limits)
        said += of_part
    return segments, [*notes, *said]


def segments_where_edited(
    image: Tensor,
    reference: Tensor,
    options: SegmentOptions,
    limits: Settings,
    *,
    label: str = DEFAULT_LABEL,
    softener: Softener | None = None,
    count_all: bool = False,
    inside: Box | None = None,
) -> tuple[Segments, list[str]]:
    """The segments where an edited version differs from its photo.

    Args:
        image: The photo, (1, H, W, 3 or 4) uint8.
        reference: The edited version, of the same size.
        options: How segments are cut out.
        limits: The most segments.
        label: What each of them is labelled by.
        softener: The model that has edges follow the photo's; None goes by the colours.
        count_all: Whether what differs all over counts in any case, as uneven light does.
        inside: Where the edited version reaches; None for everywhere.

    Returns:
        The segments, and what a person should know of them.

    Raises:
        InputError: There are too many segments.
    """
    how: Any = {"count_all": count_all or options.count_cast, "inside": inside}
    difference = find_difference(image, reference, **how)
    found = segments_from_mask(
        difference.mask,
        combined=options.combined,
        crop_factor=options.crop_factor,
        drop_size=options.drop_size,
        label=label,
        bbox_fill=options.bbox_fill,
        contour_fill=options.contour_fill,
    )
    segments, said = finished(found, options, limits, image[0].cpu().numpy(), softener)
    notes = ["areas: where the edited version differs from the photo"]
    share = sum(item.area for item in found.items) / (found.size[0] * found.size[1])
    if share > NEARLY_EVERYWHERE:
        notes.append(
            f"it differs on {share:.0%} of the photo: masks or paint say better where the areas are"
        )
    if difference.all_over is not None:
        notes.append(_left_out(difference.all_over))
    return segments, [*notes, *said]


def _left_out(all_over: AllOver) -> Note:
    """That what differs everywhere was not taken for an edit, and up to what."""
    few, many = round(all_over.least), round(all_over.most)
    levels = f"{few} of 255" if few == many else f"{few} of 255, {many} where there is much detail,"
    return Note(
        f"areas: the edited version differs a little everywhere, as one that was saved with losses "
        f"or sharpened does: differences up to {levels} are not counted (count_cast counts them)",
        Offer("Count them", "count_cast", value=True),
    )


def _painted(path: Path, size_hw: tuple[int, int], limits: Settings, label: str) -> MaskFile:
    return replace(read_painted(path, size_hw, **limits.reading), label=label)


def _found_in_paint(
    painted: MaskFile,
    options: SegmentOptions,
    limits: Settings,
    pixels: Pixels | None,
    softener: Softener | None,
) -> tuple[Segments, list[str]]:
    """The segments of what was painted, of any size: whoever painted something small meant it."""
    any_size = replace(options, drop_size=ANY_SIZE)
    check_counts([painted], any_size.crop_options(), limits, combined=options.combined)
    return finished(_from_mask(painted, any_size), any_size, limits, pixels, softener)


def _tell_nobody(_done: int, _total: int) -> None:
    pass


def _check(masks: Sequence[MaskFile], options: SegmentOptions, limits: Settings) -> None:
    """Refuse too many areas or regions before any of them is made.

    Raises:
        InputError: There are too many.
    """
    softs = [mask for mask in masks if mask.labels is None]
    maps = [mask for mask in masks if mask.labels is not None]
    if not options.merge_labels:
        check_counts(masks, options.crop_options(), limits, combined=options.combined)
    else:  # a soft one is one area by now; a map has one for each label
        check_counts(softs, options.crop_options(), limits, combined=True)
        check_counts(maps, options.crop_options(), limits, combined=False)


def _from_mask(mask: MaskFile, options: SegmentOptions) -> Segments:
    cut: dict[str, Any] = {
        "crop_factor": options.crop_factor,
        "drop_size": options.drop_size,
        "bbox_fill": options.bbox_fill,
        "contour_fill": options.contour_fill,
    }
    label = mask.label or DEFAULT_LABEL
    if mask.labels is None:
        soft = torch.from_numpy(mask.soft)
        cut["combined"] = options.combined or options.merge_labels
        return segments_from_mask(soft, label=label, order=options.order, **cut)
    if options.combined and not options.merge_labels:
        marked = torch.from_numpy(mask.labels != 0)
        return segments_from_mask(marked, combined=True, label=label, **cut)
    return segments_from_labels(torch.from_numpy(mask.labels), mask.area_labels, **cut)
