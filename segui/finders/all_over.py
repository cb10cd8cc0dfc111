"""By how much an edited version differs all over, without having been edited there.

Lossy coding, sharpening, smoothing, noise, a model that takes a picture apart and puts it together:
each changes every pixel a bit, and more where there is detail. How much is read off the two
pictures, so that an edit is what differs by more than places with as much detail do anyway.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from segui.images.blocks import FloatPixels

# Of places with as much detail, three in four of those that were not edited differ by no more than
# is measured. Of scikit-image's photos, encoded anew, sharpened, smoothed or noisy, hardly any
# differs by these many times that.
_STEADY_TIMES: Final = 3.3
_ROUGH_TIMES: Final = 3.0
_USUAL: Final = 0.75
# At first nobody knows what was edited, which may be half of the picture: what three in ten do not
# pass is looked at, and by how much more three in four differ in noise.
_SURELY_NOT_EDITED: Final = 0.3
_STEADY_FROM_FEW: Final = 3.0
_ROUGH_FROM_FEW: Final = 1.5
_ROUNDS: Final = 3
_SURELY_TIMES: Final = 2.5  # a limit, for a place of any size: of many places some pass by chance
_LARGE_WINDOWS: Final = 4  # windows: a place of as many pixels need not pass a limit by so much
_BINS: Final = 24
_A_BIN: Final = 40  # samples, at least
_SAMPLES: Final = 60_000
_LEAST_DETAIL: Final = 2 / 255  # below it noise may be cut off at black or white
_LEAST_USUAL: Final = 0.7 / 255  # so little is rounding, and says nothing of how it rises
_LEAST_OUTSIDE: Final = 0.04  # of a picture, to learn from
_LEAST_QUIET: Final = 0.3  # of what has detail, that does not stand out: less is an effect
_MOST_SAME: Final = 0.25  # of the quiet pixels with detail: more are where nothing was done
_LEAST_CHANGED: Final = 0.05  # of the quiet pixels: fewer are soft edges of what was edited
_NEARLY_ALL: Final = 0.995
_MILD_SHARE: Final = 0.5
_DETAILS: Final = np.arange(256, dtype=np.float32) / 2 / 255
_MOSTLY: Final = 0.05, 0.95

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class AllOver:
    """By how much a version differs all over, as far as that was left out.

    Args:
        least: Up to which mean difference, where there is little detail, levels of 255.
        most: And where there is much.
    """

    least: float
    most: float


class Limits(NamedTuple):
    """From what difference on a place was edited, 0..1: for each pixel, or for all of them.

    Args:
        steady: Of the mean difference around it.
        rough: Of the mean of absolute differences around it.
    """

    steady: Plane | float
    rough: Plane | float


@dataclass(frozen=True, eq=False)
class Differences:
    """How two pictures differ, (H, W) float32, 0..1.

    Args:
        single: Each pixel, in the channel that differs most.
        steady: The mean around it, in the channel whose mean differs most.
        rough: The mean of ``single`` around it.
        window_px: The side of what is around, odd.
    """

    single: Plane
    steady: Plane
    rough: Plane
    window_px: int

    @classmethod
    def between(cls, one: FloatPixels, other: FloatPixels, window_px: int) -> "Differences":
        """Those of two pictures, (H, W, 3 or 4) float32, 0..1, premultiplied."""
        size = window_px, window_px
        apart = one - other
        single = np.abs(apart).max(axis=2)
        steady = np.abs(cv2.blur(apart, size)).max(axis=2)
        return cls(single, steady, np.asarray(cv2.blur(single, size), np.float32), window_px)

    def beyond(self, limits: Limits) -> Mask:
        """Where they differ by more than limits say."""
        return np.asarray((self.steady > limits.steady) | (self.rough > limits.rough))


class Beyond(NamedTuple):
    """What was edited in a version that differs all over.

    Args:
        region: (H, W) bool, where it was.
        faintly: Where it may have been, if that is between such regions.
        all_over: What was left out; None where nothing was that would be there without limits.
    """

    region: Mask
    faintly: Mask
    all_over: AllOver | None


def beyond_all_over(
    one: FloatPixels,
    other: FloatPixels,
    differences: Differences,
    least: Limits,
    *,
    is_noisy: bool,
    faint: float,
) -> Beyond | None:
    """What was edited, if a version differs all over; None if it does not, or so little.

    Args:
        one: (H, W, 3 or 4) float32, 0..1, premultiplied: the photo.
        other: The version.
        differences: Between them.
        least: What limits are at least, for all pixels.
        is_noisy: Whether it is known already that it differs all over.
        faint: Up to which difference a pixel is the same.
    """
    stands_out = differences.beyond(least)
    if is_noisy and _is_mild(differences, stands_out, least):
        return None
    if not is_noisy and not _may_differ_all_over(differences.single > faint, ~stands_out):
        return None
    detail = _detail_of(one, other, differences.window_px)
    if not is_noisy and not _differs_all_over(differences.single > faint, ~stands_out, detail):
        return None
    limits = _limits(differences, detail, least)
    if is_noisy and not np.any(limits.steady > least.steady):
        return None
    region = _surely_beyond(differences, limits)
    faintly = (limits.steady <= least.steady) | (differences.steady > limits.steady / 2)
    if is_noisy and np.array_equal(region, stands_out):
        return Beyond(region, faintly, None)
    lowest, highest = np.quantile(limits.steady, _MOSTLY) * 255
    return Beyond(region, faintly, AllOver(float(lowest), float(highest)))


def _is_mild(differences: Differences, stands_out: Mask, least: Limits) -> bool:
    """Whether what does not stand out is so far from it that nothing does by chance."""
    every = max(1, stands_out.size // _SAMPLES)
    quiet = np.ravel(differences.steady)[::every][~np.ravel(stands_out)[::every]]
    return not quiet.size or bool(np.quantile(quiet, _NEARLY_ALL) < _MILD_SHARE * least.steady)


def _may_differ_all_over(is_changed: Mask, is_quiet: Mask) -> bool:
    """Whether it is worth a look: of most versions all but what was edited is the same."""
    quiet = np.count_nonzero(is_quiet)
    return bool(np.count_nonzero(is_changed & is_quiet) > _LEAST_CHANGED * quiet)


def _differs_all_over(is_changed: Mask, is_quiet: Mask, detail: Plane) -> bool:
    """Whether next to nothing with detail is as it was, even where nothing stands out."""
    has_detail = detail > _LEAST_DETAIL
    quiet = np.count_nonzero(is_quiet & has_detail)
    if quiet < _LEAST_QUIET * np.count_nonzero(has_detail):
        return False
    changed = np.count_nonzero(is_changed & is_quiet & has_detail)
    return bool(changed > (1 - _MOST_SAME) * quiet)


def _detail_of(one: FloatPixels, other: FloatPixels, window_px: int) -> Plane:
    """How much each pixel's surroundings vary, in the picture in which they do less.

    What was edited has no more of it so than what it was before: a texture that was put in or
    taken away is none of what is allowed to differ.
    """
    size = window_px, window_px
    details = []
    for pixels in (one, other):
        light = pixels[..., :3].mean(axis=2)
        details.append(cv2.blur(np.abs(light - cv2.blur(light, size)), size))
    return np.asarray(np.minimum(*details), np.float32)


def _limits(differences: Differences, detail: Plane, least: Limits) -> Limits:
    """From what difference on a place was edited, by what differs where nothing was."""
    every = max(1, detail.size // _SAMPLES)
    planes = detail, differences.steady, differences.rough
    samples = np.stack([np.ravel(plane)[::every] for plane in planes])
    levels = np.minimum(detail * (2 * 255), 255).astype(np.uint8)
    steady_by, rough_by = _STEADY_TIMES * _STEADY_FROM_FEW, _ROUGH_TIMES * _ROUGH_FROM_FEW
    share, unedited = _SURELY_NOT_EDITED, samples
    for _ in range(_ROUNDS):
        steady, rough = (_usual(unedited[0], unedited[at], share) for at in (1, 2))
        steady = np.maximum(least.steady, steady_by * steady)
        rough = np.maximum(least.rough, rough_by * rough)
        limits = Limits(steady[levels], rough[levels])
        edited = _widened(differences.beyond(limits), differences.window_px)
        unedited = samples[:, ~np.ravel(edited)[::every]]
        if unedited.shape[1] < _LEAST_OUTSIDE * samples.shape[1]:
            break
        share, steady_by, rough_by = _USUAL, _STEADY_TIMES, _ROUGH_TIMES
    return limits


def _usual(detail: Plane, differs: Plane, share: float) -> Plane:
    """What such a share of the samples does not pass, by half levels of detail: (256,).

    It does not fall with detail, and rises no faster: so surroundings of a kind all of which was
    edited, as the only sky or the only texture there is, are measured by the others.
    """
    order = np.argsort(detail, kind="stable")
    parts = [part for part in np.array_split(order, _BINS) if len(part) >= _A_BIN]
    if not parts:
        return np.zeros_like(_DETAILS)
    at = np.array([np.median(detail[part]) for part in parts])
    usual = np.array([np.quantile(differs[part], share) for part in parts])
    usual = np.minimum.accumulate(usual[::-1])[::-1]
    has_detail = at > _LEAST_DETAIL
    by_detail = np.maximum(usual[has_detail], _LEAST_USUAL) / at[has_detail]
    most = np.minimum.accumulate(by_detail) * at[has_detail]
    usual[has_detail] = np.minimum(usual[has_detail], most)
    return np.asarray(np.interp(_DETAILS, at, usual), np.float32)


def _surely_beyond(differences: Differences, limits: Limits) -> Mask:
    """Where they differ by more than limits say, and by much more or on a large place."""
    window_px = differences.window_px
    region = differences.beyond(limits)
    near = _widened(region, window_px // 2).astype(np.uint8)  # what is so near is one place
    count, places = cv2.connectedComponents(near, connectivity=8)
    own = np.asarray(places, np.int32)[region]
    times = np.maximum(differences.steady / limits.steady, differences.rough / limits.rough)
    most = np.zeros(count, np.float32)
    np.maximum.at(most, own, times[region])
    is_large = np.bincount(own, minlength=count) >= _LARGE_WINDOWS * window_px**2
    result = np.zeros_like(region)
    result[region] = ((most >= _SURELY_TIMES) | is_large)[own]
    return result


def _widened(mask: Mask, by_px: int) -> Mask:
    side = 2 * by_px + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0)
