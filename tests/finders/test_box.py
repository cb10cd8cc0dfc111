"""The thing in a box, and the background: on drawn shapes and photos."""

import numpy as np
import pytest
import torch
from skimage import data

from segui import Box, InputError, Segments
from segui.finders.background import background_of
from segui.finders.base import Asked, Finder, Point
from segui.finders.box import BoxFinder
from segui.segments.cutting import CropOptions
from tests.drawn import rectangle, segment
from tests.finders.test_colours import drawn, from_edge, shaded_ball, whole

ANY = CropOptions(drop_size=1, crop_factor=1)


def find(picture, *boxes, points=()):
    asked = Asked(boxes=tuple(Box(*box) for box in boxes), points=points, cut=ANY)
    return BoxFinder().find(picture, asked)


def test_the_finder_is_one():
    assert isinstance(BoxFinder(), Finder)


@pytest.mark.long
@pytest.mark.parametrize(
    ("radius", "box"), [(60, (1900, 1400, 2120, 1620)), (700, (1200, 700, 2800, 2300))]
)
def test_a_disc_comes_back_within_a_pixel_at_full_size(radius, box):
    picture = drawn((4000, 3000), "royalblue", (2003, 1511, radius, "crimson"))
    (disc,) = find(picture, box).items
    inside = whole(disc, (3000, 4000))
    apart = from_edge(inside.shape, 2003, 1511, radius)
    assert not (inside & (apart > 1)).any()
    assert not (~inside & (apart < -1)).any()
    assert (disc.label, disc.confidence) == ("boxed", 1)


@pytest.mark.long
def test_a_shaded_ball_is_found_whole():
    picture, inside = shaded_ball(900, (255, 140, 0))
    (ball,) = find(picture, (60, 60, 840, 840)).items
    assert (whole(ball, inside.shape) != inside).sum() < 0.02 * inside.sum()


def test_nothing_is_found_outside_of_its_box():
    picture = drawn((900, 600), "white", (300, 300, 200, "crimson"))
    (part,) = find(picture, (50, 50, 300, 550)).items
    assert part.bbox.x2 <= 300


def test_each_box_has_a_segment_of_its_own():
    picture = drawn((900, 600), "white", (200, 300, 90, "crimson"), (650, 300, 90, "seagreen"))
    found = find(picture, (90, 190, 310, 410), (540, 190, 760, 410))
    assert [item.bbox.x1 for item in found.items] == pytest.approx([110, 560], abs=2)


@pytest.mark.long
def test_the_same_box_gives_the_same_area():
    photo = data.astronaut()
    one, other = (find(photo, (140, 0, 320, 200)).items[0] for _ in range(2))
    assert torch.equal(one.mask, other.mask)


def test_the_head_of_the_astronaut_is_found():
    (head,) = find(data.astronaut(), (140, 0, 320, 200)).items
    inside = whole(head, (512, 512))
    assert inside[60:170, 190:260].mean() > 0.95
    assert inside[:40, 145:160].mean() < 0.05


def test_points_say_what_belongs_to_it():
    picture = drawn((900, 600), "white", (300, 300, 100, "crimson"), (600, 300, 100, "seagreen"))
    box = (150, 150, 750, 450)
    both = find(picture, box).items[0].area
    one = find(picture, box, points=(Point(300, 300), Point(600, 300, is_wanted=False))).items[0]
    assert one.area == pytest.approx(np.pi * 100**2, rel=0.02)
    assert both == pytest.approx(2 * one.area, rel=0.02)


def test_a_box_of_the_whole_picture_is_looked_into():
    picture = drawn((900, 600), "white", (450, 300, 200, "crimson"))
    (disc,) = find(picture, (-10, -10, 5000, 5000)).items
    assert disc.area == pytest.approx(np.pi * 200**2, rel=0.02)


@pytest.mark.parametrize("size_hw", [(1, 1), (3, 3), (2, 500), (40, 40)])
def test_a_plain_picture_of_any_size_has_nothing_or_all_of_its_box(size_hw):
    found = find(np.full((*size_hw, 3), 77, np.uint8), (0, 0, 500, 500))
    assert sum(item.area for item in found.items) <= size_hw[0] * size_hw[1]


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ((), "boxes is empty: expected at least one [x1, y1, x2, y2]"),
        (
            ((0, 0, 50, 40), (100, 0, 120, 40)),
            "boxes[1] is [100, 0, 120, 40]: expected one inside of the picture of 100 x 50 px",
        ),
    ],
)
def test_boxes_that_say_nothing_are_refused(boxes, sentence):
    with pytest.raises(InputError) as raised:
        find(np.zeros((50, 100, 3), np.uint8), *boxes)
    assert str(raised.value) == sentence


def test_the_background_is_the_rest():
    inner = rectangle(20, 30, (5, 5, 15, 25)) * 0.5
    items = [segment((0, 0, 20, 20)), segment((30, 10, 60, 30), inner)]
    (rest,) = background_of(Segments((40, 60), items), ANY).items
    assert rest.label == "background"
    expected = torch.ones(40, 60)
    expected[:20, :20] = 0
    expected[15:30, 35:45] = 0.5
    assert torch.allclose(rest.mask, expected, atol=1 / 255)


def test_the_background_of_nothing_is_everything_and_of_everything_nothing():
    (all_of_it,) = background_of(Segments((40, 60))).items
    assert all_of_it.area == 40 * 60
    assert background_of(Segments((40, 60), [segment((0, 0, 60, 40))])).items == ()
