"""A PNG whose colour profile would keep Pillow from reading it at all: the same without it."""

import zlib
from typing import Final

from segui.images.structure import Data

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEAD_BYTES: Final = 8  # of a chunk: its length and its kind
_CHECKSUM_BYTES: Final = 4
_MOST_BYTES: Final = 1 << 20  # of a profile, as Pillow reads it


def without_bad_profile(data: Data) -> bytes | None:
    """A PNG's bytes without a colour profile that cannot be unpacked.

    Args:
        data: The whole file.

    Returns:
        None where there is nothing to take out: it is no PNG, or its profile is sound as a chunk.
    """
    if data[: len(_SIGNATURE)] != _SIGNATURE:
        return None
    at = len(_SIGNATURE)
    while at + _HEAD_BYTES <= len(data):
        kind = data[at + 4 : at + 8]
        end = at + _HEAD_BYTES + int.from_bytes(data[at : at + 4], "big") + _CHECKSUM_BYTES
        if kind == b"iCCP":
            return None if _is_sound(data[at + 4 : end]) else data[:at] + data[end:]
        if kind == b"IDAT":  # no profile comes behind the pixels
            return None
        at = end
    return None


def _is_sound(chunk: bytes) -> bool:
    """Whether a chunk, from its kind to its checksum, holds a profile that can be unpacked."""
    body, checksum = chunk[:-_CHECKSUM_BYTES], chunk[-_CHECKSUM_BYTES:]
    if zlib.crc32(body).to_bytes(4, "big") != checksum:
        return False
    _, _, packed = body[4:].partition(b"\0")
    if packed[:1] != b"\0":  # the one way of packing that there is
        return False
    unpack = zlib.decompressobj()
    try:
        unpack.decompress(packed[1:], _MOST_BYTES)
    except zlib.error:
        return False
    return unpack.eof
