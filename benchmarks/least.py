"""The least that a paste takes with NumPy and OpenCV, where all that can be known beforehand is.

How opaque each pixel is, which are opaque and which are an edge is given. What is left is to copy
the frame, to copy what is opaque, and to take the edges out, mix them and put them back: in small
tiles, so that hardly anything else is touched, and in few calls. Beside it stands the blur of the
edges alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from segui import Segment, Segments
from segui.backend.feather import Gaussian
from segui.backend.opacity import Placement, place
from segui.backend.spans import spans

Pixels = NDArray[np.uint8] | NDArray[np.float32]
Floats = NDArray[np.float32]
Places = tuple[slice, slice]
Tiles = tuple[NDArray[np.intp], NDArray[np.intp]]

TILE_PX = 16
WHOLE = np.float32(2**16)  # cv2.blendLinear adds 1e-5 to the sum of both weights


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of one segment.

    Args:
        opaque: Boxes of the frame where the opacity is 1.
        tiles: The first row and column of each tile of the frame with an edge in it.
        weights: What is below and what is pasted weigh there, the tiles one below the other.
        edges: For each box with an edge in it, the mask as far as its blur sees it.
        taps: Of the blur.
    """

    opaque: Sequence[Places]
    tiles: Tiles
    weights: tuple[Floats, Floats]
    edges: Sequence[Floats]
    taps: Floats


def known(segments: Segments, feather: int) -> list[Known]:
    """What is known of segments with edges like the reference node's.

    Args:
        segments: None that shares a pixel with another, in an image whose sides are whole tiles.
        feather: Their feather, px.
    """
    found = []
    for item in segments.items:
        placement = place(item, feather, "impact", segments.size, beyond=True)
        assert placement is not None  # noqa: S101  each is inside the frame
        target = placement.target
        opacity = next(placement.opacities(range(1), 1, torch.device("cpu"))).numpy()
        frame = np.zeros(segments.size, np.float32)
        frame[target.slices] = opacity
        opaque, tiles = _tiles(frame)
        over = _windows(frame)[tiles].reshape(-1, TILE_PX) * WHOLE
        edges = _seen(item, placement, opacity)
        taps = _taps(placement.gaussian)
        found.append(Known(opaque, tiles, (WHOLE - over, over), edges, taps))
    return found


def paste_known(base: Pixels, reference: Pixels, segments: Sequence[Known]) -> Pixels:
    """Paste segments of which everything is known.

    Args:
        base: (H, W, 3).
        reference: The same.
        segments: Where and how opaque.
    """
    out = base.copy()
    under, over = _windows(out), _windows(reference)
    for segment in segments:
        for box in segment.opaque:
            out[box] = reference[box]
        both = (each[segment.tiles].reshape(-1, TILE_PX, 3) for each in (under, over))
        mixed = cv2.blendLinear(*both, *segment.weights)
        under[segment.tiles] = mixed.reshape(-1, *under.shape[2:])
    return out


def blur_edges(segments: Sequence[Known]) -> None:
    """Blur what has an edge in it, and nothing else."""
    for segment in segments:
        for edge in segment.edges:
            cv2.sepFilter2D(edge, -1, segment.taps, segment.taps, borderType=cv2.BORDER_CONSTANT)


def _tiles(frame: Floats) -> tuple[list[Places], Tiles]:
    """Boxes of the tiles that are 1 throughout; and where those are that are neither that nor 0."""
    height, width = (size // TILE_PX for size in frame.shape)
    tiles = frame[: height * TILE_PX, : width * TILE_PX].reshape(height, TILE_PX, width, TILE_PX)
    full, empty = (tiles == 1).all(axis=(1, 3)), (tiles == 0).all(axis=(1, 3))
    rows, ends = (each * TILE_PX for each in np.nonzero(np.diff(full, prepend=0, append=0)))
    runs = zip(rows[::2].tolist(), ends[::2].tolist(), ends[1::2].tolist(), strict=True)
    opaque = [(slice(row, row + TILE_PX), slice(begin, end)) for row, begin, end in runs]
    down, across = np.nonzero(~full & ~empty)
    return opaque, (down * TILE_PX, across * TILE_PX)


def _seen(item: Segment, placement: Placement, opacity: Floats) -> list[Floats]:
    """What a blur sees of a mask around each box in which its edge lies."""
    mask = np.zeros(opacity.shape, np.float32)
    inside = placement.content.intersect(placement.target)
    mask[inside.relative_to(placement.target).slices] = item.read_mask(inside)
    radius = placement.gaussian.radius_px
    return [
        mask[_widened(span.rows, radius), _widened(span.columns, radius)].copy()
        for span in spans(torch.from_numpy(opacity))
        if not span.is_opaque
    ]


def _widened(some: slice, by_px: int) -> slice:
    return slice(max(0, some.start - by_px), some.stop + by_px)


def _windows(plane: Pixels) -> Pixels:
    """A view of each box of a tile's size, by its first row and column."""
    height, width = plane.shape[0] - TILE_PX + 1, plane.shape[1] - TILE_PX + 1
    row = TILE_PX * (plane.shape[2] if plane.ndim == 3 else 1)
    strides = (*plane.strides[:2], plane.strides[0], plane.itemsize)
    return as_strided(plane, (height, width, TILE_PX, row), strides)


def _taps(gaussian: Gaussian) -> Floats:
    return np.asarray(gaussian.taps().float().numpy(), np.float32)
