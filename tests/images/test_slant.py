"""An edited version that was turned by a few degrees: told, and put back where that is asked."""

import re

import cv2
import numpy as np
import pytest
from skimage import data

from segui.errors import SizeError
from segui.images.fitting import fit_edited
from segui.images.pictures import Picture
from segui.images.slant import find_slant
from tests.finders.test_all_over import EVERYWHERE

PHOTOS = {
    "coffee": data.coffee,
    "chelsea": data.chelsea,
    "rocket": data.rocket,
    "page": lambda: np.repeat(data.page()[..., None], 3, axis=2),
}
SAID = re.compile(
    r"it seems turned by ([\d.]+) degrees to the (left|right)"
    r"(?: and is ([\d.]+)% (?:larger|smaller))?: align puts it back"
)


def photo(name: str) -> np.ndarray:
    return np.ascontiguousarray(PHOTOS[name]())


def edited(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    part = np.s_[height // 3 : height // 2, width // 2 : width * 3 // 4]
    result = pixels.copy()
    result[part] = 255 - pixels[part]
    return result


def turned(pixels: np.ndarray, degrees: float, scale: float = 1) -> np.ndarray:
    """To the right where degrees are above 0."""
    size_wh = pixels.shape[1::-1]
    middle = (size_wh[0] - 1) / 2, (size_wh[1] - 1) / 2
    matrix = cv2.getRotationMatrix2D(middle, -degrees, scale)
    how = {"flags": cv2.INTER_CUBIC, "borderMode": cv2.BORDER_REFLECT}
    return cv2.warpAffine(pixels, matrix, size_wh, **how)


def off(pixels: np.ndarray, expected: np.ndarray) -> float:
    """How far off it is where neither its rim nor what was edited is, levels on average."""
    apart = np.abs(cv2.blur(pixels, (5, 5)).astype(int) - cv2.blur(expected, (5, 5)))
    return float(np.median(apart[20:-20, 20:-20]))


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize(
    ("degrees", "scale"), [(0.7, 1), (-0.7, 1), (-1.5, 1), (3, 1), (0.7, 1.02), (2, 1.07), (-8, 1)]
)
@pytest.mark.parametrize("coded", [np.copy, EVERYWHERE["JPEG at 60"]], ids=["as it is", "JPEG"])
def test_a_turn_is_said_and_put_back_where_that_is_asked(name, degrees, scale, coded) -> None:
    pixels = photo(name)
    given = Picture(coded(turned(edited(pixels), degrees, scale)))
    left = fit_edited(given, Picture(pixels))
    assert left.can_align
    assert left.picture.pixels is given.pixels
    said = SAID.fullmatch(left.picture.notes[-1])
    assert said is not None
    assert float(said[1]) == pytest.approx(abs(degrees), abs=0.1)
    assert said[2] == ("right" if degrees > 0 else "left")
    assert float(said[3] or 0) == pytest.approx(100 * abs(scale - 1), abs=0.2)
    back = fit_edited(given, Picture(pixels), align=True)
    assert not back.can_align
    assert back.picture.notes[-1].startswith("it was turned by ")
    assert off(back.picture.pixels, edited(pixels)) <= 2


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
def test_one_that_was_turned_and_cropped_is_laid_where_it_belongs(name) -> None:
    pixels = photo(name)
    cropped = np.ascontiguousarray(turned(edited(pixels), 1.2)[12:-12, 12:-12])
    laid = fit_edited(Picture(cropped), Picture(pixels), scale=True).picture
    assert laid.size_hw == pixels.shape[:2]
    assert laid.notes == ("it was turned by 1.2 degrees to the left",)
    assert off(laid.pixels, edited(pixels)) <= 2


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
def test_one_of_another_size_is_refused_with_what_it_takes(name) -> None:
    pixels = photo(name)
    cropped = np.ascontiguousarray(turned(edited(pixels), -2)[12:-12, 12:-12])
    with pytest.raises(SizeError, match=r"and it fits once turned by 2\.0 degrees to the right"):
        fit_edited(Picture(cropped), Picture(pixels))


@pytest.mark.long
@pytest.mark.parametrize("name", ["coffee", "chelsea", "page"])
@pytest.mark.parametrize("share", [0.5, 1.8])
def test_one_that_was_turned_cropped_and_scaled_is_laid_where_it_belongs(name, share) -> None:
    pixels = photo(name)
    cropped = turned(edited(pixels), 2)[12:-12, 12:-12]
    scaled = cv2.resize(cropped, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    laid = fit_edited(Picture(scaled), Picture(pixels), scale=True)
    assert re.fullmatch(
        r"it was turned by (1\.9|2\.0|2\.1) degrees to the left and scaled to [\d.]+%",
        laid.picture.notes[0],
    )
    assert off(laid.picture.pixels, edited(pixels)) <= 7


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("kind", ["JPEG at 40", "much sharper", "noisy", "from a model"])
def test_what_was_not_turned_is_not_said_to_be(kind, name) -> None:
    pixels = photo(name)
    fitted = fit_edited(Picture(EVERYWHERE[kind](edited(pixels))), Picture(pixels), align=True)
    assert not [note for note in fitted.picture.notes if "turned" in note]


@pytest.mark.long
def test_pictures_of_other_things_have_no_slant() -> None:
    assert find_slant(photo("coffee"), photo("rocket")) is None
    assert find_slant(photo("coffee"), np.full((400, 600, 3), 90, np.uint8)) is None
    assert find_slant(photo("coffee"), photo("coffee")) is None
