"""Which way up a picture is read, by whatever its file says it with, and what is said of that."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.images.lying import PhotoTurn, one_after_the_other, turned_from, upright
from segui.images.orientation import BROKEN_EXIF, BY_EXIF, BY_XMP
from segui.images.pictures import NO_XMP, read_picture
from segui.masks.files import read_mask
from segui.masks.notes import Offer, offers_of
from segui.paste_values import PasteOptions
from segui.pipeline import open_scene
from segui.rendering import render

FORMATS = ["jpg", "png", "webp", "tif"]
XMP = {
    "attribute": '<x tiff:Orientation="{}"/>',
    "attribute with blanks": "<x tiff:Orientation = '{}' />",
    "element": "<tiff:Orientation>{}</tiff:Orientation>",
}
# a light block in the corner that each orientation puts elsewhere
PIXELS = np.zeros((16, 32, 3), np.uint8)
PIXELS[:8, :8] = 255
UPRIGHT = {
    1: PIXELS,
    2: PIXELS[:, ::-1],
    3: PIXELS[::-1, ::-1],
    4: PIXELS[::-1],
    5: PIXELS.swapaxes(0, 1),
    6: np.rot90(PIXELS, -1),
    7: np.rot90(PIXELS, 2).swapaxes(0, 1),
    8: np.rot90(PIXELS, 1),
}


def saved(path: Path, *, xmp: str = "", exif: int | bytes = 0) -> Path:
    """The pixels in a file that says which way up it is by either, by both or by none."""
    options: dict[str, object] = {"quality": 95}
    if path.suffix == ".tif":
        options = {"tiffinfo": {700: xmp.encode()} if xmp else {}}
        if exif:
            options["tiffinfo"][0x0112] = exif
    else:
        if xmp and path.suffix == ".png":
            text = PngInfo()
            text.add_itxt("XML:com.adobe.xmp", xmp)
            options["pnginfo"] = text
        elif xmp:
            options["xmp"] = xmp.encode()
        if isinstance(exif, bytes):
            options["exif"] = exif
        elif exif:
            block = Image.Exif()
            block[0x0112] = exif
            options["exif"] = block
    Image.fromarray(PIXELS).save(path, **options)
    return path


def assert_reads(path: Path, expected: np.ndarray, notes: tuple[str, ...]) -> None:
    picture = read_picture(path)
    assert picture.notes == notes
    assert picture.size_hw == expected.shape[:2]
    np.testing.assert_array_equal(picture.pixels > 127, expected > 127)


@pytest.mark.parametrize("form", XMP)
@pytest.mark.parametrize("suffix", FORMATS)
def test_xmp_turns_a_picture_without_exif_and_that_is_said(tmp_path, suffix, form):
    path = saved(tmp_path / f"a.{suffix}", xmp=XMP[form].format(6))
    assert_reads(path, UPRIGHT[6], (BY_XMP,))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_xmp_knows_all_orientations_and_the_first_needs_no_word(tmp_path, orientation):
    path = saved(tmp_path / "a.png", xmp=XMP["element"].format(orientation))
    assert_reads(path, UPRIGHT[orientation], () if orientation == 1 else (BY_XMP,))


@pytest.mark.parametrize("form", XMP)
@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("exif", [1, 3])
def test_where_both_speak_exif_counts_and_nothing_is_turned_twice(tmp_path, suffix, form, exif):
    path = saved(tmp_path / f"a.{suffix}", xmp=XMP[form].format(6), exif=exif)
    assert_reads(path, UPRIGHT[exif], (BY_EXIF,))
    path = saved(tmp_path / f"b.{suffix}", xmp=XMP[form].format(exif), exif=exif)
    assert_reads(path, UPRIGHT[exif], ())


def test_an_avif_says_it_in_a_place_of_its_own_and_its_xmp_is_stale(tmp_path):
    xmp = XMP["attribute"].format(6)
    assert_reads(saved(tmp_path / "a.avif", xmp=xmp), PIXELS, ())
    assert_reads(saved(tmp_path / "b.avif", xmp=xmp, exif=8), UPRIGHT[8], ())


@pytest.mark.parametrize("said", ["0", "9", "66", "", "six"])
def test_an_orientation_that_there_is_not_turns_nothing(tmp_path, said):
    path = saved(tmp_path / "a.png", xmp=XMP["attribute"].format(said), exif=9)
    assert_reads(path, PIXELS, ())


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_a_broken_exif_block_is_said_and_xmp_is_asked_instead(tmp_path, suffix):
    broken = b"Exif\0\0" + b"no such block"
    path = saved(tmp_path / f"a.{suffix}", exif=broken)
    assert_reads(path, PIXELS, (BROKEN_EXIF,))
    path = saved(tmp_path / f"b.{suffix}", exif=broken, xmp=XMP["element"].format(8))
    assert_reads(path, UPRIGHT[8], (BY_XMP,))


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
@pytest.mark.parametrize("most", [9, 16, 22])
def test_an_exif_block_that_is_cut_short_is_said_to_be_damaged(tmp_path, suffix, most):
    block = Image.Exif()
    block[0x0112] = 6
    path = saved(tmp_path / f"a.{suffix}", exif=block.tobytes()[:most])
    assert_reads(path, PIXELS, (BROKEN_EXIF,))
    path = saved(tmp_path / f"b.{suffix}", exif=Image.Exif().tobytes())
    assert_reads(path, PIXELS, ())


@pytest.mark.parametrize("place", ["exif", "APP1"])
def test_exif_where_imagemagick_keeps_it_in_a_png_counts(tmp_path, place):
    block = Image.Exif()
    block[0x0112] = 6
    text = PngInfo()
    text.add_text(
        f"Raw profile type {place}", f"\nexif\n{len(block.tobytes())}\n{block.tobytes().hex()}"
    )
    Image.fromarray(PIXELS).save(tmp_path / "a.png", pnginfo=text)
    assert_reads(tmp_path / "a.png", UPRIGHT[6], ())


def test_a_mask_is_turned_as_a_photo_is(tmp_path):
    mask = read_mask(saved(tmp_path / "a.png", xmp=XMP["element"].format(6)))
    np.testing.assert_array_equal(mask.soft, UPRIGHT[6][..., 0])
    assert mask.notes[-1] == BY_XMP


@pytest.mark.parametrize("told", [{"exif": 6}, {"xmp": XMP["element"].format(6)}])
def test_what_is_painted_on_a_turned_photo_lands_where_it_was_painted(tmp_path, told):
    photo = saved(tmp_path / "photo.png", **told)
    painted = np.zeros((32, 16), np.uint8)  # the painter has what the page shows: upright
    painted[20:30, 2:14] = 255
    Image.fromarray(painted).save(tmp_path / "painted.png")
    scene = open_scene(Inputs(photo, painted=tmp_path / "painted.png"), SegmentOptions(drop_size=1))
    assert [tuple(item.bbox) for item in scene.segments.items] == [(2, 20, 14, 30)]
    result = render(scene, scene.segments, PasteOptions(effect="invert", feather=0))
    np.testing.assert_array_equal(result != UPRIGHT[6], np.dstack([painted > 0] * 3))


@pytest.mark.parametrize("first", range(1, 9))
@pytest.mark.parametrize("second", range(1, 9))
def test_two_turns_are_one_and_each_can_be_taken_back(first, second):
    done = upright(UPRIGHT[first], second)
    np.testing.assert_array_equal(UPRIGHT[one_after_the_other(first, second)], done)
    np.testing.assert_array_equal(turned_from(UPRIGHT[first], first, second), UPRIGHT[second])


# what each choice makes of a picture that lies as its file says
ASKED = {
    "right": lambda pixels: np.rot90(pixels, -1),
    "left": lambda pixels: np.rot90(pixels, 1),
    "half": lambda pixels: np.rot90(pixels, 2),
    "mirror": lambda pixels: pixels[:, ::-1],
}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("exif", range(1, 9))
def test_a_photo_is_turned_otherwise_where_that_is_asked_for(tmp_path, suffix, exif):
    path = saved(tmp_path / f"a.{suffix}", exif=exif, xmp=XMP["element"].format(5))
    expected = {how: turn(UPRIGHT[exif]) for how, turn in ASKED.items()}
    expected |= {"auto": UPRIGHT[exif], "none": PIXELS, "xmp": UPRIGHT[5]}
    assert {*expected} == {*get_args(PhotoTurn)}
    for how, pixels in expected.items():
        picture = read_picture(path, turn=how)
        np.testing.assert_array_equal(picture.pixels > 127, pixels > 127)
        np.testing.assert_array_equal(UPRIGHT[picture.orientation], pixels)


def test_what_was_asked_for_is_said_in_place_of_what_was_decided(tmp_path):
    path = saved(tmp_path / "a.png", exif=6, xmp=XMP["element"].format(8))
    said = {how: read_picture(path, turn=how).notes for how in get_args(PhotoTurn)}
    stored = "from how it is stored, as asked for"
    assert said == {
        "auto": (BY_EXIF,),
        "xmp": (BY_XMP,),
        "none": ("it is left as stored, as asked for",),
        "right": (f"it is turned by 180 degrees {stored}",),
        "left": ("it is left as stored, as asked for",),
        "half": (f"it is turned by 90 degrees to the left {stored}",),
        "mirror": (f"it is turned and mirrored {stored}",),
    }
    without = saved(tmp_path / "b.png", exif=6)
    assert read_picture(without, turn="xmp").notes == (NO_XMP,)


def test_where_how_a_photo_lies_was_decided_a_button_takes_it_otherwise(tmp_path):
    broken = b"Exif\0\0" + b"no such block"
    xmp = XMP["element"].format(8)
    files = {
        "both": saved(tmp_path / "both.png", exif=6, xmp=xmp),
        "xmp": saved(tmp_path / "xmp.png", xmp=xmp),
        "broken": saved(tmp_path / "broken.png", exif=broken),
        "plain": saved(tmp_path / "plain.png", exif=6),
    }

    def offered(photo: Path, turn: PhotoTurn = "auto") -> list[str]:
        options = SegmentOptions(turn_photo=turn, finder="colours", drop_size=1)
        notes = open_scene(Inputs(photo), options).notes
        offers = [one for note in notes for one in offers_of(note) if note.startswith("photo: ")]
        assert all(isinstance(one, Offer) and one.option == "turn_photo" for one in offers)
        return [one.value for one in offers]

    assert {name: offered(file) for name, file in files.items()} == {
        "both": ["xmp", "none"],
        "xmp": ["none"],
        "broken": ["right", "left", "half"],
        "plain": [],
    }
    for turn in [one for one in get_args(PhotoTurn) if one != "auto"]:
        assert offered(files["plain"], turn) == ["auto"]


@pytest.mark.parametrize("turn", get_args(PhotoTurn))
@pytest.mark.parametrize("exif", [1, 6, 7])
def test_a_mask_of_the_stored_file_is_turned_as_the_photo_was_asked_to_be(tmp_path, exif, turn):
    photo = saved(tmp_path / "photo.png", exif=exif, xmp=XMP["element"].format(5))
    Image.fromarray(PIXELS[..., 0]).save(tmp_path / "mask.png")
    options = SegmentOptions(turn_photo=turn, turn_masks="exif", drop_size=1)
    scene = open_scene(Inputs(photo, (tmp_path / "mask.png",)), options)
    result = render(scene, scene.segments, PasteOptions(effect="colour", feather=0))
    assert len(scene.segments.items) == 1
    assert not result.any()  # the light block has the mask, and is black now
