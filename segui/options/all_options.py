"""The table: a row for every control of the page, from which all that takes options reads it.

A new option is one row here, one use in the engine and, where it should not stand at the end of its
step, one place in the page's layout.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from segui.backend.effect_table import EFFECTS, Strength
from segui.classifiers.catalogue import CATALOGUE, COLOUR_NAMES
from segui.classifiers.names import MAX_CHARACTERS as MAX_TEMPLATE
from segui.classifiers.names import TEMPLATE
from segui.expression import read_rules
from segui.expression.fading import MAX_CHARACTERS as MAX_FADE
from segui.expression.fading import check_fade
from segui.expression.vocabulary import MAX_CHARACTERS as MAX_RULE
from segui.images.formats import FORMATS, PNG, QUALITIES, QUALITY
from segui.masks.each import read_each
from segui.models.finder_catalogue import EDGE_CATALOGUE, FINDER_CATALOGUE, OWN_MODEL
from segui.options.kinds import Choice, Colour, Flag, Length, Number, Text
from segui.options.option import Option
from segui.options.suited import STRENGTHS


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _said(strength: Strength) -> str:
    note = f", {strength.note}" if strength.note else ""
    return f"{strength.meaning} ({strength.expected}{note}; 0 {strength.zero})"


_PHOTO = (
    Option(
        "scale",
        Flag(),
        default=False,
        part="photo",
        label="Scale what has another size to the photo's",
        help="An edited version is laid where it fits, masks are stretched.",
        meaning="True lays an edited version of another size where it fits, and stretches masks of "
        "other proportions; False refuses them. Masks of the photo's proportions are scaled in any "
        "case",
    ),
    Option(
        "shrink",
        Flag(),
        default=False,
        part="photo",
        label="Open what is too large at a smaller size",
        help="The photo and all that has its size; the picture that you save has that size too.",
        meaning="True opens a photo of up to four times the pixels that are allowed, and masks and "
        "edited versions of its size, at the largest size that is; False refuses them",
    ),
    Option(
        "align",
        Flag(),
        default=False,
        part="photo",
        label="Align the edited version with the photo",
        help="It lies beside its place, as some programs leave it.",
        meaning="True puts an edited version that is moved, turned or cropped back where it "
        "belongs on the photo; False says so and leaves it",
    ),
    Option(
        "count_cast",
        Flag(),
        default=False,
        part="photo",
        label="Count what changed all over as an edit",
        help="Colours, light, or a little of every pixel; else areas are what differs beyond that.",
        meaning="True takes for an edit, where areas are what differs, also what changed all over "
        "the edited version, its colours, its light or a little of every pixel as by saving with "
        "losses; "
        "False says what it is and looks beyond it",
    ),
)
_AREAS = (
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
_FIND = (
    Option(
        "finder",
        Choice(
            (
                ("No", ""),
                ("Faces", "faces"),
                ("Colours", "colours"),
                ("What is clicked", "click"),
                ("What is in a box", "box"),
                ("By a model", OWN_MODEL),
            )
        ),
        default="",
        part="areas",
        label="Find areas in the photo",
        help="Beside those of masks, or without any.",
        meaning='What is found in the photo itself, beside what masks say: "" (nothing), "faces", '
        '"colours" (regions of each of the eleven colour names), "click" (what has the colour of '
        'some points), "box" (the thing in each box), a model of the catalogue (fetched once: '
        + ", ".join(f'"{entry.name}"' for entry in FINDER_CATALOGUE)
        + "), or the repo id of a model on the Hugging Face hub that detects, segments, cuts out "
        "what is clicked or finds by words",
    ),
    Option(
        "finder_repo",
        Text(300),
        default="",
        part="areas",
        label="Model that finds",
        help="One of the list, or the repo id of one on the Hugging Face hub; it is fetched once.",
        meaning="A name of the catalogue, or the repo id of a model on the Hugging Face hub, where "
        'finder is "model", as recipes have it; "@" and a branch, tag or commit behind it takes '
        "that one",
        example="facebook/mask2former-swin-tiny-coco-panoptic",
        offered=tuple((entry.label, entry.name) for entry in FINDER_CATALOGUE),
    ),
    Option(
        "words",
        Text(1000),
        default="",
        part="areas",
        label="Words",
        help="What to look for, with commas between.",
        meaning="What a finder by words looks for, with commas between",
        example="dog, red car",
    ),
    Option(
        "confidence",
        Number(0, 1, step=0.05),
        default=0.6,
        part="areas",
        label="Least confidence",
        help="Less finds more, and more that is not what was looked for.",
        meaning="How sure the finder has to be of what it finds",
        slider_most=1,
    ),
    Option(
        "face_area",
        Choice((("The face", "ellipse"), ("Its box", "box"), ("The whole head", "head"))),
        default="ellipse",
        part="areas",
        label="Of a face",
        meaning='What of a face is a segment: "ellipse" (from the brow to the chin), "box" (as the '
        'detector has it) or "head" (with the hair)',
    ),
    Option(
        "smallest_face",
        Number(0, 1_000_000, is_whole=True),
        default=0,
        part="areas",
        label="Smallest face, px",
        help="0 fits the photo: large faces alone, or all down to 40 px where one is small.",
        meaning="How wide the smallest face is that is looked for, where 0 fits the picture: down "
        "to 40 px where no face is found, or one that is small, else what a look at large parts of "
        "it finds",
        unit="px",
    ),
    Option(
        "tolerance",
        Number(0, 100, step=1),
        default=12,
        part="areas",
        label="Tolerance",
        help="How far a colour may be from what was clicked.",
        meaning="How far a colour may be from one that was clicked, in percent of each channel",
        slider_most=100,
    ),
    Option(
        "connected",
        Flag(),
        default=True,
        part="areas",
        label="Only what hangs together with a click",
        meaning="True finds what hangs together with a point, False all of its colour",
    ),
    Option(
        "candidate",
        Choice(
            (
                ("The best", "best"),
                ("The smallest", "smallest"),
                ("The middle one", "middle"),
                ("The largest", "largest"),
            )
        ),
        default="best",
        part="areas",
        label="Of its three answers",
        help="A button, a pocket or the whole coat may be meant by a click.",
        meaning="Which of its three answers is taken of a model that is clicked at: the "
        '"best" by its own judgement, the "smallest", the "middle" or the "largest"',
    ),
    Option(
        "keep_labels",
        Text(1000),
        default="",
        part="areas",
        label="Labels to keep",
        help="Of what is found; with commas between, empty keeps all. Press Enter.",
        meaning="Labels of what is found that stay, with commas between; empty is all",
        example="cat, dog",
    ),
    Option(
        "overlaps",
        Choice(
            (
                ("Both keep it", "keep"),
                ("The surer one has it", "cut"),
                ("The surest of the same thing stays", "best"),
                ("They become one", "join"),
            )
        ),
        default="keep",
        part="areas",
        label="Where they overlap",
        meaning='Where two overlap that were found: "keep" (both have it), "cut" (the surer one '
        'has it), "best" (of those that are the same thing the surest stays) or "join" (they '
        "become one)",
    ),
    Option(
        "merge_touching",
        Flag(),
        default=False,
        part="areas",
        label="Those that touch are one",
        help="If they have the same label.",
        meaning="True makes segments one that were found, have one label, and touch or overlap",
    ),
    Option(
        "largest",
        Number(0, 10_000, is_whole=True),
        default=0,
        part="areas",
        label="Only the largest",
        help="How many of what is found; 0 is all.",
        meaning="How many of the largest segments stay of those that were found; 0 is all",
    ),
    Option(
        "background",
        Flag(),
        default=False,
        part="areas",
        label="The rest of what is found",
        help="The background, in place of what stands before it.",
        meaning="True makes one segment of all but what is found, with the label background",
    ),
    Option(
        "outlined_by",
        Text(300),
        default="",
        part="areas",
        label="Boxes cut out by",
        help="A model that is clicked at. Empty takes one that is here already.",
        meaning="Which model cuts out what another one finds in boxes: one that is clicked at, by "
        "its name in the catalogue or its repo id; empty takes one that is loaded, and where none "
        "is, what stands out in a box found by words, else all of it",
        offered=tuple(
            (entry.label, entry.name) for entry in FINDER_CATALOGUE if entry.needs == "marks"
        ),
    ),
)
_CHOOSE = (
    Option(
        "classifier",
        Choice(tuple((entry.shown, entry.name) for entry in CATALOGUE)),
        default=COLOUR_NAMES,
        part="choose",
        label="Judged by",
        help="Gives each area its scores.",
        node="classifier",
        meaning='Who scores the segments: "Colour names" (built in, no download: the shares of '
        'black, blue, brown, green, grey, orange, pink, purple, red, white, yellow), "Gender by '
        'face" (built in too: Female and Male, by the looks of a face), "Like these" '
        "(like and unlike what was decided by hand, or what examples name), or the repo id of an "
        'image classifier on the Hugging Face hub; or "Manual CLIP or SigLIP: " and the '
        "repo id of one, which is asked for what the expression names",
    ),
    Option(
        "repo",
        Text(200),
        default="",
        part="choose",
        label="Repo id",
        help="Of a model on the Hugging Face hub. Press Enter.",
        meaning='Repo id of a model on the Hugging Face hub, where classifier is "Manual repo id" '
        'or "Manual CLIP or SigLIP", as recipes have it',
        example="google/vit-base-patch16-224",
    ),
    Option(
        "device",
        Choice((("AUTO", "auto"), ("Prefer GPU", "gpu"), ("CPU", "cpu"))),
        default="auto",
        part="choose",
        label="Run on",
        meaning='Where a model runs: "auto" or "gpu" (on a GPU where there is one), or "cpu"',
    ),
    Option(
        "revision",
        Text(100),
        default="",
        part="choose",
        label="Revision",
        help="Branch, tag or commit of the model; empty is the newest. Press Enter.",
        meaning="Branch, tag or commit of the model; empty is the newest",
    ),
    Option(
        "context",
        Choice(
            (
                ("Its surroundings too", "crop"),
                ("Its box", "bbox"),
                ("It alone, on grey", "segment"),
            )
        ),
        default="crop",
        part="choose",
        label="It sees of an area",
        meaning='What the classifier sees of a segment: "crop" (its surroundings too), "bbox" (its '
        'box) or "segment" (it alone, on grey)',
    ),
    Option(
        "names",
        Text(4000),
        default="",
        part="choose",
        label="Names to look for",
        help="Besides those in the rule; with commas between, and quotes around a name that has "
        "one. Press Enter.",
        meaning="What a CLIP or SigLIP is asked for besides what the expression names, with commas "
        "between, and quotes around a name that has a comma",
        example="dog, cat, a cartoon",
    ),
    Option(
        "template",
        Text(MAX_TEMPLATE),
        default=TEMPLATE,
        part="choose",
        label="Sentence",
        help="Each name is put in place of {}. Press Enter.",
        meaning="The sentence that a CLIP or SigLIP is asked for each name with, in place of {}",
    ),
    Option(
        "expression",
        Text(MAX_RULE),
        default="*",
        part="choose",
        label="Rule",
        help="Such as “red > 50% and @area > 400”.",
        node="manual_expr",
        meaning='Which segments are chosen; "*" is all of them. It compares scores, 0 to 1 or '
        'percent: "red > 50%", "cat > dog and not cat < 0.2", "#Female > #Male"; or facts of a '
        'segment: "@area > 400" (pixels), "@rank <= 3" (the three largest of all that were found), '
        '"@share > 1%" (of the picture), "@label = sky" (the name of its mask file)',
    ),
    Option(
        "rules",
        Text(4000, read_rules),
        default="",
        part="choose",
        label="Rules with names",
        help="A line each; the rule above, and these, may name them where a condition is due.",
        meaning='Rules with names, a line each, such as "people = #Female > 0 or #Male > 0": the '
        "expression, those of several edits, and these themselves may name one where a condition "
        'is due, as in "people and red > 50%"',
        example="people = #Female > 0 or #Male > 0",
    ),
    Option(
        "on_unknown",
        Choice((("Leave out", "remain"), ("Include", "filter"), ("Ask me", "review"))),
        default="remain",
        part="choose",
        label="If undecided",
        help="Where the rule has no answer, as for a name that was not found.",
        meaning="Where a segment goes whose expression is undecided, as with a label that the "
        'classifier does not know: "remain" (not chosen), "filter" (chosen) or "review" (not '
        "chosen, and listed apart)",
    ),
    Option(
        "among",
        Choice((("All areas", "all"), ("Those no edit above has", "left"))),
        default="all",
        part="choose",
        label="Among",
        help="Of several edits: whether one may have areas that an earlier one has.",
        meaning="Of several edits, what a rule chooses among where its edit does not say: "
        '"all" segments, or those that are "left" by the edits before',
    ),
)
_PASTE = (
    Option(
        "effect",
        Choice(tuple((row.label, row.name) for row in EFFECTS)),
        default="none",
        part="paste",
        label="Effect",
        help="The edited version's pixels, or an effect on the photo. Hide covers what nobody "
        "should recognise.",
        meaning="What is pasted: "
        + ", ".join(f'"{row.name}" ({_lower(row.meaning)})' for row in EFFECTS),
    ),
    Option(
        "version",
        Number(1, 8, is_whole=True),
        default=1,
        part="paste",
        label="Pixels of",
        help="Each edit takes its own edited version.",
        meaning='Of the effect "none", which of several edited versions is pasted, by its number',
        listed_as="Edited version {}",
    ),
    Option(
        "sticker",
        Text(40),
        default="smiley",
        part="paste",
        label="Sticker",
        help="A shape, a picture of your own, or what you type: an emoji, a word.",
        meaning='Of the effect "sticker", what is laid on each area: "smiley", "heart", "star", '
        '"picture" (the file sticker_picture), or any other text as it is written, in the colour '
        "of the effect; an emoji where the server has a font with it. Feather and edge do nothing "
        "to it: it has its own",
        offered=(
            ("Smiley", "smiley"),
            ("Heart", "heart"),
            ("Star", "star"),
            ("Your picture", "picture"),
        ),
    ),
    Option(
        "sticker_fit",
        Choice((("Inside the area", "inside"), ("All over it", "cover"))),
        default="cover",
        part="paste",
        label="Size of the sticker",
        help="It lies upright on the middle of the area's box, with its own edge.",
        meaning='How large a sticker is: "inside" (the largest that lies in the box around an '
        'area) or "cover" (the smallest that covers that box)',
    ),
    Option(
        "effect_on",
        Choice((("The chosen areas", "filtered"), ("Everything else", "everything else"))),
        default="filtered",
        part="paste",
        label="Onto",
        meaning='What the effect changes: the "filtered" (chosen) segments, or "everything else"',
    ),
    Option(
        "strength",
        Length(
            min(int(strength.least) for strength in STRENGTHS.values()),
            max(strength.most for strength in STRENGTHS.values()),
        ),
        default=0,
        part="paste",
        label="Strength",
        help="Of the full-size photo, px; 0 fits the picture.",
        meaning="How strong the effect is, within the limits of each: "
        + ", ".join(f'of "{name}" {_said(strength)}' for name, strength in STRENGTHS.items())
        + ". Where it is a length, it may be a share",
        slider_most=200,
    ),
    Option(
        "colour",
        Colour(),
        default="#000000",
        part="paste",
        label="Colour",
        meaning='Of the effect "colour", and of what a sticker writes, as "#rrggbb"',
    ),
    Option(
        "feather",
        Length(0, 500, is_whole=True),
        default=5,
        part="paste",
        label="Soft edge",
        help="Pixels of the full-size photo, up to 500, or % of each area's own side; 0 is hard.",
        node="feather",
        meaning="Width of the soft edge",
        unit="px",
        slider_most=100,  # a slider to 500 could not be set to 5
    ),
    Option(
        "alpha",
        Number(0, 255, is_whole=True),
        default=255,
        part="paste",
        label="Opacity",
        help="100 replaces; 50 mixes half and half.",
        node="alpha",
        meaning="Opacity of what is pasted (0 is unseen, 255 full)",
        slider_most=255,
        in_percent=True,
    ),
    Option(
        "fade",
        Text(MAX_FADE, check_fade),
        default="",
        part="paste",
        label="Opacity by area",
        help="Such as “30%..70% of red”: none of it up to 30 % red, full from 70 %.",
        meaning="What the opacity of each segment follows, 0 where that is unknown: "
        '"30%..70% of red" (0 up to a score or fact of 30 %, full from 70 % on, linear between), '
        '"80%", or one of two, "80% if @share > 2% else 30%". It multiplies alpha; empty leaves '
        'that alone. Of the effect "hide" it is empty',
        example="30%..70% of red",
    ),
    Option(
        "edge",
        Choice((("Smooth", "smooth"), ("Outward only", "outward"), ("Same as ComfyUI", "impact"))),
        default="smooth",
        part="paste",
        label="Edge style",
        help="Outward only keeps all of an area covered.",
        meaning='Where the soft edge lies: "smooth" (half inside, half outside of the outline), '
        '"outward" (outside alone), or "impact" (as ComfyUI\'s Impact Pack has it)',
    ),
    Option(
        "blend",
        Choice(
            (
                ("Normal", "normal"),
                ("Multiply", "multiply"),
                ("Screen", "screen"),
                ("Soft light", "soft light"),
                ("Luminosity", "luminosity"),
                ("Colour", "colour"),
            )
        ),
        default="normal",
        part="paste",
        label="Blend",
        help="How what is pasted is mixed with the photo below it.",
        meaning='How what is pasted is mixed with the photo below it: "normal" (it replaces it), '
        '"multiply", "screen", "soft light", "luminosity" (its light with the photo\'s colours) or '
        '"colour" (its colours with the photo\'s light), as W3C has them; of the effect "hide" it '
        "is normal",
    ),
    Option(
        "fit",
        Choice((("As it is", "as is"), ("Colour and light", "colour"), ("Seamless", "seamless"))),
        default="as is",
        part="paste",
        label="Fit in",
        help="Colour and light: as the photo's at the outline. Seamless: no step at the outline.",
        meaning='How what is pasted onto the chosen areas is made to fit in: "as is", "colour" '
        "(its colour and light are made like the photo's beside each area's outline) or "
        '"seamless" (it keeps its gradients and meets the photo at the outline); onto everything '
        'else, and of the effects "cut-out" and "hide", it is as it is',
    ),
)
_TAKE = (
    Option(
        "format",
        Choice(tuple((one.label, one.name) for one in FORMATS.values())),
        default=PNG,
        part="take",
        label="Format",
        help="PNG keeps every pixel; the others are smaller.",
        meaning="What file the result is: PNG keeps every pixel, the others are smaller; JPEG "
        "shows what is transparent on white, and AVIF is there where the server's Pillow has it",
    ),
    Option(
        "quality",
        Number(*QUALITIES, is_whole=True),
        default=QUALITY,
        part="take",
        label="Quality",
        help="100 is the best and the largest.",
        meaning="How well a result that is no PNG keeps its pixels",
    ),
    Option(
        "camera_data",
        Flag(),
        default=False,
        part="take",
        label="Keep camera data",
        help="Camera, lens, exposure, dates, author; no place, serial number or thumbnail.",
        meaning="Whether the result has the photo's camera data (EXIF): camera, lens, exposure, "
        "dates, author and copyright, and nothing else of what is there, such as the place, serial "
        "numbers, comments and thumbnails",
    ),
)

_ROWS: Final[dict[str, Option]] = {
    option.name: option for option in (*_PHOTO, *_AREAS, *_FIND, *_CHOOSE, *_PASTE, *_TAKE)
}
OPTIONS: Final[Mapping[str, Option]] = MappingProxyType(_ROWS)


PASTE_OPTIONS: Final = tuple(name for name, row in OPTIONS.items() if row.part == "paste")
MAX_EDITS: Final = 50
# what each of several edits says for itself
EDIT_OPTIONS: Final = ("expression", "on_unknown", "among", *PASTE_OPTIONS)


def default_of(name: str) -> Any:
    """What counts where nothing is said of an option.

    >>> default_of("feather")
    5
    """
    return OPTIONS[name].default


def option_values(name: str) -> tuple[str, ...]:
    """What may be chosen for an option that is one of some words.

    >>> option_values("edge")
    ('smooth', 'outward', 'impact')
    """
    kind = OPTIONS[name].kind
    return kind.values if isinstance(kind, Choice) else ()


def option_range(name: str) -> tuple[int, int]:
    """The smallest and the largest number that an option takes.

    >>> option_range("grow")
    (-500, 500)
    """
    kind = OPTIONS[name].kind
    if not isinstance(kind, Number):
        raise TypeError(f"{name} is no number")
    return kind.least, kind.most
