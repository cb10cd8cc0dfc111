"""Photos from files, and files from photos."""

import io
import shutil
import struct
import warnings
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from segui.errors import InputError, SizeError
from segui.images.decoding import BAD_PROFILE
from segui.images.limits import ReadLimits
from segui.images.opening import as_array, grey_to_8_bit, header_size
from segui.images.pictures import (
    GUESSED_INK,
    UNFIT_PROFILE,
    Picture,
    aspect_agrees,
    encode_jpeg,
    encode_png,
    fit_picture,
    match_profile,
    read_picture,
    shrink,
    write_png,
    write_preview,
)
from tests.counts import examples

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)

# R G B
# W R G    as an array
COLOURS = np.array([[RED, GREEN, BLUE], [WHITE, RED, GREEN]], np.uint8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
@pytest.mark.parametrize("size_wh", [(1, 1), (3, 700), (2048, 400), (300_000, 3)])
def test_an_array_is_what_numpy_makes_of_the_image(mode, size_wh):
    width, height = size_wh
    values = np.arange(width * height, dtype=np.uint32).reshape(height, width) * 2654435761 >> 24
    image = Image.fromarray(values.astype(np.uint8)).convert(mode)
    array, expected = as_array(image), np.array(image)
    assert array.dtype == expected.dtype
    assert array.flags.writeable
    assert np.array_equal(array, expected)


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def png_header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")


def png_16_bit(pixels: np.ndarray) -> bytes:
    """Pillow cannot write colours of 16 bits; a PNG of stored rows is a few lines."""
    height, width, channels = pixels.shape
    rows = pixels.astype(">u2").reshape(height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    header = png_header(width, height, 16, {3: 2, 4: 6}[channels])[:33]
    data = zlib.compress(raw)
    checksum = struct.pack(">I", zlib.crc32(b"IDAT" + data))
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    return header + struct.pack(">I", len(data)) + b"IDAT" + data + checksum + end


@cache  # a profile holds the second in which it was made
def swapped_profile() -> bytes:
    """An sRGB profile whose red and green primaries have changed places."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", data, 128)[0]
    entries = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = entries[b"rXYZ"], entries[b"gXYZ"]
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


@cache
def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@cache
def lab_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


RARE_TOO = ReadLimits(rare_formats=True)


class TestReading:
    def test_rgb_is_read_as_it_is_into_a_new_writable_array(self, tmp_path: Path) -> None:
        picture = read_picture(saved(tmp_path / "a.png", Image.fromarray(COLOURS)))
        np.testing.assert_array_equal(picture.pixels, COLOURS)
        assert picture.size_hw == (2, 3)
        assert picture.icc_profile is None
        assert picture.notes == ()
        assert picture.pixels.flags.writeable
        assert picture.pixels.flags.c_contiguous

    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "LAB"])
    def test_modes_without_alpha_become_rgb(self, tmp_path: Path, mode: str) -> None:
        white = Image.new("RGB", (3, 2), "white")
        if mode == "LAB":  # a and b are 0 at 128
            image = Image.merge("LAB", [Image.new("L", (3, 2), v) for v in (255, 128, 128)])
        else:
            image = white.convert(mode)
        suffix = "tif" if mode in ("CMYK", "LAB") else "png"
        picture = read_picture(saved(tmp_path / f"a.{suffix}", image))
        np.testing.assert_allclose(picture.pixels, np.full((2, 3, 3), 255), atol=1)

    @pytest.mark.parametrize("mode", ["LA", "RGBA"])
    def test_modes_with_alpha_become_rgba(self, tmp_path: Path, mode: str) -> None:
        image = Image.new("RGBA", (3, 2), (90, 90, 90, 40)).convert(mode)
        picture = read_picture(saved(tmp_path / "a.png", image))
        assert picture.pixels.shape == (2, 3, 4)
        assert picture.pixels[0, 0].tolist() == [90, 90, 90, 40]

    def test_a_transparent_palette_index_becomes_alpha(self, tmp_path: Path) -> None:
        image = Image.fromarray(np.array([[0, 1, 2]], np.uint8)).convert("P")
        image.putpalette([*RED, *GREEN, *BLUE])
        opaque = read_picture(saved(tmp_path / "a.png", image))
        clear = read_picture(saved(tmp_path / "b.png", image, transparency=1))
        soft = read_picture(saved(tmp_path / "c.png", image, transparency=b"\xff\x80\x00"))
        assert opaque.pixels.tolist() == [[[*RED], [*GREEN], [*BLUE]]]
        assert clear.pixels[0, :, 3].tolist() == [255, 0, 255]
        assert soft.pixels[0, :, 3].tolist() == [255, 128, 0]

    def test_a_transparent_colour_becomes_alpha(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.png", Image.fromarray(COLOURS), transparency=RED)
        alpha = read_picture(path).pixels[..., 3]
        assert alpha.tolist() == [[0, 255, 255], [255, 0, 255]]

    @pytest.mark.parametrize("suffix", ["bmp", "gif", "webp", "tif", "ppm", "tga", "jpg", "avif"])
    def test_common_formats_are_read(self, tmp_path: Path, suffix: str) -> None:
        image = Image.new("RGB", (16, 16), (200, 30, 60))
        picture = read_picture(saved(tmp_path / f"a.{suffix}", image), limits=RARE_TOO)
        np.testing.assert_allclose(
            picture.pixels, np.broadcast_to([200, 30, 60], (16, 16, 3)), atol=6
        )

    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "webp"])
    def test_exif_orientation_is_applied(
        self, tmp_path: Path, orientation: int, suffix: str
    ) -> None:
        # a dark block in the corner that each orientation puts elsewhere
        pixels = np.full((16, 32, 3), 255, np.uint8)
        pixels[:8, :8] = 0
        exif = Image.Exif()
        exif[0x0112] = orientation
        options = {"lossless": True} if suffix == "webp" else {}
        image = Image.fromarray(pixels)
        path = saved(tmp_path / f"a.{suffix}", image, exif=exif, **options)
        expected = {
            1: pixels,
            2: pixels[:, ::-1],
            3: pixels[::-1, ::-1],
            4: pixels[::-1],
            5: pixels.swapaxes(0, 1),
            6: np.rot90(pixels, -1),
            7: np.rot90(pixels, 2).swapaxes(0, 1),
            8: np.rot90(pixels, 1),
        }[orientation]
        np.testing.assert_array_equal(read_picture(path).pixels, expected)

    def test_a_broken_exif_block_does_not_matter(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.jpg", Image.fromarray(COLOURS), exif=b"Exif\0\0MM\0*\0\0\xff")
        assert read_picture(path).size_hw == (2, 3)

    @pytest.mark.parametrize("kind", ["gif", "png", "webp", "avif", "tif", "mpo"])
    def test_of_several_pictures_the_first_is_read_and_said(
        self, tmp_path: Path, kind: str
    ) -> None:
        frames = [Image.new("RGB", (16, 16), colour) for colour in (RED, GREEN)]
        path = saved(tmp_path / f"a.{kind}", frames[0], save_all=True, append_images=frames[1:])
        picture = read_picture(path)
        np.testing.assert_allclose(picture.pixels[8, 8], RED, atol=3)
        assert picture.notes == ("it has more than one picture: the first is read",)

    def test_a_tiff_that_begins_with_a_small_copy_says_so(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tif"
        Image.fromarray(COLOURS).save(path, tiffinfo={254: 1})
        assert read_picture(path).notes == (
            "the first of its pictures is read, which is a small copy of another one in it",
        )

    @pytest.mark.parametrize("compression", ["png", "tif"])
    def test_a_bomb_of_single_bits_is_refused_by_its_header(
        self, tmp_path: Path, compression: str
    ) -> None:
        path = tmp_path / f"a.{compression}"
        if compression == "png":
            path.write_bytes(png_header(30_000, 30_000, depth=1, colour=0))
        else:
            Image.new("1", (8, 8)).save(path)
            data = path.read_bytes()
            sides = struct.pack("<HHIHH", 256, 4, 1, 8, 0), struct.pack("<HHIHH", 257, 4, 1, 8, 0)
            for side in sides:
                assert side in data
                data = data.replace(side, side[:8] + struct.pack("<I", 30_000))
            path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            read_picture(path)
        assert str(caught.value) == (
            f"{path.name} is 30000 x 30000, 900 megapixels: at most 50 are read"
        )


class TestDepth:
    def test_16_bit_grey_is_scaled_and_said(self, tmp_path: Path) -> None:
        values = np.array([[0, 128, 129, 257, 32768, 65535]], np.uint16)
        picture = read_picture(saved(tmp_path / "a.png", Image.fromarray(values)))
        assert picture.pixels[0, :, 0].tolist() == [0, 0, 1, 1, 128, 255]
        assert picture.notes == ("this 16-bit picture is read as 8-bit",)

    @pytest.mark.parametrize("channels", [3, 4])
    def test_16_bit_colour_is_scaled_and_said(self, tmp_path: Path, channels: int) -> None:
        path = tmp_path / "a.png"
        path.write_bytes(png_16_bit(np.full((2, 3, channels), 257 * 90, np.uint16)))
        picture = read_picture(path)
        np.testing.assert_array_equal(picture.pixels, np.full((2, 3, channels), 90, np.uint8))
        assert picture.notes == ("this 16-bit picture is read as 8-bit",)

    def test_16_bit_tiff_and_pgm_are_scaled_and_said(self, tmp_path: Path) -> None:
        image = Image.fromarray(np.full((2, 3), 257 * 90, np.uint16))
        for path in (saved(tmp_path / "a.tif", image), saved(tmp_path / "a.pgm", image)):
            picture = read_picture(path, limits=RARE_TOO)
            np.testing.assert_array_equal(picture.pixels, np.full((2, 3, 3), 90, np.uint8))
            assert picture.notes == ("this 16-bit picture is read as 8-bit",)

    def test_a_16_bit_ppm_is_said(self, tmp_path: Path) -> None:
        path = tmp_path / "a.ppm"
        path.write_bytes(b"P6 1 1 65535\n" + struct.pack(">HHH", 65535, 0, 257 * 90))
        picture = read_picture(path, limits=RARE_TOO)
        assert picture.pixels.tolist() == [[[255, 0, 90]]]
        assert picture.notes == ("this 16-bit picture is read as 8-bit",)

    def test_a_float_tiff_from_0_to_1_is_scaled(self, tmp_path: Path) -> None:
        values = np.array([[0, 0.5, 1, np.nan, -1]], np.float32)
        picture = read_picture(saved(tmp_path / "a.tif", Image.fromarray(values)))
        assert picture.pixels[0, :, 1].tolist() == [0, 128, 255, 0, 0]
        assert picture.notes == ("this 32-bit picture is read as 8-bit",)

    def test_16_bits_are_rounded_to_nearest(self) -> None:
        values = np.arange(65536)
        scaled = grey_to_8_bit(values.astype(np.uint16).reshape(256, 256))
        np.testing.assert_array_equal(scaled.ravel(), np.rint(values / 257))

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            (np.array([[-5, 0, 257, 65535]], np.int32), [0, 0, 1, 255]),
            (np.array([[0, 2**31 - 1]], np.int32), [0, 255]),
            (np.array([[0, 51, 255]], np.float32), [0, 51, 255]),
            (np.array([[0, 65535]], np.float32), [0, 255]),
            (np.array([[0, np.inf]], np.float32), [0, 255]),
        ],
    )
    def test_wider_greys_are_scaled_by_the_range_that_holds_them(
        self, values: np.ndarray, expected: list[int]
    ) -> None:
        assert grey_to_8_bit(values).tolist() == [expected]


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("name", "data", "message"),
        [
            ("a.png", b"", "a.png is empty"),
            (
                "a.png",
                b"just some text, renamed",
                "a.png is not an image that can be read: try PNG, JPEG, WebP or TIFF",
            ),
            (
                "a.eps",
                b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n",
                "a.eps is not an image that can be read: try PNG, JPEG, WebP or TIFF",
            ),
            (
                "a.png",
                png_header(100_000, 100_000),
                "a.png is 100000 x 100000, 10000 megapixels: at most 50 are read",
            ),
            (
                "a.png",
                png_header(10_000, 9_999),
                "a.png is 10000 x 9999, 100 megapixels: at most 50 are read",
            ),
            (
                "a.png",
                png_header(8, 8)[:30] + b"?" * 30,
                "a.png is damaged or incomplete: it cannot be read",
            ),
            ("a.png", png_header(8, 8), "a.png is damaged or incomplete: it cannot be read"),
        ],
        ids=[
            "empty",
            "text",
            "eps",
            "bomb",
            "over Pillow's own limit",
            "broken header",
            "no pixels",
        ],
    )
    def test_a_sentence_says_what_is_wrong(
        self, tmp_path: Path, name: str, data: bytes, message: str
    ) -> None:
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            read_picture(path)
        assert str(caught.value) == message

    def test_a_missing_file_and_a_folder_are_said_by_name_alone(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"^gone\.png is not there$"):
            read_picture(tmp_path / "gone.png")
        (tmp_path / "folder").mkdir()
        with pytest.raises(InputError, match=r"^folder is a folder, not an image$"):
            read_picture(tmp_path / "folder")
        with pytest.raises(InputError, match=r"cannot be opened$"):
            read_picture("a\0b.png")

    @pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tif", "gif", "bmp"])
    def test_a_truncated_file_is_damaged(self, tmp_path: Path, suffix: str) -> None:
        noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
        path = saved(tmp_path / f"a.{suffix}", Image.fromarray(noise))
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(InputError, match=rf"^a\.{suffix} is"):
            read_picture(path)

    def test_the_limit_is_what_the_caller_says(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.png", Image.new("RGB", (40, 50)))
        assert read_picture(path, max_megapixels=0.002).size_hw == (50, 40)
        message = r"^a\.png is 40 x 50, 0\.002 megapixels: at most 0\.0019 are read$"
        with pytest.raises(InputError, match=message):
            read_picture(path, max_megapixels=0.0019)

    def test_a_limit_above_pillows_own_holds_without_a_warning(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = saved(tmp_path / "a.png", Image.new("RGB", (1000, 500)))
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 300_000)  # a strip has fewer
        assert read_picture(path).size_hw == (500, 1000)

    def test_what_pillow_would_warn_of_is_read_in_silence(self, tmp_path: Path) -> None:
        path = saved(tmp_path / "a.jpg", Image.fromarray(COLOURS))
        data = path.read_bytes()
        # an index of several pictures that is no such index
        path.write_bytes(data[:2] + b"\xff\xe2\x00\x0eMPF\0nonsense" + data[2:])
        with pytest.warns(UserWarning, match="malformed MPO"):
            Image.open(path).close()
        assert read_picture(path).size_hw == (2, 3)

    def test_warning_filters_are_left_as_they_were(self, tmp_path: Path) -> None:
        before = list(warnings.filters)
        read_picture(saved(tmp_path / "a.png", Image.fromarray(COLOURS)))
        assert list(warnings.filters) == before


# no method: another module runs it too, and hypothesis wants one class for a method
@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    suffix=st.sampled_from(["png", "jpg", "webp", "tif", "gif", "bmp", "ppm", "tga", "ico"]),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
    end=st.integers(1, 1000),
)
def test_damage_anywhere_gives_a_picture_or_a_sentence(
    tmp_path: Path, suffix: str, changes: list[tuple[int, int]], end: int
) -> None:
    buffer = io.BytesIO()
    names = {"jpg": "jpeg", "tif": "tiff"}
    Image.fromarray(COLOURS).resize((16, 16)).save(buffer, names.get(suffix, suffix))
    data = bytearray(buffer.getvalue())
    for at, value in changes:
        data[at % len(data)] = value
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data[:end])
    try:
        pixels, message = read_picture(path, max_megapixels=1, limits=RARE_TOO).pixels, ""
    except InputError as error:
        pixels, message = COLOURS, str(error)
    assert pixels.dtype == np.uint8
    assert str(tmp_path) not in message


class TestProfiles:
    def test_an_rgb_profile_is_kept(self, tmp_path: Path) -> None:
        image = Image.fromarray(COLOURS)
        path = saved(tmp_path / "a.png", image, icc_profile=swapped_profile())
        assert read_picture(path).icc_profile == swapped_profile()

    def test_a_reference_in_another_profile_is_converted(self) -> None:
        reference = Picture(COLOURS, swapped_profile())
        before = COLOURS.copy()
        converted = match_profile(reference, Picture(COLOURS))
        # red and green primaries change places, so red as the file has it is green to the eye
        swapped = np.array([[GREEN, RED, BLUE], [WHITE, GREEN, RED]])
        np.testing.assert_allclose(converted.pixels, swapped, atol=1)
        assert converted.icc_profile is None
        assert converted.notes == (
            "its colours were converted: both profiles are called sRGB, but they differ",
        )
        np.testing.assert_array_equal(COLOURS, before)

    def test_alpha_stays_when_colours_are_converted(self) -> None:
        alpha = np.array([[[0], [9], [255]], [[7], [8], [1]]], np.uint8)
        reference = Picture(np.concatenate([COLOURS, alpha], axis=2), swapped_profile())
        converted = match_profile(reference, Picture(COLOURS))
        np.testing.assert_array_equal(converted.pixels[..., 3:], alpha)
        assert converted.pixels.flags.c_contiguous

    def test_the_same_profile_gives_the_same_object(self) -> None:
        picture = Picture(COLOURS, swapped_profile())
        assert match_profile(picture, Picture(COLOURS, swapped_profile())) is picture

    def test_an_srgb_profile_and_none_leave_every_pixel_as_it_is(self) -> None:
        picture = Picture(COLOURS, srgb_profile())
        matched = match_profile(picture, Picture(COLOURS))
        assert matched.pixels is picture.pixels
        assert matched.icc_profile is None
        assert matched.notes == ()

    @pytest.mark.parametrize("broken", [b"", b"nonsense", b"\0" * 200])
    def test_a_broken_profile_is_said_and_changes_nothing(self, broken: bytes) -> None:
        for picture, like in [
            (Picture(COLOURS, broken), Picture(COLOURS)),
            (Picture(COLOURS), Picture(COLOURS, broken)),
        ]:
            matched = match_profile(picture, like)
            assert matched.pixels is picture.pixels
            assert matched.notes == (
                "a colour profile cannot be read: the colours are left as they are",
            )

    def test_a_profile_that_does_not_fit_is_ignored(self, tmp_path: Path) -> None:
        profile = bytearray(srgb_profile())
        profile[16:20] = b"CMYK"
        path = saved(tmp_path / "a.png", Image.fromarray(COLOURS), icc_profile=bytes(profile))
        picture = read_picture(path)
        np.testing.assert_array_equal(picture.pixels, COLOURS)
        assert picture.icc_profile is None
        assert picture.notes == ("its colour profile does not fit it and was ignored",)

    @pytest.mark.parametrize(
        ("profile", "notes"),
        [
            (None, ()),
            (lab_profile(), ("its CIELAB colours were converted to sRGB",)),
            (srgb_profile(), ("its colour profile does not fit it and was ignored",)),
        ],
        ids=["none", "its own", "for RGB"],
    )
    def test_cielab_becomes_srgb_and_no_profile_stays(
        self, tmp_path: Path, profile: bytes | None, notes: tuple[str, ...]
    ) -> None:
        red = Image.merge("LAB", [Image.new("L", (3, 2), v) for v in (115, 190, 171)])
        more = {} if profile is None else {"icc_profile": profile}
        picture = read_picture(saved(tmp_path / "a.tif", red, **more))
        assert np.abs(picture.pixels.astype(int) - (200, 40, 40)).max() <= 2
        assert picture.icc_profile is None
        assert picture.notes == notes

    @pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp", "avif"])
    @pytest.mark.parametrize("kept", [0.05, 0.5, 0.9])
    def test_a_damaged_profile_does_not_come_into_the_result(
        self, tmp_path: Path, suffix: str, kept: float
    ) -> None:
        profile = srgb_profile()[: int(kept * len(srgb_profile()))]
        image = Image.new("RGB", (16, 16), (200, 30, 60))
        picture = read_picture(saved(tmp_path / f"a.{suffix}", image, icc_profile=profile))
        np.testing.assert_allclose(picture.pixels[8, 8], [200, 30, 60], atol=6)
        assert picture.icc_profile is None
        assert picture.notes in {(BAD_PROFILE,), (UNFIT_PROFILE,)}

    @pytest.mark.parametrize("at", [-6, 0, 3, 20, 22, 40])
    def test_a_png_whose_profile_cannot_be_unpacked_is_read_without_it(
        self, tmp_path: Path, at: int
    ) -> None:
        path = saved(tmp_path / "a.png", Image.fromarray(COLOURS), icc_profile=srgb_profile())
        data = bytearray(path.read_bytes())
        data[data.index(b"iCCP") + 13 + at] ^= 0x5A
        path.write_bytes(data)
        picture = read_picture(path)
        np.testing.assert_array_equal(picture.pixels, COLOURS)
        assert picture.notes == (BAD_PROFILE,)
        assert header_size(path, max_megapixels=1) == (3, 2)

    def test_a_profile_that_is_called_srgb_and_is_not_counts_and_is_said(
        self, tmp_path: Path
    ) -> None:
        image = Image.fromarray(COLOURS)
        picture = read_picture(saved(tmp_path / "a.png", image, icc_profile=swapped_profile()))
        assert picture.notes == (
            "its colour profile is called sRGB, but has other colours: they count",
        )
        assert picture.icc_profile == swapped_profile()

    def test_cmyk_with_a_profile_for_rgb_is_said_to_be_a_guess(self, tmp_path: Path) -> None:
        image = Image.new("CMYK", (8, 8))
        picture = read_picture(saved(tmp_path / "a.jpg", image, icc_profile=srgb_profile()))
        assert picture.icc_profile is None
        assert picture.notes == (
            "it is CMYK, its colour profile is for RGB: its colours are a guess",
        )

    def test_a_broken_cmyk_profile_is_ignored(self, tmp_path: Path) -> None:
        profile = b"\0" * 16 + b"CMYK" + b"\0" * 200
        image = Image.new("CMYK", (2, 2))
        picture = read_picture(saved(tmp_path / "a.tif", image, icc_profile=profile))
        assert picture.pixels.tolist() == [[[*WHITE]] * 2] * 2
        assert picture.notes == ("its colour profile cannot be read and was ignored", GUESSED_INK)

    @pytest.mark.parametrize("space", [b"GRAY", b"Lab "])
    def test_cmyk_whose_profile_is_for_other_colours_is_a_guess(self, tmp_path, space) -> None:
        profile = b"\0" * 16 + space + b"\0" * 200
        path = saved(tmp_path / "a.tif", Image.new("CMYK", (2, 2)), icc_profile=profile)
        assert read_picture(path).notes == (UNFIT_PROFILE, GUESSED_INK)

    def test_cmyk_without_a_profile_is_said_to_be_a_guess(self, tmp_path: Path) -> None:
        picture = read_picture(saved(tmp_path / "a.jpg", Image.new("CMYK", (8, 8))))
        assert picture.notes == ("it is CMYK without a colour profile: its colours are a guess",)

    @pytest.mark.parametrize("mode", ["L", "LA"])
    def test_grey_with_a_grey_profile_becomes_srgb(self, tmp_path: Path, mode: str) -> None:
        image = Image.new("LA", (2, 1), (128, 77)).convert(mode)
        picture = read_picture(saved(tmp_path / "a.png", image, icc_profile=grey_profile()))
        assert picture.icc_profile is None
        assert picture.notes == ("its grey colours were converted to sRGB",)
        # gamma 1: half the light is 188 in sRGB
        np.testing.assert_allclose(picture.pixels[0, 0, :3], [188] * 3, atol=1)
        assert picture.pixels.shape == (1, 2, len(mode) + 2)
        if mode == "LA":
            assert picture.pixels[0, 0, 3] == 77


def grey_profile() -> bytes:
    """The smallest grey profile: gamma 1, D50 white."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
    curve = b"curv\0\0\0\0" + struct.pack(">I", 0)
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"grey\0" + b"\0" * 79
    body, table = b"", b""
    start = 128 + 4 + 12 * 3
    for tag, data in ((b"wtpt", white), (b"kTRC", curve), (b"desc", text)):
        table += tag + struct.pack(">2I", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    size = start + len(body)
    header = struct.pack(">I", size) + b"\0" * 4 + b"\x02\x40\0\0" + b"mntrGRAYXYZ "
    header += b"\0" * 12 + b"acsp" + b"\0" * 28 + struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
    return header.ljust(128, b"\0") + struct.pack(">I", 3) + table + body


class TestFitting:
    def test_the_same_size_gives_the_same_object(self) -> None:
        picture = Picture(COLOURS)
        assert fit_picture(picture, (2, 3)) is picture

    def test_another_size_is_refused_with_both_sizes_width_first(self) -> None:
        with pytest.raises(InputError) as caught:
            fit_picture(Picture(COLOURS), (768, 1024), name="edited version")
        assert str(caught.value) == (
            "the edited version is 3 x 2, the photo 1024 x 768: their sizes must match"
        )
        assert type(caught.value) is InputError

    def test_another_size_of_the_same_proportions_is_an_error_of_its_own(self) -> None:
        with pytest.raises(SizeError) as caught:
            fit_picture(Picture(COLOURS), (4, 6))
        assert str(caught.value) == (
            "the reference is 3 x 2, the photo 6 x 4: their sizes must match"
        )

    def test_another_size_is_scaled_when_asked_and_said(self) -> None:
        picture = Picture(np.full((2, 3, 4), (70, 80, 90, 255), np.uint8), b"profile", ("before",))
        fitted = fit_picture(picture, (4, 6), scale=True)
        np.testing.assert_array_equal(fitted.pixels, np.full((4, 6, 4), (70, 80, 90, 255)))
        assert fitted.icc_profile == b"profile"
        assert fitted.notes == ("before", "it was scaled from 3 x 2 to 6 x 4")

    @pytest.mark.parametrize(
        ("a_hw", "b_hw", "agrees"),
        [
            ((600, 800), (768, 1024), True),
            ((600, 800), (600, 816), True),
            ((600, 800), (600, 817), False),
            ((600, 800), (800, 600), False),
            ((1, 1), (5000, 5000), True),
        ],
    )
    def test_proportions_agree_within_2_percent(
        self, a_hw: tuple[int, int], b_hw: tuple[int, int], agrees: bool
    ) -> None:
        assert aspect_agrees(a_hw, b_hw) is agrees
        assert aspect_agrees(b_hw, a_hw) is agrees


@pytest.mark.parametrize(
    ("pixels", "message"),
    [
        (np.zeros((2, 3), np.uint8), "(2, 3) uint8"),
        (np.zeros((2, 3, 3), np.float32), "(2, 3, 3) float32"),
        (np.zeros((0, 3, 3), np.uint8), "(0, 3, 3) uint8"),
    ],
)
def test_a_picture_of_another_kind_of_array_is_refused(pixels: np.ndarray, message: str) -> None:
    with pytest.raises(InputError) as caught:
        Picture(pixels)
    assert str(caught.value) == f"a picture is (H, W, 3) or (H, W, 4) uint8: got {message}"


class TestWriting:
    @pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4), (1, 1), (1, 1, 4)])
    @pytest.mark.parametrize("profile", [None, b"any bytes"])
    def test_a_png_comes_back_bit_for_bit(
        self, tmp_path: Path, shape: tuple[int, ...], profile: bytes | None
    ) -> None:
        pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
        write_png(tmp_path / "a.png", pixels, icc_profile=profile)
        with Image.open(tmp_path / "a.png") as image:
            np.testing.assert_array_equal(np.asarray(image), pixels)
            assert image.info.get("icc_profile") == profile

    def test_a_view_into_another_array_is_written_too(self) -> None:
        pixels = np.random.default_rng(1).integers(0, 256, (6, 8, 3), np.uint8)
        view = pixels[::2, ::-1]
        with Image.open(io.BytesIO(encode_png(view))) as image:
            np.testing.assert_array_equal(np.asarray(image), view)

    def test_the_picture_read_back_is_the_picture_written(self, tmp_path: Path) -> None:
        write_png(tmp_path / "a.png", COLOURS, icc_profile=swapped_profile())
        picture = read_picture(tmp_path / "a.png")
        np.testing.assert_array_equal(picture.pixels, COLOURS)
        assert picture.icc_profile == swapped_profile()

    @pytest.mark.parametrize("write", [encode_png, encode_jpeg])
    def test_other_arrays_are_refused(self, write: object) -> None:
        with pytest.raises(InputError, match=r"got \(2, 2, 2\) uint8$"):
            write(np.zeros((2, 2, 2), np.uint8))
        with pytest.raises(InputError, match=r"got \(2, 2\) float32$"):
            write(np.zeros((2, 2), np.float32))


