import pickle

import numpy as np
import pytest
import torch
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from PIL import Image

from segui import Box, InputError, Segment, Segments
from segui.segments.segment import scale_segments
from tests.counts import examples
from tests.drawn import mask, picture, segment

CROP = (2, 1, 6, 4)


def test_a_segment_gives_back_the_mask_that_it_was_given():
    given = mask("..#+", ".*#-", "....")
    kept = Segment(given, CROP, CROP)
    assert torch.equal(kept.mask, given)
    assert kept.mask.dtype == torch.float32


@pytest.mark.parametrize("value", [1 / 3, 0.1, 1e-30, 0.9999999])
def test_masks_are_kept_without_loss(value):
    given = torch.full((3, 4), value)
    assert torch.equal(Segment(given, CROP, CROP).mask, given)


def test_frames_of_masks_are_kept_apart():
    given = torch.stack([mask("#...", "....", "...."), mask("....", "....", "...+")])
    kept = Segment(given, CROP, CROP)
    assert kept.frames == 2
    assert torch.equal(kept.mask, given)
    assert kept.content == Box(*CROP)


def test_the_mask_is_a_copy_both_ways():
    given = mask("####", "####", "####")
    kept = Segment(given, CROP, CROP)
    given[:] = 0
    kept.mask[:] = 0.5
    assert (kept.mask == 1).all()


def test_content_is_the_smallest_box_around_what_is_not_0():
    assert Segment(mask("....", "..-#", "...."), CROP, CROP).content == Box(4, 2, 6, 3)
    assert Segment(mask("....", "....", "...."), CROP, CROP).content.is_empty


def test_area_counts_pixels_of_half_or_more():
    assert Segment(mask("#+*-", "....", "...."), CROP, CROP).area == 3


def test_boxes_may_be_any_four_whole_numbers():
    kept = Segment(torch.ones(3, 4), np.array(CROP), [2.0, 1.0, 6.0, 4.0])
    assert kept.crop_region == Box(2, 1, 6, 4)
    assert isinstance(kept.crop_region, Box)
    assert isinstance(kept.bbox.x1, int)


def test_a_crop_region_may_reach_beyond_the_image():
    assert Segment(torch.ones(4, 5), (-2, -1, 3, 3), (0, 0, 3, 3)).content == Box(-2, -1, 3, 3)


def test_a_segment_cannot_be_changed():
    kept = segment(CROP)
    with pytest.raises(AttributeError):
        kept.label = "B"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"mask": torch.ones(3, 4).double()},
            "the mask is torch.float64: expected a float32 tensor",
        ),
        ({"mask": np.ones((3, 4), np.float32)}, "the mask is ndarray: expected a float32 tensor"),
        (
            {"mask": torch.ones(4, 3)},
            (
                "the mask is (4, 3): expected (3, 4) or (frames, 3, 4), the size of crop_region "
                "(2, 1, 6, 4)"
            ),
        ),
        ({"mask": torch.full((3, 4), 1.5)}, "the mask has values from 1.5 to 1.5: expected 0 to 1"),
        (
            {"mask": torch.full((3, 4), float("nan"))},
            "the mask has values from nan to nan: expected 0 to 1",
        ),
        (
            {"crop_region": (2, 1, 6)},
            "crop_region is (2, 1, 6): expected four whole numbers x1, y1, x2, y2 in px",
        ),
        (
            {"bbox": (0, 0, 1.5, 2)},
            "bbox is (0, 0, 1.5, 2): expected four whole numbers x1, y1, x2, y2 in px",
        ),
        (
            {"crop_region": (6, 1, 6, 4)},
            "crop_region is (6, 1, 6, 4): expected x2 above x1 and y2 above y1",
        ),
        (
            {"crop_region": None},
            "crop_region is (None,): expected four whole numbers x1, y1, x2, y2 in px",
        ),
        ({"bbox": (5, 5, 2, 2)}, "bbox is (5, 5, 2, 2): expected x2 not below x1, y2 not below y1"),
        ({"confidence": "x"}, "the confidence is x: expected 0 to 1"),
        ({"label": 3}, "the label is 3: expected text"),
        ({"confidence": 2.0}, "the confidence is 2.0: expected 0 to 1"),
        (
            {"image": torch.ones(1, 3, 3, 3)},
            (
                "the segment's image is (1, 3, 3, 3): expected (frames, 3, 4, 3 or 4), the size of "
                "crop_region (2, 1, 6, 4)"
            ),
        ),
        (
            {"image": torch.ones(1, 3, 4, 3).half()},
            "the segment's image is torch.float16: expected a uint8 or float32 tensor",
        ),
    ],
)
def test_a_segment_that_does_not_fit_is_refused(arguments, message):
    fitting = {"mask": torch.ones(3, 4), "crop_region": CROP, "bbox": CROP}
    with pytest.raises(InputError) as caught:
        Segment(**{**fitting, **arguments})
    assert str(caught.value) == message


@pytest.mark.parametrize("size", [(4,), (4, 0), (4, 2.5), ("a", 4), (None,)])
def test_segments_need_a_height_and_a_width(size):
    with pytest.raises(InputError) as caught:
        Segments(size, [])
    assert str(caught.value) == f"the size is {size}: expected (height, width) in whole px above 0"


def test_segments_hold_segments_alone():
    with pytest.raises(InputError, match="an item is a Box: expected a Segment"):
        Segments((9, 9), [Box(0, 0, 1, 1)])


