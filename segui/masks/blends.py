"""Colours that only edges have: told from labels, and given to the neighbour they are made of.

Scaling, brushes and antialiased drawing put colours between two labels that nobody gave. Such a
colour covers no ground of its own, is seen where two labels meet, and lies between their colours,
or a little beyond one of them where a sharpening filter swung. Noise in the lowest bits is told by
its colours, which hardly differ, and lie scattered among each other.

The picture is looked at as a whole twice, to count; all else looks at the pixels of such colours.
"""

from dataclasses import dataclass

import numpy as np

from segui.masks.flat import Counts, count_values
from segui.masks.noise import without_noise

_FLAT_SHARE = 0.1  # of a label's pixels lie inside of it, more or less; of an edge's hardly any do
_LEAST_FLAT = 0.1  # of a picture: a photo's colours are no edges of labels
_TAIL = 6  # levels within which a soft edge fades into a label without a step
_OVERSHOOT = 0.35  # of the way between two colours, by which a filter may swing beyond one
_NEAR = 0.25  # of the way: where channels are full or empty already, a swing leaves the line
_TOLERANCE = 6.0  # levels of rounding
_FEWEST = 12  # pixels of a colour that may be a label though nothing of it is flat
_CHUNK_PX = 50_000
_AROUND = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, -1), (-1, 1))
_REACHES = (2, 4, 8, 16)  # pixels beyond, in which a filter may swing or a brush may fade
_CHOSEN = 1 + 2 * len(_AROUND)  # of what lies around may get a pixel: the rest only explains it


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


def without_blends(index: np.ndarray, colours: np.ndarray) -> Cleaned:
    """Give noise and blends to the labels that they are made of.

    Args:
        index: (H, W) uint16 or int32, the number of each pixel's colour.
        colours: (n, 3) uint8, the colours by number, each one once.

    Returns:
        The same array where there is nothing to clean.
    """
    counts = count_values(index, len(colours) - 1)
    denoised, noisy = without_noise(index, colours, counts)
    if noisy:
        counts = count_values(denoised, len(colours) - 1)
    if counts.flat.sum() < _LEAST_FLAT * index.size:
        return Cleaned(index)  # a photo, or nothing that could be told from one
    cleaned, blended = _Edges(denoised, colours.astype(np.float32), counts).cleaned()
    return Cleaned(cleaned, blended, noisy)


