"""Regions of one colour: on drawn shapes, whose edges are known, and on photos."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from skimage import data

from segui import InputError
from segui.classifiers.colour import TERMS, name_colours
from segui.finders.base import Asked, Finder
from segui.finders.colours import ColourFinder
from segui.segments.cutting import CropOptions

SIZE_WH = (4000, 3000)


def find(picture, **cut):
    options = CropOptions(**{"drop_size": 1, "crop_factor": 1.0, **cut})
    return ColourFinder().find(picture, Asked(cut=options))


def drawn(size_wh, ground, *discs, scale=4):
    """Antialiased discs, each (x, y, radius, colour)."""
    image = Image.new("RGB", size_wh, ground)
    for x, y, radius, colour in discs:
        side = int(2 * radius + 4)
        mask = Image.new("L", (side * scale, side * scale), 0)
        middle = side * scale / 2
        reach = radius * scale
        ImageDraw.Draw(mask).ellipse(
            [middle - reach, middle - reach, middle + reach, middle + reach], fill=255
        )
        small = mask.resize((side, side), Image.Resampling.BOX)
        image.paste(colour, (int(x - side / 2), int(y - side / 2)), small)
    return np.array(image)


def from_edge(size_hw, x, y, radius):
    """How far each pixel's middle lies outside of a circle; inside it is below 0."""
    rows, columns = np.ogrid[: size_hw[0], : size_hw[1]]
    return np.hypot(columns + 0.5 - x, rows + 0.5 - y) - radius


def whole(item, size_hw):
    out = np.zeros(size_hw, bool)
    out[item.content.slices] = item.read_mask(item.content) > 0.5
    return out


def labels(found):
    return sorted(item.label for item in found.items)


def test_the_finder_is_one():
    assert isinstance(ColourFinder(), Finder)


@pytest.mark.long
@pytest.mark.parametrize("radius", [30, 101, 700])
@pytest.mark.parametrize(
    ("ground", "colour", "label"),
    [("royalblue", "crimson", "red"), ("white", "gold", "yellow"), ("black", "seagreen", "green")],
)
def test_a_disc_comes_back_within_a_pixel_at_full_size(radius, ground, colour, label):
    picture = drawn(SIZE_WH, ground, (2003, 1511, radius, colour))
    found = find(picture)
    assert len(found.items) == 2
    (disc,) = [item for item in found.items if item.label == label]
    apart = from_edge(found.size, 2003, 1511, radius)
    inside = whole(disc, found.size)
    assert not (inside & (apart > 1)).any()
    assert not (~inside & (apart < -1)).any()


@pytest.mark.long
def test_every_pixel_belongs_to_one_region():
    picture = drawn((1500, 1200), "white", (300, 300, 200, "red"), (900, 700, 250, "blue"))
    for photo in (picture, data.coffee(), data.astronaut()):
        found = find(photo, drop_size=1)
        small = sum(box.width * box.height for box in found.left_out)
        covered = sum(item.area for item in found.items)
        assert photo.shape[0] * photo.shape[1] - small <= covered
        assert covered <= photo.shape[0] * photo.shape[1]


def test_each_colour_name_is_found():
    colours = {
        "red": (200, 20, 30),
        "orange": (255, 140, 0),
        "yellow": (250, 220, 0),
        "green": (0, 150, 40),
        "blue": (30, 60, 220),
        "purple": (128, 0, 160),
        "pink": (255, 150, 190),
        "brown": (110, 60, 20),
        "black": (5, 5, 5),
        "grey": (128, 128, 128),
        "white": (255, 255, 255),
    }
    assert tuple(colours) == TERMS
    assert [TERMS[n] for n in name_colours(np.array(list(colours.values()), np.uint8))] == [*TERMS]
    picture = np.zeros((1000, 1100, 3), np.uint8)
    for place, colour in enumerate(colours.values()):
        picture[:, place * 100 : place * 100 + 100] = colour
    found = find(picture)
    assert labels(found) == sorted(TERMS)
    for item in found.items:
        assert item.bbox.width == 100
        assert item.confidence == 1


