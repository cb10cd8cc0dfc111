"""Writing pictures: lossless PNG for downloads, fast JPEG for previews."""

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np

from segui.errors import InputError
from segui.storing import store

_CHECKER_PX = 8
_CHECKER_GREYS = (255, 204)
_PNG_HEADER_BYTES = 33  # the signature and IHDR; iCCP has to come after them and before the pixels
_JFIF_BYTES = 20  # SOI and APP0, which has to be the first segment
_PROFILE_HEAD = b"ICC_PROFILE\0"
_PROFILE_BYTES = 65519  # of a profile in one segment, beside its length, its head and two counts
_MOST_PROFILE_BYTES = 255 * _PROFILE_BYTES

# Measured on a 12 MP photo, two cores: 0.5 s and 21 MB, where Pillow at its usual level 6 takes
# 1.7 s for the same 21 MB. Masks are flat: there matches over a distance pay.
_PHOTO_OPTIONS = (
    cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_PAETH,
    cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE,
)  # fmt: skip
_GREY_OPTIONS = (
    cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE,
    cv2.IMWRITE_PNG_COMPRESSION, 3,
    cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_DEFAULT,
)  # fmt: skip


def write_png(path: str | Path, pixels: np.ndarray, *, icc_profile: bytes | None = None) -> None:
    """Write pixels without loss.

    Args:
        path: The file, replaced when it exists.
        pixels: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA with straight alpha, uint8.
        icc_profile: The colour profile of the pixels; None is sRGB.

    Raises:
        InputError: The array is none of these.
        StorageError: The disk is full, or may not be written.
    """
    store(Path(path), encode_png(pixels, icc_profile=icc_profile))


def encode_png(
    pixels: np.ndarray, *, icc_profile: bytes | None = None, exif: bytes | None = None
) -> bytes:
    """The bytes that `write_png` writes.

    Args:
        pixels: As of ``write_png``.
        icc_profile: As of ``write_png``.
        exif: A block of EXIF without a prefix that goes along; None is none.

    Raises:
        InputError: The array is not (H, W), (H, W, 3) or (H, W, 4) uint8.
    """
    _check(pixels)
    if pixels.ndim == 2:
        _, encoded = cv2.imencode(".png", pixels, _GREY_OPTIONS)
    else:
        swap = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
        _, encoded = cv2.imencode(".png", cv2.cvtColor(pixels, swap), _PHOTO_OPTIONS)
    data, chunks = encoded.tobytes(), b""
    if icc_profile is not None:
        chunks += _png_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(icc_profile))
    if exif is not None:
        chunks += _png_chunk(b"eXIf", exif)
    return data[:_PNG_HEADER_BYTES] + chunks + data[_PNG_HEADER_BYTES:] if chunks else data


def encode_numbers(numbers: np.ndarray) -> bytes:
    """A map of whole numbers as a grey PNG of 8 or 16 bits.

    Args:
        numbers: (H, W) uint8 or uint16.

    Raises:
        InputError: The array is another one.
    """
    if numbers.ndim != 2 or numbers.dtype not in (np.uint8, np.uint16) or 0 in numbers.shape:
        raise InputError(
            f"a map to write is (H, W) uint8 or uint16: got {numbers.shape} {numbers.dtype}"
        )
    _, encoded = cv2.imencode(".png", numbers, _GREY_OPTIONS)
    return encoded.tobytes()


def encode_jpeg(
    pixels: np.ndarray,
    *,
    max_side: int | None = 1024,
    quality: int = 85,
    icc_profile: bytes | None = None,
    exif: bytes | None = None,
) -> bytes:
    """A JPEG to look at: shrunk, and with transparency shown as a checkerboard.

    Args:
        pixels: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA with straight alpha, uint8.
        max_side: The longer side is shrunk to this many pixels; None leaves the size.
        quality: 1 to 95, as Pillow counts.
        icc_profile: The colour profile of the pixels; None is sRGB. One of more than 16 MB has no
            room in a JPEG and is left out.
        exif: A block of EXIF without a prefix that goes along, of at most 65,527 bytes; None is
            none.

    Raises:
        InputError: The array is none of these.
    """
    small = shrink(pixels, max_side) if max_side is not None else pixels
    _check(small)
    if small.ndim == 3 and small.shape[2] == 4:
        small = over_checkerboard(small)
    # not by Pillow, which would keep all other threads of Python waiting meanwhile
    bgr = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, quality))
    data, segments = encoded.tobytes(), b""
    if exif is not None:
        segments += _jpeg_segment(0xE1, b"Exif\0\0" + exif)
    if icc_profile is not None and len(icc_profile) <= _MOST_PROFILE_BYTES:
        segments += _jpeg_profile(icc_profile)
    return data[:_JFIF_BYTES] + segments + data[_JFIF_BYTES:] if segments else data


