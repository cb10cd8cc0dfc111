"""Masks that follow a picture's edges: by parts as by the whole, together as each alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segui import Box
from segui.segments import cells, following, near
from segui.segments.cells import Grid, means_of_cells
from segui.segments.following import Layer, followed
from segui.segments.guides import Guide
from segui.segments.near import near_edge


def picture(size_hw, seed):
    """Discs of several colours in noise."""
    draw = np.random.default_rng(seed)
    colours = draw.integers(0, 40, (*size_hw, 3))
    rows, columns = np.indices(size_hw)
    for _ in range(4):
        y, x, radius = (int(draw.integers(0, most)) for most in (*size_hw, 40))
        colours[np.hypot(rows - y, columns - x) < radius] += draw.integers(0, 70, 3)
    return colours.clip(0, 255).astype(np.uint8)


def mask(box, seed):
    """A soft ellipse that ends inside of its box."""
    rows, columns = np.indices(box.size_hw)
    draw = np.random.default_rng(seed)
    y, x = (side * draw.uniform(0.4, 0.6) for side in box.size_hw)
    apart = np.hypot((rows - y) / box.height, (columns - x) / box.width)
    soft = draw.choice([1, 400])
    return np.clip(255 * (0.3 - apart) * soft + 128, 0, 255).round().astype(np.uint8)


def layers(size_hw, seed, count=2):
    draw, found = np.random.default_rng(seed), []
    for number in range(count):
        y, x = (int(draw.integers(0, side // 2)) for side in size_hw)
        height, width = (int(draw.integers(20, 120)) for _ in range(2))
        box = Box(x, y, x + width, y + height).clip(size_hw)
        found.append(Layer(box, mask(box, seed + number)))
    return found


def laid(patches, layer, number=0):
    levels, seen = layer.levels.copy(), np.zeros(layer.levels.shape, int)
    for patch in patches:
        if patch.number == number:
            levels[patch.box.slices] = patch.levels
            seen[patch.box.slices] += 1
    assert seen.max(initial=0) <= 1
    return levels


def whole(layer, colours, reach_px):
    """All of the picture worked at once, and then what is near the layer's edge."""
    grid = Grid.of(colours.shape[:2], reach_px)
    everywhere = np.zeros(colours.shape[:2], np.uint8)
    everywhere[layer.box.slices] = layer.levels
    box = Box.of_size(grid.cells_hw)
    fitted = Guide.of(colours, grid, box).fitted(box, means_of_cells(everywhere, grid.step_px))
    planes = grid.enlarged(grid.window_means(fitted), box, Box.of_size(colours.shape[:2]))
    unit = colours.astype(np.float64) / 255
    shares = (planes[..., :3] * unit).sum(axis=-1) + planes[..., 3]
    made = np.clip(255 * shares, 0, 255)[layer.box.slices]
    return np.where(near_edge(layer.levels, round(reach_px)), made, layer.levels)


sizes = st.tuples(st.integers(40, 200), st.integers(40, 200))


@given(size_hw=sizes, reach_px=st.floats(1, 60), seed=st.integers(0, 999), small=st.booleans())
def test_parts_become_what_they_would_of_the_whole(size_hw, reach_px, seed, small):
    colours, (layer, _) = picture(size_hw, seed), layers(size_hw, seed)
    with pytest.MonkeyPatch.context() as patched:
        if small:
            patched.setattr(cells, "_BLOCK_CELLS", 8)
            patched.setattr(following, "_STRIP_PX", 10)
            patched.setattr(near, "_PIECE_PX", 24)
        levels = laid(followed([layer], colours, reach_px), layer)
    expected = whole(layer, colours, reach_px)
    assert np.abs(levels - expected).max() <= 0.51


@given(size_hw=sizes, reach_px=st.floats(1, 60), seed=st.integers(0, 999))
def test_each_layer_becomes_what_it_would_alone(size_hw, reach_px, seed):
    colours, both = picture(size_hw, seed), layers(size_hw, seed, 3)
    together = followed(both, colours, reach_px)
    for number, layer in enumerate(both):
        alone = laid(followed([layer], colours, reach_px), layer)
        assert np.array_equal(laid(together, layer, number), alone)


def test_a_layer_is_not_changed_and_one_without_an_edge_has_no_patch():
    size_hw = (90, 120)
    box = Box.of_size(size_hw)
    soft, full = mask(box, 1), np.full(size_hw, 255, np.uint8)
    before = soft.copy()
    patches = followed([Layer(box, soft), Layer(box, full)], picture(size_hw, 1), 9)
    assert np.array_equal(soft, before)
    assert {patch.number for patch in patches} == {0}


def test_what_is_further_away_than_the_reach_stays_though_it_has_the_same_colour():
    rows, columns = np.indices((200, 200))
    across = columns - rows  # from a diagonal edge
    is_in, box = across > 0, Box(0, 0, 200, 200)
    colours = np.where((is_in | (across < -45))[..., None], np.uint8(220), np.uint8(30))
    layer = Layer(box, np.where(is_in, np.uint8(255), np.uint8(0)))
    levels = laid(followed([layer], np.repeat(colours, 3, axis=2), 20), layer)
    far = ~near_edge(layer.levels, 20)
    assert np.array_equal(levels[far], layer.levels[far])


def test_it_ends_once_nobody_waits():
    def stop():
        raise InterruptedError

    box = Box(0, 0, 90, 90)
    with pytest.raises(InterruptedError):
        followed([Layer(box, mask(box, 1))], picture((90, 90), 1), 9, stop)
