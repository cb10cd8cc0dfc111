"""HEIC and HEIF, as phones write them: read where pi-heif is installed."""

import importlib
from functools import cache
from typing import Any, Final

from segui.errors import InputError
from segui.images.structure import Data

HEIF: Final = "HEIF"
# A picture of its own, or the first of several; of AVIF Pillow knows by itself.
_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_JPEG_XL: Final = b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"


def is_heif(data: Data) -> bool:
    """Whether a file says that it is HEIC or HEIF."""
    return data[4:8] == b"ftyp" and data[8:12] in _BRANDS


@cache
def know_heif() -> bool:
    """Have Pillow read HEIF, by as few threads as it can; whether it does.

    What else a file holds, such as a depth map, is not looked at.
    """
    try:
        library: Any = importlib.import_module("pi_heif")
    except ImportError:
        return False
    library.register_heif_opener(
        decode_threads=0, thumbnails=False, depth_images=False, aux_images=False
    )
    return True


def check_known(data: Data, name: str, *, knows_heif: bool) -> None:
    """Refuse a file whose format cannot be read here, by its name.

    Args:
        data: The whole file.
        name: Its name, for messages.
        knows_heif: Whether HEIF is read.

    Raises:
        InputError: It is HEIF and that is not read, or JPEG XL.
    """
    if data[:2] == _JPEG_XL[0] or data[: len(_JPEG_XL[1])] == _JPEG_XL[1]:
        raise InputError(f"{name} is JPEG XL, which is not read: save it as PNG")
    if not knows_heif and is_heif(data):
        raise InputError(
            f"{name} is HEIC or HEIF, which is read only where pi-heif is installed: "
            "save it as JPEG"
        )
