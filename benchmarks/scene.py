"""The picture that is measured: 4K, ellipses on a grid."""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui import Segments, segments_from_mask

SIZE_HW = (2160, 3840)
ELLIPSE_WH = (576, 324)


def frame(seed: int, dtype: torch.dtype) -> Tensor:
    """A 4K frame of noise, (1, H, W, 3)."""
    noise = np.random.default_rng(seed).integers(0, 256, (1, *SIZE_HW, 3), np.uint8)
    picture = torch.from_numpy(noise)
    return picture if dtype == torch.uint8 else picture.float().div_(255)


def ellipses(columns: int, rows: int, width: float, height: float) -> NDArray[np.uint8]:
    """A 4K mask, 0 or 255: one ellipse of that size in each cell of a grid."""
    mask = np.zeros(SIZE_HW, np.uint8)
    for row in range(rows):
        for column in range(columns):
            centre = (
                (column + 0.5) * SIZE_HW[1] / columns,
                (row + 0.5) * SIZE_HW[0] / rows,
            )
            points = cv2.ellipse2Poly(
                (round(centre[0]), round(centre[1])),
                (round(width / 2), round(height / 2)),
                0,
                0,
                360,
                2,
            )
            cv2.fillPoly(mask, [points], 255)
    return mask


def as_mask(levels: NDArray[np.uint8]) -> Tensor:
    """The mask as float32 in [0, 1]."""
    return torch.from_numpy(levels.astype(np.float32) / 255)


def grid_segments(crop_factor: float = 1.5) -> Segments:
    """Sixteen ellipses of 576 x 324 px on a 4 x 4 grid."""
    return segments_from_mask(as_mask(ellipses(4, 4, *ELLIPSE_WH)), crop_factor=crop_factor)
