"""Light or colours of an edited version that change from place to place: told, and said."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from segui.finders.cast import find_cast
from segui.finders.light import find_light
from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.finders.unevenness import UNEVEN, changed_all_over, is_uneven
from segui.finders.versions import BEYOND_LIGHT, COUNTS_LIGHT
from segui.geometry import Box
from segui.pipeline import open_scene

PHOTOS = {
    name: cv2.resize(getattr(data, name)(), (360, 270), interpolation=cv2.INTER_AREA)
    for name in ("astronaut", "coffee", "chelsea")
}
Y, X = (axis[..., None] for axis in np.mgrid[-1:1:270j, -1:1:360j])
DISC = np.hypot(Y * 135 + 20, X * 180 - 30) < 45
UNEVENLY = {
    "a vignette": lambda levels: levels * (1 - 0.27 * (X**2 + Y**2)),
    "a sky made blue": lambda levels: levels + 45 * Y * [0.4, 0.7, 1.0],
    "light from a side": lambda levels: levels * (1 + 0.3 * X),
    "a warm half": lambda levels: levels + [26.0, 5.0, -26.0] / (1 + np.exp(-X * 12)),
    "local light": lambda levels: levels + 55 * np.exp(-((X - 0.4) ** 2 + Y**2) / 0.4),
}
EVENLY = {
    "the same": lambda levels: levels,
    "warmer": lambda levels: levels * [1.06, 1, 0.92] + 3,
    "brighter": lambda levels: levels + 18,
    "gamma": lambda levels: 255 * (levels / 255) ** 0.8,
    "split toning": lambda levels: (
        levels + (levels.mean(axis=2, keepdims=True) - 120) * [0.2, 0, -0.2]
    ),
    "negative": lambda levels: 255 - levels,
    "another picture": lambda levels: levels[::-1],
    "blurred": lambda levels: cv2.GaussianBlur(levels, (0, 0), 4),
}


def edited(name: str, how) -> np.ndarray:
    """A photo of which a disc was recoloured, and all of it changed."""
    red = PHOTOS[name].mean(axis=2, keepdims=True) * [0.5, 0.3, 0.3] + [100, 20, 40]
    recoloured = np.where(DISC, red, PHOTOS[name])
    return np.clip(np.rint(how(recoloured)), 0, 255).astype(np.uint8)


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("kind", UNEVENLY)
def test_what_changes_from_place_to_place_is_told(kind, name):
    version = edited(name, UNEVENLY[kind])
    assert is_uneven(PHOTOS[name], version, find_cast(PHOTOS[name], version))


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("kind", EVENLY)
def test_what_changes_everywhere_alike_is_not_uneven(kind, name):
    version = edited(name, EVENLY[kind])
    assert not is_uneven(PHOTOS[name], version, find_cast(PHOTOS[name], version))


def test_a_large_photo_is_told_as_a_small_one_is():
    large = cv2.resize(PHOTOS["coffee"], (3600, 2700), interpolation=cv2.INTER_CUBIC)
    version = cv2.resize(
        edited("coffee", UNEVENLY["a vignette"]), (3600, 2700), interpolation=cv2.INTER_CUBIC
    )
    assert is_uneven(large, version, None)
    assert not is_uneven(large, large, None)


def test_one_of_a_few_pixels_has_no_places():
    few = np.full((6, 9, 3), 90, np.uint8)
    assert not is_uneven(few, few + np.uint8(9), None)


def scene_of(folder: Path, version: np.ndarray, name: str = "coffee", **options: bool):
    Image.fromarray(PHOTOS[name]).save(folder / "photo.png")
    Image.fromarray(version).save(folder / "version.png")
    files = Inputs(folder / "photo.png", (), folder / "version.png")
    return open_scene(files, SegmentOptions(**options))


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("kind", UNEVENLY)
def test_what_was_edited_is_found_beyond_it_and_that_is_said(tmp_path, kind, name):
    scene = scene_of(tmp_path, edited(name, UNEVENLY[kind]), name)
    assert f"edited version: {UNEVEN}" in scene.notes
    assert BEYOND_LIGHT in scene.notes
    where = np.zeros(PHOTOS[name].shape[:2], bool)
    for area in scene.segments.items:
        where[area.crop_region.slices] |= area.mask.numpy() > 0.5
    disc = DISC[..., 0]
    assert (where & disc).sum() > 0.7 * (where | disc).sum()


@pytest.mark.long
@pytest.mark.parametrize("kind", EVENLY)
def test_what_changes_everywhere_alike_is_not_taken_for_uneven_light(kind):
    version = edited("chelsea", EVENLY[kind])
    changed = changed_all_over(PHOTOS["chelsea"], version, Box(0, 0, 360, 270))
    assert (changed.is_uneven, changed.light) == (False, None)


@pytest.mark.long
def test_uneven_light_of_a_dark_photo_is_no_change_of_all_colours():
    photo = np.ascontiguousarray(data.rocket())
    height, width = photo.shape[:2]
    y, x = (axis[..., None] for axis in np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j])
    far = x * x + y * y
    version = np.rint(photo * (1 - 0.22 * far)).clip(0, 255).astype(np.uint8)
    changed = changed_all_over(photo, version, Box(0, 0, width, height))
    assert (changed.cast, changed.is_uneven) == (None, True)
    assert changed.light is not None
    off = np.abs(changed.light.laid_on(photo).astype(int) - version)
    assert np.median(off[..., 1][far[..., 0] < 1]) <= 1


@pytest.mark.long
def test_it_counts_where_that_is_asked(tmp_path):
    scene = scene_of(tmp_path, edited("coffee", UNEVENLY["a vignette"]), count_cast=True)
    assert COUNTS_LIGHT in scene.notes
    assert sum(item.area for item in scene.segments.items) > DISC.sum() * 2


@pytest.mark.long
def test_it_is_counted_where_it_cannot_be_told_from_what_was_edited():
    light = np.random.default_rng(0).random((60, 80, 3), np.float32)
    assert find_light(light, light[::-1], Box(0, 0, 80, 60)) is None
    assert find_light(light[:9, :9], light[:9, :9] * 0.9, Box(0, 0, 9, 9)) is None


@pytest.mark.long
def test_light_is_laid_on_the_part_that_it_is_of_and_alpha_stays():
    photo = np.dstack([PHOTOS["chelsea"], np.full((270, 360), 77, np.uint8)])
    levels = photo[20:220, 40:340, :3] / np.float32(255)
    slope = np.linspace(0.7, 1.1, 300, dtype=np.float32)[None, :, None]
    light = find_light(levels, levels * slope, Box(40, 20, 340, 220))
    assert light is not None
    laid = light.laid_on(photo)
    expected = photo.astype(float)
    expected[20:220, 40:340, :3] *= slope
    assert np.abs(laid - np.clip(expected, 0, 255)).max() <= 3
    assert np.array_equal(laid[..., 3], photo[..., 3])


@pytest.mark.long
def test_nothing_is_said_of_one_that_changes_everywhere_alike(tmp_path):
    scene = scene_of(tmp_path, edited("coffee", EVENLY["warmer"]))
    assert not [note for note in scene.notes if UNEVEN in note or note == COUNTS_LIGHT]
