"""Colour maps that were saved with losses, as JPEG and WebP do: labels are told by smooth ground.

A label comes back as some colours that hardly differ, and whatever is near an edge as hundreds:
brightness rings there, and colours run into each other, for they are kept at half the size. So no
pixel of an edge need lie between two labels. From the ground of each, pixels beside it that are
nearly of its colour join it, then those that are less so: thin ends are reached along themselves.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from segui.masks.colours.smooth_ground import smooth_ground
from segui.masks.pixels.astride import beside_their_own, between_two
from segui.masks.pixels.flat import flat_pixels
from segui.masks.pixels.nearest import AROUND, beside, moved
from segui.masks.pixels.strips import bands

_FEWEST = 24  # pixels of a label without smooth ground
_MOST_PX = 3_000_000  # that are not smooth
_CHUNK_PX = 50_000
_STEPS = (16.0, 32.0, 64.0, 1000.0)  # levels: how far from a label's colour a pixel joins it
_LOSS = 12.0  # levels beyond what is around, that losses make of it
_RINGING = 0.15  # of the contrast around, and so far more
_RINGS_PX = 17
_REACH_PX = 9
_MOST_UNLIKE = 0.03  # of the pixels that are not smooth
_COARSE = 24  # levels, by which the colour of a thin label varies
_ROUNDS = 6
_PART_PX = 9
_FEWEST_OF_PART = 5  # pixels within so many px
_MOST_LABELS = 64
_THICK_PX = 41  # of pixels that are unlike all around


@dataclass(frozen=True, eq=False)
class Map:
    """A map by its labels.

    Args:
        index: (H, W) the number of the label's colour at each pixel.
        changed: How many pixels had another colour, far from smooth ground.
    """

    index: np.ndarray
    changed: int


def without_losses(index: np.ndarray, colours: np.ndarray) -> Map | None:
    """The labels of a map that was saved with losses; None for what is no such map.

    Args:
        index: (H, W) the number of each pixel's colour; where it is a map, it is changed in place.
        colours: (n, 3) uint8, the colours by number.
    """
    if min(index.shape) < 3:
        return None
    ground = smooth_ground(index, colours, _MOST_PX)
    if ground is None:
        return None
    labels, ranks = ground
    rest = _Rest(index, ranks, colours)
    labels = rest.given_away(labels)
    if labels.size < 2 or not rest.is_like_labels:
        return None
    rest.anchor()
    for band in bands(index.shape):
        index[band.own] = labels[ranks[band.own]]
    return Map(index, rest.size)


class _Rest:
    """The pixels that are no smooth ground.

    Args:
        index: (H, W) the number of each pixel's colour.
        ranks: (H, W) int8, the rank of the label at each pixel, -1 where it is to be found: it is
            set here.
        colours: (n, 3) uint8, the colours by number.
    """

    def __init__(self, index: np.ndarray, ranks: np.ndarray, colours: np.ndarray) -> None:
        self._ranks, self._colours = ranks, colours
        width = index.shape[1]
        self._places = np.concatenate([
            np.asarray(np.flatnonzero(ranks[band.own] < 0) + band.top * width, np.int32)
            for band in bands(index.shape)
        ])  # fmt: skip
        self._numbers = index.reshape(-1)[self._places]
        self._mine = _as_seen(colours)[self._numbers]
        self._surely = np.full(self.size, -1, np.int8)
        self._unlike = 0

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self._places)

    @property
    def is_like_labels(self) -> bool:
        """Whether nearly all of them are within the range of what is around them."""
        return self._unlike <= _MOST_UNLIKE * max(1, self.size)

    def given_away(self, labels: np.ndarray) -> np.ndarray:
        """Give each a label.

        Args:
            labels: (k,) the numbers of the labels' colours.

        Returns:
            The same with those of labels that have no smooth ground.
        """
        for _ in range(_ROUNDS):
            of_labels = _as_seen(self._colours[labels])
            self._ranks.reshape(-1)[self._places] = self._surely
            _grow(self._ranks, self._places, self._mine, of_labels)
            unlike = np.flatnonzero(_unlike(self._ranks, self._places, self._mine, of_labels))
            self._unlike = unlike.size
            if _are_thick(self._places[unlike], self._ranks.shape):
                self._unlike = self.size
                return labels
            before = labels.size
            labels = self._with_thin(labels, unlike)
            if labels.size == before:
                break
        return labels

    def anchor(self) -> None:
        """Give pixels that hang on nothing of their label to one of the two that they lie between.

        Where two labels meet, losses leave the colour of a third one by chance, and the ground of
        that one may be reached along the edge.
        """
        ranks = self._ranks
        is_solid = flat_pixels(ranks)
        seen = is_solid.view(np.uint8)
        cv2.dilate(seen, _square(3), dst=seen)
        is_solid.reshape(-1)[self._places[self._surely >= 0]] = True
        which = np.flatnonzero(~is_solid.reshape(-1)[self._places])
        which = which[~beside_their_own(self._places[which], ranks, is_solid)]
        given = between_two(self._places[which], ranks, is_solid)
        ranks.reshape(-1)[self._places[which[given >= 0]]] = given[given >= 0]

    def _with_thin(self, labels: np.ndarray, unlike: np.ndarray) -> np.ndarray:
        """The labels, and those without smooth ground among pixels that are unlike all around.

        Args:
            labels: (k,) the numbers of the labels' colours.
            unlike: (n,) which pixels.
        """
        mine, left = self._colours[self._numbers[unlike]].astype(np.int32), np.arange(unlike.size)
        while left.size >= _FEWEST and labels.size < _MOST_LABELS:
            alike = _alike(mine[left])
            if np.count_nonzero(alike) < _FEWEST:
                break
            its = left[alike]
            off = np.abs(mine[its] - np.median(mine[its], axis=0)).max(axis=1)
            number = int(self._numbers[unlike[its[off.argmin()]]])
            near = np.zeros(self._ranks.shape, np.uint8)
            near.reshape(-1)[self._places[unlike[its]]] = 1
            its = its[self._are_together(near, unlike[its])]
            if its.size >= _FEWEST:
                apart = np.abs(self._colours[labels].astype(np.int32) - self._colours[number])
                nearest = int(apart.max(axis=1).argmin())
                is_known = apart[nearest].max() <= _COARSE
                self._surely[unlike[its]] = nearest if is_known else labels.size
                if not is_known:
                    labels = np.append(labels, number)
            cv2.dilate(near, _square(_REACH_PX), dst=near)
            left = left[near.reshape(-1)[self._places[unlike[left]]] == 0]
        return labels

    def _are_together(self, marked: np.ndarray, which: np.ndarray) -> np.ndarray:
        """(n,) bool: which of some pixels are parts of a line; the others are there by chance.

        Args:
            marked: (H, W) uint8, where they are.
            which: (n,) their numbers.
        """
        around = cv2.boxFilter(marked, -1, (_PART_PX, _PART_PX), normalize=False)
        return np.asarray(around.reshape(-1)[self._places[which]] >= _FEWEST_OF_PART)


def _square(side: int) -> np.ndarray:
    return np.ones((side, side), np.uint8)


def _are_thick(places: np.ndarray, size_hw: tuple[int, ...]) -> bool:
    """Whether some pixels cover ground, of whatever colours: that is shaded, and no thin label."""
    covered = np.zeros(size_hw, np.uint8)
    covered.reshape(-1)[places] = 1
    return bool(cv2.erode(covered, _square(_THICK_PX), dst=covered).any())


def _alike(mine: np.ndarray) -> np.ndarray:
    """(n,) bool: which colours are like those that are most frequent.

    Args:
        mine: (n, 3) int32.
    """
    bins = (mine // _COARSE) @ np.array([256, 16, 1])
    frequent = np.bincount(bins).argmax()
    centre = np.median(mine[bins == frequent], axis=0)
    return np.asarray(np.abs(mine - centre).max(axis=1) <= _COARSE)


def _as_seen(colours: np.ndarray) -> np.ndarray:
    """(n, 3) float32: brightness, and two differences that weigh half as much."""
    red, green, blue = colours.astype(np.float32).T
    bright = 0.299 * red + 0.587 * green + 0.114 * blue
    return np.stack([bright, 0.564 * (blue - bright) * 0.5, 0.713 * (red - bright) * 0.5], axis=1)


def _grow(ranks: np.ndarray, places: np.ndarray, mine: np.ndarray, labels: np.ndarray) -> None:
    """Give each pixel to a label beside it, those that are most like it first; in place.

    Args:
        ranks: (H, W) int8, -1 where nothing is known.
        places: (n,) rising, where that is.
        mine: (n, 3) float32, the colours there.
        labels: (k, 3) float32, those of the labels.
    """
    flat, left = ranks.reshape(-1), np.arange(len(places))
    for most in _STEPS:
        looked_at = left
        while looked_at.size:
            found = np.concatenate([
                _most_like(ranks, places[some], mine[some], labels, most)
                for some in _chunks(looked_at)
            ])  # fmt: skip
            news = places[looked_at[found >= 0]]
            flat[news] = found[found >= 0]
            looked_at = beside(flat, news, places, ranks.shape)
        left = left[flat[places[left]] < 0]


def _most_like(
    ranks: np.ndarray, places: np.ndarray, mine: np.ndarray, labels: np.ndarray, most: float
) -> np.ndarray:
    """(n,) int8: of the labels beside pixels the one most like each, if it is so within as much."""
    best = np.full(len(places), most, np.float32)
    found = np.full(len(places), -1, np.int8)
    for down, right in AROUND:
        there, is_inside = moved(places, down, right, *ranks.shape)
        rank = ranks.reshape(-1)[there]
        known = np.flatnonzero((rank >= 0) & is_inside)
        apart = np.abs(labels[rank[known]] - mine[known])
        apart_by = apart[:, 0] + apart[:, 1] + apart[:, 2]
        is_better = apart_by < best[known]
        at = known[is_better]
        best[at], found[at] = apart_by[is_better], rank[at]
    return found


def _chunks(which: np.ndarray) -> list[np.ndarray]:
    return [which[start : start + _CHUNK_PX] for start in range(0, which.size, _CHUNK_PX)]


def _unlike(
    ranks: np.ndarray, places: np.ndarray, mine: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """(n,) bool: which pixels are beyond the range of the labels around them."""
    unlike = np.zeros(len(places), np.bool_)
    width = ranks.shape[1]
    for band in bands(ranks.shape, around=_RINGS_PX // 2):
        first, last = np.searchsorted(places, [band.top * width, band.bottom * width])
        if first == last:
            continue
        some = slice(first, last)
        at, seen = places[some] - band.first * width, ranks[band.seen]
        for channel in range(3):
            values = labels[:, channel][seen]
            low, high = (
                change(values, _square(_REACH_PX)).reshape(-1)[at]
                for change in (cv2.erode, cv2.dilate)
            )
            least, most = (
                change(values, _square(_RINGS_PX)).reshape(-1)[at]
                for change in (cv2.erode, cv2.dilate)
            )
            extra = (_LOSS if channel == 0 else _LOSS / 2) + _RINGING * (most - least)
            mine_here = mine[some, channel]
            unlike[some] |= (mine_here < low - extra) | (mine_here > high + extra)
    return unlike
