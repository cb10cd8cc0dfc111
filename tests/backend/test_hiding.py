"""Hiding segments by blocks, against a plain form."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from segui import Box, InputError, Segments
from segui.backend.effects import apply_effect
from segui.backend.hiding import (
    Patch,
    block_for_segments,
    patch_of_photo,
    patches_of_segments,
    pixelate_patches,
)
from tests.counts import examples
from tests.drawn import levels, picture, rectangle, segment


def plain_patch(frame, patch):
    """Each pixel of the patch: the opacity-weighted mean of its block, in float64."""
    out, side = frame.astype(np.float64), patch.block_px
    height, width = frame.shape[:2]
    for y in range(patch.box.y1, patch.box.y2):
        for x in range(patch.box.x1, patch.box.x2):
            x1, y1 = x - (x - patch.x) % side, y - (y - patch.y) % side
            block = Box(x1, y1, x1 + side, y1 + side).clip((height, width))
            pixels = frame[block.slices].astype(np.float64)
            weight = pixels[..., 3:] if frame.shape[2] == 4 else np.ones_like(pixels[..., :1])
            total = weight.sum()
            mean = (pixels[..., :3] * weight).sum((0, 1)) / total if total else 0
            out[y, x, :3] = mean
    return out


@st.composite
def patches(draw):
    x1, y1 = draw(st.integers(0, 40)), draw(st.integers(0, 28))
    box = Box(x1, y1, draw(st.integers(x1 + 1, 44)), draw(st.integers(y1 + 1, 32)))
    return Patch(
        box, draw(st.integers(-5, 44)), draw(st.integers(-5, 32)), draw(st.integers(1, 50))
    )


@settings(max_examples=examples(60), deadline=None)
@given(patches(), st.sampled_from([3, 4]), st.sampled_from(["float32", "uint8"]))
def test_each_pixel_is_the_mean_of_its_whole_block(patch, channels, kind):
    image = picture(32, 44, channels=channels, frames=2)
    given_image = image if kind == "float32" else levels(image)
    got = pixelate_patches(given_image, (patch,))
    assert got.dtype == given_image.dtype
    for frame, result in zip(given_image.numpy(), got.numpy(), strict=True):
        off = np.abs(result - plain_patch(frame, patch)).max()
        assert off <= (1e-5 if kind == "float32" else 0.5 + 1e-3)


def test_later_patches_lie_on_earlier_ones_and_show_the_images_own_pixels():
    image = picture(32, 44)
    fine, coarse = Patch(Box(0, 0, 30, 30), 0, 0, 4), Patch(Box(20, 0, 44, 32), 20, 0, 8)
    got = pixelate_patches(image, (fine, coarse))
    assert torch.equal(got[:, :, 20:], pixelate_patches(image, (coarse,))[:, :, 20:])
    assert torch.equal(got[:, :, :20], pixelate_patches(image, (fine,))[:, :, :20])


def test_without_patches_the_image_is_copied():
    image = picture(8, 8)
    got = pixelate_patches(image, ())
    assert torch.equal(got, image)
    assert got.data_ptr() != image.data_ptr()


def test_blocks_are_a_sixth_of_the_longer_side_at_least_4_and_the_finest_come_first():
    crops = [(10, 10, 110, 50), (0, 60, 20, 80), (100, 60, 133, 90)]
    segments = Segments((200, 200), [segment(crop) for crop in crops])
    assert patches_of_segments(segments, (200, 200)) == (
        Patch(Box(*crops[1]), 0, 60, 4),
        Patch(Box(*crops[2]), 100, 60, 6),
        Patch(Box(*crops[0]), 10, 10, 17),
    )


def noise(height, width):
    """A picture of which no two pixels are alike, as far as float32 goes."""
    return torch.rand((1, height, width, 3), generator=torch.Generator().manual_seed(3))


@pytest.mark.long
@settings(max_examples=examples(80), deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 9), st.integers(0, 9))
def test_of_an_area_no_more_than_6_x_6_values_are_left(height, width, x, y):
    image = noise(height + 20, width + 20)
    crop = (x, y, x + width, y + height)
    segments = Segments(image.shape[1:3], [segment(crop)])
    hidden = pixelate_patches(image, patches_of_segments(segments, image.shape[1:3]))
    inside = hidden[0][Box(*crop).slices].reshape(-1, 3).numpy()
    assert len(np.unique(inside, axis=0)) <= 36
    rows, columns = hidden[0][Box(*crop).slices][:, 0], hidden[0][Box(*crop).slices][0]
    assert len(np.unique(rows.numpy(), axis=0)) <= 6
    assert len(np.unique(columns.numpy(), axis=0)) <= 6


def test_blocks_that_are_the_same_all_over_are_as_large_as_the_largest_area_needs():
    small, large = segment((0, 0, 20, 20)), segment((30, 30, 90, 50))
    assert block_for_segments(Segments((100, 100), [small, large]), (100, 100)) == 10
    assert block_for_segments(Segments((100, 100), [small]), (100, 100)) == 4
    assert block_for_segments(Segments((100, 100), [small]), (1000, 900)) == 34
    # a photo's own blocks are the least
    assert block_for_segments(Segments((960, 960), [small]), (960, 960)) == 20
    assert block_for_segments(Segments((960, 960)), (960, 960)) == 20


def test_a_patch_reaches_as_far_as_the_feather_within_the_photo():
    segments = Segments((200, 200), [segment((10, 100, 50, 195))])
    (patch,) = patches_of_segments(segments, (200, 200), feather=20)
    assert patch == Patch(Box(0, 80, 70, 200), 10, 100, 16)


def test_a_mask_that_reaches_beyond_its_bounding_box_is_covered():
    inner = rectangle(60, 60, (5, 5, 55, 40))
    item = type(segment((0, 0, 9, 9)))(inner, (20, 20, 80, 80), (30, 30, 62, 50))
    (patch,) = patches_of_segments(Segments((100, 100), [item]), (100, 100))
    assert patch == Patch(Box(25, 25, 75, 60), 30, 30, 6)


def test_segments_of_another_size_are_scaled():
    segments = Segments((50, 50), [segment((10, 10, 30, 30))])
    assert patches_of_segments(segments, (100, 100)) == (Patch(Box(20, 20, 60, 60), 20, 20, 7),)


def test_a_segment_outside_of_the_photo_hides_nothing():
    segments = Segments((50, 50), [segment((60, 60, 70, 70))])
    assert patches_of_segments(segments, (50, 50), feather=5) == ()


def test_the_whole_photo_has_blocks_of_a_sixth_of_its_longer_side():
    assert patch_of_photo((480, 641)) == Patch(Box(0, 0, 641, 480), 0, 0, 107)
    assert patch_of_photo((20, 21)).block_px == 4
    image = picture(48, 64)
    assert torch.equal(
        pixelate_patches(image, (patch_of_photo((48, 64), strength=5),)),
        apply_effect(image, "pixelate", strength=5),
    )


def test_the_strength_is_the_block():
    segments = Segments((50, 50), [segment((10, 10, 30, 30)), segment((0, 0, 5, 5))])
    taken = patches_of_segments(segments, (50, 50), strength=3)
    assert [patch.block_px for patch in taken] == [3, 3]


@pytest.mark.parametrize("strength", [0, 2.5, -1, 10_001, float("nan"), True, "5"])
def test_a_strength_that_is_no_block_is_refused(strength):
    wanted = f"the strength of hide is {strength!r}: expected a whole number of px from 1 to 10000"
    with pytest.raises(InputError) as caught:
        patches_of_segments(Segments((9, 9)), (9, 9), strength=strength)
    assert str(caught.value) == wanted
    with pytest.raises(InputError) as caught:
        patch_of_photo((9, 9), strength=strength)
    assert str(caught.value) == wanted
