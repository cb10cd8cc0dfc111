"""TIFFs that Pillow reads wrongly, or refuses without a word on what they are."""

from functools import cache
from typing import Any, BinaryIO, Final

from PIL import Image, ImageFile, TiffImagePlugin

from segui.images.structure import Data

_SIGNATURES: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_COMPRESSION: Final = 259
_PHOTOMETRIC: Final = 262
_BITS: Final = 258
_SAMPLES: Final = 277
_PLANES: Final = 284  # 2: each channel lies by itself
_NUMBERS: Final = 339
_SUBSAMPLING: Final = 530
_IS_YCBCR: Final = 6
_YCBCR: Final = "YCbCr"
_WHITE_IS_ZERO: Final = 0
_FULL_16: Final = 65535
SIGNED_16_BITS: Final = 15  # beside the sign: white is 32767
_KINDS: Final = {1: "whole", 2: "signed", 3: "floating-point"}
# What Pillow could unpack, and has not in its table: byte order, photometric, kind of number, bits.
_MORE: Final = {
    (b"MM", _WHITE_IS_ZERO, 1, 16): ("I;16B", "I;16B"),
    (b"MM", 1, 1, 32): ("I", "I;32B"),
    (b"II", 1, 3, 64): ("F", "F;64F"),
    (b"MM", 1, 3, 64): ("F", "F;64BF"),
}
# libtiff gives all numbers in the machine's own order
_IN_OWN_ORDER: Final = {
    "F;32BF": "F;32NF",
    "F;64F": "F;64NF",
    "F;64BF": "F;64NF",
    "I;32B": "I;32N",
    "I;32BS": "I;32NS",
    "I;16BS": "I;16NS",
    "I;16S": "I;16NS",
}


@cache
def know_more_tiffs() -> None:
    """Have Pillow read kinds of TIFF that it could read, and does not know that it can."""
    for (order, photometric, number, bits), modes in _MORE.items():
        key = (order, photometric, (number,), 1, (bits,), ())
        TiffImagePlugin.OPEN_INFO.setdefault(key, modes)


def mend_tiff(image: Image.Image) -> None:
    """Have the pixels of an opened TIFF unpacked as they lie in it.

    Args:
        image: Opened, not decoded yet; what is no TIFF stays as it is.
    """
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return
    tags: Any = image.tag_v2
    if _lies_in_deep_planes(image):
        # Pillow takes each plane for 8 bits; libtiff, which reads the packed ones, does not
        arguments = (_raw_mode(image), "raw", False, tags.offset)
        whole = (0, 0, tags[256], tags[257])
        image.tile = [ImageFile._Tile("libtiff", whole, 0, arguments)]  # noqa: SLF001  as Pillow does
        image.use_load_libtiff = True
    elif _is_plain_ycbcr(image):
        # Pillow takes it for what libtiff makes of a JPEG: four bytes a pixel
        image._mode = _YCBCR  # noqa: SLF001
        image.tile = [
            tile._replace(args=(_YCBCR, *(tile.args or ("",))[1:])) for tile in image.tile
        ]
    elif image.tile and image.tile[0].codec_name == "libtiff":
        codec, extents, offset, given = image.tile[0]
        raw_mode, *rest = given if isinstance(given, tuple) else (given,)
        own = (_IN_OWN_ORDER.get(raw_mode, raw_mode), *rest)
        image.tile = [ImageFile._Tile(codec, extents, offset, own)]  # noqa: SLF001


def _is_plain_ycbcr(image: TiffImagePlugin.TiffImageFile) -> bool:
    """Whether its colours are YCbCr, not packed, with each channel at full size."""
    tags: Any = image.tag_v2
    is_raw = bool(image.tile) and all(tile.codec_name == "raw" for tile in image.tile)
    is_ycbcr = tags.get(_PHOTOMETRIC) == _IS_YCBCR and tags.get(_SAMPLES) == 3
    return is_raw and is_ycbcr and tags.get(_SUBSAMPLING) == (1, 1) and tags.get(_PLANES, 1) == 1


def is_deep_negative(image: Image.Image) -> bool:
    """Whether 0 is white in an opened TIFF of 16 bits: Pillow turns those of 8 alone."""
    tags: Any = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    return image.mode.startswith("I;16") and tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO


def is_signed_16(image: Image.Image) -> bool:
    """Whether an opened TIFF has one channel of numbers of 16 bits with a sign."""
    if image.format != "TIFF" or image.mode != "I":
        return False
    return _listed(_tag(image, _BITS)) == (16,) and _listed(_tag(image, _NUMBERS)) == (2,)


def turned_positive(image: Image.Image) -> Image.Image:
    """Grey of 16 bits turned round."""
    if image.mode != "I;16":
        image = image.convert("I").convert("I;16")
    return image.point(lambda value: value * -1 + _FULL_16)


def unread_kind(stream: BinaryIO, head: Data) -> str:
    """What kind of TIFF a file is, where that is why it cannot be read; else nothing.

    Args:
        stream: The file.
        head: Its first bytes.
    """
    if head[:4] not in _SIGNATURES:
        return ""
    stream.seek(0)
    begin = stream.read(16 if 43 in (head[2], head[3]) else 8)
    tags = TiffImagePlugin.ImageFileDirectory_v2(begin)
    stream.seek(tags.next)
    tags.load(stream)
    packing = tags.get(_COMPRESSION, 1)
    if packing not in TiffImagePlugin.COMPRESSION_INFO:
        return f"a TIFF that is packed in the way {packing}"
    bits, samples = _listed(tags.get(_BITS, 1)), tags.get(_SAMPLES, 1)
    numbers = _listed(tags.get(_NUMBERS, 1))
    if len({*bits}) != 1 or len({*numbers}) != 1 or bits[0] not in (16, 24, 32, 64):
        return ""  # damaged, or as odd as damage
    channels = "one channel" if samples == 1 else f"{samples} channels"
    kind = _KINDS.get(numbers[0], "complex")
    return f"a TIFF of {channels} of {kind} numbers of {bits[0]} bits"


def _lies_in_deep_planes(image: TiffImagePlugin.TiffImageFile) -> bool:
    tags: Any = image.tag_v2
    is_raw = bool(image.tile) and image.tile[0].codec_name == "raw"
    if not is_raw or tags.get(_PLANES, 1) != 2 or len(image.getbands()) == 1:
        return False
    return bool(max(_listed(tags.get(_BITS, 8))) == 16)


def _raw_mode(image: Image.Image) -> str:
    is_premultiplied = image.mode == "RGBA" and _listed(_tag(image, 338)) == (1,)
    return ("RGBa" if is_premultiplied else image.mode) + ";16N"


def _tag(image: Image.Image, tag: int) -> Any:
    tags: Any = getattr(image, "tag_v2", {})
    return tags.get(tag, ())


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
