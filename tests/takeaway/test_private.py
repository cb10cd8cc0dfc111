"""What a photo's file says of its maker stays out of everything that is taken away."""

import io
import struct
import zipfile

import numpy as np
import pytest
from PIL import ExifTags, Image

from segui.classifiers.colour import ColourNames
from segui.finders.picture_files import Inputs
from segui.images.encoding import encode_picture
from segui.images.formats import FORMATS
from segui.images.pictures import encode_jpeg, encode_png
from segui.pipeline import choose, open_scene, score_scene
from segui.takeaway.cutouts import cutouts_zip

SECRETS = (b"Anna's phone", b"Exif", b"GPS", b"http://ns.adobe.com", b"eXIf", b"photoshop")


def exif() -> bytes:
    """A camera's name, where the photo was taken, and a thumbnail of it."""
    tags = Image.Exif()
    tags[ExifTags.Base.Model] = "Anna's phone"
    tags[ExifTags.IFD.GPSInfo] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    thumbnail = io.BytesIO()
    Image.new("RGB", (16, 12), "red").save(thumbnail, "JPEG", comment=b"Anna's phone")
    return tags.tobytes() + thumbnail.getvalue()


@pytest.fixture(params=["JPEG", "PNG", "WEBP", "TIFF"])
def scene(tmp_path, request):
    photo, mask = tmp_path / "photo", tmp_path / "mask.png"
    pixels = np.full((60, 80, 3), 200, np.uint8)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" a="http://ns.adobe.com">Anna\'s phone</x:xmpmeta>'
    Image.fromarray(pixels).save(photo, request.param, exif=exif(), xmp=xmp)
    Image.fromarray(np.uint8(255) * (pixels[..., 0] > 0)).save(mask)
    assert b"Anna's phone" in photo.read_bytes()
    return open_scene(Inputs(photo, (mask,)))


def png_chunks(data: bytes) -> list[bytes]:
    kinds, at = [], 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kinds.append(data[at + 4 : at + 8])
        at += 12 + length
    return kinds


def test_the_result_has_pixels_alone(scene):
    data = encode_png(scene.photo.pixels, icc_profile=scene.photo.icc_profile)
    assert set(png_chunks(data)) == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize("name", FORMATS)
def test_the_result_has_nothing_of_the_camera_in_any_format(scene, name):
    data = encode_picture(scene.photo.pixels, name, icc_profile=scene.photo.icc_profile)
    assert not [secret for secret in (*SECRETS, b"XMP ", b"EXIF") if secret in data]
    image = Image.open(io.BytesIO(data))
    assert not image.getexif()
    assert not {"exif", "xmp", "comment", "XML:com.adobe.xmp"} & set(image.info)


def test_a_preview_has_pixels_alone(scene):
    data = encode_jpeg(scene.photo.pixels, icc_profile=scene.photo.icc_profile)
    assert not [secret for secret in SECRETS if secret in data]
    assert set(Image.open(io.BytesIO(data)).info) <= {
        "jfif", "jfif_version", "jfif_unit", "jfif_density"
    }  # fmt: skip


def test_each_cut_out_of_the_archive_has_pixels_alone(scene):
    out = io.BytesIO()
    selection = choose(scene, score_scene(scene, ColourNames()), "*")
    cutouts_zip(scene, selection, 5, 255, "smooth", out)
    with zipfile.ZipFile(out) as archive:
        cut = [archive.read(name) for name in archive.namelist()]
        assert not archive.comment
    assert cut
    for data in cut:
        assert set(png_chunks(data)) == {b"IHDR", b"IDAT", b"IEND"}
