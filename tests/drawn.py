"""Small masks and pictures for tests, drawn as text or from a seed."""

import numpy as np
import torch
from torch import Tensor

from segui import Box, Segment

LEVELS = {".": 0.0, "-": 0.25, "+": 0.5, "*": 0.75, "#": 1.0}


def mask(*rows: str) -> Tensor:
    """A float32 mask: ``.`` is 0, ``-`` a quarter, ``+`` half, ``*`` three quarters, ``#`` 1."""
    return torch.tensor([[LEVELS[character] for character in row] for row in rows])


def labels(*rows: str) -> Tensor:
    """A label map: digits are labels, anything else is 0."""
    return torch.tensor([[int(c) if c.isdigit() else 0 for c in row] for row in rows])


def picture(height: int, width: int, seed: int = 0, channels: int = 3, frames: int = 1) -> Tensor:
    """A float32 picture of noise whose values are whole levels of 255."""
    rng = np.random.default_rng(seed)
    levels = rng.integers(0, 256, (frames, height, width, channels), np.uint8)
    return torch.from_numpy(levels).float() / 255


def levels(image: Tensor) -> Tensor:
    """A float32 picture as uint8."""
    return image.mul(255).round().to(torch.uint8)


def rectangle(height: int, width: int, box: tuple[int, int, int, int]) -> Tensor:
    """A hard mask of one rectangle."""
    out = torch.zeros(height, width)
    out[Box(*box).slices] = 1
    return out


def segment(
    crop: tuple[int, int, int, int], inner: Tensor | None = None, **others: object
) -> Segment:
    """A segment whose mask is given, or 1 throughout."""
    region = Box(*crop)
    return Segment(torch.ones(region.size_hw) if inner is None else inner, region, region, **others)
