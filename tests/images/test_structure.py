"""Files that would take long to decode, or much memory, refused before any pixel is decoded."""

import base64
import functools
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile, TiffImagePlugin

from segui import InputError
from segui.images.embedded_text import embedded_texts
from segui.images.limits import ReadLimits
from segui.images.pictures import read_picture
from segui.images.structure import check_structure
from segui.masks.files import read_mask, read_painted
from segui.session.paintings import read_painting


def encoded(image_format: str, size_wh: tuple[int, int] = (40, 30), **options) -> bytes:
    out = io.BytesIO()
    rows, columns = np.mgrid[: size_wh[1], : size_wh[0]]
    grey = ((rows + columns) % 256).astype(np.uint8)
    Image.fromarray(grey).save(out, image_format, **options)
    return out.getvalue()


@functools.cache
def progressive(scans: int, size_wh: tuple[int, int] = (40, 30), **options) -> bytes:
    """A progressive JPEG whose last scan comes again until there are as many."""
    plain = encoded("JPEG", size_wh, progressive=True, **options)
    last = plain[plain.rindex(b"\xff\xda") : -2]
    return plain[:-2] + last * (scans - plain.count(b"\xff\xda")) + b"\xff\xd9"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(*chunks: bytes) -> bytes:
    plain = encoded("PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


def directory(entries: int, bytes_each: int) -> bytes:
    """A TIFF of one directory whose tags all have the same bytes."""
    tags = b"".join(struct.pack("<HHII", 40000 + n, 7, bytes_each, 8) for n in range(entries))
    head = struct.pack("<2sHI", b"II", 42, 8 + bytes_each)
    return head + bytes(bytes_each) + struct.pack("<H", entries) + tags + bytes(4)


@pytest.fixture
def no_decode(monkeypatch):
    """Whatever decodes a pixel fails."""

    def fail(_self):
        raise AssertionError("it was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)


def refused(tmp_path: Path, data: bytes, read=read_picture, **options) -> str:
    path = tmp_path / "sent.jpg"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read(path, **options)
    return str(caught.value)


@pytest.mark.long
@pytest.mark.parametrize(
    ("read", "options"),
    [(read_picture, {}), (read_mask, {}), (read_painted, {"size_hw": (1000, 2000)})],
)
@pytest.mark.parametrize(
    ("scans", "size_wh", "sentence"),
    [
        (1001, (2000, 1000), "1001 scans of 2 megapixels: at most 1000"),
        (2000, (2000, 2000), "2000 scans of 4 megapixels: at most 500"),
    ],
)
def test_a_jpeg_of_many_scans_is_not_decoded(
    tmp_path, no_decode, read, options, scans, size_wh, sentence
):
    said = refused(tmp_path, progressive(scans, size_wh), read, **options)
    assert said == f"sent.jpg has {sentence} are read at that size, so save it anew"


def test_the_limit_on_scans_is_the_settings_and_what_meets_it_is_read(tmp_path):
    path = tmp_path / "sent.jpg"
    path.write_bytes(progressive(20, (1000, 1000)))
    assert read_picture(path, limits=ReadLimits(20)).size_hw == (1000, 1000)
    said = refused(tmp_path, path.read_bytes(), limits=ReadLimits(19))
    assert said == (
        "sent.jpg has 20 scans of 1 megapixels: at most 19 are read at that size, so save it anew"
    )


def test_what_a_thumbnail_in_the_exif_has_is_no_scan_of_the_photo(tmp_path):
    exif = b"Exif\0\0" + b"II*\0\x08\0\0\0" + bytes(8) + progressive(300)
    path = tmp_path / "sent.jpg"
    path.write_bytes(encoded("JPEG", exif=exif))
    assert read_picture(path, limits=ReadLimits(0.0013)).size_hw == (30, 40)


@pytest.mark.parametrize("extra", [b"\xff" * 9, b"rubbish", b"\xff\x00\xff\xd0"])
def test_scans_are_counted_behind_bytes_that_belong_to_nothing(tmp_path, no_decode, extra):
    data = progressive(300)
    at = data.rindex(b"\xff\xda")
    said = refused(tmp_path, data[:at] + extra + data[at:], limits=ReadLimits(0.12))
    assert said.startswith("sent.jpg has 300 scans of 0.0012 megapixels: at most 100 are read")


def test_a_jpeg_in_a_tiff_goes_over_its_pixels_a_hundred_times_at_most(tmp_path):
    out = io.BytesIO()
    rows, columns = np.mgrid[:64, :64]
    picture = Image.fromarray((rows * columns % 256).astype(np.uint8))
    picture.save(out, "TIFF", compression="jpeg")
    tiff, strip = bytearray(out.getvalue()), progressive(300, (64, 64))
    with Image.open(out) as read:
        tags = read.tag_v2
        assert len(tags[273]) == 1
    position = len(tiff)
    for tag, value in ((273, position), (279, len(strip))):
        at = next(
            at for at in range(len(tiff) - 12)
            if struct.unpack_from("<HHI", tiff, at) in ((tag, 4, 1), (tag, 3, 1))
        )  # fmt: skip
        struct.pack_into("<HHII", tiff, at, tag, 4, 1, value)
    said = refused(tmp_path, bytes(tiff) + strip)
    assert said == "sent.jpg is damaged or incomplete: it cannot be read"


@pytest.mark.long
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda: with_chunks(chunk(b"abCd", b"") * 100_001), "more than 100000 chunks"),
        (lambda: with_chunks(chunk(b"IDAT", b"") * 100_001), "more than 100000 chunks"),
        (
            lambda: encoded("JPEG")[:2] + b"\xff\xe5\0\2" * 100_001 + encoded("JPEG")[2:],
            "more than 100000 segments",
        ),
        (
            lambda: encoded("GIF")[:-1] + b"\x21\xfe\1a\0" * 1_000_001 + b"\x3b",
            "more than 2000000 blocks",
        ),
    ],
    ids=["PNG", "PNG's pixels", "JPEG", "GIF"],
)
def test_a_file_of_too_many_parts_is_not_opened(tmp_path, no_decode, data, sentence):
    said = refused(tmp_path, data())
    assert said == f"sent.jpg has {sentence}: no picture needs as many, so save it anew"


