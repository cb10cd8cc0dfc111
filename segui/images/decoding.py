"""Decoding pictures: limits, broken files, first frames and rotation, for photos and masks alike.

It needs Pillow alone, so that a process that does nothing else is small. What the pixels mean is
said in ``images.pictures`` (photos) and in ``masks.files`` (masks).
"""

import contextlib
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from PIL import ExifTags, Image

from segui.errors import InputError
from segui.images.limits import ReadLimits, check_megapixels
from segui.images.opened import OpenedImage, PillowRaster
from segui.images.structure import (
    Data,
    check_icon,
    check_scans,
    check_structure,
    is_bearable_exif,
    is_tiled_tiff,
)

# Pillow's own list is longer; the rest is never a photo or a mask, and EPS would start Ghostscript.
_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "AVIF")
# TGA has no signature of its own and therefore comes last.
_RARE_FORMATS = {
    "DIB": "BMP without its header",
    "JPEG2000": "JPEG 2000",
    "PPM": "PPM",
    "ICO": "ICO",
    "TGA": "TGA",
}
_HEAD_BYTES = 4096
_DAMAGED = "is damaged or incomplete: it cannot be read"
# Pillow says so of some broken files too.
_NO_MEMORY = "cannot be read: there is no memory left for it, or it is damaged. Try a smaller one"
_LOSSY_FORMATS = frozenset({"JPEG", "MPO", "AVIF", "JPEG2000"})

# What Pillow's decoders raise for broken files, as found by feeding them broken files.
_DECODER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,  # where the caller has made warnings errors
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# The filters of `warnings` belong to the whole process: two threads that change and restore them
# at the same time could leave them changed for good.
_WARNING_FILTERS = threading.Lock()


def decode(
    stream: BinaryIO, data: Data, name: str, max_megapixels: float, limits: ReadLimits
) -> OpenedImage:
    """Decode the first picture of a file and turn it as its EXIF orientation says.

    Args:
        stream: The file, from its beginning.
        data: All of its bytes once more, at least one.
        name: Its name without its folder, for messages.
        max_megapixels: Largest picture, in millions of pixels; compared with the size in the
            file's header, before anything is decoded.
        limits: What else its decode may take, counted in its bytes before.

    Raises:
        InputError: The file is broken, no image, or larger than allowed.
    """
    with refusing_broken(name):
        image, is_animated = _looked_at(stream, data, name, max_megapixels, limits)
        head = data[:_HEAD_BYTES]
        bits = _channel_bits(image, head)
        image.load()
        image_format = image.format
        upright, orientation = _upright(image)
    notes = ("it has more than one picture: the first is read",) if is_animated else ()
    is_lossy = image_format in _LOSSY_FORMATS or (image_format == "WEBP" and b"VP8L" not in head)
    return OpenedImage(PillowRaster(upright), name, bits, is_lossy, notes, orientation)


def measure(
    stream: BinaryIO, data: Data, name: str, max_megapixels: float, limits: ReadLimits
) -> tuple[int, int]:
    """A picture's width and height, by its header alone.

    Args:
        stream: As of ``decode``, like all that follows.
        data: All of its bytes.
        name: Its name.
        max_megapixels: Largest picture, in millions of pixels.
        limits: What else its decode may take.

    Raises:
        InputError: The file is broken, no image, or larger than allowed.
    """
    with refusing_broken(name):
        image, _ = _looked_at(stream, data, name, max_megapixels, limits)
        width, height = image.size
    return width, height


@contextlib.contextmanager
def refusing_broken(name: str) -> Iterator[None]:
    """Turn what Pillow raises for a broken file into a sentence about the file.

    Raises:
        InputError: The file is broken.
    """
    try:
        yield
    except InputError:
        raise
    except MemoryError as error:
        raise InputError(f"{name} {_NO_MEMORY}") from error
    except _DECODER_ERRORS as error:
        raise InputError(f"{name} {_DAMAGED}") from error


