"""Mosaics against their definition, point by point in float64, whole and in parts."""

import numpy as np
import pytest
import torch

from segui import apply_effect, segments_from_mask
from segui.backend.mosaic import JOINTS_A_STONE, mosaic_by_opencv, mosaic_by_torch, point_of
from segui.geometry import Box
from segui.paste_values import PasteOptions

SIZE_HW = (70, 90)


def noise(channels: int, dtype: type = np.uint8) -> np.ndarray:
    levels = np.random.default_rng(11).integers(0, 256, (*SIZE_HW, channels), np.uint8)
    return levels if dtype == np.uint8 else (levels / 255).astype(np.float32)


def oracle(frame: np.ndarray, stone_px: int) -> np.ndarray:
    """Each pixel is of the nearest point of all, and dark where the next one is about as near."""
    height, width = SIZE_HW
    cells = [
        (x, y) for y in range(-3, height // stone_px + 4) for x in range(-3, width // stone_px + 4)
    ]
    points = np.array([point_of(x, y, stone_px) for x, y in cells], np.float64)
    rows, columns = np.mgrid[:height, :width].astype(np.float64)
    away = np.sqrt((columns[..., None] - points[:, 0]) ** 2 + (rows[..., None] - points[:, 1]) ** 2)
    order = np.argsort(away, axis=2, kind="stable")[..., :2]
    first, second = (np.take_along_axis(away, order[..., n : n + 1], 2)[..., 0] for n in (0, 1))
    apart = np.linalg.norm(points[order[..., 0]] - points[order[..., 1]], axis=2)
    to_line = (second**2 - first**2) / (2 * apart)
    joint = to_line < round(stone_px / JOINTS_A_STONE) / 2
    pixels = frame.astype(np.float64)
    weights = pixels[..., 3:] if frame.shape[2] == 4 else np.ones((*SIZE_HW, 1))
    made = np.zeros((*SIZE_HW, 3))
    for stone in np.unique(order[..., 0]):
        own = order[..., 0] == stone
        total = weights[own].sum()
        made[own] = (pixels[..., :3][own] * weights[own]).sum(axis=0) / total if total else 0
    ties = np.isclose(first, second) | np.isclose(to_line * 2, round(stone_px / JOINTS_A_STONE))
    made *= np.where(joint, 0.5, 1.0)[..., None]
    return np.where(ties[..., None], np.nan, made)


@pytest.mark.long
@pytest.mark.parametrize("stone_px", [5, 12, 25, 40])
@pytest.mark.parametrize(("channels", "dtype"), [(3, np.uint8), (4, np.uint8), (3, np.float32)])
def test_every_pixel_has_the_mean_of_its_stone_and_joints_are_half_as_bright(
    stone_px, channels, dtype
):
    frame = noise(channels, dtype)
    expected = oracle(frame, stone_px)
    level = 1 if dtype == np.uint8 else 1 / 255
    for made in (
        mosaic_by_opencv(frame, Box.of_size(SIZE_HW), stone_px),
        mosaic_by_torch(torch.from_numpy(frame)[None], Box.of_size(SIZE_HW), stone_px)[0].numpy(),
    ):
        # a point as near as another one may be either's: where two are, the stones are no other
        off = np.abs(made - expected)
        assert np.nanmean(off > level) < 0.02
        assert np.nanpercentile(off, 98) <= level


@pytest.mark.parametrize("stone_px", [1, 7, 31])
def test_a_part_is_what_the_whole_has_there(stone_px):
    frame = noise(3)
    whole = mosaic_by_opencv(frame, Box.of_size(SIZE_HW), stone_px)
    for box in (Box(0, 0, 9, 9), Box(33, 20, 61, 44), Box(80, 60, 90, 70)):
        assert np.array_equal(mosaic_by_opencv(frame, box, stone_px), whole[box.slices])
        by_torch = mosaic_by_torch(torch.from_numpy(frame)[None], box, stone_px)[0].numpy()
        assert np.abs(by_torch.astype(int) - whole[box.slices]).max() <= 1


def test_stones_of_one_pixel_are_the_photo():
    frame = noise(3)
    assert np.array_equal(mosaic_by_opencv(frame, Box.of_size(SIZE_HW), 1), frame)


def test_what_a_transparent_pixel_hides_is_in_no_stone():
    frame = noise(4)
    frame[..., 3] = 255
    frame[20:50, 20:50] = (255, 0, 0, 0)
    other = frame.copy()
    other[20:50, 20:50, :3] = (0, 255, 9)
    one, two = (mosaic_by_opencv(each, Box.of_size(SIZE_HW), 12) for each in (frame, other))
    assert np.array_equal(one, two)


def test_where_segments_are_it_is_as_everywhere():
    mask = torch.zeros(SIZE_HW)
    mask[10:40, 20:60] = 1
    image = torch.from_numpy(noise(3))[None]
    there = apply_effect(image, "mosaic", strength=9, segments=segments_from_mask(mask))
    whole = apply_effect(image, "mosaic", strength=9)
    assert torch.equal(there[0, 10:40, 20:60], whole[0, 10:40, 20:60])
    assert torch.equal(there[0, :10], image[0, :10])


def test_of_each_area_a_stone_is_the_same_share_where_nobody_says():
    assert PasteOptions("mosaic").share == "12%"
    assert PasteOptions("mosaic", strength=20).share is None
    assert PasteOptions("mosaic", "everything else").share is None
    assert PasteOptions("pixelate").share is None
