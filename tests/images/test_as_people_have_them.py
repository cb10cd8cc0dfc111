"""Photos as scanners, editors and science save them: what each becomes, and what is said of it.

Four quarters of one colour each, so that a channel, a row or a plane that is taken for another one
shows.
"""

import io
import struct
import sys
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
import tifffile
from PIL import Image

from segui.errors import InputError
from segui.images.apart.decoder import SeparateDecoder
from segui.images.limits import ReadLimits
from segui.images.orientation import BY_XMP
from segui.images.pictures import GUESSED_CMYK, read_picture
from segui.masks.files import read_mask, read_painted

COLOURS = np.array([[(200, 30, 60), (30, 160, 60)], [(40, 60, 200), (230, 230, 230)]], np.uint8)
PIXELS = np.kron(COLOURS, np.ones((16, 24, 1), np.uint8))
GREY = PIXELS[..., 0]
ALPHA = np.full(GREY.shape, 128, np.uint8)
DEEP = PIXELS.astype(np.uint16) * 257
INK = np.dstack([255 - PIXELS, np.zeros_like(GREY)])
DEEP_SAID = "this 16-bit picture is read as 8-bit"


def planes(pixels: np.ndarray) -> np.ndarray:
    return np.moveaxis(pixels, 2, 0)


def with_alpha(pixels: np.ndarray) -> np.ndarray:
    return np.dstack([pixels, ALPHA.astype(pixels.dtype) * (257 if pixels.itemsize == 2 else 1)])


RGB, BY_PLANE = {"photometric": "rgb"}, {"planarconfig": "separate"}
OWN_ALPHA = {"extrasamples": ["unassalpha"]}
# pixels, how they are saved, what they are read as, and what is said
TIFFS = {
    "8 bits": (PIXELS, RGB, PIXELS, ()),
    "16 bits": (DEEP, RGB, PIXELS, (DEEP_SAID,)),
    "8 bits in planes": (planes(PIXELS), RGB | BY_PLANE, PIXELS, ()),
    "16 bits in planes": (planes(DEEP), RGB | BY_PLANE, PIXELS, (DEEP_SAID,)),
    "16 bits in planes and strips": (
        planes(DEEP), RGB | BY_PLANE | {"rowsperstrip": 5}, PIXELS, (DEEP_SAID,)
    ),
    "16 bits and alpha": (with_alpha(DEEP), RGB | OWN_ALPHA, with_alpha(PIXELS), (DEEP_SAID,)),
    "16 bits and alpha in planes": (
        planes(with_alpha(DEEP)), RGB | OWN_ALPHA | BY_PLANE, with_alpha(PIXELS), (DEEP_SAID,)
    ),
    "ink": (INK, {"photometric": "separated"}, PIXELS, (GUESSED_CMYK,)),
    "ink in planes of 16 bits": (
        planes(INK.astype(np.uint16) * 257),
        {"photometric": "separated"} | BY_PLANE,
        PIXELS,
        (DEEP_SAID, GUESSED_CMYK),
    ),
    "grey": (GREY, {"photometric": "minisblack"}, GREY, ()),
    "grey of 16 bits": (DEEP[..., 0], {"photometric": "minisblack"}, GREY, (DEEP_SAID,)),
    "white is 0": (255 - GREY, {"photometric": "miniswhite"}, GREY, ()),
    "white is 0 of 16 bits": (
        65535 - DEEP[..., 0], {"photometric": "miniswhite"}, GREY, (DEEP_SAID,)
    ),
    "32 bits without a sign": (
        GREY.astype(np.uint32) * 0x01010101,
        {"photometric": "minisblack"},
        GREY,
        ("this 32-bit picture is read as 8-bit",),
    ),
    "floating": (
        (GREY / 255).astype(np.float32),
        {"photometric": "minisblack"},
        GREY,
        ("this 32-bit picture is read as 8-bit",),
    ),
    "floating of 64 bits": (
        GREY / 255,
        {"photometric": "minisblack"},
        GREY,
        ("this 64-bit picture is read as 8-bit",),
    ),
}  # fmt: skip
REFUSED = {
    "half": (
        (GREY / 255).astype(np.float16), {}, "one channel of floating-point numbers of 16 bits"
    ),
    "float colours": (
        (PIXELS / 255).astype(np.float32), RGB, "3 channels of floating-point numbers of 32 bits"
    ),
    "deep grey and alpha": (
        with_alpha(DEEP[..., :1]),
        {"photometric": "minisblack", "planarconfig": "contig"} | OWN_ALPHA,
        "2 channels of whole numbers of 16 bits",
    ),
}  # fmt: skip

