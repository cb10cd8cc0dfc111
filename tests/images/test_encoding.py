import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from segui.errors import InputError
from segui.images.encoding import encode_picture, on_white
from segui.images.formats import FORMATS

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
each_format = pytest.mark.parametrize("name", FORMATS)


def smooth(channels: int = 3) -> np.ndarray:
    """Colours that change slowly, which every format keeps nearly; the right half transparent."""
    rows, columns = np.mgrid[0:48, 0:64]
    pixels = np.stack([rows * 4 + 20, columns * 3 + 10, 128 + rows * 0], axis=2)
    if channels == 4:
        pixels = np.dstack([pixels, np.where(columns < 32, 255, 0)])
    return pixels.astype(np.uint8)


def read(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@each_format
def test_the_file_is_of_the_format_and_has_the_picture(name):
    image = read(encode_picture(smooth(), name))
    assert (image.format, image.mode) == (FORMATS[name].label.upper(), "RGB")
    assert np.abs(np.array(image).astype(int) - smooth()).max() <= 12 * (name != "png")


@each_format
def test_the_colour_profile_is_kept_and_none_is_made_up(name):
    assert read(encode_picture(smooth(), name, icc_profile=PROFILE)).info["icc_profile"] == PROFILE
    assert "icc_profile" not in read(encode_picture(smooth(), name)).info


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "png"])
def test_a_lower_quality_is_a_smaller_file(name):
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    sizes = [len(encode_picture(noise, name, quality)) for quality in (10, 60, 100)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[1] < sizes[2]


@each_format
def test_what_is_transparent_stays_so_or_is_white(name):
    image = read(encode_picture(smooth(4), name))
    pixels = np.array(image)
    if FORMATS[name].has_alpha:
        assert image.mode == "RGBA"
        assert (pixels[:, 34:, 3] == 0).all()
        assert (pixels[:, :30, 3] == 255).all()
    else:
        assert image.mode == "RGB"
        assert pixels[:, 44:].min() >= 250


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "png"])
def test_what_is_fully_transparent_leaves_no_colour_behind(name):
    pixels = smooth(4)
    pixels[:, 32:, :3] = (255, 0, 0)
    image = read(encode_picture(pixels, name))
    red = np.array(image)[:, 48:, :3].astype(int)
    assert (red[..., 0] - red[..., 1]).max() <= 8


def test_half_opaque_pixels_are_mixed_with_white():
    pixels = np.array([[[0, 100, 255, 255], [0, 100, 255, 0], [0, 100, 255, 51]]], np.uint8)
    assert on_white(pixels)[0].tolist() == [[0, 100, 255], [255, 255, 255], [204, 224, 255]]


@pytest.mark.parametrize(
    ("name", "quality", "message"),
    [
        ("gif", 90, f"format is 'gif': expected one of {', '.join(FORMATS)}"),
        ("jpeg", 0, "quality is 0: expected a whole number from 1 to 100"),
        ("webp", 101, "quality is 101: expected a whole number from 1 to 100"),
    ],
)
def test_what_cannot_be_written_is_refused(name, quality, message):
    with pytest.raises(InputError) as refused:
        encode_picture(smooth(), name, quality)
    assert str(refused.value) == message


def test_a_picture_longer_than_the_format_can_be_is_refused():
    long = np.zeros((1, 16_384, 3), np.uint8)
    with pytest.raises(InputError) as refused:
        encode_picture(long, "webp")
    assert str(refused.value) == ("the picture is 16384 px long: WebP can have 16383 px at most")


@pytest.mark.parametrize(("name", "effort"), [("webp", {"method": 2}), ("avif", {"speed": 9})])
@pytest.mark.parametrize(("limit", "is_large"), [(48 * 64, False), (48 * 64 - 1, True)])
def test_a_large_picture_is_written_the_quicker_way(monkeypatch, name, effort, limit, is_large):
    if name not in FORMATS:
        pytest.skip("Pillow was built without it")
    monkeypatch.setattr("segui.images.encoding._LARGE_PIXELS", limit)
    noise = np.random.default_rng(5).integers(0, 256, (48, 64, 3), np.uint8)
    expected = io.BytesIO()
    Image.fromarray(noise).save(expected, name.upper(), quality=90, **effort if is_large else {})
    assert encode_picture(noise, name, 90) == expected.getvalue()
