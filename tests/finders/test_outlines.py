"""Areas of what a model says: those of one picture together as each alone."""

import tracemalloc

import numpy as np
import pytest

from segui import Box
from segui.finders.models.outlines import Rough, each_area
from segui.segments.enlarging import enlarged

SIZE_HW = (300, 400)


def discs(count, side):
    """Numbers above 0 in discs of 5 to 9 cells, and some that are nowhere."""
    rows, columns = np.mgrid[:side, :side]
    draw = np.random.default_rng(4)
    middles = draw.integers(8, side - 8, (count, 2)).tolist()
    near = [5 + number - np.hypot(rows - y, columns - x) for number, (y, x) in enumerate(middles)]
    return [np.full((side, side), -1, np.float32), *np.array(near, np.float32)]


def photo():
    return np.random.default_rng(3).integers(0, 256, (*SIZE_HW, 3), np.uint8)


@pytest.mark.parametrize("side", [24, 64, 390])
def test_several_areas_are_as_each_alone(side):
    coarse = [Rough(one, (side / 300, side / 400), "disc", 0.5) for one in discs(4, side)]
    fine = [Rough(one, (0.9, 0.8), "fine", 0.5) for one in discs(2, 300)]
    together = each_area([*coarse, *fine], photo())
    assert [area is None for area in together] == [True, *[False] * 4, True, *[False] * 2]
    for rough, area in zip([*coarse, *fine], together, strict=True):
        (alone,) = each_area([rough], photo())
        if area is not None and alone is not None:
            assert (area.box, area.label) == (alone.box, rough.label)
            assert np.array_equal(area.levels, alone.levels)


def test_what_lies_away_from_an_outline_is_what_the_model_says():
    (rough,) = [Rough(one, (24 / 300, 24 / 400), "disc") for one in discs(1, 24)[1:]]
    (area,) = each_area([rough], photo())
    said = enlarged(rough.logits, rough.per_px_yx, Box.of_size(SIZE_HW))
    rows, columns = np.nonzero(said > 3)  # a cell and a half of the larger side, across
    levels = np.zeros(SIZE_HW, np.uint8)
    levels[area.box.slices] = area.levels
    assert (levels[rows, columns] == 255).all()
    assert not levels[said < -3].any()


@pytest.mark.long
@pytest.mark.parametrize("side", [64, 1000])
def test_twenty_areas_of_12_megapixels_take_less_than_400_mb(side):
    rows, columns = np.mgrid[:side, :side].astype(np.float32) / side
    draw = np.random.default_rng(1)
    roughs = [
        Rough(
            (0.3 - np.hypot(rows - y, columns - x)).astype(np.float32),
            (side / 3000, side / 4000),
            "disc",
        )
        for y, x in draw.uniform(0.3, 0.7, (20, 2))
    ]
    picture = draw.integers(0, 256, (3000, 4000, 3), np.uint8)
    tracemalloc.start()
    each_area(roughs, picture)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 400e6


def test_a_disc_that_is_said_half_a_cell_too_small_comes_back_within_a_pixel():
    radius, rows, columns = 100.0, *np.mgrid[:360, :360] - 179.5
    apart = np.hypot(rows, columns) - radius
    picture = np.where((apart < 0)[..., None], np.uint8([200, 60, 40]), np.uint8([40, 90, 160]))
    said = -(apart + 3).reshape(60, 6, 60, 6).mean(axis=(1, 3)).astype(np.float32)
    (area,) = each_area([Rough(said, (1 / 6, 1 / 6), "disc")], picture)
    is_in = np.zeros(apart.shape, bool)
    is_in[area.box.slices] = area.levels > 127
    assert is_in[apart < -1].all()
    assert not is_in[apart > 1].any()
