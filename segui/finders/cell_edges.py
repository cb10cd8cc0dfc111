"""Edges to the pixel for regions that were found on a small copy, cell by cell.

A cell near a border is looked at pixel by pixel: each pixel goes to the region, among those near
by, whose colour is nearest. What colour a region has there, cells that lie inside of it say: those
on a border are mixtures.
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.finders.base import Pixels

_REACH: Final = 2  # cells around one, in which regions are looked for
_CANDIDATES: Final = 3  # regions that a cell's pixels may go to
_AT_ONCE: Final = 4096  # cells

Cells = NDArray[np.int32]
Floats = NDArray[np.float32]


def refined_labels(colours: Pixels, small: Pixels, labels: Cells, cell_px: int) -> Cells:
    """A label map at full size.

    Args:
        colours: (H, W, 3) uint8, the picture.
        small: (h, w, 3) uint8, the mean of each of its cells of ``cell_px`` x ``cell_px`` px, the
            last ones cut by the border.
        labels: (h, w) int32, the region of each cell.
        cell_px: A cell's side, px.

    Returns:
        (H, W) int32.
    """
    if cell_px == 1:
        return labels
    height, width = colours.shape[:2]
    size_wh = (labels.shape[1] * cell_px, labels.shape[0] * cell_px)
    whole = np.asarray(cv2.resize(labels, size_wh, interpolation=cv2.INTER_NEAREST), np.int32)
    missing = (size_wh[1] - height, size_wh[0] - width)
    padded = cv2.copyMakeBorder(colours, 0, missing[0], 0, missing[1], cv2.BORDER_REPLICATE)
    blocks = _blocks(np.asarray(padded, np.uint8), cell_px)
    out = _blocks(whole, cell_px)
    rows, columns = np.nonzero(_near_border(labels))
    inner = ~_near_border(labels)
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        y, x = rows[part], columns[part]
        candidates, means = _candidates(small, labels, inner, y, x)
        pixels = blocks[y, :, x].reshape(len(y), -1, 3)
        nearest = _nearest(pixels, means)
        chosen = np.take_along_axis(candidates, nearest, axis=1)
        out[y, :, x] = chosen.reshape(len(y), cell_px, cell_px)
    return whole[:height, :width]


def _blocks(plane: NDArray[Any], cell_px: int) -> NDArray[Any]:
    """A view with an axis for the cells' rows, their own rows, cells' columns, own columns."""
    rows, columns = plane.shape[0] // cell_px, plane.shape[1] // cell_px
    return plane.reshape(rows, cell_px, columns, cell_px, *plane.shape[2:])


def _near_border(labels: Cells) -> NDArray[np.bool_]:
    """Cells with a neighbour, corners included, of another region."""
    numbers = labels.astype(np.float32)
    square = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.dilate(numbers, square) != cv2.erode(numbers, square), np.bool_)


def _candidates(
    small: Pixels, labels: Cells, inner: NDArray[np.bool_], y: NDArray[np.intp], x: NDArray[np.intp]
) -> tuple[Cells, Floats]:
    """For each cell the regions near by that take most room, and their colours there.

    Returns:
        (n, k) int32 of regions, the first the cell's own, and (n, k, 3) float32 of their colours.
        Where there are fewer than k the own one stands again.
    """
    steps = np.arange(-_REACH, _REACH + 1)
    rows = np.clip(y[:, None, None] + steps[None, :, None], 0, labels.shape[0] - 1)
    columns = np.clip(x[:, None, None] + steps[None, None, :], 0, labels.shape[1] - 1)
    around = labels[rows, columns].reshape(len(y), -1)
    colours = small[rows, columns].reshape(len(y), -1, 3).astype(np.float32)
    weights = np.where(inner[rows, columns].reshape(len(y), -1), 1, 1e-3).astype(np.float32)
    own = labels[y, x]
    chosen, means = [], []
    left = around.copy()
    for place in range(_CANDIDATES):
        candidate = own if place == 0 else _most_common(left, own)
        is_it = around == candidate[:, None]
        left[is_it] = -1
        share = is_it * weights
        total = share.sum(axis=1, keepdims=True)
        means.append(np.einsum("nk,nkc->nc", share, colours) / total)
        chosen.append(candidate)
    return np.stack(chosen, axis=1), np.stack(means, axis=1).astype(np.float32)


def _most_common(numbers: Cells, otherwise: Cells) -> Cells:
    """The most common number above -1 of each row; ``otherwise`` where there is none."""
    has_any = np.flatnonzero((numbers >= 0).any(axis=1))  # most cells lie between two regions
    found = otherwise.copy()
    some = numbers[has_any]
    counts = np.stack([(some == column[:, None]).sum(axis=1) for column in some.T], axis=1)
    best = np.where(some >= 0, counts, 0).argmax(axis=1)
    found[has_any] = some[np.arange(len(some)), best]
    return found


def _nearest(pixels: Pixels, means: Floats) -> NDArray[np.intp]:
    """For each of (n, p, 3) pixels the nearest of (n, k, 3) colours: (n, p)."""
    # |p - m|^2 without |p|^2, which is the same for all
    squares = (means * means).sum(axis=2)
    apart = squares[:, None] - 2 * np.matmul(pixels.astype(np.float32), means.transpose(0, 2, 1))
    return np.asarray(apart.argmin(axis=2), np.intp)