class TestPreviews:
    def test_the_longer_side_is_shrunk_and_the_file_is_a_jpeg(self, tmp_path: Path) -> None:
        write_preview(tmp_path / "a.jpg", np.full((300, 100, 3), 90, np.uint8), 30)
        with Image.open(tmp_path / "a.jpg") as image:
            assert (image.format, image.size) == ("JPEG", (10, 30))

    @pytest.mark.parametrize("max_side", [1024, None])
    def test_a_small_picture_keeps_its_size_and_its_profile(self, max_side: int | None) -> None:
        data = encode_jpeg(COLOURS, max_side=max_side, icc_profile=srgb_profile())
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == (3, 2)
            assert image.info["icc_profile"] == srgb_profile()

    @pytest.mark.parametrize("length", [1, 65519, 65520, 200_000])
    def test_a_profile_of_any_length_comes_back(self, length: int) -> None:
        profile = np.random.default_rng(length).bytes(length)
        with Image.open(io.BytesIO(encode_jpeg(COLOURS, icc_profile=profile))) as image:
            image.load()
            assert image.info["icc_profile"] == profile

    def test_a_profile_too_long_for_a_jpeg_is_left_out(self) -> None:
        with Image.open(io.BytesIO(encode_jpeg(COLOURS, icc_profile=bytes(17_000_000)))) as image:
            assert "icc_profile" not in image.info

    @pytest.mark.parametrize("quality", [1, 85, 95])
    def test_the_pixels_are_those_that_pillow_would_write(self, quality: int) -> None:
        pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
        with Image.open(buffer) as expected:
            data = encode_jpeg(pixels, quality=quality)
            with Image.open(io.BytesIO(data)) as image:
                np.testing.assert_allclose(
                    np.asarray(image, int), np.asarray(expected, int), atol=2
                )

    def test_transparency_is_seen_as_a_checkerboard(self) -> None:
        clear = np.zeros((16, 16, 4), np.uint8)
        clear[..., :3] = RED
        with Image.open(io.BytesIO(encode_jpeg(clear, quality=95))) as image:
            pixels = np.asarray(image)
        np.testing.assert_allclose(pixels[4, 4], [255] * 3, atol=3)
        np.testing.assert_allclose(pixels[4, 12], [204] * 3, atol=3)
        np.testing.assert_allclose(pixels[12, 12], [255] * 3, atol=3)

    def test_hidden_colours_do_not_bleed_when_shrunk(self) -> None:
        pixels = np.zeros((4, 4, 4), np.uint8)
        pixels[:, ::2] = (*RED, 255)
        pixels[:, 1::2] = (*GREEN, 0)
        np.testing.assert_array_equal(shrink(pixels, 2), np.full((2, 2, 4), [255, 0, 0, 128]))

    def test_shrinking_averages(self) -> None:
        pixels = np.array([[0, 100], [100, 200]], np.uint8)
        assert shrink(pixels, 1).tolist() == [[100]]

    def test_a_long_thin_picture_keeps_a_pixel(self) -> None:
        assert shrink(np.zeros((1, 5000, 3), np.uint8), 100).shape == (1, 100, 3)

    def test_what_is_small_enough_is_copied(self) -> None:
        same = shrink(COLOURS, 3)
        np.testing.assert_array_equal(same, COLOURS)
        assert not np.shares_memory(same, COLOURS)


def test_a_file_with_the_wrong_ending_is_read_by_its_content(tmp_path: Path) -> None:
    png = saved(tmp_path / "a.png", Image.fromarray(COLOURS))
    path = Path(shutil.copy(png, tmp_path / "photo.jpg"))
    np.testing.assert_array_equal(read_picture(path).pixels, COLOURS)


def test_a_pictures_size_is_read_from_its_header_alone(tmp_path):
    path = tmp_path / "photo.png"
    Image.fromarray(np.arange(105, dtype=np.uint8).reshape(5, 7, 3)).save(path)
    path.write_bytes(path.read_bytes()[:-5])
    assert header_size(path, max_megapixels=1) == (7, 5)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "photo.png is empty"),
        (b"text", "photo.png is not an image that can be read: try PNG, JPEG, WebP or TIFF"),
        (b"\x89PNG\r\n\x1a\n", "photo.png is damaged or incomplete: it cannot be read"),
    ],
)
def test_what_has_no_header_has_no_size(tmp_path, content, sentence):
    path = tmp_path / "photo.png"
    path.write_bytes(content)
    with pytest.raises(InputError) as said:
        header_size(path, max_megapixels=1)
    assert str(said.value) == sentence
