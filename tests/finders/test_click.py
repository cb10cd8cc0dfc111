"""Similar colour from a click, against a slow search written from the rule."""

from collections import deque

import cv2
import numpy as np
import pytest
from skimage import data

from segui import InputError
from segui.finders.base import Asked, Finder, Point
from segui.finders.click import ClickFinder
from segui.segments.cutting import CropOptions
from tests.finders.test_colours import drawn, from_edge, shaded_ball, whole

ANY = CropOptions(drop_size=1, crop_factor=1)


def find(picture, *points, **asked):
    wanted = tuple(Point(*point) for point in points)
    return ClickFinder().find(picture, Asked(points=wanted, cut=ANY, **asked))


def found(picture, *points, **asked):
    """Where something was found, (H, W) bool."""
    segments = find(picture, *points, **asked)
    out = np.zeros(picture.shape[:2], bool)
    for item in segments.items:
        out |= whole(item, picture.shape[:2])
    return out


def searched(picture, x, y, tolerance, *, connected):
    """Pixel by pixel: no channel farther from the point's colour than the tolerance."""
    colour = picture[y, x].astype(int)
    alike = (np.abs(picture.astype(int) - colour) <= tolerance * 2.55).all(axis=2)
    if not connected:
        return alike
    reached, waiting = np.zeros(alike.shape, bool), deque([(y, x)])
    while waiting:
        row, column = waiting.popleft()
        inside = 0 <= row < alike.shape[0] and 0 <= column < alike.shape[1]
        if inside and alike[row, column] and not reached[row, column]:
            reached[row, column] = True
            waiting += [(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)]
    return reached


def test_the_finder_is_one():
    assert isinstance(ClickFinder(), Finder)


@pytest.mark.long
@pytest.mark.parametrize("connected", [True, False])
@pytest.mark.parametrize("tolerance", [4, 12, 30])
def test_what_is_found_is_what_the_rule_says(tolerance, connected):
    small = cv2.resize(data.coffee(), (150, 100), interpolation=cv2.INTER_AREA)
    picture = np.repeat(np.repeat(small, 3, axis=0), 3, axis=1)  # nine pixels are alike
    for x, y in ((10, 10), (80, 50), (120, 20)):
        place = (3 * x + 1, 3 * y + 1)
        expected = searched(picture, *place, tolerance, connected=connected)
        got = found(picture, place, tolerance=tolerance, connected=connected)
        assert np.array_equal(got, expected)


@pytest.mark.long
@pytest.mark.parametrize("radius", [30, 700])
def test_a_disc_comes_back_within_a_pixel(radius):
    picture = drawn((4000, 3000), "royalblue", (2003, 1511, radius, "crimson"))
    inside = found(picture, (2003, 1511))
    apart = from_edge(inside.shape, 2003, 1511, radius)
    assert not (inside & (apart > 1)).any()
    assert not (~inside & (apart < -1)).any()


def test_more_tolerance_reaches_further_into_a_things_shade():
    picture, inside = shaded_ball(600, (255, 140, 0))
    areas = [found(picture, (200, 200), tolerance=tolerance) for tolerance in (5, 20, 50)]
    sums = [area.sum() for area in areas]
    assert sums == sorted(sums)
    assert sums[0] < 0.3 * inside.sum() < 0.6 * inside.sum() < sums[2]
    assert not (areas[2] & ~inside).any()


def test_another_click_adds_and_a_click_that_is_not_wanted_takes_away():
    picture = drawn((600, 400), "white", (150, 200, 80, "crimson"), (430, 200, 80, "seagreen"))
    red, green = found(picture, (150, 200)), found(picture, (430, 200))
    assert np.array_equal(found(picture, (150, 200), (430, 200)), red | green)
    ramp = np.linspace(60, 200, 600).round().astype(np.uint8)
    shades = np.repeat(np.broadcast_to(ramp[None, :, None], (100, 600, 3)), 1, axis=0).copy()
    all_of_it = found(shades, (300, 50), tolerance=50)
    assert all_of_it.all()
    kept = found(shades, (100, 50), (500, 50, False), tolerance=50)
    assert kept[:, :290].all()
    assert not kept[:, 310:].any()


def test_all_clicks_are_one_segment():
    picture = drawn((600, 400), "white", (150, 200, 80, "crimson"), (430, 200, 80, "seagreen"))
    (item,) = find(picture, (150, 200), (430, 200)).items
    assert (item.label, item.confidence) == ("clicked", 1)


def test_noise_at_the_point_is_averaged():
    noise = np.random.default_rng(0).normal(0, 3, (400, 400, 3))
    picture = np.clip(120 + noise, 0, 255).round().astype(np.uint8)
    for place in ((200, 200), (17, 300), (0, 0), (399, 399)):
        assert found(picture, place, tolerance=8).mean() > 0.99


def test_a_point_beside_an_edge_has_its_own_colour():
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[:, 50:] = 255
    assert np.array_equal(found(picture, (50, 50)), picture[..., 0] > 0)


def test_what_is_transparent_is_white():
    picture = np.zeros((60, 60, 4), np.uint8)
    picture[:, 30:, 3] = 255
    assert np.array_equal(found(picture, (5, 5)), picture[..., 3] == 0)


def test_nothing_is_left_where_the_same_place_is_not_wanted():
    picture = drawn((600, 400), "white", (150, 200, 80, "crimson"))
    assert find(picture, (150, 200), (430, 200, False)).items
    assert find(picture, (150, 200), (151, 200, False)).items, "equal colours take nothing away"


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ((), "points has none of what is wanted: expected at least one [x, y, 1]"),
        (
            ((5, 5, False),),
            "points has none of what is wanted: expected at least one [x, y, 1]",
        ),
        (
            ((5, 5), (100, 5)),
            "points[1] is at 100, 5: expected a place inside of the picture of 100 x 50 px",
        ),
        (
            ((5, -1),),
            "points[0] is at 5, -1: expected a place inside of the picture of 100 x 50 px",
        ),
    ],
)
def test_what_says_too_little_is_refused(points, sentence):
    with pytest.raises(InputError) as raised:
        find(np.zeros((50, 100, 3), np.uint8), *points)
    assert str(raised.value) == sentence
