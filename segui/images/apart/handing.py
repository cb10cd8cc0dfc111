"""What the decoding process writes of a file: pixels, then a header, then the header's length.

All of it is bytes and JSON. Nothing that is read of it can make the reader run anything.
"""

import base64
import json
from io import FileIO
from typing import Any, Final

from PIL import Image, ImageFile

from segui.images.opened import OpenedImage

# Those that Pillow's plugins give, and bytes of a pixel; of "1" each row is bits, in whole bytes.
MODES: Final = {
    "1": 0, "L": 1, "P": 1, "LA": 2, "La": 2, "PA": 2,
    "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2, "I": 4, "F": 4,
    "RGB": 3, "YCbCr": 3, "LAB": 3, "HSV": 3, "RGBA": 4, "RGBa": 4, "RGBX": 4, "CMYK": 4,
}  # fmt: skip
PALETTE_MODES: Final = ("RGB", "RGBA")
LENGTH_BYTES: Final = 8  # of the header's length, the last of all
MOST_HEADER_BYTES: Final = 24_000_000  # a profile in a JPEG has 16.6 MB at most
_BUFFER_BYTES: Final = 1 << 20

Header = dict[str, Any]


def pixel_bytes(mode: str, size_wh: tuple[int, int]) -> int:
    """How many bytes the pixels of a picture have.

    Args:
        mode: One of ``MODES``.
        size_wh: Width and height, px.

    >>> pixel_bytes("RGB", (3, 2)), pixel_bytes("1", (9, 2))
    (18, 4)
    """
    width, height = size_wh
    return height * ((width + 7) // 8 if mode == "1" else width * MODES[mode])


def header_of(opened: OpenedImage) -> Header:
    """What is said of a decoded file beside its pixels, as JSON can carry it."""
    image, info = opened.image, opened.raster.info
    profile = info.get("icc_profile")
    return {
        "kind": "picture",
        "mode": image.mode,
        "size": image.size,
        "bits": opened.bits,
        "is_lossy": opened.is_lossy,
        "notes": opened.notes,
        "orientation": opened.orientation,
        "by_xmp": opened.by_xmp,
        "camera_data": None if opened.camera_data is None else _as_text(opened.camera_data),
        "icc_profile": _as_text(profile) if isinstance(profile, bytes) else None,
        "transparency": _plain(info.get("transparency")),
        "palette": _palette_of(image),
    }


def write_pixels(output: FileIO, image: Image.Image) -> None:
    """Write the pixels from above, row by row, as ``tobytes`` has them.

    They go from Pillow to the system without a copy in between: of 12 MP that is a quarter less.
    """
    extents = (0, 0, *image.size)
    # what each of Pillow's plugins writes by, and plugins of others
    ImageFile._save(image, output, [("raw", extents, 0, (image.mode,))], _BUFFER_BYTES)  # type: ignore[list-item]  # noqa: SLF001


def write_header(output: FileIO, header: Header) -> None:
    """Write what comes behind the pixels."""
    text = json.dumps(header).encode("ascii")
    left = memoryview(text + len(text).to_bytes(LENGTH_BYTES, "little"))
    while left:  # the system need not take all at once
        left = left[output.write(left) :]


def _as_text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _plain(transparency: object) -> object:
    """A transparent index or grey, a colour, or as text the opacity of each index."""
    if isinstance(transparency, bytes):
        return _as_text(transparency)
    return list(transparency) if isinstance(transparency, tuple) else transparency


def _palette_of(image: Image.Image) -> Header | None:
    if image.mode not in ("P", "PA") or image.palette is None:
        return None
    mode = image.palette.mode if image.palette.mode in PALETTE_MODES else "RGB"
    return {"mode": mode, "data": _as_text(bytes(image.getpalette(mode) or ()))}
