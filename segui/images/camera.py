"""What a camera noted, as far as it may be passed on: EXIF anew, of tags that are known and small.

Kept are camera, lens, exposure, dates, author and copyright. Whatever else there is is not copied,
known or not: places, thumbnails, serial numbers, owners, comments, makers' own notes.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from segui.images.structure import Data

MOST_BYTES: Final = 16_384
_PREFIX: Final = b"Exif\0\0"
_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">"}
_MOST_ENTRIES: Final = 1000  # of a directory; a camera's has some fifty
_ENTRY_BYTES: Final = 12
_ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED, _SLONG, _SRATIONAL = 2, 3, 4, 5, 7, 9, 10
_BYTES: Final = {
    _ASCII: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8, _UNDEFINED: 1, _SLONG: 4, _SRATIONAL: 8
}  # fmt: skip
# so much fits what the tags below may say, and no more than that
_MOST_OF_KIND: Final = {_ASCII: 1000, _UNDEFINED: 4}
_MOST_OF_NUMBERS: Final = 32  # a lens's specification
_EXIF: Final = 0x8769  # where the second directory lies
_ORIENTATION: Final = 0x0112
_AS_STORED: Final = 1
_WIDTH, _HEIGHT = 0xA002, 0xA003
# camera, resolution, date, author, copyright
_OF_FIRST: Final = frozenset({0x010F, 0x0110, 0x011A, 0x011B, 0x0128, 0x0132, 0x013B, 0x8298})
_OF_SECOND: Final = frozenset(
    {
        *(0x829A, 0x829D, 0x8822, 0x8827, 0x8830, 0x8832),  # exposure and sensitivity
        *(0x9000, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012),  # version and dates
        *range(0x9201, 0x920B),  # shutter, aperture, brightness, distance, light, flash, focus
        *(0x9290, 0x9291, 0x9292),  # parts of seconds
        *(0xA217, 0xA300, 0xA301),  # sensor, source, scene
        *range(0xA401, 0xA40B),  # how it was made
        *(0xA40C, 0xA432, 0xA433, 0xA434),  # distance, lens
    }
)


class _Field(NamedTuple):
    """A tag's value, in the order of bytes of its block."""

    tag: int
    kind: int
    values: int
    data: bytes


def kept_camera_data(block: Data, size_wh: tuple[int, int] | None = None) -> bytes | None:
    """An EXIF block with what may be passed on, and nothing else of what was there.

    Args:
        block: EXIF, with or without its prefix, or a TIFF file, from anywhere.
        size_wh: The size of the picture that it will stand in, px; None says none.

    Returns:
        The block, without a prefix, at most ``MOST_BYTES``; its picture is the right way up. None
        where nothing is kept, or it cannot be read.
    """
    start = len(_PREFIX) if block[: len(_PREFIX)] == _PREFIX else 0
    order = _ORDERS.get(bytes(block[start : start + 4]))
    if order is None or len(block) < start + 8:
        return None
    (at,) = struct.unpack_from(order + "I", block, start + 4)
    first, exif_at = [], 0
    for field in _fields(block, start, at, order):
        if field.tag == _EXIF and (field.kind, field.values) == (_LONG, 1):
            (exif_at,) = struct.unpack(order + "I", field.data)
        first.append(field)
    first = _known(first, _OF_FIRST)
    second = _known(_fields(block, start, exif_at, order) if exif_at else (), _OF_SECOND)
    if not first and not second:
        return None
    first.append(_Field(_ORIENTATION, _SHORT, 1, struct.pack(order + "H", _AS_STORED)))
    if size_wh is not None:
        sides = zip((_WIDTH, _HEIGHT), size_wh, strict=True)
        second += [_Field(tag, _LONG, 1, struct.pack(order + "I", px)) for tag, px in sides]
    written = _block(first, second, order)
    return written if len(written) <= MOST_BYTES else None


def _fields(block: Data, start: int, at: int, order: str) -> Iterator[_Field]:
    """The fields of a directory, as far as they can be read and are no larger than what is kept."""
    at += start
    if not start + 8 <= at <= len(block) - 2:
        return
    (count,) = struct.unpack_from(order + "H", block, at)
    at += 2
    for _ in range(min(count, _MOST_ENTRIES)):
        if at + _ENTRY_BYTES > len(block):
            return
        tag, kind, values, offset = struct.unpack_from(order + "HHII", block, at)
        size = _BYTES.get(kind, 0) * values
        most = _MOST_OF_KIND.get(kind, _MOST_OF_NUMBERS)
        place = at + 8 if size <= 4 else start + offset
        at += _ENTRY_BYTES
        if 0 < size <= most and place + size <= len(block):
            yield _Field(tag, kind, values, bytes(block[place : place + size]))


def _known(fields: Iterator[_Field] | Sequence[_Field], tags: frozenset[int]) -> list[_Field]:
    """Those that are kept; of several with one tag the first."""
    found: dict[int, _Field] = {}
    for field in fields:
        if field.tag in tags:
            found.setdefault(field.tag, field)
    return [*found.values()]


def _block(first: Sequence[_Field], second: Sequence[_Field], order: str) -> bytes:
    """Both directories behind the head, each with its values behind it."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    if not second:
        return head + _directory(first, 8, order)
    pointer = _Field(_EXIF, _LONG, 1, bytes(4))
    exif_at = 8 + len(_directory([*first, pointer], 8, order))
    pointer = pointer._replace(data=struct.pack(order + "I", exif_at))
    return head + _directory([*first, pointer], 8, order) + _directory(second, exif_at, order)


def _directory(fields: Sequence[_Field], at: int, order: str) -> bytes:
    """A directory that begins at a place of its block; no other follows it."""
    entries, values = b"", b""
    values_at = at + 2 + _ENTRY_BYTES * len(fields) + 4
    for field in sorted(fields):
        entry = struct.pack(order + "HHI", field.tag, field.kind, field.values)
        if len(field.data) <= 4:
            entries += entry + field.data.ljust(4, b"\0")
            continue
        entries += entry + struct.pack(order + "I", values_at + len(values))
        values += field.data + bytes(len(field.data) % 2)
    return struct.pack(order + "H", len(fields)) + entries + bytes(4) + values
