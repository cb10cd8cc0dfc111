"""The rows of the photo: how it lies, and what of its size is taken."""

from typing import Final

from segui.options.kinds import Choice, Flag
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
    Option(
        "turn_photo",
        Choice(
            (
                ("As its file says", "auto"),
                ("As it is stored", "none"),
                ("Right", "right"),
                ("Left", "left"),
                ("Half", "half"),
                ("Mirror", "mirror"),
                ("By its XMP data", "xmp"),
            )
        ),
        default="auto",
        part="photo",
        label="Turn the photo",
        help="What was painted, clicked or chosen by hand on it goes: it lies otherwise then.",
        meaning='How the photo is turned: "auto" (as its file says), "none" (as it is stored), '
        '"right", "left", "half" (turned by 90, 90 or 180 degrees from how its file says), '
        '"mirror" (left for right) or "xmp" (by its XMP data, where its EXIF says otherwise)',
    ),
)
