"""Edited versions as programs give them back: of another size, cropped, beside their place."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from segui.errors import InputError, SizeError
from segui.images.fitting import NOT_FOUND, Fitted, fit_edited
from segui.images.pictures import Picture
from segui.images.placing import Axis, Place, find_place, lay

SIZE_WH = (615, 461)


def resized(pixels: np.ndarray, size_wh: tuple[int, int]) -> np.ndarray:
    return np.asarray(Image.fromarray(pixels).resize(size_wh, Image.Resampling.LANCZOS))


PHOTO = resized(data.coffee(), SIZE_WH)
DISC = np.hypot(*(np.mgrid[:461, :615] - np.array([200, 300])[:, None, None])) < 90
EDITED = np.where(DISC[..., None], PHOTO[..., ::-1], PHOTO)


def jpeg(pixels: np.ndarray) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=80)
    with Image.open(stream) as image:
        return np.array(image)


def fitted(pixels: np.ndarray, **options: bool):
    return fit_edited(Picture(np.ascontiguousarray(pixels)), Picture(PHOTO), **options)


def off(pixels: np.ndarray) -> float:
    """How far it is from the edited version that lies right, levels, away from the border."""
    inside = slice(20, -20), slice(20, -20)
    return float(np.abs(pixels.astype(int) - EDITED)[inside].mean())


@pytest.mark.long
@pytest.mark.parametrize("pixels", [EDITED, jpeg(EDITED), np.full_like(PHOTO, 90)])
def test_what_lies_right_or_cannot_be_told_is_left_as_it_is(pixels):
    given = Picture(pixels)
    assert fit_edited(given, Picture(PHOTO)) == Fitted(given)


SMOOTHED = {
    "blurred by 2 px": lambda pixels: cv2.GaussianBlur(pixels, (0, 0), 2),
    "blurred by 4 px": lambda pixels: cv2.GaussianBlur(pixels, (0, 0), 4),
    "blurred by 6 px": lambda pixels: cv2.GaussianBlur(pixels, (0, 0), 6),
    "smoothed by medians": lambda pixels: cv2.medianBlur(pixels, 9),
}


@pytest.mark.long
@pytest.mark.parametrize("how", SMOOTHED)
@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee", "rocket"])
def test_one_that_was_smoothed_all_over_is_not_said_to_lie_beside_its_place(name, how):
    photo = getattr(data, name)()
    given = Picture(SMOOTHED[how](photo))
    for align in (False, True):
        left = fit_edited(given, Picture(photo), align=align)
        assert np.array_equal(left.picture.pixels, given.pixels)
        assert (left.picture.notes, left.can_align) in [((), False), ((NOT_FOUND,), False)]


@pytest.mark.long
def test_one_that_was_moved_and_smoothed_is_still_found():
    moved = np.roll(data.astronaut(), (3, 1), (0, 1))
    given = Picture(cv2.GaussianBlur(moved, (0, 0), 2))
    left = fit_edited(given, Picture(data.astronaut()))
    said = "it lies 1 px too far right and 3 px too low: align puts it back"
    assert (left.picture.notes, left.can_align) == ((said,), True)


@pytest.mark.long
@pytest.mark.parametrize(
    ("down", "right", "where", "moved"),
    [
        (0, 3, "it lies 3 px too far right", "it was moved by 3 px to the left"),
        (-2, 0, "it lies 2 px too high", "it was moved by 2 px down"),
        (
            5,
            -1,
            "it lies 1 px too far left and 5 px too low",
            "it was moved by 1 px to the right and 5 px up",
        ),
    ],
)
@pytest.mark.parametrize("coded", [np.copy, jpeg])
def test_what_was_moved_is_said_and_put_back_when_asked(down, right, where, moved, coded):
    pixels = coded(np.roll(EDITED, (down, right), (0, 1)))
    left = fitted(pixels)
    assert left.can_align
    assert np.array_equal(left.picture.pixels, pixels)
    assert left.picture.notes == (f"{where}: align puts it back",)
    back = fitted(pixels, align=True)
    assert not back.can_align
    assert back.picture.notes == (moved,)
    # by whole pixels: none is mixed
    inside = slice(8, -8), slice(8, -8)
    expected = np.roll(pixels, (-down, -right), (0, 1))[inside]
    assert np.array_equal(back.picture.pixels[inside], expected)


def test_a_part_of_a_pixel_is_found_too():
    matrix = np.array([[1, 0, 2.5], [0, 1, 0]])
    moved = cv2.warpAffine(EDITED, matrix, SIZE_WH, borderMode=cv2.BORDER_REPLICATE)
    place = find_place(PHOTO, moved)
    assert place is not None
    assert place.x.shift == pytest.approx(-2.5, abs=0.15)
    assert place.y == Axis(1.0, 0.0)


@pytest.mark.long
def test_where_it_cannot_be_found_that_is_said_to_whoever_asked():
    assert fitted(np.full_like(PHOTO, 90), align=True).picture.notes == (NOT_FOUND,)


@pytest.mark.long
def test_a_crop_that_was_scaled_to_the_photos_size_is_found():
    pixels = resized(EDITED[10:-10, 14:-14], SIZE_WH)
    assert fitted(pixels).can_align
    back = fitted(pixels, align=True).picture
    assert back.notes == ("it was laid on 14, 10 to 601, 451 of the photo, which it shows",)
    assert off(back.pixels) < off(pixels) / 4


@pytest.mark.long
def test_sizes_that_a_program_rounded_fit_without_drift_as_they_were_made():
    size_wh = (616, 460)
    scaled = fitted(resized(EDITED, size_wh), scale=True).picture
    assert scaled.notes == ("it was scaled from 616 x 460 to 615 x 461",)
    assert off(scaled.pixels) < 1.5
    cut = np.pad(EDITED, ((0, 0), (0, 1), (0, 0)), mode="edge")[1:]
    laid = fitted(cut, scale=True).picture
    assert laid.notes == (
        "it was laid without scaling on 0, 1 to 615, 461 of the photo, which it shows",
    )
    assert np.array_equal(laid.pixels[1:], EDITED[1:])
    assert np.array_equal(laid.pixels[0], PHOTO[0])


@pytest.mark.long
def test_a_crop_is_offered_and_laid_where_it_fits():
    crop = EDITED[33:400, 50:500]
    with pytest.raises(SizeError) as caught:
        fitted(crop)
    assert str(caught.value) == (
        "the edited version is 450 x 367, the photo 615 x 461: "
        "their sizes must match, and it fits as a part of the photo"
    )
    laid = fitted(crop, scale=True).picture
    expected = PHOTO.copy()
    expected[33:400, 50:500] = crop
    assert np.array_equal(laid.pixels, expected)


@pytest.mark.long
def test_one_that_lies_on_its_side_is_turned():
    turned = fitted(np.rot90(EDITED), scale=True).picture
    assert turned.notes[0] == "it was turned by 90 degrees to the right"
    assert np.array_equal(turned.pixels, EDITED)


@pytest.mark.long
def test_a_size_that_nothing_explains_is_refused_and_scaled_when_asked():
    blank = np.full((300, 300, 3), 90, np.uint8)
    with pytest.raises(InputError) as caught:
        fitted(blank)
    assert type(caught.value) is InputError
    assert str(caught.value) == (
        "the edited version is 300 x 300, the photo 615 x 461: their sizes must match, and where "
        "it lies on the photo could not be found. Save it at the photo's size"
    )
    assert fitted(blank, scale=True).picture.notes == (
        "it was scaled from 300 x 300 to 615 x 461",
        "where it lies on the photo could not be found: it was stretched",
    )


def test_alpha_is_kept_and_the_photo_around_it_is_opaque():
    crop = np.dstack([EDITED, np.full(EDITED.shape[:2], 40, np.uint8)])[5:100, 7:90]
    laid = lay(np.ascontiguousarray(crop), PHOTO, Place(Axis(1.0, 7.0), Axis(1.0, 5.0)))
    assert laid.shape == (461, 615, 4)
    assert np.array_equal(laid[5:100, 7:90], crop)
    assert (laid[100:, :, 3] == 255).all()


WAYS = {  # how each was turned, by how it is turned back
    "turned by 180 degrees": lambda pixels: np.rot90(pixels, 2),
    "mirrored, left for right": lambda pixels: pixels[:, ::-1],
    "mirrored, top for bottom": lambda pixels: pixels[::-1],
    "turned by 90 degrees to the left": lambda pixels: np.rot90(pixels, 3),
    "turned by 90 degrees to the right": lambda pixels: np.rot90(pixels, 1),
    "mirrored, then turned by 90 degrees to the left": lambda pixels: np.rot90(pixels, 3)[:, ::-1],
    "mirrored, then turned by 90 degrees to the right": lambda pixels: np.rot90(pixels)[:, ::-1],
}


@pytest.mark.long
@pytest.mark.parametrize("coded", [np.copy, jpeg])
@pytest.mark.parametrize("how", WAYS)
def test_one_that_is_turned_and_keeps_its_size_is_said_and_put_back_when_asked(how, coded):
    photo, edited = PHOTO[:, 80:541], EDITED[:, 80:541]
    given = Picture(coded(np.ascontiguousarray(WAYS[how](edited))))
    left = fit_edited(given, Picture(photo))
    said = f"it is not as the photo lies, but would be once {how}: align puts it back"
    assert (left.picture.notes, left.can_align) == ((said,), True)
    assert np.array_equal(left.picture.pixels, given.pixels)
    back = fit_edited(given, Picture(photo), align=True)
    assert (back.picture.notes, back.can_align) == ((f"it was {how}",), False)
    assert np.abs(back.picture.pixels.astype(int) - edited).mean() < 4


def halved(pixels: np.ndarray) -> np.ndarray:
    return resized(pixels, (pixels.shape[1] // 2, pixels.shape[0] // 2))


def squeezed(pixels: np.ndarray) -> np.ndarray:
    return resized(pixels, (640, 640))


def boxed(pixels: np.ndarray) -> np.ndarray:
    """In black bars, as large as a square of 800 px lets it be."""
    height, width = pixels.shape[:2]
    scale = 800 / max(height, width)
    inner = resized(pixels, (round(width * scale), round(height * scale)))
    square = np.zeros((800, 800, 3), np.uint8)
    top, left = (800 - inner.shape[0]) // 2, (800 - inner.shape[1]) // 2
    square[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return square


@pytest.mark.long
@pytest.mark.parametrize("made", [halved, squeezed, boxed])
@pytest.mark.parametrize("how", WAYS)
def test_one_that_is_turned_and_of_another_size_is_said_and_laid_when_asked(how, made):
    pixels = made(np.ascontiguousarray(WAYS[how](EDITED)))
    with pytest.raises(SizeError) as caught:
        fitted(pixels)
    height, width = pixels.shape[:2]
    fits = {
        halved: f"once {how}",
        squeezed: f"once {how} and stretched",
        boxed: f"once {how}, without what lies around the photo in it",
    }
    assert str(caught.value) == (
        f"the edited version is {width} x {height}, the photo 615 x 461: their sizes must match, "
        f"and it fits {fits[made]}"
    )
    back = fitted(pixels, scale=True).picture
    assert back.notes[0] == f"it was {how}"
    # half the size loses details: beside another way of lying that is little
    wrong = off(resized(np.ascontiguousarray(EDITED[:, ::-1]), SIZE_WH))
    assert off(back.pixels) < min(6, wrong / 4)


def test_one_that_is_squeezed_alone_is_said_to_fit_once_stretched():
    with pytest.raises(SizeError) as caught:
        fitted(squeezed(EDITED))
    assert str(caught.value) == (
        "the edited version is 640 x 640, the photo 615 x 461: their sizes must match, "
        "and it fits once stretched"
    )


@pytest.mark.long
def test_half_of_a_photo_that_is_like_its_other_half_turned_is_not_taken_for_a_part():
    """Its own middle, upside down, is so like this photo that a part of it seems to fit."""
    tall = np.ascontiguousarray(data.coffee()[:, 166:433])
    given = np.ascontiguousarray(np.rot90(tall, 2))[::2, ::2]
    found = fit_edited(Picture(np.ascontiguousarray(given)), Picture(tall), scale=True).picture
    assert found.notes[0] == "it was turned by 180 degrees"
    assert float(np.abs(found.pixels.astype(int) - tall).mean()) < 8


def padded(left: int, right: int, above: int, below: int) -> np.ndarray:
    """The edited version with black bars around it."""
    return np.pad(EDITED, ((above, below), (left, right), (0, 0)))


def twice(pixels: np.ndarray) -> np.ndarray:
    return resized(pixels, (2 * pixels.shape[1], 2 * pixels.shape[0]))


LAID, SHOWN = "it was laid without scaling on", "of the photo, which it shows"
WHOLE = f"{LAID} all {SHOWN}: its "
SCALED = "it was laid on all of the photo, which it shows: its "


@pytest.mark.long
@pytest.mark.parametrize(
    ("given", "note"),
    [
        (padded(0, 0, 50, 50), f"{WHOLE}50 px above and below were left off"),
        (padded(60, 60, 0, 0), f"{WHOLE}60 px at the left and right were left off"),
        (padded(0, 0, 0, 64), f"{WHOLE}64 px below were left off"),
        (padded(50, 0, 0, 0), f"{WHOLE}50 px at the left were left off"),
        (padded(20, 20, 20, 20), f"{WHOLE}20 px all around were left off"),
        (
            padded(30, 30, 40, 50),
            f"{WHOLE}30 px at the left and right and 40 px above and 50 px below were left off",
        ),
        (twice(padded(0, 0, 77, 77)), f"{SCALED}154 px above and below were left off"),
        (
            padded(0, 60, 0, 0)[:, 100:],
            f"{LAID} 100, 0 to 615, 461 {SHOWN}: its 60 px at the right were left off",
        ),
    ],
)
def test_what_lies_around_the_photo_is_said_by_the_sides_on_which_it_was(given, note):
    laid = fitted(given, scale=True).picture
    assert laid.notes == (note,)
    assert off(laid.pixels) < 3


@pytest.mark.long
def test_one_with_bars_that_was_shrunk_to_the_photos_size_says_so_and_is_put_back_when_asked():
    given = resized(padded(56, 56, 42, 42), SIZE_WH)
    bars = "at the left and right and 36 px above and below"
    (note,) = fitted(given).picture.notes
    assert note == f"it shows all of the photo, and 47 px {bars} more: align puts it back"
    laid = fitted(given, align=True).picture
    assert laid.notes == (f"{SCALED}47 px {bars} were left off",)


@pytest.mark.long
@pytest.mark.parametrize("size_hw", [(1, 90), (90, 1), (1, 1), (9000, 3), (3, 9000)])
def test_pictures_of_hardly_any_width_or_height_have_a_place_or_none(size_hw):
    noise = np.random.default_rng(3).integers(0, 256, (*size_hw, 3), np.uint8)
    other = np.random.default_rng(4).integers(0, 256, (60, 80, 3), np.uint8)
    for one, two in ((noise, noise), (noise, other), (other, noise)):
        find_place(one, two)
