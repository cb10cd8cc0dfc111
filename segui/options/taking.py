"""The rows of the picture that is taken away."""

from typing import Final

from segui.images.formats import FORMATS, PNG, QUALITIES, QUALITY
from segui.options.kinds import Choice, Flag, Number
from segui.options.option import Option

TAKING: Final = (
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
