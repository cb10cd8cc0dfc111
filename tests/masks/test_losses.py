"""Colour maps that were saved as JPEG and WebP: the labels are those of the sharp map."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.masks.files import MaskFile, read_mask
from segui.masks.notes import AS_EXACT, AS_SOFT, offers_of
from tests.masks.thin_maps import boxes_in, boxes_of, drawn_large

QUALITIES = (75, 80, 90, 95)
HALF, WHOLE = 2, 0  # how Pillow is told at which size JPEG keeps colours


def read(folder: Path, pixels: np.ndarray, quality: int, sampling: int = HALF) -> MaskFile:
    path = folder / "map.jpg"
    Image.fromarray(pixels).save(path, quality=quality, subsampling=sampling)
    return read_mask(path)


def triangles(ground: tuple[int, int, int]) -> np.ndarray:
    """Corners of 12 to 100 degrees, some over others."""
    pixels = np.full((220, 300, 3), ground, np.uint8)
    cv2.fillPoly(pixels, [np.array([(20, 30), (140, 42), (20, 60)])], (147, 51, 0))
    cv2.fillPoly(pixels, [np.array([(180, 200), (280, 150), (290, 205)])], (68, 129, 196))
    cv2.fillPoly(pixels, [np.array([(30, 200), (100, 90), (130, 205)])], (96, 190, 0))
    cv2.fillPoly(pixels, [np.array([(170, 40), (280, 20), (250, 110)])], (180, 20, 160))
    return cv2.fillPoly(pixels, [np.array([(150, 130), (170, 60), (200, 140)])], (250, 190, 40))


def assert_same_boxes(mask: MaskFile, sharp: np.ndarray, within_px: int = 2) -> None:
    """As many labels, each of nearly the colour, in the boxes of the sharp map."""
    expected, found = boxes_of(sharp), boxes_in(mask)
    assert len(found) == len(expected), mask.notes
    for colour, box in expected.items():
        nearest = min(found, key=lambda one: np.abs(np.subtract(one, colour)).max())
        assert np.abs(np.subtract(nearest, colour)).max() <= 24
        assert np.abs(np.subtract(found[nearest], box)).max() <= within_px, (colour, box)


@pytest.mark.long
@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("sampling", [HALF, WHOLE])
@pytest.mark.parametrize("ground", [(0, 0, 0), (40, 90, 160)])
def test_thin_corners_of_a_jpeg_make_no_labels_of_their_own(tmp_path, ground, sampling, quality):
    sharp = triangles(ground)
    mask = read(tmp_path, sharp, quality, sampling)
    # the last 5 px of a corner of 12 degrees are thinner than one
    assert_same_boxes(mask, sharp, 6)
    assert len(mask.names) == len(boxes_of(sharp))


@pytest.mark.long
@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("sampling", [HALF, WHOLE])
def test_discs_and_boxes_of_a_jpeg_have_the_boxes_of_the_sharp_map(tmp_path, sampling, quality):
    sharp = np.zeros((220, 300, 3), np.uint8)
    cv2.circle(sharp, (70, 70), 45, (230, 40, 30), -1)
    cv2.circle(sharp, (120, 90), 40, (30, 80, 220), -1)  # over the other one
    sharp[120:200, 180:280] = (40, 180, 90)
    sharp[30:70, 200:270], sharp[70:100, 200:270] = (240, 200, 60), (120, 40, 160)
    assert_same_boxes(read(tmp_path, sharp, quality, sampling), sharp)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_lines_and_rings_of_a_jpeg_are_those_of_the_sharp_map(tmp_path, seed):
    sharp = drawn_large(seed, 1, levels=100)
    assert_same_boxes(read(tmp_path, sharp, 92, WHOLE), sharp)


@pytest.mark.long
def test_a_lossy_webp_is_read_alike(tmp_path):
    sharp = triangles((0, 0, 0))
    Image.fromarray(sharp).save(tmp_path / "map.webp", quality=85)
    assert_same_boxes(read_mask(tmp_path / "map.webp"), sharp, 6)


def test_what_went_to_a_label_beside_it_is_said(tmp_path):
    mask = read(tmp_path, triangles((0, 0, 0)), 85)
    assert mask.notes[0] == "read as labels: 5 of them"
    start, _, end = mask.notes[1].partition(" pixels ")
    assert int(start.removeprefix("its format changes colours on saving: ")) > 1000
    assert end == (
        "went to the label most like them, and labels that hardly differ are one. "
        "A PNG keeps them apart"
    )
    assert offers_of(mask.notes[1]) == (AS_EXACT, AS_SOFT)


@pytest.mark.long
def test_a_shade_is_no_map(tmp_path):
    y, x = np.mgrid[:220, :300]
    shade = np.stack([x * 255 // 300, y * 255 // 220, 255 - x * 255 // 300], axis=2)
    data = io.BytesIO()
    Image.fromarray(shade.astype(np.uint8)).save(data, "JPEG", quality=90)
    (tmp_path / "map.jpg").write_bytes(data.getvalue())
    with Image.open(data) as image:
        count = len(image.getcolors(1 << 24))
    with pytest.raises(InputError) as caught:
        read_mask(tmp_path / "map.jpg")
    assert str(caught.value) == (
        f"map.jpg has {count} colours, as its format changes them on saving: "
        "save the label map as PNG, or ask for soft to read its brightness"
    )


def saved_once(pixels: np.ndarray, how: str, quality: int, sampling: int = HALF) -> np.ndarray:
    """What a format with losses makes of a map."""
    data = io.BytesIO()
    options = {} if how == "WEBP" else {"subsampling": sampling}
    Image.fromarray(pixels).save(data, how, quality=quality, **options)
    with Image.open(data) as image:
        return np.asarray(image.convert("RGB"))


def read_png(folder: Path, pixels: np.ndarray) -> MaskFile:
    Image.fromarray(pixels).save(folder / "map.png")
    return read_mask(folder / "map.png")


@pytest.mark.long
@pytest.mark.parametrize("how", ["JPEG", "WEBP"])
@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("ground", [(0, 0, 0), (40, 90, 160)])
def test_a_map_that_had_losses_once_is_read_alike_as_png(tmp_path, ground, quality, how):
    sharp = triangles(ground)
    mask = read_png(tmp_path, saved_once(sharp, how, quality))
    assert_same_boxes(mask, sharp, 6)
    start, _, end = mask.notes[1].partition(" pixels ")
    assert int(start.removeprefix("it was saved with losses once, as JPEG or WebP: ")) > 1000
    assert end == (
        "went to the label most like them, and labels that hardly differ are one. "
        "The map before that keeps them apart"
    )
    assert offers_of(mask.notes[1]) == (AS_EXACT, AS_SOFT)


@pytest.mark.long
def test_asked_for_exactly_earlier_losses_are_kept(tmp_path):
    pixels = saved_once(triangles((0, 0, 0)), "JPEG", 95)
    count = len({*map(tuple, pixels.reshape(-1, 3).tolist())})
    Image.fromarray(pixels).save(tmp_path / "map.png")
    assert len(read_mask(tmp_path / "map.png", kind="exact").names) == count - 1


def test_black_that_losses_left_at_a_pictures_middle_is_nothing(tmp_path):
    sharp = np.full((200, 240, 3), (200, 40, 60), np.uint8)
    sharp[40:160, 50:190], sharp[70:120, 90:150] = (2, 0, 1), (40, 190, 90)
    mask = read_png(tmp_path, saved_once(sharp, "JPEG", 90))
    assert len(mask.names) == 2
    assert any(note.endswith("is what became of black, and nothing") for note in mask.notes)


@pytest.mark.parametrize("sigma", [1, 2, 4])
def test_a_wide_brush_is_no_loss(tmp_path, sigma):
    mask = read_png(tmp_path, cv2.GaussianBlur(triangles((0, 0, 0)), (0, 0), sigma))
    assert not any("with losses" in note for note in mask.notes)


def test_numbers_in_one_channel_that_hardly_differ_are_no_losses(tmp_path):
    numbers = np.kron(np.arange(48).reshape(6, 8), np.ones((25, 25), int)).astype(np.uint8)
    numbers[::50] = 255
    pixels = np.dstack([numbers, numbers * 0, numbers * 0])
    mask = read_png(tmp_path, pixels)
    assert mask.notes == ("read as labels: 48 of them",)


@pytest.mark.long
@pytest.mark.parametrize("dither", [Image.Dither.NONE, Image.Dither.FLOYDSTEINBERG])
@pytest.mark.parametrize("count", [36, 64, 256])
@pytest.mark.parametrize("by", ["png", "gif"])
def test_soft_edges_that_were_saved_with_few_colours_make_no_labels(tmp_path, by, count, dither):
    sharp = triangles((0, 0, 0))
    large = cv2.resize(sharp, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    soft = Image.fromarray(large).resize((300, 220), Image.Resampling.BICUBIC)
    few = soft.quantize(palette=soft.quantize(count), dither=dither)
    few.save(tmp_path / f"map.{by}")
    mask = read_mask(tmp_path / f"map.{by}")
    assert_same_boxes(mask, sharp, 6)
    assert mask.notes[1].startswith("its colours were made few on saving: ")
    assert mask.notes[1].endswith("A PNG without a palette keeps them apart")
    assert offers_of(mask.notes[1]) == (AS_EXACT, AS_SOFT)
    exact = read_mask(tmp_path / f"map.{by}", kind="exact")
    assert exact.source == "palette"
