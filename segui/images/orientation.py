"""Which way up a picture is: as its EXIF block says, else its XMP data; and what was not readable.

Cameras write EXIF, and some programs XMP alone. Where both speak EXIF counts, as everywhere, and it
is said where they say otherwise.
"""

import re
from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

from PIL import ExifTags, Image

from segui.images.broken import DECODER_ERRORS, without_warnings
from segui.images.structure import is_bearable_exif

BY_XMP: Final = "it is turned as its XMP data says"
BY_EXIF: Final = "its EXIF and its XMP data say otherwise how it lies: it is turned by its EXIF"
BROKEN_EXIF: Final = "its EXIF data is damaged: it is read as it is stored"

BY_FILE: Final = frozenset({BY_XMP, BY_EXIF, BROKEN_EXIF})  # all that is said of it

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_AS_STORED: Final = 1
_IN_XMP: Final = rb"%b:Orientation\s*(?:=\s*[\"']|>)\s*([1-8])\b"
_XMP_NAME: Final = re.compile(rb"xmlns:([\w.-]+)\s*=\s*[\"']http://ns\.adobe\.com/tiff/1\.0/[\"']")
# These say it in a place of their own, which Pillow hands on as EXIF: what else they hold is stale.
_TOLD_BY_CONTAINER: Final = frozenset({"AVIF", "HEIF"})
# ImageMagick's places for it in a PNG
_RAW_EXIF: Final = ("Raw profile type exif", "Raw profile type APP1")
_EXIF_HEAD: Final = b"Exif\0\0"
_BYTE_ORDERS: Final[dict[bytes, Literal["little", "big"]]] = {b"II": "little", b"MM": "big"}
_ENTRY_BYTES: Final = 12


class Turned(NamedTuple):
    """A picture the right way up.

    Args:
        image: Its pixels.
        notes: What a person should know of that, one sentence each.
        orientation: The EXIF orientation by which it was turned, 1 to 8.
        by_xmp: The one that its XMP data says; None where that says nothing.
    """

    image: Image.Image
    notes: tuple[str, ...] = ()
    orientation: int = _AS_STORED
    by_xmp: int | None = None


def load_upright(image: Image.Image, fitted: Callable[[Image.Image], Image.Image]) -> Turned:
    """Decode a picture and turn it as its file says.

    Args:
        image: Opened, not decoded yet.
        fitted: Makes its pixels smaller where they are too many, before a turn copies them.
    """
    told = _told_by_tiff(image)
    # of a TIFF Pillow turns what it knows of by itself; of its XMP it knows one of several forms
    xmp = image.info.pop("xmp", None) if image.format == "TIFF" else None
    image.load()
    pixels = fitted(image)
    if image.format not in _TOLD_BY_CONTAINER:
        xmp = xmp or image.info.get("XML:com.adobe.xmp") or image.info.get("xmp")
    by_xmp = _xmp_orientation(xmp)
    if told is not None:
        return Turned(pixels, _both(told, by_xmp), told, by_xmp)
    orientation, is_broken = _exif_orientation(image)
    if orientation is not None:
        upright = _turned(pixels, orientation)
        return Turned(upright, _both(orientation, by_xmp), orientation, by_xmp)
    if by_xmp is not None and by_xmp != _AS_STORED:
        return Turned(_turned(pixels, by_xmp), (BY_XMP,), by_xmp, by_xmp)
    return Turned(pixels, (BROKEN_EXIF,) if is_broken else (), by_xmp=by_xmp)


def _both(by_exif: int, by_xmp: int | None) -> tuple[str, ...]:
    """What is said where both speak."""
    return () if by_xmp in (None, by_exif) else (BY_EXIF,)


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def _told_by_tiff(image: Image.Image) -> int | None:
    tags: Any = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    return _valid(tags.get(ExifTags.Base.Orientation))


def _exif_orientation(image: Image.Image) -> tuple[int | None, bool]:
    """What the EXIF block says, where it says something; and whether it cannot be read."""
    read = exif_reader(image)
    if read is None:
        return None, False
    try:
        data = read()
        if not is_bearable_exif(data):
            return None, True
        exif = Image.Exif()
        with without_warnings():
            exif.load(data)
        orientation = _valid(exif.get(ExifTags.Base.Orientation))
        return orientation, orientation is None and _is_cut_short(data)
    except DECODER_ERRORS:
        return None, True  # the pixels are fine


def _is_cut_short(data: bytes) -> bool:
    """Whether a block of EXIF ends before its first directory does: Pillow reads what there is."""
    block = data.removeprefix(_EXIF_HEAD)
    order = _BYTE_ORDERS.get(block[:2])
    if order is None:
        return bool(block)
    start = int.from_bytes(block[4:8], order)
    count = int.from_bytes(block[start : start + 2], order)
    return start + 2 + count * _ENTRY_BYTES > len(block)


def exif_reader(image: Image.Image) -> Callable[[], bytes] | None:
    """What gives a decoded picture's EXIF block, where it has one; it may not be readable."""
    data = image.info.get("exif")
    raw = next((image.info[place] for place in _RAW_EXIF if place in image.info), None)
    if isinstance(data, bytes):
        return lambda: data
    if isinstance(raw, str):
        return lambda: bytes.fromhex("".join(raw.split("\n")[3:]))
    return None


def _xmp_orientation(xmp: object) -> int | None:
    text = xmp.encode("utf-8", "replace") if isinstance(xmp, str) else xmp
    if not isinstance(text, bytes):
        return None
    called = _XMP_NAME.search(text)  # mostly tiff, but a file may call it otherwise
    name = b"tiff" if called is None else re.escape(called[1])
    found = re.search(_IN_XMP % name, text)
    return None if found is None else int(found[1])


def _valid(said: object) -> int | None:
    """An orientation, as a number or as a list of one; None where it is none of the eight."""
    if isinstance(said, tuple) and len(said) == 1:
        said = said[0]
    return said if isinstance(said, int) and 1 <= said <= 8 else None
