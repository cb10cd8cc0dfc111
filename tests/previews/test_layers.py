"""Masks at the size of a preview, against OpenCV's resize of the whole mask."""

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from segui import Box, Segment, Segments, segments_from_mask
from segui.errors import InputError
from segui.images.writing import shrink
from segui.previews.layers import layer_outlines, layer_thumbnail, preview_layers
from segui.previews.thumbnails import thumbnail
from tests.counts import examples
from tests.drawn import rectangle, segment


def whole(layer, preview_hw):
    plane = np.zeros(preview_hw, np.uint8)
    plane[layer.box.slices] = layer.mask
    return plane


def plane_of(item, size_hw):
    """A segment's mask in the whole photo, float32."""
    image = Box.of_size(size_hw)
    inside = item.crop_region.intersect(image)
    plane = np.zeros(size_hw, np.float32)
    mask = item.read_mask(inside)
    plane[inside.slices] = mask if mask.ndim == 2 else mask.max(axis=0)
    return plane


def assert_same_as_opencv(item, size_hw, preview_hw):
    (layer,) = preview_layers(Segments(size_hw, [item]), preview_hw)
    height, width = preview_hw
    resized = cv2.resize(plane_of(item, size_hw), (width, height), interpolation=cv2.INTER_AREA)
    assert layer.mask.shape == layer.box.size_hw
    assert layer.box.intersect(Box.of_size(preview_hw)) == layer.box
    assert np.abs(whole(layer, preview_hw) - resized * 255.0).max() <= 1


@settings(max_examples=examples(200), deadline=None)
@given(st.data())
def test_a_mask_is_the_area_average_of_the_whole_plane(data):
    height, width = (data.draw(st.integers(1, 90), "size") for _ in range(2))
    preview_hw = data.draw(st.integers(1, height), "h"), data.draw(st.integers(1, width), "w")
    x1, y1 = data.draw(st.integers(0, width - 1), "x1"), data.draw(st.integers(0, height - 1), "y1")
    x2 = data.draw(st.integers(x1 + 1, width), "x2")
    y2 = data.draw(st.integers(y1 + 1, height), "y2")
    rng = np.random.default_rng(data.draw(st.integers(0, 99), "seed"))
    levels = rng.integers(1, 256, (y2 - y1, x2 - x1)).astype(np.float32) / 255
    item = segment((x1, y1, x2, y2), torch.from_numpy(levels))
    assert_same_as_opencv(item, (height, width), preview_hw)


def test_a_mask_agrees_with_the_preview_of_the_photo_it_lies_in():
    mask = np.zeros((517, 803), np.uint8)
    cv2.ellipse(mask, (300, 260), (170, 120), 25, 0, 360, 255, -1)
    small = shrink(mask, 203)
    (layer,) = preview_layers(segments_from_mask(torch.from_numpy(mask)), small.shape)
    assert np.abs(whole(layer, small.shape).astype(int) - small).max() <= 1


def test_at_the_photos_own_size_the_mask_is_itself():
    item = segment((2, 3, 12, 9), rectangle(6, 10, (1, 2, 7, 5)) * 0.6)
    (layer,) = preview_layers(Segments((20, 30), [item]), (20, 30))
    assert layer.box == Box(3, 5, 9, 8)
    assert (layer.mask == 153).all()


def test_a_layer_knows_its_number_and_its_crop_region():
    empty = segment((0, 0, 8, 8), torch.zeros(8, 8))
    item = segment((-10, 13, 25, 40), rectangle(27, 35, (12, 2, 22, 9)))
    (layer,) = preview_layers(Segments((100, 80), [empty, item]), (25, 20))
    assert layer.number == 2
    assert layer.crop == Box(-2, 3, 6, 10)
    assert layer.crop_hw == (27, 35)
    assert layer.box == Box(0, 3, 3, 6)


def test_the_smallest_crop_region_keeps_a_pixel():
    item = segment((41, 41, 42, 42))
    (layer,) = preview_layers(Segments((100, 100), [item]), (10, 10))
    assert layer.crop == Box(4, 4, 5, 5)
    assert layer.mask.tolist() == [[3]]


def test_what_lies_outside_the_photo_is_cut():
    item = segment((-4, -4, 4, 4))
    (layer,) = preview_layers(Segments((16, 16), [item]), (4, 4))
    assert layer.box == Box(0, 0, 1, 1)
    assert layer.mask.tolist() == [[255]]
    assert preview_layers(Segments((16, 16), [segment((20, 0, 24, 4))]), (4, 4)) == ()


def test_of_many_frames_the_largest_value_counts():
    frames = torch.stack([rectangle(8, 8, (0, 0, 4, 8)) * 0.4, rectangle(8, 8, (0, 0, 8, 4))])
    item = Segment(frames, (0, 0, 8, 8), (0, 0, 8, 8))
    (layer,) = preview_layers(Segments((8, 8), [item]), (2, 2))
    assert layer.mask.tolist() == [[255, 255], [102, 0]]


@pytest.mark.parametrize("preview_hw", [(0, 5), (5, 0), (11, 5), (5, 21)])
def test_a_preview_is_never_larger_than_the_photo(preview_hw):
    with pytest.raises(InputError) as caught:
        preview_layers(Segments((10, 20)), preview_hw)
    assert str(caught.value) == (
        f"the preview is {preview_hw[1]} x {preview_hw[0]}, the photo 20 x 10: expected a "
        "preview of at least 1 x 1 that is not larger"
    )


@pytest.mark.parametrize("factor", [0.05, 0.5, 1])
def test_every_segment_keeps_an_outline_at_any_scale(factor):
    inner = rectangle(40, 40, (5, 6, 25, 30))
    size = round(100 * factor)
    (layer,) = preview_layers(
        Segments((100, 100), [segment((10, 10, 50, 50), inner)]), (size, size)
    )
    (contour,) = layer_outlines(layer)
    x, y = contour.reshape(-1, 2).mean(axis=0)
    assert (x, y) == pytest.approx((25 * factor, 28 * factor), abs=1.2)


def test_a_faint_mask_has_an_outline_too():
    faint = rectangle(40, 40, (5, 6, 25, 30)) * 0.2
    (layer,) = preview_layers(Segments((60, 60), [segment((10, 10, 50, 50), faint)]), (60, 60))
    assert len(layer_outlines(layer)) == 1


def test_a_thumbnail_of_the_preview_is_that_of_the_photo():
    pixels = np.random.default_rng(0).integers(0, 256, (400, 600, 3), np.uint8)
    pixels = cv2.GaussianBlur(pixels, (0, 0), 9)
    item = segment((100, 80, 300, 240), rectangle(160, 200, (40, 30, 120, 110)))
    small = shrink(pixels, 300)
    (layer,) = preview_layers(Segments((400, 600), [item]), small.shape[:2])
    of_preview = layer_thumbnail(small, layer, 64)
    of_photo = thumbnail(pixels, item, 64)
    assert of_preview.shape == of_photo.shape
    assert np.abs(of_preview.astype(int) - of_photo).mean() < 3
