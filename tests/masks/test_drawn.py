"""Strokes that a painting has as lines too, drawn at the photo's size where its pixels agree."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from segui.masks import drawn
from segui.masks.drawn import (
    KEYWORD,
    MOST_STROKES,
    as_text,
    at_size,
    read_drawn,
    strokes_of,
    text_in,
)
from segui.masks.files import read_painted
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set
from segui.masks.strokes import read_strokes

SMALL_HW, FACTOR = (60, 80), 6
FULL_HW = (SMALL_HW[0] * FACTOR, SMALL_HW[1] * FACTOR)
BRUSH, ERASER, OUTLINE = (0, 0), (0, 1), (1, 0)
PLAIN = [(10.5, 20.25), (60.25, 41.5)]


def covered(points, size, size_hw=FULL_HW, factor=FACTOR, fine=4) -> np.ndarray:
    """How much of each pixel is within a radius of a line of straight pieces, 0..1."""
    y, x = (np.mgrid[: size_hw[0] * fine, : size_hw[1] * fine] + 0.5) / fine
    nearest = np.full(x.shape, np.inf)
    ends = np.array(points, float) * factor
    for start, end in pairwise(ends):
        along = end - start
        length_2 = float(along @ along) or 1.0
        share = (((x - start[0]) * along[0] + (y - start[1]) * along[1]) / length_2).clip(0, 1)
        far = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
        nearest = np.minimum(nearest, far)
    inside = nearest <= size * factor / 2
    return inside.reshape(size_hw[0], fine, size_hw[1], fine).mean(axis=(1, 3))


def at_small(full: np.ndarray) -> np.ndarray:
    blocks = full.reshape(SMALL_HW[0], FACTOR, SMALL_HW[1], FACTOR)
    return np.rint(blocks.mean(axis=(1, 3)) * 255).astype(np.uint8)


def line(kind, size, hardness, points) -> list[float]:
    return [*kind, size, hardness, *(value for point in points for value in point)]


def saved(path: Path, pixels: np.ndarray, strokes: object) -> Path:
    beside = PngInfo()
    beside.add_text(KEYWORD, strokes if isinstance(strokes, str) else json.dumps(strokes))
    Image.fromarray(pixels).save(path, pnginfo=beside)
    return path


def read(path: Path) -> np.ndarray:
    soft = read_painted(path, FULL_HW).soft
    assert soft is not None
    return soft / 255


def edge_px(mask: np.ndarray) -> float:
    """How wide the edge of what was painted is: pixels in between, for each of its border's."""
    between = np.count_nonzero((mask > 0.05) & (mask < 0.95))
    border = np.count_nonzero(np.diff(mask > 0.5, axis=0)) + np.count_nonzero(
        np.diff(mask > 0.5, axis=1)
    )
    return between / border


@pytest.mark.long
@pytest.mark.parametrize("size", [1.5, 4, 12])
def test_a_stroke_has_the_photos_own_edge(tmp_path, size):
    expected = covered(PLAIN, size)
    pixels, stroke = at_small(expected), line(BRUSH, size, 100, PLAIN)
    sharp = read(saved(tmp_path / "a.png", pixels, [stroke]))
    assert np.abs(sharp - expected).max() <= 0.5
    assert np.abs(sharp - expected).sum() <= 0.03 * expected.sum() + 40
    Image.fromarray(pixels).save(tmp_path / "b.png")
    assert edge_px(sharp) < 2 < 3 < edge_px(read(tmp_path / "b.png"))


@pytest.mark.long
def test_strokes_lie_over_each_other_in_their_order(tmp_path):
    across = [(40.0, 5.0), (40.0, 55.0)]
    full = covered(PLAIN, 12) * (1 - covered(across, 8))
    strokes = [line(BRUSH, 12, 100, PLAIN), line(ERASER, 8, 100, across)]
    found = read(saved(tmp_path / "a.png", at_small(full), strokes))
    assert np.abs(found - full).max() <= 0.5
    assert edge_px(found) < 2


def test_an_outline_is_filled_along_its_line(tmp_path):
    corners = [(10.0, 10.0), (10.0, 10.0), (70.0, 15.0), (70.0, 15.0), (40.0, 50.0), (40.0, 50.0)]
    x, y = np.meshgrid(*((np.arange(side) + 0.5) / FACTOR for side in FULL_HW[::-1]))
    shape = [corners[0], corners[2], corners[4]]
    inside = np.ones(FULL_HW, bool)
    for (x1, y1), (x2, y2) in zip(shape, [*shape[1:], shape[0]], strict=True):
        inside &= (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) >= 0
    found = read(
        saved(tmp_path / "a.png", at_small(inside * 1.0), [line(OUTLINE, 9, 100, corners)])
    )
    assert np.count_nonzero((found > 0.5) != inside) <= 0.002 * inside.size
    assert edge_px(found) < 2


