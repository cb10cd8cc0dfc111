import numpy as np
import pytest

from segui.previews.thumbnails import edge_point, thumbnail
from tests.drawn import rectangle, segment


def grey(height, width):
    return np.full((height, width, 3), 128, np.uint8)


def test_a_thumbnail_shows_the_crop_region_with_its_surroundings_dimmed():
    inner = rectangle(40, 60, (20, 10, 40, 30))
    shown = thumbnail(grey(100, 100), segment((10, 20, 70, 60), inner), dim=0.5)
    assert shown.shape == (40, 60, 3)
    assert (shown[15, 30] == 128).all()
    assert (shown[2, 2] == 64).all()


def test_a_thumbnail_of_a_crop_beyond_the_photo_is_what_there_is():
    assert thumbnail(grey(50, 50), segment((40, 40, 70, 70))).shape == (10, 10, 3)
    assert thumbnail(grey(50, 50), segment((60, 60, 70, 70))).shape == (1, 1, 3)


@pytest.mark.parametrize(
    ("box", "point"),
    [
        # the farthest inside the picture of the four middles of the sides
        ((10, 20, 50, 40), (49, 30)),
        ((0, 0, 100, 60), (50, 59)),
        ((0, 40, 100, 100), (50, 40)),
    ],
)
def test_a_point_of_the_edge_is_on_it_and_inside_the_picture(box, point):
    assert edge_point(segment(box), (100, 100)) == point


def test_a_ring_has_its_point_on_the_ring():
    ring = rectangle(40, 40, (0, 0, 40, 40)) - rectangle(40, 40, (15, 15, 25, 25))
    x, y = edge_point(segment((30, 30, 70, 70), ring), (100, 100))
    assert ring[y - 30, x - 30] == 1


def test_a_segment_without_pixels_has_the_corner_of_its_box():
    empty = rectangle(9, 9, (0, 0, 0, 0))
    assert edge_point(segment((5, 6, 14, 15), empty), (50, 50)) == (5, 6)
