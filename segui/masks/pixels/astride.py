"""Pixels astride an edge: those that lie between two labels which are solid on opposite sides.

A label is solid where it covers a square of three by three pixels. What scaling puts between two
labels may be a third label's colour by chance, and covers no such square.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from segui.masks.pixels.flat import flat_pixels
from segui.masks.pixels.nearest import AROUND, moved
from segui.masks.pixels.pairs import lie_between
from segui.masks.pixels.strips import bands

REACH_PX = 4
ROUNDING = 8.0  # levels
_OPPOSITE = ((0, 1), (1, 0), (1, 1), (1, -1))
_SURELY_SWINGS = 0.15  # of the way between two labels, by which filters swing beyond one
_SWINGS = 0.35  # the most of it
_WINDOW_PX = 13  # a line that goes through it has as many pixels
_MOST_IN_WINDOW = 10
_CHUNK_PX = 20_000
_SQUARE = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class Sides:
    """What lies on both sides of some pixels.

    Args:
        nearer: (n,) int32, of the two labels that a pixel lies between, or swings beyond, the one
            that it is more like; -1 where there are none.
        further: (n,) int32, the other one.
        are_at_edges: (n,) bool, which pixels have such labels, or swing further.
    """

    nearer: np.ndarray
    further: np.ndarray
    are_at_edges: np.ndarray


def solid_pixels(index: np.ndarray, is_core: np.ndarray) -> np.ndarray:
    """(H, W) bool: which pixels are of a square of three by three that have a label's colour.

    Args:
        index: (H, W) the number of each pixel's colour.
        is_core: (k,) bool, by colour, which of them are labels'.
    """
    flat = flat_pixels(index)
    for band in bands(index.shape):
        flat[band.own] &= is_core.take(index[band.own], mode="clip")
    seen = flat.view(np.uint8)
    cv2.dilate(seen, _SQUARE, dst=seen)
    return flat


def sides_of(
    places: np.ndarray,
    index: np.ndarray,
    is_solid: np.ndarray,
    colours: np.ndarray,
    *,
    rounding: float = ROUNDING,
    within: int = REACH_PX,
) -> Sides:
    """Look at what is solid on opposite sides of some pixels.

    Args:
        places: (n,) where the pixels are.
        index: (H, W) the number of each pixel's colour.
        is_solid: (H, W) bool.
        colours: (k, 3) float32, the colours by number.
        rounding: Levels that a pixel beside an edge may be off a label's colour in any case.
        within: How far off the solid pixels may be, px.
    """
    nearer, further = np.full((2, len(places)), -1, np.int32)
    are_at_edges = np.zeros(len(places), np.bool_)
    for start in range(0, len(places), _CHUNK_PX):
        some = slice(start, start + _CHUNK_PX)
        mine = colours[index.reshape(-1)[places[some]]]
        for down, right in _OPPOSITE:
            left = np.flatnonzero(nearer[some] < 0)
            one, other = (
                _first_solid(
                    places[some][left],
                    index,
                    is_solid,
                    [(far * down, far * right) for far in range(way, way * (within + 1), way)],
                )
                for way in (1, -1)
            )
            known = np.flatnonzero((one >= 0) & (other >= 0) & (one != other))
            left, one, other = left[known], one[known], other[known]
            to_one = _apart(colours[one], mine[left])
            to_other = _apart(colours[other], mine[left])
            off, way_between = np.minimum(to_one, to_other), _apart(colours[one], colours[other])
            is_between = lie_between(colours[one], mine[left], colours[other])
            goes = is_between | ((off > 0) & (off <= rounding + _SURELY_SWINGS * way_between))
            is_one = to_one <= to_other
            nearer[some][left[goes]] = np.where(is_one, one, other)[goes]
            further[some][left[goes]] = np.where(is_one, other, one)[goes]
            are_at_edges[some][left[goes | (off <= _SWINGS * way_between)]] = True
    return Sides(nearer, further, are_at_edges)


def between_two(places: np.ndarray, index: np.ndarray, is_solid: np.ndarray) -> np.ndarray:
    """(n,) int32: of two labels on opposite sides of pixels, both others, one; -1 where none are.

    Args:
        places: (n,) where the pixels are.
        index: (H, W) the number of each pixel's label.
        is_solid: (H, W) bool.
    """
    given, mine = np.full(len(places), -1, np.int32), index.reshape(-1)[places]
    for down, right in _OPPOSITE:
        left = np.flatnonzero(given < 0)
        one, other = (
            _first_solid(
                places[left],
                index,
                is_solid,
                [(far * down, far * right) for far in range(way, way * (REACH_PX + 1), way)],
            )
            for way in (1, -1)
        )
        are_others = (one >= 0) & (other >= 0) & (one != other)
        are_others &= (one != mine[left]) & (other != mine[left])
        given[left[are_others]] = one[are_others]
    return given


def without_crumbs(
    index: np.ndarray, is_core: np.ndarray, places: np.ndarray, kept: np.ndarray | None = None
) -> np.ndarray:
    """Give what little is left astray beside edges that were made sharp to what is solid there.

    Args:
        index: (H, W) the number of each pixel's colour; it is changed in place.
        is_core: (k,) bool, by colour, which of them are labels' that have ground.
        places: (n,) where pixels were given to the nearer of two labels.
        kept: (m,) colours of labels without ground, which are no crumbs; None is none.

    Returns:
        (m,) where these crumbs were.
    """
    is_solid = solid_pixels(index, is_core)
    marked = np.zeros(index.shape, np.uint8)
    marked.reshape(-1)[places] = 1
    cv2.dilate(marked, _SQUARE, dst=marked)
    marked[is_solid | (index == 0)] = 0  # a wedge of nothing between labels is no crumb
    loose = np.flatnonzero(marked)
    if kept is not None:
        loose = loose[~np.isin(index.reshape(-1)[loose], kept)]
    loose = loose[~beside_their_own(loose, index, is_solid)]
    marked[...] = 0
    marked.reshape(-1)[loose] = 1
    around = cv2.boxFilter(marked, -1, (_WINDOW_PX, _WINDOW_PX), normalize=False)
    crumbs = loose[around.reshape(-1)[loose] <= _MOST_IN_WINDOW]
    reaches = range(1, _WINDOW_PX // 2 + 1)
    steps = ((far * down, far * right) for far in reaches for down, right in AROUND)
    nearest = _first_solid(crumbs, index, is_solid, steps)
    crumbs, nearest = crumbs[nearest >= 0], nearest[nearest >= 0]
    index.reshape(-1)[crumbs] = nearest
    return np.asarray(crumbs)


def beside_their_own(places: np.ndarray, index: np.ndarray, is_solid: np.ndarray) -> np.ndarray:
    """(n,) bool: which pixels have solid ones of their own colour at most two pixels away."""
    are_beside, flat = np.zeros(len(places), np.bool_), index.reshape(-1)
    for down, right in AROUND:
        for far in (1, 2):
            there, is_inside = moved(places, far * down, far * right, *index.shape)
            is_own = (flat[there] == flat[places]) & is_solid.reshape(-1)[there]
            are_beside |= is_own & is_inside
    return np.asarray(are_beside)


def _first_solid(
    places: np.ndarray,
    index: np.ndarray,
    is_solid: np.ndarray,
    steps: Iterable[tuple[int, int]],
) -> np.ndarray:
    """(n,) int32: what is solid first on a way from pixels, -1 where nothing on it is.

    Args:
        places: (n,) where the pixels are.
        index: (H, W) the number of each pixel's colour.
        is_solid: (H, W) bool.
        steps: The way: how far down and right, px.
    """
    found, left = np.full(len(places), -1, np.int32), np.arange(len(places))
    for down, right in steps:
        there, is_inside = moved(places[left], down, right, *index.shape)
        is_hit = is_solid.reshape(-1)[there] & is_inside
        found[left[is_hit]] = index.reshape(-1)[there[is_hit]]
        left = left[~is_hit]
    return found


def _apart(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(n,) by how many levels colours differ, as the straight way between them is long."""
    between = some - others
    return np.asarray(np.sqrt(np.einsum("nc,nc->n", between, between)))
