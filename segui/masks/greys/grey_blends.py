"""Numbers of classes that were scaled: values that only edges have, given to the nearer number.

A filter puts 5 between 0 and 11, and 2 between 1 and 3. A value that covers no ground of its own is
no number's; one that does is astray where it lies between two others that are solid.
"""

from dataclasses import dataclass
from math import sqrt

import cv2
import numpy as np

from segui.masks.pixels.astride import REACH_PX, sides_of, solid_pixels, without_crumbs
from segui.masks.pixels.blends import are_cores, given_away
from segui.masks.pixels.flat import count_values
from segui.masks.pixels.strips import bands

_FEWEST_PX = 8
_AT_EDGES = (
    0.7  # of the pixels without ground lie beside two numbers; those of small objects do not
)
_MOST_JUDGED = 20_000
_MOST_SEEN = 1_000_000
_LEAST_BETWEEN = 0.03  # of the pixels that differ from the next one
_MOST_PX = 3_000_000
_FEW_VALUES = 3  # between numbers: fewer may be a border that was drawn
_ROOM = 4  # from one number to the next: of as many values between, a filter uses some
_MOST_OF_ALL = 0.5
_MOST_OF_SIDES = 0.8  # of what lies between two numbers
_LEAST_ASTRIDE = 0.25  # of all steps over a number between
_MOST_ASTRIDE = 0.9  # a border that was drawn is on all


@dataclass(frozen=True, eq=False)
class Sharp:
    """Numbers of classes alone.

    Args:
        values: (H, W) of the type that was given.
        given: How many pixels between two numbers went to the nearer one.
    """

    values: np.ndarray
    given: int


def without_grey_blends(
    values: np.ndarray, fewest: int = 2, within: int = REACH_PX
) -> Sharp | None:
    """Give values that only edges have to the numbers that they lie between.

    Args:
        values: (H, W) uint8 or uint16.
        fewest: Numbers above 0 that cover ground of their own; with fewer it is one mask.
        within: How far numbers may be from pixels between them, px: wider edges are a soft mask's.

    Returns:
        None where nothing says that edges are between numbers.
    """
    if not _may_fade(values):
        return None
    counts = count_values(values)
    is_core = are_cores(counts)
    if np.count_nonzero(is_core[1:]) < fewest or np.count_nonzero(is_core) < 2:
        return None
    weak = int(counts.pixels[~is_core].sum())
    if weak > _MOST_PX:
        return None
    colours, is_solid = _as_colours(len(is_core)), solid_pixels(values, is_core)
    if np.count_nonzero(counts.pixels[~is_core]) >= _FEW_VALUES and weak >= _FEWEST_PX:
        every = 1 + weak // _MOST_JUDGED
        judged = np.flatnonzero(~is_core[values[::every]])
        row, column = np.divmod(judged, values.shape[1])
        places = row * every * values.shape[1] + column
        at_edges = sides_of(places, values, is_solid, colours, within=within).are_at_edges
        if np.count_nonzero(at_edges) < _AT_EDGES * places.size:
            return None
        cleaned, given = given_away(values.copy(), colours, counts, _rounding(colours))
        if given:
            return Sharp(cleaned, given)
    return _without_astray(values, is_core, is_solid, colours)


def _may_fade(values: np.ndarray) -> bool:
    """Whether values lie between both neighbours often enough, as along some lines is seen."""
    every = 1 + values.size // _MOST_SEEN
    between = steps = 0
    for lines in (values[::every], values[:, ::every].T):
        before, mine, after = lines[:, :-2], lines[:, 1:-1], lines[:, 2:]
        is_between = ((before < mine) & (mine < after)) | ((before > mine) & (mine > after))
        between += int(np.count_nonzero(is_between))
        steps += int(np.count_nonzero(mine != after))
    return between > _LEAST_BETWEEN * steps


def _as_colours(count: int) -> np.ndarray:
    """(count, 3) float32: values as greys that reach white, however few there are."""
    greys = np.linspace(0, 255, count, dtype=np.float32)
    return np.repeat(greys[:, None], 3, axis=1)


def _rounding(colours: np.ndarray) -> float:
    """Half a step between two values, in levels, and a little more: all three channels have it."""
    half_a_step = 128 / (len(colours) - 1)
    return sqrt(3) * (1 + half_a_step)


def _without_astray(
    values: np.ndarray, is_core: np.ndarray, is_solid: np.ndarray, colours: np.ndarray
) -> Sharp | None:
    """The same where each value covers ground somewhere: a drawn border is not taken away."""
    places = np.flatnonzero(~is_solid)
    if not _FEWEST_PX <= places.size <= _MOST_PX:
        return None
    sides = sides_of(places, values, is_solid, colours, rounding=_rounding(colours))
    are_astride = sides.nearer >= 0
    places, nearer = places[are_astride], sides.nearer[are_astride]
    over = _steps_over(values, is_core)
    if places.size < max(_FEWEST_PX, _LEAST_ASTRIDE * (places.size + over)):
        return None
    is_on_all = places.size > _MOST_ASTRIDE * (places.size + over)
    further = sides.further[are_astride]
    has_room = np.median(np.abs(nearer - further)) > _ROOM
    may_be_drawn = is_on_all or has_room
    if may_be_drawn and _are_of_one(values.reshape(-1)[places], nearer, further):
        return None
    sharp = values.copy()
    sharp.reshape(-1)[places] = nearer
    crumbs = without_crumbs(sharp, is_core, places)
    return Sharp(sharp, places.size + crumbs.size)


def _are_of_one(between: np.ndarray, nearer: np.ndarray, further: np.ndarray) -> bool:
    """Whether nearly always one value lies between two others, as a border of objects does.

    Args:
        between: (n,) values.
        nearer: (n,) one of the two numbers that each lies between.
        further: (n,) the other.
    """
    if np.bincount(between).max() <= _MOST_OF_ALL * between.size:
        return False
    sides = np.stack([np.minimum(nearer, further), np.maximum(nearer, further)])
    _, of_sides = np.unique(sides, axis=1, return_inverse=True)
    kinds, counts = np.unique(np.stack([of_sides.reshape(-1), between]), axis=1, return_counts=True)
    most = np.zeros(int(kinds[0, -1]) + 1, np.int64)
    np.maximum.at(most, kinds[0], counts)
    return bool(most.sum() > _MOST_OF_SIDES * between.size)


def _steps_over(values: np.ndarray, is_core: np.ndarray) -> int:
    """How many numbers have a neighbour with another number between theirs."""
    ranks = np.where(is_core, np.cumsum(is_core), 0).astype(np.int16)
    steps = 0
    for band in bands(values.shape, around=1):
        seen = ranks[values[band.first : band.bottom]]
        for one, other in ((seen[1:], seen[:-1]), (seen[:, 1:], seen[:, :-1])):
            are_numbers = cv2.min(one, other) > 0
            steps += int(np.count_nonzero((cv2.absdiff(one, other) > 1) & are_numbers))
    return steps
