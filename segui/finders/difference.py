"""Where an edited version differs from its photo: a mask when nobody drew one.

Regions are found on a small copy, where a codec's noise averages out; their edges are then
taken from the full-size difference within a few pixels of what was found.
"""

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from segui.checks import is_number
from segui.errors import InputError
from segui.finders.all_over import AllOver, Differences, Limits, beyond_all_over
from segui.geometry import Box
from segui.images.blocks import BAND_PX, FloatPixels, Pixels, block_means, premultiplied
from segui.images.tensors import check_image, check_same_size

Mask = NDArray[np.uint8]

# Regions are found on a picture of about this many px on the longer side.
FOUND_SIDE_PX = 1500
# A difference is averaged over a square of this side, full-size px, where there is coding noise.
# JPEG's errors cancel within its 8 px blocks: at quality 85 single pixels beside coloured edges
# are off by up to 121 levels, means over 9 x 9 px by no more than 9 (scikit-image's photos).
NOISE_WINDOW_PX = 9
# What has no steady difference but differs by this many thresholds on average is an edit too:
# one texture for another. JPEG's noise averages 35 levels at most at quality 85, 43 at 60.
ROUGH_THRESHOLDS = 6
# Coding noise is mostly faint: it leaves at least this many pixels between half a level, below
# which all is rounding, and 8 levels for each one above. A lossless edit leaves few or none.
FAINT_PER_LOUD = 2
FAINT = 0.5 / 255
LOUD = 8 / 255
# Between parts of an edit that are less than twice this share of the longer side apart, what
# differs faintly joins them: by more than rounding, or where there is noise by this on average.
BRIDGE_SHARE = 0.03
FAINT_BESIDE_NOISE = 2 / 255
# Beside noise, edges follow the difference averaged over this many px.
NOISY_EDGE_PX = 5
# Room for float32's rounding, so that 8/255 means the same in float32 as in uint8.
EPSILON = 1e-6


@dataclass(frozen=True)
class _Options:
    threshold: float
    close_px: float
    grow_px: float
    speck_px: float
    count_all: bool


@dataclass(frozen=True)
class _Found:
    """Regions on the small copy: ``near`` may be changed, ``core`` surely is (uint8 0 or 1)."""

    near: Mask
    core: Mask
    edge_px: int
    all_over: AllOver | None


@dataclass(frozen=True, eq=False)
class Difference:
    """What an edited version changed.

    Args:
        mask: (H, W) float32 on the CPU, 1 where changed, else 0.
        all_over: What it does to all of the photo, where some of that would have been taken for
            an edit; else None.
    """

    mask: Tensor
    all_over: AllOver | None


def difference_mask(
    image: Tensor,
    reference: Tensor,
    *,
    threshold: float = 8 / 255,
    close: float | None = None,
    grow: float | None = None,
    speck: float | None = None,
) -> Tensor:
    """A mask of what an edited version changed in its photo.

    A pixel's difference is the largest of its channels' absolute differences; where one picture
    has alpha, colours weigh as much as they are opaque and alpha is a channel more. Where the
    whole version was encoded anew (JPEG, WebP), sharpened or smoothed, single pixels differ
    everywhere: regions must then differ on average, and by more than what has as much detail does
    all over the picture; their edges are good to some 2 px.

    Args:
        image: (1 or B, H, W, 3 or 4), uint8 or float32 in [0, 1], the photo.
        reference: The edited version, of the same size; its dtype and channels may be others.
        threshold: Differences above this count, 0..1.
        close: Gaps up to about this wide are closed, px, and those half as wide beside the
            picture's border; None is a hundredth of the longer side.
        grow: How far regions grow in the end, px; None is a 500th of the longer side, 1 at least.
        speck: Regions of fewer changed pixels are dropped, px of area, counted once gaps are
            closed; None is the square of a hundredth of the longer side.

    Returns:
        (H, W) float32 on the CPU, 1 where changed, else 0; of several frames the union.

    Raises:
        InputError: A picture is of another kind, sizes or frame counts differ, or an option is
            out of its range.
    """
    found = find_difference(
        image, reference, threshold=threshold, close=close, grow=grow, speck=speck
    )
    return found.mask


