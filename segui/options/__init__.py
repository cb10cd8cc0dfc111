"""One table of options: what a page, a recipe, a browser, a program and a tool may ask for.

It is light: nothing here needs torch, so that a page can be served before torch is loaded.
"""

from segui.options.all_options import (
    EDIT_OPTIONS,
    MAX_EDITS,
    OPTIONS,
    PASTE_OPTIONS,
    default_of,
    option_range,
    option_values,
)
from segui.options.kinds import Choice, Colour, Flag, Kind, Length, Number, Text
from segui.options.lengths import (
    PxOrShare,
    length_px,
    length_words,
    percent_of,
    whole_px,
    widest_px,
)
from segui.options.option import Option, Part
from segui.options.reading import (
    clean_options,
    default_values,
    no_such,
    read_option,
    read_options,
    split_options,
    stored_options,
    take_options,
    unsuited,
)
from segui.options.suited import (
    REFUSED_BY_SOME,
    STRENGTHS,
    carries_strength,
    only_values,
    takes_share,
    unsuited_values,
)

__all__ = [
    "EDIT_OPTIONS",
    "MAX_EDITS",
    "OPTIONS",
    "PASTE_OPTIONS",
    "REFUSED_BY_SOME",
    "STRENGTHS",
    "Choice",
    "Colour",
    "Flag",
    "Kind",
    "Length",
    "Number",
    "Option",
    "Part",
    "PxOrShare",
    "Text",
    "carries_strength",
    "clean_options",
    "default_of",
    "default_values",
    "length_px",
    "length_words",
    "no_such",
    "only_values",
    "option_range",
    "option_values",
    "percent_of",
    "read_option",
    "read_options",
    "split_options",
    "stored_options",
    "take_options",
    "takes_share",
    "unsuited",
    "unsuited_values",
    "whole_px",
    "widest_px",
]
