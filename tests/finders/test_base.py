"""What finders find, cut out as segments."""

import numpy as np
import pytest

from segui import Box, InputError
from segui.finders.base import Area, Asked, check_picture, on_white, segments_of
from segui.segments.cutting import CropOptions

SIZE = (60, 80)


def area(box, label="it", confidence=1.0, found=None):
    region = Box(*box)
    return Area(region, np.full(region.size_hw, 255, np.uint8), label, confidence, found)


def test_what_was_found_keeps_its_label_its_confidence_and_where_it_was_seen():
    areas = [area((40, 30, 60, 50), "b", 0.5), area((5, 5, 30, 25), "a", 0.9, Box(8, 8, 20, 20))]
    found = segments_of(areas, SIZE, CropOptions(crop_factor=2))
    first, second = found.items
    assert (first.label, first.confidence, first.found) == ("a", 0.9, Box(8, 8, 20, 20))
    assert (second.label, second.confidence, second.found) == ("b", 0.5, None)
    assert first.bbox == Box(5, 5, 30, 25)
    assert second.crop_region == Box(30, 20, 70, 60)
    assert second.mask.sum() == 20 * 20


def test_areas_may_overlap():
    found = segments_of(
        [area((5, 5, 30, 30)), area((10, 10, 35, 35))], SIZE, CropOptions(crop_factor=1)
    )
    assert [item.area for item in found.items] == [625, 625]


def test_the_box_is_that_of_the_pixels_and_not_of_the_array():
    levels = np.zeros((30, 30), np.uint8)
    levels[5:25, 10:28] = 200
    (item,) = segments_of([Area(Box(20, 10, 50, 40), levels, "x")], SIZE, CropOptions()).items
    assert item.bbox == Box(30, 15, 48, 35)
    assert item.mask.max() == pytest.approx(200 / 255)


def test_small_areas_are_left_out_and_told_of():
    found = segments_of([area((5, 5, 15, 40)), area((20, 20, 40, 40))], SIZE, CropOptions())
    assert found.left_out == (Box(5, 5, 15, 40),)
    assert len(found.items) == 1
    assert segments_of([area((5, 5, 9, 9))], SIZE, CropOptions()).items == ()


def test_areas_without_a_pixel_are_none():
    empty = Area(Box(0, 0, 20, 20), np.zeros((20, 20), np.uint8), "x")
    found = segments_of([empty], SIZE, CropOptions())
    assert (found.items, found.left_out) == ((), ())


@pytest.mark.parametrize(("how", "pixels"), [("bbox_fill", 20 * 20), ("contour_fill", 20 * 20)])
def test_boxes_and_outlines_are_filled_where_that_is_asked_for(how, pixels):
    levels = np.zeros((20, 20), np.uint8)
    levels[:3] = levels[-3:] = 255
    levels[:, :3] = levels[:, -3:] = 255
    ring = Area(Box(10, 10, 30, 30), levels, "ring")
    assert segments_of([ring], SIZE, CropOptions()).items[0].area == 20 * 20 - 14 * 14
    assert segments_of([ring], SIZE, CropOptions(**{how: True})).items[0].area == pixels


def test_what_is_transparent_is_seen_on_white():
    picture = np.zeros((2, 1, 4), np.uint8)
    picture[1] = (10, 20, 30, 255)
    assert on_white(picture)[:, 0].tolist() == [[255, 255, 255], [10, 20, 30]]
    plain = picture[..., :3]
    assert on_white(plain) is plain


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        ([1], "the picture is list: expected an array of uint8"),
        (np.zeros((2, 2, 3), np.float32), "the picture is float32: expected an array of uint8"),
        (np.zeros((2, 2), np.uint8), "the picture is (2, 2): expected (H, W, 3 or 4)"),
        (np.zeros((0, 2, 3), np.uint8), "the picture is (0, 2, 3): expected (H, W, 3 or 4)"),
    ],
)
def test_what_is_no_picture_is_refused(picture, sentence):
    with pytest.raises(InputError) as raised:
        check_picture(picture)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"confidence": 1.5}, "confidence is 1.5: expected 0 to 1"),
        ({"tolerance": -1}, "tolerance is -1: expected 0 to 100"),
        (
            {"face_area": "nose"},
            "face_area is 'nose': expected one of 'ellipse', 'box', 'head'",
        ),
        (
            {"smallest_face": 2.5},
            "smallest_face is 2.5: expected a whole number of px",
        ),
    ],
)
def test_what_cannot_be_asked_for_is_refused(asked, sentence):
    with pytest.raises(InputError) as raised:
        Asked(**asked)
    assert str(raised.value) == sentence