def test_a_soft_brush_fades_as_it_did(tmp_path):
    size, hardness = 20, 40
    y, x = (np.mgrid[: FULL_HW[0], : FULL_HW[1]] + 0.5) / FACTOR
    far = np.hypot(x - 40.25, y - 30.5)
    out = ((far - size / 2 * hardness / 100) / (size / 2 * (1 - hardness / 100))).clip(0, 1)
    expected = 1 - out * out * (3 - 2 * out)
    stroke = line(BRUSH, size, hardness, [(40.25, 30.5)])
    path = saved(tmp_path / "a.png", at_small(expected), [stroke])
    assert np.abs(read(path) - expected).max() <= 0.04
    (plane,) = at_size([at_small(expected)], strokes_of(path), FULL_HW)
    np.testing.assert_array_equal(read(path), plane / 255)
    assert plane[round(30.5 * FACTOR), round(40.25 * FACTOR)] == 255
    # alone it is not what is seen: nothing of it is scaled
    Image.fromarray(at_small(expected)).save(tmp_path / "b.png")
    assert not np.array_equal(read(path), read(tmp_path / "b.png"))


@pytest.mark.long
def test_what_is_faint_and_has_no_line_stays(tmp_path):
    pixels = at_small(covered(PLAIN, 4))
    pixels[45:55, 5:25] = np.linspace(30, 3, 20).astype(np.uint8)
    found = read(saved(tmp_path / "a.png", pixels, [line(BRUSH, 4, 100, PLAIN)]))
    assert np.allclose(found[50 * FACTOR, 8 * FACTOR], 26 / 255, atol=0.01)
    assert found[50 * FACTOR, 20 * FACTOR] > 0


@pytest.mark.long
def test_what_no_stroke_says_stays_as_it_was_painted(tmp_path):
    """What was filled, or painted by another program, beside a stroke that has a line."""
    lower = [(15.0, 50.0), (65.0, 50.0)]
    pixels = at_small(covered(lower, 8))
    pixels[5:25, 30:60] = 255
    found = read(saved(tmp_path / "a.png", pixels, [line(BRUSH, 8, 100, lower)]))
    Image.fromarray(pixels).save(tmp_path / "b.png")
    scaled = read(tmp_path / "b.png")
    np.testing.assert_array_equal(found[: 35 * FACTOR], scaled[: 35 * FACTOR])
    np.testing.assert_allclose(found[40 * FACTOR :], covered(lower, 8)[40 * FACTOR :], atol=0.5)


@pytest.mark.long
def test_a_stroke_that_its_picture_does_not_show_paints_nothing(tmp_path):
    pixels = at_small(covered(PLAIN, 4))
    strokes = [line(BRUSH, 4, 100, PLAIN), line(BRUSH, 12, 100, [(20.0, 50.0), (30.0, 50.0)])]
    found = read(saved(tmp_path / "a.png", pixels, strokes))
    assert not found[46 * FACTOR : 54 * FACTOR].any()


@pytest.mark.long
def test_on_a_mask_file_what_is_touched_has_the_photos_own_edge_too(tmp_path):
    added = covered(PLAIN, 10)
    taken = covered([(40.0, 5.0), (40.0, 55.0)], 6)
    cover, white = 1 - (1 - added) * (1 - taken), added * (1 - taken)
    small_cover, small_white = at_small(cover), at_small(white)
    grey = np.rint(255.0 * small_white / np.maximum(small_cover, 1)).clip(0, 255).astype(np.uint8)
    strokes = [line(BRUSH, 10, 100, PLAIN), line(ERASER, 6, 100, [(40.0, 5.0), (40.0, 55.0)])]
    path = saved(tmp_path / "a.png", np.dstack([grey, small_cover]), strokes)
    found = read_strokes(path, FULL_HW)
    assert np.abs(found.cover / 255 - cover).max() <= 0.5
    assert np.abs(found.added / 255 - white).max() <= 0.5
    assert edge_px(found.cover / 255) < 2


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[1]", "[[0,0,5,100]]", "[[0,0,5,100,1]]", "[[2,0,5,100,1,1]]",
        "[[0,0,0,100,1,1]]",
        "[[0,0,5,101,1,1]]", '[[0,0,5,100,1,"a"]]', "[[0,0,5,100,1,NaN]]", "[[0,0,5,100,1,1e9]]",
        "[[0,0,5,100,1,[2]]]", "[[0,0,1e400,100,1,1]]", "[[0,0,5,100,1,null]]", "no json",
        json.dumps([[0, 0, 5, 100, 1, 1]] * (MOST_STROKES + 1)),
    ],
)  # fmt: skip
def test_what_are_no_strokes_leave_the_picture_as_it_is(tmp_path, text):
    assert read_drawn(text) == ()
    pixels = at_small(covered(PLAIN, 4))
    Image.fromarray(pixels).save(tmp_path / "b.png")
    found = read(saved(tmp_path / "a.png", pixels, text))
    np.testing.assert_array_equal(found, read(tmp_path / "b.png"))


