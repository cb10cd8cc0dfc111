"""Decoding pictures: limits, broken files, first frames and rotation, for photos and masks alike.

It needs Pillow alone, so that a process that does nothing else is small. What the pixels mean is
said in ``images.pictures`` (photos) and in ``masks.files`` (masks).
"""

import io
import struct
from typing import Any, BinaryIO, Final

from PIL import Image

from segui.errors import InputError
from segui.images.bmp import mend_bmp
from segui.images.broken import DAMAGED, DECODER_ERRORS, refusing_broken, without_warnings
from segui.images.camera import kept_camera_data
from segui.images.heif import HEIF, check_known, know_heif
from segui.images.limits import ReadLimits, check_megapixels
from segui.images.opened import OpenedImage, PillowRaster
from segui.images.orientation import exif_reader, load_upright
from segui.images.png_profile import without_bad_profile
from segui.images.smaller import made_smaller, opened_wh, prepare
from segui.images.structure import (
    Data,
    check_icon,
    check_scans,
    check_structure,
    is_tiled_tiff,
)
from segui.images.tiff import (
    SIGNED_16_BITS,
    is_deep_negative,
    is_signed_16,
    know_more_tiffs,
    mend_tiff,
    turned_positive,
    unread_kind,
)

# Pillow's own list is longer; the rest is never a photo or a mask, and EPS would start Ghostscript.
_FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "AVIF", HEIF)
# TGA has no signature of its own and therefore comes last.
_RARE_FORMATS = {
    "DIB": "BMP without its header",
    "JPEG2000": "JPEG 2000",
    "PPM": "PPM",
    "ICO": "ICO",
    "TGA": "TGA",
}
_HEAD_BYTES = 4096
_TIFF_KIND_OF_PICTURE = 254  # its first bit: a smaller copy of another picture in the file
_LOSSY_FORMATS = frozenset({"JPEG", "MPO", "AVIF", HEIF, "JPEG2000"})

FIRST_OF_SEVERAL: Final = "it has more than one picture: the first is read"
SMALL_COPY: Final = "the first of its pictures is read, which is a small copy of another one in it"
BAD_PROFILE: Final = "its colour profile cannot be read and was ignored"


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
        limits: What else its decode may take, counted in its bytes before; and whether a larger
            picture is made smaller.

    Raises:
        InputError: The file is broken, no image, or larger than allowed.
    """
    with refusing_broken(name):
        image, notes = _looked_at(stream, data, name, max_megapixels, limits)
        stored_wh = image.size
        prepare(image, opened_wh(stored_wh, max_megapixels))
        head = data[:_HEAD_BYTES]
        bits = _channel_bits(image, head)
        image_format, is_negative = image.format, is_deep_negative(image)
        mend_tiff(image)
        mend_bmp(image, data)
        drafted_wh = image.size

        def fitted(loaded: Image.Image) -> Image.Image:
            # HEIF's header may lie, and Pillow has turned some TIFFs by now
            check_megapixels(loaded.size, max_megapixels, name, limits.shrink)
            is_turned = loaded.size == drafted_wh[::-1] != drafted_wh
            known_wh = stored_wh[::-1] if is_turned else stored_wh
            is_drafted = drafted_wh != stored_wh
            full_wh = known_wh if is_drafted else loaded.size
            return made_smaller(loaded, opened_wh(full_wh, max_megapixels), limits.shrink)

        upright = load_upright(image, fitted)
        camera_data = _camera_data(image, data)
        pixels = turned_positive(upright.image) if is_negative else upright.image
    notes = (*notes, *_opened_at(stored_wh, pixels.size))
    is_lossy = image_format in _LOSSY_FORMATS or (image_format == "WEBP" and b"VP8L" not in head)
    notes = (*notes, *upright.notes)
    turned = upright.orientation, camera_data, upright.by_xmp
    return OpenedImage(PillowRaster(pixels), name, bits, is_lossy, notes, *turned)


def measure(
    stream: BinaryIO, data: Data, name: str, max_megapixels: float, limits: ReadLimits
) -> tuple[int, int]:
    """The width and height at which a picture is opened, by its header alone.

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
        return opened_wh(image.size, max_megapixels)


def _opened_at(stored_wh: tuple[int, int], upright_wh: tuple[int, int]) -> tuple[str, ...]:
    """What is said of a picture that was made smaller: both sizes the right way up."""
    (width, height), (to_width, to_height) = stored_wh, upright_wh
    if width * height <= to_width * to_height:
        return ()
    if (width < height) != (to_width < to_height):
        width, height = height, width
    return (f"{width} x {height}, opened at {to_width} x {to_height}",)