def shaded_ball(size, colour):
    """A ball on white, lit from the upper left, dark at its lower right."""
    rows, columns = np.mgrid[:size, :size] / size * 2 - 1
    x, y = columns / 0.8, rows / 0.8
    inside = x * x + y * y < 1
    z = np.sqrt(np.clip(1 - x * x - y * y, 0, None))
    light = np.clip(-0.5 * x - 0.5 * y + 0.7 * z, 0.015, 1)
    linear = (np.array(colour) / 255) ** 2.2 * light[..., None]
    ball = 255 * linear ** (1 / 2.2)
    return np.where(inside[..., None], ball, 255).round().astype(np.uint8), inside


@pytest.mark.long
@pytest.mark.parametrize(
    ("colour", "label"),
    [((255, 140, 0), "orange"), ((220, 20, 30), "red"), ((40, 90, 230), "blue")],
)
def test_a_shaded_ball_is_one_region_though_its_shades_have_several_names(colour, label):
    picture, inside = shaded_ball(1500, colour)
    names = name_colours(picture[inside])
    assert len(np.unique(names)) > 1
    found = find(picture)
    ball = max((item for item in found.items if item.label != "white"), key=lambda one: one.area)
    assert ball.label == label
    assert ball.area > 0.97 * inside.sum()
    shares = np.bincount(names, minlength=len(TERMS)) / len(names)
    assert ball.confidence == pytest.approx(shares[TERMS.index(label)], abs=0.03)


def test_shades_of_one_colour_with_an_edge_between_them_are_two():
    picture = np.zeros((900, 1200, 3), np.uint8)
    picture[:, :500] = (255, 140, 0)
    picture[:, 500:] = (105, 58, 0)
    assert labels(find(picture)) == ["brown", "orange"]


def test_what_goes_over_into_another_colour_stays_two():
    ramp = np.linspace(0, 1, 1200)[None, :, None]
    picture = np.array([40, 90, 230]) * (1 - ramp) + np.array([230, 220, 40]) * ramp
    picture = np.broadcast_to(picture.round().astype(np.uint8), (700, 1200, 3)).copy()
    assert len(find(picture).items) > 1


def test_specks_belong_to_what_they_lie_in():
    picture = np.full((1300, 1300, 3), (30, 60, 220), np.uint8)
    rng = np.random.default_rng(0)
    picture[rng.integers(0, 1300, 400), rng.integers(0, 1300, 400)] = (255, 0, 0)
    (sky,) = find(picture).items
    assert (sky.label, sky.area) == ("blue", 1300 * 1300)


def test_what_is_transparent_is_white():
    picture = np.full((300, 300, 4), 255, np.uint8)
    picture[..., :3] = (200, 20, 30)
    picture[:, 100:, 3] = 0
    found = find(picture)
    assert [(item.label, item.bbox.width) for item in found.items] == [("red", 100), ("white", 200)]


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 3000), (2001, 1999)])
def test_any_size_is_looked_at(size_hw):
    (item,) = (
        find(np.full((*size_hw, 3), 5, np.uint8), drop_size=1).items
        or find(np.full((40, 40, 3), 5, np.uint8)).items
    )
    assert item.label == "black"


def test_outlines_are_filled_where_that_is_asked_for():
    picture = drawn((900, 900), "white", (450, 450, 300, "red"), (450, 450, 150, "blue"))
    (ring,) = [item for item in find(picture, contour_fill=True).items if item.label == "red"]
    assert ring.area == pytest.approx(np.pi * 300**2, rel=0.01)


def test_the_suit_of_the_astronaut_is_orange():
    found = find(data.astronaut(), drop_size=10)
    largest = max((item for item in found.items if item.label == "orange"), key=lambda i: i.area)
    assert largest.area > 40_000


def test_what_is_no_picture_is_refused():
    with pytest.raises(InputError) as raised:
        ColourFinder().find(np.zeros((4, 4), np.uint8), Asked())
    assert str(raised.value) == "the picture is (4, 4): expected (H, W, 3 or 4)"
