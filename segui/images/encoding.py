"""A result as a file of any format: pixels, their colour profile, and camera data on request."""

import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from segui.errors import InputError
from segui.images.camera import kept_camera_data
from segui.images.formats import FORMATS, PNG, QUALITIES, QUALITY
from segui.images.writing import encode_jpeg, encode_png

_WHITE = 255
# how hard an encoder looks for a smaller file. Of a photo of 12 MP the usual way takes 7 times as
# long as this AVIF and 3 times as long as this WebP, for files smaller by a quarter and as large
_LARGE_PIXELS = 16_000_000
_QUICKLY = {"avif": {"speed": 9}, "webp": {"method": 2}}


def encode_picture(
    pixels: NDArray[np.uint8],
    name: str = PNG,
    quality: int = QUALITY,
    *,
    icc_profile: bytes | None = None,
    camera_data: bytes | None = None,
) -> bytes:
    """A picture of full size as a file's bytes, without what a camera noted unless that is given.

    Args:
        pixels: (H, W, 3) RGB or (H, W, 4) RGBA with straight alpha, uint8. A format that cannot be
            transparent shows it on white; what is fully transparent leaves no colour behind in
            one that is not exact.
        name: One of ``FORMATS``.
        quality: 1..100, of every format but PNG.
        icc_profile: The colour profile of the pixels; None is sRGB.
        camera_data: EXIF of the photo that the picture is made of, ``Picture.camera_data``; of it
            goes along what ``kept_camera_data`` keeps. None is none.

    Raises:
        InputError: There is no such format here, the quality is out of its range, the picture is
            longer than the format can be, or the array is none of these.
    """
    kind = FORMATS.get(name)
    if kind is None:
        raise InputError(f"format is {name!r}: expected one of {', '.join(FORMATS)}")
    least, most = QUALITIES
    if not least <= quality <= most:
        raise InputError(f"quality is {quality}: expected a whole number from {least} to {most}")
    longest = max(pixels.shape[:2])
    if longest > kind.most_px:
        raise InputError(
            f"the picture is {longest} px long: {kind.label} can have {kind.most_px} px at most"
        )
    size_wh = pixels.shape[1], pixels.shape[0]
    exif = None if camera_data is None else kept_camera_data(camera_data, size_wh)
    if name == PNG:
        return encode_png(pixels, icc_profile=icc_profile, exif=exif)
    about = {"icc_profile": icc_profile, "exif": exif}
    if name == "jpeg":
        return encode_jpeg(on_white(pixels), max_side=None, quality=quality, **about)
    given = {key: value for key, value in about.items() if value is not None}
    return _by_pillow(pixels, kind.label, quality, given)


def on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture laid on white: (H, W, 3) uint8; the same array where it has no alpha."""
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    mixed = pixels[..., :3] * alpha + _WHITE * (255 - alpha)
    return np.asarray((mixed + 127) // 255, np.uint8)


def _by_pillow(
    pixels: NDArray[np.uint8], kind: str, quality: int, about: Mapping[str, bytes]
) -> bytes:
    """By Pillow, which lets other threads work meanwhile; WebP as AVIF take what is given alone."""
    shown = pixels
    if pixels.shape[2] == 4:
        shown = pixels * (pixels[..., 3:] > 0)
    written = io.BytesIO()
    is_large = pixels.shape[0] * pixels.shape[1] > _LARGE_PIXELS
    effort = _QUICKLY[kind.lower()] if is_large else {}
    Image.fromarray(np.ascontiguousarray(shown)).save(
        written, kind.upper(), quality=quality, **effort, **about
    )
    return written.getvalue()
