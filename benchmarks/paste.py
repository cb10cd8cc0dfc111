"""Paste against the plain way: OpenCV's whole Gaussian on each mask, then a NumPy blend."""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.report import Row
from benchmarks.scene import frame, grid_segments
from benchmarks.timing import medians
from segui import Segments, paste

FEATHERS = (5, 20, 100)
EDGE_ROUNDS = 21  # the edges do the same work at 5 and 20 px: only noise is between them
EDGE_BOUND = 1.1


def plain_paste(
    base: NDArray[np.float32],
    reference: NDArray[np.float32],
    masks: list[tuple[tuple[slice, slice], NDArray[np.float32]]],
    feather: int,
) -> NDArray[np.float32]:
    """What somebody would write first, in float32."""
    taps = 2 * feather + 1
    out = base.copy()
    for place, mask in masks:
        soft = cv2.GaussianBlur(mask, (taps, taps), 10)[..., None]
        out[place] = (1 - soft) * out[place] + soft * reference[place]
    return out


def dense_masks(segments: Segments) -> list[tuple[tuple[slice, slice], NDArray[np.float32]]]:
    """The masks as the plain way wants them: float32 arrays, ready."""
    return [(item.crop_region.slices, item.mask.numpy()) for item in segments.items]


def rows() -> list[Row]:
    """Time at each feather, and how it grows with it."""
    segments = grid_segments()
    masks = dense_masks(segments)
    base, reference = frame(0, torch.float32), frame(1, torch.float32)
    base_bytes, reference_bytes = frame(0, torch.uint8), frame(1, torch.uint8)
    base_plain, reference_plain = base[0].numpy(), reference[0].numpy()
    found = []
    flat = {}
    for feather in FEATHERS:
        own = {"reference": reference, "feather": feather}
        own_bytes = {"reference": reference_bytes, "feather": feather}
        times = medians(
            {
                "plain": lambda f=feather: plain_paste(base_plain, reference_plain, masks, f),
                "float32": lambda o=own: paste(base, segments, edge="impact", **o),
                "uint8": lambda o=own_bytes: paste(base_bytes, segments, edge="impact", **o),
            }
        )
        edges = medians(
            {
                "impact": lambda o=own: paste(base, segments, edge="impact", **o),
                "smooth": lambda o=own: paste(base, segments, edge="smooth", **o),
                "impact uint8": lambda o=own_bytes: paste(base_bytes, segments, edge="impact", **o),
                "smooth uint8": lambda o=own_bytes: paste(base_bytes, segments, edge="smooth", **o),
            },
            EDGE_ROUNDS,
        )
        flat[feather] = times["float32"]
        plain = f"feather {feather} / plain OpenCV"
        impact = f"feather {feather} / impact"
        found += [
            Row(f"paste float32, {plain}", times["float32"], times["plain"], "ms", 0.8),
            Row(f"paste uint8, {plain}", times["uint8"], times["plain"], "ms", 0.4),
            Row(f"smooth float32, {impact}", edges["smooth"], edges["impact"], "ms", EDGE_BOUND),
            Row(
                f"smooth uint8, {impact}",
                edges["smooth uint8"],
                edges["impact uint8"],
                "ms",
                EDGE_BOUND,
            ),
        ]
    found.append(Row("paste float32, feather 100 / feather 5", flat[100], flat[5], "ms", 5))
    return found
