"""Cut-outs: the photo's own colours where it is opaque. Their transparency is the mask."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from segui.masks.colours.picture_colours import is_picture
from segui.masks.files import MaskFile, read_mask
from segui.masks.notes import AS_LABELS, AS_SOFT, offers_of
from segui.masks.pixels.strips import Strips
from segui.masks.sets import MaskSetOptions, Photo, read_mask_set

SIDE = 512
PHOTO = data.astronaut()
GREY = np.array(Image.fromarray(PHOTO).convert("L"))
DOWN, ACROSS = np.mgrid[:SIDE, :SIDE]
SAID = "its colours are a picture's, and no labels"
MAP = np.array([(0, 0, 0), (220, 20, 60), (107, 142, 35), (70, 130, 180)], np.uint8)


def disc(radius: int, x: int = 220, y: int = 110) -> np.ndarray:
    return ((np.hypot(DOWN - y, ACROSS - x) <= radius) * 255).astype(np.uint8)


def sky() -> np.ndarray:
    shade = np.linspace(0, 1, SIDE)[:, None, None] * [60, 40, 15] + np.array([120, 170, 235])
    return np.broadcast_to(shade, (SIDE, SIDE, 3)).astype(np.uint8)


def car() -> np.ndarray:
    light = 0.4 + 0.6 * np.exp(-((ACROSS - 200) ** 2 + (DOWN - 180) ** 2) / 2 / 90**2)
    return (np.array([220, 30, 40]) * light[..., None]).astype(np.uint8)


def paint() -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, 12, (SIDE, SIDE, 3))
    return np.clip(np.array([200, 30, 30]) + noise, 0, 255).astype(np.uint8)


def read(tmp_path: Path, picture: Image.Image, **how) -> MaskFile:
    picture.save(tmp_path / "cut.png")
    return read_mask(tmp_path / "cut.png", **how)


CUT_OUTS = {
    "a face of 20 px": (PHOTO, disc(20)),
    "a face of 34 px": (PHOTO, disc(34)),
    "a soft one": (PHOTO, cv2.GaussianBlur(disc(26), (0, 0), 2)),
    "a smooth sky": (sky(), ((DOWN < 200) * 255).astype(np.uint8)),
    "a smoothly shaded car": (car(), disc(100, 220, 200)),
    "textured paint": (paint(), disc(20, 220, 200)),
    "a black-and-white photo": (np.dstack([GREY] * 3), disc(80)),
}


@pytest.mark.long
@pytest.mark.parametrize("kind", CUT_OUTS)
def test_the_transparency_of_a_cut_out_is_the_mask(tmp_path, kind):
    colours, alpha = CUT_OUTS[kind]
    mask = read(tmp_path, Image.fromarray(np.dstack([colours, alpha])))
    assert mask.source == "alpha"
    assert np.array_equal(mask.soft, alpha)
    assert mask.notes == ("read from transparency: opaque is selected", SAID)
    assert AS_LABELS in offers_of(mask.notes[1])


def test_so_is_that_of_a_grey_one(tmp_path):
    mask = read(tmp_path, Image.fromarray(np.dstack([GREY, disc(80)]), "LA"))
    assert np.array_equal(mask.soft, disc(80))


@pytest.mark.long
def test_a_grey_one_is_as_faint_as_it_is_dark_where_soft_is_asked_for(tmp_path):
    grey = Image.fromarray(np.dstack([GREY, disc(80)]), "LA")
    assert AS_SOFT in offers_of(read(tmp_path, grey).notes[1])
    assert np.array_equal(read(tmp_path, grey, kind="soft").soft, np.where(disc(80), GREY, 0))


@pytest.mark.long
def test_so_is_that_of_one_with_few_colours(tmp_path):
    mask = read(tmp_path, Image.fromarray(np.dstack([PHOTO, disc(80)])).quantize(64))
    assert np.array_equal(mask.soft, disc(80))
    assert SAID in mask.notes


@pytest.mark.long
def test_as_labels_it_is_read_where_that_is_asked_for(tmp_path):
    cut = Image.fromarray(np.dstack([PHOTO, disc(20)]))
    assert read(tmp_path, cut, kind="labels").labels is not None


@pytest.mark.long
def test_two_that_make_up_the_photo_are_each_their_own_part_of_it(tmp_path):
    alphas = {"face": disc(30), "ground": 255 - disc(30)}
    for name, alpha in alphas.items():
        Image.fromarray(np.dstack([PHOTO, alpha])).save(tmp_path / f"{name}.png")
    paths = [tmp_path / f"{name}.png" for name in alphas]
    masks, _ = read_mask_set(paths, Photo((SIDE, SIDE)), MaskSetOptions())
    for mask, alpha in zip(masks, alphas.values(), strict=True):
        assert np.array_equal(mask.soft, alpha)


def drawn(side: int, largest: int, count: int) -> np.ndarray:
    """The numbers of discs of three labels."""
    draw = np.random.default_rng(3)
    numbers = np.zeros((side, side), np.uint8)
    for _ in range(count):
        x, y = (int(place) for place in draw.integers(largest, side - largest, 2))
        radius = int(draw.integers(largest // 4, largest))
        cv2.circle(numbers, (x, y), radius, int(draw.integers(1, 4)), -1)
    return numbers


def shrunk(numbers: np.ndarray, side: int, how: Image.Resampling) -> np.ndarray:
    parts = (MAP[numbers], ((numbers > 0) * 255).astype(np.uint8))
    return np.dstack([np.array(Image.fromarray(one).resize((side, side), how)) for one in parts])


def flipped(map_rgba: np.ndarray) -> np.ndarray:
    """As a canvas gives it back that hides which browser it is of."""
    noise = np.random.default_rng(1).integers(-2, 3, (*map_rgba.shape[:2], 3))
    colours = np.clip(map_rgba[..., :3].astype(int) + noise, 0, 255)
    return np.dstack([colours.astype(np.uint8), map_rgba[..., 3]])


LARGE, SMALL = drawn(2048, 200, 30), drawn(1024, 24, 60)
MAPS = {
    "sharp": lambda: shrunk(LARGE, 512, Image.Resampling.NEAREST),
    "shrunk": lambda: shrunk(LARGE, 512, Image.Resampling.LANCZOS),
    "of small things, shrunk": lambda: shrunk(SMALL, 256, Image.Resampling.BICUBIC),
    "of a canvas": lambda: flipped(shrunk(LARGE, 512, Image.Resampling.NEAREST)),
}


@pytest.mark.long
@pytest.mark.parametrize("kind", MAPS)
def test_a_map_of_colours_on_nothing_stays_one(tmp_path, kind):
    mask = read(tmp_path, Image.fromarray(MAPS[kind]()))
    assert mask.labels is not None
    assert len(mask.names) == 3


def test_a_map_of_numbers_with_a_transparent_ground_stays_one(tmp_path):
    numbers = np.kron(np.arange(64).reshape(8, 8), np.ones((16, 16))).astype(np.uint8)
    indexed = Image.fromarray(numbers, "P")
    indexed.putpalette(np.random.default_rng(0).integers(0, 256, 768).astype(np.uint8).tobytes())
    indexed.info["transparency"] = 0
    assert len(read(tmp_path, indexed).names) == 63


def test_a_soft_grey_mask_is_a_picture_by_its_shades_alone():
    soft = cv2.GaussianBlur(disc(120, 256, 256), (0, 0), 30)
    grey = Strips.of_array(soft)
    assert not is_picture(grey, soft, has_shades=False)
    assert is_picture(grey, soft)


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (3, 3)])
def test_what_is_tiny_is_looked_at_too(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    alpha = np.full(shape, 255, np.uint8)
    assert is_picture(Strips.of_array(pixels), alpha) is (shape != (1, 1))
    assert not is_picture(Strips.of_array(pixels), np.zeros_like(alpha))
