"""Edited versions as models and editors give them back: where each is laid, and what is said."""

import io
from functools import partial

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from segui.images.fitting import fit_edited
from segui.images.pictures import Picture
from segui.images.placing import find_place

PHOTO = np.ascontiguousarray(data.chelsea())  # 451 x 300: even by even programs like neither
HEIGHT, WIDTH = PHOTO.shape[:2]
DISC = np.hypot(*(np.mgrid[:HEIGHT, :WIDTH] - np.array([120, 260])[:, None, None])) < 40
EDITED = np.where(DISC[..., None], PHOTO[:, ::-1], PHOTO)
LAID = "it was laid without scaling on"
SHOWN = "of the photo, which it shows"


def jpeg(pixels: np.ndarray, quality: int = 80) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    with Image.open(stream) as image:
        return np.array(image)


def resized(pixels: np.ndarray, width: int, height: int) -> np.ndarray:
    return np.array(Image.fromarray(pixels).resize((width, height), Image.Resampling.LANCZOS))


def cast(pixels: np.ndarray) -> np.ndarray:
    return np.clip(pixels * np.array([1.06, 1.0, 0.92]) + 4, 0, 255).astype(np.uint8)


def moved(pixels: np.ndarray, right: float, down: float) -> np.ndarray:
    """Exactly, by the phases of a picture that is mirrored at its borders."""
    wide = np.concatenate([pixels, pixels[:, ::-1]], axis=1)
    whole = np.concatenate([wide, wide[::-1]])
    x, y = np.fft.fftfreq(whole.shape[1])[None, :, None], np.fft.fftfreq(whole.shape[0])
    turns = np.exp(-2j * np.pi * (x * right + y[:, None, None] * down))
    result = np.fft.ifft2(np.fft.fft2(whole, axes=(0, 1)) * turns, axes=(0, 1)).real
    return np.clip(np.rint(result[: len(pixels), : pixels.shape[1]]), 0, 255).astype(np.uint8)


# what came back, made; what is said of it; how far it may be off beside what was edited, levels
CASES = {
    **{
        f"moved by {px} px": (
            partial(moved, EDITED, px, -px),
            f"it was moved by {px} px to the left and {px} px down",
            0.0,
        )
        for px in range(1, 10)
    },
    "moved, at quality 80": (
        lambda: jpeg(moved(EDITED, 3, 2)),
        "it was moved by 3 px to the left and 2 px up",
        4,
    ),
    "moved, with a cast, at quality 80": (
        lambda: jpeg(cast(moved(EDITED, 4, -1))),
        "it was moved by 4 px to the left and 1 px down",
        9,
    ),
    "a column more": (
        lambda: resized(EDITED, 452, 300),
        "it was scaled from 452 x 300 to 451 x 300",
        1,
    ),
    "a row less": (
        lambda: resized(EDITED, 451, 299),
        "it was scaled from 451 x 299 to 451 x 300",
        1,
    ),
    "a column less, a row more": (
        lambda: jpeg(resized(EDITED, 450, 301)),
        "it was scaled from 450 x 301 to 451 x 300",
        4,
    ),
    "to whole eights": (
        lambda: resized(EDITED, 456, 304),
        "it was scaled from 456 x 304 to 451 x 300",
        1,
    ),
    "filled up to whole eights": (
        lambda: np.pad(EDITED, ((0, 4), (0, 5), (0, 0))),
        f"{LAID} all {SHOWN}: its 5 px at the right and 4 px below were left off",
        0,
    ),
    "a pixel cut off": (
        lambda: EDITED[1:-1, 1:-1],
        f"it was laid without scaling on 1, 1 to 450, 299 {SHOWN}",
        0,
    ),
    "a column cut off, at quality 80": (
        lambda: jpeg(EDITED[:, 1:]),
        f"it was laid without scaling on 1, 0 to 451, 300 {SHOWN}",
        4,
    ),
    "a pixel cut off, twice the size": (
        lambda: resized(EDITED[1:-1, 1:-1], 898, 596),
        f"it was laid on 1, 1 to 450, 299 {SHOWN}",
        1,
    ),
    "a row cut off, twice the size, at quality 80": (
        lambda: jpeg(resized(EDITED[1:], 902, 598)),
        f"it was laid on 0, 1 to 451, 300 {SHOWN}",
        3,
    ),
    "a square of the middle": (
        lambda: resized(EDITED[:, 75:375], 512, 512),
        f"it was laid on 75, 0 to 375, 300 {SHOWN}",
        1,
    ),
    "cut off and stretched back": (
        lambda: jpeg(resized(EDITED[8:-8, 8:-8], 451, 300)),
        f"it was laid on 8, 8 to 443, 292 {SHOWN}",
        4,
    ),
    "half the size, with a cast": (
        lambda: jpeg(cast(resized(EDITED, 225, 150))),
        "it was scaled from 225 x 150 to 451 x 300",
        10,
    ),
    "on its side": (lambda: np.rot90(EDITED), "it was turned by 90 degrees to the right", 0),
    "with noise": (
        lambda: np.clip(EDITED + np.random.default_rng(1).normal(0, 8, EDITED.shape), 0, 255),
        "",
        8,
    ),
    "without noise": (lambda: cv2.GaussianBlur(EDITED, (0, 0), 2), "", 7),
}


@pytest.mark.long
@pytest.mark.parametrize("kind", CASES)
def test_what_came_back_is_laid_where_it_belongs_and_that_is_said(kind):
    make, note, most = CASES[kind]
    given = Picture(np.ascontiguousarray(make(), np.uint8))
    laid = fit_edited(given, Picture(PHOTO), scale=True, align=True).picture
    assert laid.notes == ((note,) if note else ())
    away = ~cv2.dilate(DISC.astype(np.uint8), np.ones((9, 9))).astype(bool)
    inside = np.s_[12:-12, 12:-12]
    off = np.abs(laid.pixels[inside].astype(int) - PHOTO[inside])[away[inside]].mean()
    assert off <= most


@pytest.mark.long
@pytest.mark.parametrize("coded", [np.copy, jpeg, lambda pixels: jpeg(cast(pixels), 60)])
@pytest.mark.parametrize(
    ("right", "down"), [(0.6, -0.4), (0.7, 0.5), (1.3, -0.6), (2.5, 2.5), (-3.3, 4.6), (8.5, -7.4)]
)
@pytest.mark.parametrize("name", ["coffee", "rocket"])
def test_a_part_of_a_pixel_is_measured(name, right, down, coded):
    photo = np.ascontiguousarray(getattr(data, name)())
    place = find_place(photo, coded(moved(photo, right, down)))
    assert place is not None
    assert (place.x.scale, place.y.scale) == (1, 1)
    assert place.x.shift == pytest.approx(-right, abs=0.16)
    assert place.y.shift == pytest.approx(-down, abs=0.16)
