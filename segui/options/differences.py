"""The rows of an edited version: what of its differences from the photo counts."""

from typing import Final

from segui.options.kinds import Flag
from segui.options.option import Option

DIFFERENCES: Final = (
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
