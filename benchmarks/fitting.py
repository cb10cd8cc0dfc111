"""Fitting in against a bound in time, and against OpenCV's own gradient-domain paste."""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.report import Row
from benchmarks.scene import frame, grid_segments
from benchmarks.timing import medians
from segui.backend.fitting_in import FittedParts
from segui.backend.in_parts import ReadyParts

COLOUR_MS = 30
SEAMLESS_BOUND = 4
FEATHER_PX = 5


def rows() -> list[Row]:
    """The time for one area of 576 x 324 px of a 4K picture."""
    photo, edited = (_smooth(frame(seed, torch.uint8)) for seed in (0, 1))
    segments = grid_segments()
    item = segments.items[5]
    content = item.content
    box = content.widen(FEATHER_PX)
    seen = content.widen(1)
    mask = np.ascontiguousarray(item.read_mask(seen.clip(segments.size)) > 0).astype(np.uint8) * 255
    below, above = (each[0].numpy()[seen.slices] for each in (photo, edited))
    ways = {fit: FittedParts(photo, ReadyParts(edited), fit) for fit in ("colour", "seamless")}
    times = medians(
        {
            **{fit: (lambda w=way: w.at(item, box)) for fit, way in ways.items()},
            "seamlessClone": lambda: cloned(above, below, mask),
        }
    )
    area = "an area of 576 x 324 px"
    clone = f"seamless of {area} / seamlessClone"
    return [
        Row(f"colour and light of {area} / {COLOUR_MS} ms", times["colour"], COLOUR_MS, "ms", 1),
        Row(clone, times["seamless"], times["seamlessClone"], "ms", SEAMLESS_BOUND),
    ]


def cloned(
    above: NDArray[np.uint8], below: NDArray[np.uint8], mask: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """OpenCV's own, all of a box onto the same box."""
    # it wants the middle of what is marked
    x, y, width, height = cv2.boundingRect(mask)
    middle = (x + width // 2, y + height // 2)
    made = cv2.seamlessClone(
        np.ascontiguousarray(above), np.ascontiguousarray(below), mask, middle, cv2.NORMAL_CLONE
    )
    return np.asarray(made, np.uint8)


def _smooth(image: torch.Tensor) -> torch.Tensor:
    """Noise as smooth as a photo."""
    blurred = cv2.GaussianBlur(image[0].numpy(), (0, 0), 8)
    levels = cv2.normalize(blurred, None, 0, 255, cv2.NORM_MINMAX)
    return torch.from_numpy(np.asarray(levels, np.uint8))[None]
