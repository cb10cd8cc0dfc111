"""Whether a colour lies between two others, or a little beyond one of them."""

from dataclasses import dataclass

import numpy as np

INSIDE = 0.12  # of the way between both sides: nearer to one, it is that side
_APART = 20.0  # levels that both sides of an edge differ by, at least
_OVERSHOOT = 0.35  # of the way between two colours, by which a filter may swing beyond one
_NEAR = 0.25  # of the way: where channels are full or empty already, a swing leaves the line
_TOLERANCE = 6.0  # levels of rounding
_TOLERANCE_OF_ALL = 0.04  # of the way


@dataclass(frozen=True, eq=False)
class Pairs:
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
        off = _TOLERANCE + _TOLERANCE_OF_ALL * np.sqrt(self.length)
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


def pairs(mine: np.ndarray, around: np.ndarray, colours: np.ndarray) -> Pairs:
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
    return Pairs(apart, length, along, missed)


def lie_between(one: np.ndarray, mine: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(n,) bool: whether colours lie between two others.

    Args:
        one: (n, 3) float32, what is on one side.
        mine: (n, 3) float32, the colours.
        other: (n, 3) float32, what is on the other side.
    """
    way, offset = other - one, mine - one
    length = np.einsum("nc,nc->n", way, way)
    along = np.einsum("nc,nc->n", way, offset) / np.maximum(1, length)
    off = offset - along[:, None] * way
    missed = np.sqrt(np.einsum("nc,nc->n", off, off))
    is_inside = (along > INSIDE) & (along < 1 - INSIDE) & (length > _APART**2)
    return np.asarray(is_inside & (missed <= _TOLERANCE + _TOLERANCE_OF_ALL * np.sqrt(length)))


def _squared(vectors: np.ndarray) -> np.ndarray:
    """The squared length of vectors of three, (3, ...)."""
    return np.asarray(np.einsum("cmn,cmn->mn", vectors, vectors))