def test_strokes_come_back_as_they_were_written(tmp_path):
    strokes = [line(BRUSH, 4, 60, PLAIN), line(OUTLINE, 9, 100, [*PLAIN, (1.5, 2.5)])]
    path = saved(tmp_path / "a.png", np.zeros(SMALL_HW, np.uint8), strokes)
    text = text_in(path.read_bytes())
    assert json.loads(text) == strokes
    assert json.loads(as_text(read_drawn(text))) == strokes


def test_damage_in_a_painting_leaves_its_pixels(tmp_path):
    path = saved(tmp_path / "a.png", np.zeros(SMALL_HW, np.uint8), [line(BRUSH, 4, 60, PLAIN)])
    data = bytearray(path.read_bytes())
    data[data.index(b"tEXt") + 20] ^= 1
    assert text_in(bytes(data)) == ""
    assert [text_in(data[:end]) for end in (0, 7, 30, 50)] == [""] * 4


def test_strokes_that_would_take_too_long_are_not_drawn(tmp_path, monkeypatch):
    drawn_so_far = []
    monkeypatch.setattr(drawn, "_drawn", lambda *given: drawn_so_far.append(given))
    far = [(float(at % 2 * 80), float(at % 7 * 10)) for at in range(2000)]
    pixels = np.full(SMALL_HW, 255, np.uint8)
    path = saved(tmp_path / "a.png", pixels, [line(BRUSH, 80, 100, far)] * 10)
    assert len(strokes_of(path)) == 10
    soft = read_painted(path, (SMALL_HW[0] * 40, SMALL_HW[1] * 40)).soft
    assert (soft == 255).all()
    assert drawn_so_far == []


def mask_of(path: Path, **options) -> np.ndarray:
    """A painting given as one more mask file."""
    (mask,), _ = read_mask_set([path], Photo(FULL_HW), MaskSetOptions(**options))
    assert mask.soft is not None
    return mask.soft


@pytest.mark.long
@pytest.mark.parametrize("hardness", [100, 40])
def test_a_painting_given_as_a_mask_file_is_drawn_as_one_that_was_painted(tmp_path, hardness):
    stroke = line(BRUSH, 12, hardness, PLAIN)
    full = covered(PLAIN, 12)
    path = saved(tmp_path / "a.png", at_small(full), [stroke])
    painted = read_painted(path, FULL_HW).soft
    np.testing.assert_array_equal(mask_of(path), painted)
    np.testing.assert_array_equal(mask_of(path, invert=True), 255 - painted)
    (mask,), _ = read_mask_set([path], Photo(FULL_HW), MaskSetOptions())
    assert mask.notes[-2:] == (
        "it was scaled from 80 x 60 to 480 x 360",
        "what was painted was drawn anew, as its strokes say",
    )


def test_a_painting_that_is_all_or_nothing_is_drawn_anew_as_a_mask_file_too(tmp_path):
    square = [(10, 10), (40, 10), (40, 10), (40, 30), (40, 30), (10, 30), (10, 30), (10, 10)]
    pixels = np.zeros(SMALL_HW, np.uint8)
    pixels[10:30, 10:40] = 255
    path = saved(tmp_path / "a.png", pixels, [line(OUTLINE, 1, 100, square)])
    np.testing.assert_array_equal(mask_of(path), read_painted(path, FULL_HW).soft)


def test_a_painting_that_is_turned_is_scaled(tmp_path):
    full = covered(PLAIN, 12)
    plain, lines = tmp_path / "plain.png", tmp_path / "lines.png"
    saved(lines, at_small(full), [line(BRUSH, 12, 100, PLAIN)])
    Image.fromarray(at_small(full)).save(plain)
    np.testing.assert_array_equal(
        mask_of(lines, turn_masks="half"), mask_of(plain, turn_masks="half")
    )