def find_difference(
    image: Tensor,
    reference: Tensor,
    *,
    threshold: float = 8 / 255,
    close: float | None = None,
    grow: float | None = None,
    speck: float | None = None,
    count_all: bool = False,
    inside: Box | None = None,
) -> Difference:
    """What an edited version changed in its photo, and what of it is all over the picture.

    Args:
        image: As ``difference_mask`` has it, as are all others.
        reference: The edited version.
        threshold: Differences above this count, 0..1.
        close: Gaps up to about this wide are closed, px.
        grow: How far regions grow in the end, px.
        speck: Regions of fewer changed pixels are dropped, px of area.
        count_all: Whether what differs all over the picture counts, too.
        inside: What to compare; the rest is the same and says nothing of what differs all over.
            None for all.

    Raises:
        InputError: As by ``difference_mask``.
    """
    _check_pictures(image, reference)
    size_hw = (image.shape[1], image.shape[2])
    options = _check_options(size_hw, threshold, close, grow, speck, count_all=count_all)
    mask = np.zeros(size_hw, dtype=np.uint8)
    part = (Box.of_size(size_hw) if inside is None else inside).slices
    all_over = None
    for index in range(max(len(image), len(reference))):
        one = image[index % len(image)].detach().cpu().numpy()[part]
        other = reference[index % len(reference)].detach().cpu().numpy()[part]
        all_over = _mark_changes(mask[part], one, other, options) or all_over
    return Difference(torch.from_numpy(mask).to(torch.float32), all_over)


def _check_pictures(image: Tensor, reference: Tensor) -> None:
    check_image("the image", image)
    check_image("the reference", reference)
    check_same_size(reference, image)
    if len(image) != len(reference) and 1 not in {len(image), len(reference)}:
        raise InputError(
            f"the reference has {len(reference)} frames, the image {len(image)}: "
            "expected as many, or one of either"
        )


def _check_options(
    size_hw: tuple[int, int],
    threshold: float,
    close: float | None,
    grow: float | None,
    speck: float | None,
    *,
    count_all: bool,
) -> _Options:
    if not is_number(threshold) or not 0 <= threshold <= 1:
        raise InputError(f"threshold is {threshold!r}: expected a number from 0 to 1")
    for name, value in (("close", close), ("grow", grow), ("speck", speck)):
        if value is not None and (not is_number(value) or not 0 <= value < math.inf):
            raise InputError(f"{name} is {value!r}: expected a number of px, 0 or more")
    side = max(size_hw)
    return _Options(
        threshold=threshold,
        close_px=side / 100 if close is None else close,
        grow_px=max(1.0, side / 500) if grow is None else grow,
        speck_px=(side / 100) ** 2 if speck is None else speck,
        count_all=count_all,
    )