def write_preview(
    path: str | Path,
    pixels: np.ndarray,
    max_side: int | None = 1024,
    *,
    quality: int = 85,
    icc_profile: bytes | None = None,
) -> None:
    """Write what `encode_jpeg` makes of the pixels.

    Raises:
        InputError: The array is not (H, W), (H, W, 3) or (H, W, 4) uint8.
        StorageError: The disk is full, or may not be written.
    """
    data = encode_jpeg(pixels, max_side=max_side, quality=quality, icc_profile=icc_profile)
    store(Path(path), data)


def shrink(pixels: np.ndarray, max_side: int) -> np.ndarray:
    """Average pixels until the longer side is at most ``max_side``.

    Args:
        pixels: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA with straight alpha, uint8.
        max_side: Pixels of the longer side, at least 1.

    Returns:
        A new array of the same kind; a picture that is small enough is copied.

    Raises:
        InputError: The array is none of these.
    """
    _check(pixels)
    height, width = pixels.shape[:2]
    factor = max_side / max(height, width)
    if factor >= 1:
        return pixels.copy()
    size_wh = max(1, round(width * factor)), max(1, round(height * factor))
    if pixels.ndim == 2 or pixels.shape[2] == 3:
        return np.asarray(cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
    return _shrink_rgba(pixels, size_wh)


def over_checkerboard(pixels: np.ndarray) -> np.ndarray:
    """Lay an RGBA picture over light squares, so that its transparency is seen.

    Args:
        pixels: (H, W, 4) uint8, straight alpha.

    Returns:
        (H, W, 3) uint8.
    """
    height, width = pixels.shape[:2]
    rows = np.arange(height)[:, None] // _CHECKER_PX
    columns = np.arange(width)[None, :] // _CHECKER_PX
    board = np.array(_CHECKER_GREYS, np.float32)[(rows + columns) % 2][..., None]
    opacity = pixels[..., 3:].astype(np.float32) / 255
    mixed = board + (pixels[..., :3] - board) * opacity
    return np.asarray(np.rint(mixed), np.uint8)


def _shrink_rgba(pixels: np.ndarray, size_wh: tuple[int, int]) -> np.ndarray:
    """Colours count by their opacity: what is transparent must not bleed into its neighbours."""
    alpha = pixels[..., 3]
    weight = cv2.merge([alpha, alpha, alpha])
    # 255 x 255 fits 16 bits: exact, and half of what floats would move
    weighted = cv2.multiply(pixels[..., :3], weight, dtype=cv2.CV_16U)
    weighted = cv2.resize(weighted, size_wh, interpolation=cv2.INTER_AREA)
    small_alpha = cv2.resize(alpha.astype(np.float32), size_wh, interpolation=cv2.INTER_AREA)
    colours = np.minimum(weighted / np.maximum(small_alpha[..., None], 1e-3), 255)
    return np.asarray(np.rint(np.dstack([colours, small_alpha])), np.uint8)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _jpeg_profile(profile: bytes) -> bytes:
    """A colour profile as APP2 segments: ICC.1, annex B.4."""
    parts = [profile[at : at + _PROFILE_BYTES] for at in range(0, len(profile), _PROFILE_BYTES)]
    bodies = [
        _PROFILE_HEAD + bytes([number, len(parts)]) + part for number, part in enumerate(parts, 1)
    ]
    return b"".join(_jpeg_segment(0xE2, body) for body in bodies)


def _jpeg_segment(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, 2 + len(body)) + body


def _check(pixels: np.ndarray) -> None:
    is_picture = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))
    if not is_picture or pixels.dtype != np.uint8 or 0 in pixels.shape:
        raise InputError(
            "a picture to write is (H, W), (H, W, 3) or (H, W, 4) uint8: "
            f"got {pixels.shape} {pixels.dtype}"
        )
