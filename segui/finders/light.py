"""How light and colours change from place to place in an edited version.

So areas can be what differs beyond that: a vignette, a gradient or a warmed half is no edit. Each
channel is multiplied and added to by amounts that change slowly over the picture. They are found on
means of small blocks, step by step with finer changes, and what does not fit was edited.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from segui.geometry import Box
from segui.images.blocks import BAND_PX

_DEGREES: Final = (1, 2, 4, 6, 8)  # of the polynomials each way, the next one from the last
_ROUNDS: Final = 3  # of each
_USABLE: Final = (6 / 255, 249 / 255)  # beyond it a change is cut off
_KEPT_SHARE: Final = 0.6  # of the samples are taken for unedited in any case
_NEAR: Final = 4 / 255  # and what is so near to what is expected
_TIMES: Final = 2.5  # or no more than so many times as far as most are
_RELUCTANCE: Final = 2e-5  # per sample, to believe in what changes fast, and in what is added
_MOST_LEFT: Final = 4 / 255  # by which most samples may still differ
_LEAST_SAMPLES: Final = 400

Pixels = NDArray[np.uint8]
Plane = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Light:
    """What became of light and colours, place by place.

    Args:
        weights: (3, 2, k, k) float32: of each channel what it is multiplied by and what is added,
            as Legendre polynomials from top to bottom and from left to right.
        inside: The part of the photo that they are of.
        left: By how much most of it differs beyond that, 0..1.
    """

    weights: Plane
    inside: Box
    left: float

    def laid_on(self, photo: Pixels) -> Pixels:
        """The photo as it would be if nothing but that had been done to it.

        Args:
            photo: (H, W, 3 or 4) uint8.

        Returns:
            A new array of the same kind; its alpha is the photo's, as is what is not inside.
        """
        result = photo.copy()
        part = result[self.inside.slices]
        height, width = part.shape[:2]
        down, across = _basis(height, self.weights.shape[2]), _basis(width, self.weights.shape[3])
        rows = max(1, BAND_PX // width)
        for top in range(0, height, rows):
            band = part[top : top + rows]
            times, more = (down[top : top + rows] @ self.weights @ across.T).swapaxes(0, 1)
            for channel in range(3):
                values = band[..., channel] * times[channel] + more[channel] * np.float32(255)
                band[..., channel] = np.clip(np.rint(values), 0, 255)
        return result


def find_light(expected: Plane, other: Plane, inside: Box) -> Light | None:
    """How light and colours change from place to place.

    Args:
        expected: (h, w, 3) float32, 0..1: means of blocks of the photo.
        other: Of the edited version.
        inside: The part of the photo that these blocks are of.

    Returns:
        None where slow changes do not explain most of the difference.
    """
    height, width = expected.shape[:2]
    one, two = expected.reshape(-1, 3), other.reshape(-1, 3)
    pair = np.concatenate([one, two], axis=1)
    usable = np.all((pair > _USABLE[0]) & (pair < _USABLE[1]), axis=1)
    if np.count_nonzero(usable) < _LEAST_SAMPLES:
        return None
    near, terms, weights = usable, _terms(height, width, 1), np.zeros((0, 3))
    for degree in _DEGREES:
        terms = _terms(height, width, degree)
        for _ in range(_ROUNDS):
            weights = np.stack(
                [_fitted(terms[near], one[near, at], two[near, at]) for at in range(3)], axis=1
            )
            apart = np.abs(_along(terms, one, weights) - two).max(axis=1)
            kept = float(np.quantile(apart[usable], _KEPT_SHARE))
            near = usable & (apart <= max(_NEAR, kept, _TIMES * float(np.median(apart[near]))))
    left = float(np.median(apart[usable]))
    if left > _MOST_LEFT:
        return None
    count = _DEGREES[-1] + 1
    return Light(np.asarray(weights.T, np.float32).reshape(3, 2, count, count), inside, left)


def _basis(length: int, count: int) -> Plane:
    """Legendre polynomials at the middles of pixels: (length, count)."""
    at = (np.arange(length) + 0.5) / length * 2 - 1
    return np.asarray(legendre.legvander(at, count - 1), np.float32)


def _terms(height: int, width: int, degree: int) -> NDArray[np.float64]:
    """The products of polynomials of both ways at each block: (blocks, terms)."""
    down, across = (_basis(length, degree + 1).astype(float) for length in (height, width))
    products: NDArray[np.float64] = down[:, None, :, None] * across[None, :, None, :]
    return products.reshape(height * width, -1)


def _fitted(terms: NDArray[np.float64], one: Plane, other: Plane) -> NDArray[np.float64]:
    """What a channel is multiplied by, and what is added: the terms of both, one by one."""
    both = np.concatenate([terms * one[:, None], terms], axis=1)
    count = terms.shape[1]
    side = round(count**0.5)
    order = np.add.outer(np.arange(side), np.arange(side)).ravel()
    reluctance = np.concatenate([order, order + 1]) ** 2.0 * _RELUCTANCE * len(one)
    start = np.zeros(2 * count)
    start[0] = 1
    gram = both.T @ both + np.diag(reluctance)
    found: NDArray[np.float64] = start + np.linalg.solve(gram, both.T @ (other - both @ start))
    return found


def _along(terms: NDArray[np.float64], one: Plane, weights: NDArray[np.float64]) -> Plane:
    """What samples become."""
    count = terms.shape[1]
    made = one * (terms @ weights[:count]) + terms @ weights[count:]
    return np.asarray(np.clip(made, 0, 1), np.float32)
