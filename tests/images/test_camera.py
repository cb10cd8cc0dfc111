"""What a camera noted: of it goes along what is known to be harmless, and nothing else."""

import base64
import io
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from segui.images.apart.answers import camera_data_of
from segui.images.apart.handing import header_of
from segui.images.camera import MOST_BYTES, kept_camera_data
from segui.images.encoding import encode_picture
from segui.images.formats import FORMATS
from segui.images.opening import open_image
from segui.images.pictures import read_picture
from tests.images.exif import (
    ASCII,
    CAMERA,
    EXPOSURE,
    SECRETS,
    THUMBNAIL,
    directory,
    exif_of_a_camera,
)

PIXELS = np.random.default_rng(0).integers(0, 256, (8, 12, 3), np.uint8)
ORDERS = pytest.mark.parametrize("order", "<>")


def read(block: bytes) -> tuple[dict, dict]:
    """Both directories as Pillow reads them."""
    exif = Image.Exif()
    exif.load(block)
    return dict(exif), exif.get_ifd(ExifTags.IFD.Exif)


@ORDERS
def test_camera_exposure_and_author_are_kept_and_it_is_the_right_way_up(order):
    kept = kept_camera_data(b"Exif\0\0" + exif_of_a_camera(order, orientation=6))
    assert kept is not None
    first, second = read(kept)
    pointer = first.pop(ExifTags.IFD.Exif)
    assert first == {**CAMERA, ExifTags.Base.Orientation: 1}
    assert pointer < len(kept)
    assert {tag: second.pop(tag) for tag in EXPOSURE} == {
        tag: above / below for tag, (above, below) in EXPOSURE.items()
    }
    assert second == {
        0x8827: 400,
        0x9000: b"0232",
        0x9003: "2024:05:06 07:08:09",
        0xA434: "85mm f/1.8",
        0xA432: (85.0, 85.0, 1.8, 1.8),
    }


@ORDERS
def test_places_thumbnails_numbers_and_comments_are_nowhere_in_it(order):
    block = exif_of_a_camera(order)
    kept = kept_camera_data(block)
    assert kept is not None
    assert [secret for secret in SECRETS if secret not in block] == []
    assert [secret for secret in SECRETS if secret in kept] == []
    exif = Image.Exif()
    exif.load(kept)
    assert exif.get_ifd(ExifTags.IFD.GPSInfo) == {}
    assert exif.get_ifd(ExifTags.IFD.IFD1) == {}


def test_what_was_kept_is_kept_again_byte_by_byte():
    kept = kept_camera_data(exif_of_a_camera())
    assert kept is not None
    assert kept_camera_data(kept) == kept


def test_the_size_that_is_said_is_that_of_the_picture_it_stands_in():
    kept = kept_camera_data(exif_of_a_camera(), (12, 8))
    assert kept is not None
    _, second = read(kept)
    assert (second[0xA002], second[0xA003]) == (12, 8)


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"Exif\0\0",
        b"no block at all",
        b"MM\0*\0\0\0\x08",
        b"MM\0*\0\0\0\x08\0\0\0\0\0\0",
        b"MM\0*\xff\xff\xff\xff" + bytes(30),
        b"II+\0" + bytes(30),
        b"MM\0*\0\0\0\x08" + directory(">", 8, [(0x8825, 4, 8)]),
        b"MM\0*\0\0\0\x08" + directory(">", 8, [(0x8769, 4, 8)]),  # the second is the first
    ],
)
def test_of_what_is_broken_or_has_nothing_else_nothing_is_kept(block):
    assert kept_camera_data(block) is None


def test_of_a_block_that_ends_too_early_what_is_whole_is_kept():
    block = exif_of_a_camera()
    for end in range(len(block)):
        kept = kept_camera_data(block[:end])
        if kept is not None:
            first, _ = read(kept)
            assert {tag: first[tag] for tag in CAMERA if tag in first}.items() <= CAMERA.items()


@pytest.mark.parametrize(
    ("kind", "value"), [(ASCII, "x" * 1000), (7, b"maker"), (4, tuple(range(9)))]
)
def test_what_is_too_long_for_what_it_is_said_to_be_is_not_kept(kind, value):
    rows = [(0x010F, kind, value), (0x0110, ASCII, "D850")]
    kept = kept_camera_data(b"MM\0*\0\0\0\x08" + directory(">", 8, rows))
    assert kept is not None
    assert read(kept)[0] == {0x0110: "D850", 0x0112: 1}


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"MM\0*\0\0\0\x08", b"II*\0\x08\0\0\0", b""]))
def test_anything_is_answered_and_what_is_kept_is_small(data, head):
    kept = kept_camera_data(head + data)
    assert kept is None or len(kept) <= MOST_BYTES


