"""Photoshop's files of layers, as far as layers with masks need them: 8 bits, RGB.

The format: https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/. Only how long its parts
are has to be known before them, so they are written one after the other and their heads at the end:
no more than one layer is held.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from segui.errors import InputError
from segui.geometry import Box
from segui.images.encoding import on_white

Pixels = NDArray[np.uint8]

MOST_PX: Final = 30_000
MOST_BYTES: Final = 2**31 - 1
# what the format calls those that are computed here to the same formula
BLENDS: Final = {
    "normal": b"norm",
    "multiply": b"mul ",
    "screen": b"scrn",
    "luminosity": b"lum ",
    "colour": b"colr",
}
NOTHING: Final = Box(0, 0, 0, 0)
NO_PIXELS: Final = np.empty((0, 0, 3), np.uint8)
GROUP_BEGIN, GROUP_END = 3, 1
_SIGN: Final = b"8BIM"
_PROFILE: Final = 0x040F  # an image resource's number
_RGB: Final = 3
_ALPHA, _MASK = -1, -2  # channels' numbers; colours have 0, 1, 2
_PACKED: Final = 1
_HIDDEN: Final = 2  # of a layer's flags
_PACKET: Final = 128  # bytes at most
_LEAST_RUN: Final = 3  # equal bytes that are worth a packet of their own
_BLOCK_PX: Final = 2**20  # packed at once


@dataclass(frozen=True, eq=False)
class PsdLayer:
    """A layer.

    Args:
        name: What a person reads.
        box: Its place in the picture, px.
        pixels: (h, w, 3) RGB or (h, w, 4) RGBA with straight alpha, uint8.
        mask: (h, w) uint8, how much of it is seen; None is all.
        opacity: 0..255, of all of it.
        blend: How it is mixed with what is below, one of ``BLENDS``.
        is_shown: Whether it is seen at all.
        section: Whether it is no layer but where a group begins or ends, ``GROUP_BEGIN`` (below
            its layers) or ``GROUP_END``; the mask of the end is that of the group.
    """

    name: str
    box: Box
    pixels: Pixels
    mask: Pixels | None = None
    opacity: int = 255
    blend: str = "normal"
    is_shown: bool = True
    section: int = 0


@dataclass(frozen=True)
class Plan:
    """What is known of a layer before it is there.

    Args:
        name: As of ``PsdLayer``.
        has_mask: Whether it will have a mask.
        section: As of ``PsdLayer``.
    """

    name: str
    has_mask: bool = False
    section: int = 0


@dataclass(frozen=True)
class _Head:
    """What stands of a layer in the list, once its pixels are written."""

    layer: PsdLayer
    lengths: tuple[tuple[int, int], ...]  # of each channel: its number, and its bytes
    mask_box: Box = NOTHING


class PsdWriter:
    """Writes layers from the lowest to the uppermost, then the picture that they give.

    Args:
        file: Opened for writing bytes; one that can be sought in.
        size_hw: The picture's height and width.
        plans: The layers that will come.
        icc_profile: The colour profile of all pixels; None is sRGB.

    Raises:
        InputError: The picture is longer than the format can be.
    """

    def __init__(
        self,
        file: BinaryIO,
        size_hw: tuple[int, int],
        plans: Sequence[Plan],
        icc_profile: bytes | None = None,
    ) -> None:
        if max(size_hw) > MOST_PX:
            raise InputError(
                f"the picture is {max(size_hw)} px long: PSD can have {MOST_PX} px at most"
            )
        self._file, self._size_hw = file, size_hw
        self._heads: list[_Head] = []
        self._write(_header(size_hw, 3) + bytes(4) + _resources(icc_profile))
        self._start = file.tell()
        self._list_bytes = len(_list_of([*map(_planned, plans)], has_alpha=False))
        self._write(bytes(8 + self._list_bytes))

    def add(self, layer: PsdLayer) -> None:
        """Write the next layer's pixels.

        Raises:
            InputError: The file grows beyond what the format can have.
        """
        planes = [(_ALPHA, _alpha_of(layer.pixels))]
        planes += [(channel, layer.pixels[..., channel]) for channel in range(3)]
        if layer.mask is not None:
            planes.append((_MASK, layer.mask))
        lengths = tuple((channel, self._put_channel(plane)) for channel, plane in planes)
        mask_box = NOTHING if layer.mask is None else _box_of_mask(layer)
        # what was written is held no longer
        mask = None if layer.mask is None else NO_PIXELS[..., 0]
        self._heads.append(_Head(replace(layer, pixels=NO_PIXELS, mask=mask), lengths, mask_box))

    def hide_all(self) -> None:
        """Do not show the layers that were written so far."""
        self._heads = [
            replace(head, layer=replace(head.layer, is_shown=False)) for head in self._heads
        ]

    def finish(self, merged: Pixels) -> None:
        """Write the picture that all layers give, and the heads of everything.

        Args:
            merged: (H, W, 3 or 4), uint8.
        """
        file, has_alpha = self._file, merged.shape[2] == 4
        self._write(bytes(file.tell() % 2))
        layers_end = file.tell()
        self._write(bytes(4))  # no mask over all layers
        section_end = file.tell()
        self._put_merged(merged)
        end = file.tell()
        file.seek(0)
        self._write(_header(self._size_hw, merged.shape[2]))
        file.seek(self._start)
        sizes = section_end - self._start - 4, layers_end - self._start - 8
        listed = _list_of(self._heads, has_alpha=has_alpha)
        assert len(listed) == self._list_bytes, "a layer is not as it was planned"  # noqa: S101
        self._write(struct.pack(">II", *sizes) + listed)
        file.seek(end)

    def _put_channel(self, plane: Pixels) -> int:
        """Write a plane with the lengths of its rows before it; how many bytes it took."""
        start = self._file.tell()
        self._write(struct.pack(">H", _PACKED))
        self._put_planes([plane])
        return self._file.tell() - start

    def _put_merged(self, merged: Pixels) -> None:
        # programs take white out again where it is transparent
        colours = on_white(merged)
        self._write(struct.pack(">H", _PACKED))
        planes = [colours[..., channel] for channel in range(3)]
        self._put_planes([*planes, *([merged[..., 3]] if merged.shape[2] == 4 else [])])

    def _put_planes(self, planes: Sequence[Pixels]) -> None:
        """Planes of one size, each row packed for itself, after the lengths of all rows."""
        start = self._file.tell()
        self._write(bytes(2 * sum(len(plane) for plane in planes)))
        lengths = []
        for plane in planes:
            for packed, of_rows in _packed(plane):
                self._write(packed)
                lengths.append(of_rows)
        end = self._file.tell()
        self._file.seek(start)
        self._write(b"".join(of_rows.astype(">u2").tobytes() for of_rows in lengths))
        self._file.seek(end)

    def _write(self, data: bytes) -> None:
        size = self._file.tell() + len(data)
        if size > MOST_BYTES:
            raise InputError(
                f"the layers take more than {MOST_BYTES / 1e9:.1f} GB, which is all that PSD can "
                "have: take them as OpenRaster"
            )
        self._file.write(data)


def pack_bits(rows: Pixels) -> tuple[bytes, NDArray[np.int64]]:
    r"""Rows as PackBits has them: equal bytes once with their count, others as they are.

    Args:
        rows: (h, w) uint8, neither of them 0.

    Returns:
        The packed bytes of all rows, and of each how many there are, (h,).

    >>> pack_bits(np.array([[7, 7, 7, 7, 1, 2]], np.uint8))
    (b'\xfd\x07\x01\x01\x02', array([5]))
    """
    height, width = rows.shape
    flat = np.ascontiguousarray(rows).reshape(-1)
    is_start = np.ones((height, width), bool)
    is_start[:, 1:] = rows[:, 1:] != rows[:, :-1]
    starts = np.flatnonzero(is_start)
    is_run = np.diff(starts, append=flat.size) >= _LEAST_RUN
    # neighbours that are no runs are one group
    is_new = is_run | (starts % width == 0)
    is_new[1:] |= is_run[:-1]
    first, is_repeated = starts[is_new], is_run[is_new]
    first, length, is_repeated = _in_packets(first, np.diff(first, append=flat.size), is_repeated)
    sizes = 1 + np.where(is_repeated, 1, length)
    places = np.cumsum(sizes) - sizes
    out = np.empty(int(sizes.sum()), np.uint8)
    out[places] = np.where(is_repeated, 1 - length, length - 1) & 0xFF
    out[places[is_repeated] + 1] = flat[first[is_repeated]]
    shift = np.repeat((places + 1 - first)[~is_repeated], length[~is_repeated])
    taken = np.flatnonzero(np.repeat(~is_repeated, length))
    out[taken + shift] = flat[taken]
    of_rows = np.bincount(first // width, weights=sizes, minlength=height)
    return out.tobytes(), of_rows.astype(np.int64)


def _in_packets(
    first: NDArray[np.int64], length: NDArray[np.int64], is_repeated: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Groups cut so that none is longer than a packet."""
    counts = -(-length // _PACKET)
    number = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    begins = np.repeat(first, counts) + number * _PACKET
    lengths = np.minimum(_PACKET, np.repeat(first + length, counts) - begins)
    return begins, lengths, np.repeat(is_repeated, counts)


def _packed(plane: Pixels) -> Iterator[tuple[bytes, NDArray[np.int64]]]:
    """A plane block by block."""
    height, width = plane.shape
    if not plane.size:
        return
    rows = max(1, _BLOCK_PX // width)
    for top in range(0, height, rows):
        yield pack_bits(plane[top : top + rows])


def _alpha_of(pixels: Pixels) -> Pixels:
    if pixels.shape[2] == 4:
        return pixels[..., 3]
    return np.full(pixels.shape[:2], 255, np.uint8)


def _header(size_hw: tuple[int, int], channels: int) -> bytes:
    return b"8BPS" + struct.pack(">H6xHIIHH", 1, channels, *size_hw, 8, _RGB)


def _resources(icc_profile: bytes | None) -> bytes:
    if icc_profile is None:
        return bytes(4)
    head = _SIGN + struct.pack(">HHI", _PROFILE, 0, len(icc_profile))
    block = head + icc_profile + bytes(len(icc_profile) % 2)
    return struct.pack(">I", len(block)) + block


def _planned(plan: Plan) -> _Head:
    """A layer's place in the list, as long as it will be."""
    mask = NO_PIXELS[..., 0] if plan.has_mask else None
    channels = (_ALPHA, 0, 1, 2, *([_MASK] if plan.has_mask else []))
    layer = PsdLayer(plan.name, NOTHING, NO_PIXELS, mask, section=plan.section)
    return _Head(layer, tuple((channel, 0) for channel in channels))


def _box_of_mask(layer: PsdLayer) -> Box:
    """A layer's own; a group has no pixels, and its mask is of the whole picture."""
    if layer.section and layer.mask is not None:
        return Box.of_size((layer.mask.shape[0], layer.mask.shape[1]))
    return layer.box


def _list_of(heads: Sequence[_Head], *, has_alpha: bool) -> bytes:
    """The list of layers; a negative count says that the merged picture's alpha is its own."""
    count = -len(heads) if has_alpha else len(heads)
    return struct.pack(">h", count) + b"".join(map(_record, heads))


def _record(head: _Head) -> bytes:
    layer = head.layer
    box = layer.box.y1, layer.box.x1, layer.box.y2, layer.box.x2
    channels = b"".join(struct.pack(">hI", *pair) for pair in head.lengths)
    flags = 0 if layer.is_shown else _HIDDEN
    how = struct.pack(">BBBx", layer.opacity, 0, flags)
    mask = b""
    if layer.mask is not None:
        place = head.mask_box
        mask = struct.pack(">4iBB2x", place.y1, place.x1, place.y2, place.x2, 0, 0)
    extra = struct.pack(">I", len(mask)) + mask + bytes(4) + _name(layer.name)
    if layer.section:
        extra += _block(b"lsct", struct.pack(">I", layer.section) + _SIGN + BLENDS["normal"])
    return b"".join(
        (
            struct.pack(">4iH", *box, len(head.lengths)),
            channels,
            _SIGN,
            BLENDS[layer.blend],
            how,
            struct.pack(">I", len(extra)),
            extra,
        )
    )


def _name(name: str) -> bytes:
    """A name in ASCII for old programs, and as it is for all others."""
    short = name.encode("ascii", "replace")[:255]
    old = bytes([len(short)]) + short
    wide = name.encode("utf-16-be", "replace")
    wide = struct.pack(">I", len(wide) // 2) + wide
    return old + bytes(-len(old) % 4) + _block(b"luni", wide + bytes(-len(wide) % 4))


def _block(key: bytes, data: bytes) -> bytes:
    """What else is said of a layer, under a key."""
    return _SIGN + key + struct.pack(">I", len(data)) + data
