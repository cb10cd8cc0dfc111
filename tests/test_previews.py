import numpy as np
import pytest

from segui import Segments
from segui.previews import STROKES, draw_segments, outlines, thumbnail
from tests.drawn import levels, picture, rectangle, segment


def photo(height, width, channels=3):
    return levels(picture(height, width, channels=channels))[0].numpy()


def grey(height, width):
    return np.full((height, width, 3), 128, np.uint8)


def share_of(drawn, colour):
    return int((np.abs(drawn.astype(int) - colour).max(axis=2) < 12).sum())


def test_the_overview_is_shrunk_and_never_enlarged():
    segments = Segments((300, 600), [segment((50, 50, 200, 200))])
    assert draw_segments(photo(300, 600), segments, ["filtered"], 200).shape == (100, 200, 3)
    assert draw_segments(photo(300, 600), segments, ["filtered"], 2000).shape == (300, 600, 3)


def test_what_is_filtered_has_a_full_line_and_what_remains_a_dashed_one():
    segments = Segments((300, 300), [segment((50, 50, 250, 250))])
    lengths = {}
    for side, stroke in STROKES.items():
        drawn = draw_segments(grey(300, 300), segments, [side])
        lengths[side] = share_of(drawn, stroke.colour)
    assert lengths["filtered"] > 1.5 * lengths["remained"]
    assert lengths["review"] > 0
    assert len({stroke.dash_px for stroke in STROKES.values()}) == 3


def test_the_photo_is_not_drawn_on():
    pixels = grey(100, 100)
    draw_segments(pixels, Segments((100, 100), [segment((10, 10, 80, 80))]), ["filtered"])
    assert (pixels == 128).all()


def test_numbers_stay_inside_the_picture():
    corner = Segments((100, 100), [segment((0, 0, 4, 4)), segment((96, 96, 100, 100))])
    drawn = draw_segments(grey(100, 100), corner, ["filtered", "remained"])
    assert share_of(drawn, STROKES["filtered"].colour) > 50
    assert share_of(drawn, STROKES["remained"].colour) > 50


def test_a_transparent_photo_is_shown_on_a_checkerboard():
    clear = np.zeros((100, 100, 4), np.uint8)
    drawn = draw_segments(clear, Segments((100, 100), []), [])
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) == 2


@pytest.mark.parametrize("factor", [0.02, 0.5, 1, 2])
def test_every_segment_keeps_an_outline_at_any_scale(factor):
    inner = rectangle(40, 40, (5, 6, 25, 30))
    contours = outlines(segment((10, 10, 50, 50), inner), factor)
    assert len(contours) == 1
    x, y = contours[0].reshape(-1, 2).mean(axis=0)
    assert (x, y) == pytest.approx((25 * factor, 28 * factor), abs=1.2)


def test_a_faint_mask_has_an_outline_too():
    faint = rectangle(40, 40, (5, 6, 25, 30)) * 0.2
    assert len(outlines(segment((10, 10, 50, 50), faint), 1)) == 1


def test_what_is_filtered_lies_over_what_remains():
    same = segment((50, 50, 250, 250))
    alone, below, above = (
        draw_segments(grey(300, 300), Segments((300, 300), [same] * len(sides)), sides)
        for sides in (["filtered"], ["remained", "filtered"], ["filtered", "remained"])
    )
    green = STROKES["filtered"].colour
    edge = (slice(45, 55), slice(60, 240))
    assert (
        share_of(below[edge], green) == share_of(above[edge], green) == share_of(alone[edge], green)
    )


def test_an_empty_mask_has_no_outline():
    assert outlines(segment((0, 0, 9, 9), rectangle(9, 9, (0, 0, 0, 0))), 1) == []


def test_a_thumbnail_shows_the_crop_region_with_its_surroundings_dimmed():
    inner = rectangle(40, 60, (20, 10, 40, 30))
    shown = thumbnail(grey(100, 100), segment((10, 20, 70, 60), inner), dim=0.5)
    assert shown.shape == (40, 60, 3)
    assert (shown[15, 30] == 128).all()
    assert (shown[2, 2] == 64).all()


def test_a_thumbnail_of_a_crop_beyond_the_photo_is_what_there_is():
    assert thumbnail(grey(50, 50), segment((40, 40, 70, 70))).shape == (10, 10, 3)
    assert thumbnail(grey(50, 50), segment((60, 60, 70, 70))).shape == (1, 1, 3)
