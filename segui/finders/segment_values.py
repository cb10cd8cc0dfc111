"""How masks, finders and differences become segments: one value, checked as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args

from segui.classifiers.choice import asked_names
from segui.errors import InputError
from segui.finders.base import Asked, Candidate, FaceArea, Point
from segui.finders.models.shelf import check_name, check_outliner, check_softener
from segui.finders.narrowing import Narrowing, Overlaps
from segui.geometry import Box
from segui.images.lying import PhotoTurn
from segui.masks.files import MaskKind
from segui.masks.sets import FileLabels, MaskSetOptions
from segui.masks.sizes.fitting import Turn
from segui.masks.sizes.padding import Padding
from segui.options import PxOrShare, default_of
from segui.segments.cutting import CropOptions, Order
from segui.segments.edges import check_reach
from segui.segments.reshape import check_grow


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
        turn_photo: How the photo is turned: ``auto``, ``none``, ``right``, ``left``, ``half``,
            ``mirror`` or ``xmp``.
        align: An edited version that lies beside its place is put back.
        count_cast: What changed all over the edited version, its colours or a little of every
            pixel, is an edit, where areas are what differs; else areas are where it differs beyond
            that.
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
    turn_photo: PhotoTurn = default_of("turn_photo")
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
        if self.turn_photo not in get_args(PhotoTurn):
            expected = ", ".join(get_args(PhotoTurn))
            raise InputError(f"turn_photo is {self.turn_photo!r}: expected {expected}")
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
