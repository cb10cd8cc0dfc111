"""Colour maps of thin lines, rings and corners that were drawn large and shrunk."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.masks.files import MaskFile, read_mask
from tests.masks.thin_maps import SIZE_WH, boxes_in, boxes_of, drawn_large

FILTERS = [one for one in Image.Resampling if one is not Image.Resampling.NEAREST]
SWINGS = (Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)


def read(folder: Path, pixels: np.ndarray | Image.Image) -> MaskFile:
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(folder / "map.png")
    return read_mask(folder / "map.png")


def assert_alike(mask: MaskFile, sharp: np.ndarray, levels: int) -> None:
    """The labels of the sharp map, by colours that differ so much at most, boxes within 2 px."""
    expected, found = boxes_of(sharp), boxes_in(mask)
    assert len(found) == len(expected), mask.notes
    for colour, box in expected.items():
        nearest = min(found, key=lambda one: np.abs(np.subtract(one, colour)).max())
        assert np.abs(np.subtract(nearest, colour)).max() <= levels
        assert np.abs(np.subtract(found[nearest], box)).max() <= 2, (colour, box)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("filter_", FILTERS, ids=lambda one: one.name.lower())
def test_lines_rings_and_corners_are_those_of_the_sharp_map(tmp_path, filter_, seed):
    large = drawn_large(seed, 2 + seed % 3)
    sharp = Image.fromarray(large).resize(SIZE_WH, Image.Resampling.NEAREST)
    mask = read(tmp_path, Image.fromarray(large).resize(SIZE_WH, filter_))
    assert_alike(mask, np.array(sharp), 20 if filter_ in SWINGS else 0)


@pytest.mark.long
@pytest.mark.parametrize("filter_", FILTERS, ids=lambda one: one.name.lower())
def test_a_map_of_lines_alone_has_a_label_for_each(tmp_path, filter_):
    large = np.zeros((880, 1200, 3), np.uint8)
    colours = ((200, 30, 40), (30, 190, 60), (40, 60, 230))
    for number, colour in enumerate(colours):
        cv2.line(large, (90, 100 + 240 * number), (1100, 230 + 240 * number), colour, 14)
    sharp = Image.fromarray(large).resize(SIZE_WH, Image.Resampling.NEAREST)
    mask = read(tmp_path, Image.fromarray(large).resize(SIZE_WH, filter_))
    assert_alike(mask, np.array(sharp), 20 if filter_ in SWINGS else 0)


@pytest.mark.long
@pytest.mark.parametrize("filter_", FILTERS, ids=lambda one: one.name.lower())
def test_a_line_whose_colour_is_a_blend_of_two_labels_elsewhere_stays_one(tmp_path, filter_):
    large = np.zeros((880, 1200, 3), np.uint8)
    cv2.rectangle(large, (60, 60), (500, 360), (240, 40, 40), -1)
    cv2.rectangle(large, (700, 60), (1140, 360), (40, 40, 240), -1)
    cv2.line(large, (80, 600), (1100, 760), (140, 40, 140), 16)
    sharp = Image.fromarray(large).resize(SIZE_WH, Image.Resampling.NEAREST)
    mask = read(tmp_path, Image.fromarray(large).resize(SIZE_WH, filter_))
    assert_alike(mask, np.array(sharp), 20 if filter_ in SWINGS else 0)


@pytest.mark.long
@pytest.mark.parametrize("filter_", FILTERS, ids=lambda one: one.name.lower())
@pytest.mark.parametrize("beyond", range(1, 4))
def test_what_an_edge_is_at_the_border_of_a_map_is_no_label(tmp_path, filter_, beyond):
    large = np.zeros((880, 1200, 3), np.uint8)
    large[300 : 880 - beyond, 200:600] = (216, 44, 20)
    large[: 40 + beyond, beyond:400] = (20, 90, 200)
    sharp = Image.fromarray(large).resize(SIZE_WH, Image.Resampling.NEAREST)
    mask = read(tmp_path, Image.fromarray(large).resize(SIZE_WH, filter_))
    assert_alike(mask, np.array(sharp), 0)


@pytest.mark.long
@pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
def test_a_row_or_column_at_the_border_of_a_sharp_map_is_a_label(tmp_path, side):
    pixels = np.zeros((220, 300, 3), np.uint8)
    pixels[60:150, 70:210] = (216, 44, 20)
    row = {"top": (0, slice(40, 260)), "bottom": (-1, slice(40, 260))}
    column = {"left": (slice(30, 200), 0), "right": (slice(30, 200), -1)}
    pixels[{**row, **column}[side]] = (108, 22, 10)  # as dark as half of the other
    assert_alike(read(tmp_path, pixels), pixels, 0)


@pytest.mark.long
@pytest.mark.parametrize("levels", [24, 40])
@pytest.mark.parametrize("filter_", FILTERS, ids=lambda one: one.name.lower())
def test_lines_whose_colours_are_near_each_other_stay_apart(tmp_path, filter_, levels):
    large = np.zeros((880, 1200, 3), np.uint8)
    for number in range(3):
        colour = (200, 60 + levels * number, 90)
        cv2.line(large, (90, 120 + 250 * number), (1100, 200 + 250 * number), colour, 20)
    sharp = Image.fromarray(large).resize(SIZE_WH, Image.Resampling.NEAREST)
    mask = read(tmp_path, Image.fromarray(large).resize(SIZE_WH, filter_))
    assert_alike(mask, np.array(sharp), 11 if filter_ in SWINGS else 0)


@pytest.mark.long
def test_shading_that_no_labels_explain_is_left_as_it_is(tmp_path):
    y, x = np.mgrid[:220, :300]
    pixels = np.zeros((220, 300, 3), np.uint8)
    pixels[20:200, 150:280] = (30, 160, 60)
    shade = np.hypot(x - 70, y - 110) < 60
    pixels[shade] = np.stack([x // 2 * 2, 255 - y // 2 * 2, x // 2 + 60], axis=2)[shade]
    mask = read(tmp_path, pixels)
    assert len(mask.names) == len(boxes_of(pixels))
    assert not any("its edges fade:" in note for note in mask.notes)
