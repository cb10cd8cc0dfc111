"""Texts that a picture carries beside its pixels; no pixel is decoded."""

import struct
import zlib
from collections.abc import Collection, Iterator
from typing import Final

from PIL import Image

from segui.errors import InputError
from segui.images.opening import refusing_broken
from segui.images.structure import check_structure, is_bearable_exif

_MOST_TEXTS: Final = 64
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def embedded_texts(
    data: bytes, names: Collection[str] | None, *, max_bytes: int
) -> dict[str, bytes]:
    """The texts of some names that a PNG or a WebP carries.

    A PNG has them in its text chunks; a WebP as ``name:text`` among the strings of its EXIF.

    Args:
        data: The picture's file.
        names: Which texts are wanted; None is all of a PNG's, a few dozen at most.
        max_bytes: Most bytes of a text; a few compressed ones could become gigabytes.

    Returns:
        The texts by name, as they stand in the file; none where the file is something else.

    Raises:
        InputError: The picture is broken, or a text or the number of chunks is too large.
    """
    check_structure(data, "the picture")
    if data.startswith(PNG_SIGNATURE):
        return _png_texts(data, names, max_bytes)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp_texts(data, names or ())
    return {}


def is_picture(data: bytes) -> bool:
    """Whether the bytes begin as a PNG or a WebP does."""
    return data.startswith(PNG_SIGNATURE) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _png_texts(data: bytes, names: Collection[str] | None, max_bytes: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for kind, body in _png_chunks(data):
        if kind not in (b"tEXt", b"zTXt", b"iTXt"):
            continue
        keyword, _, rest = body.partition(b"\0")
        name = keyword.decode("latin-1")
        is_wanted = len(found) < _MOST_TEXTS if names is None else name in names
        if is_wanted and name not in found:
            found[name] = _png_text(kind, rest, max_bytes)
    return found


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each whole chunk."""
    at = len(PNG_SIGNATURE)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if at + 8 + length > len(data):
            return
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length  # length, kind, content and a checksum


def _png_text(kind: bytes, rest: bytes, max_bytes: int) -> bytes:
    if kind == b"tEXt":
        return _as_utf8(rest)
    if kind == b"zTXt":
        return _as_utf8(_inflate(rest[1:], max_bytes))
    is_compressed, after = rest[:1] == b"\1", rest[2:]
    text = after.split(b"\0", 2)[-1]  # after a language and a translated keyword
    return _inflate(text, max_bytes) if is_compressed else text


def _as_utf8(text: bytes) -> bytes:
    """Latin-1 by the format's rules, UTF-8 by the habit of many programs."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1").encode("utf-8")
    return text


def _inflate(data: bytes, max_bytes: int) -> bytes:
    try:
        text = zlib.decompressobj().decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise InputError("the picture's compressed text is damaged") from error
    if len(text) > max_bytes:
        raise InputError(f"the picture's text has more than {max_bytes / 1e6:.0f} MB")
    return text


def _webp_texts(data: bytes, names: Collection[str]) -> dict[str, bytes]:
    exif, block = Image.Exif(), _webp_exif(data)
    if not is_bearable_exif(block):
        raise InputError("the picture's EXIF has tags that are larger than itself")
    with refusing_broken("the picture's EXIF"):
        exif.load(block)
        strings = [value for value in dict(exif).values() if isinstance(value, str)]
    pairs = (string.partition(":") for string in strings)
    return {
        name: _as_utf8(text.encode("latin-1", "replace"))
        for name, _, text in pairs
        if name in names
    }


def _webp_exif(data: bytes) -> bytes:
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind == b"EXIF":
            return data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    return b""
