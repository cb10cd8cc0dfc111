"""The rows of the classifier, and of the rule that chooses areas."""

from typing import Final

from segui.classifiers.catalogue import CATALOGUE, COLOUR_NAMES
from segui.classifiers.names import MAX_CHARACTERS as MAX_TEMPLATE
from segui.classifiers.names import TEMPLATE
from segui.expression import read_rules
from segui.expression.vocabulary import MAX_CHARACTERS as MAX_RULE
from segui.options.kinds import Choice, Text
from segui.options.option import Option

CHOOSING: Final = (
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
