"""What a decoder would have to go through, counted in a file's bytes before it does.

A decode cannot be stopped, and its time is not in the size that a header gives: a small JPEG may
go over all of its pixels thousands of times, and any file may consist of millions of tiny parts.
"""

import re
import struct
from collections.abc import Iterator
from mmap import mmap

from segui.amounts import rounded_up
from segui.errors import InputError
from segui.images.limits import ReadLimits, check_megapixels

MOST_PARTS = 100_000  # each costs Pillow 2 to 9 us
_MOST_GIF_BLOCKS = 2_000_000  # of up to 255 bytes: a large picture has a few hundred thousand
_MOST_SCANS = 1000  # of however small a picture: some 20 us each
_MOST_ICONS = 256
_DIRECTORY_TIMES = (
    4  # as many bytes of tags as the file has, and this once over, are plain mistakes
)
_DIRECTORY_SPARE = 1_000_000

_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # one literal first: found ten times faster
_SCAN_MARKER = re.compile(rb"\xff\xda")
_TIFFS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_START, _END, _SCAN, _APP1, _TEM = 0xD8, 0xD9, 0xDA, 0xE1, 0x01
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
               16: 8, 17: 8, 18: 8}  # fmt: skip
_TILES = frozenset({322, 323, 324, 325})
_PIECES = frozenset({273, 279, 324, 325})  # where strips and tiles are, and how long

Data = bytes | mmap


def check_structure(data: Data, name: str) -> None:
    """Refuse a file of so many parts that reading them would take longer than any picture.

    Args:
        data: The whole file.
        name: Its name, for messages.

    Raises:
        InputError: It has too many; the sentence gives how many are read.
    """
    head = data[:12]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        _count(_png_chunks(data), MOST_PARTS, f"{name} has more than {MOST_PARTS} chunks")
    elif head.startswith(b"\xff\xd8\xff"):
        _count(_jpeg_markers(data), MOST_PARTS, f"{name} has more than {MOST_PARTS} segments")
        _check_directory(_jpeg_exif(data), name)
    elif head.startswith((b"GIF87a", b"GIF89a")):
        sentence = f"{name} has more than {_MOST_GIF_BLOCKS} blocks"
        _count(_gif_blocks(data), _MOST_GIF_BLOCKS, sentence)
    elif head.startswith(_TIFFS):
        _check_directory(data, name)


def check_scans(data: Data, size_wh: tuple[int, int], limits: ReadLimits, name: str) -> None:
    """Refuse a JPEG that goes over its pixels too often.

    Args:
        data: The whole file; what is no JPEG has no scans.
        size_wh: The picture's size, by its header.
        limits: The most scans times megapixels.
        name: The file's name, for messages.

    Raises:
        InputError: It has more scans than a picture of its size may have.
    """
    megapixels = size_wh[0] * size_wh[1] / 1e6
    allowed = max(1, min(_MOST_SCANS, int(limits.max_scan_megapixels / megapixels)))
    scans = scans_of(data)
    if scans > allowed:
        raise InputError(
            f"{name} has {scans} scans of {rounded_up(megapixels)} megapixels: "
            f"at most {allowed} are read at that size, so save it anew"
        )


def scans_of(data: Data) -> int:
    """How often a JPEG goes over its pixels; what is no JPEG has no scans."""
    if data[:3] != b"\xff\xd8\xff":
        return 0
    return sum(kind == _SCAN for kind, _, _ in _jpeg_markers(data))


def most_scans_of(data: Data) -> int:
    """How often a decode may go over a picture at most, as far as its bytes say.

    A TIFF's strips may be JPEGs, each of as many scans as it has: libtiff ends at a hundred. What
    else its bytes are may look like some, so that no file is refused for them.
    """
    if data[:4] in _TIFFS:
        return sum(1 for _ in _SCAN_MARKER.finditer(data))
    return scans_of(data)


def is_composed(data: Data) -> bool:
    """Whether a HEIC or AVIF is put together of pictures that are made of others.

    One of them may be used any number of times, and what it is made of as often: twelve steps of
    two each, in 3 KB, are thousands of decodes. Tiles of a phone's photo are said in the same way.
    """
    return data[4:8] == b"ftyp" and data.find(b"dimg") >= 0


