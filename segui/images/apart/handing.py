"""What the decoding process writes of a file: pixels, then a header, then the header's length.

All of it is bytes and JSON. Nothing that is read of it can make the reader run anything.
"""

import base64
import json
import os
from collections.abc import Iterator
from typing import Any, Final

from PIL import Image

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
_STRIP_BYTES: Final = 1 << 18

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
        "icc_profile": _as_text(profile) if isinstance(profile, bytes) else None,
        "transparency": _plain(info.get("transparency")),
        "palette": _palette_of(image),
    }


def strips_of(image: Image.Image) -> Iterator[bytes]:
    """The pixels from above, row by row, in portions that the processor's caches hold."""
    width, height = image.size
    rows = max(1, _STRIP_BYTES // (4 * width))
    for top in range(0, height, rows):
        yield image.crop((0, top, width, min(top + rows, height))).tobytes()


def write_all(output: int, data: bytes) -> None:
    """Write bytes to an open file, however many the system takes at once."""
    left = memoryview(data)
    while left:
        left = left[os.write(output, left) :]


def write_header(output: int, header: Header) -> None:
    """Write what comes behind the pixels."""
    text = json.dumps(header).encode("ascii")
    write_all(output, text + len(text).to_bytes(LENGTH_BYTES, "little"))


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