def test_many_long_texts_do_not_make_it_long():
    texts = [(tag, ASCII, "x" * 999) for tag in (0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)]
    kept = kept_camera_data(b"MM\0*\0\0\0\x08" + directory(">", 8, texts * 50))
    assert kept is not None
    assert len(kept) < 7_000


# ---- in files ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "avif", "tiff"])
def test_a_file_of_any_format_gives_it(name, tmp_path):
    path = tmp_path / f"photo.{name}"
    exif = Image.Exif()
    exif.load(exif_of_a_camera(orientation=6 if name != "tiff" else 1))
    Image.fromarray(PIXELS).save(path, name, exif=exif)
    camera_data = read_picture(path).camera_data
    assert camera_data is not None
    first, second = read(camera_data)
    assert first.items() >= {**CAMERA, 0x0112: 1}.items()
    assert second[0x829A] == 1 / 250
    assert [secret for secret in SECRETS if secret in camera_data] == []


def test_a_file_without_or_with_broken_camera_data_gives_none_and_its_pixels(tmp_path):
    for number, exif in enumerate((b"", b"Exif\0\0nonsense", b"Exif\0\0MM\0*\0\0\xff\xff")):
        path = tmp_path / f"{number}.png"
        Image.fromarray(PIXELS).save(path, exif=exif)
        found = read_picture(path)
        np.testing.assert_array_equal(found.pixels, PIXELS)
        assert found.camera_data is None


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("icc_profile", [None, b"a profile" * 20])
def test_every_format_has_it_where_it_is_given_and_only_then(name, icc_profile):
    plain = encode_picture(PIXELS, name, icc_profile=icc_profile)
    told = encode_picture(
        PIXELS, name, icc_profile=icc_profile, camera_data=exif_of_a_camera(orientation=6)
    )
    with Image.open(io.BytesIO(plain)) as without, Image.open(io.BytesIO(told)) as image:
        assert "exif" not in without.info
        assert without.info.get("icc_profile") == image.info.get("icc_profile") == icc_profile
        np.testing.assert_array_equal(np.array(without), np.array(image))
        exif = image.getexif()
        assert {tag: exif[tag] for tag in CAMERA} == CAMERA
        assert exif.get(0x0112, 1) == 1
        second = exif.get_ifd(ExifTags.IFD.Exif)
        assert (second[0xA002], second[0xA003]) == (12, 8)
        assert (second[0x829A], exif.get_ifd(ExifTags.IFD.GPSInfo)) == (1 / 250, {})
    assert [secret for secret in (*SECRETS, THUMBNAIL) if secret in told] == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_with_camera_data_comes_back_upright(name, tmp_path):
    path = tmp_path / f"a.{name}"
    slope = np.repeat(np.arange(0, 240, 20, dtype=np.uint8)[None, :, None], 8, 0).repeat(3, 2)
    path.write_bytes(encode_picture(slope, name, 100, camera_data=exif_of_a_camera("<", 6)))
    found = read_picture(path)
    assert (found.size_hw, found.orientation) == ((8, 12), 1)
    np.testing.assert_allclose(found.pixels, slope, atol=8)


def test_the_decoding_process_is_not_believed_what_it_says_is_kept(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(PIXELS).save(path, exif=exif_of_a_camera())
    header = header_of(open_image(path, max_megapixels=1))
    assert camera_data_of(header) == kept_camera_data(exif_of_a_camera())
    lied = {**header, "camera_data": base64.b64encode(exif_of_a_camera()).decode()}
    assert camera_data_of(lied) == kept_camera_data(exif_of_a_camera())
    assert camera_data_of({**header, "camera_data": None}) is None


def test_a_directory_that_says_it_is_large_is_looked_at_only_so_far():
    entries = struct.pack(">HHII", 0x0110, 1, 1, 0) * 1000
    late = directory(">", 8, [(0x010F, ASCII, "abc")])[2:14]
    block = b"MM\0*\0\0\0\x08" + struct.pack(">H", 1001) + entries + late + bytes(4)
    assert kept_camera_data(block) is None
