"""The rows of masks, and of the areas that they become."""

from typing import Final

from segui.masks.each import read_each
from segui.models.finder_catalogue import EDGE_CATALOGUE
from segui.options.kinds import Choice, Flag, Length, Number, Text
from segui.options.option import Option

AREAS: Final = (
    Option(
        "mask_kind",
        Choice(
            (
                ("Auto", "auto"),
                ("Soft mask", "soft"),
                ("Labels", "labels"),
                ("Exact labels", "exact"),
                ("Soft, full scale", "full"),
            )
        ),
        default="auto",
        part="areas",
        label="Mask type",
        help="Soft mask: how bright, how much. Labels: every value or colour is an area. Exact: "
        "those of fading edges too. Full scale: 65,535 is opaque, whatever a file's values show.",
        meaning='How to read the mask files: "auto", "soft" (grey is opacity, whatever is said of '
        'its values), "labels" (each value or colour is a segment of its own, but for blends at '
        'edges), "exact" (the same with blends and noise as they are) or "full" (soft by the '
        "scale of the file's type)",
    ),
    Option(
        "turn_masks",
        Choice(
            (
                ("As the photo was", "auto"),
                ("Never", "none"),
                ("Right", "right"),
                ("Left", "left"),
                ("Half", "half"),
                ("Mirror", "mirror"),
                ("By the photo's EXIF", "exif"),
            )
        ),
        default="auto",
        part="areas",
        label="Turn the masks",
        help="As the photo was: those that lie on their side as the camera stored the photo.",
        meaning='How to turn the mask files: "auto" (one that lies on its side is turned as the '
        'camera\'s note turned the photo, and refused where there is none), "none", "right" or '
        '"left" (each by 90 degrees), "half" (by 180), "mirror" (left for right) or "exif" (as the '
        "photo was turned and mirrored by its EXIF)",
    ),
    Option(
        "padded_masks",
        Choice(
            (
                ("Find out", "auto"),
                ("Padded, in the middle", "centre"),
                ("Padded, upper left", "corner"),
                ("Stretched", "stretch"),
                ("Padded, lower right", "end"),
            )
        ),
        default="auto",
        part="areas",
        label="Masks of another shape",
        help="As models make them of a photo: padded to a shape, or stretched to it.",
        meaning='How mask files came to other proportions than the photo\'s: "auto" (one whose '
        "bars are empty was padded, where that is clear, and is refused where it is not), "
        '"centre", "corner" or "end" (padded, with the photo in the middle, at the upper left or '
        'at the lower right) or "stretch"',
    ),
    Option(
        "file_labels",
        Choice((("What differs", "short"), ("Whole names", "whole"))),
        default="short",
        part="areas",
        label="Labels from file names",
        help="What differs: without what the names of several mask files have in common.",
        meaning="What the segments of several mask files are labelled by, and those of a program "
        'for labelling: "short" (the files\' names without what they have in common, and without '
        'numbers that count them) or "whole" (the names)',
    ),
    Option(
        "merge_labels",
        Flag(),
        default=False,
        part="areas",
        label="One area a label",
        help="Areas of one label become one, also of several files.",
        meaning="True makes all that has one label one segment, also of several mask files, and "
        "where they overlap",
    ),
    Option(
        "crop_factor",
        Number(1, 100, step=0.5),
        default=3.0,
        part="areas",
        label="Context around each area",
        help="How much the classifier sees: 1 is the area alone.",
        node="crop_factor",
        meaning="Side of the crop that the classifier sees, in sides of the segment's box",
    ),
    Option(
        "drop_size",
        Number(1, 1_000_000, is_whole=True),
        default=10,
        part="areas",
        label="Ignore smaller than",
        help="Width and height must both exceed this many px.",
        node="drop_size",
        meaning="Width and height of a segment must both exceed this",
        unit="px",
    ),
    Option(
        "combined",
        Flag(),
        default=False,
        part="areas",
        label="One area a file",
        help="All of a mask is one area.",
        node="combined",
        meaning="True makes each mask file one segment, False one a region or label",
    ),
    Option(
        "bbox_fill",
        Flag(),
        default=False,
        part="areas",
        label="Fill the box",
        help="The rectangle around it.",
        node="bbox_fill",
        meaning="True fills the box around each segment",
    ),
    Option(
        "contour_fill",
        Flag(),
        default=False,
        part="areas",
        label="Fill the outline",
        help="No holes, no soft parts.",
        node="contour_fill",
        meaning="True fills the outline of each segment: no holes, no soft parts",
    ),
    Option(
        "invert",
        Flag(),
        default=False,
        part="areas",
        label="Invert the masks",
        meaning="True selects what the mask files leave out",
    ),
    Option(
        "leave_out",
        Text(1000),
        default="",
        part="areas",
        label="Labels to leave out",
        help="Of label maps; with commas between. Press Enter.",
        meaning="Labels of mask files that are no segments, as the ground of a map, with commas "
        "between",
        example="ffffff, 7",
    ),
    Option(
        "each_mask",
        Text(4000, read_each),
        default="",
        part="areas",
        label="Mask files taken otherwise than the rest",
        help="By file; buttons beside what is said of a file write it.",
        meaning="Options of single mask files as a JSON object by file name, or by place from 1: "
        "mask_kind, invert, scale, turn_masks, leave_out, padded_masks",
        example='{"sky.png": {"invert": true}}',
    ),
    Option(
        "grow",
        Length(-500, 500, is_whole=True, least_percent=-100),
        default=0,
        part="areas",
        label="Grow",
        help="Below 0 shrinks. % is of each area's own side.",
        meaning="How far each segment grows (below 0 it shrinks) once it is found",
        unit="px",
    ),
    Option(
        "fill_holes",
        Flag(),
        default=False,
        part="areas",
        label="Fill holes",
        meaning="True fills the holes of each segment",
    ),
    Option(
        "refine_edges",
        Number(0, 100, is_whole=True),
        default=0,
        part="areas",
        label="Follow the photo's edges, px",
        help="How far edges may move, to lie where the photo's are, softly as in hair; 0 leaves "
        "them.",
        meaning="How far the edge of each segment may move to follow the photo's own, softly as "
        "in hair; 0 leaves it",
        unit="px",
    ),
    Option(
        "edges_by",
        Text(300),
        default="",
        part="areas",
        label="Edges followed by",
        help="A model that knows hair and fur. Empty goes by the photo's colours.",
        meaning="Which model says how much of each pixel belongs to a segment, as near its edge as "
        'refine_edges says: "ViTMatte" of the catalogue (fetched once; 1.9 s for each 512 x '
        "512 px of edge), or its repo id; empty goes by the photo's colours",
        offered=tuple((entry.label, entry.name) for entry in EDGE_CATALOGUE),
    ),
    Option(
        "order",
        Choice((("Reading order", "reading"), ("Same as ComfyUI", "contour"))),
        default="reading",
        part="areas",
        label="Order",
        help="Of their numbers, and of pasting where areas overlap.",
        meaning='Order of the segments\' numbers, and of pasting where they overlap: "reading" '
        '(from the top, then from the left) or "contour" (as ComfyUI\'s Impact Pack has it)',
    ),
)
