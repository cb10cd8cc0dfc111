"""Which formats are read, and an ICO's pictures, which Pillow decodes while it opens the file."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from segui import InputError
from segui.images.limits import ReadLimits
from segui.images.pictures import read_picture
from segui.masks.files import read_mask

RARE_TOO = ReadLimits(rare_formats=True)
FORMATS = {"JPEG 2000": "JPEG2000", "PPM": "PPM", "ICO": "ICO", "TGA": "TGA"}


def encoded(image_format: str, size_wh: tuple[int, int] = (16, 16), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size_wh, "red").save(out, image_format)
    return out.getvalue()


def tiled_tiff() -> bytes:
    """A grey picture of one tile, 16 x 16 px."""
    fields = {256: 16, 257: 16, 258: 8, 259: 1, 262: 1, 277: 1, 322: 16, 323: 16, 324: 8, 325: 256}
    tags = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields.items())
    head = struct.pack("<2sHI", b"II", 42, 264)
    return head + bytes(range(256)) + struct.pack("<H", len(fields)) + tags + bytes(4)


def icon(inner: bytes) -> bytes:
    """An ICO of one picture, which its list says to be 16 px wide and high."""
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(inner), 22) + inner


def refused(path: Path, **options) -> str:
    with pytest.raises(InputError) as caught:
        read_picture(path, **options)
    return str(caught.value)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_rare_format_is_read_only_where_the_setting_says_so(tmp_path, kind):
    path = tmp_path / "sent.png"
    path.write_bytes(encoded(FORMATS[kind]))
    path = path.rename(tmp_path / "sent.tga") if kind == "TGA" else path
    sentence = (
        f"{path.name} is {kind}, which is read only where SEGUI_RARE_FORMATS is 1: save it as PNG"
    )
    assert refused(path) == sentence
    with pytest.raises(InputError, match="SEGUI_RARE_FORMATS"):
        read_mask(path)
    assert read_picture(path, limits=RARE_TOO).size_hw == (16, 16)


def test_a_tga_is_known_by_its_end_too(tmp_path):
    path = tmp_path / "sent"
    path.write_bytes(encoded("TGA"))
    assert refused(path).startswith("sent is TGA, which is read only where SEGUI_RARE_FORMATS is 1")


def test_a_bitmap_without_its_header_is_rare_and_one_with_it_is_not(tmp_path):
    path = tmp_path / "sent.bmp"
    path.write_bytes(encoded("BMP"))
    assert read_picture(path).size_hw == (16, 16)
    path.write_bytes(encoded("DIB"))
    assert refused(path) == (
        "sent.bmp is BMP without its header, which is read only where SEGUI_RARE_FORMATS is 1: "
        "save it as PNG"
    )


def test_tiles_of_a_tiff_are_rare_and_its_strips_are_not(tmp_path):
    path = tmp_path / "sent.tif"
    path.write_bytes(encoded("TIFF"))
    assert read_picture(path).size_hw == (16, 16)
    path.write_bytes(tiled_tiff())
    assert refused(path) == (
        "sent.tif is TIFF in tiles, which is read only where SEGUI_RARE_FORMATS is 1: "
        "save it as PNG"
    )
    assert read_picture(path, limits=RARE_TOO).size_hw == (16, 16)


@pytest.mark.parametrize(
    "inner",
    [
        encoded("PNG", (1200, 1000), "RGBA"),
        struct.pack("<IiiHHIIiiII", 40, 1200, 2000, 1, 32, 0, 0, 0, 0, 0, 0),
        struct.pack("<IiiHHIIiiII", 40, 1200, -2000, 1, 32, 0, 0, 0, 0, 0, 0),
        struct.pack("<IHHHH", 12, 1200, 2000, 1, 24),
    ],
    ids=["PNG", "bitmap", "bitmap from its top", "old bitmap"],
)
def test_a_large_picture_in_an_icon_is_refused_before_it_is_decoded(tmp_path, monkeypatch, inner):
    path = tmp_path / "sent.ico"
    path.write_bytes(icon(inner))
    monkeypatch.setattr(Image, "OPEN", dict.fromkeys(Image.OPEN, (None, None)))
    assert refused(path, max_megapixels=1, limits=RARE_TOO) == (
        "sent.ico is 1200 x 1000, 1.2 megapixels: at most 1 are read"
    )


def test_an_icon_of_many_pictures_is_refused(tmp_path):
    path = tmp_path / "sent.ico"
    path.write_bytes(struct.pack("<HHH", 0, 1, 60000) + bytes(16 * 60000))
    assert refused(path, limits=RARE_TOO) == (
        "sent.ico has 60000 pictures: at most 256 are read of an ICO"
    )
