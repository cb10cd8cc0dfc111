"""A change of all colours: found, named, and not taken for an edit."""

import io

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from segui.finders.cast import find_cast
from segui.finders.difference import difference_mask

PHOTO = np.ascontiguousarray(data.coffee())
# smaller, so that what a filter does beside edges is most of it
ASTRONAUT = cv2.resize(data.astronaut(), (480, 480), interpolation=cv2.INTER_AREA)
DARK = np.ascontiguousarray(data.rocket())
DISC = np.hypot(*(np.mgrid[:400, :600] - np.array([190, 300])[:, None, None])) < 70
CASTS = {
    "brighter": lambda levels: levels + 9,
    "warmer": lambda levels: levels * [1.05, 1.0, 0.93],
    "cooler": lambda levels: levels * [0.94, 1.0, 1.06],
    "contrast": lambda levels: (levels - 128) * 1.1 + 128,
    "gamma": lambda levels: 255 * (levels / 255) ** 0.87,
    "S-curve": lambda levels: 255 * _s(levels / 255),
    "half an S-curve": lambda levels: (levels + 255 * _s(levels / 255)) / 2,
    "S-curve and warmer": lambda levels: 255 * _s(levels / 255) * [1.05, 1.0, 0.9],
    "much brighter": lambda levels: levels + 40,
    "an exposure more": lambda levels: 255 * (levels / 255 * 2**0.45).clip(0, 1),
    "strong contrast": lambda levels: (levels - 128) * 1.5 + 128,
    "strong gamma": lambda levels: 255 * (levels / 255) ** 0.6,
    "pale": lambda levels: _saturated(levels, 0.4),
    "colourful": lambda levels: _saturated(levels, 1.4),
    "a warm filter": lambda levels: levels * 0.75 + np.array([236.0, 138.0, 0.0]) * 0.25,
    "logistic": lambda levels: 255 * _logistic(levels / 255),
    "half a logistic": lambda levels: (levels + 255 * _logistic(levels / 255)) / 2,
}


def _s(values):
    return values * values * (3 - 2 * values)


def _saturated(levels, factor):
    grey = (levels @ [0.299, 0.587, 0.114])[..., None]
    return grey + (levels - grey) * factor


def _logistic(values):
    low, high = 1 / (1 + np.exp(4)), 1 / (1 + np.exp(-4))
    return (1 / (1 + np.exp(-8 * (values - 0.5))) - low) / (high - low)


def as_levels(values) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


@pytest.mark.long
@pytest.mark.parametrize("kind", CASTS)
def test_what_was_edited_is_found_beyond_a_cast(kind):
    recoloured = np.where(DISC[..., None], PHOTO[..., ::-1], PHOTO).astype(float)
    edited = as_levels(CASTS[kind](recoloured))
    cast = find_cast(PHOTO, edited)
    assert cast is not None
    expected = torch.from_numpy(cast.laid_on(PHOTO))[None]
    found = difference_mask(expected, torch.from_numpy(edited)[None]).numpy() > 0
    assert np.count_nonzero(found & DISC) / np.count_nonzero(found | DISC) > 0.85


@pytest.mark.long
@pytest.mark.parametrize("kind", CASTS)
def test_a_cast_is_found_beside_a_large_edit_at_quality_80(kind):
    disc = np.hypot(*(np.mgrid[:400, :600] - np.array([220, 240])[:, None, None])) < 130
    recoloured = np.where(disc[..., None], PHOTO * 0.3 + [140.0, 21.0, 28.0], PHOTO)
    with io.BytesIO() as stream:
        Image.fromarray(as_levels(CASTS[kind](recoloured))).save(stream, "JPEG", quality=80)
        edited = np.array(Image.open(stream))
    cast = find_cast(PHOTO, edited)
    assert cast is not None
    off = np.abs(cast.laid_on(PHOTO) - as_levels(CASTS[kind](PHOTO.astype(float))).astype(float))
    # means, as what is compared are: single pixels are off by what JPEG does
    assert np.quantile(cv2.blur(off, (9, 9)).max(axis=2)[~disc], 0.9) < 8


@pytest.mark.long
def test_a_dark_photos_negative_is_no_cast():
    assert find_cast(DARK, 255 - DARK) is None


@pytest.mark.long
def test_a_cast_is_named_by_what_is_seen_of_it_and_by_numbers():
    cast = find_cast(PHOTO, as_levels(PHOTO + np.array([10.0, 0, -10])))
    assert cast.sentence == (
        "its colours are changed as a whole, warmer: red +10, green +0, blue -10 of 255 on average"
    )


@pytest.mark.long
def test_flat_colours_that_were_recoloured_are_no_cast():
    photo = np.full((120, 160, 3), (120, 130, 140), np.uint8)
    photo[20:60, 20:60], photo[70:110, 90:140] = (200, 40, 40), (40, 180, 60)
    edited = photo.copy()
    edited[20:60, 20:60] = (40, 40, 200)
    assert find_cast(photo, edited) is None
    cast = find_cast(photo, edited + np.uint8(8))
    assert cast.sentence.endswith("brighter: red +8, green +8, blue +8 of 255 on average")
    apart = np.abs(cast.laid_on(photo).astype(int) - edited - 8).max(axis=2) > 8
    assert np.array_equal(apart, (photo == (200, 40, 40)).all(axis=2))


@pytest.mark.long
@pytest.mark.parametrize(
    "made",
    [
        lambda photo: 255 - photo,
        lambda photo: np.repeat(photo.mean(axis=2, keepdims=True), 3, axis=2),
        lambda photo: photo[::-1],
        lambda photo: photo,
        lambda photo: 2 * photo - cv2.GaussianBlur(photo, (0, 0), 2),
        lambda photo: cv2.GaussianBlur(photo, (0, 0), 4),
    ],
    ids=["negative", "grey", "another picture", "the same", "sharper", "blurred"],
)
@pytest.mark.parametrize("photo", [PHOTO, ASTRONAUT], ids=["coffee", "astronaut"])
def test_an_effect_on_all_of_a_photo_is_no_cast(photo, made):
    assert find_cast(photo, as_levels(made(photo.astype(float)))) is None


@pytest.mark.long
def test_alpha_stays_as_it_is():
    photo = np.dstack([PHOTO, np.full(PHOTO.shape[:2], 70, np.uint8)])
    cast = find_cast(photo, as_levels(PHOTO.astype(float) + 9))
    assert np.array_equal(cast.laid_on(photo)[..., 3], photo[..., 3])
