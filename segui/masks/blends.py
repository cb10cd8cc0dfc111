"""Colours that only edges have: told from labels, and given to the neighbour they are made of.

Scaling, brushes and antialiased drawing put colours between two labels that nobody gave. Such a
colour covers no ground of its own, is seen where two labels meet, and lies between their colours,
or a little beyond one of them where a sharpening filter swung. Noise in the lowest bits is told by
its colours, which hardly differ, and lie scattered among each other.

The picture is looked at as a whole twice, to count; all else looks at the pixels of such colours,
and only where they are few enough to be edges: each takes some microseconds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from segui.masks.flat import Counts, count_values
from segui.masks.nearest import AROUND, fill, moved
from segui.masks.noise import without_noise
from segui.masks.strips import bands, looked_up

_FLAT_SHARE = 0.1  # of a label's pixels lie inside of it, more or less; of an edge's hardly any do
_LEAST_FLAT = 0.1  # of a picture: a photo's colours are no edges of labels
_TAIL = 6  # levels within which a soft edge fades into a label without a step
_TAIL_LESS = 4.0  # times as much of the label is flat as of its tail
_TAIL_THIN = 0.75  # of a band of 8 px is flat: a tail is a thin one around its label
_OVERSHOOT = 0.35  # of the way between two colours, by which a filter may swing beyond one
_NEAR = 0.25  # of the way: where channels are full or empty already, a swing leaves the line
_TOLERANCE = 6.0  # levels of rounding
_SWUNG = 10  # levels, by which a filter changes what is left of a label between two others
_EXPLAINED = 0.5  # of what has no ground is a blend, or the picture stays as it is
_SURELY_EXPLAINED = 0.9  # where what it is a blend of has no ground either
_FREQUENT = 0.02  # of what is no blend has the colour of a line
_OWN = 0.3  # as frequent as the most frequent line's colour: none of its blends is
_FEWEST = 12  # pixels of a colour that may be a label though nothing of it is flat
_MOST_CORES = 10_000  # colours with ground of their own: more are no labels, whatever is cleaned
_MOST_PX = 3_000_000  # of edges that are looked at
_BAND_PX = 500_000
_CHUNK_PX = 5_000  # whose arrays stay in the processor's cache
_REACHES = (2, 4, 8, 16)  # pixels beyond, in which a filter may swing or a brush may fade


@dataclass(frozen=True, eq=False)
class Cleaned:
    """A picture of labels alone.

    Args:
        index: (H, W) the number of each pixel's colour, with noise and blends given to labels.
        blended: Pixels that were blends.
        noisy: Pixels that were noise.
    """

    index: np.ndarray
    blended: int = 0
    noisy: int = 0


def without_blends(
    index: np.ndarray, colours: np.ndarray, is_blend: np.ndarray | None = None
) -> Cleaned:
    """Give noise and blends to the labels that they are made of.

    Args:
        index: (H, W) uint8, uint16 or int32, the number of each pixel's colour; what is cleaned is
            cleaned in it.
        colours: (n, 3) uint8, the colours by number, each one once.
        is_blend: (n,) bool, the colours that are known to be none of a label's own; None is none.

    Returns:
        The same array where there is no noise; nothing else of it is changed where there is too
        much that might be a blend.
    """
    counts = _counts(index, colours, is_blend)
    if np.count_nonzero(_are_cores(counts)) > _MOST_CORES:
        return Cleaned(index)
    denoised, noisy = without_noise(index, colours, counts)
    if noisy:
        counts = _counts(denoised, colours, is_blend)
    if counts.flat.sum() < _LEAST_FLAT * index.size:
        return Cleaned(index)  # a photo, or nothing that could be told from one
    cleaned, blended = _Edges(denoised, colours.astype(np.float32), counts).cleaned()
    return Cleaned(cleaned, blended, noisy)


def _counts(index: np.ndarray, colours: np.ndarray, is_blend: np.ndarray | None) -> Counts:
    """How often each colour occurs, and covers ground: what is known to be a blend covers none."""
    counts = count_values(index, len(colours) - 1)
    return counts if is_blend is None else replace(counts, flat=np.where(is_blend, 0, counts.flat))


def _are_cores(counts: Counts) -> np.ndarray:
    """(n,) bool: which colours have ground of their own."""
    share = counts.flat / np.maximum(1, counts.pixels)
    return np.asarray((counts.flat > 0) & (share >= _FLAT_SHARE))


class _Edges:
    """The pixels of one picture whose colours have no ground of their own."""

    def __init__(
        self,
        index: np.ndarray,
        colours: np.ndarray,
        counts: Counts,
        thin: np.ndarray | None = None,
    ) -> None:
        self._index, self._colours, self._counts = index, colours, counts
        self._is_core = _are_cores(counts) if thin is None else _are_cores(counts) | thin
        self._knows_thin = thin is not None

    def cleaned(self) -> tuple[np.ndarray, int]:
        """The picture with its blends given away, in place, and how many there were."""
        is_weak = (self._counts.pixels > 0) & ~self._is_core
        if not is_weak.any() or np.count_nonzero(self._is_core) < 2:
            return self._index, 0
        cores, index = self._is_core & ~self._tails(), self._index
        if int(self._counts.pixels[~cores].sum()) > _MOST_PX:
            return index, 0
        places = _all_of(index, ~cores)
        flat, blended = index.reshape(-1), 0
        goal, is_explained = self._explained(cores, places)
        of_weak = is_weak[flat[places]]
        least = _SURELY_EXPLAINED if self._knows_thin else _EXPLAINED
        if np.count_nonzero(is_explained & of_weak) < max(8, least * np.count_nonzero(of_weak)):
            return self._with_thin_things(places[of_weak], is_explained[of_weak])
        own = self._labels_without_ground(cores, places[of_weak], is_explained[of_weak])
        if own.any():
            is_own = own[flat[places]]
            things, places = places[is_own], places[~is_own]
            known = self._known_as(cores, own)
            blended = int(np.count_nonzero(known[flat[things]] != flat[things]))
            flat[things] = known[flat[things]]
            goal = self._regiven(cores | own, places, goal[~is_own], things)
        blended += int(np.count_nonzero(goal != flat[places]))
        flat[places] = goal
        return index, blended

    def _with_thin_things(
        self, places: np.ndarray, is_explained: np.ndarray
    ) -> tuple[np.ndarray, int]:
        """The same once the most frequent colours that are no blends are labels too.

        Lines of a few pixels have no ground, and where most edges are theirs nearly nothing is a
        blend of what has some. If then nearly all is, they are labels.
        """
        if self._knows_thin:
            return self._index, 0
        colour = self._index.reshape(-1)[places]
        alone = np.bincount(colour[~is_explained], minlength=len(self._colours))
        explained = np.bincount(colour, minlength=len(self._colours)) - alone
        thin = (alone >= _FEWEST) & (alone > explained) & (alone >= _FREQUENT * alone.sum())
        order = np.flatnonzero(thin)[np.argsort(-alone[thin], kind="stable")]
        lines = self._no_blends(order, alone)
        if not lines.size:
            return self._index, 0
        is_line = np.zeros(len(self._colours), np.bool_)
        is_line[lines] = True
        return _Edges(self._index, self._colours, self._counts, is_line).cleaned()

    def _no_blends(self, order: np.ndarray, alone: np.ndarray) -> np.ndarray:
        """Of the colours of lines, those that are no blend of a line before them with another.

        Args:
            order: (n,) the colours, the most frequent one first.
            alone: By colour, how many pixels are no blends. One that is nearly as frequent as the
                first is a line's own, though it may lie between two others.
        """
        known, lines = np.flatnonzero(self._is_core), np.empty(0, np.int64)
        for number in order:
            around = np.append(known, lines)
            if around.size and self._apart(around, number).min() <= _SWUNG:
                continue
            mine = self._colours[number][:, None]
            made = (
                _pairs(mine, np.append(line, around)[:, None], self._colours.T).fits.any()
                for line in lines
            )
            if alone[number] >= _OWN * alone[order[0]] or not any(made):
                lines = np.append(lines, number)
        return lines

    def _labels_without_ground(
        self, cores: np.ndarray, places: np.ndarray, is_explained: np.ndarray
    ) -> np.ndarray:
        """Colours of thin things: no blends of their neighbours, and more than a few pixels.

        Their edges are sharp, and so beside labels: those of a thing that a filter has shrunk away
        are beside other blends.
        """
        colour = self._index.reshape(-1)[places]
        size = len(self._colours)
        explained = np.bincount(colour[is_explained], minlength=size)
        alone = np.bincount(colour, minlength=size) - explained
        is_own = (alone >= _FEWEST) & (explained < alone)
        # the blends of such a thing with what is around it are many colours of few pixels each
        is_own &= alone >= 0.05 * alone.sum()
        if not is_own.any():
            return is_own
        sharp, touched = self._neighbours(
            _chunks(places[is_own[colour]], _BAND_PX),
            lambda ours, theirs: (
                cores[theirs] | (is_own[theirs] & (self._apart(ours, theirs) <= 2 * _SWUNG))
            ),
        )
        return np.asarray(is_own & (sharp >= 0.5 * touched))

    def _known_as(self, cores: np.ndarray, own: np.ndarray) -> np.ndarray:
        """For each colour its number, or that of the label that it is a part of.

        What is seen of a label between two others may be so thin that a filter has swung all of it.
        """
        numbers = np.arange(len(self._colours), dtype=self._index.dtype)
        known = np.flatnonzero(cores)
        for number in sorted(np.flatnonzero(own), key=lambda each: -self._counts.pixels[each]):
            apart = self._apart(known, number)
            if apart.min() <= _SWUNG:
                numbers[number] = known[apart.argmin()]
            else:
                known = np.append(known, number)
        return numbers

    def _tails(self) -> np.ndarray:
        """Cores that are the faint ends of another one's soft edge: nearly its colour, around it.

        What such a core touches is nearly its colour too; what a label touches hardly ever is.
        """
        tails, flat = np.zeros(len(self._colours), np.bool_), self._counts.flat
        cores = np.flatnonzero(self._is_core)
        order = cores[np.argsort(-flat[cores], kind="stable")]
        for place, core in enumerate(order[1:], start=1):
            larger = order[:place][flat[order[:place]] >= _TAIL_LESS * flat[core]]
            apart = self._apart(larger, core)
            tails[core] = bool((apart <= _TAIL).any())
        tails &= flat <= _TAIL_THIN * self._counts.pixels
        if not tails.any():
            return tails
        near, touched = self._neighbours(
            self._places_of(tails),
            lambda ours, theirs: self._apart(ours, theirs) <= _TAIL,
        )
        return np.asarray(tails & (near >= 0.5 * touched))

    def _apart(self, some: np.ndarray, others: np.ndarray | np.integer) -> np.ndarray:
        """By how many levels colours differ, in the channel in which they do most."""
        between = self._colours[some] - self._colours[others]
        return np.asarray(np.abs(between).max(axis=1), np.float32)

    def _places_of(self, which: np.ndarray) -> Iterator[np.ndarray]:
        """Where the pixels of some colours are, some rows at a time; of very many every n-th row.

        Args:
            which: (n,) bool, the colours.
        """
        height, width = self._index.shape
        every = 1 + int(self._counts.pixels[which].sum()) // _MOST_PX
        rows = every * max(1, _BAND_PX // width)
        for top in range(0, height, rows):
            lines = np.arange(top, min(height, top + rows), every)
            line, column = np.nonzero(which[self._index[lines]])
            yield lines[line] * width + column

    def _neighbours(
        self, places: Iterable[np.ndarray], judge: Callable[[np.ndarray, np.ndarray], np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """By colour, how many pixels of other colours these touch: those that count, and any.

        Args:
            places: (n,) where the pixels are, some after the other.
            judge: Of a colour and another one beside it, whether that counts.
        """
        height, width = self._index.shape
        flat, size = self._index.reshape(-1), len(self._colours)
        counted, touched = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for some in places:
            mine = flat[some]
            for down, right in AROUND[:4]:
                there, _ = moved(some, down, right, height, width)
                is_other = flat[there] != mine
                ours, theirs = mine[is_other], flat[there[is_other]]
                touched += np.bincount(ours, minlength=size)
                counted += np.bincount(ours[judge(ours, theirs)], minlength=size)
        return counted, touched

    def _explained(self, cores: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For pixels that are no cores' the core that each goes to, and whether it is a blend.

        Args:
            cores: (n,) bool, by colour.
            places: (n,) where they are in the picture, row by row.
        """
        nearest = _Nearest(self._index, cores, places)
        return self._made_of(nearest, places, nearest.within)

    def _regiven(
        self, cores: np.ndarray, places: np.ndarray, goal: np.ndarray, things: np.ndarray
    ) -> np.ndarray:
        """The cores that pixels go to once thin things are cores too: only those near them differ.

        Args:
            cores: (n,) bool, by colour.
            places: (n,) where the pixels are in it, row by row.
            goal: (n,) what they went to before.
            things: (k,) where the things' pixels are.
        """
        nearest = _Nearest(self._index, cores, places)
        # a thing is nearest within that distance, and pixels look so far and one further
        reach = 2 * int(nearest.within.max(initial=0)) + 1
        near = np.zeros(self._index.shape, np.uint8)
        near.reshape(-1)[things] = 1
        around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
        again = cv2.dilate(near, around, dst=near).reshape(-1)[places] > 0
        given = goal.copy()
        given[again], _ = self._made_of(nearest, places[again], nearest.within[again])
        return given

    def _made_of(
        self, nearest: "_Nearest", places: np.ndarray, within: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        of_cores, flat = self._colours[nearest.colours], self._index.reshape(-1)
        goal = np.empty(len(places), self._index.dtype)
        is_explained = np.empty(len(places), np.bool_)
        for start in range(0, len(places), _CHUNK_PX):
            some = slice(start, start + _CHUNK_PX)
            pixels = _Blends(nearest.ranks, places[some], within[some])
            mine = self._colours[flat[places[some]]]
            given, is_explained[some] = pixels.made_of(mine, of_cores)
            goal[some] = nearest.colours[given]
        return goal, is_explained


def _all_of(index: np.ndarray, which: np.ndarray) -> np.ndarray:
    """(n,) where all pixels of some colours are, row by row."""
    width = index.shape[1]
    return np.concatenate(
        [
            np.asarray(np.flatnonzero(which[index[band.own]]) + band.top * width, np.int32)
            for band in bands(index.shape)
        ]
    )


class _Nearest:
    """The picture, each pixel of an edge as the core nearest to it.

    Cores are few, and have numbers of two bytes where their colours need not.

    Args:
        index: (H, W) the picture.
        cores: (n,) bool, by colour.
        places: (n,) where the pixels of edges are; all others are cores'.
    """

    def __init__(self, index: np.ndarray, cores: np.ndarray, places: np.ndarray) -> None:
        self.colours = np.flatnonzero(cores)
        ranks = np.zeros(len(cores), np.min_scalar_type(-self.colours.size))
        ranks[self.colours] = np.arange(self.colours.size)
        self.ranks = looked_up(ranks, index)
        self.within = fill(self.ranks, places)


def _chunks(places: np.ndarray, most: int) -> Iterator[np.ndarray]:
    for start in range(0, len(places), most):
        yield places[start : start + most]


class _Blends:
    """Some pixels that may be blends, and the cores that lie around them.

    Args:
        nearest: (H, W) the picture, each pixel as the rank of the core that it is, or of the one
            nearest to it.
        places: (n,) where the pixels are in it.
        within: (n,) how far the core nearest to each is, px.
    """

    def __init__(self, nearest: np.ndarray, places: np.ndarray, within: np.ndarray) -> None:
        self._nearest, self._places, self._within = nearest, places, within

    def made_of(self, mine: np.ndarray, colours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The core that each pixel is mostly made of, and whether it is a blend.

        Args:
            mine: (n, 3) float32, the pixels' colours.
            colours: (k, 3) float32, the cores' by rank.
        """
        everyone = np.arange(len(self._places))
        first = self._nearest.reshape(-1)[self._places]
        around = np.stack([first, *self._further(everyone, (1,)), *self._beyond(everyone)])
        pairs = _pairs(mine.T, around, colours.T)
        near = pairs.apart.min(axis=0)
        is_explained = np.asarray(pairs.explains(near).any(axis=0))
        left = np.flatnonzero(~is_explained)
        if left.size:  # few are: what lies further off is looked at for these alone
            further = np.stack([first[left], *self._further(left, _REACHES)])
            by_these = _pairs(mine[left].T, further, colours.T).explains(near[left])
            is_explained[left] = by_these.any(axis=0)
        return around[pairs.best(), everyone], is_explained

    def _further(self, which: np.ndarray, reaches: Sequence[int]) -> Iterator[np.ndarray]:
        for reach in reaches:
            yield from self._at(which, np.full(len(which), reach))

    def _beyond(self, which: np.ndarray) -> Iterator[np.ndarray]:
        yield from self._at(which, self._within[which] + 1)

    def _at(self, which: np.ndarray, reach: np.ndarray) -> Iterator[np.ndarray]:
        """The cores at that distance, in eight directions."""
        height, width = self._nearest.shape
        for down, right in AROUND:
            there, _ = moved(self._places[which], down * reach, right * reach, height, width)
            yield self._nearest.reshape(-1)[there]


@dataclass(frozen=True, eq=False)
class _Pairs:
    """The nearest core of each pixel with each of the others around it.

    Args:
        apart: (m, n) squared distance of the pixel's colour from the core's.
        length: (m, n) squared distance of the two cores' colours.
        along: (m, n) where on the way between them the pixel's colour lies, from 0 to 1.
        missed: (m, n) by how many levels it lies off the way.
    """

    apart: np.ndarray
    length: np.ndarray
    along: np.ndarray
    missed: np.ndarray

    @property
    def fits(self) -> np.ndarray:
        """(m, n) bool: which pairs make the colour."""
        off = _TOLERANCE + 0.04 * np.sqrt(self.length)
        return np.asarray((self.missed <= off) & (self.length > 0))

    def explains(self, near: np.ndarray) -> np.ndarray:
        """(m, n) bool: which pairs make the colour, or nearly do by a swing beyond one of them.

        Args:
            near: (n,) squared distance of the colour from that of the core most like it.
        """
        return self.fits | ((near <= _NEAR**2 * self.length) & (self.length > 0))

    def best(self) -> np.ndarray:
        """(n,) which of the cores each pixel goes to."""
        columns = np.arange(self.apart.shape[1])
        missed = np.where(self.fits, self.missed, np.inf)
        partner = missed.argmin(axis=0)
        is_pair = np.isfinite(missed[partner, columns])
        of_pair = np.where(self.along[partner, columns] > 0.5, partner, 0)
        return np.where(is_pair, of_pair, self.apart.argmin(axis=0))


def _pairs(mine: np.ndarray, around: np.ndarray, colours: np.ndarray) -> _Pairs:
    """Compare the pixels' colours with those of pairs of cores.

    By channel: sums over a last axis of three are ten times slower.

    Args:
        mine: (3, n) float32, the pixels' colours.
        around: (m, n) numbers of colours, that of the nearest core first.
        colours: (3, k) float32.
    """
    theirs = colours[:, around]
    apart = _squared(theirs - mine[:, None])
    way = theirs - theirs[:, :1]
    length = _squared(way)
    offset = (mine - theirs[:, 0])[:, None]
    along = np.einsum("cmn,cmn->mn", way, np.broadcast_to(offset, way.shape)) / np.maximum(
        1, length
    )
    met = theirs[:, :1] + np.clip(along, -_OVERSHOOT, 1 + _OVERSHOOT) * way
    missed = np.sqrt(_squared(np.clip(met, 0, 255) - mine[:, None]))
    return _Pairs(apart, length, along, missed)


def _squared(vectors: np.ndarray) -> np.ndarray:
    """The squared length of vectors of three, (3, ...)."""
    return np.asarray(np.einsum("cmn,cmn->mn", vectors, vectors))
