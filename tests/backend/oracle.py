"""Paste written straight from its formula, in float64, slow and plain."""

import numpy as np
from numpy.typing import NDArray

from segui import Box, Segment, Segments

Plane = NDArray[np.float64]


def taps(radius: int, sigma: float) -> Plane:
    """The Gaussian cut at its radius and normalised."""
    x = np.arange(-radius, radius + 1)
    weights = np.exp(-((x / sigma) ** 2) / 2)
    return weights / weights.sum()


def blur(plane: Plane, radius: int, sigma: float, border: str) -> Plane:
    """Convolution of each row, then of each column."""
    padded = np.pad(plane, radius, mode=border)
    for _ in range(2):
        rows = [np.convolve(row, taps(radius, sigma), mode="valid") for row in padded]
        padded = np.array(rows).T
    return padded


def impact_opacity(mask: Plane, feather: int) -> Plane:
    """The reference node's: sigma 10, the kernel cut down for small crops."""
    k = 2 * feather + 1
    if min(mask.shape) <= k:
        k = int(min(mask.shape) / 2)
        k += k % 2 == 0
    if feather == 0 or k < 3:
        return mask
    return blur(mask, (k - 1) // 2, 10, "reflect")


def opacity(
    segment: Segment, frame: int, feather: int, edge: str, size_hw: tuple[int, int], beyond: bool
) -> tuple[Box, Plane]:
    """Where the segment lies in the image, and how opaque it is there."""
    mask = segment.mask.double().numpy()
    mask = mask if mask.ndim == 2 else mask[frame if len(mask) > 1 else 0]
    crop = segment.crop_region
    if edge == "impact":
        return crop, impact_opacity(mask, feather)
    whole = np.zeros(size_hw)
    inside = crop.clip(size_hw)
    whole[inside.slices] = mask[inside.relative_to(crop).slices]
    soft = blur(whole, feather, feather / 3, "edge") if feather else whole
    if edge == "outward" and feather > 0:
        soft = np.maximum(whole, np.minimum(1, 2 * soft))
    area = Box.of_size(size_hw) if beyond else inside
    return area, soft[area.slices]


def paste(
    base: Plane,
    segments: Segments,
    feather: int,
    alpha: int,
    reference: Plane | None,
    edge: str,
) -> Plane:
    """(B, H, W, C) in [0, 1]; out = (1 - m) x base + m x source, one segment after another."""
    out = base.copy()
    for frame in range(len(base)):
        for segment in segments.items:
            area, soft = opacity(
                segment, frame, feather, edge, base.shape[1:3], reference is not None
            )
            inside = area.clip(base.shape[1:3])
            m = soft[inside.relative_to(area).slices][..., None] * alpha / 255
            if reference is not None:
                source = reference[(frame if len(reference) > 1 else 0, *inside.slices)]
            elif segment.image is not None:
                own = segment.image.double().numpy()
                own = own[frame if len(own) > 1 else 0]
                source = own[inside.relative_to(segment.crop_region).slices]
            else:
                continue
            if source.shape[2] == 4:
                m = m * source[..., 3:]
            under = out[(frame, *inside.slices)]
            under[..., :3] = (1 - m) * under[..., :3] + m * source[..., :3]
    return out
