"""Opening image files: limits, broken files, first frames and rotation, for photos and masks alike.

Only what arrays are made from lives here; what the pixels mean is said in ``images`` (photos)
and in ``mask_files`` (masks).
"""

import contextlib
import mmap
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from PIL import ExifTags, Image

from segui.errors import InputError
from segui.images.limits import ReadLimits, check_megapixels
from segui.images.structure import (
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
_STRIP_BYTES = 1 << 20
DEFAULT_LIMITS = ReadLimits()
_DAMAGED = "is damaged or incomplete: it cannot be read"
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


@dataclass(frozen=True, eq=False)
class OpenedImage:
    """A decoded file, turned upright.

    Args:
        image: The pixels as Pillow has them, in the file's own mode.
        name: The file's name without its folder, for messages.
        bits: Bits of one channel in the file, as far as more than 8 are known of.
        is_lossy: Whether the file's format changes values on saving (JPEG and its kin).
        notes: What a person should know of the file, one sentence each.
    """

    image: Image.Image
    name: str
    bits: int
    is_lossy: bool
    notes: tuple[str, ...]


def open_image(
    path: str | Path, *, max_megapixels: float, limits: ReadLimits = DEFAULT_LIMITS
) -> OpenedImage:
    """Decode the first picture of a file and turn it as its EXIF orientation says.

    Args:
        path: The file.
        max_megapixels: Largest picture, in millions of pixels; compared with the size in the
            file's header, before anything is decoded.
        limits: What else its decode may take, counted in its bytes before.

    Raises:
        InputError: The file is missing, broken, no image, or larger than allowed; the sentence
            gives its name without its folder.
    """
    path = Path(path)
    with _looked_at(path, max_megapixels, limits) as (image, is_animated, head):
        bits = _channel_bits(image, head)
        image.load()
        image_format = image.format
        upright = _upright(image)
    notes = ("it has more than one picture: the first is read",) if is_animated else ()
    is_lossy = image_format in _LOSSY_FORMATS or (image_format == "WEBP" and b"VP8L" not in head)
    return OpenedImage(upright, path.name, bits, is_lossy, notes)


def header_size(
    path: str | Path, *, max_megapixels: float, limits: ReadLimits = DEFAULT_LIMITS
) -> tuple[int, int]:
    """A picture's width and height, by its header alone.

    Args:
        path: The file.
        max_megapixels: As of ``open_image``.
        limits: As of ``open_image``.

    Raises:
        InputError: The file is missing, broken, no image, or larger than allowed.
    """
    with _looked_at(Path(path), max_megapixels, limits) as (image, _, _):
        width, height = image.size
    return width, height


@contextlib.contextmanager
def _looked_at(
    path: Path, max_megapixels: float, limits: ReadLimits
) -> Iterator[tuple[Image.Image, bool, bytes]]:
    """The first picture of a file, not decoded yet, once nothing of it is over a limit.

    Gives it, whether there are more pictures, and the file's first bytes.
    """
    with _opened_stream(path) as stream:
        head = stream.read(_HEAD_BYTES)
        if not head:
            raise InputError(f"{path.name} is empty")
        with (
            refusing_broken(path.name),
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
        ):
            check_structure(data, path.name)
            if not limits.rare_formats:
                _check_common(data, path.name)
            check_icon(data, max_megapixels, path.name)
            formats = (*_FORMATS, *(_RARE_FORMATS if limits.rare_formats else ()))
            image, is_animated = _read_header(stream, head, path.name, formats)
            check_megapixels(image.size, max_megapixels, path.name)
            check_scans(data, image.size, limits, path.name)
            yield image, is_animated, head


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
    except _DECODER_ERRORS as error:
        raise InputError(f"{name} {_DAMAGED}") from error


def as_array(image: Image.Image) -> np.ndarray:
    """The pixels of an image, as ``np.array`` has them, strip by strip.

    For all of them at once Pillow takes two copies more, and of a large photo new memory costs
    more than decoding: of 12 MP this takes 10 ms where that takes 43.

    Args:
        image: Of any mode.

    Returns:
        A new array: (H, W), or (H, W, channels).
    """
    width, height = image.size
    rows = max(1, _STRIP_BYTES // (4 * width))
    first = np.asarray(image.crop((0, 0, width, min(rows, height))))
    pixels = np.empty((height, *first.shape[1:]), first.dtype)
    pixels[:rows] = first
    for top in range(rows, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        pixels[top : top + rows] = np.asarray(strip)
    return pixels


def grey_to_8_bit(values: np.ndarray) -> np.ndarray:
    """Scale grey values of any depth to 8 bits.

    Args:
        values: (H, W) uint8; uint16, where 65535 is white; int32, where white is 65535, or
            2^31 - 1 when any value is above 65535; or float32, where white is the smallest of
            1, 255 and 65535 that no value exceeds. Below 0, and not a number, is 0.

    Returns:
        (H, W) uint8, rounded to nearest; a new array unless it was uint8.
    """
    if values.dtype == np.uint8:
        return values
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, nan=0.0, posinf=np.inf, neginf=0.0)
        finite = values[np.isfinite(values)]
        highest = float(finite.max()) if finite.size else 1.0
        white = next((limit for limit in (1, 255, 65535) if highest <= limit), highest)
        return np.asarray(np.rint(np.clip(values / white, 0, 1) * 255), np.uint8)
    if values.dtype != np.uint16:
        if int(values.max(initial=0)) > np.iinfo(np.uint16).max:
            return np.asarray(np.maximum(values, 0) >> 23, np.uint8)
        values = np.clip(values, 0, np.iinfo(np.uint16).max).astype(np.uint16)
    # 257 is odd, so no value lies half-way and float rounding is exact
    return np.asarray(cv2.convertScaleAbs(values, alpha=1 / 257), np.uint8)


@contextlib.contextmanager
def _opened_stream(path: Path) -> Iterator[BinaryIO]:
    try:
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise InputError(f"{path.name} is not there") from error
    except IsADirectoryError as error:
        raise InputError(f"{path.name} is a folder, not an image") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"{path.name} cannot be opened") from error
    with stream:
        yield stream


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    with _WARNING_FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _check_common(data: mmap.mmap, name: str) -> None:
    """Refuse a file whose format is read only where a setting says so, before any of it is."""
    kind = "TIFF in tiles" if is_tiled_tiff(data) else _RARE_FORMATS.get(_rare_format(data, name))
    if kind is not None:
        raise InputError(
            f"{name} is {kind}, which is read only where SEGUI_RARE_FORMATS is 1: save it as PNG"
        )


def _rare_format(data: mmap.mmap, name: str) -> str:
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


def _upright(image: Image.Image) -> Image.Image:
    with _without_warnings():
        exif = image.info.get("exif", b"")
        if not is_bearable_exif(exif if isinstance(exif, bytes) else b""):
            return image
        try:
            orientation = image.getexif().get(ExifTags.Base.Orientation)
        except _DECODER_ERRORS:
            return image  # a broken EXIF block: the pixels are fine
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)
