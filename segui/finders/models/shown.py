"""A picture as a model is shown it, made without the library's processors.

Some of them need torchvision, and others make a copy of the whole picture in numbers of 8 bytes.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from segui.finders.base import Pixels

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION: Final = (0.229, 0.224, 0.225)


def fitted_hw(size_hw: tuple[int, int], side_px: int) -> tuple[int, int]:
    """The size of a picture whose longer side is made a square's.

    >>> fitted_hw((3000, 4000), 1024)
    (768, 1024)
    """
    factor = side_px / max(size_hw)
    return max(1, int(size_hw[0] * factor + 0.5)), max(1, int(size_hw[1] * factor + 0.5))


def resized(picture: Pixels, size_hw: tuple[int, int]) -> Pixels:
    """A picture of another size, bilinearly, by means where it becomes smaller."""
    size_wh = (size_hw[1], size_hw[0])
    return np.asarray(Image.fromarray(picture).resize(size_wh, Image.Resampling.BILINEAR))


def in_black_square(picture: Pixels, side_px: int) -> Pixels:
    """A picture in the upper left of a square, as large as it fits; the rest is black."""
    part = resized(picture, fitted_hw((picture.shape[0], picture.shape[1]), side_px))
    square = np.zeros((side_px, side_px, 3), np.uint8)
    square[: part.shape[0], : part.shape[1]] = part
    return square


def normalized(picture: Pixels, mean: Sequence[float], deviation: Sequence[float]) -> Tensor:
    """(1, 3, H, W) float32, each colour with a mean of 0 and a deviation of 1 over all pictures."""
    unit = np.asarray(picture, np.float32) / np.float32(255)
    normal = (unit - np.asarray(mean, np.float32)) / np.asarray(deviation, np.float32)
    return torch.from_numpy(normal).permute(2, 0, 1)[None].contiguous()
