"""Edited versions that show a part of the photo: areas are what differs where they reach."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from segui.finders.picture_files import Inputs
from segui.finders.segment_values import SegmentOptions
from segui.pipeline import open_scene

PHOTOS = {
    "chelsea": data.chelsea,
    "coffee": lambda: cv2.resize(data.coffee(), (480, 320), interpolation=cv2.INTER_AREA),
}


def disc(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    y, x = np.mgrid[:height, :width]
    return np.hypot(y - 0.45 * height, x - 0.55 * width) < 0.12 * height


def edited(pixels: np.ndarray) -> np.ndarray:
    red = pixels.mean(axis=2, keepdims=True) * [0.4, 0.3, 0.3] + [120, 10, 30]
    return np.where(disc(pixels)[..., None], red, pixels).astype(np.uint8)


def warmer(pixels: np.ndarray) -> np.ndarray:
    return np.clip(pixels * [1.09, 1.0, 0.9] + 6, 0, 255).astype(np.uint8)


def jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    with Image.open(stream) as image:
        return np.array(image)


def cropped(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    return pixels[height // 9 : -height // 8, width // 8 : -width // 10]


def resized(pixels: np.ndarray, by: float) -> np.ndarray:
    return cv2.resize(pixels, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)


def turned(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 4, 0.9)
    return cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC)


def moved(pixels: np.ndarray) -> np.ndarray:
    return np.pad(pixels, ((9, 0), (0, 13), (0, 0)))[:-9, 13:]


WAYS = {
    "cropped": cropped,
    "cropped and made larger": lambda pixels: resized(cropped(pixels), 1.3),
    "cropped and made smaller": lambda pixels: resized(cropped(pixels), 0.7),
    "a square of the left": lambda pixels: resized(pixels[:, : pixels.shape[0]], 1.1),
    "turned": turned,
    "turned and cropped": lambda pixels: resized(cropped(turned(pixels)), 1.2),
    "moved": moved,
}


@pytest.mark.long
@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("way", WAYS)
def test_what_was_edited_is_one_area_and_what_it_does_not_reach_is_none(tmp_path, name, way):
    photo = np.ascontiguousarray(PHOTOS[name]())
    version = jpeg(warmer(WAYS[way](edited(photo))), 85)
    (area,) = areas(tmp_path, photo, version)
    where = np.zeros(photo.shape[:2], bool)
    where[area.crop_region.slices] = area.mask.numpy() > 0.5
    both, either = where & disc(photo), where | disc(photo)
    assert both.sum() > 0.7 * either.sum()


def areas(folder: Path, photo: np.ndarray, version: np.ndarray):
    for name, pixels in (("photo.png", photo), ("version.png", version)):
        Image.fromarray(pixels).save(folder / name)
    inputs = Inputs(folder / "photo.png", reference=folder / "version.png")
    return open_scene(inputs, SegmentOptions(scale=True, align=True)).segments.items


@pytest.mark.long
def test_a_cast_is_taken_out_as_far_as_a_version_reaches(tmp_path):
    photo = np.ascontiguousarray(data.chelsea())
    assert len(areas(tmp_path, photo, warmer(cropped(edited(photo))))) == 1


@pytest.mark.long
def test_uneven_light_is_taken_out_where_a_turned_version_reaches(tmp_path):
    photo = np.ascontiguousarray(data.chelsea())
    y, x = (axis[..., None] for axis in np.mgrid[-1:1:300j, -1:1:451j])
    darker = np.rint(edited(photo) * (1 - 0.2 * (x * x + y * y))).astype(np.uint8)
    (area,) = areas(tmp_path, photo, turned(darker))
    assert disc(photo)[area.crop_region.slices].sum() > 0.95 * disc(photo).sum()
    assert area.area < 1.3 * disc(photo).sum()
