"""Labels that have no ground of their own: lines and rings of a few pixels in a scaled map.

An edge's pixel lies between what is on both sides of it, or swings a little beyond what it is
beside. A line's own pixels do neither, though most of their neighbours are blends too. So the
colour that most of such pixels have is a label's; what then lies between it and what is around it
is none, and so on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from segui.masks.pixels.nearest import AROUND, moved
from segui.masks.pixels.pairs import INSIDE, Pairs, lie_between, pairs

_OPPOSITE = ((0, 1), (1, 0), (1, 1), (1, -1))
_BESIDE = (1, 2)  # px on either side of an edge's pixel
_FAR = (3, 4, 6, 8)
_NEARLY = 10  # levels, that a swing changes what is beside an edge of little contrast
_AROUND_PX = (1, 2, 3, 4, 6, 8)
_SEEN_PX = (1, 2, 3, 4)  # so far a swing reaches
_ALIKE = 12  # levels, that a filter changes a line's colour along it
_KNOWN = 16  # levels, by which what is seen of a label between two others differs from it
_FEWEST = 12  # pixels of a line
_THICK_PX = 21  # of pixels without ground: lines have it beside them
_TOGETHER = 2  # pixels of a line beside each of its own
_REACH_PX = 5  # around a line, in which its blends are
_MOST_LABELS = 256
_MOST_BLENDS = 0.5  # of the pixels of a line
_FURTHER_PX = (12, 16)
_BORDER_PX = 2
_CHUNK_PX = 20_000
_MOST_PX = 400_000  # that may be lines
_BIN = 8  # levels


@dataclass(frozen=True, eq=False)
class Thin:
    """Labels without ground.

    Args:
        numbers: (k,) int64, their colours.
        of_places: (n,) int32, for each pixel looked at which of them it surely is, or -1.
        is_blend: (n,) bool, which pixels lie between both sides of them, or swing beyond one.
    """

    numbers: np.ndarray
    of_places: np.ndarray
    is_blend: np.ndarray


def thin_labels(
    index: np.ndarray,
    colours: np.ndarray,
    is_core: np.ndarray,
    has_ground: np.ndarray,
    places: np.ndarray,
) -> Thin:
    """Find the labels among pixels whose colours have no ground.

    Args:
        index: (H, W) the number of each pixel's colour.
        colours: (n, 3) float32, the colours by number.
        is_core: (n,) bool, which of them are labels with ground.
        has_ground: (n,) bool, these, and tails of soft edges that are as wide.
        places: (n,) rising, where the pixels are.
    """
    picture = _Picture(index, colours, is_core)
    is_blend = np.zeros(len(places), np.bool_)
    left = np.arange(len(places))
    for judge in (  # what most are is tried first
        partial(picture.lie_between, within=_BESIDE),
        picture.hardly_differ,
        partial(picture.lie_between, within=_FAR),
        picture.swing,
    ):
        is_blend[left] = _by_chunks(judge, places[left])
        left = left[~is_blend[left]]
    of_places = np.full(len(places), -1, np.int32)
    if not _FEWEST <= left.size <= _MOST_PX or picture.are_thick(
        places[~has_ground[index.reshape(-1)[places]]]
    ):
        return Thin(np.empty(0, np.int64), of_places, is_blend)
    found = _Found(picture, places[left])
    of_places[left] = found.of_places
    return Thin(found.numbers, of_places, is_blend)


def _by_chunks(judge: Callable[[np.ndarray], np.ndarray], places: np.ndarray) -> np.ndarray:
    judged = np.empty(len(places), np.bool_)
    for start in range(0, len(places), _CHUNK_PX):
        some = slice(start, start + _CHUNK_PX)
        judged[some] = judge(places[some])
    return judged


class _Picture:
    """A picture by the numbers of its colours, and which of them have ground."""

    def __init__(self, index: np.ndarray, colours: np.ndarray, is_core: np.ndarray) -> None:
        self.shape = index.shape
        self.flat = index.reshape(-1)
        self.colours = colours
        self.is_core = is_core

    def lie_between(self, places: np.ndarray, *, within: Sequence[int]) -> np.ndarray:
        """Which pixels lie between two that are opposite each other."""
        judged = np.zeros(len(places), np.bool_)
        mine = self.colours[self.flat[places]]
        left = np.arange(len(places))
        for far in within:
            for down, right in _OPPOSITE:
                one = self._colours_at(places[left], far * down, far * right)
                other = self._colours_at(places[left], -far * down, -far * right)
                is_between = lie_between(one, mine[left], other)
                judged[left[is_between]] = True
                left = left[~is_between]
        return judged

    def are_thick(self, places: np.ndarray) -> bool:
        """Whether some pixels cover ground, of whatever colours: that is shaded, and no line."""
        covered = np.zeros(self.shape, np.uint8)
        covered.reshape(-1)[places] = 1
        return bool(cv2.erode(covered, np.ones((_THICK_PX, _THICK_PX), np.uint8)).any())

    def swing(self, places: np.ndarray) -> np.ndarray:
        """Which pixels swing beyond a label that has ground, or are cut off at the border."""
        mine = self.colours[self.flat[places]]
        made = pairs(mine.T, _known(self.cores_around(places)), self.colours.T)
        is_beyond = (made.along <= INSIDE) | (made.along >= 1 - INSIDE)
        judged = np.asarray((made.fits & is_beyond).any(axis=0))
        left = np.flatnonzero(~judged & self._at_border(places))
        judged[left] = self._lie_on_the_way(places[left])
        return judged

    def _at_border(self, places: np.ndarray) -> np.ndarray:
        height, width = self.shape
        row, column = np.divmod(places, width)
        edge = np.minimum(np.minimum(row, height - 1 - row), np.minimum(column, width - 1 - column))
        return np.asarray(edge < _BORDER_PX)

    def _lie_on_the_way(self, places: np.ndarray) -> np.ndarray:
        """Which pixels lie between what is near and any other label: its side may be cut off."""
        cores = np.flatnonzero(self.is_core).astype(np.int32)[:_MOST_LABELS]
        first = _known(self.cores_around(places))[:1]
        others = np.broadcast_to(cores[:, None], (cores.size, len(places)))
        mine = self.colours[self.flat[places]]
        made = pairs(mine.T, np.concatenate([first, others]), self.colours.T)
        return np.asarray(made.fits.any(axis=0))

    def hardly_differ(self, places: np.ndarray) -> np.ndarray:
        """Which pixels hardly differ from a label with ground that is near."""
        judged = np.zeros(len(places), np.bool_)
        mine, left = self.colours[self.flat[places]], np.arange(len(places))
        for far in _SEEN_PX:
            for down, right in AROUND:
                there, _ = moved(places[left], far * down, far * right, *self.shape)
                number = self.flat[there]
                apart = np.abs(self.colours[number] - mine[left])
                is_near = (apart[:, 0] <= _NEARLY) & (apart[:, 1] <= _NEARLY)
                is_near &= (apart[:, 2] <= _NEARLY) & self.is_core[number]
                judged[left[is_near]] = True
                left = left[~is_near]
        return judged

    def cores_around(self, places: np.ndarray, within: Sequence[int] = _AROUND_PX) -> np.ndarray:
        """(m, n) int32: the labels with ground around pixels, the nearer ones first, else -1."""
        height, width = self.shape
        found = []
        for far in within:
            for down, right in AROUND:
                there, _ = moved(places, far * down, far * right, height, width)
                number = self.flat[there].astype(np.int32)
                found.append(np.where(self.is_core[number], number, np.int32(-1)))
        return np.stack(found)

    def _colours_at(self, places: np.ndarray, down: int, right: int) -> np.ndarray:
        there, _ = moved(places, down, right, *self.shape)
        return np.asarray(self.colours[self.flat[there]])


def _known(around: np.ndarray) -> np.ndarray:
    """The same with the nearest one in place of none."""
    which = np.argmax(around >= 0, axis=0)
    first = np.maximum(0, around[which, np.arange(around.shape[1])])
    known = np.where(around >= 0, around, first)
    return np.concatenate([first[None], known])


class _Found:
    """Labels found one after the other among pixels that are no blends of labels with ground."""

    def __init__(self, picture: _Picture, places: np.ndarray) -> None:
        self._picture, self._places = picture, places
        self._number = picture.flat[places]
        self._mine = picture.colours[self._number]
        self.numbers = np.empty(0, np.int64)
        self.of_places = np.full(len(places), -1, np.int32)
        self._left = np.ones(len(places), np.bool_)
        self._around = _known(picture.cores_around(places, (*_AROUND_PX, *_FURTHER_PX)))
        while self.numbers.size < _MOST_LABELS and self._next():
            pass

    def _next(self) -> bool:
        """Take the most frequent colour of those left as a label, if it is one."""
        left = np.flatnonzero(self._left)
        if left.size < _FEWEST:
            return False
        number, alike = _most_frequent(self._mine[left], self._number[left])
        members = left[alike]
        if members.size < _FEWEST:
            return False
        self._left[members] = False
        if not self._is_line(members):
            return True
        number = self._known_as(number)
        if number in self.numbers:
            self.of_places[members] = np.flatnonzero(self.numbers == number)[0]
        else:
            self.of_places[members] = self.numbers.size
            self.numbers = np.append(self.numbers, number)
        near = self._near(members, np.flatnonzero(self._left))
        made = self._pairs(near, np.full(near.size, number))
        self._left[near[made.fits.any(axis=0)]] = False
        return True

    def _known_as(self, number: int) -> int:
        """A colour's number, or that of the label with ground that it hardly differs from."""
        colours, cores = self._picture.colours, np.flatnonzero(self._picture.is_core)
        apart = np.abs(colours[cores] - colours[number]).max(axis=1)
        return int(cores[apart.argmin()]) if apart.size and apart.min() <= _KNOWN else number

    def _is_line(self, members: np.ndarray) -> bool:
        """Whether enough of the pixels are beside others of them."""
        height, width = self._picture.shape
        places, beside = self._places[members], np.zeros(members.size, np.int64)
        for down, right in AROUND:
            there, is_inside = moved(places, down, right, height, width)
            at = np.minimum(np.searchsorted(places, there), members.size - 1)
            beside += (places[at] == there) & is_inside
        if np.count_nonzero(beside >= _TOGETHER) < _FEWEST:
            return False
        around = self._around[:, members]
        made = pairs(self._mine[members].T, around, self._picture.colours.T)
        is_inside = (made.along > INSIDE) & (made.along < 1 - INSIDE)
        blends = np.count_nonzero((made.fits & is_inside).any(axis=0))
        return bool(blends <= _MOST_BLENDS * members.size)

    def _near(self, members: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Of some pixels those near others."""
        near = np.zeros(self._picture.shape, np.uint8)
        near.reshape(-1)[self._places[members]] = 1
        around = np.ones((2 * _REACH_PX + 1, 2 * _REACH_PX + 1), np.uint8)
        beside = cv2.dilate(near, around).reshape(-1)[self._places[others]] > 0
        return np.asarray(others[beside])

    def _pairs(self, which: np.ndarray, number: np.ndarray) -> Pairs:
        around = np.concatenate([number[None], self._around[:, which]])
        return pairs(self._mine[which].T, around, self._picture.colours.T)


def _most_frequent(mine: np.ndarray, numbers: np.ndarray) -> tuple[int, np.ndarray]:
    """The most frequent colour, and which pixels are alike.

    Args:
        mine: (n, 3) float32, the pixels' colours.
        numbers: (n,) the numbers of these.
    """
    size = 256 // _BIN + 2
    bins = (mine.astype(np.int32) // _BIN + 1) @ np.array([size * size, size, 1])
    counts = np.bincount(bins, minlength=size**3).reshape(size, size, size)
    for axis in range(3):
        counts = counts + np.roll(counts, 1, axis) + np.roll(counts, -1, axis)
    best = np.unravel_index(int(counts.argmax()), counts.shape)
    centre = (np.array(best) - 0.5) * _BIN
    within = np.flatnonzero(np.abs(mine - centre).max(axis=1) <= 1.5 * _BIN)
    if not within.size:
        return 0, within
    present, first, count = np.unique(numbers[within], return_index=True, return_counts=True)
    off = np.abs(mine[within[first]] - np.median(mine[within], axis=0)).max(axis=1)
    chosen = np.lexsort((off, -count))[0]
    colour = mine[within[first[chosen]]]
    return int(present[chosen]), np.flatnonzero(np.abs(mine - colour).max(axis=1) <= _ALIKE)
