"""Where the areas of a photo are: from masks, from what was painted, or from what was edited."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from segui.classifiers.choice import asked_names
from segui.errors import InputError
from segui.finders.base import Asked, Candidate, FaceArea, Pixels, Point
from segui.finders.limits import check_areas, check_counts, check_grown
from segui.finders.merging import merged_by_label
from segui.finders.models.shelf import check_name, check_outliner, check_softener
from segui.finders.narrowing import Narrowing, Overlaps
from segui.finders.regions import (
    DEFAULT_LABEL,
    segments_from_difference,
    segments_from_labels,
    segments_from_mask,
)
from segui.finders.softening import Softener, soften_segments
from segui.geometry import Box
from segui.masks.files import MaskFile, MaskKind, read_painted
from segui.masks.fitting import Turn
from segui.masks.padding import Padding
from segui.masks.sets import FileLabels, MaskSetOptions, Photo, read_mask_set
from segui.options import PxOrShare, default_of, option_range, option_values
from segui.segments.cutting import CropOptions, Order, merge_segments
from segui.segments.edges import check_reach
from segui.segments.reshape import check_grow, reshape_segments, shrunk_by
from segui.segments.segment import Segments
from segui.settings import Settings

Progress = Callable[[int, int], None]

MASK_KINDS = option_values("mask_kind")
PAINTED = "painted"
ANY_SIZE, _ = option_range("drop_size")
NEARLY_EVERYWHERE = 0.5  # of the photo: an edit that was regraded as a whole differs like that


@dataclass(frozen=True)
class Inputs:
    """The files of one picture.

    Args:
        image: The photo.
        masks: Mask files; none, and nothing painted, takes what differs between the photo and
            its edited version.
        reference: The edited version, if there is one.
        painted: A soft mask painted on a smaller copy of the photo, if there is one: grey, or
            with an alpha channel, which then counts. It is one more mask, the last; nothing of it
            is too small to be kept.
        points: What was clicked on the photo, for a finder.
        boxes: What was framed on it, for a finder.
        strokes: What was painted on the mask files, as ``read_strokes`` takes it: None, or a file
            for each of them, in their order. Pixels that no stroke touches stay as they are.
        more_references: Further edited versions, from the second one on.
        sticker: A picture of one's own for the effect ``sticker``, if there is one.
    """

    image: Path
    masks: tuple[Path, ...] = ()
    reference: Path | None = None
    painted: Path | None = None
    strokes: tuple[Path | None, ...] = ()
    points: tuple[Point, ...] = ()
    boxes: tuple[Box, ...] = ()
    more_references: tuple[Path, ...] = ()
    sticker: Path | None = None

    def __post_init__(self) -> None:
        """Check that what was painted on masks has masks, and of edited versions the first."""
        if self.more_references and self.reference is None:
            raise InputError("there are more edited versions, and no first one")
        _, most = option_range("version")
        if len(self.versions) > most:
            raise InputError(
                f"there are {len(self.versions)} edited versions: at most {most} are allowed"
            )
        if self.strokes and len(self.strokes) != len(self.masks):
            raise InputError(
                f"there are strokes for {len(self.strokes)} mask files and {len(self.masks)} mask "
                "files: expected one for each, or none at all"
            )

    @property
    def versions(self) -> tuple[Path, ...]:
        """All edited versions, in the order of their numbers."""
        return () if self.reference is None else (self.reference, *self.more_references)


@dataclass(frozen=True)
class SegmentOptions:
    """How masks become segments.

    Args:
        crop_factor: The crop region's sides over the bounding box's, 1..100.
        drop_size: Width and height must both exceed this, px, at least 1.
        combined: One segment for each mask file instead of one a region or label.
        mask_kind: What the files are: ``auto``, ``soft``, ``labels``, ``exact`` or ``full``; not
            for what was painted.
        bbox_fill: The bounding box is 1 throughout.
        contour_fill: The filled outline is the mask.
        invert: What the mask files leave out is selected; what was painted stays as it is.
        leave_out: Labels of mask files that are no segments, with commas between.
        each_mask: What holds for single mask files instead: JSON by name or place from 1, of
            ``mask_kind``, ``invert``, ``scale``, ``turn_masks`` and ``leave_out``.
        scale: Masks and an edited version of another size are scaled instead of refused.
        shrink: What has more pixels than allowed is opened at a smaller size.
        align: An edited version that lies beside its place is put back.
        count_cast: A change of all colours of the edited version is an edit, where areas are what
            differs; else areas are where it differs beyond that.
        grow: How far each segment grows once it is found, px, -500..500, or a share of its own
            side, such as ``2%``; below 0 it shrinks.
        fill_holes: The holes of each segment are filled.
        order: ``reading``: by y1, then x1. ``contour``: one mask after another, the regions of a
            soft one as OpenCV lists its outer contours, which is how the reference nodes paste;
            label maps and differences keep the reading order in which they were found.
        turn_masks: How mask files are turned: ``auto``, ``none``, ``right``, ``left``, ``half``,
            ``mirror`` or ``exif``.
        file_labels: ``short`` labels the segments of several files by what their names do not
            have in common, ``whole`` by their names.
        merge_labels: All that has one label is one segment, whatever files it comes from; what is
            found is put together apart from that.
        finder: What is found in the photo itself, beside what the files say: empty for nothing,
            ``faces``, ``colours``, ``click``, ``box``, a model's name in the catalogue, or its
            repo id.
        words: What a finder by words looks for, with commas between.
        confidence: How sure of a face the finder has to be, 0..1.
        face_area: What of a face is the segment: ``ellipse``, ``box`` or ``head``.
        smallest_face: How wide the smallest face is that is looked for, px; 0 fits the picture.
        tolerance: How far a colour may be from one that was clicked, 0..100.
        connected: Only what hangs together with a point is found, not all of its colour.
        background: All but what is found is one segment, in place of what is found.
        candidate: Which of a model's answers to a click is taken: ``best``, ``smallest``,
            ``middle`` or ``largest``.
        keep_labels: Labels of what is found that stay, with commas between; empty is all.
        overlaps: Where two overlap that were found: ``keep``, ``cut``, ``best`` or ``join``.
        merge_touching: Those that were found, have one label, and touch or overlap are one.
        largest: How many of the largest that were found stay; 0 is all.
        outlined_by: Where a model finds boxes, the model that is clicked at which cuts out what is
            in each; empty is one that is loaded, if there is one.
        refine_edges: How far the edge of each segment may move to follow the photo's own, px,
            0..100.
        padded_masks: How masks of other proportions than the photo's came to them: ``auto`` finds
            out, ``centre`` and ``corner`` say where the photo lies in one that was padded, and
            ``stretch`` that it was stretched.
        edges_by: Which model says how much of each pixel belongs to a segment that near its edge;
            empty goes by the photo's colours.

    Raises:
        InputError: A number is out of its range, or a word is none of those that it may be.
    """

    crop_factor: float = default_of("crop_factor")
    drop_size: int = default_of("drop_size")
    combined: bool = default_of("combined")
    mask_kind: MaskKind = default_of("mask_kind")
    bbox_fill: bool = default_of("bbox_fill")
    contour_fill: bool = default_of("contour_fill")
    invert: bool = default_of("invert")
    scale: bool = default_of("scale")
    leave_out: str = default_of("leave_out")
    each_mask: str = default_of("each_mask")
    shrink: bool = default_of("shrink")
    align: bool = default_of("align")
    count_cast: bool = default_of("count_cast")
    grow: PxOrShare = default_of("grow")
    fill_holes: bool = default_of("fill_holes")
    order: Order = default_of("order")
    turn_masks: Turn = default_of("turn_masks")
    file_labels: FileLabels = default_of("file_labels")
    merge_labels: bool = default_of("merge_labels")
    finder: str = default_of("finder")
    words: str = default_of("words")
    confidence: float = default_of("confidence")
    face_area: FaceArea = default_of("face_area")
    smallest_face: int = default_of("smallest_face")
    tolerance: float = default_of("tolerance")
    connected: bool = default_of("connected")
    background: bool = default_of("background")
    candidate: Candidate = default_of("candidate")
    keep_labels: str = default_of("keep_labels")
    overlaps: Overlaps = default_of("overlaps")
    merge_touching: bool = default_of("merge_touching")
    largest: int = default_of("largest")
    refine_edges: int = default_of("refine_edges")
    outlined_by: str = default_of("outlined_by")
    padded_masks: Padding = default_of("padded_masks")
    edges_by: str = default_of("edges_by")

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "SegmentOptions":
        """Those among a page's options, by name.

        Args:
            values: Every option's value, as the table of options reads it.
        """
        return cls(**{field.name: values[field.name] for field in fields(cls)})

    def __post_init__(self) -> None:
        """Check what would otherwise be found out only when all files are read."""
        check_grow(self.grow)
        self.crop_options()
        self.mask_set_options()
        self.asked()
        self.narrowing()
        check_reach(self.refine_edges)
        if self.refine_edges:  # else nobody is asked
            check_softener(self.edges_by.strip())
        if self.finder:
            check_name(self.finder)
            check_outliner(self.outlined_by.strip())

    def asked(self, points: tuple[Point, ...] = (), boxes: tuple[Box, ...] = ()) -> Asked:
        """What a finder is asked for.

        Args:
            points: What was clicked.
            boxes: What was framed.
        """
        return Asked(
            self.confidence,
            self.face_area,
            self.smallest_face,
            self.tolerance,
            self.connected,
            points,
            boxes,
            self.crop_options(),
            self.candidate,
            asked_names(self.words),
        )

    def narrowing(self) -> Narrowing:
        """What stays of what is found."""
        return Narrowing(self.keep_labels, self.overlaps, self.merge_touching, self.largest)

    def crop_options(self) -> CropOptions:
        """How what is found is cut out."""
        return CropOptions(
            self.crop_factor, self.drop_size, self.bbox_fill, self.contour_fill, self.order
        )

    def mask_set_options(self) -> MaskSetOptions:
        """How mask files are read."""
        return MaskSetOptions(
            self.mask_kind,
            self.invert,
            self.scale,
            self.turn_masks,
            self.file_labels,
            leave_out=self.leave_out,
            each=self.each_mask,
            padded_masks=self.padded_masks,
            is_merged=self.merge_labels and not self.combined,
            is_joined=self.combined,
        )


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
        limits=limits.read_limits,
        max_megapixels=limits.max_megapixels,
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
) -> tuple[Segments, list[str]]:
    """The segments where an edited version differs from its photo.

    Args:
        image: The photo, (1, H, W, 3 or 4) uint8.
        reference: The edited version, of the same size.
        options: How segments are cut out.
        limits: The most segments.
        label: What each of them is labelled by.
        softener: The model that has edges follow the photo's; None goes by the colours.

    Returns:
        The segments, and what a person should know of them.

    Raises:
        InputError: There are too many segments.
    """
    found = segments_from_difference(
        image,
        reference,
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
    return segments, [*notes, *said]


def _painted(path: Path, size_hw: tuple[int, int], limits: Settings, label: str) -> MaskFile:
    most: Any = {"max_megapixels": limits.max_megapixels, "limits": limits.read_limits}
    return replace(read_painted(path, size_hw, **most), label=label)


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


def finished(
    found: Segments,
    options: SegmentOptions,
    limits: Settings,
    pixels: Pixels | None = None,
    softener: Softener | None = None,
) -> tuple[Segments, list[str]]:
    """The segments in their last shape and order, and what was left out; too many are refused.

    Args:
        found: As they were found.
        options: How far they grow, and the like.
        limits: The most segments.
        pixels: The photo, (H, W, 3 or 4) uint8, whose edges they follow; None is not asked for.
        softener: The model that has edges follow the photo's; None goes by the colours.

    Raises:
        InputError: There are too many.
        ClassifierError: The model cannot be had or used.
    """
    notes = _counts(found, options, limits)
    check_grown(found, options.grow, options.crop_factor, limits)
    how: Any = {"crop_factor": options.crop_factor, "drop_size": options.drop_size}
    edged = found
    if pixels is not None:
        edged = soften_segments(found, pixels, options.refine_edges, softener, **how)
        notes += _lost(found, edged, f"moved by up to {options.refine_edges} px at their edges")
    reshaped = reshape_segments(edged, grow=options.grow, fill_holes=options.fill_holes, **how)
    notes += _lost(edged, reshaped, f"shrunk by {shrunk_by(options.grow)}")
    if reshaped is found:
        return found, notes
    return merge_segments([reshaped], found.size, options.order), notes


def _lost(before: Segments, after: Segments, when: str) -> list[str]:
    """How many became too small, in words."""
    lost = len(before.items) - len(after.items)
    if not lost:
        return []
    areas = "1 area was" if lost == 1 else f"{lost} areas were"
    return [f"{areas} too small to keep when {when}"]


def _counts(segments: Segments, options: SegmentOptions, limits: Settings) -> list[str]:
    """What was left out, in words; too many are refused."""
    check_areas(segments, options.drop_size, limits)
    small = len(segments.left_out)
    if not small:
        return []
    regions = "1 region" if small == 1 else f"{small} regions"
    verb = "was" if small == 1 else "were"
    return [f"{regions} no larger than {options.drop_size} px {verb} left out"]
