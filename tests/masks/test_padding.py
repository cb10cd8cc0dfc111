"""Masks that were padded or stretched to another shape: laid where they belong, and said."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.masks.files import read_mask
from segui.masks.fitting import fit_mask
from segui.masks.notes import Offer, offers_of
from segui.masks.padding import PaddedError
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set

PHOTOS_WH = ((900, 600), (600, 900), (1000, 750), (800, 350))
SIDES = (1024, 256, 0)  # px of the square; 0 is the photo's longer side
CENTRE = Offer("It lies in the middle", "padded_masks", "centre")
CORNER = Offer("It lies at the upper left", "padded_masks", "corner")
STRETCH = Offer("It was stretched", "padded_masks", "stretch")


def drawn(size_wh: tuple[int, int], at: tuple[float, float], share: float = 0.12) -> np.ndarray:
    """A disc, its middle at a share of both sides."""
    width, height = size_wh
    middle = round(at[0] * width), round(at[1] * height)
    plane = np.zeros((height, width), np.uint8)
    return cv2.circle(plane, middle, round(share * min(size_wh)), 255, -1)


def made(plane: np.ndarray, side: int, how: str, bars: int = 0) -> np.ndarray:
    """The mask as a model gives it back, a square."""
    height, width = plane.shape
    side = side or max(plane.shape)
    if how == "stretch":
        return cv2.resize(plane, (side, side), interpolation=cv2.INTER_AREA)
    scale = side / max(plane.shape)
    inner_wh = round(width * scale), round(height * scale)
    inner = cv2.resize(plane, inner_wh, interpolation=cv2.INTER_AREA)
    top, left = (side - inner_wh[1]) // 2, (side - inner_wh[0]) // 2
    if how == "corner":
        top = left = 0
    square = np.full((side, side), bars, np.uint8)
    square[top : top + inner_wh[1], left : left + inner_wh[0]] = inner
    return square


def photo_of(plane: np.ndarray) -> np.ndarray:
    """A photo of a thing that is where the mask is, on a ground that has edges of its own."""
    noise = np.random.default_rng(1).normal(0, 30, plane.shape)
    ground = 120 + cv2.GaussianBlur(noise, (0, 0), 2)
    return np.repeat(np.where(plane > 127, 40, ground).astype(np.uint8)[..., None], 3, axis=2)


def read(folder: Path, plane: np.ndarray, photo: np.ndarray | tuple[int, int], **options: object):
    Image.fromarray(plane).save(folder / "model.png")
    known = Photo(photo) if isinstance(photo, tuple) else Photo(photo.shape[:2], pixels=photo)
    (mask,), _ = read_mask_set([folder / "model.png"], known, MaskSetOptions(**options))
    return mask


def assert_like(mask: np.ndarray, plane: np.ndarray, within_px: float) -> None:
    assert mask.shape == plane.shape
    boxes = [cv2.boundingRect((each > 127).astype(np.uint8)) for each in (mask, plane)]
    assert np.abs(np.subtract(*boxes)).max() <= within_px


@pytest.mark.long
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("size_wh", PHOTOS_WH, ids=str)
@pytest.mark.parametrize("at", [(0.5, 0.5), (0.3, 0.4), (0.7, 0.8)], ids=str)
@pytest.mark.parametrize("how", ["centre", "corner"])
def test_a_padded_mask_is_laid_where_the_photos_edges_say(tmp_path, how, at, size_wh, side):
    plane = drawn(size_wh, at)
    mask = read(tmp_path, made(plane, side, how), photo_of(plane))
    # half a pixel of the mask at either end, and one for the way in which it was padded
    assert_like(mask.soft, plane, 2 * max(1, max(size_wh) / (side or max(size_wh))))
    where = {"centre": "in the middle", "corner": "at the upper left"}[how]
    note = mask.notes[1]
    assert note.endswith(f" {where} of it, its bars are empty and its edges fit so")


def test_what_was_done_is_said_and_the_other_ways_are_offered(tmp_path):
    plane = drawn((900, 600), (0.5, 0.9), 0.08)
    how = {"padded_masks": "centre"}
    mask = read(tmp_path, made(plane, 1024, "centre"), (600, 900), **how)
    assert mask.notes[1:] == (
        "it is 1024 x 1024, padded: the photo is the 1024 x 683 in the middle of it, as asked for",
        "it was scaled from 1024 x 683 to 900 x 600",
    )
    assert offers_of(mask.notes[1]) == (CORNER, STRETCH)


def test_where_nothing_says_which_way_it_is_refused_and_each_is_offered(tmp_path):
    plane = drawn((3000, 2000), (0.5, 0.4))
    square = made(plane, 1024, "centre")
    with pytest.raises(PaddedError) as caught:
        read(tmp_path, square, (2000, 3000))
    assert str(caught.value) == (
        "the mask model is 1024 x 1024, the photo 3000 x 2000: it may be padded, with the photo in "
        "the middle or at the upper left, or stretched. Say which by padded_masks: centre, corner "
        "or stretch"
    )
    assert caught.value.offers == (CENTRE, CORNER, STRETCH)
    assert_like(read(tmp_path, square, (2000, 3000), padded_masks="centre").soft, plane, 6)


def test_of_what_may_be_the_rest_alone_is_offered(tmp_path):
    plane = drawn((900, 600), (0.5, 0.9), 0.08)  # lower than a bar below may begin
    with pytest.raises(PaddedError) as caught:
        read(tmp_path, made(plane, 900, "centre"), (600, 900))
    assert str(caught.value).endswith(
        "it may be padded, with the photo in the middle, or stretched. Say which by padded_masks: "
        "centre or stretch"
    )
    assert caught.value.offers == (CENTRE, STRETCH)


@pytest.mark.parametrize("how", ["centre", "corner", "stretch"])
def test_one_word_says_how_it_was_made(tmp_path, how):
    plane = drawn((900, 600), (0.4, 0.5))
    assert_like(read(tmp_path, made(plane, 512, how), (600, 900), padded_masks=how).soft, plane, 4)


def test_a_stretched_mask_is_stretched_where_its_edges_are_the_photos_then(tmp_path):
    plane = drawn((900, 600), (0.4, 0.5))
    square = made(plane, 512, "stretch")
    mask = read(tmp_path, square, photo_of(plane), scale=True)
    assert_like(mask.soft, plane, 4)
    assert (
        mask.notes[-1] == "it was stretched from 512 x 512 to 900 x 600: their proportions differ"
    )
    assert offers_of(mask.notes[-1]) == (CENTRE, CORNER)
    with pytest.raises(InputError, match=r"^the mask model is 512 x 512, the photo 900 x 600: the"):
        read(tmp_path, square, photo_of(plane))


def test_a_mask_that_reaches_into_the_bars_is_not_padded(tmp_path):
    square = np.zeros((512, 512), np.uint8)
    square[20:500, 100:400] = 255
    with pytest.raises(InputError, match="their proportions must match"):
        read(tmp_path, square, (600, 900))


@pytest.mark.parametrize("bars", [255, 128])
def test_bars_of_another_value_are_no_part_of_the_mask(tmp_path, bars):
    plane = drawn((900, 600), (0.5, 0.5), 0.45)
    mask = read(tmp_path, made(plane, 900, "centre", bars), (600, 900), kind="soft")
    assert np.array_equal(mask.soft, plane)


def test_a_padded_map_has_its_labels(tmp_path):
    labels = np.zeros((600, 900), np.uint8)
    labels[100:250, 200:500], labels[450:590, 600:890] = 1, 2
    square = np.zeros((900, 900), np.uint8)
    square[150:750] = labels
    mask = read(tmp_path, square, photo_of(np.uint8(255) * (labels > 0)))
    assert np.array_equal(mask.labels, labels)


def test_of_single_files_it_is_said_apart(tmp_path):
    plane = drawn((900, 600), (0.5, 0.4))
    each = '{"model.png": {"padded_masks": "corner"}}'
    mask = read(tmp_path, made(plane, 900, "corner"), (600, 900), each=each)
    assert np.array_equal(mask.soft, plane)


def test_a_word_that_it_does_not_know_is_refused(tmp_path):
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(tmp_path / "m.png")
    expected = "^padded_masks is 'left': expected auto, centre, corner, stretch$"
    with pytest.raises(InputError, match=expected):
        fit_mask(read_mask(tmp_path / "m.png"), (4, 4), padding="left")
    with pytest.raises(InputError, match=expected):
        MaskSetOptions(padded_masks="left")
