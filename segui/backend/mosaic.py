"""A mosaic: stones of irregular outline, each of the mean colour that the photo has there.

Where ``pixelate`` has squares in rows, these are the cells of points (Voronoi's) that lie on a grid
and are moved off it, a quarter of a stone at most, by what their place in the grid says: the same
wherever and in whatever part they are made. Between stones lie joints, half as bright.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui.geometry import Box
from segui.images.blocks import Pixels, as_pixels

JOINTS_A_STONE: Final = 12  # a stone is as many times as wide as a joint
_NEAR: Final = (-1, 0, 1)  # cells of the grid: no point further away is the nearest
_FAR: Final = 2**31 - 1
_ROWS: Final = 128  # that are looked at at once


class Laid(NamedTuple):
    """How stones lie in a box.

    Args:
        stones: (h, w) int64, which stone a pixel is of, from 0; the same number, the same stone.
        is_joint: (h, w) bool, whether it lies between two.
    """

    stones: NDArray[np.int64]
    is_joint: NDArray[np.bool_]


def reach_px(stone_px: int) -> int:
    """How far around a pixel its stone may lie: twice from a point to its cell's corner."""
    return -(-stone_px * 9 // 4) + 2


def lay(box: Box, stone_px: int) -> Laid:
    """Which stone each pixel of a box is of.

    Args:
        box: In the image, px.
        stone_px: A stone's side.
    """
    first_x, first_y = box.x1 // stone_px - 1, box.y1 // stone_px - 1
    columns, lines = box.x2 // stone_px - first_x + 2, box.y2 // stone_px - first_y + 2
    cells = np.meshgrid(first_x + np.arange(columns), first_y + np.arange(lines))
    right, down = point_of(*cells, stone_px)
    # from the box's corner, where numbers are small: no square of theirs overflows in 32 bits
    points = (right - box.x1).astype(np.int32), (down - box.y1).astype(np.int32)
    home_x = np.arange(box.x1, box.x2) // stone_px - first_x
    home_y = np.arange(box.y1, box.y2) // stone_px - first_y
    stones = np.empty(box.size_hw, np.int64)
    is_joint = np.empty(box.size_hw, np.bool_)
    x = np.arange(box.width, dtype=np.int32)[None]
    for start in range(0, box.height, _ROWS):
        y = np.arange(start, min(start + _ROWS, box.height), dtype=np.int32)[:, None]
        part = slice(start, start + len(y))
        found = _nearest((x, y), (home_x, home_y[part]), points, stone_px)
        stones[part], is_joint[part] = found
    return Laid(stones, is_joint)


def mosaic_by_opencv(frame: Pixels, box: Box, stone_px: int) -> Pixels:
    """A frame's mosaic in a box, (h, w, 3) of its dtype.

    Args:
        frame: (H, W, 3 or 4); colours count as much as they are opaque.
        box: Which pixels, inside the frame.
        stone_px: A stone's side, at least 1.
    """
    outer = box.widen(reach_px(stone_px)).clip((frame.shape[0], frame.shape[1]))
    crop, laid = frame[outer.slices], lay(outer, stone_px)
    numbers = laid.stones.ravel()
    weights = _weights(crop)
    counted = np.maximum(np.bincount(numbers, weights), 1e-12)
    inner = box.relative_to(outer).slices
    own, shade = laid.stones[inner], np.where(laid.is_joint[inner], 0.5, 1.0)
    made = np.empty((*box.size_hw, 3), frame.dtype)
    for channel in range(3):
        values = crop[..., channel].ravel().astype(np.float64)
        values = values if weights is None else values * weights
        means = np.bincount(numbers, values) / counted
        colours = means[own] * shade
        made[..., channel] = np.rint(colours) if frame.dtype == np.uint8 else colours
    return as_pixels(made)


def mosaic_by_torch(image: Tensor, box: Box, stone_px: int) -> Tensor:
    """The same for all frames of an image on any device, (B, h, w, 3)."""
    outer = box.widen(reach_px(stone_px)).clip((image.shape[1], image.shape[2]))
    laid, device = lay(outer, stone_px), image.device
    numbers = torch.from_numpy(laid.stones).to(device).flatten()
    inner = box.relative_to(outer).slices
    own = torch.from_numpy(np.ascontiguousarray(laid.stones[inner])).to(device)
    joints = torch.from_numpy(np.ascontiguousarray(laid.is_joint[inner])).to(device)
    shade = 1 - 0.5 * joints.float()
    crop = image[(slice(None), *outer.slices)].float()
    made = []
    for frame in crop:
        flat = frame.reshape(-1, frame.shape[2])
        weights = flat[:, 3:] if frame.shape[2] == 4 else torch.ones_like(flat[:, :1])
        weighed = torch.cat([flat[:, :3] * weights, weights], dim=1)
        sums = torch.zeros(int(numbers.max()) + 1, 4, device=device, dtype=torch.float32)
        sums.index_add_(0, numbers, weighed)
        means = sums[:, :3] / sums[:, 3:].clamp(min=1e-12)
        made.append(means[own] * shade[..., None])
    result = torch.stack(made)
    return result.round().clamp(0, 255).to(image.dtype) if image.dtype == torch.uint8 else result


def _weights(crop: Pixels) -> NDArray[np.float64] | None:
    return crop[..., 3].ravel().astype(np.float64) if crop.shape[2] == 4 else None


def _nearest(
    place: tuple[Any, Any], home: tuple[Any, Any], points: tuple[Any, Any], stone_px: int
) -> tuple[Any, Any]:
    """The cells whose points are nearest, by number, and where two are about as near.

    Args:
        place: x (1, w) and y (h, 1), px.
        home: The column (w,) and the row (h,) of the grid in which each lies.
        points: x and y of each cell's point, (rows, columns).
        stone_px: A stone's side.
    """
    (x, y), (home_x, home_y) = place, home
    shape, columns = (len(home_y), len(home_x)), points[0].shape[1]
    best, second = (np.full(shape, _FAR, np.int32) for _ in range(2))
    nearest, next_one = (np.zeros(shape, np.int32) for _ in range(2))
    for down in _NEAR:
        for right in _NEAR:
            cells = np.ix_(home_y + down, home_x + right)
            away = (points[0][cells] - x) ** 2
            away += (points[1][cells] - y) ** 2
            cell = ((cells[0] * columns) + cells[1]).astype(np.int32)
            nearer = away < best
            np.copyto(next_one, cell, where=~nearer & (away < second))
            np.copyto(next_one, nearest, where=nearer)
            np.copyto(nearest, cell, where=nearer)
            np.minimum(second, np.maximum(best, away), out=second)
            np.minimum(best, away, out=best)
    joint_px = round(stone_px / JOINTS_A_STONE)
    if not joint_px:
        return nearest, np.zeros(shape, np.bool_)
    apart = sum((each.ravel()[nearest] - each.ravel()[next_one]).astype(np.int64) ** 2
                for each in points)  # fmt: skip
    # how far the line between two points is away: (second - best) / (2 * their distance)
    return nearest, (second - best).astype(np.int64) ** 2 < joint_px**2 * apart


def point_of(cell_x: Any, cell_y: Any, stone_px: int) -> tuple[Any, Any]:
    """The point of a cell of the grid, px: its middle, moved by a quarter of a stone at most."""
    move = stone_px // 4
    mixed = (cell_x * 73856093) ^ (cell_y * 19349663)
    mixed = (mixed ^ (mixed >> 13)) * 1274126177 & 0x7FFFFFFF
    right = mixed % (2 * move + 1) - move
    down = (mixed >> 12) % (2 * move + 1) - move
    middle = stone_px // 2
    return cell_x * stone_px + middle + right, cell_y * stone_px + middle + down
