"""The rows of what is found in the photo itself."""

from typing import Final

from segui.models.finder_catalogue import FINDER_CATALOGUE, OWN_MODEL
from segui.options.kinds import Choice, Flag, Number, Text
from segui.options.option import Option

FINDING: Final = (
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
