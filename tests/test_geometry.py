import pytest

from segui import Box


def test_a_box_is_half_open():
    box = Box(2, 3, 5, 7)
    assert (box.width, box.height, box.size_hw) == (3, 4, (4, 3))
    assert box.slices == (slice(3, 7), slice(2, 5))


@pytest.mark.parametrize("box", [Box(2, 2, 2, 5), Box(2, 2, 5, 2), Box(5, 2, 2, 5)])
def test_a_box_without_pixels_is_empty(box):
    assert box.is_empty
    assert 0 in box.size_hw


def test_boxes_that_do_not_meet_intersect_in_nothing():
    assert Box(0, 0, 2, 2).intersect(Box(2, 0, 4, 2)).is_empty
    assert Box(0, 0, 3, 3).intersect(Box(1, 2, 9, 9)) == Box(1, 2, 3, 3)


def test_a_box_is_clipped_to_an_image_of_height_and_width():
    assert Box(-3, -2, 90, 90).clip((40, 60)) == Box(0, 0, 60, 40)


def test_the_hull_holds_both_boxes():
    assert Box(1, 5, 2, 6).hull(Box(0, 7, 1, 9)) == Box(0, 5, 2, 9)


def test_scaling_truncates_each_edge_toward_zero():
    assert Box(-3, 3, 5, 7).scale((2, 2), (3, 1)) == Box(-1, 4, 2, 10)


@pytest.mark.parametrize(("old", "new"), [(800, 402), (50, 57), (1000, 333), (7, 5000)])
def test_a_box_that_ends_with_its_image_does_so_at_any_size(old, new):
    assert Box(0, 0, old, 1).scale((1, old), (1, new)) == Box(0, 0, new, 1)


def test_moving_there_and_back_changes_nothing():
    box, origin = Box(4, 5, 8, 9), Box(3, 1, 20, 20)
    assert box.relative_to(origin) == Box(1, 4, 5, 8)
    assert box.relative_to(origin).shift(origin.x1, origin.y1) == box


def test_widening_adds_the_margin_on_each_side():
    assert Box(4, 5, 8, 9).widen(2) == Box(2, 3, 10, 11)
