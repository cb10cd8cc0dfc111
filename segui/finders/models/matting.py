"""ViTMatte: how much of each pixel near an edge belongs to an area, hair and fur among it.

The model is shown parts of the picture along the edge, each with what is known there: what belongs
to the area, what does not, and between them what is to be told. Parts overlap and run into each
other, so that memory is that of one part, whatever the picture's size.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import torch

from segui.errors import InputError
from segui.finders.base import Area, Asked, Pixels
from segui.finders.models.loaded import Loaded
from segui.finders.models.shown import normalized
from segui.geometry import Box
from segui.segments.near import near_edge

SHOWN_PX: Final = 512  # the side of a part: a CPU takes 1.9 s for it, and 12 s for one of 1024 px
OVERLAP_PX: Final = 128  # of two parts side by side, at least
CONTEXT_PX: Final = 32  # around all that is to be told
_DIVISOR: Final = 32  # sides are filled to a multiple of it
KNOWN, UNKNOWN, HALF = 255, 128, 128

Plane = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, eq=False)
class Edge:
    """An area's edge.

    Args:
        trimap: (H, W) uint8: 255 belongs to the area, 0 does not, 128 is to be told.
        parts: What the model is shown, boxes of the trimap, xyxy px.
    """

    trimap: Pixels
    parts: tuple[Box, ...]


def edge_of(levels: Pixels, reach_px: int) -> Edge:
    """What is to be told of a mask, and in which parts.

    Within the reach of an edge, in rows and columns, it is to be told what belongs to the area.
    Where an area is so thin that nothing of it is left beyond that, its middle is known: what is
    farther from its border than half of what lies farthest.

    Args:
        levels: (H, W) uint8, how much of each pixel belongs to the mask, 255 all.
        reach_px: How far from the edge, px, at least 1.
    """
    is_inside = levels >= HALF
    trimap = np.where(is_inside, np.uint8(KNOWN), np.uint8(0))
    trimap[near_edge(levels, reach_px)] = UNKNOWN
    if is_inside.any() and not (trimap == KNOWN).any():
        padded = np.pad(is_inside.astype(np.uint8), 1)
        depth = np.asarray(cv2.distanceTransform(padded, cv2.DIST_C, 3))[1:-1, 1:-1]
        trimap[depth > depth.max() / 2] = KNOWN
    return Edge(trimap, _parts(trimap == UNKNOWN))


def soften(
    loaded: Loaded, colours: Pixels, levels: Pixels, edge: Edge, told: Callable[[], object]
) -> Pixels:
    """A mask whose edge is what the model says of it; all else stays as it is.

    Args:
        loaded: The model.
        colours: (H, W, 3) uint8, the picture.
        levels: (H, W) uint8, the mask.
        edge: Of ``edge_of``.
        told: Called after each part.

    Returns:
        (H, W) uint8, a new array.
    """
    out = levels.copy()
    if not edge.parts:
        return out
    around = edge.parts[0]
    for part in edge.parts[1:]:
        around = around.hull(part)
    sums, weights = np.zeros(around.size_hw, np.float32), np.zeros(around.size_hw, np.float32)
    for part in edge.parts:
        loaded.effort.go_on()
        weight, place = _weight(part.size_hw), part.relative_to(around).slices
        sums[place] += weight * _alpha(loaded, colours[part.slices], edge.trimap[part.slices])
        weights[place] += weight
        told()
    is_unknown = edge.trimap[around.slices] == UNKNOWN
    alpha = sums[is_unknown] / weights[is_unknown]
    out[around.slices][is_unknown] = np.rint(np.clip(np.nan_to_num(alpha), 0, 1) * 255)
    return out


def find_nothing(loaded: Loaded, _picture: Pixels, _asked: Asked, _: Any) -> list[Area]:
    """Say that it finds nothing.

    Raises:
        InputError: Always.
    """
    raise InputError(
        f"{loaded.name!r} softens the edges of areas and finds none: name it as edges_by"
    )


def _alpha(loaded: Loaded, colours: Pixels, trimap: Pixels) -> Plane:
    """What the model says of one part, 0..1.

    Source: transformers' VitMatteImageProcessor: colours as it normalizes them, the trimap as
    shares of 1, zeros below and to the right.
    """
    processor = loaded.processor
    mean = _three(getattr(processor, "image_mean", None))
    deviation = _three(getattr(processor, "image_std", None))
    shown = normalized(colours, mean, deviation)
    share = torch.from_numpy(trimap.astype(np.float32) / np.float32(255))[None, None]
    height, width = trimap.shape
    padding = (0, -width % _DIVISOR, 0, -height % _DIVISOR)
    inputs = torch.nn.functional.pad(torch.cat([shown, share], dim=1), padding)
    weight = next(loaded.model.parameters())
    with torch.inference_mode():
        alphas = loaded.model(pixel_values=inputs.to(weight)).alphas
    return np.asarray(alphas[0, 0, :height, :width].float().cpu().numpy(), np.float32)


def _three(said: Any) -> Sequence[float]:
    """A number for each colour; a half of each where none are said."""
    return said if isinstance(said, (list, tuple)) and len(said) == 3 else (0.5, 0.5, 0.5)


def _parts(is_unknown: "np.ndarray[Any, np.dtype[np.bool_]]") -> tuple[Box, ...]:
    """Boxes of at most the shown side in which all lies that is to be told, with what is around."""
    x, y, width, height = cv2.boundingRect(is_unknown.astype(np.uint8))
    if not width:
        return ()
    size_hw = (is_unknown.shape[0], is_unknown.shape[1])
    window = Box(x, y, x + width, y + height).widen(CONTEXT_PX).clip(size_hw)
    boxes = [
        Box(left, top, min(left + SHOWN_PX, window.x2), min(top + SHOWN_PX, window.y2))
        for top in _starts(window.y1, window.y2)
        for left in _starts(window.x1, window.x2)
    ]
    return tuple(box for box in boxes if is_unknown[box.slices].any())


def _starts(low: int, high: int) -> list[int]:
    """Where parts begin along one side, as far apart as they may be."""
    beyond = high - low - SHOWN_PX
    if beyond <= 0:
        return [low]
    count = math.ceil(beyond / (SHOWN_PX - OVERLAP_PX)) + 1
    return [low + round(n * beyond / (count - 1)) for n in range(count)]


def _weight(size_hw: tuple[int, int]) -> Plane:
    """How much each pixel of a part counts where it overlaps another: less towards its sides."""
    rows, columns = (
        np.minimum(np.minimum(np.arange(side), np.arange(side)[::-1]) + 0.5, OVERLAP_PX)
        for side in size_hw
    )
    return np.asarray(rows[:, None] * columns[None], np.float32)
