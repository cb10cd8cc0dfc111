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

import numpy as np

from segui.masks.pixels.astride import ROUNDING, sides_of, solid_pixels, without_crumbs
from segui.masks.pixels.flat import Counts, count_values
from segui.masks.pixels.nearest import AROUND, fill, moved
from segui.masks.pixels.noise import without_noise
from segui.masks.pixels.pairs import pairs
from segui.masks.pixels.strips import bands, looked_up
from segui.masks.pixels.thin import thin_labels

_FLAT_SHARE = 0.1  # of a label's pixels lie inside of it, more or less; of an edge's hardly any do
_LEAST_FLAT = 0.1  # of a picture: a photo's colours are no edges of labels
_TAIL = 6  # levels within which a soft edge fades into a label without a step
_TAIL_LESS = 4.0  # times as much of the label is flat as of its tail
_TAIL_THIN = 0.75  # of a band of 8 px is flat: a tail is a thin one around its label
_FEWEST_BLENDS = 8  # pixels: with fewer, it is as sharp as it was drawn
_EXPLAINED = 0.5  # of what has no ground is a blend of labels, or the picture stays as it is
_TOLD = 0.8  # of it is one, or lies between what is beside it, whatever that is
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
        lost: Pixels that a format with losses changed.
    """

    index: np.ndarray
    blended: int = 0
    noisy: int = 0
    lost: int = 0


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
    if np.count_nonzero(are_cores(counts)) > _MOST_CORES:
        return Cleaned(index)
    denoised, noisy = without_noise(index, colours, counts)
    if noisy:
        counts = _counts(denoised, colours, is_blend)
    cleaned, blended = given_away(denoised, colours.astype(np.float32), counts)
    return Cleaned(cleaned, blended, noisy)


def given_away(
    index: np.ndarray, colours: np.ndarray, counts: Counts, rounding: float = ROUNDING
) -> tuple[np.ndarray, int]:
    """Give blends to the labels that they are made of.

    Args:
        index: (H, W), as of ``without_blends``; it is changed in place.
        colours: (n, 3) float32 of 0 to 255, the colours by number.
        counts: Of the index.
        rounding: Levels that a pixel beside an edge may be off a label's colour in any case.

    Returns:
        The index, and how many pixels were blends: 0 where there is too much that might be one.
    """
    if counts.flat.sum() < _LEAST_FLAT * index.size:
        return index, 0  # a photo, or nothing that could be told from one
    return _Edges(index, colours, counts, rounding).cleaned()


def _counts(index: np.ndarray, colours: np.ndarray, is_blend: np.ndarray | None) -> Counts:
    """How often each colour occurs, and covers ground: what is known to be a blend covers none."""
    counts = count_values(index, len(colours) - 1)
    return counts if is_blend is None else replace(counts, flat=np.where(is_blend, 0, counts.flat))


def are_cores(counts: Counts) -> np.ndarray:
    """(n,) bool: which colours have ground of their own.

    Args:
        counts: Of a picture by the numbers of its colours.
    """
    share = counts.flat / np.maximum(1, counts.pixels)
    return np.asarray((counts.flat > 0) & (share >= _FLAT_SHARE))


def _are_edges(are_told: np.ndarray, are_between: np.ndarray) -> bool:
    """Whether pixels without ground are edges, nearly all of them.

    Args:
        are_told: (n,) bool: which are thin labels', or blends of labels.
        are_between: (n,) bool: which lie between what is beside them, whatever that is.
    """
    told = np.count_nonzero(are_told)
    if told < max(_FEWEST_BLENDS, _EXPLAINED * are_told.size):
        return False
    return bool(np.count_nonzero(are_told | are_between) >= _TOLD * are_told.size)


class _Edges:
    """The pixels of one picture whose colours have no ground of their own."""

    def __init__(
        self,
        index: np.ndarray,
        colours: np.ndarray,
        counts: Counts,
        rounding: float = ROUNDING,
    ) -> None:
        self._index, self._colours, self._counts = index, colours, counts
        self._rounding = rounding
        self._is_core = are_cores(counts)

    def cleaned(self) -> tuple[np.ndarray, int]:
        """The picture with its blends given away, in place, and how many there were."""
        is_weak = (self._counts.pixels > 0) & ~self._is_core
        if not is_weak.any() or not self._is_core.any():
            return self._index, 0
        cores, index = self._is_core & ~self._tails(), self._index
        if int(self._counts.pixels[~cores].sum()) > _MOST_PX:
            return index, 0
        places = _all_of(index, ~cores)
        flat = index.reshape(-1)
        before = flat[places]
        astray, nearer = self._astray(cores)
        thin = thin_labels(index, self._colours, cores, self._is_core, places)
        is_thin = thin.of_places >= 0
        if np.count_nonzero(cores) + thin.numbers.size < 2:
            return index, 0
        if np.count_nonzero(thin.is_blend) < _FEWEST_BLENDS:
            return index, 0
        flat[places[is_thin]] = thin.numbers[thin.of_places[is_thin]]
        cores[thin.numbers] = True
        rest = np.sort(np.concatenate([places[~is_thin], astray]))
        goal, is_explained = self._explained(cores, rest)
        goal[np.searchsorted(rest, astray)] = nearer
        of_weak = is_weak[before]
        told = is_thin.copy()
        told[~is_thin] = is_explained[np.searchsorted(rest, places[~is_thin])]
        if not _are_edges(told[of_weak], thin.is_blend[of_weak]):
            flat[places] = before
            return index, 0
        flat[rest] = goal
        changed = np.concatenate([places[flat[places] != before], astray])
        crumbs = without_crumbs(index, cores & self._is_core, changed, thin.numbers)
        return index, changed.size + crumbs.size

    def _astray(self, cores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where pixels that have a label's colour by chance are, and the labels that they go to.

        Args:
            cores: (n,) bool, by colour.
        """
        is_solid = solid_pixels(self._index, cores)
        width = self._index.shape[1]
        places = np.concatenate([
            np.asarray(
                np.flatnonzero(
                    ~is_solid[band.own] & cores.take(self._index[band.own], mode="clip")
                )
                + band.top * width,
                np.int32,
            )
            for band in bands(self._index.shape)
        ])  # fmt: skip
        if places.size > _MOST_PX:
            return places[:0], places[:0]
        nearer = sides_of(
            places, self._index, is_solid, self._colours, rounding=self._rounding
        ).nearer
        return places[nearer >= 0], nearer[nearer >= 0]

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
            np.asarray(
                np.flatnonzero(which.take(index[band.own], mode="clip")) + band.top * width,
                np.int32,
            )
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
        made = pairs(mine.T, around, colours.T)
        near = made.apart.min(axis=0)
        is_explained = np.asarray(made.explains(near).any(axis=0))
        left = np.flatnonzero(~is_explained)
        if left.size:  # few are: what lies further off is looked at for these alone
            further = np.stack([first[left], *self._further(left, _REACHES)])
            by_these = pairs(mine[left].T, further, colours.T).explains(near[left])
            is_explained[left] = by_these.any(axis=0)
        return around[made.best(), everyone], is_explained

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