@pytest.mark.long
def test_a_tiff_of_too_many_strips_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(TiffImagePlugin.ImageFileDirectory_v2, "load", None)
    said = refused(tmp_path, encoded("TIFF", (1, 100_001), tiffinfo={278: 1}))
    assert said == "sent.jpg has 100001 strips or tiles: at most 100000 are read"


def test_a_tiff_whose_tags_share_their_bytes_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(TiffImagePlugin.ImageFileDirectory_v2, "load", None)
    said = refused(tmp_path, directory(5000, 1_000_000))
    assert said == "sent.jpg has tags that are larger than the file: it cannot be read"


def test_an_exif_whose_tags_share_their_bytes_is_not_read(tmp_path):
    block = directory(3000, 20_000)
    said = refused(tmp_path, encoded("JPEG", exif=b"Exif\0\0" + block))
    assert said == "sent.jpg has tags that are larger than the file: it cannot be read"


@pytest.mark.parametrize("image_format", ["PNG", "WEBP"])
def test_such_an_exif_turns_no_picture(tmp_path, monkeypatch, image_format):
    path = tmp_path / "sent"
    path.write_bytes(encoded(image_format, exif=directory(5000, 200_000)))
    monkeypatch.setattr(Image.Image, "getexif", None)
    assert read_picture(path).size_hw == (30, 40)


def test_texts_that_would_become_large_are_refused(tmp_path):
    text = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2_000_000)))
    said = refused(tmp_path, with_chunks(text))
    assert said == "sent.jpg is damaged or incomplete: it cannot be read"
    many = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000))) * 70
    said = refused(tmp_path, with_chunks(many))
    assert said == "sent.jpg is damaged or incomplete: it cannot be read"


@pytest.mark.parametrize("image_format", ["GIF", "TIFF", "WEBP", "PNG", "AVIF"])
def test_of_many_pictures_the_first_alone_is_decoded(tmp_path, monkeypatch, image_format):
    path = tmp_path / "sent"
    frames = [Image.new("RGB", (40, 30), (n, 9, 9)) for n in range(1, 60)]
    frames[0].save(path, image_format, save_all=True, append_images=frames[1:])
    plugin, sought = Image.OPEN[image_format][0], []
    seek = plugin.seek
    monkeypatch.setattr(plugin, "seek", lambda own, to: sought.append(to) or seek(own, to))
    read = read_picture(path)
    assert read.size_hw == (30, 40)
    assert read.notes == ("it has more than one picture: the first is read",)
    assert set(sought) <= {0}


def test_what_was_painted_and_a_workflows_picture_are_looked_at_too():
    data = with_chunks(chunk(b"abCd", b"") * 100_001)
    with pytest.raises(InputError) as caught:
        read_painting("data:image/png;base64," + base64.b64encode(data).decode())
    assert str(caught.value) == (
        "what was painted has more than 100000 chunks: no picture needs as many, so save it anew"
    )
    with pytest.raises(InputError) as caught:
        embedded_texts(data, {"prompt"}, max_bytes=1000)
    assert str(caught.value) == (
        "the picture has more than 100000 chunks: no picture needs as many, so save it anew"
    )


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP"])
def test_whatever_is_cut_off_is_looked_at_to_its_end(image_format):
    whole = encoded(image_format)
    for end in range(0, len(whole), 7):
        check_structure(whole[:end], "sent")