def _looked_at(
    stream: BinaryIO, data: Data, name: str, max_megapixels: float, limits: ReadLimits
) -> tuple[Image.Image, bool]:
    """The first picture of a file, not decoded yet, once nothing of it is over a limit.

    And whether there are more pictures.
    """
    check_structure(data, name)
    if not limits.rare_formats:
        _check_common(data, name)
    check_icon(data, max_megapixels, name)
    formats = (*_FORMATS, *(_RARE_FORMATS if limits.rare_formats else ()))
    image, is_animated = _read_header(stream, data[:_HEAD_BYTES], name, formats)
    check_megapixels(image.size, max_megapixels, name)
    check_scans(data, image.size, limits, name)
    return image, is_animated


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    with _WARNING_FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _check_common(data: Data, name: str) -> None:
    """Refuse a file whose format is read only where a setting says so, before any of it is."""
    kind = "TIFF in tiles" if is_tiled_tiff(data) else _RARE_FORMATS.get(_rare_format(data, name))
    if kind is not None:
        raise InputError(
            f"{name} is {kind}, which is read only where SEGUI_RARE_FORMATS is 1: save it as PNG"
        )


def _rare_format(data: Data, name: str) -> str:
    Image.init()
    for image_format in _FORMATS + tuple(_RARE_FORMATS):
        _, accepts = Image.OPEN.get(image_format, (None, None))
        if accepts is not None and accepts(data[:16]) is True:
            return image_format
    is_tga = data[-18:] == b"TRUEVISION-XFILE.\0" or name.lower().endswith(".tga")
    return "TGA" if is_tga else ""


def _read_header(
    stream: BinaryIO, head: bytes, name: str, formats: tuple[str, ...]
) -> tuple[Image.Image, bool]:
    """Open as ``Image.open`` does, but without its own limit.

    Its limit cannot be changed for one call: it is a global of Pillow, and warns or raises
    without the size that a person should be told.
    """
    Image.init()
    is_signed = False
    with _without_warnings():
        for image_format in formats:
            if image_format not in Image.OPEN:  # a Pillow built without it
                continue
            factory, accepts = Image.OPEN[image_format]
            if accepts is not None and accepts(head[:16]) is not True:
                continue
            is_signed |= accepts is not None
            stream.seek(0)
            try:
                image = factory(stream, "")
            except (SyntaxError, IndexError, TypeError, struct.error):
                continue  # a plugin's way to say that the file is not its own
            # a phone's MPO holds depth maps and the like beside the photo: nothing to tell
            several = image.format != "MPO" and bool(getattr(image, "is_animated", False))
            return image, several
    if is_signed:
        raise InputError(f"{name} {_DAMAGED}")
    raise InputError(f"{name} is not an image that can be read: try PNG, JPEG, WebP or TIFF")


def _channel_bits(image: Image.Image, head: bytes) -> int:
    """Bits of a channel in the file: Pillow reads colours of 16 bits as 8 and does not tell."""
    if image.mode.startswith("I;16"):
        return 16
    if image.format == "PNG":
        return max(8, head[24])
    if image.format == "TIFF":
        bits: object = getattr(image, "tag_v2", {}).get(258, 8)
        depths = bits if isinstance(bits, tuple) else (bits,)
        return max([8, *(depth for depth in depths if isinstance(depth, int))])
    if image.format == "PPM":
        # a binary file's largest value stands among the decoder's arguments
        tiles = getattr(image, "tile", None)
        arguments: object = tiles[0].args if tiles else None
        highest = arguments[-1] if isinstance(arguments, tuple) else 0
        is_deep = image.mode == "I" or (isinstance(highest, int) and highest > 255)
        return 16 if is_deep else 8
    return 32 if image.mode in ("I", "F") else 8


def _upright(image: Image.Image) -> tuple[Image.Image, int]:
    """The image turned as its EXIF orientation says, and that orientation; 1 where it is none."""
    with _without_warnings():
        exif = image.info.get("exif", b"")
        if not is_bearable_exif(exif if isinstance(exif, bytes) else b""):
            return image, 1
        try:
            orientation = image.getexif().get(ExifTags.Base.Orientation)
        except _DECODER_ERRORS:
            return image, 1  # a broken EXIF block: the pixels are fine
    if not isinstance(orientation, int) or orientation not in _TURNS:
        return image, 1
    return image.transpose(_TURNS[orientation]), int(orientation)