def check_icon(data: Data, max_megapixels: float, name: str) -> None:
    """Refuse an ICO with a picture larger than allowed: Pillow decodes it while it opens the file.

    What the icon's own list says of its pictures' sizes ends at 256 px and need not be true.

    Args:
        data: The whole file; what is no ICO has no pictures of that kind.
        max_megapixels: Largest picture, in millions of pixels, by its own header.
        name: The file's name, for messages.

    Raises:
        InputError: A picture in it is larger, or there are too many.
    """
    if data[:4] != b"\0\0\1\0":
        return
    count = int.from_bytes(data[4:6], "little")
    if count > _MOST_ICONS:
        raise InputError(f"{name} has {count} pictures: at most {_MOST_ICONS} are read of an ICO")
    for at in range(6, 6 + 16 * count, 16):
        place = int.from_bytes(data[at + 12 : at + 16], "little")
        check_megapixels(_icon_size(data[place : place + 24]), max_megapixels, name)
        check_structure(data[place:], name)


def _icon_size(head: bytes) -> tuple[int, int]:
    """Width and height by the header of a picture in an ICO: a PNG's or a bitmap's."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if head[:4] == b"\x0c\0\0\0":
        width, height = (int.from_bytes(head[at : at + 2], "little") for at in (4, 6))
    else:
        width = int.from_bytes(head[4:8], "little")
        height = abs(int.from_bytes(head[8:12], "little", signed=True))
    return width, height // 2  # the picture and its mask below it


def is_tiled_tiff(data: Data) -> bool:
    """Whether the file is a TIFF whose first picture lies in tiles."""
    return data[:4] in _TIFFS and any(tag in _TILES for tag, _, _ in _directory(data))


def is_bearable_exif(exif: bytes) -> bool:
    """Whether the tags of an EXIF block take no more memory than a few times its size."""
    try:
        _check_directory(exif.removeprefix(b"Exif\0\0"), "")
    except InputError:
        return False
    return True


def _count(parts: Iterator[object], most: int, sentence: str) -> None:
    for number, _ in enumerate(parts):
        if number >= most:
            raise InputError(f"{sentence}: no picture needs as many, so save it anew")


def _png_chunks(data: Data) -> Iterator[int]:
    at, end = 8, len(data)
    while at + 8 <= end:
        yield at
        at += 12 + int.from_bytes(data[at : at + 4], "big")


def _jpeg_markers(data: Data) -> Iterator[tuple[int, int, int]]:
    """Kind of each marker, and where its content begins and ends, as libjpeg goes over them."""
    at = 2
    while found := _MARKER.search(data, at):
        kind, at = data[found.end() - 1], found.end()
        if kind == _END:
            return
        begin = at
        if kind not in (_TEM, _START):
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
        yield kind, begin + 2, at


def _jpeg_exif(data: Data) -> bytes:
    """The EXIF blocks one after the other, as Pillow joins them."""
    blocks = (data[begin:end] for kind, begin, end in _jpeg_markers(data) if kind == _APP1)
    return b"".join(block[6:] for block in blocks if block.startswith(b"Exif\0\0"))


def _gif_blocks(data: Data) -> Iterator[int]:
    """Where each block of the first two pictures begins: to look further than that needs no one."""
    at = 13 + _gif_colours(data[10:11])
    pictures = 0
    while at < len(data) and pictures < 2:
        yield at
        kind = data[at]
        if kind == 0x2C:
            pictures += 1
            at += 11 + _gif_colours(data[at + 9 : at + 10])
        elif kind == 0x21:
            at += 2
        else:
            at += 1
            continue
        while at < len(data) and (length := data[at]):
            yield at
            at += 1 + length
        at += 1


def _gif_colours(flags: bytes) -> int:
    """Bytes of the colour table that follows."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _check_directory(data: Data, name: str) -> None:
    """Refuse a first directory of tags that is larger than the file, or has too many strips."""
    total = 0
    for tag, size, count in _directory(data):
        if tag in _PIECES and count > MOST_PARTS:
            raise InputError(f"{name} has {count} strips or tiles: at most {MOST_PARTS} are read")
        total += size
        if total > _DIRECTORY_TIMES * len(data) + _DIRECTORY_SPARE:
            raise InputError(f"{name} has tags that are larger than the file: it cannot be read")


def _directory(data: Data) -> Iterator[tuple[int, int, int]]:
    """Tag, bytes in the file, and count of values of each entry of the first directory."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 16:
        return
    is_big = 43 in (data[2], data[3])
    word, number, entry = ("Q", "Q", "HHQQ") if is_big else ("I", "H", "HHII")
    (at,) = struct.unpack_from(order + word, data, 8 if is_big else 4)
    if at + struct.calcsize("=" + number) > len(data):
        return
    (entries,) = struct.unpack_from(order + number, data, at)
    at += struct.calcsize("=" + number)
    entry_bytes = struct.calcsize("=" + entry)
    for place in range(at, min(at + entries * entry_bytes, len(data) - entry_bytes), entry_bytes):
        tag, kind, count, offset = struct.unpack_from(order + entry, data, place)
        size = count * _TYPE_BYTES.get(kind, 0)
        yield tag, max(0, min(size, len(data) - offset)), count