def test_scaling_uses_x_for_width_and_y_for_height():
    scaled = scale_segments(Segments((10, 20), [segment((3, 1, 9, 5))]), (20, 30))
    assert scaled.size == (20, 30)
    assert scaled.items[0].crop_region == Box(4, 2, 13, 10)
    assert scaled.items[0].mask.shape == (8, 9)


def test_where_a_thing_was_found_is_kept_and_scaled():
    given = Segment(mask("..#+", ".*#-", "...."), CROP, CROP, found=(2, 2, 4, 4))
    assert given.found == Box(2, 2, 4, 4)
    (larger,) = scale_segments(Segments((10, 20), [given]), (20, 60)).items
    assert larger.found == Box(6, 4, 12, 8)
    assert Segment(mask("####", "####", "####"), CROP, CROP).found is None
    with pytest.raises(InputError) as raised:
        Segment(mask("####", "####", "####"), CROP, CROP, found=(5, 2, 4, 4))
    assert str(raised.value) == "found is (5, 2, 4, 4): expected x2 not below x1, y2 not below y1"


def test_scaling_to_the_same_size_changes_nothing():
    segments = Segments((10, 20), [segment((3, 1, 9, 5))])
    assert scale_segments(segments, (10, 20)) is segments


def test_masks_are_scaled_bilinearly_without_aligned_corners():
    scaled = scale_segments(Segments((1, 4), [segment((0, 0, 2, 1), mask(".#"))]), (1, 8))
    assert scaled.items[0].mask.tolist() == [[0, 0.25, 0.75, 1]]


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_own_images_are_scaled_by_lanczos_and_keep_their_kind(dtype):
    own = picture(6, 6, channels=3)
    given = own if dtype == torch.float32 else own.mul(255).to(torch.uint8)
    scaled = scale_segments(Segments((6, 6), [segment((0, 0, 6, 6), image=given)]), (9, 9))
    plane = Image.fromarray(given[0, ..., 0].float().numpy()).resize(
        (9, 9), Image.Resampling.LANCZOS
    )
    got = scaled.items[0].image
    assert got.dtype == dtype
    range_had = given[0, ..., 0].min().item(), given[0, ..., 0].max().item()
    expected = np.asarray(plane).clip(*range_had)
    if dtype == torch.uint8:
        expected = expected.round()
    assert np.array_equal(got[0, ..., 0].numpy(), expected)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
@pytest.mark.parametrize("size_hw", [(6, 8), (24, 32), (31, 17)])
def test_scaled_own_images_stay_in_the_range_that_each_channel_had(dtype, size_hw):
    hard = torch.zeros(2, 12, 16, 4)
    hard[:, 3:9, 4:11] = 1
    low, high = torch.tensor([20, 100, 0, 255]), torch.tensor([200, 110, 255, 255])
    given = low + hard * (high - low)
    given[1] = given[1].clamp(30, 90)
    given = given.to(torch.uint8) if dtype == torch.uint8 else given / 100 - 0.5
    scaled = scale_segments(Segments((12, 16), [segment((0, 0, 16, 12), image=given)]), size_hw)
    got = scaled.items[0].image
    assert torch.equal(got.amin((1, 2)), given.amin((1, 2)))
    assert torch.equal(got.amax((1, 2)), given.amax((1, 2)))


def test_a_scaled_own_image_with_nan_keeps_its_other_pixels():
    given = picture(40, 40)
    given[0, 2, 3, 0] = float("nan")
    scaled = scale_segments(Segments((40, 40), [segment((0, 0, 40, 40), image=given)]), (60, 60))
    assert scaled.items[0].image[0, 20:, 20:].isfinite().all()


@settings(max_examples=examples(60), deadline=None)
@drawn(*[st.integers(1, 300)] * 4)
def test_a_scaled_mask_is_opaque_where_it_was(height, width, to_height, to_width):
    whole = Segment(torch.ones(height, width), (0, 0, width, height), (0, 0, width, height))
    scaled = scale_segments(Segments((height, width), [whole]), (to_height, to_width))
    assert (scaled.items[0].mask == 1).all()


def test_a_segment_that_shrinks_below_a_pixel_keeps_one():
    scaled = scale_segments(Segments((100, 100), [segment((50, 50, 52, 52))]), (10, 10))
    assert scaled.items[0].crop_region == Box(5, 5, 6, 6)


def test_two_hundred_large_masks_share_one_plane():
    from segui import segments_from_mask

    grid = np.zeros((1000, 1600), np.float32)
    for n in range(200):
        y, x = divmod(n, 20)
        grid[y * 100 + 5 : y * 100 + 95, x * 80 + 5 : x * 80 + 75] = 1
    found = segments_from_mask(torch.from_numpy(grid), crop_factor=100)
    planes = {id(item.mask_source.plane) for item in found.items}
    assert len(found.items) == 200
    assert len(planes) == 1


def test_segments_travel_to_other_processes_without_what_was_remembered():
    segments = Segments((10, 20), [segment((3, 1, 9, 5))])
    segments.memory_of(test_two_hundred_large_masks_share_one_plane)[b"x"] = {"a": 1.0}
    there = pickle.loads(pickle.dumps(segments))  # noqa: S301
    assert there.size == segments.size
    assert torch.equal(there.items[0].mask, segments.items[0].mask)
    assert there.memory_of(test_two_hundred_large_masks_share_one_plane) == {}


def test_what_was_left_out_is_scaled_too():
    segments = Segments((10, 20), [], [Box(2, 4, 6, 8)])
    assert scale_segments(segments, (20, 40)).left_out == (Box(4, 8, 12, 16),)
