"""Transparency as it comes: several files of one set, stray pixels, painted layers, canvases."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.finders.from_files import segments_of_masks
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.masks.files import read_mask
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set
from segui.settings import Settings

SIZE_HW = (100, 120)


def saved(path: Path, alpha: np.ndarray, colours: np.ndarray | int = 255) -> Path:
    planes = np.zeros((*SIZE_HW, 4), np.uint8)
    planes[..., :3] = colours
    planes[..., 3] = alpha
    Image.fromarray(planes).save(path)
    return path


def box(x1: int, y1: int, x2: int, y2: int, inside: int = 255, outside: int = 0) -> np.ndarray:
    alpha = np.full(SIZE_HW, outside, np.uint8)
    alpha[y1:y2, x1:x2] = inside
    return alpha


def found(*paths: Path):
    segments, notes = segments_of_masks(
        Inputs(Path(), paths), SIZE_HW, SegmentOptions(), Settings()
    )
    return [tuple(one.bbox) for one in segments.items], notes


def test_one_file_of_a_set_is_not_turned_round_alone(tmp_path):
    small = saved(tmp_path / "a.png", box(10, 10, 40, 40))
    large = saved(tmp_path / "b.png", box(5, 5, 115, 95))
    boxes, notes = found(small, large)
    assert boxes == [(5, 5, 115, 95), (10, 10, 40, 40)]
    assert notes == [
        "a.png: read from transparency: opaque is selected",
        "b.png: read from transparency: transparent is selected, as more than half is opaque",
        "b.png: its transparency is read as that of the other files, the other way round",
    ]


@pytest.mark.parametrize("kind", ["auto", "soft", "labels", "exact"])
@pytest.mark.parametrize("invert", [False, True])
def test_a_set_has_one_meaning_however_it_is_read(tmp_path, kind, invert):
    alphas = [box(10, 10, 40, 40), box(5, 5, 115, 95)]
    paths = [saved(tmp_path / f"{number}.png", alpha) for number, alpha in enumerate(alphas)]
    masks, _ = read_mask_set(paths, Photo(SIZE_HW), MaskSetOptions(kind, invert))
    for alpha, mask in zip(alphas, masks, strict=True):
        values = mask.soft if mask.labels is None else mask.labels
        assert np.array_equal(values > 0, (alpha == 255) != invert)


def test_where_most_are_over_half_opaque_transparent_is_selected_in_all(tmp_path):
    places = ((10, 10, 40, 40), (50, 10, 80, 40), (2, 2, 118, 80))
    paths = [
        saved(tmp_path / f"{number}.png", box(*place, inside=0, outside=255))
        for number, place in enumerate(places)
    ]
    assert sorted(found(*paths)[0]) == sorted(places)


@pytest.mark.parametrize("kind", ["one colour", "photo"])
def test_an_opaque_file_with_stray_pixels_is_no_mask(tmp_path, kind):
    random = np.random.default_rng(0)
    alpha = np.full(SIZE_HW, 255, np.uint8)
    alpha.reshape(-1)[random.choice(alpha.size, 20, replace=False)] = random.integers(0, 200, 20)
    colours = 255 if kind == "one colour" else random.integers(0, 256, (*SIZE_HW, 3))
    mask = read_mask(saved(tmp_path / "a.png", alpha, colours))
    assert mask.notes == (
        "read as no mask: it is opaque but for 20 odd pixels",
        "nothing is marked in this mask",
    )


def test_stray_pixels_of_the_alpha_do_not_hide_the_mask_of_the_colours(tmp_path):
    alpha = box(7, 7, 9, 9, inside=0, outside=255)
    mask = read_mask(saved(tmp_path / "a.png", alpha, box(20, 20, 60, 70)[..., None]))
    assert np.array_equal(mask.soft, box(20, 20, 60, 70))
    assert mask.notes[-1] == "it is opaque but for 4 odd pixels: ignored"


def test_a_small_hole_that_somebody_cut_is_a_mask(tmp_path):
    mask = read_mask(saved(tmp_path / "a.png", box(50, 50, 55, 54, inside=0, outside=255)))
    assert np.array_equal(mask.soft, box(50, 50, 55, 54))


@pytest.mark.parametrize("flips", [False, True])
def test_a_painted_layer_of_alpha_1_outside_and_254_inside_is_one_area(tmp_path, flips):
    alpha = np.full(SIZE_HW, 1, np.uint8)
    cv2.circle(alpha, (60, 50), 25, 254, -1)
    colours = np.where(alpha[..., None] > 1, 255, np.zeros((*SIZE_HW, 3), np.uint8))
    if flips:
        bits = np.random.default_rng(0).integers(0, 2, colours.shape)
        colours = np.where(colours > 0, colours - bits, colours)
    boxes, _ = found(saved(tmp_path / "a.png", alpha, colours))
    assert boxes == [(35, 25, 86, 76)]