def _camera_data(image: Image.Image, data: Data) -> bytes | None:
    """What may be passed on of it; a TIFF is a block of EXIF by itself."""
    if image.format == "TIFF":
        return kept_camera_data(data)
    read = exif_reader(image)
    try:
        return None if read is None else kept_camera_data(read())
    except ValueError:  # text in a PNG that should be bytes
        return None


def _looked_at(
    stream: BinaryIO, data: Data, name: str, max_megapixels: float, limits: ReadLimits
) -> tuple[Image.Image, tuple[str, ...]]:
    """The first picture of a file, not decoded yet, once nothing of it is over a limit.

    And what a person should know of the file.
    """
    check_structure(data, name)
    check_known(data, name, knows_heif=know_heif())
    if not limits.rare_formats:
        _check_common(data, name)
    check_icon(data, max_megapixels, name)
    formats = (*_FORMATS, *(_RARE_FORMATS if limits.rare_formats else ()))
    sound = without_bad_profile(data)
    source = stream if sound is None else io.BytesIO(sound)
    image = _read_header(source, data[:_HEAD_BYTES], name, formats)
    check_megapixels(image.size, max_megapixels, name, limits.shrink)
    check_scans(data, image.size, limits, name)
    is_bad = _drop_unreadable_profile(image) or sound is not None
    return image, (*_about_pictures(image), *((BAD_PROFILE,) if is_bad else ()))


def _drop_unreadable_profile(image: Image.Image) -> bool:
    """Whether the file has a colour profile of which Pillow made nothing; it is gone then."""
    profile = image.info.get("icc_profile", b"none")
    if isinstance(profile, bytes) and profile:
        return False
    del image.info["icc_profile"]
    return True


def _about_pictures(image: Image.Image) -> tuple[str, ...]:
    """Which of a file's pictures is read, where it has several."""
    tags: Any = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    kind = tags.get(_TIFF_KIND_OF_PICTURE, 0)
    if isinstance(kind, int) and kind & 1:  # as in a camera's raw file
        return (SMALL_COPY,)
    return (FIRST_OF_SEVERAL,) if getattr(image, "is_animated", False) else ()


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


def _read_header(stream: BinaryIO, head: bytes, name: str, formats: tuple[str, ...]) -> Image.Image:
    """Open as ``Image.open`` does, but without its own limit.

    Its limit cannot be changed for one call: it is a global of Pillow, and warns or raises
    without the size that a person should be told.
    """
    Image.init()
    know_more_tiffs()
    is_signed = False
    with without_warnings():
        for image_format in formats:
            if image_format not in Image.OPEN:  # a Pillow built without it
                continue
            factory, accepts = Image.OPEN[image_format]
            if accepts is not None and accepts(head[:16]) is not True:
                continue
            is_signed |= accepts is not None
            stream.seek(0)
            try:
                return factory(stream, "")
            except (SyntaxError, IndexError, TypeError, struct.error):
                continue  # a plugin's way to say that the file is not its own
        kind = _unread_kind(stream, head) if is_signed else ""
    if kind:
        raise InputError(f"{name} is {kind}, which is not read: save it as PNG")
    if is_signed:
        raise InputError(f"{name} {DAMAGED}")
    raise InputError(f"{name} is not an image that can be read: try PNG, JPEG, WebP or TIFF")


def _unread_kind(stream: BinaryIO, head: bytes) -> str:
    try:
        return unread_kind(stream, head)
    except DECODER_ERRORS:
        return ""  # it is damaged, then


def _channel_bits(image: Image.Image, head: bytes) -> int:
    """Bits of a channel in the file: Pillow reads colours of 16 bits as 8 and does not tell."""
    if image.mode.startswith("I;16"):
        return 16
    if image.format == "PNG":
        return max(8, head[24])
    if is_signed_16(image):
        return SIGNED_16_BITS
    if image.format == "TIFF":
        bits: object = getattr(image, "tag_v2", {}).get(258, 8)
        depths = bits if isinstance(bits, tuple) else (bits,)
        return max([8, *(depth for depth in depths if isinstance(depth, int))])
    if image.format == HEIF:
        depth: object = image.info.get("bit_depth")
        return depth if isinstance(depth, int) else 8
    if image.format == "PPM":
        # a binary file's largest value stands among the decoder's arguments
        tiles = getattr(image, "tile", None)
        arguments: object = tiles[0].args if tiles else None
        highest = arguments[-1] if isinstance(arguments, tuple) else 0
        is_deep = image.mode == "I" or (isinstance(highest, int) and highest > 255)
        return 16 if is_deep else 8
    return 32 if image.mode in ("I", "F") else 8