class _Edges:
    """The pixels of one picture whose colours have no ground of their own."""

    def __init__(self, index: np.ndarray, colours: np.ndarray, counts: Counts) -> None:
        self._index, self._colours, self._counts = index, colours, counts
        share = counts.flat / np.maximum(1, counts.pixels)
        self._is_core = (counts.flat > 0) & (share >= _FLAT_SHARE)

    def cleaned(self) -> tuple[np.ndarray, int]:
        """The picture with its blends given away, and how many there were."""
        is_weak = (self._counts.pixels > 0) & ~self._is_core
        if not is_weak.any() or np.count_nonzero(self._is_core) < 2:
            return self._index, 0
        places = np.flatnonzero(is_weak[self._index])
        goal, is_explained = self._explained(places)
        if np.count_nonzero(is_explained) < max(8, 0.5 * len(places)):
            return self._index, 0
        promoted = self._labels_without_ground(places, is_explained)
        cores = (self._is_core & ~self._tails()) | promoted
        if (cores != self._is_core).any():
            places = np.flatnonzero(~cores[self._index])
            goal, _ = self._explained(places)
        cleaned = self._index.copy()
        cleaned.reshape(-1)[places] = goal
        return cleaned, len(places)

    def _labels_without_ground(self, places: np.ndarray, is_explained: np.ndarray) -> np.ndarray:
        """Colours of thin things: no blends of their neighbours, and more than a few pixels."""
        colour = self._index.reshape(-1)[places]
        size = len(self._colours)
        explained = np.bincount(colour[is_explained], minlength=size)
        alone = np.bincount(colour, minlength=size) - explained
        is_own = (alone >= _FEWEST) & (explained < alone)
        # the blends of such a thing with what is around it are many colours of few pixels each
        return np.asarray(is_own & (alone >= 0.05 * alone.sum()))

    def _tails(self) -> np.ndarray:
        """Cores that are the faint ends of another one's soft edge: nearly its colour, around it.

        What such a core touches is nearly its colour too; what a label touches hardly ever is.
        """
        tails = np.zeros(len(self._colours), np.bool_)
        cores = np.flatnonzero(self._is_core)
        order = cores[np.argsort(-self._counts.flat[cores], kind="stable")]
        for place, core in enumerate(order[1:], start=1):
            apart = np.abs(self._colours[order[:place]] - self._colours[core]).max(axis=1)
            tails[core] = bool((apart <= _TAIL).any())
        if not tails.any():
            return tails
        near, touched = self._neighbours(np.flatnonzero(tails[self._index]))
        return np.asarray(tails & (near >= 0.5 * touched))

    def _neighbours(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """By colour, how many pixels of other colours these touch: nearly theirs, and any."""
        height, width = self._index.shape
        flat, size = self._index.reshape(-1), len(self._colours)
        mine = flat[places]
        near, touched = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for down, right in _AROUND[:4]:
            there, _ = _moved(places, down, right, height, width)
            is_other = flat[there] != mine
            ours, theirs = mine[is_other], flat[there[is_other]]
            apart = np.abs(self._colours[ours] - self._colours[theirs]).max(axis=1)
            touched += np.bincount(ours, minlength=size)
            near += np.bincount(ours[apart <= _TAIL], minlength=size)
        return near, touched

    def _explained(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For pixels that are no cores' the core that each goes to, and whether it is a blend.

        Args:
            places: (n,) where they are in the picture, row by row.
        """
        nearest, within = _filled(self._index, places)
        goal = np.empty(len(places), self._index.dtype)
        is_explained = np.empty(len(places), np.bool_)
        for start in range(0, len(places), _CHUNK_PX):
            some = slice(start, start + _CHUNK_PX)
            around = _around(nearest, places[some], within[some])
            mine = self._colours[self._index.reshape(-1)[places[some]]]
            goal[some], is_explained[some] = _made_of(mine, around, self._colours)
        return goal, is_explained


def _filled(index: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture with each of these pixels as the core nearest to it, and how far that is, px."""
    height, width = index.shape
    filled = index.astype(np.int32)
    flat = filled.reshape(-1)
    flat[places] = -1
    within = np.zeros(len(places), np.int32)
    left = np.arange(len(places))
    step = 0
    while left.size:
        step += 1
        at = places[left]
        found = np.full(left.size, -1, np.int32)
        # corners count every other time: so far as this goes, it is nearly round
        for down, right in _AROUND[: 4 if step % 2 else 8]:
            there, is_inside = _moved(at, down, right, height, width)
            value = np.where(is_inside, flat[there], -1)
            found = np.where(found < 0, value, found)
        is_found = found >= 0
        flat[at[is_found]] = found[is_found]
        within[left[is_found]] = step
        left = left[~is_found]
    return filled, within


def _moved(
    at: np.ndarray, down: int | np.ndarray, right: int | np.ndarray, height: int, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Places further down and right, those outside at the border; and which are inside."""
    row, column = np.divmod(at, width)
    row, column = row + down, column + right
    is_inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    return np.clip(row, 0, height - 1) * width + np.clip(column, 0, width - 1), is_inside


def _around(nearest: np.ndarray, at: np.ndarray, within: np.ndarray) -> np.ndarray:
    """The cores that lie around pixels: (n, m) numbers of colours, the nearest one first."""
    height, width = nearest.shape
    flat = nearest.reshape(-1)
    columns = [flat[at]]
    reaches = (np.ones_like(within), within + 1, *(np.full_like(within, far) for far in _REACHES))
    for reach in reaches:
        for down, right in _AROUND:
            there, _ = _moved(at, down * reach, right * reach, height, width)
            columns.append(flat[there])
    return np.stack(columns, axis=1)


def _made_of(
    mine: np.ndarray, around: np.ndarray, colours: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of the cores around pixels the one that each is mostly made of, and whether it is a blend.

    Args:
        mine: (n, 3) float32, the pixels' colours.
        around: (n, m) numbers of colours.
        colours: (k, 3) float32.
    """
    theirs = colours[around]
    apart = ((theirs - mine[:, None]) ** 2).sum(axis=2)
    rows = np.arange(len(mine))
    first = theirs[:, 0]
    way = theirs - first[:, None]
    length = (way**2).sum(axis=2)
    along = np.einsum("nmc,nc->nm", way, mine - first) / np.maximum(1, length)
    met = first[:, None] + np.clip(along, -_OVERSHOOT, 1 + _OVERSHOOT)[..., None] * way
    missed = np.sqrt(((np.clip(met, 0, 255) - mine[:, None]) ** 2).sum(axis=2))
    reach = np.sqrt(length)
    fits = (missed <= _TOLERANCE + 0.04 * reach) & (length > 0)
    near = np.sqrt(apart[:, :_CHOSEN].min(axis=1))[:, None]
    is_explained = (fits | ((near <= _NEAR * reach) & (length > 0))).any(axis=1)
    # of the nearest label and another one that lies around, which together make the colour
    partner = np.where(fits, missed, np.inf)[:, :_CHOSEN].argmin(axis=1)
    is_pair = fits[rows, partner]
    of_pair = np.where(along[rows, partner] > 0.5, partner, 0)
    best = np.where(is_pair, of_pair, apart[:, :_CHOSEN].argmin(axis=1))
    return around[rows, best], is_explained
