"""Masks that were padded or stretched to another shape: laid where they belong, and said."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from segui.errors import InputError
from segui.masks.files import read_mask
from segui.masks.notes import Offer, offers_of
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set
from segui.masks.sizes.fitting import fit_mask
from segui.masks.sizes.lying import WHERE
from segui.masks.sizes.padding import PaddedError

PHOTOS_WH = ((900, 600), (600, 900), (1000, 750), (800, 350))
SIDES = (1024, 256, 0)  # px of the square; 0 is the photo's longer side
CENTRE = Offer("It lies in the middle", "padded_masks", "centre")
CORNER = Offer("It lies at the upper left", "padded_masks", "corner")
END = Offer("It lies at the lower right", "padded_masks", "end")
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
    if how == "end":
        top, left = side - inner_wh[1], side - inner_wh[0]
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
@pytest.mark.parametrize("how", ["centre", "corner", "end"])
def test_a_padded_mask_is_laid_where_the_photos_edges_say(tmp_path, how, at, size_wh, side):
    plane = drawn(size_wh, at)
    mask = read(tmp_path, made(plane, side, how), photo_of(plane))
    # half a pixel of the mask at either end, and one for the way in which it was padded
    assert_like(mask.soft, plane, 2 * max(1, max(size_wh) / (side or max(size_wh))))
    where = WHERE[how]
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
    assert offers_of(mask.notes[1]) == (CORNER, END, STRETCH)


def test_where_nothing_says_which_way_it_is_refused_and_each_is_offered(tmp_path):
    plane = drawn((3000, 2000), (0.5, 0.4))
    square = made(plane, 1024, "centre")
    with pytest.raises(PaddedError) as caught:
        read(tmp_path, square, (2000, 3000))
    assert str(caught.value) == (
        "the mask model is 1024 x 1024, the photo 3000 x 2000: it may be padded, with the photo in "
        "the middle, at the upper left or at the lower right, or stretched. Say which by "
        "padded_masks: centre, corner, end or stretch"
    )
    assert caught.value.offers == (CENTRE, CORNER, END, STRETCH)
    assert_like(read(tmp_path, square, (2000, 3000), padded_masks="centre").soft, plane, 6)


def test_of_what_may_be_the_rest_alone_is_offered(tmp_path):
    plane = drawn((900, 600), (0.5, 0.9), 0.08)  # lower than a bar below may begin
    with pytest.raises(PaddedError) as caught:
        read(tmp_path, made(plane, 900, "centre"), (600, 900))
    assert str(caught.value).endswith(
        "it may be padded, with the photo in the middle or at the lower right, or stretched. Say "
        "which by padded_masks: centre, end or stretch"
    )
    assert caught.value.offers == (CENTRE, END, STRETCH)


@pytest.mark.parametrize("how", ["centre", "corner", "end", "stretch"])
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
    assert offers_of(mask.notes[-1]) == (CENTRE, CORNER, END)
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
    expected = "^padded_masks is 'left': expected auto, centre, corner, stretch, end$"
    with pytest.raises(InputError, match=expected):
        fit_mask(read_mask(tmp_path / "m.png"), (4, 4), padding="left")
    with pytest.raises(InputError, match=expected):
        MaskSetOptions(padded_masks="left")


def laid(plane: np.ndarray, canvas_wh: tuple[int, int], how: str, *, scaled: bool) -> np.ndarray:
    """The mask in bars of 0, at its own size or as large as the canvas lets it be."""
    height, width = plane.shape
    scale = min(canvas_wh[0] / width, canvas_wh[1] / height) if scaled else 1.0
    inner_wh = round(width * scale), round(height * scale)
    inner = cv2.resize(plane, inner_wh, interpolation=cv2.INTER_AREA)
    room = canvas_wh[0] - inner_wh[0], canvas_wh[1] - inner_wh[1]
    left, top = {"centre": (room[0] // 2, room[1] // 2), "corner": (0, 0), "end": room}[how]
    canvas = np.zeros(canvas_wh[::-1], np.uint8)
    canvas[top : top + inner_wh[1], left : left + inner_wh[0]] = inner
    return canvas


SHAPES = {  # of a canvas, and of the photo
    "16:9": ((1280, 720), (900, 600)),
    "9:16": ((720, 1280), (900, 600)),
    "a portrait in a landscape": ((900, 600), (600, 900)),
    "a portrait in a large landscape": ((1200, 800), (600, 900)),
    "4:3": ((1024, 768), (900, 600)),
    "multiples of 64": ((1024, 704), (1500, 1001)),
}


@pytest.mark.long
@pytest.mark.parametrize("how", ["centre", "corner", "end"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_mask_that_was_padded_to_any_shape_is_laid_where_the_photos_edges_say(
    tmp_path, shape, how
):
    canvas_wh, size_wh = SHAPES[shape]
    plane = drawn(size_wh, (0.4, 0.45))
    mask = read(tmp_path, laid(plane, canvas_wh, how, scaled=True), photo_of(plane))
    assert_like(mask.soft, plane, 2 * max(1, size_wh[0] / canvas_wh[0], size_wh[1] / canvas_wh[1]))
    assert f"{WHERE[how]} of it, its bars are empty and its edges fit so" in mask.notes[1]


@pytest.mark.parametrize("multiple", [8, 32, 64])
@pytest.mark.parametrize("how", ["corner", "end"])
def test_what_was_filled_up_to_whole_multiples_is_taken_out_to_the_pixel(tmp_path, how, multiple):
    plane = drawn((905, 603), (0.4, 0.45))
    canvas_wh = tuple(-(-side // multiple) * multiple for side in (905, 603))
    mask = read(tmp_path, laid(plane, canvas_wh, how, scaled=False), photo_of(plane))
    assert np.array_equal(mask.soft, plane)
    assert mask.notes[1] == (
        f"it is {canvas_wh[0]} x {canvas_wh[1]}, padded: the photo is the 905 x 603 {WHERE[how]} "
        "of it, its bars are empty and its edges fit so"
    )


def test_where_no_edges_are_known_what_is_cut_off_at_the_bars_says_where_they_are(tmp_path):
    plane = drawn((900, 600), (0.5, 1.0), 0.3)  # half a disc, on the photo's lower border
    mask = read(tmp_path, laid(plane, (1280, 960), "centre", scaled=True), (600, 900))
    assert_like(mask.soft, plane, 2)
    assert mask.notes[1] == (
        "it is 1280 x 960, padded: the photo is the 1280 x 853 in the middle of it, "
        "its bars are empty and what it marks is cut off at them"
    )


def test_a_box_which_ends_straight_on_its_own_says_nothing_of_bars(tmp_path):
    plane = np.zeros((600, 900), np.uint8)
    plane[300:, 300:600] = 255
    with pytest.raises(PaddedError):
        read(tmp_path, laid(plane, (1280, 960), "centre", scaled=True), (600, 900))


def test_a_white_ground_is_no_bar(tmp_path):
    ground = 255 - drawn((1024, 1024), (0.5, 0.5))
    with pytest.raises(PaddedError):
        read(tmp_path, ground, (600, 900), kind="soft")


def test_what_was_scaled_and_may_have_been_filled_up_is_offered_so(tmp_path):
    plane = drawn((905, 603), (0.4, 0.45))
    padded = laid(plane, (912, 608), "corner", scaled=False)
    mask = read(tmp_path, padded, (603, 905))
    assert mask.notes[1] == "it was scaled from 912 x 608 to 905 x 603"
    assert offers_of(mask.notes[1]) == (CENTRE, CORNER, END)
    assert np.array_equal(read(tmp_path, padded, (603, 905), padded_masks="corner").soft, plane)


def test_a_copy_at_another_size_is_never_asked_for_bars(tmp_path):
    plane = drawn((900, 600), (0.4, 0.45))
    mask = read(tmp_path, cv2.resize(plane, (450, 300)), photo_of(plane))
    assert mask.notes[1] == "it was scaled from 450 x 300 to 900 x 600"
    assert offers_of(mask.notes[1]) == ()


@pytest.mark.parametrize(("turned", "side"), [(1, "right"), (3, "left")])
def test_a_mask_on_its_side_is_turned_as_the_photos_edges_say(tmp_path, turned, side):
    plane = drawn((900, 600), (0.4, 0.45))
    mask = read(tmp_path, np.rot90(plane, turned), photo_of(plane))
    assert np.array_equal(mask.soft, plane)
    assert mask.notes[1] == (
        f"it lies on its side: it was turned by 90 degrees to the {side}, its edges fit so"
    )
    other = "left" if side == "right" else "right"
    assert offers_of(mask.notes[1]) == (Offer(f"Turn it to the {other}", "turn_masks", other),)


def test_one_on_its_side_that_may_be_padded_too_is_refused_with_all_that_it_may_be(tmp_path):
    plane = drawn((600, 900), (0.5, 0.4))
    with pytest.raises(PaddedError) as caught:
        read(tmp_path, laid(plane, (900, 600), "centre", scaled=True), (900, 600))
    assert str(caught.value) == (
        "the mask model is 900 x 600, the photo 600 x 900: it lies on its side. Say which way to "
        "turn the masks: right or left, or how it was padded by padded_masks"
    )
    assert caught.value.offers == (
        Offer("Turn it to the right", "turn_masks", "right"),
        Offer("Turn it to the left", "turn_masks", "left"),
        CENTRE,
    )
    padded = laid(plane, (900, 600), "centre", scaled=True)
    assert_like(read(tmp_path, padded, (900, 600), padded_masks="centre").soft, plane, 4)


def test_an_empty_mask_is_laid_and_one_that_marks_all_has_no_bars(tmp_path):
    empty = np.zeros((512, 512), np.uint8)
    assert not read(tmp_path, empty, (600, 900)).soft.any()
    with pytest.raises(PaddedError) as caught:
        read(tmp_path, 255 - empty, (600, 900))
    assert str(caught.value).endswith("a mask of a part of the photo needs the rest around it")
    assert caught.value.offers == (STRETCH,)


@pytest.mark.parametrize("share", [1, 0.5])
@pytest.mark.parametrize(
    ("turned", "value", "said"),
    [
        (lambda plane: plane[::-1, ::-1], "half", "it is turned by 180 degrees"),
        (lambda plane: plane[:, ::-1], "mirror", "it is mirrored, left for right"),
    ],
)
def test_one_that_is_upside_down_or_mirrored_is_said_to_be(tmp_path, turned, value, said, share):
    plane = drawn((900, 600), (0.3, 0.35))
    photo = photo_of(plane)
    given = cv2.resize(np.ascontiguousarray(turned(plane)), None, fx=share, fy=share)
    mask = read(tmp_path, given, photo)
    note = next(note for note in mask.notes if "not as it lies" in note)
    assert note == f"its edges fit the photo's once {said}, and not as it lies"
    (offer,) = offers_of(note)
    assert (offer.option, offer.value) == ("turn_masks", value)
    assert_like(mask.soft, turned(plane), 2)
    back = read(tmp_path, given, photo, turn_masks=value)
    assert_like(back.soft, plane, 2)


def test_nothing_is_said_of_one_whose_outlines_are_no_edges_or_fit_as_it_lies(tmp_path):
    plane, other = drawn((900, 600), (0.3, 0.35)), drawn((900, 600), (0.5, 0.6))
    for given, photo in ((plane, photo_of(plane)), (other, photo_of(plane))):
        assert not [note for note in read(tmp_path, given, photo).notes if "not as it lies" in note]
