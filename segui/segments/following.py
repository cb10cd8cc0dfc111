"""Masks of one picture whose edges follow its own: all at once, and only what is near an edge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Final, NamedTuple

import cv2
import numpy as np

from segui.geometry import Box
from segui.segments.cells import Floats, Grid, Pixels, means_of_cells
from segui.segments.guides import Guide
from segui.segments.in_threads import in_threads
from segui.segments.near import Flags, NearEdge

_STRIP_PX: Final = 64
_STRIP_CELLS: Final = 4  # for fewer, too many beside them are enlarged

Parts = list[tuple[Box, Flags]]


@dataclass(frozen=True, eq=False)
class Layer:
    """A mask in a picture.

    Args:
        box: The part of the picture that it covers, xyxy px, inside the picture.
        levels: (h, w) uint8, how much of each pixel belongs to it, 255 all; beyond it none does.
    """

    box: Box
    levels: Pixels


class Patch(NamedTuple):
    """What becomes of a part of a layer.

    Args:
        number: Which layer, by its place.
        box: The part, in px from the layer's corner.
        levels: (h, w) uint8.
    """

    number: int
    box: Box
    levels: Pixels


def followed(
    layers: Sequence[Layer],
    picture: Pixels,
    reach_px: float,
    go_on: Callable[[], object] = lambda: None,
) -> list[Patch]:
    """What becomes of masks whose edges are to be the picture's, where it has one nearby.

    Each changes by itself; what the picture says is worked out once for all of them.

    Args:
        layers: The masks.
        picture: (H, W, 3) uint8.
        reach_px: How far an edge may lie from the picture's, at least 1.
        go_on: Called now and then; what it raises is raised.

    Returns:
        Parts of the masks, none over another one of the same mask; the rest stays.
    """
    grid = Grid.of((picture.shape[0], picture.shape[1]), reach_px)
    strip_px = max(_STRIP_PX, _STRIP_CELLS * grid.step_px)
    blocks: dict[tuple[int, int], dict[int, Parts]] = {}
    near = in_threads(partial(_near, reach_px=round(reach_px), strip_px=strip_px), layers, go_on)
    for number, (layer, parts) in enumerate(zip(layers, near, strict=True)):
        for part, is_near in parts:
            x, y = layer.box.x1 + part.x1, layer.box.y1 + part.y1
            place = y // grid.block_px, x // grid.block_px
            blocks.setdefault(place, {}).setdefault(number, []).append((part, is_near))
    # the most work first: it is waited for when all else is done
    longest = sorted(blocks.values(), key=lambda block: -sum(map(len, block.values())))
    work = partial(_patches, layers, picture=picture, grid=grid)
    return [patch for patches in in_threads(work, longest, go_on) for patch in patches]


def _near(layer: Layer, reach_px: int, strip_px: int) -> Parts:
    """The parts of a layer that are near an edge of it, in px of the layer."""
    return list(NearEdge.of(layer.levels, reach_px).parts(strip_px))


def _patches(
    layers: Sequence[Layer], parts: dict[int, Parts], picture: Pixels, grid: Grid
) -> list[Patch]:
    """What becomes of some parts of layers, near to each other, that are near an edge."""
    cells = {number: _cells_for(layers[number], own, grid) for number, own in parts.items()}
    whole = grid.widened(reduce(Box.hull, cells.values()), grid.radius)
    guide = Guide.of(picture, grid, whole)
    patches = []
    for number, own in parts.items():
        layer = layers[number]
        planes = _planes(layer, guide, cells[number])
        for part, is_near in own:
            px = part.shift(layer.box.x1, layer.box.y1)
            levels = layer.levels[part.slices].copy()
            fitted = _applied(grid.enlarged(planes, cells[number], px), picture[px.slices])
            cv2.copyTo(fitted, is_near.view(np.uint8), levels)
            patches.append(Patch(number, part, levels))
    return patches


def _cells_for(layer: Layer, parts: Parts, grid: Grid) -> Box:
    """The cells that are enlarged for some parts of a layer."""
    px = reduce(Box.hull, (part for part, _ in parts)).shift(layer.box.x1, layer.box.y1)
    return grid.widened(grid.cells_around(px), 1)


def _planes(layer: Layer, guide: Guide, cells: Box) -> Floats:
    """The linear function in each of some cells, (h, w, 4) float32; see ``Guide.fitted``."""
    grid = guide.grid
    fitted = grid.widened(cells, grid.radius)
    px = grid.px_of(grid.widened(fitted, grid.radius))
    inner = px.intersect(layer.box)
    levels = layer.levels[inner.relative_to(layer.box).slices]
    if inner != px:
        canvas = np.zeros(px.size_hw, np.uint8)
        canvas[inner.relative_to(px).slices] = levels
        levels = canvas
    planes = guide.fitted(fitted, means_of_cells(levels, grid.step_px))
    return grid.window_means(planes)[cells.relative_to(fitted).slices]


def _applied(planes: Floats, colours: Pixels) -> Pixels:
    """The levels that linear functions, (h, w, 4), say of the colours."""
    numbers = cv2.cvtColor(colours, cv2.COLOR_RGB2RGBA)  # 255 times what is added
    shares = cv2.multiply(planes, numbers, dtype=cv2.CV_32F)
    total = shares[..., 0] + shares[..., 1]
    total += shares[..., 2]
    total += shares[..., 3]
    return np.asarray(np.rint(np.clip(total, 0, 255, out=total), out=total), np.uint8)