def _mark_changes(mask: Mask, one: Pixels, other: Pixels, options: _Options) -> AllOver | None:
    """Set the mask to 1 where one pair of frames differs; what was left out of it."""
    channels = max(one.shape[2], other.shape[2])
    factor = max(1, round(max(mask.shape) / FOUND_SIDE_PX))
    found = _find(
        block_means(one, factor, channels),
        block_means(other, factor, channels),
        threshold=options.threshold,
        window_px=max(3, math.ceil(NOISE_WINDOW_PX / factor) // 2 * 2 + 1),
        count_all=options.count_all,
    )
    x, y, width, height = cv2.boundingRect(found.near)
    if width == 0:
        return found.all_over
    box = Box(x * factor, y * factor, (x + width) * factor, (y + height) * factor)
    # room for gaps and growth: within it no border but the picture's own is met
    room_px = math.ceil(min(options.close_px / 2 + options.grow_px, max(mask.shape))) + 2
    box = box.widen(room_px).clip((mask.shape[0], mask.shape[1]))
    limits = (options.threshold, found.edge_px)
    changed = _changed(one[box.slices], other[box.slices], channels, *limits)
    changed &= _enlarge(found.near, factor, box)
    changed |= _enlarge(found.core, factor, box)
    mask[box.slices] |= _tidy(changed, options)
    return found.all_over


def _find(
    one: FloatPixels, other: FloatPixels, threshold: float, window_px: int, *, count_all: bool
) -> _Found:
    """Regions on the small copies, by single pixels where the pair is clean of coding noise."""
    loud_from = threshold + EPSILON
    differences = Differences.between(one, other, window_px)
    least = Limits(loud_from, ROUGH_THRESHOLDS * loud_from)
    region = differences.beyond(least)

    # noise is judged away from the regions: an edit's own soft edge is faint too
    outside = differences.single[_dilate(region.astype(np.uint8), 2 * window_px) == 0]
    loud = np.count_nonzero(outside > LOUD + EPSILON)
    faint = np.count_nonzero(outside > FAINT) - loud
    is_noisy = bool(faint > FAINT_PER_LOUD * loud)
    beyond = (
        None
        if count_all
        else beyond_all_over(one, other, differences, least, is_noisy=is_noisy, faint=FAINT)
    )
    if is_noisy or beyond is not None:
        # the mean over the window moves an edge by half of it at most
        margin_px, edge_px = window_px // 2 + 1, NOISY_EDGE_PX
        faintly = differences.steady > FAINT_BESIDE_NOISE
    else:
        region = differences.single > loud_from
        margin_px, edge_px = 2, 1
        faintly = differences.single > FAINT
    if beyond is not None:
        region, faintly = beyond.region, faintly & beyond.faintly
    joined = _bridged(region.astype(np.uint8), faintly)
    near, core = _dilate(joined, margin_px), _erode(joined, margin_px)
    return _Found(near, core, edge_px, None if beyond is None else beyond.all_over)


def _bridged(region: Mask, faintly: NDArray[np.bool_]) -> Mask:
    """With what lies between parts and differs too little by itself: a recoloured thing is one.

    Where its colours come near to the new ones, or it is black, little has changed.
    """
    radius_px = BRIDGE_SHARE * max(region.shape)
    x, y, width, height = cv2.boundingRect(region)
    if width == 0:
        return region
    around = Box(x, y, x + width, y + height).widen(2).clip((region.shape[0], region.shape[1]))
    part = region[around.slices]
    between = _erode(_dilate(part, radius_px), radius_px) & faintly[around.slices].astype(np.uint8)
    result = region.copy()
    result[around.slices] = part | _joining(between & (1 - part), part)
    return result


def _joining(between: Mask, part: Mask) -> Mask:
    """Of what lies between, that which touches more than one region: the rest is a soft edge."""
    _, regions = cv2.connectedComponents(part, connectivity=8)
    count, labels = cv2.connectedComponents(between, connectivity=8)
    pieces = np.asarray(labels, np.int32)
    beside = np.ones((3, 3), np.uint8)
    numbers = regions.astype(np.float32)
    highest = cv2.dilate(numbers, beside)
    numbers[part == 0] = np.inf
    lowest = cv2.erode(numbers, beside)
    touched = (between > 0) & (highest > 0)
    most, least = np.zeros(count), np.full(count, np.inf)
    np.maximum.at(most, pieces[touched], highest[touched])
    np.minimum.at(least, pieces[touched], lowest[touched])
    joins = most > least
    joins[0] = False
    return np.asarray(joins[pieces], np.uint8)


def _changed(one: Pixels, other: Pixels, channels: int, threshold: float, edge_px: int) -> Mask:
    """1 where full-size pixels differ, averaged over ``edge_px``; worked in bands of rows."""
    height, width = one.shape[:2]
    plain = one.dtype == other.dtype == np.uint8 and channels == 3
    limit = math.floor(threshold * 255 + EPSILON) if plain else threshold + EPSILON
    result = np.empty((height, width), dtype=np.uint8)
    rows = max(1, BAND_PX // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        start, stop = max(0, top - edge_px // 2), min(height, bottom + edge_px // 2)
        pair: list[NDArray[Any]] = [one[start:stop], other[start:stop]]
        if not plain:
            pair = [premultiplied(band, channels) for band in pair]
        if edge_px > 1:
            pair = [cv2.blur(band, (edge_px, edge_px)) for band in pair]
        same = cv2.inRange(cv2.absdiff(*pair), (0.0,) * 4, (limit,) * 4)
        result[top:bottom] = same[top - start : bottom - start] == 0
    return result


def _tidy(changed: Mask, options: _Options) -> Mask:
    """Close gaps, drop specks, grow: what is near enough to be one region is judged as one."""
    radius_px = options.close_px / 2
    closed = _erode(_dilate(changed, radius_px), radius_px)
    count, labels = cv2.connectedComponents(closed, connectivity=8)
    areas = np.zeros(count, dtype=np.int64)
    rows = max(1, BAND_PX // changed.shape[1])  # bincount takes 8 bytes for each label
    for top in range(0, len(changed), rows):
        band = labels[top : top + rows][changed[top : top + rows] > 0]
        areas += np.bincount(band, minlength=count)
    kept = (areas >= options.speck_px).astype(np.uint8)
    kept[0] = 0  # the background
    return _dilate(kept[labels], options.grow_px)


def _enlarge(small: Mask, factor: int, box: Box) -> Mask:
    """What of a small mask falls into a box of the full size."""
    rows = np.arange(box.y1, box.y2) // factor
    columns = np.arange(box.x1, box.x2) // factor
    enlarged: Mask = small[rows][:, columns]
    return enlarged


def _dilate(mask: Mask, radius_px: float) -> Mask:
    """1 within so many px of a 1: round, and by a distance map, whose time knows no radius."""
    if radius_px < 1 or not mask.any():
        return mask
    distance = cv2.distanceTransform(1 - mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    return (distance <= radius_px + 1e-3).astype(np.uint8)


def _erode(mask: Mask, radius_px: float) -> Mask:
    """1 farther than so many px from every 0; beyond the border there is none."""
    if radius_px < 1 or mask.all():
        return mask
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    return (distance > radius_px + 1e-3).astype(np.uint8)
