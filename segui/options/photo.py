"""The rows of the photo: what of its size is taken."""

from typing import Final

from segui.options.kinds import Flag
from segui.options.option import Option

PHOTO: Final = (
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
)