apart = pytest.param(
    True, marks=pytest.mark.skipif(sys.platform != "linux", reason="decodes apart on Linux alone")
)


@pytest.fixture(scope="module", params=[False, apart], ids=["here", "apart"])
def limits(request: pytest.FixtureRequest) -> Iterator[ReadLimits]:
    decoder = SeparateDecoder() if request.param else None
    yield ReadLimits(decoder=decoder)
    if decoder is not None:
        decoder.end()


@pytest.mark.parametrize("packed", [None, "zlib"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", TIFFS)
def test_a_tiff_is_read_as_it_was_saved(tmp_path, limits, kind, order, packed):
    pixels, how, expected, notes = TIFFS[kind]
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, pixels, byteorder=order, compression=packed, metadata=None, **how)
    picture = read_picture(path, limits=limits)
    if expected.ndim == 2:
        expected = np.dstack([expected] * 3)
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == notes


@pytest.mark.parametrize("packed", [None, "zlib"])
@pytest.mark.parametrize("kind", REFUSED)
def test_a_tiff_that_is_not_read_is_called_by_its_kind(tmp_path, limits, kind, packed):
    pixels, how, called = REFUSED[kind]
    tifffile.imwrite(tmp_path / "a.tif", pixels, compression=packed, metadata=None, **how)
    with pytest.raises(InputError) as caught:
        read_picture(tmp_path / "a.tif", limits=limits)
    assert str(caught.value) == f"a.tif is a TIFF of {called}, which is not read: save it as PNG"


def test_a_tiff_packed_in_an_unknown_way_is_called_by_that(tmp_path):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, PIXELS, photometric="rgb", compression="zlib", metadata=None)
    as_it_was, otherwise = (
        struct.pack("<HHIH", 259, 3, 1, 8),
        struct.pack("<HHIH", 259, 3, 1, 34712),
    )
    assert as_it_was in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(as_it_was, otherwise))
    with pytest.raises(InputError) as caught:
        read_picture(path)
    assert str(caught.value) == (
        "a.tif is a TIFF that is packed in the way 34712, which is not read: save it as PNG"
    )


