"""BMPs of few colours: read by the bits that they have, whatever their palette is."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from segui.images.pictures import read_picture
from segui.masks.files import read_mask

BLACK_AND_WHITE = ((0, 0, 0), (255, 255, 255))
WHITE_AND_BLACK = BLACK_AND_WHITE[::-1]
KINDS = (
    {"bits": 1},
    {"bits": 4},
    {"bits": 8},
    {"bits": 4, "packed": True},
    {"bits": 8, "packed": True},
    {"bits": 1, "old": True},
)
INDICES = np.zeros((23, 37), np.uint8)  # no whole number of bytes or of four of them
INDICES[5:14, 3:22] = 1


def raw(indices: np.ndarray, bits: int) -> bytes:
    """Rows from the bottom, each filled up to four bytes; a byte begins with its highest bits."""
    shifts = np.arange(bits - 1, -1, -1)
    every = (indices[::-1, :, None] >> shifts & 1).reshape(len(indices), -1)
    return np.packbits(np.pad(every, ((0, 0), (0, -every.shape[1] % 32))), axis=1).tobytes()


def runs(indices: np.ndarray, bits: int) -> bytes:
    """The same packed as runs of one pixel each; a value of 4 bits stands there twice."""
    rows = [
        b"".join(bytes((1, int(value) * (17 if bits == 4 else 1))) for value in row) + b"\0\0"
        for row in indices[::-1]
    ]
    return b"".join(rows) + b"\0\1"


def bmp(folder: Path, bits: int, palette, *, indices=INDICES, old=False, packed=False) -> Path:
    height, width = indices.shape
    colours = b"".join(bytes(each[::-1]) + (b"" if old else b"\0") for each in palette)
    pixels = runs(indices, bits) if packed else raw(indices, bits)
    if old:
        header = struct.pack("<IHHHH", 12, width, height, 1, bits)
        colours += bytes(3 * ((1 << bits) - len(palette)))  # it says no number of colours
    else:
        packing = {8: 1, 4: 2}[bits] if packed else 0
        sizes = packing, len(pixels), 2835, 2835, len(palette), 0
        header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, *sizes)
    begin = 14 + len(header) + len(colours)
    path = folder / "mask.bmp"
    whole = struct.pack("<2sIHHI", b"BM", begin + len(pixels), 0, 0, begin)
    path.write_bytes(whole + header + colours + pixels)
    return path


@pytest.mark.parametrize("palette", [BLACK_AND_WHITE, WHITE_AND_BLACK], ids=["bw", "wb"])
@pytest.mark.parametrize("how", KINDS, ids=str)
def test_two_colours_of_any_depth_are_what_was_saved(tmp_path, how, palette):
    path = bmp(tmp_path, palette=palette, **how)
    expected = np.array(palette, np.uint8)[INDICES]
    assert np.array_equal(read_picture(path).pixels, expected)
    assert np.array_equal(read_mask(path).soft, expected[..., 0])


def test_a_mask_of_eight_bits_and_two_colours_is_one_mask(tmp_path):
    mask = read_mask(bmp(tmp_path, 8, BLACK_AND_WHITE))
    assert mask.notes == (
        "read as a soft mask",
        "its palette is black and white: it is one mask, and no labels",
    )


def test_numbers_in_four_bits_are_read_as_such(tmp_path):
    indices = np.arange(16, dtype=np.uint8).repeat(4)[None].repeat(9, axis=0)
    path = bmp(tmp_path, 4, [(value,) * 3 for value in range(16)], indices=indices)
    assert np.array_equal(read_picture(path).pixels[..., 0], indices)
    assert np.array_equal(read_mask(path).labels, indices)


def test_greys_in_eight_bits_stay_greys(tmp_path):
    ramp = np.arange(256, dtype=np.uint8)[None].repeat(9, axis=0)
    Image.fromarray(ramp).save(tmp_path / "ramp.bmp")
    mask = read_mask(tmp_path / "ramp.bmp")
    assert (mask.notes, mask.source) == (("read as a soft mask",), "grey")
    assert np.array_equal(mask.soft, ramp)
