"""Pictures with more pixels than allowed, opened at the largest size that is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from segui.errors import InputError, LargeError
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.images.limits import ReadLimits
from segui.images.opening import decode_megapixels, header_size
from segui.images.pictures import read_picture
from segui.images.smaller import opened_wh
from segui.masks.files import read_mask
from segui.pipeline import open_scene
from segui.settings import Settings

AVERAGED = ReadLimits(shrink="average")
SIZE = (160, 120)
MOST = 0.0048  # megapixels: a quarter of what the pictures have


def drawn() -> np.ndarray:
    """A smooth picture with an edge."""
    down, across = np.mgrid[: SIZE[1], : SIZE[0]]
    pixels = np.stack([across * 1.5, down * 2.0, 255 - across], axis=2)
    pixels[40:80, 50:110] = (200, 40, 20)
    return pixels.astype(np.uint8)


@pytest.fixture
def saved(tmp_path):
    """Writes the picture in a mode and format; gives its path."""

    def save(name="photo.png", mode="RGB", **how):
        path = tmp_path / name
        Image.fromarray(drawn()).convert(mode).save(path, **how)
        return path

    return save


@given(width=st.integers(1, 40_000), height=st.integers(1, 40_000), most=st.floats(0.0001, 60))
def test_the_size_is_the_largest_of_its_proportions_that_is_allowed(width, height, most):
    across, down = opened_wh((width, height), most)
    assert 1 <= across <= width
    assert 1 <= down <= height
    assert across * down <= most * 1e6
    if (across, down) == (width, height):
        return
    assert width * height > most * 1e6
    if min(across, down) > 1:
        assert across * height == pytest.approx(down * width, abs=max(width, height))
        assert (across + 1) * (down + 1) > most * 1e6


@pytest.mark.parametrize(
    ("name", "mode"),
    [("a.png", "RGB"), ("a.png", "P"), ("a.tif", "CMYK"), ("a.webp", "RGB"), ("a.jpg", "RGB"),
     ("a.png", "RGBA"), ("a.png", "L"), ("a.png", "LA"), ("a.gif", "P"), ("a.jpg", "CMYK")],
)  # fmt: skip
def test_a_photo_is_what_a_good_filter_makes_of_it(name, mode, saved):
    path = saved(name, mode)
    whole = read_picture(path)
    small = read_picture(path, max_megapixels=MOST, limits=AVERAGED)
    assert small.size_hw == (60, 80)
    assert set(small.notes) - set(whole.notes) == {"160 x 120, opened at 80 x 60"}
    expected = Image.fromarray(whole.pixels).resize((80, 60), Image.Resampling.LANCZOS)
    off = np.abs(small.pixels.astype(float) - np.asarray(expected))
    assert off.mean() < (4 if name == "a.jpg" else 1)


def test_deep_grey_is_averaged_at_its_depth(tmp_path):
    values = (np.arange(160 * 120).reshape(120, 160) * 3).astype(np.uint16)
    Image.fromarray(values).save(tmp_path / "deep.png")
    small = read_picture(tmp_path / "deep.png", max_megapixels=MOST, limits=AVERAGED)
    whole = read_picture(tmp_path / "deep.png")
    expected = Image.fromarray(whole.pixels).resize((80, 60), Image.Resampling.LANCZOS)
    assert np.abs(small.pixels.astype(int) - np.asarray(expected)).max() <= 2


def test_what_is_hidden_under_alpha_0_bleeds_nowhere(tmp_path):
    pixels = np.zeros((120, 160, 4), np.uint8)
    pixels[:, :79] = (255, 0, 0, 255)
    pixels[:, 79:] = (0, 255, 0, 0)
    Image.fromarray(pixels).save(tmp_path / "cut.png")
    small = read_picture(tmp_path / "cut.png", max_megapixels=MOST, limits=AVERAGED).pixels
    assert small[small[..., 3] > 8][:, 1].max() <= 1


@pytest.mark.parametrize(("mode", "clear"), [("RGB", (30, 30, 30)), ("L", 30)])
def test_a_colour_that_is_transparent_is_so_at_its_rim_in_part(mode, clear, tmp_path):
    pixels = np.full((120, 160), 200, np.uint8)
    pixels[40:80, 50:110] = 30
    path = tmp_path / "clear.png"
    Image.fromarray(pixels).convert(mode).save(path, transparency=clear)
    assert (read_picture(path).pixels[45:75, 55:105, 3] == 0).all()
    small = read_picture(path, max_megapixels=0.01, limits=AVERAGED).pixels  # 115 x 86
    assert (small[32:54, 40:75, 3] == 0).all()
    assert small[:25, :, 3].min() == 255
    assert len(np.unique(small[30:56, 34:82, 3])) > 2


@pytest.mark.parametrize("turn", [3, 6, 8])
@pytest.mark.parametrize("name", ["turned.jpg", "turned.png"])
def test_a_turned_photo_is_turned_then_too(turn, name, saved):
    exif = Image.Exif()
    exif[274] = turn
    path = saved(name, exif=exif)
    whole = read_picture(path)
    small = read_picture(path, max_megapixels=MOST, limits=AVERAGED)
    assert small.orientation == whole.orientation == turn
    assert small.size_hw == tuple(side // 2 for side in whole.size_hw)
    expected = Image.fromarray(whole.pixels).resize(small.size_hw[::-1], Image.Resampling.LANCZOS)
    assert np.abs(small.pixels.astype(float) - np.asarray(expected)).mean() < 4


def test_a_picture_within_the_limit_is_as_it_was(saved):
    path = saved()
    small = read_picture(path, max_megapixels=0.0192, limits=AVERAGED)
    assert np.array_equal(small.pixels, drawn())
    assert small.notes == ()


def test_labels_of_a_mask_stay_the_numbers_that_they_were(tmp_path):
    values = np.zeros((120, 160), np.uint8)
    values[11:50, 11:60], values[61:110, 71:150] = 3, 7
    Image.fromarray(values).save(tmp_path / "map.png")
    # exactly what the file has: a blend would be a label of its own
    mask = read_mask(tmp_path / "map.png", kind="exact", max_megapixels=MOST, limits=AVERAGED)
    assert mask.labels.shape == (60, 80)
    assert np.unique(mask.labels).tolist() == [0, 3, 7]
    assert "160 x 120, opened at 80 x 60" in mask.notes


def test_what_is_offered_is_what_is_opened(saved):
    path = saved()
    with pytest.raises(LargeError) as refused:
        read_picture(path, max_megapixels=0.01)
    assert str(refused.value) == (
        "photo.png is 160 x 120, 0.0192 megapixels: at most 0.01 are read"
    )
    smaller = refused.value.smaller_wh
    assert smaller == (115, 86)
    how = {"max_megapixels": 0.01, "limits": AVERAGED}
    assert read_picture(path, **how).size_hw == smaller[::-1]
    assert header_size(path, **how) == smaller
    assert decode_megapixels(path, **how) == pytest.approx(115 * 86 / 1e6)


@pytest.mark.parametrize("limits", [ReadLimits(), AVERAGED])
def test_more_than_four_times_the_limit_is_refused_and_nothing_is_offered(limits, saved):
    path = saved()
    most = "0.0188" if limits.shrink else "0.0047"
    with pytest.raises(InputError, match=f"at most {most} are read") as refused:
        read_picture(path, max_megapixels=0.0047, limits=limits)
    assert not isinstance(refused.value, LargeError)


def test_photo_mask_and_edited_version_of_one_size_fit_when_all_are_made_smaller(saved, tmp_path):
    mask = np.zeros((120, 160), np.uint8)
    mask[40:80, 50:110] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    inputs = Inputs(saved(), (tmp_path / "mask.png",), saved("edited.jpg", quality=95))
    limits = Settings(max_megapixels=0.01)
    with pytest.raises(LargeError):
        open_scene(inputs, SegmentOptions(), limits)
    scene = open_scene(inputs, SegmentOptions(shrink=True), limits)
    assert scene.photo.size_hw == scene.reference.size_hw == (86, 115)
    (area,) = scene.segments.items
    expected = (50 * 115 / 160, 40 * 86 / 120, 110 * 115 / 160, 80 * 86 / 120)
    assert area.bbox == pytest.approx(expected, abs=1)
    assert "photo: 160 x 120, opened at 115 x 86" in scene.notes


def test_outlines_in_a_file_of_the_large_size_fit_too(saved, tmp_path):
    shape = '{"label": "car", "points": [[50, 40], [110, 80]], "shape_type": "rectangle"}'
    text = f'{{"imageWidth": 160, "imageHeight": 120, "shapes": [{shape}]}}'
    (tmp_path / "shapes.json").write_text(text, encoding="utf-8")
    inputs = Inputs(saved(), (tmp_path / "shapes.json",))
    scene = open_scene(inputs, SegmentOptions(shrink=True), Settings(max_megapixels=0.01))
    (area,) = scene.segments.items
    expected = (50 * 115 / 160, 40 * 86 / 120, 110 * 115 / 160, 80 * 86 / 120)
    assert area.bbox == pytest.approx(expected, abs=1)


def test_a_server_may_do_so_without_being_asked(saved):
    limits = Settings(max_megapixels=0.01, shrink=True)
    scene = open_scene(Inputs(saved()), SegmentOptions(finder="colours"), limits)
    assert scene.photo.size_hw == (86, 115)