def test_a_mask_whose_white_is_0_selects_what_is_seen_white(tmp_path):
    seen = np.where(GREY > 100, 65535, 0).astype(np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", 65535 - seen, photometric="miniswhite", metadata=None)
    np.testing.assert_array_equal(read_mask(tmp_path / "a.tif").soft, (seen >> 8).astype(np.uint8))


def png(rows: np.ndarray, bits: int, colour: int, transparent: bytes) -> bytes:
    """A PNG by hand: Pillow writes neither deep colours nor deep transparency."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    height, width = rows.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    raw = b"".join(b"\0" + row.astype(">u2" if bits == 16 else "u1").tobytes() for row in rows)
    chunks = (
        (b"IHDR", header),
        (b"tRNS", transparent),
        (b"IDAT", zlib.compress(raw)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


@pytest.mark.parametrize(
    ("rows", "colour", "transparent"),
    [(DEEP[..., 0], 0, (200 * 257,)), (DEEP, 2, (200 * 257, 30 * 257, 60 * 257))],
    ids=["grey", "colours"],
)
def test_what_is_transparent_by_a_deep_value_is_transparent(
    tmp_path, limits, rows, colour, transparent
):
    packed = struct.pack(f">{len(transparent)}H", *transparent)
    (tmp_path / "a.png").write_bytes(png(rows, 16, colour, packed))
    picture = read_picture(tmp_path / "a.png", limits=limits)
    clear = (COLOURS[0, 0] == PIXELS).all(axis=2)
    np.testing.assert_array_equal(picture.pixels[..., 3], np.where(clear, 0, 255))
    np.testing.assert_array_equal(picture.pixels[..., 0], GREY)


def test_ink_in_a_jpeg_as_brightness_and_chroma_is_read(tmp_path):
    """YCCK: Adobe's, whose values are turned round and then made brightness and chroma."""
    inks = np.array(Image.fromarray(255 - PIXELS).convert("YCbCr"))
    buffer = io.BytesIO()
    stored = np.dstack([inks, np.full_like(GREY, 255)])  # no black
    as_cmyk = Image.fromarray(255 - stored, "CMYK")  # Pillow turns it round as it writes
    as_cmyk.save(buffer, "JPEG", quality=98, subsampling=0)
    data = bytearray(buffer.getvalue())
    data[data.index(b"Adobe") + 11] = 2
    (tmp_path / "a.jpg").write_bytes(data)
    picture = read_picture(tmp_path / "a.jpg")
    np.testing.assert_allclose(picture.pixels.astype(int), PIXELS, atol=3)
    assert picture.notes == (GUESSED_CMYK,)


@pytest.mark.parametrize("name", ["tiff", "t", "ns1"])
def test_xmp_turns_a_picture_by_whatever_name_it_calls_the_tags(tmp_path, name):
    xmp = f'<x xmlns:{name}="http://ns.adobe.com/tiff/1.0/"><{name}:Orientation>6</{name}:Orientation></x>'
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", quality=95, xmp=xmp.encode())
    picture = read_picture(tmp_path / "a.jpg")
    assert (picture.size_hw, picture.orientation, picture.notes) == ((48, 32), 6, (BY_XMP,))


def test_another_programs_orientation_is_none_of_the_pictures(tmp_path):
    xmp = '<x xmlns:t="http://ns.adobe.com/tiff/1.0/"><tiff:Orientation>6</tiff:Orientation></x>'
    Image.fromarray(PIXELS).save(tmp_path / "a.jpg", quality=95, xmp=xmp.encode())
    assert read_picture(tmp_path / "a.jpg").orientation == 1


@pytest.mark.parametrize("packed", [None, "zlib"])
def test_numbers_of_16_bits_with_a_sign_have_white_at_their_own_largest(tmp_path, limits, packed):
    values = np.arange(-32768, 32768).reshape(256, 256)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, values.astype(np.int16), compression=packed, metadata=None)
    expected = np.rint(np.maximum(values, 0) * 255 / 32767)
    picture = read_picture(path, limits=limits)
    np.testing.assert_array_equal(picture.pixels, np.dstack([expected] * 3))
    assert picture.notes == (
        "its numbers of 16 bits have a sign: 32767 is read as white, 0 and what is below as black",
    )
    np.testing.assert_array_equal(read_mask(path, kind="full", limits=limits).soft, expected)
    np.testing.assert_array_equal(read_painted(path, (256, 256), limits=limits).soft, expected)


def test_labels_of_16_bits_with_a_sign_keep_their_numbers(tmp_path, limits):
    values = np.zeros((40, 60), np.int16)
    values[5:20, 5:20], values[10:30, 30:50], values[35:] = 700, 30000, -1
    tifffile.imwrite(tmp_path / "a.tif", values, metadata=None)
    mask = read_mask(tmp_path / "a.tif", kind="labels", limits=limits)
    np.testing.assert_array_equal(mask.labels, np.maximum(values, 0))


def test_a_tiff_of_ycbcr_that_is_not_packed_has_its_colours(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (7, 9, 3), np.uint8)
    image = Image.fromarray(pixels).convert("YCbCr")
    image.save(tmp_path / "a.tif")
    read = read_picture(tmp_path / "a.tif")
    assert read.notes == ()
    np.testing.assert_array_equal(read.pixels, np.array(image.convert("RGB")))
