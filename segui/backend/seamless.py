"""A paste without a seam: the gradients of what is pasted, the colours of what is around it.

Poisson image editing (Perez, Gangnet, Blake 2003) written for the difference: what is added to the
pasted pixels is what the photo has over them along the outline, carried inwards as smoothly as can
be, so that the sum meets the photo there and keeps the gradients inside. That difference is
harmonic: Laplace's equation, solved by multigrid, in time that grows with the pixels.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Marks = NDArray[np.bool_]

# Two steps of Jacobi whose factors damp best what a coarser grid cannot see (Chebyshev's roots for
# the upper three quarters of the operator's range).
STEPS: Final = (0.562, 1.389)
MOST_CYCLES: Final = 12
ENOUGH: Final = 0.25  # levels: a cycle that changes less is the last one
COARSEST_PX: Final = 4
_NEIGHBOURS: Final = np.array(((0, 1, 0), (1, 0, 1), (0, 1, 0)), np.float32)


def carried_inwards(known: Floats, inside: Marks) -> Floats:
    """Values along an outline carried into it, so that each pixel is the mean of its neighbours.

    Beyond a side of the array there is a mirror: what reaches it, ends there without a slope, as it
    should at a picture's border.

    Args:
        known: (h, w, 3) float32, in levels; only what is beside ``inside`` counts.
        inside: (h, w), where values are to be found.

    Returns:
        (h, w, 3) float32: ``known`` outside, the solution inside, within a level of the true one;
        0 inside where nothing is known at all.
    """
    if inside.all():
        return np.zeros_like(known)
    masks = _pyramid(inside)
    outside = np.where(inside[..., None], np.float32(0), known).astype(np.float32)
    result = _first_guess(outside, masks, 0)
    for _ in range(MOST_CYCLES):
        before = result.copy()
        _cycle(result, None, masks, 0)
        if np.abs(result - before).max() < ENOUGH:
            break
    return result


def _pyramid(inside: Marks) -> list[Floats]:
    """The inside in half as many pixels each time, 1 where all of a pixel is inside, (h, w, 1)."""
    masks = [inside.astype(np.float32)[..., None]]
    while max(masks[-1].shape[:2]) > COARSEST_PX and masks[-1].any():
        masks.append((_halved(masks[-1]) >= 1).astype(np.float32))
    return masks if masks[-1].any() or len(masks) == 1 else masks[:-1]


def _first_guess(known: Floats, masks: list[Floats], level: int) -> Floats:
    """What is known, and inside a coarser grid's solution, smoothed."""
    mask = masks[level]
    if level + 1 < len(masks):
        outside = 1 - mask
        weight = _halved(outside)
        means = _halved(known * outside) / np.maximum(weight, np.float32(1e-6))
        coarse = np.where(masks[level + 1] > 0, 0, means).astype(np.float32)
        guess = _doubled(_first_guess(coarse, masks, level + 1), known)
    else:
        guess = np.broadcast_to(_mean(known, mask), known.shape)
    result = np.where(mask > 0, guess, known).astype(np.float32)
    for _ in range(2 if level + 1 < len(masks) else 30):
        _smooth(result, None, mask)
    return result


def _mean(known: Floats, mask: Floats) -> Floats:
    """The mean of what is known beside the inside."""
    beside = (cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0) & (mask[..., 0] == 0)
    return np.asarray(known[beside].mean(axis=0) if beside.any() else np.zeros(3), np.float32)


def _cycle(values: Floats, wanted: Floats | None, masks: list[Floats], level: int) -> None:
    """One V-cycle on values in place, towards the wanted right side; None is 0."""
    mask = masks[level]
    if level + 1 == len(masks):
        for _ in range(20):
            _smooth(values, wanted, mask)
        return
    _smooth(values, wanted, mask)
    # of twice the spacing the operator is a quarter
    coarse = _halved(_residual(values, wanted) * mask) * np.float32(4) * masks[level + 1]
    correction = np.zeros_like(coarse)
    _cycle(correction, coarse, masks, level + 1)
    values += _doubled(correction, values) * mask
    _smooth(values, wanted, mask)


def _smooth(values: Floats, wanted: Floats | None, mask: Floats) -> None:
    for step in STEPS:
        values += _residual(values, wanted) * (mask * np.float32(step / 4))


def _residual(values: Floats, wanted: Floats | None) -> Floats:
    """What is missing at each pixel to four times itself being its neighbours' sum."""
    border = cv2.BORDER_REPLICATE
    around = cv2.filter2D(values, -1, _NEIGHBOURS, borderType=border).reshape(values.shape)
    missing = around - np.float32(4) * values
    return np.asarray(missing if wanted is None else missing + wanted, np.float32)


def _halved(values: Floats) -> Floats:
    """Means of two by two; beyond the last row or column of an odd number there is a mirror."""
    height, width, channels = values.shape
    if height % 2 or width % 2:
        border = cv2.BORDER_REPLICATE
        values = cv2.copyMakeBorder(values, 0, height % 2, 0, width % 2, border)  # type: ignore[assignment]
    size_wh = ((width + 1) // 2, (height + 1) // 2)
    small = cv2.resize(values, size_wh, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32).reshape(size_wh[1], size_wh[0], channels)


def _doubled(values: Floats, like: Floats) -> Floats:
    """The values in twice as many pixels, cut to the size of others."""
    size_wh = (values.shape[1] * 2, values.shape[0] * 2)
    large = cv2.resize(values, size_wh, interpolation=cv2.INTER_LINEAR)
    return np.asarray(large, np.float32)[: like.shape[0], : like.shape[1]]
