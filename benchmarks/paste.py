"""Paste against the plain ways: OpenCV's whole Gaussian on each mask, then a blend.

Twice: in float32 with a NumPy blend, as one writes it first; and in uint8 with OpenCV's own blend,
the quickest that there is without knowing which part of a mask is its edge. Beside them stand the
least that a paste takes, and the blur of the edges alone (``benchmarks.least``).
"""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.least import blur_edges, known, paste_known
from benchmarks.report import Row
from benchmarks.scene import frame, grid_segments
from benchmarks.timing import medians
from segui import Segments, paste

FEATHERS = (5, 20, 100)
EDGE_ROUNDS = 21  # the edges do the same work at 5 and 20 px: only noise is between them
# at 100 px "impact" has less to do: its Gaussian is over after 54 px
EDGE_BOUNDS = {5: 1.1, 20: 1.1}
BYTES_BOUNDS = {5: 0.5, 20: 0.4, 100: 0.12}  # of the plain way in uint8
COPY_BOUNDS = {5: 2.0, 20: 2.0}  # of a bare copy of the float32 frame


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


def plain_paste_of_bytes(
    base: NDArray[np.uint8],
    reference: NDArray[np.uint8],
    masks: list[tuple[tuple[slice, slice], NDArray[np.uint8]]],
    feather: int,
) -> NDArray[np.uint8]:
    """The quickest plain way: within 1 level of ours."""
    taps = 2 * feather + 1
    out = base.copy()
    for place, mask in masks:
        soft = cv2.GaussianBlur(mask, (taps, taps), 10).astype(np.float32)
        out[place] = cv2.blendLinear(out[place], reference[place], 255 - soft, soft)
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
    base_quick, reference_quick = base_bytes[0].numpy(), reference_bytes[0].numpy()
    quick_masks = [(place, np.rint(mask * 255).astype(np.uint8)) for place, mask in masks]
    found = []
    flat = {}
    for feather in FEATHERS:
        ready = known(segments, feather)
        own = {"reference": reference, "feather": feather}
        own_bytes = {"reference": reference_bytes, "feather": feather}
        times = medians(
            {
                "plain": lambda f=feather: plain_paste(base_plain, reference_plain, masks, f),
                "plain uint8": lambda f=feather: plain_paste_of_bytes(
                    base_quick, reference_quick, quick_masks, f
                ),
                "copy": base_plain.copy,
                "least": lambda r=ready: paste_known(base_plain, reference_plain, r),
                "least uint8": lambda r=ready: paste_known(base_quick, reference_quick, r),
                "edges": lambda r=ready: blur_edges(r),
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
        edge_bound = EDGE_BOUNDS.get(feather)
        found += [
            Row(f"paste float32, {plain}", times["float32"], times["plain"], "ms", 0.8),
            Row(f"paste uint8, {plain}", times["uint8"], times["plain"], "ms", 0.4),
            Row(
                f"paste uint8, {plain} in uint8",
                times["uint8"],
                times["plain uint8"],
                "ms",
                BYTES_BOUNDS[feather],
            ),
            Row(
                f"paste float32, feather {feather} / a copy of the frame",
                times["float32"],
                times["copy"],
                "ms",
                COPY_BOUNDS.get(feather),
            ),
            Row(
                f"the least of it in uint8, {plain} in uint8",
                times["least uint8"],
                times["plain uint8"],
                "ms",
                None,
            ),
            Row(
                f"the least of it in float32, feather {feather} / a copy of the frame",
                times["least"],
                times["copy"],
                "ms",
                None,
            ),
            Row(
                f"the edges' blur, {plain} in uint8",
                times["edges"],
                times["plain uint8"],
                "ms",
                None,
            ),
            Row(f"smooth float32, {impact}", edges["smooth"], edges["impact"], "ms", edge_bound),
            Row(
                f"smooth uint8, {impact}",
                edges["smooth uint8"],
                edges["impact uint8"],
                "ms",
                edge_bound,
            ),
        ]
    found.append(Row("paste float32, feather 100 / feather 5", flat[100], flat[5], "ms", 5))
    return found
