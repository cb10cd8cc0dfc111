"""What Pillow takes a BMP of few colours for, put right."""

from PIL import Image, ImageFile, ImagePalette

from segui.images.structure import Data

_FILE_HEADER_BYTES = 14  # which a DIB has not
_OLD_HEADER_BYTES = 12  # OS/2's
_RAW_MODES = {4: "P;4", 8: "P"}
_GREYS = {"1": (0, 255), "L": range(16)}  # of the palettes for which Pillow takes no palette


def mend_bmp(image: Image.Image, data: Data) -> None:
    """Have a BMP read by as many bits a pixel as it has; others stay as they are.

    Where its palette is black and white, Pillow reads one bit a pixel, and eight where the greys
    are 0, 1, 2 and so on; but of either kind the file may have four or eight.

    Args:
        image: An opened image that has not been decoded yet; it is changed.
        data: All of its file's bytes.
    """
    if image.format not in ("BMP", "DIB") or image.mode not in _GREYS:
        return
    assert isinstance(image, ImageFile.ImageFile)  # noqa: S101  only such a one was opened
    bits = _bits_a_pixel(data, 0 if image.format == "DIB" else _FILE_HEADER_BYTES)
    if bits not in _RAW_MODES or (image.mode, bits) == ("L", 8):
        return
    greys = bytes(grey for grey in _GREYS[image.mode] for _ in range(3))
    image._mode = "P"  # noqa: SLF001  as Pillow's own plugins do
    image.palette = ImagePalette.raw("RGB", greys)
    codec, extents, offset, given = image.tile[0]
    rest = given[1:] if isinstance(given, tuple) else ()
    image.tile = [ImageFile._Tile(codec, extents, offset, (_RAW_MODES[bits], *rest))]  # noqa: SLF001


def _bits_a_pixel(data: Data, header: int) -> int:
    is_old = int.from_bytes(data[header : header + 4], "little") == _OLD_HEADER_BYTES
    at = header + (10 if is_old else 14)
    return int.from_bytes(data[at : at + 2], "little")
