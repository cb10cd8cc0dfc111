"""Light or colours of an edited version that change from place to place: told, and said."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from segui.finders.cast import find_cast
from segui.finders.picture_files import Inputs
from segui.finders.segment_options import SegmentOptions
from segui.finders.unevenness import UNEVEN, is_uneven
from segui.finders.versions import COUNTS_LIGHT
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
    recoloured = np.where(DISC, PHOTOS[name][..., ::-1], PHOTOS[name]).astype(float)
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


def scene_of(folder: Path, version: np.ndarray):
    Image.fromarray(PHOTOS["coffee"]).save(folder / "photo.png")
    Image.fromarray(version).save(folder / "version.png")
    return open_scene(Inputs(folder / "photo.png", (), folder / "version.png"), SegmentOptions())


@pytest.mark.long
def test_it_is_said_with_what_to_do_where_areas_are_what_differs(tmp_path):
    scene = scene_of(tmp_path, edited("coffee", UNEVENLY["a vignette"]))
    assert f"edited version: {UNEVEN}" in scene.notes
    assert COUNTS_LIGHT in scene.notes
    scene = scene_of(tmp_path, edited("coffee", EVENLY["warmer"]))
    assert not [note for note in scene.notes if UNEVEN in note or note == COUNTS_LIGHT]
