"""What a classifier is shown of a segment: all around it, its box, or it alone on grey."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from segui.errors import InputError
from segui.scores.crops import CONTEXTS, Crops, cut, seen
from segui.segments.segment import Segment, Segments

CROP, BBOX = (1, 1, 5, 4), (2, 1, 4, 3)  # in a picture of 6 x 5 px


def picture(channels=3, frames=1, seed=0):
    return torch.from_numpy(
        np.random.default_rng(seed).integers(0, 256, (frames, 5, 6, channels), np.uint8)
    )


def segment(mask=None, bbox=BBOX, image=None, crop=CROP):
    if mask is None:
        mask = torch.zeros(3, 4)
        mask[0:2, 1:3] = 1
    return Segment(mask, crop, bbox, image=image)


def shown(item, reference, context):
    crop = cut(item, reference, context)
    assert crop.image.size == crop.mask.size
    return np.asarray(crop.image), np.asarray(crop.mask)


def alone(colours, weights):
    """The formula, in whole numbers of sixteen digits: a share of the colour, the rest grey."""
    share = np.asarray(weights, np.float64)[..., None]
    return np.asarray(colours, np.float64) * share + 127 * (1 - share)


def test_all_of_the_crop_region_is_shown_unless_asked_otherwise():
    photo = picture()
    image, mask = shown(segment(), photo, "crop")
    assert np.array_equal(image, photo[0, 1:4, 1:5])
    assert np.array_equal(mask, [[0, 255, 255, 0], [0, 255, 255, 0], [0, 0, 0, 0]])
    plain = cut(segment(), photo)
    assert np.array_equal(plain.image, image)
    assert np.array_equal(plain.mask, mask)


def test_the_bounding_box_alone_keeps_what_lies_behind_the_segment():
    photo = picture()
    mask = torch.zeros(3, 4)
    mask[0, 1] = 1
    image, levels = shown(segment(mask), photo, "bbox")
    assert np.array_equal(image, photo[0, 1:3, 2:4])
    assert np.array_equal(levels, [[255, 0], [0, 0]])


def test_a_segment_alone_has_grey_where_it_is_not():
    photo = picture()
    mask = torch.zeros(3, 4)
    mask[0, 1] = mask[1, 2] = 1
    image, levels = shown(segment(mask), photo, "segment")
    assert np.array_equal(image[[0, 1], [0, 1]], photo[0, [1, 2], [2, 3]])
    assert (image[[0, 1], [1, 0]] == 127).all()
    assert np.array_equal(levels, [[255, 0], [0, 255]])


@given(
    st.lists(st.floats(0, 1, width=32), min_size=4, max_size=4),
    st.integers(0, 2**31),
    st.booleans(),
)
def test_a_soft_mask_mixes_with_grey_by_its_share(shares, seed, is_float):
    photo = picture(seed=seed)
    reference = photo.float() / 255 if is_float else photo
    mask = torch.zeros(3, 4)
    mask[0:2, 1:3] = torch.tensor(shares).reshape(2, 2)
    image, levels = shown(segment(mask), reference, "segment")
    expected = alone(photo[0, 1:3, 2:4], mask[0:2, 1:3])
    assert np.abs(image - expected).max() <= 0.5 + 1e-3  # rounded to the nearest
    assert np.abs(levels - np.reshape(shares, (2, 2)) * 255).max() <= 0.5 + 1e-3


def test_a_segment_with_an_image_of_its_own_is_cut_from_that():
    own = picture(seed=1)[:, 1:4, 1:5].contiguous()
    other = picture(seed=2)
    for context, expected in (("crop", own[0]), ("bbox", own[0, 0:2, 1:3])):
        image, _ = shown(segment(image=own), other, context)
        assert np.array_equal(image, expected)
    image, _ = shown(segment(image=own), None, "segment")
    assert np.array_equal(image, own[0, 0:2, 1:3])  # its mask is full in its box


def test_transparent_pixels_are_white_around_a_segment_and_grey_where_it_is_alone():
    photo = picture(channels=4)
    photo[..., 3] = 255
    photo[0, 1, 2, 3] = 0
    photo[0, 1, 3, 3] = 51  # a fifth
    image, mask = shown(segment(), photo, "bbox")
    assert image[0, 0].tolist() == [255, 255, 255]
    assert mask[0].tolist() == [0, 51]
    image, mask = shown(segment(), photo, "segment")
    assert image[0, 0].tolist() == [127, 127, 127]
    assert np.abs(image[0, 1] - alone(photo[0, 1, 3, :3], 0.2)).max() <= 0.5 + 1e-3
    assert mask[0].tolist() == [0, 51]
    assert np.array_equal(image[1], photo[0, 2, 2:4, :3])


def test_of_several_frames_the_first_is_shown_with_the_highest_mask():
    photo = picture(frames=3)
    masks = torch.zeros(3, 3, 4)
    masks[0, 0, 1], masks[2, 1, 2] = 1, 1
    image, levels = shown(segment(masks), photo, "segment")
    assert np.array_equal(image[[0, 1], [0, 1]], photo[0, [1, 2], [2, 3]])
    assert (image[[0, 1], [1, 0]] == 127).all()
    assert np.array_equal(levels, [[255, 0], [0, 255]])


@pytest.mark.parametrize("bbox", [(2, 1, 2, 3), (0, 0, 1, 1), (5, 4, 6, 5)])
@pytest.mark.parametrize("context", ["bbox", "segment"])
def test_without_a_pixel_in_its_box_the_crop_region_is_shown(bbox, context):
    photo = picture()
    image, mask = shown(segment(torch.ones(3, 4), bbox), photo, context)
    assert np.array_equal(image, photo[0, 1:4, 1:5])
    assert (mask == 255).all()


@pytest.mark.parametrize("context", ["bbox", "segment"])
def test_a_box_that_leaves_its_crop_or_the_picture_is_cut_at_their_borders(context):
    photo = picture()
    image, _ = shown(segment(torch.ones(3, 4), (3, 0, 9, 9)), photo, context)
    assert np.array_equal(image, photo[0, 1:4, 3:5])
    beyond = segment(torch.ones(3, 4), (4, 3, 8, 6), crop=(4, 3, 8, 6))
    image, _ = shown(beyond, photo, context)
    assert np.array_equal(image, photo[0, 3:5, 4:6])


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_thumbnail_is_what_the_classifier_gets(context):
    photo, item = picture(), segment()
    crops, places = Crops.of(Segments((5, 6), [item]), photo, context)
    assert places == [0]
    for crop in (crops[0], next(iter(crops)), crops[0:1][0]):
        thumbnail = seen(item, photo, context)
        assert thumbnail.mode == "RGB"
        assert np.array_equal(thumbnail, crop.image)


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_context_shows_the_same_segments(context):
    items = [segment(), segment(bbox=(2, 1, 2, 1)), segment(crop=(9, 9, 13, 12))]
    crops, places = Crops.of(Segments((5, 6), items), picture(), context)
    assert places == [0, 1]
    assert len(crops) == 2


def test_segments_of_another_size_are_shown_in_the_references_scale():
    photo = torch.arange(2 * 5 * 2 * 6, dtype=torch.uint8).reshape(1, 10, 12, 1).repeat(1, 1, 1, 3)
    crops, _ = Crops.of(Segments((5, 6), [segment()]), photo, "bbox")
    assert np.array_equal(crops[0].image, photo[0, 2:6, 4:8])


def test_an_unknown_context_lists_the_known_ones():
    sentence = "the context is 'all': expected one of crop, bbox, segment"
    for show in (
        lambda: cut(segment(), picture(), "all"),
        lambda: Crops.of(Segments((5, 6)), None, "all"),
    ):
        with pytest.raises(InputError) as refused:
            show()
        assert str(refused.value) == sentence


def test_a_segment_without_pixels_cannot_be_shown():
    with pytest.raises(InputError) as refused:
        seen(segment(), None, "segment")
    assert str(refused.value) == (
        "a segment without pixels was to be cut out: it needs a reference"
    )
